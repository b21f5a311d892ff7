"""Dues: debt by kind, no set-off between funds, the reconciliation of the reference, the payment code."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.contributions import KINDS, Posting, balances, payment_qr, reconcile

TODAY = date(2026, 11, 21)


def charge(day, amount, kind="membership", due=None):
    return Posting(kind, day, charged=D(amount), due_on=due)


def payment(day, amount, kind="membership"):
    return Posting(kind, day, paid=D(amount))


def year_of_the_reference():
    return [
        charge(date(2025, 10, 1), 15_000),
        *(charge(date(2026, month, 1), 15_000) for month in (1, 4, 7, 10)),
        payment(date(2026, 1, 20), 15_000),
        payment(date(2026, 4, 15), 15_000),
        payment(date(2026, 7, 20), 20_000),
    ]


@pytest.mark.requirement("C-31")
def test_the_reconciliation_of_the_reference():
    act = reconcile(year_of_the_reference(), date(2026, 1, 1), date(2026, 12, 31))
    assert (act.opening, act.charged, act.paid, act.closing) == (15_000, 60_000, 50_000, 25_000)


@pytest.mark.requirement("C-29")
def test_debt_is_by_kind_and_one_fund_does_not_pay_for_another():
    rows = [
        charge(date(2026, 1, 1), 100, "membership", date(2026, 1, 31)),
        payment(date(2026, 1, 10), 500, "kf_odo"),
        charge(date(2026, 1, 1), 200, "kf_vv", date(2026, 12, 31)),
    ]
    found = {b.kind: b for b in balances(rows, TODAY)}
    assert found["membership"].debt == 100
    assert (found["kf_odo"].debt, found["kf_odo"].overpaid) == (0, 500)
    assert (found["kf_vv"].debt, found["kf_vv"].owed) == (0, 200), "its term has not come"


def test_the_oldest_charge_is_paid_first():
    rows = [
        charge(date(2026, 4, 1), 100, due=date(2026, 4, 30)),
        charge(date(2026, 1, 1), 100, due=date(2026, 1, 31)),
        payment(date(2026, 5, 1), 150),
    ]
    (balance,) = balances(rows, TODAY)
    assert [(c.posting.due_on, c.left) for c in balance.open] == [(date(2026, 4, 30), 50)]


def test_the_day_of_the_term_is_not_yet_a_debt():
    rows = [charge(date(2026, 1, 1), 100, due=TODAY)]
    assert balances(rows, TODAY)[0].debt == 0
    assert balances(rows, date(2026, 11, 22))[0].debt == 100


def test_what_is_charged_later_is_not_of_this_day():
    assert balances([charge(date(2027, 1, 1), 100)], TODAY) == []


def test_a_period_turned_round_is_refused():
    with pytest.raises(ValueError, match="раньше начала"):
        reconcile([], date(2026, 2, 1), date(2026, 1, 1))


POSTINGS = st.lists(
    st.builds(
        Posting,
        kind=st.sampled_from(sorted(KINDS)),
        on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        charged=st.decimals(0, 10**6, places=2),
        paid=st.decimals(0, 10**6, places=2),
    ),
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(POSTINGS)
def test_debt_and_overpayment_keep_to_what_was_posted(rows):
    for balance in balances(rows, TODAY):
        assert balance.owed - balance.overpaid == balance.charged - balance.paid
        assert sum(c.left for c in balance.open) == balance.owed
        assert 0 <= balance.debt <= balance.owed


@settings(max_examples=50, deadline=None)
@given(POSTINGS, st.dates(date(2025, 2, 1), date(2026, 11, 30)))
def test_two_acts_in_a_row_join_without_a_gap(rows, middle):
    first = reconcile(rows, date(2025, 1, 1), middle)
    after = date.fromordinal(middle.toordinal() + 1)
    second = reconcile(rows, after, date(2026, 12, 31))
    assert second.opening == first.closing


@pytest.mark.requirement("C-30")
def test_the_payment_code_names_kopecks_and_keeps_its_separator():
    text = payment_qr(
        name="Ассоциация|СРО",
        account="40703810531091366019",
        bank="Банк",
        bik="042520607",
        correspondent="",
        inn="3808641522",
        kpp="380801001",
        purpose="Членский взнос за I кв. 2027",
        amount=D("15000.00"),
    )
    assert text.startswith("ST00012|Name=Ассоциация СРО|PersonalAcc=40703810531091366019|")
    assert text.endswith("|Sum=1500000")
    assert "CorrespAcc" not in text
