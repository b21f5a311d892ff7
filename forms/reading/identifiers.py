"""Requisites and numbers of registers. A repair (a lost nought, a look-alike letter) is always told of.

What a table program did to a number is undone only where check digits or a fixed beginning prove it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from forms.grid import Typed
from forms.reading.cell import Cell, mended, wrong
from forms.reading.numbers import EXCEL_DIGITS, is_exponent
from forms.reports.model import Column
from records.contact_numbers import check_email, normalise_email, parse_phone
from records.identifier_problem import is_digits, to_cyrillic, without_blanks
from records.registry_numbers import (
    check_cadastral,
    check_nrs,
    check_okved,
    check_plate,
    check_vin,
    normalise_nrs,
    normalise_plate,
    normalise_vin,
)
from records.tax_numbers import check_inn, check_kpp, check_ogrn, check_ogrnip, check_snils

_DASHES: Final = str.maketrans({"‑": "-", "–": "-", "—": "-", "−": "-", "‐": "-"})
_SNILS: Final = re.compile(r"(\d{3})[- ]?(\d{3})[- ]?(\d{3})[- ]?(\d{2})", re.ASCII)
_SNILS_SHORT: Final = re.compile(r"\d{9,10}", re.ASCII)
_BIK: Final = re.compile(r"0[14]\d{7}", re.ASCII)
_URL: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-zа-яё0-9-]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
# Области аттестации Ростехнадзора: «А.1», «Б.9.31» (приказ Ростехнадзора от 04.09.2020 № 334).
_AREA: Final = re.compile(r"[А-Г]\.?\d+(?:\.\d+)?")

Reader = Callable[[Column, str, Typed | None, date], Cell]


def digits_of(text: str, typed: Typed | None) -> tuple[str, bool] | None:
    """The text of a number, and whether the full digits came from behind a short display; None: lost."""
    if typed is not None and isinstance(typed.value, Decimal):
        value = typed.value
        if not value.is_finite() or abs(value) >= EXCEL_DIGITS or value != value.to_integral_value():
            return None if value.is_finite() and abs(value) >= EXCEL_DIGITS else (text, False)
        return f"{int(value)}", is_exponent(text)
    return None if is_exponent(text) else (text, False)


def _number(text: str, typed: Typed | None, read: Callable[[str], Cell]) -> Cell:
    """Read digits; a number restored from behind «3,8E+11» is told of."""
    found = digits_of(text, typed)
    if found is None:
        return wrong("digits_lost", text)
    cell = read(found[0])
    if found[1] and cell.error is None and cell.warning is None:
        return mended(cell.value, "digits_restored", text)
    return cell


def _judged(code: str | None) -> str:
    """Which fault a problem of a requisite is: its check digit, or its shape."""
    return "checksum" if code in ("checksum", "region") else "bad_format"


def inn(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """ИНН: the nought in front comes back when the check digits agree."""

    def read(shown: str) -> Cell:
        number = without_blanks(shown)
        problem = check_inn(number)
        if problem is None:
            return Cell(number)
        if is_digits(number) and len(number) in (9, 11):
            restored = f"0{number}"
            return (
                mended(restored, "zero_restored", text)
                if check_inn(restored) is None
                else wrong("checksum", text)
            )
        return wrong(_judged(problem.code), text)

    return _number(text, typed, read)


def ogrn(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """ОГРН of 13 digits or ОГРНИП of 15."""

    def read(shown: str) -> Cell:
        number = without_blanks(shown)
        problem = check_ogrnip(number) if len(number) == 15 else check_ogrn(number)
        return Cell(number) if problem is None else wrong(_judged(problem.code), text)

    return _number(text, typed, read)


def kpp(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """КПП has no check digit, so a lost nought cannot be proved."""

    def read(shown: str) -> Cell:
        number = without_blanks(shown)
        return Cell(number) if check_kpp(number) is None else wrong("bad_format", text)

    return _number(text, typed, read)


def bik(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """БИК always begins with a nought, so eight digits have lost it."""

    def read(shown: str) -> Cell:
        number = without_blanks(shown)
        if _BIK.fullmatch(number):
            return Cell(number)
        restored = f"0{number}"
        return (
            mended(restored, "zero_restored", text) if _BIK.fullmatch(restored) else wrong("bad_format", text)
        )

    return _number(text, typed, read)


def account(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Twenty digits; the key is checked together with БИК when the form is checked."""

    def read(shown: str) -> Cell:
        number = without_blanks(shown).replace(".", "")
        return Cell(number) if is_digits(number) and len(number) == 20 else wrong("bad_format", text)

    return _number(text, typed, read)


def snils(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """СНИЛС with hyphens, blanks or neither; a mask of a printed form never replaces a number."""

    def read(shown: str) -> Cell:
        number = shown.translate(_DASHES)
        if found := _SNILS.fullmatch(number):
            joined = "".join(found.groups())
            return Cell(joined) if check_snils(joined) is None else wrong("checksum", text)
        restored = number.zfill(11) if _SNILS_SHORT.fullmatch(number) else ""
        if restored and check_snils(restored) is None:
            return mended(restored, "zero_restored", text)
        return wrong("bad_format", text)

    return _number(text, typed, read)


def nrs(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Number of a specialist in the national register: letters are mended, hyphens are not invented."""
    number = without_blanks(text.translate(_DASHES)).upper()
    if check_nrs(number) is None:
        return Cell(number)
    likely = normalise_nrs(number)
    if check_nrs(likely) is not None:
        return wrong("bad_format", text)
    if likely.count("-") == number.count("-"):
        return mended(likely, "lookalike_fixed", text)
    return mended(likely, "prefix_added", text) if likely.endswith(number) else wrong("bad_format", text)


def plate(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """State number: Cyrillic capitals without blanks."""
    typed_as = without_blanks(text.translate(_DASHES)).replace("-", "").upper()
    number = normalise_plate(typed_as)
    if check_plate(number) is not None:
        return wrong("bad_format", text)
    return Cell(number) if number == typed_as else mended(number, "lookalike_fixed", text)


def vin(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Number of a body: 17 Latin capitals and digits."""
    typed_as = without_blanks(text).upper()
    number = normalise_vin(typed_as)
    if check_vin(number) is not None:
        return wrong("bad_format", text)
    return Cell(number) if number == typed_as else mended(number, "lookalike_fixed", text)


def cadastral(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Cadastral number «38:36:000034:1234»."""
    number = without_blanks(text)
    return Cell(number) if check_cadastral(number) is None else wrong("bad_format", text)


def phone(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """A Russian telephone: «+73952201122», the extension after it."""

    def read(shown: str) -> Cell:
        found = parse_phone(shown.translate(_DASHES))
        if found is None:
            return wrong("bad_format", text)
        return Cell(f"{found.number} доб. {found.extension}" if found.extension else found.number)

    return _number(text, typed, read)


def email(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """An address of e-mail."""
    address = normalise_email(text)
    problem = check_email(address)
    return wrong("bad_format", text) if problem is not None and not problem.is_warning else Cell(address)


def url(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """An address of a site."""
    return Cell(text) if _URL.fullmatch(text) else wrong("bad_format", text)


def okved(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Code of activity. As a number it has lost its last nought or not, nobody can tell."""
    if (
        typed is not None
        and isinstance(typed.value, Decimal)
        and typed.value != typed.value.to_integral_value()
    ):
        return wrong("digits_lost", text)
    code = without_blanks(text)
    return Cell(code) if check_okved(code) is None else wrong("bad_format", text)


def area(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """Area of attestation by Ростехнадзор: «А.1», «Б.9.31»."""
    typed_as = without_blanks(text)
    code = to_cyrillic(typed_as).upper().replace("B", "В").replace("G", "Г")
    if not _AREA.fullmatch(code):
        return wrong("bad_format", text)
    return Cell(code) if code == typed_as.upper() else mended(code, "lookalike_fixed", text)


READERS: Final[dict[str, Reader]] = {
    "inn": inn,
    "ogrn": ogrn,
    "kpp": kpp,
    "bik": bik,
    "acc": account,
    "snils": snils,
    "nrs": nrs,
    "plate": plate,
    "vin": vin,
    "cadastral": cadastral,
    "phone": phone,
    "email": email,
    "url": url,
    "okved": okved,
    "area": area,
}

__all__ = ["READERS", "Reader", "digits_of"]
