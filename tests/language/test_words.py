"""Numbers, sums and dates in words (M-148)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.grammar import Case, Gender
from language.plural import MEMBER, PROXY
from language.words import (
    cardinal,
    date_in_words,
    fraction_in_words,
    in_words,
    ordinal,
    roubles_in_words,
    sum_with_words,
    with_words,
)


@pytest.mark.requirement("M-148")
@pytest.mark.parametrize(
    ("n", "phrase"),
    [
        (1, "один член"),
        (2, "два члена"),
        (5, "пять членов"),
        (21, "двадцать один член"),
        (112, "сто двенадцать членов"),
    ],
)
def test_members_are_counted_in_words(n, phrase):
    assert in_words(n, MEMBER) == phrase


@pytest.mark.requirement("M-148")
@pytest.mark.parametrize(
    ("n", "phrase"),
    [
        (1, "1 (одна) доверенность"),
        (2, "2 (две) доверенности"),
        (5, "5 (пять) доверенностей"),
        (21, "21 (двадцать одна) доверенность"),
        (112, "112 (сто двенадцать) доверенностей"),
    ],
)
def test_a_number_is_doubled_in_words_in_the_gender_of_the_noun(n, phrase):
    assert with_words(n, PROXY, Gender.FEMININE).replace("\u00a0", " ") == phrase


@pytest.mark.parametrize(
    ("n", "case", "words"),
    [
        (0, Case.GENITIVE, "ноля"),
        (1, Case.DATIVE, "одному"),
        (40, Case.INSTRUMENTAL, "сорока"),
        (50, Case.INSTRUMENTAL, "пятьюдесятью"),
        (90, Case.GENITIVE, "девяноста"),
        (112, Case.GENITIVE, "ста двенадцати"),
        (200, Case.PREPOSITIONAL, "двухстах"),
        (800, Case.INSTRUMENTAL, "восемьюстами"),
        (1001, Case.GENITIVE, "одной тысячи одного"),
        (2000, Case.DATIVE, "двум тысячам"),
        (1000000, Case.INSTRUMENTAL, "одним миллионом"),
        (-5, Case.GENITIVE, "минус пяти"),
    ],
)
def test_every_part_of_a_numeral_changes_with_the_case(n, case, words):
    assert cardinal(n, case=case) == words


@pytest.mark.parametrize(
    ("n", "inanimate", "animate"),
    [
        (1, "один", "одного"),
        (2, "два", "двух"),
        (5, "пять", "пять"),
        (11, "одиннадцать", "одиннадцать"),
        (21, "двадцать один", "двадцать одного"),
        (22, "двадцать два", "двадцать два"),
        (2000, "две тысячи", "две тысячи"),
        (1000000, "один миллион", "один миллион"),
        (1021, "одну тысячу двадцать один", "одну тысячу двадцать одного"),
    ],
)
def test_in_the_accusative_people_differ_from_things_in_the_last_word_alone(n, inanimate, animate):
    assert cardinal(n, case=Case.ACCUSATIVE) == inanimate
    assert cardinal(n, case=Case.ACCUSATIVE, animate=True) == animate


def test_gender_touches_the_last_word_alone():
    assert cardinal(2000002, Gender.FEMININE) == "два миллиона две"
    assert cardinal(1000000, Gender.FEMININE) == "один миллион"
    assert cardinal(21, Gender.NEUTER) == "двадцать одно"


@pytest.mark.parametrize(
    ("n", "gender", "case", "words"),
    [
        (1, Gender.MASCULINE, Case.NOMINATIVE, "первый"),
        (3, Gender.FEMININE, Case.ACCUSATIVE, "третью"),
        (21, Gender.MASCULINE, Case.GENITIVE, "двадцать первого"),
        (40, Gender.NEUTER, Case.NOMINATIVE, "сороковое"),
        (112, Gender.FEMININE, Case.DATIVE, "сто двенадцатой"),
        (2000, Gender.MASCULINE, Case.GENITIVE, "двухтысячного"),
    ],
)
def test_ordinals_have_gender_and_case(n, gender, case, words):
    assert ordinal(n, gender, case) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "Ноль рублей 00 копеек"),
        ("1.01", "Один рубль 01 копейка"),
        ("2.02", "Два рубля 02 копейки"),
        ("1234.56", "Одна тысяча двести тридцать четыре рубля 56 копеек"),
        ("21000.11", "Двадцать одна тысяча рублей 11 копеек"),
        ("2000000", "Два миллиона рублей 00 копеек"),
        ("0.005", "Ноль рублей 01 копейка"),
        ("-5", "Минус пять рублей 00 копеек"),
    ],
)
def test_a_sum_is_written_out(amount, words):
    assert roubles_in_words(Decimal(amount)).replace("\u00a0", " ") == words


def test_kopecks_may_be_written_out_too():
    assert roubles_in_words(Decimal("1.02"), kopecks_in_words=True) == "Один рубль две копейки"


def test_a_sum_is_given_in_digits_and_in_words():
    shown = sum_with_words(Decimal("50000")).replace("\u00a0", " ")
    assert shown == "50 000,00 (Пятьдесят тысяч рублей 00 копеек)"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (Case.NOMINATIVE, "двадцатое ноября две тысячи двадцать шестого года"),
        (Case.GENITIVE, "двадцатого ноября две тысячи двадцать шестого года"),
    ],
)
def test_a_date_is_written_out(case, words):
    assert date_in_words(date(2026, 11, 20), case) == words


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (1, 2, "одна вторая"),
        (1, 3, "одна треть"),
        (2, 3, "две трети"),
        (3, 4, "три четверти"),
        (3, 5, "три пятых"),
    ],
)
def test_a_majority_is_written_out(numerator, denominator, words):
    assert fraction_in_words(numerator, denominator) == words


@given(st.integers(1, 10**9), st.sampled_from(Case), st.sampled_from(Gender), st.booleans())
def test_no_numeral_has_doubled_blanks_or_digits(n, case, gender, animate):
    words = cardinal(n, gender, case, animate=animate)
    assert words == " ".join(words.split())
    assert not any(char.isdigit() for char in words)


@given(st.integers(1, 10**9), st.sampled_from(Case))
def test_neighbouring_numbers_sound_different(n, case):
    assert cardinal(n, case=case) != cardinal(n + 1, case=case)
