"""Numbers, sums and dates written out in words, in any gender and case.

num2words does the bulk. Two of its habits are wrong in Russian and are mended here:
the accusative spreads animacy over the whole numeral («двух тысячи», «одного миллион»),
and gender spreads over millions («две миллиона»). Animacy and gender belong to the last word alone.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from num2words import num2words

from language.dates import MONTHS_GENITIVE
from language.grammar import NBSP, Case, Gender, capitalized
from language.numbers import number, rounded
from language.plural import KOPECK, ROUBLE, Forms, plural

_CASE: Final = {
    Case.NOMINATIVE: "n",
    Case.GENITIVE: "g",
    Case.DATIVE: "d",
    Case.ACCUSATIVE: "a",
    Case.INSTRUMENTAL: "i",
    Case.PREPOSITIONAL: "p",
}
_GENDER: Final = {Gender.MASCULINE: "m", Gender.FEMININE: "f", Gender.NEUTER: "n"}


def cardinal(
    n: int, gender: Gender = Gender.MASCULINE, case: Case = Case.NOMINATIVE, *, animate: bool = False
) -> str:
    """«двадцать одна», «пятьюдесятью», «двух» (кого? двух членов)."""
    if n < 0:
        return f"минус {cardinal(-n, gender, case, animate=animate)}"
    tail = n % 1000
    if n and not tail:
        return _spoken(n, Gender.MASCULINE, case, animate=False)
    last = _spoken(tail, gender, case, animate=animate and _takes_animacy(n))
    head = n - tail
    return last if not head else f"{_spoken(head, Gender.MASCULINE, case, animate=False)} {last}"


def _takes_animacy(n: int) -> bool:
    """«Одного» in compounds too (двадцать одного члена); «двух, трёх, четырёх» standing alone only."""
    return n in (2, 3, 4) or (n % 10 == 1 and n % 100 != 11)


def _spoken(n: int, gender: Gender, case: Case, *, animate: bool) -> str:
    return str(num2words(n, lang="ru", gender=_GENDER[gender], case=_CASE[case], animate=animate))


def ordinal(
    n: int,
    gender: Gender = Gender.MASCULINE,
    case: Case = Case.NOMINATIVE,
    *,
    animate: bool = False,
    plural_form: bool = False,
) -> str:
    """«двадцать первое», «две тысячи двадцать шестого»."""
    if n < 0:
        raise ValueError("порядковое числительное не бывает отрицательным")
    words = num2words(
        n,
        lang="ru",
        to="ordinal",
        gender=_GENDER[gender],
        case=_CASE[case],
        animate=animate,
        plural=plural_form,
    )
    return str(words)


def with_words(n: int, forms: Forms, gender: Gender = Gender.MASCULINE) -> str:
    """Number doubled in words, as protocols have it: «112 (сто двенадцать) членов»."""
    return f"{number(n)}{NBSP}({cardinal(n, gender)}) {plural(n, *forms)}"


def in_words(n: int, forms: Forms, gender: Gender = Gender.MASCULINE) -> str:
    """Numeral and noun without digits: «двадцать одна доверенность»."""
    return f"{cardinal(n, gender)} {plural(n, *forms)}"


def roubles_in_words(amount: int | Decimal, *, kopecks_in_words: bool = False) -> str:
    """«Одна тысяча двести тридцать четыре рубля 56 копеек», as invoices and contracts write a sum."""
    exact = rounded(amount, 2)
    whole, kopecks = divmod(int(abs(exact) * 100), 100)
    rest = cardinal(kopecks, Gender.FEMININE) if kopecks_in_words else f"{kopecks:02d}"
    gap = " " if kopecks_in_words else NBSP
    sign = "минус " if exact < 0 else ""
    text = f"{sign}{in_words(whole, ROUBLE)} {rest}{gap}{plural(kopecks, *KOPECK)}"
    return capitalized(text)


def sum_with_words(amount: int | Decimal) -> str:
    """«1 234,56 (Одна тысяча двести тридцать четыре рубля 56 копеек)»."""
    return f"{number(amount, 2)}{NBSP}({roubles_in_words(amount)})"


def date_in_words(day: date, case: Case = Case.NOMINATIVE) -> str:
    """«двадцатое ноября две тысячи двадцать шестого года»; only the day changes with the case."""
    year = ordinal(day.year, Gender.MASCULINE, Case.GENITIVE)
    spoken_day = ordinal(day.day, Gender.NEUTER, case)
    return f"{spoken_day} {MONTHS_GENITIVE[day.month - 1]} {year} года"


def fraction_in_words(numerator: int, denominator: int) -> str:
    """Majority thresholds: «две трети», «одна вторая», «три четверти»."""
    if numerator <= 0 or denominator <= 1:
        raise ValueError("дробь пишется словами только положительная и неполная")
    top = cardinal(numerator, Gender.FEMININE)
    singular = numerator % 10 == 1 and numerator % 100 != 11
    return f"{top} {_denominator(denominator, singular=singular)}"


def _denominator(n: int, *, singular: bool) -> str:
    if n in (3, 4) and not singular:
        return "трети" if n == 3 else "четверти"
    if n in (3, 4):
        return "треть" if n == 3 else "четверть"
    if singular:
        return ordinal(n, Gender.FEMININE)
    return ordinal(n, case=Case.GENITIVE, plural_form=True)
