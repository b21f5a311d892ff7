"""Levels: the tables of the law by date, the boundary, the fee to be added."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.levels import table

TODAY = date(2026, 11, 21)
SUMS = st.decimals(min_value=0, max_value=Decimal("20000000000"), places=2)


@pytest.mark.parametrize(
    ("amount", "level"),
    [("90000000.00", 1), ("90000000.01", 2), ("10000000000.00", 4), ("10000000000.01", 5), ("0", 1)],
)
def test_a_boundary_belongs_to_the_lower_level(amount, level):
    assert table("build", "vv", TODAY).level_for(Decimal(amount)).number == level


@pytest.mark.parametrize(
    ("fund", "fees"),
    [
        ("vv", [100_000, 100_000, 500_000, 1_500_000, 2_000_000, 5_000_000]),
        ("odo", [200_000, 2_500_000, 4_500_000, 7_000_000, 25_000_000]),
    ],
)
def test_fees_of_builders(fund, fees):
    assert [level.fee for level in table("build", fund, TODAY).levels] == fees


@pytest.mark.parametrize("kind", ["design", "survey"])
def test_designers_have_four_levels(kind):
    odo = table(kind, "odo", TODAY)
    assert [level.number for level in odo.levels] == [1, 2, 3, 4]
    assert odo.level_for(Decimal("300000000")).number == 3
    assert odo.level_for(Decimal("300000000.01")).limit is None


def test_the_first_level_of_builders_grew_on_30_december_2021():
    amount = Decimal("75000000")
    assert table("build", "odo", date(2021, 12, 29)).level_for(amount).number == 2
    assert table("build", "odo", date(2021, 12, 30)).level_for(amount).number == 1


def test_a_decision_of_the_sro_is_taken_from_its_date():
    own = [
        {
            "kind": "design",
            "valid_from": "2025-01-01",
            "norm": "решение собрания",
            "vv": [[1, None, "70000"]],
            "odo": [],
        }
    ]
    assert table("design", "vv", date(2024, 12, 31), own).level(1).fee == 50_000
    assert table("design", "vv", date(2025, 1, 1), own).level(1).fee == 70_000


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="нет уровней"):
        table("circus", "vv", TODAY)


def test_a_level_is_told_in_words():
    assert table("build", "odo", TODAY).level(1).words == "первый, до 90\u00a0000\u00a0000\u00a0₽"
    assert table("build", "odo", TODAY).level(5).words == "пятый, без предела"
    assert table("build", "vv", TODAY).level(0).words == "простой, только снос"


@settings(max_examples=60, deadline=None)
@given(SUMS, SUMS)
def test_a_larger_sum_never_needs_a_lower_level_or_a_smaller_fee(one, two):
    small, large = sorted((one, two))
    odo = table("build", "odo", TODAY)
    have, need = odo.level_for(small), odo.level_for(large)
    assert have.number <= need.number
    assert have.covers(small)
    assert odo.extra_fee(have.number, need.number) == need.fee - have.fee
    assert odo.extra_fee(need.number, have.number) == 0
