"""Agreement of nouns with numbers (U-12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.plural import DAY, DOCUMENT, MEMBER, VOTE, WORKING_DAY, YEAR, counted, plural

PHRASES = {
    VOTE: "0 голосов|1 голос|2 голоса|5 голосов|11 голосов|21 голос|101 голос|112 голосов",
    MEMBER: "0 членов|1 член|2 члена|5 членов|11 членов|21 член|101 член|112 членов",
    DOCUMENT: (
        "0 документов|1 документ|2 документа|5 документов|11 документов|21 документ|101 документ|"
        "112 документов"
    ),
    WORKING_DAY: (
        "0 рабочих дней|1 рабочий день|2 рабочих дня|5 рабочих дней|11 рабочих дней|21 рабочий день|"
        "101 рабочий день|112 рабочих дней"
    ),
    YEAR: "0 лет|1 год|2 года|5 лет|11 лет|21 год|101 год|112 лет",
    DAY: "0 дней|1 день|2 дня|5 дней|11 дней|21 день|101 день|112 дней",
}
CASES = [
    (n, forms, phrase)
    for forms, phrases in PHRASES.items()
    for n, phrase in zip((0, 1, 2, 5, 11, 21, 101, 112), phrases.split("|"), strict=True)
]


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(("n", "forms", "phrase"), CASES)
def test_the_noun_agrees_with_the_number_and_stays_on_its_line(n, forms, phrase):
    shown = counted(n, forms)
    assert shown.replace("\u00a0", " ") == phrase
    assert shown.startswith(f"{n}\u00a0")


def test_thousands_are_grouped():
    assert counted(1234, VOTE) == "1\u00a0234\u00a0голоса"


@pytest.mark.parametrize("n", [Decimal("0.5"), Decimal("1.5"), Decimal("21.25")])
def test_a_fraction_takes_the_genitive_singular(n):
    assert plural(n, *VOTE) == "голоса"


def test_a_whole_decimal_counts_as_whole():
    assert plural(Decimal("5.00"), *VOTE) == "голосов"


@given(st.integers(-(10**9), 10**9))
def test_the_form_is_the_same_a_hundred_later(n):
    assert plural(abs(n), *VOTE) == plural(abs(n) + 100, *VOTE) == plural(-abs(n), *VOTE)
