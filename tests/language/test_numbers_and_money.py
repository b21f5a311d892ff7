"""Numbers and sums in the Russian form (U-12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.money import parse_roubles, roubles, roubles_and_kopecks, whole_roubles
from language.numbers import file_size, number, parse_number, percent, share

sums = st.decimals(-(10**12), 10**12, places=2)


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.56", "1\u00a0234,56\u00a0₽"),
        ("0", "0,00\u00a0₽"),
        ("1000000", "1\u00a0000\u00a0000,00\u00a0₽"),
        ("-1234.5", "−1\u00a0234,50\u00a0₽"),
        ("0.005", "0,01\u00a0₽"),
        ("2.345", "2,35\u00a0₽"),
    ],
)
def test_a_sum_never_wraps_and_rounds_as_accountants_do(amount, shown):
    assert roubles(Decimal(amount)) == shown


def test_kopecks_are_dropped_only_when_there_are_none():
    assert whole_roubles(Decimal("50000.00")) == "50\u00a0000\u00a0₽"
    assert whole_roubles(Decimal("50000.50")) == "50\u00a0000,50\u00a0₽"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.56", "1 234 руб. 56 коп."),
        ("5", "5 руб. 00 коп."),
        ("-0.5", "−0 руб. 50 коп."),
        ("-7.05", "−7 руб. 05 коп."),
    ],
)
def test_a_sum_in_papers(amount, shown):
    assert roubles_and_kopecks(Decimal(amount)).replace("\u00a0", " ") == shown


@given(sums)
def test_what_is_shown_is_read_back(amount):
    assert parse_roubles(roubles(amount)) == amount


@pytest.mark.parametrize("text", ["1 234,56 ₽", "1234.56 руб.", "1\u202f234,56 р.", " 1234,56 "])
def test_a_sum_is_read_as_people_write_it(text):
    assert parse_roubles(text) == Decimal("1234.56")


@pytest.mark.parametrize("text", ["", "сто", "1,2,3", "12..5", "٣", "1e5", "₽"])
def test_what_is_not_a_number_is_refused(text):
    with pytest.raises(ValueError, match="не число"):
        parse_roubles(text)


def test_a_third_decimal_of_a_sum_is_refused_not_rounded_in_silence():
    with pytest.raises(ValueError, match="больше двух знаков"):
        parse_roubles("1,234")


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1234567, None, "1\u00a0234\u00a0567"),
        (Decimal("1234.5"), None, "1\u00a0234,5"),
        (Decimal("66.666"), 2, "66,67"),
        (Decimal("-0.5"), 0, "−1"),
        (999, None, "999"),
    ],
)
def test_numbers_are_grouped_by_thousands(value, places, shown):
    assert number(value, places) == shown


def test_percent_and_share():
    assert percent(Decimal("12.5")) == "12,5\u00a0%"
    assert share(2, 3) == "66,67\u00a0%"
    assert share(0, 0) == "0\u00a0%"


def test_a_minus_of_any_kind_is_read():
    assert parse_number("−5") == parse_number("-5") == Decimal(-5)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 байт"), (1023, "1 023 байт"), (1024, "1 КБ"), (1500000, "1,4 МБ"), (300 * 1024**2, "300 МБ")],
)
def test_the_size_of_a_file(size, shown):
    assert file_size(size).replace("\u00a0", " ") == shown
