"""Numbers of registers: СРО, specialists (НРС), land, activities, courts, procurement, vehicles."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from records.identifier_problem import Problem, digits_problem, to_cyrillic, to_latin, without_blanks

_SRO: Final = re.compile(r"СРО-([СПИ])-([0-9]{3})-([0-9]{2})([0-9]{2})([0-9]{4})")
_SRO_REGISTER_BEGAN: Final = date(2009, 1, 1)
_NRS: Final = re.compile(r"С-(?:[0-9]{2}|[A-Z]{2,3})-[0-9]{6}|(?:П|И|ПИ)-[0-9]{6}")
_NRS_COUNTRY: Final = re.compile(r"([A-ZА-Я]{2,3})-([0-9]{6})")
_NRS_BARE: Final = re.compile(r"С-?([0-9]{2})-?([0-9]{6})")
_CADASTRAL: Final = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{6,7}:[0-9]{1,9}")
_OKVED: Final = re.compile(r"[0-9]{2}(?:\.[0-9]{1,2}(?:\.[0-9]{1,2})?)?")
_CASE: Final = re.compile(r"А[0-9]{2}-[0-9]{1,6}/[0-9]{4}")
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_PLATE_LETTERS: Final = "АВЕКМНОРСТУХ"
_PLATE: Final = re.compile(
    rf"[{_PLATE_LETTERS}][0-9]{{3}}[{_PLATE_LETTERS}]{{2}}[0-9]{{2,3}}|[{_PLATE_LETTERS}]{{2}}[0-9]{{4}}[0-9]{{2,3}}"
)
# Which register of specialists an СРО of each kind draws on.
_NRS_OF_KIND: Final = {"build": ("С",), "design": ("П", "ПИ"), "survey": ("И", "ПИ")}
_KIND_TITLES: Final = {"build": "строителей", "design": "проектировщиков", "survey": "изыскателей"}


def _wrong(name: str, value: str, sample: str, meant: str | None = None) -> Problem:
    hint = f"Возможно, имелось в виду «{meant}»" if meant else f"Образец: {sample}"
    return Problem("format", f"{name} «{value}»: запись неверна", hint, meant)


def normalise_sro_number(value: str) -> str:
    """Blanks removed, letters capital and Cyrillic: «cpo-c-174-…» → «СРО-С-174-…»."""
    return to_cyrillic(without_blanks(value).upper())


def check_sro_number(value: str) -> Problem | None:
    """Number of an СРО in the state register: kind of СРО, number, day of entry («СРО-С-174-14012010»)."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Номер СРО не указан")
    found = _SRO.fullmatch(text)
    if not found:
        meant = normalise_sro_number(text)
        right = meant if _SRO.fullmatch(meant) and _sro_date(meant) else None
        return _wrong("Номер СРО", text, "СРО-С-174-14012010", right)
    if _sro_date(text) is None:
        return Problem(
            "date",
            f"Номер СРО: даты {found[3]}.{found[4]}.{found[5]} не может быть",
            "Последние цифры — дата: ДДММГГГГ",
        )
    return None


def _sro_date(text: str) -> date | None:
    found = _SRO.fullmatch(text)
    if not found:
        return None
    try:
        entered = date(int(found[5]), int(found[4]), int(found[3]))
    except ValueError:
        return None
    return entered if entered >= _SRO_REGISTER_BEGAN else None


def normalise_nrs(value: str) -> str:
    """Cyrillic register letter, Latin country code, hyphens in place: «C77123456» → «С-77-123456»."""
    text = without_blanks(value).upper()
    if _NRS.fullmatch(text):
        return text
    mended = _nrs_mended(text)
    return mended if mended and _NRS.fullmatch(mended) else text


def _nrs_mended(text: str) -> str | None:
    head, _, tail = text.partition("-")
    if len(head) <= 2 and tail:
        register = to_cyrillic(head)
        country, dash, number = tail.partition("-")
        direct = f"{register}-{to_latin(country)}{dash}{number}"
        if _NRS.fullmatch(direct):
            return direct
    country_only = _NRS_COUNTRY.fullmatch(text)
    if country_only and to_latin(country_only[1]).isascii():
        return f"С-{to_latin(country_only[1])}-{country_only[2]}"
    bare = _NRS_BARE.fullmatch(to_cyrillic(text))
    return f"С-{bare[1]}-{bare[2]}" if bare else None


def check_nrs(value: str, sro_kind: str | None = None) -> Problem | None:
    """Number in the national register of specialists; the register must be that of the kind of СРО."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Номер в НРС не указан")
    if not _NRS.fullmatch(text):
        mended = normalise_nrs(text)
        meant = mended if _NRS.fullmatch(mended) else None
        return _wrong(
            "Номер НРС", text, "С-77-123456 (НОСТРОЙ), П-122864, И-000123, ПИ-083721 (НОПРИЗ)", meant
        )
    register = text.split("-", 1)[0]
    if sro_kind is None or register in _NRS_OF_KIND[sro_kind]:
        return None
    permitted = " или ".join(f"«{letter}-»" for letter in _NRS_OF_KIND[sro_kind])
    return Problem(
        "register",
        f"Номер НРС «{text}» — не из реестра {_KIND_TITLES[sro_kind]}",
        f"Номер должен начинаться с {permitted}",
    )


def check_cadastral(value: str) -> Problem | None:
    """Cadastral number: «38:36:000034:1234»."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Кадастровый номер не указан")
    return None if _CADASTRAL.fullmatch(text) else _wrong("Кадастровый номер", text, "38:36:000034:1234")


def check_okved(value: str) -> Problem | None:
    """Code of activity by ОКВЭД2: «41.20», «71.12.1»."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Код ОКВЭД не указан")
    return None if _OKVED.fullmatch(text) else _wrong("Код ОКВЭД", text, "41.20")


def normalise_arbitration_case(value: str) -> str:
    """Number of a case with the Cyrillic «А»."""
    return to_cyrillic(without_blanks(value).upper())


def check_arbitration_case(value: str) -> Problem | None:
    """Number of a case in an arbitration court: «А19-12345/2026»."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Номер дела не указан")
    if _CASE.fullmatch(text):
        return None
    meant = normalise_arbitration_case(text)
    return _wrong("Номер дела", text, "А19-12345/2026", meant if _CASE.fullmatch(meant) else None)


def check_notice_44(value: str) -> Problem | None:
    """Notice of procurement by 44-ФЗ: 19 digits."""
    return _of_digits("Номер извещения по 44-ФЗ", value, 19)


def check_notice_223(value: str) -> Problem | None:
    """Notice of procurement by 223-ФЗ: 11 digits."""
    return _of_digits("Номер извещения по 223-ФЗ", value, 11)


def check_contract_44(value: str) -> Problem | None:
    """Register number of a contract by 44-ФЗ: 19 digits."""
    return _of_digits("Реестровый номер контракта", value, 19)


def _of_digits(name: str, value: str, length: int) -> Problem | None:
    text = without_blanks(value)
    if not text:
        return Problem("empty", f"{name} не указан")
    return digits_problem(name, text, (length,))


def normalise_vin(value: str) -> str:
    """Capital Latin letters."""
    return to_latin(without_blanks(value).upper())


def check_vin(value: str) -> Problem | None:
    """Number of a vehicle's body: 17 signs without I, O, Q."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "VIN не указан")
    if _VIN.fullmatch(text):
        return None
    if len(text) != 17:
        return Problem("length", f"VIN: знаков {len(text)}, а нужно 17", "Букв I, O и Q в VIN не бывает")
    meant = normalise_vin(text)
    return _wrong(
        "VIN", text, "17 латинских букв и цифр, без I, O и Q", meant if _VIN.fullmatch(meant) else None
    )


def normalise_plate(value: str) -> str:
    """Capital Cyrillic letters, no blanks and hyphens."""
    return to_cyrillic(without_blanks(value).replace("-", "").upper())


def check_plate(value: str) -> Problem | None:
    """State number of a vehicle or a trailer: «А123ВС38»; twelve letters alone are used."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "Госномер не указан")
    if _PLATE.fullmatch(text):
        return None
    meant = normalise_plate(text)
    if _PLATE.fullmatch(meant):
        return _wrong("Госномер", text, "А123ВС38", meant)
    return Problem(
        "format", f"Госномер «{text}»: запись неверна", f"Образец: А123ВС38; буквы только {_PLATE_LETTERS}"
    )
