"""Contracts and dues as they are kept: idempotent, counted at once, guarded by role; warnings."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from messaging.model import Notification
from records import outbox, parameters
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.model import Record
from register import keeping, ledger, oversight, portfolio, wiring
from register.model import Contract, InsurancePolicy, MemberCard, MemberSpecialist, ObligationCount

ENTRY = {
    "membership_status": "member",
    "right_status": "active",
    "vv_level": "2",
    "odo_right_status": "active",
    "odo_level": "1",
}


@pytest.fixture
def member(world, registrar):
    keeping.enter(registrar, world.company.id, ENTRY, valid_from=date(2017, 9, 11), ground="Протокол")
    return world.company.id


def contract(member, number="1", price="60000000", accepted="0", **more):
    return {
        "organisation_id": member,
        "number": number,
        "made_on": date(2026, 1, 12),
        "price": D(price),
        "accepted": D(accepted),
        **more,
    }


def card(member):
    return db.session.get(MemberCard, member, populate_existing=True)


@pytest.mark.requirement("C-32", "C-33")
def test_a_contract_is_counted_when_it_is_entered(control, member):
    portfolio.put(control, [contract(member, "1", "60000000", "45000000"), contract(member, "2", "40000000")])
    assert (card(member).obligations_total, card(member).obligations_free) == (55_000_000, 35_000_000)
    found, rows = portfolio.of_member(control, member, parameters.today())
    assert found.fact_total == sum(row.line.counted for row in rows) == 55_000_000


def test_the_same_contracts_twice_make_no_doubles_and_a_change_is_taken(control, member):
    rows = [contract(member, "1"), contract(member, "2")]
    assert portfolio.put(control, rows) == portfolio.Put(2, 0, 0)
    assert portfolio.put(control, rows) == portfolio.Put(0, 0, 2)
    assert portfolio.put(control, [contract(member, "1", accepted="10000000")]) == portfolio.Put(0, 1, 0)
    assert db.session.query(Contract).count() == 2
    assert card(member).obligations_total == 110_000_000


def test_an_exclusion_needs_no_deletion_and_can_be_taken_back(control, member):
    portfolio.put(control, [contract(member)])
    entry = db.session.query(Contract).one()
    portfolio.exclude(control, entry.id, "Спор о цене")
    assert card(member).obligations_total == 0
    portfolio.exclude(control, entry.id, "")
    assert card(member).obligations_total == 60_000_000
    totals = [row.total for row in db.session.query(ObligationCount).order_by(ObligationCount.id)]
    assert totals[-3:] == [60_000_000, 0, 60_000_000], "every count is kept with its date"


def test_a_contract_past_its_term_is_marked_late(control, member):
    today = parameters.today()
    portfolio.put(
        control,
        [
            contract(member, "1", ends_on=today - timedelta(days=1)),
            contract(member, "2", ends_on=today),
            contract(member, "3", ends_on=today - timedelta(days=1), status="completed"),
        ],
    )
    _, rows = portfolio.of_member(control, member, today)
    assert {row.contract.number: row.late for row in rows} == {"1": True, "2": False, "3": False}


@pytest.mark.requirement("C-33")
def test_the_member_asks_what_if_and_a_stranger_does_not(control, head, stranger, member):
    portfolio.put(control, [contract(member)])
    today = parameters.today()
    assert portfolio.what_if(head, member, D(30_000_000), today).allowed
    assert not portfolio.what_if(head, member, D(30_000_001), today).allowed
    for ask in (
        lambda: portfolio.what_if(stranger, member, D(1), today),
        lambda: portfolio.of_member(stranger, member, today),
        lambda: ledger.rows_of(stranger, member),
        lambda: oversight.policies(stranger, member),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.requirement("C-33")
def test_over_the_level_both_sides_are_told_and_one_notice_is_prepared(control, member, world, drain):
    portfolio.put(control, [contract(member, "1", "90000000.01")])
    drain(["obligations"])
    notice = db.session.query(Record).filter_by(kind="warning_odo").one()
    assert (notice.state, notice.organisation_id) == ("draft", member)
    assert notice.payload["extra_fee"] == "2300000.00"
    told = {n.user_id for n in db.session.query(Notification)}
    assert {world.users[name].id for name in ("head", "proxy", "curator")} <= told
    portfolio.put(control, [contract(member, "2", "1000000")])
    outbox.put("obligations", "again", {"organisation": member, "state": "exceeded"})
    db.session.commit()
    drain(["obligations"])
    assert db.session.query(Record).filter_by(kind="warning_odo").count() == 1


@pytest.mark.parametrize("name", ["head", "accountant", "clerk"])
def test_others_do_not_enter_contracts(world, member, name):
    with pytest.raises(Forbidden):
        portfolio.put(world.actor(name), [contract(member)])


@pytest.mark.requirement("C-29")
def test_a_charge_overdue_is_a_debt_in_the_list_until_it_is_paid(accountant, member):
    today = parameters.today()
    row = (accountant, [member], "membership", D(15_000))
    assert ledger.charge(*row, on=date(2026, 1, 1), due_on=date(2026, 1, 31), period="I кв. 2026") == (1, 0)
    assert ledger.charge(*row, on=date(2026, 1, 1), due_on=date(2026, 1, 31), period="I кв. 2026") == (0, 1)
    assert card(member).debt == 15_000
    ledger.post(
        accountant,
        [
            {
                "organisation_id": member,
                "source_key": "pay-1",
                "kind": "membership",
                "on_date": today,
                "paid": D("14999.99"),
            }
        ],
    )
    assert card(member).debt == D("0.01")
    assert ledger.state_of(accountant, member, today)[0].debt == D("0.01")


def test_a_payment_of_nobody_known_waits_until_somebody_claims_it(accountant, member):
    ledger.post(
        accountant, [{"source_key": "p", "kind": "membership", "on_date": date(2026, 1, 1), "paid": D(5)}]
    )
    (waiting,) = ledger.unclaimed(accountant)
    ledger.claim(accountant, waiting.id, member)
    assert ledger.unclaimed(accountant) == []
    assert ledger.state_of(accountant, member, parameters.today())[0].overpaid == 5
    with pytest.raises(NotFound):
        ledger.claim(accountant, waiting.id, member)


def test_only_accounts_post_dues(registrar, member):
    with pytest.raises(Forbidden):
        ledger.post(registrar, [])


@pytest.mark.requirement("C-35")
def test_a_policy_and_a_qualification_that_end_are_told_once_to_both_sides(control, member, world):
    today = parameters.today()
    oversight.add(
        control,
        InsurancePolicy,
        member,
        insurer="СК «Щит» (вымышленная)",
        number="77",
        starts_on=today - timedelta(days=300),
        ends_on=today + timedelta(days=30),
        amount=D(5_000_000),
    )
    oversight.add(
        control,
        MemberSpecialist,
        member,
        name="Прораб Пётр Петрович",
        nrs_number="С-38-000001",
        assessed_on=date(2020, 1, 10),
    )
    told = wiring.warn()
    assert wiring.warn() == 0
    people = {world.users[name].id for name in ("head", "proxy", "curator")}
    assert told == len(people)
    assert {n.user_id for n in db.session.query(Notification)} == people


@pytest.mark.requirement("C-36")
def test_the_minimum_of_specialists_is_counted_for_the_page(control, head, member):
    today = parameters.today()
    for number, listed in (("1", True), ("2", False)):
        oversight.add(
            control,
            MemberSpecialist,
            member,
            name=f"Специалист {number}",
            nrs_number=f"С-38-00000{number}",
            is_listed=listed,
            assessed_on=date(2025, 1, 10),
        )
    people = oversight.specialists(head, member, today)
    assert [(row.name, counts) for row, counts in people.rows] == [
        ("Специалист 1", True),
        ("Специалист 2", False),
    ]
    assert (people.minimum, people.short) == (2, 1)


def test_contradictory_dates_are_refused(control, member):
    with pytest.raises(Invalid) as refused:
        oversight.add(
            control,
            InsurancePolicy,
            member,
            insurer="СК",
            number="1",
            starts_on=date(2026, 2, 1),
            ends_on=date(2026, 1, 1),
            amount=D(1),
        )
    assert list(refused.value.errors) == ["ends_on"]


def test_a_new_day_brings_facts_that_begin_with_it(registrar, member):
    today = parameters.today()
    keeping.enter(registrar, member, {"vv_level": "3"}, valid_from=today, ground="Совет")
    db.session.get(MemberCard, member, populate_existing=True).vv_level = 1
    db.session.commit()
    wiring.new_day()
    assert card(member).vv_level == 3
