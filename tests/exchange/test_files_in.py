"""Files in: good rows load, bad ones are listed with reasons, a second run makes no doubles."""

import io
import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from openpyxl import Workbook

from exchange import contracts, payments, unified
from exchange.model import ExchangeRun, RegisterDifference
from exchange.tabular import Unreadable, day, money
from records import parameters
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, writing
from records.errors import Forbidden, Refused
from records.people import Organisation
from register import history, keeping
from register.model import Contract, DuesPosting

DATA = Path(__file__).parents[1] / "data" / "exchange"
HEAD = [
    "ИНН подрядчика",
    "Номер",
    "Дата",
    "Заказчик",
    "Стоимость",
    "Принято",
    "Способ закупки",
    "Не учитывать",
]
OUR_ACCOUNT = "40703810531091366019"


def line(number, inn="7701677668", made_on="12.01.2026", price="1 000 000,50"):
    return [inn, number, made_on, "МКУ «Заказчик»", price, "", "аукцион", ""]


def sheet(rows):
    book = Workbook()
    for row in [["Договоры за год"], HEAD, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(rows, encoding="cp1251"):
    return "\r\n".join(";".join(row) for row in [HEAD, *rows]).encode(encoding)


def bad_rows():
    return [
        line("b1", inn="7701677669"),
        line("b2", inn="7707083893"),
        line("b3", made_on="31.02.2026"),
        line("b4", price="много"),
        line(""),
        line("b6", price="-5"),
        line("b7", made_on=""),
    ]


@pytest.mark.requirement("X-14", "C-38")
def test_of_three_hundred_rows_seven_bad_ones_are_listed_and_the_rest_load_once(control, world):
    rows = [line(f"{n}/2026") for n in range(293)]
    mixed = rows[:100] + bad_rows() + rows[100:]
    outcome = contracts.load(control, sheet(mixed), "договоры.xlsx")
    assert (outcome.added, len(outcome.faults)) == (293, 7)
    assert [f.number for f in outcome.faults] == list(range(103, 110)), (
        "as the rows are numbered in the sheet"
    )
    again = contracts.load(control, sheet(mixed), "договоры.xlsx")
    assert (again.added, again.changed, again.same) == (0, 0, 293)
    assert db.session.query(Contract).count() == 293
    reasons = " ".join(f.text for f in outcome.faults)
    for said in ("ИНН 7701677669", "такого члена", "31.02.2026", "много", "номер договора", "дата договора"):
        assert said in reasons


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig"])
def test_a_csv_of_either_encoding_is_read(control, encoding):
    outcome = contracts.load(control, table([line("1")], encoding), "d.csv")
    assert outcome.added == 1
    assert db.session.query(Contract).one().price == D("1000000.50")


def test_a_trial_writes_nothing_but_the_journal(control):
    outcome = contracts.load(control, table([line("1"), *bad_rows()]), "d.csv", dry=True)
    assert (outcome.same, len(outcome.faults)) == (1, 7)
    assert db.session.query(Contract).count() == 0
    assert db.session.query(ExchangeRun).one().dry


@pytest.mark.requirement("X-17")
def test_the_journal_says_what_when_who_and_every_reason(control, world):
    contracts.load(control, table([line("1"), *bad_rows()]), "d.csv")
    run = db.session.query(ExchangeRun).one()
    assert (run.kind, run.file_name, run.started_by) == ("contracts", "d.csv", world.users["control"].id)
    assert (run.outcome["added"], run.outcome["bad"], len(run.outcome["faults"])) == (1, 7, 7)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\x81\x8d\x00\x00", "Привет, мир".encode(), b""])
def test_what_is_no_table_is_refused_in_words(control, content):
    with pytest.raises(Refused):
        contracts.load(control, content, "x")


def test_an_excluded_row_keeps_its_reason(control):
    row = line("1")
    row[-1] = "спор"
    contracts.load(control, table([row]), "d.csv")
    assert db.session.query(Contract).one().excluded_reason == "спор"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("до 90 млн", "90000000"),
        ("1\u00a0234,56 ₽", "1234.56"),
        ("10 млрд руб.", "10000000000"),
        (45000000.25, "45000000.25"),
    ],
)
def test_sums_are_read_as_people_write_them(said, amount):
    assert money(said) == D(amount)


@pytest.mark.parametrize("said", ["", "отсутствует", "—", None])
def test_an_absent_sum_is_none(said):
    assert money(said) is None


@pytest.mark.parametrize("said", ["31.02.2026", "вчера", "01.01.0026"])
def test_a_date_that_is_none_is_told(said):
    with pytest.raises(Unreadable, match="не читается"):
        day(said)


# --- the statement of the bank ----------------------------------------------------------------------------


@pytest.fixture
def accounts(ctx):
    with writing(gate()):
        value = {"main": {"account": OUR_ACCOUNT}, "vv": {"account": "VV"}, "odo": {"account": "ODO"}}
        parameters.put(SYSTEM_ACTOR, "register.accounts", value, valid_from=date(2020, 1, 1))
        payer = db.session.scalars(
            db.select(Organisation).where(Organisation.register_number == "0287")
        ).one()
        payer.inn = "3808641522"
        db.session.commit()
    return payer


def statement(**changed):
    text = (DATA / "sample-kl_to_1c.txt").read_bytes().decode("cp1251")
    for name, value in changed.items():
        lines = [f"{name}={value}" if row.startswith(f"{name}=") else row for row in text.splitlines()]
        text = "\r\n".join(lines)
    return text.encode("cp1251")


@pytest.mark.requirement("X-16")
def test_a_statement_loaded_twice_does_not_double_a_balance(accountant, accounts):
    first = payments.load(accountant, statement(), "kl_to_1c.txt")
    second = payments.load(accountant, statement(), "kl_to_1c.txt")
    assert (first.added, first.unclaimed, second.added, second.same) == (1, 0, 0, 1)
    row = db.session.query(DuesPosting).one()
    assert (row.organisation_id, row.kind, row.paid) == (accounts.id, "membership", 15_000)


@pytest.mark.parametrize(
    ("account", "purpose", "kind"),
    [
        ("VV", "Взнос", "kf_vv"),
        ("VV", "Штраф по решению", "fine"),
        ("ODO", "Взнос", "kf_odo"),
        (OUR_ACCOUNT, "Вступительный взнос", "entry"),
        (OUR_ACCOUNT, "Целевой взнос", "target"),
    ],
)
def test_the_account_says_the_kind_of_dues(accountant, accounts, account, purpose, kind):
    content = statement(ПолучательРасчСчет=account, НазначениеПлатежа=purpose)
    payments.load(accountant, content, "k.txt")
    assert db.session.query(DuesPosting).one().kind == kind


def test_a_payment_of_an_unknown_payer_waits_and_a_strange_account_is_told(accountant, accounts):
    unknown = payments.load(accountant, statement(ПлательщикИНН="7707083893"), "k.txt")
    assert (unknown.added, unknown.unclaimed) == (1, 1)
    strange = payments.load(accountant, statement(ПолучательРасчСчет="40703810000000000000"), "k.txt")
    assert strange.added == 0 and "не наш" in strange.faults[0].text


def test_the_coding_that_the_file_names_is_believed(accountant, accounts):
    text = statement().decode("cp1251").replace("Кодировка=Windows", "Кодировка=DOS")
    payments.load(accountant, text.encode("cp866"), "k.txt")
    assert db.session.query(DuesPosting).one().purpose.startswith("Членский взнос")


@pytest.mark.parametrize("content", [b"hello", b"", "1CClientBankExchange\nСекцияДокумент=П\n".encode()])
def test_another_format_or_a_broken_statement_is_refused(accountant, accounts, content):
    with pytest.raises(Refused):
        payments.load(accountant, content, "k.txt")


# --- the unified register ---------------------------------------------------------------------------------


def unified_file(**changed):
    row = {
        "inn": "7701677668",
        "registration_number": "0286",
        "director": "Иванов Иван Иванович",
        "member_status": {"title": "Является членом"},
        "registry_registration_date": "2013-12-05T00:00:00+03:00",
        **changed,
    }
    return json.dumps({"success": True, "data": {"data": [row, {"inn": "7707083893"}]}}).encode()


@pytest.fixture
def member(world, registrar):
    values = {
        "membership_status": "member",
        "register_date": "2013-12-05",
        "head_name": "Петров Пётр Петрович",
    }
    keeping.enter(registrar, world.company.id, values, valid_from=date(2013, 12, 5), ground="Протокол")
    return world.company.id


@pytest.mark.requirement("X-03")
def test_differences_are_found_by_member_and_field_and_accepted_one_by_one(registrar, member):
    run, outcome = unified.load(registrar, unified_file(phones="+7 495 000-00-00"), "reestr.json")
    found = {d.field: d for d in unified.differences(registrar, run.id)}
    assert set(found) == {"head_name", "phone"}
    assert "такого члена" in outcome.faults[0].text
    assert unified.decide(registrar, run.id, [found["head_name"].id], accept=True) == 1
    today = history.member_on(member, parameters.today())
    assert today.get("head_name") == "Иванов Иван Иванович"
    assert today.get("phone") == ""
    (change, *_) = history.changes(member, "head_name")
    assert "reestr.json" in change.ground


@pytest.mark.requirement("X-03")
def test_all_are_accepted_at_once_and_a_second_file_finds_nothing(registrar, member):
    run, _ = unified.load(registrar, unified_file(), "a.json")
    assert unified.decide(registrar, run.id, None, accept=True) == 1
    again, outcome = unified.load(registrar, unified_file(), "a.json")
    assert (outcome.changed, outcome.same) == (0, 1)
    assert unified.differences(registrar, again.id) == []


def test_a_refused_difference_changes_nothing(registrar, member):
    run, _ = unified.load(registrar, unified_file(), "a.json")
    unified.decide(registrar, run.id, None, accept=False)
    assert db.session.query(RegisterDifference).one().state == "refused"
    assert history.member_on(member, parameters.today()).get("head_name") == "Петров Пётр Петрович"


def test_words_nobody_knows_are_told(registrar, member):
    _, outcome = unified.load(registrar, unified_file(member_status={"title": "Летает"}), "a.json")
    assert any("летает" in f.text for f in outcome.faults)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'"text"', b"[1]"])
def test_a_file_that_is_no_register_is_refused(registrar, content):
    with pytest.raises(Refused):
        unified.load(registrar, content, "a.json")


def test_only_the_registrar_reconciles(accountant):
    with pytest.raises(Forbidden):
        unified.load(accountant, unified_file(), "a.json")
