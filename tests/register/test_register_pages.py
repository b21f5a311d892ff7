"""Pages of the register: the list with filters, the tabs for staff and member, the open part, changes."""

import json
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import jsonschema_rs
import pytest

from records import parameters
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, writing
from records.model import Record
from register import keeping, ledger, open_part, oversight, portfolio
from register.model import Inspection, InsurancePolicy, Measure, MemberSpecialist, Violation
from tests.world import OFFICE

DATA = Path(__file__).parents[1] / "data" / "exchange"
TABS = ["summary", "right", "inspections", "insurance", "specialists", "contracts", "dues", "history"]
ENTRY = {
    "member_type": "legal",
    "membership_status": "member",
    "register_date": "2013-12-05",
    "admission_decision": "Протокол ГПС № 51-17",
    "admission_decision_date": "2017-09-11",
    "right_status": "active",
    "right_basis": "Протокол ГПС № 51-17 от 11.09.2017",
    "right_ordinary_date": "2017-09-11",
    "vv_level": "2",
    "vv_paid_amount": "500000",
    "odo_right_status": "active",
    "odo_right_date": "2017-09-11",
    "odo_level": "1",
    "odo_paid_amount": "200000",
    "email_official": "tender@romashka.example",
    "home_address": "г. Иркутск, ул. Домашняя, д. 3",
}


@pytest.fixture
def member(world, registrar, control, accountant):
    """A company with everything that a page may show."""
    keeping.enter(registrar, world.company.id, ENTRY, valid_from=date(2013, 12, 5), ground="Протокол № 51-17")
    today = parameters.today()
    rows = [("1", "60000000", "2026-01-12"), ("2", "20000000", "2026-02-12")]
    portfolio.put(
        control,
        [
            {
                "organisation_id": world.company.id,
                "number": number,
                "made_on": date.fromisoformat(day),
                "price": D(price),
                "accepted": D(0),
                "customer": "МКУ «Заказчик»",
            }
            for number, price, day in rows
        ],
    )
    who, month = world.company.id, timedelta(days=30)
    check = oversight.add(control, Inspection, who, starts_on=today - month, result="found")
    with writing(gate()):
        db.session.add(
            Violation(
                inspection_id=check.id,
                what="Нет договора страхования",
                advice="Заключите договор",
                due_on=today - timedelta(days=1),
            )
        )
        db.session.commit()
    policy = {"insurer": "СК «Щит»", "number": "7", "amount": D(5_000_000)}
    oversight.add(control, InsurancePolicy, who, starts_on=today - month, ends_on=today + month, **policy)
    person = {"name": "Прораб Пётр Петрович", "nrs_number": "С-38-000001", "assessed_on": date(2025, 1, 10)}
    oversight.add(control, MemberSpecialist, who, **person)
    oversight.add(control, Measure, who, kind="suspend", decided_on=date(2020, 5, 1), basis="Решение № 1")
    dues = {"on": date(2026, 1, 1), "due_on": date(2026, 1, 31), "period": "I кв. 2026"}
    ledger.charge(accountant, [who], "membership", D(15_000), **dues)
    return world.company


def words(page):
    return page.text.replace("\u00a0", " ")


@pytest.mark.requirement("C-19")
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_staff_and_for_the_member(browser_of, member, tab):
    staff = browser_of("curator").get(f"/members/{member.id}/{tab}")
    own = browser_of("head").get(f"/my/register/{tab}")
    assert (staff.status_code, own.status_code) == (200, 200)


@pytest.mark.requirement("C-19", "C-21", "C-35", "C-36")
@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("summary", "Является членом"),
        ("summary", "0286"),
        ("right", "Протокол ГПС № 51-17 от 11.09.2017"),
        ("right", "второй, до 500 000 000 ₽"),
        ("right", "Приостановление права"),
        ("inspections", "Заключите договор"),
        ("inspections", "Просрочено"),
        ("insurance", "Осталось дней: 30"),
        ("specialists", "Не хватает: 1"),
        ("contracts", "80 000 000 ₽"),
        ("contracts", "Близко к пределу"),
        ("dues", "15 000,00 ₽"),
        ("dues", "Просрочен"),
        ("history", "Протокол № 51-17"),
    ],
)
def test_the_member_reads_its_own_register_data(browser_of, member, tab, said):
    assert said in words(browser_of("head").get(f"/my/register/{tab}"))


@pytest.mark.requirement("C-28")
@pytest.mark.parametrize("tab", TABS)
def test_a_stranger_does_not_learn_that_the_page_is_there(browser_of, member, tab):
    assert browser_of("stranger").get(f"/members/{member.id}/{tab}").status_code == 404


@pytest.mark.requirement("C-20")
def test_a_suspended_right_is_told_in_words_with_date_and_ground(browser_of, registrar, member):
    keeping.enter(
        registrar, member.id, {"right_status": "suspended"}, valid_from=date(2026, 9, 1), ground="Совет № 9"
    )
    page = words(browser_of("head").get("/my/register/right"))
    assert "Право приостановлено с 01.09.2026. Основание: Совет № 9" in page


@pytest.mark.requirement("C-33")
def test_what_if_answers_on_the_page(browser_of, member):
    head = browser_of("head")
    assert "Можно." in words(head.get("/my/register/contracts?amount=10 000 000"))
    over = words(head.get("/my/register/contracts?amount=10 000 000,01"))
    assert "Пока нельзя." in over and "2 300 000 ₽" in over
    assert "Введите сумму" in words(head.get("/my/register/contracts?amount=много"))


def test_the_entry_as_it_was_on_a_day(browser_of, registrar, member):
    keeping.enter(registrar, member.id, {"vv_level": "3"}, valid_from=date(2026, 6, 1), ground="Совет")
    page = words(browser_of("curator").get(f"/members/{member.id}/right?on=2026-05-31"))
    assert "второй, до 500 000 000 ₽" in page and "сведения на 31.05.2026" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ромашка", True),
        ("q=7701677668", True),
        ("q=0286", True),
        ("q=лютик", False),
        ("vv_level=2", True),
        ("vv_level=3", False),
        ("obligations=near", True),
        ("obligations=exceeded", False),
        ("debtors=1", True),
        ("insurance=30", True),
        ("insurance=over", False),
        ("right=suspended", False),
        ("mine=1", True),
        ("after=0286_99999", False),
    ],
)
def test_filters_of_the_list(browser_of, member, query, found):
    page = browser_of("curator").get(f"/members?{query}")
    assert page.status_code == 200
    assert (f"/members/{member.id}" in page.text) is found


def test_the_list_in_excel_and_not_for_members(browser_of, member):
    assert browser_of("curator").get("/members.xlsx").data[:2] == b"PK"
    assert browser_of("head").get("/members").status_code == 403
    assert browser_of("head").get("/members.xlsx").status_code == 403


@pytest.mark.requirement("C-22")
def test_the_member_edits_a_field_where_it_stands_and_an_application_is_made(browser_of, member):
    head = browser_of("head")
    assert head.get("/my/register/change?part=contacts").status_code == 200
    answer = head.post("/my/register/change", {"legal_address": "г. Иркутск, ул. Новая, д. 7"})
    record = db.session.query(Record).filter_by(kind="register_change_application").one()
    assert answer.headers["Location"].endswith(f"/records/{record.id}/edit")
    assert record.payload["changes"] == ["address"]
    assert record.payload["items"][0]["now"] == "г. Иркутск, ул. Новая, д. 7"
    assert "ул. Новая" in words(head.get(f"/records/{record.id}/edit"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"phone": "12"}, "телефон"), ({}, "ничего не"), ({"vv_level": "5"}, "ничего не")],
)
def test_a_wrong_change_is_told_and_nothing_is_made(browser_of, member, typed, said):
    answer = browser_of("head").post("/my/register/change", typed)
    assert answer.status_code == 422
    assert said in words(answer).casefold()
    assert db.session.query(Record).count() == 0


def test_a_specialist_of_the_company_does_not_ask_for_changes(browser_of, member):
    assert browser_of("specialist").get("/my/register/change").status_code == 403


def test_the_registrar_enters_a_fact_and_others_do_not(browser_of, member):
    address = f"/members/{member.id}/enter"
    registrar = browser_of("registrar")
    assert registrar.get(address).status_code == 200
    form = {
        "valid_from": "2026-06-01",
        "ground": "Совет № 3",
        "vv_level": "3",
        "seen": str(keeping.stamp(member.id)),
    }
    assert registrar.post(address, form).status_code == 302
    assert "третий" in words(registrar.get(f"/members/{member.id}/right"))
    assert registrar.post(address, form | {"vv_level": "4"}).status_code == 409, "somebody wrote meanwhile"
    db.session.rollback()
    fresh = {"seen": str(keeping.stamp(member.id)), "vv_level": "9"}
    wrong = registrar.post(address, form | fresh)
    assert wrong.status_code == 422 and "Не больше 5" in words(wrong)
    assert browser_of("clerk").get(address).status_code == 404


# --- the open part ----------------------------------------------------------------------------------------


@pytest.mark.requirement("C-27")
def test_everybody_reads_the_public_card_and_nothing_private_is_on_it(browser, member):
    page = browser.get("/open-register/0286")
    assert page.status_code == 200
    said = words(page)
    assert "Ромашка" in said and "СК «Щит»" in said and "Протокол ГПС № 51-17" in said
    for private in ("tender@romashka.example", "ул. Домашняя", "Прораб", "МКУ «Заказчик»", "15 000"):
        assert private not in said
    assert browser.get("/open-register/9999").status_code == 404


def test_the_open_list_finds_by_inn(browser, member):
    assert "/open-register/0286" in browser.get("/open-register?q=7701677668").text
    assert "/open-register/0286" not in browser.get("/open-register?q=лютик").text


@pytest.fixture
def numbered(ctx):
    with writing(gate()):
        office = {**OFFICE, "number": "СРО-С-001-01012010", "kind": "build"}
        parameters.put(SYSTEM_ACTOR, "office", office, valid_from=date(2021, 1, 1))
        db.session.commit()


@pytest.mark.requirement("X-04")
def test_the_feed_follows_its_scheme_and_changes_with_a_status(browser, registrar, member, numbered):
    scheme = json.loads((DATA / "open-register.schema.json").read_text("utf-8"))
    first = browser.get("/open-register.json")
    jsonschema_rs.validate(scheme, first.json)
    (row,) = (m for m in first.json["members"] if m["register_number"] == "0286")
    assert (row["vv_level"], row["obligations_total"], row["right_status"]) == (2, "80000000.00", "active")
    tag = first.headers["ETag"]
    assert browser.raw("get", "/open-register.json", headers={"If-None-Match": tag}).status_code == 304
    keeping.enter(
        registrar, member.id, {"right_status": "suspended"}, valid_from=date(2026, 9, 1), ground="Совет"
    )
    second = browser.raw("get", "/open-register.json", headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert [m["right_status"] for m in second.json["members"] if m["register_number"] == "0286"] == [
        "suspended"
    ]
    assert second.headers["Access-Control-Allow-Origin"] == "*"


def test_the_table_for_spreadsheets_keeps_zeros_and_refuses_formulas(browser, registrar, member):
    keeping.enter(registrar, member.id, {"head_name": "=1+1"}, valid_from=date(2026, 9, 1), ground="Проба")
    text = browser.get("/open-register.csv").data.decode("utf-8-sig")
    head, *rows = text.splitlines()
    assert head.split(";")[0] == "Номер в реестре" and len(head.split(";")) == len(open_part.COLUMNS)
    (row,) = (r for r in rows if r.startswith('"0286"'))
    assert ";=1+1" not in row and "05.12.2013" in row and "500000,00" in row


def test_the_widget_alone_may_stand_in_a_frame(browser, member):
    widget = browser.get("/open-register/widget")
    assert "frame-ancestors *" in widget.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in browser.get("/open-register").headers["Content-Security-Policy"]
    assert "Ромашка" in widget.text


# --- files in ---------------------------------------------------------------------------------------------


def test_a_file_is_loaded_on_the_page_and_its_faults_are_read(browser_of, member):
    import io

    content = "ИНН;Номер;Дата;Стоимость\n7701677668;9;01.02.2026;100\n1;2;3;4\n".encode()
    control = browser_of("control")
    data = {"kind": "contracts", "file": (io.BytesIO(content), "d.csv")}
    answer = control.post("/exchange", data, content_type="multipart/form-data", follow_redirects=True)
    assert "Строка 3: ИНН 1" in words(answer)
    assert "d.csv" in control.get("/exchange").text
    refused = control.post("/exchange", {"kind": "contracts"}, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert browser_of("head").get("/exchange").status_code == 403
