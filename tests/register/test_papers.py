"""Extracts by the points of the form with XML beside; invoices and acts made from the ledger."""

from datetime import date
from decimal import Decimal as D
from xml.etree import ElementTree

import pytest

from records import parameters, query, service
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, writing
from records.errors import Forbidden, Invalid, Refused
from records.storage import storage
from register import history, keeping, ledger, papers
from register.extract_form import compose

ENTRY = {
    "member_type": "legal",
    "membership_status": "member",
    "register_date": "2013-12-05",
    "right_status": "active",
    "right_ordinary_date": "2017-09-11",
    "vv_level": "2",
    "odo_right_status": "active",
    "odo_level": "1",
    "legal_address": "г. Иркутск, ул. Первая, д. 1",
}
DAY = date(2026, 10, 15)


@pytest.fixture
def member(world, registrar):
    keeping.enter(registrar, world.company.id, ENTRY, valid_from=date(2013, 12, 5), ground="Протокол")
    return world.company.id


def points(member_id, day=DAY, **more):
    said = compose(
        history.member_on(member_id, day), "В-1", day, more.get("months", 1), more.get("suspended")
    )
    return said, {p.number: p.value.replace("\u00a0", " ") for p in said.points}


def test_an_extract_keeps_every_point_of_the_form(member):
    said, values = points(member)
    assert list(values) == "1.1 1.2 1.3 1.4 1.5 2.1 2.2 2.3 2.4 2.5 2.6 3.1 3.2 3.3 4.1 4.2".split()
    assert values["3.1"] == "ОКС с 11.09.2017"
    assert values["3.2"] == "второй (не превышает 500 000 000 ₽)"
    assert values["3.3"] == "первый (не превышает 90 000 000 ₽)"
    assert (values["1.5"], values["2.6"], values["4.1"]) == ("—", "—", "—")
    assert "Действительна по 15.11.2026 включительно." in said.text


def test_a_term_nobody_set_prints_the_day_of_the_data(member):
    said, _ = points(member, months=None)
    assert said.text.endswith("По состоянию на 15.10.2026.")


def test_a_suspension_is_told_with_its_term(member):
    _, values = points(member, suspended=(date(2026, 9, 1), date(2026, 12, 1)))
    assert (values["4.1"], values["4.2"]) == ("01.09.2026", "до 01.12.2026")


@pytest.mark.requirement("C-25", "R-22")
def test_a_signed_extract_holds_the_data_of_its_day_and_xml_beside(member, registrar, director):
    record = service.create(registrar, "extract", organisation_id=member, fields={"format": "electronic"})
    record = service.act(director, record.id, "sign")
    keeping.enter(registrar, member, {"vv_level": "3"}, valid_from=parameters.today(), ground="Совет")
    kept = query.get(director, record.id).payload["content"]
    assert "второй" in kept and "третий" not in kept
    (file,) = (f for f in query.files(record) if f.name.endswith(".xml"))
    with storage().open(file.sha256) as stream:
        root = ElementTree.parse(stream).getroot()
    assert root.get("number") == record.number_text
    assert {p.get("number"): p.text for p in root.iter("Point")}["1.2"] == "7701677668"


@pytest.fixture
def accounts(ctx):
    with writing(gate()):
        place = {"bank": "Банк", "bik": "042520607", "correspondent": "30101810000000000607"}
        numbers = {"main": "1", "vv": "2", "odo": "3"}
        value = {purpose: {"account": number, **place} for purpose, number in numbers.items()}
        parameters.put(SYSTEM_ACTOR, "register.accounts", value, valid_from=date(2020, 1, 1))
        db.session.commit()


def charged(accountant, member):
    ledger.charge(
        accountant,
        [member],
        "membership",
        D(15_000),
        on=date(2026, 1, 1),
        due_on=date(2026, 1, 31),
        period="I кв. 2026",
    )


@pytest.mark.requirement("C-30")
def test_an_invoice_takes_the_debt_its_account_and_the_payment_code(accountant, member, accounts):
    charged(accountant, member)
    payload = papers.invoice(accountant, member, "membership").payload
    assert (payload["amount"], payload["period"]) == ("15000.00", "I кв. 2026")
    assert payload["in_words"].casefold().startswith("пятнадцать тысяч")
    assert "|PersonalAcc=1|" in payload["payment_code"] and payload["payment_code"].endswith("|Sum=1500000")
    other = papers.invoice(accountant, member, "kf_odo", D(200_000)).payload
    assert "|PersonalAcc=3|" in other["payment_code"], "the fund has an account of its own"


def test_an_invoice_for_nothing_or_by_a_stranger_is_refused(accountant, registrar, member):
    with pytest.raises(Refused):
        papers.invoice(accountant, member, "membership")
    with pytest.raises(Invalid):
        papers.invoice(accountant, member, "bribe", D(1))
    with pytest.raises(Forbidden):
        papers.invoice(registrar, member, "membership", D(1))


@pytest.mark.requirement("C-31")
def test_an_act_is_made_from_the_ledger_with_its_balance_in_words(accountant, member):
    charged(accountant, member)
    payload = papers.reconciliation(accountant, member, date(2026, 1, 1), date(2026, 12, 31)).payload
    assert (payload["charged"], payload["paid"], payload["opening"]) == ("15000.00", "0.00", "0,00")
    assert "в пользу СРО" in payload["closing"] and "пятнадцать тысяч" in payload["closing"].casefold()
    assert [line["charged"] for line in payload["lines"]] == ["15000.00"]


def test_pages_make_the_papers_and_show_the_code(browser_of, accountant, member, accounts):
    charged(accountant, member)
    books = browser_of("accountant")
    answer = books.post(f"/members/{member}/invoice", {"kind": "membership"})
    record_id = int(answer.headers["Location"].rpartition("/")[2])
    assert books.get(f"/payment-code/{record_id}.svg").data.lstrip().startswith((b"<svg", b"<?xml"))
    assert "QR для оплаты" in books.get(f"/members/{member}/dues").text
    assert browser_of("stranger").get(f"/payment-code/{record_id}.svg").status_code == 404
    act = books.post(f"/members/{member}/reconciliation", {"since": "2026-01-01", "until": "2026-12-31"})
    assert act.status_code == 302
    assert books.post(f"/members/{member}/invoice", {"kind": "target"}).headers["Location"].endswith("/dues")
