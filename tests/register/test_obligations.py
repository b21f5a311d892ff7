"""The count of obligations: every worked example of the reference, the order of reasons, a plan."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.levels import table
from register.obligations import Contract, Policy, assess, current_price, exclusion, plan

TODAY = date(2026, 11, 21)
BUILD, DESIGN = table("build", "odo", TODAY), table("design", "odo", TODAY)
VV = table("build", "vv", TODAY)


def built(price, accepted="0", **more):
    return Contract(D(str(price)), D(str(accepted)), **more)


def drawn(price, accepted="0"):
    return Contract(D(str(price)), D(str(accepted)), kind="design")


EXAMPLES = [
    (1, [built(60_000_000, 45_000_000), built(40_000_000)], 1, "55000000.00", "35000000.00", 1, 0),
    (
        2,
        [
            built("60000000.50", "15000000.25"),
            built(50_000_000, 10_000_000),
            built(30_000_000, status="completed", final_act=True),
            built(25_000_000, status="terminated", termination_document=True),
            built(200_000_000, procurement="direct"),
        ],
        1,
        "85000000.25",
        "4999999.75",
        1,
        0,
    ),
    (3, [built(90_000_000)], 1, "90000000.00", "0.00", 1, 0),
    (4, [built("90000000.01")], 1, "90000000.01", "-0.01", 2, 2_300_000),
    (5, [built(300_000_000, 120_000_000), built(250_000_000)], 2, "430000000.00", "70000000.00", 2, 0),
    (7, [built(48_000_000, 50_000_000), built(10_000_000)], 1, "10000000.00", "80000000.00", 1, 0),
    (
        8,
        [built(70_000_000, customer_role="contractor"), built(40_000_000)],
        1,
        "40000000.00",
        "50000000.00",
        1,
        0,
    ),
    (9, [built(12_000_000_000)], 5, "12000000000.00", None, 5, 0),
    (10, [built(8_000_000), built(85_000_000)], 1, "93000000.00", "-3000000.00", 2, 2_300_000),
    (
        11,
        [built(70_000_000, member_role="customer"), built(40_000_000)],
        1,
        "40000000.00",
        "50000000.00",
        1,
        0,
    ),
]


@pytest.mark.requirement("C-33")
@pytest.mark.parametrize(
    ("contracts", "level", "total", "free", "need", "fee"),
    [row[1:] for row in EXAMPLES],
    ids=[f"example-{row[0]}" for row in EXAMPLES],
)
def test_worked_examples_of_builders(contracts, level, total, free, need, fee):
    found = assess(contracts, level, BUILD)
    assert found.fact_total == D(total)
    assert found.free == (None if free is None else D(free))
    assert (found.need.number, found.extra_fee) == (need, fee)


@pytest.mark.requirement("C-33")
def test_worked_example_of_designers():
    found = assess([drawn(20_000_000, 5_000_000), drawn(12_000_000)], 1, DESIGN, sro_kind="design")
    assert (found.fact_total, found.free) == (27_000_000, -2_000_000)
    assert (found.need.number, found.extra_fee, found.state) == (2, 200_000, "exceeded")


@pytest.mark.requirement("C-33")
def test_a_planned_contract_over_the_level_says_what_to_add():
    now = assess([built(300_000_000, 120_000_000), built(250_000_000)], 2, BUILD)
    answer = plan(now, D(80_000_000), BUILD, VV, 2)
    assert not answer.fits_odo and answer.fits_vv and not answer.allowed
    assert answer.after.fact_total == 510_000_000
    assert (answer.after.need.number, answer.after.extra_fee) == (3, 2_000_000)


def test_a_planned_contract_within_the_level_is_allowed_to_the_last_kopeck():
    now = assess([built(55_000_000)], 1, BUILD)
    assert plan(now, D(35_000_000), BUILD, VV, 1).allowed
    assert not plan(now, D("35000000.01"), BUILD, VV, 1).allowed


def test_a_direct_contract_asks_the_other_fund_alone():
    now = assess([built(90_000_000)], 1, BUILD)
    answer = plan(now, D(95_000_000), BUILD, VV, 1, competitive=False)
    assert answer.fits_odo and not answer.fits_vv
    assert (answer.vv_need.number, answer.vv_extra) == (2, 400_000)


def test_a_member_of_demolition_alone_pays_the_difference():
    assert plan(assess([], None, BUILD), D(1), BUILD, VV, 0, competitive=False).vv_extra == 0
    assert not plan(assess([], None, BUILD), D(1), BUILD, VV, 0, competitive=False).fits_vv


def test_without_the_right_nothing_may_be_taken_at_tenders():
    found = assess([built(1_000_000)], None, BUILD)
    assert (found.limit, found.state, found.extra_fee) == (0, "exceeded", 200_000)
    assert not plan(assess([], None, BUILD), D(1), BUILD, VV, 1).fits_odo
    assert assess([], None, BUILD).state == "ok"


def test_small_contracts_count_unless_the_sro_decides_otherwise():
    contracts = [built(8_000_000), built(85_000_000)]
    found = assess(contracts, 1, BUILD, policy=Policy(include_small=False))
    assert (found.fact_total, found.free, found.extra_fee) == (85_000_000, 5_000_000, 0)


def test_supplementary_agreements_change_the_price_and_a_new_term_does_not():
    price = current_price(D(50_000_000), [D(62_000_000), None])
    assert price == 62_000_000
    assert built(price, 20_000_000).remaining == 42_000_000


def test_what_looks_wrong_is_told():
    found = assess(
        [built(48, 50), built(30, status="terminated"), built(20, 5, status="completed")], 1, BUILD
    )
    assert [line.warnings for line in found.lines] == [
        ("F7_OVER_ACCEPTED",),
        ("F7_NO_TERMINATION",),
        ("F7_NO_FINAL_ACT",),
    ]
    assert found.fact_total == 45


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        (built(1, member_role="customer", kind="supply"), "role"),
        (built(1, kind="supply", status="terminated", termination_document=True), "kind"),
        (built(1, status="terminated", termination_document=True, excluded_reason="спор"), "terminated"),
        (built(1, status="completed", final_act=True, procurement="direct"), "executed"),
        (built(1, excluded_reason="спор", procurement="direct"), "excluded"),
        (built(1, procurement="direct", customer_role="contractor"), "direct"),
        (built(1, customer_role="contractor", made_on=date(2020, 1, 1)), "customer"),
        (built(1, made_on=date(2020, 1, 1)), "before_right"),
        (built(1, made_on=date(2022, 1, 1)), "below"),
    ],
)
def test_the_first_reason_in_the_order_of_the_reference_is_the_answer(contract, reason):
    assert exclusion(contract, "build", Policy(include_small=False), date(2021, 1, 1)) == reason


def test_a_warning_begins_at_eighty_percent():
    assert assess([built("71999999.99")], 1, BUILD).state == "ok"
    assert assess([built(72_000_000)], 1, BUILD).state == "near"
    assert assess([built(90_000_000)], 1, BUILD).state == "near"
    assert assess([built("90000000.01")], 1, BUILD).state == "exceeded"


MONEY = st.decimals(min_value=0, max_value=10**10, places=2)
CONTRACTS = st.lists(
    st.builds(
        Contract,
        price=MONEY,
        accepted=MONEY,
        procurement=st.sampled_from(["competitive", "direct"]),
        customer_role=st.sampled_from(["developer", "contractor"]),
        status=st.sampled_from(["active", "completed", "terminated"]),
        final_act=st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(CONTRACTS, st.randoms())
def test_the_order_of_contracts_changes_nothing_and_the_total_is_never_negative(contracts, rng):
    mixed = list(contracts)
    rng.shuffle(mixed)
    found, other = assess(contracts, 3, BUILD), assess(mixed, 3, BUILD)
    assert found.fact_total == other.fact_total >= 0
    assert found.free is not None and found.free + found.fact_total == BUILD.level(3).limit
    assert sum(line.counted for line in found.lines) == found.fact_total


@settings(max_examples=40, deadline=None)
@given(CONTRACTS, MONEY)
def test_accepting_work_never_raises_obligations(contracts, accepted):
    more = [
        Contract(c.price, c.accepted + accepted, status=c.status, final_act=c.final_act) for c in contracts
    ]
    less = [Contract(c.price, c.accepted, status=c.status, final_act=c.final_act) for c in contracts]
    assert assess(more, 3, BUILD).fact_total <= assess(less, 3, BUILD).fact_total
