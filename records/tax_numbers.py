"""ИНН, КПП, ОГРН, ОГРНИП, СНИЛС: structure and check digits.

ИНН: приказ ФНС России от 29.06.2012 № ММВ-7-6/435@. ОГРН and ОГРНИП: приказ Минфина России от
30.10.2017 № 165н. СНИЛС: 27-ФЗ «Об индивидуальном (персонифицированном) учёте», ст. 6.
python-stdnum is not used here: for ОГРНИП it forgets the second remainder and refuses 23 % of valid numbers.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from records.identifier_problem import (
    Problem,
    digits_problem,
    is_digits,
    swap_advice,
    swapped_neighbours,
    to_latin,
    weighted,
    without_blanks,
)

_W10: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_W11: Final = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_W12: Final = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_KPP: Final = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_SNILS: Final = re.compile(r"([0-9]{3})-([0-9]{3})-([0-9]{3})[ \u00a0-]([0-9]{2})|[0-9]{11}")
# Up to this number СНИЛС were issued without a check number.
_SNILS_UNCHECKED: Final = 1001998


class Person(StrEnum):
    """Whom a number belongs to."""

    LEGAL = "legal"
    INDIVIDUAL = "individual"


def normalise_inn(value: str) -> str:
    """Blanks removed; nothing else is mended in silence."""
    return without_blanks(value)


def inn_check_digits(body: str) -> str:
    """Check digit of nine digits, or two check digits of ten."""
    if len(body) == 9:
        return str(weighted(body, _W10) % 11 % 10)
    first = str(weighted(body, _W11) % 11 % 10)
    return first + str(weighted(body + first, _W12) % 11 % 10)


def _inn_is_right(inn: str) -> bool:
    body = 9 if len(inn) == 10 else 10
    return not inn.startswith("00") and inn_check_digits(inn[:body]) == inn[body:]


def check_inn(value: str, person: Person | None = None) -> Problem | None:
    """ИНН of 10 digits for an organisation, of 12 for a person; both when it is not known whose it is."""
    inn = normalise_inn(value)
    if not inn:
        return Problem("empty", "ИНН не указан")
    lengths = {Person.LEGAL: (10,), Person.INDIVIDUAL: (12,)}.get(person, (10, 12)) if person else (10, 12)
    wrong_person = _inn_of_another(inn, person)
    if wrong_person:
        return wrong_person
    problem = digits_problem("ИНН", inn, lengths)
    if problem:
        return problem
    if inn.startswith("00"):
        return Problem(
            "region", "ИНН: региона 00 не существует", "Первые две цифры — код региона, например 38 или 77"
        )
    if _inn_is_right(inn):
        return None
    return _wrong_inn(inn)


def _inn_of_another(inn: str, person: Person | None) -> Problem | None:
    if person is Person.LEGAL and len(inn) == 12 and is_digits(inn):
        return Problem(
            "person", "ИНН из 12 цифр принадлежит физическому лицу", "У организации ИНН из 10 цифр"
        )
    if person is Person.INDIVIDUAL and len(inn) == 10 and is_digits(inn):
        return Problem("person", "ИНН из 10 цифр принадлежит организации", "У предпринимателя ИНН из 12 цифр")
    return None


def _wrong_inn(inn: str) -> Problem:
    body = 9 if len(inn) == 10 else 10
    right = inn_check_digits(inn[:body])
    hint, suggestion = swap_advice([pair for pair in swapped_neighbours(inn) if _inn_is_right(pair[1])])
    if len(inn) == 12:
        message = f"ИНН: контрольные цифры не сходятся: в конце «{inn[10:]}», по остальным цифрам — «{right}»"
    else:
        message = f"ИНН: контрольная цифра не сходится: в конце «{inn[9:]}», по остальным цифрам — «{right}»"
    return Problem("checksum", message, hint, suggestion)


def check_inn_legal(value: str) -> Problem | None:
    """ИНН of an organisation: 10 digits."""
    return check_inn(value, Person.LEGAL)


def check_inn_individual(value: str) -> Problem | None:
    """ИНН of a person or a sole trader: 12 digits."""
    return check_inn(value, Person.INDIVIDUAL)


def restore_inn(value: str) -> str:
    """ИНН from a table that lost the nought in front: it comes back if the check digits agree."""
    inn = normalise_inn(value)
    restored = f"0{inn}"
    if len(inn) in (9, 11) and is_digits(inn) and _inn_is_right(restored):
        return restored
    return inn


def normalise_kpp(value: str) -> str:
    """Blanks removed."""
    return without_blanks(value)


def check_kpp(value: str) -> Problem | None:
    """КПП: nine signs, the fifth and sixth may be capital Latin letters; there is no check digit."""
    kpp = normalise_kpp(value)
    if not kpp:
        return Problem("empty", "КПП не указан", "У предпринимателя КПП нет: оставьте поле пустым")
    if len(kpp) != 9:
        return Problem("length", f"КПП: знаков {len(kpp)}, а нужно 9", "Скопируйте КПП из выписки ЕГРЮЛ")
    if not _KPP.fullmatch(kpp):
        upper = to_latin(kpp.upper())
        meant = upper if _KPP.fullmatch(upper) else None
        hint = "Буквы в КПП латинские и заглавные" if meant else "Цифры, на 5-м и 6-м месте — цифры или A–Z"
        return Problem("format", f"КПП «{kpp}» записан неверно", hint, meant)
    if kpp.startswith("00"):
        return Problem("region", "КПП: региона 00 не существует", "Первые две цифры — код региона")
    return None


def normalise_ogrn(value: str) -> str:
    """Blanks removed."""
    return without_blanks(value)


def ogrn_check_digit(body: str) -> str:
    """Check digit of ОГРН (12 digits before it) or of ОГРНИП (14 digits before it)."""
    return str(int(body) % (11 if len(body) == 12 else 13) % 10)


def _ogrn_is_right(ogrn: str) -> bool:
    return ogrn_check_digit(ogrn[:-1]) == ogrn[-1]


def check_ogrn(value: str) -> Problem | None:
    """ОГРН of an organisation: 13 digits, the first is 1 or 5."""
    ogrn = normalise_ogrn(value)
    if not ogrn:
        return Problem("empty", "ОГРН не указан")
    if len(ogrn) == 15 and is_digits(ogrn):
        return Problem("person", "Это ОГРНИП предпринимателя: 15 цифр", "У организации ОГРН из 13 цифр")
    problem = digits_problem("ОГРН", ogrn, (13,))
    if problem:
        return problem
    if ogrn[0] not in "15":
        return Problem("sign", f"ОГРН: начинается с «{ogrn[0]}», а бывает с 1 или 5", _not_main_number(ogrn))
    return None if _ogrn_is_right(ogrn) else _wrong_ogrn("ОГРН", ogrn)


def check_ogrnip(value: str) -> Problem | None:
    """ОГРНИП of a sole trader: 15 digits, the first is 3."""
    ogrnip = normalise_ogrn(value)
    if not ogrnip:
        return Problem("empty", "ОГРНИП не указан")
    if len(ogrnip) == 13 and is_digits(ogrnip):
        return Problem("person", "Это ОГРН организации: 13 цифр", "У предпринимателя ОГРНИП из 15 цифр")
    problem = digits_problem("ОГРНИП", ogrnip, (15,))
    if problem:
        return problem
    if ogrnip[0] != "3":
        return Problem("sign", f"ОГРНИП: начинается с «{ogrnip[0]}», а нужно с 3", _not_main_number(ogrnip))
    return None if _ogrn_is_right(ogrnip) else _wrong_ogrn("ОГРНИП", ogrnip)


def _not_main_number(number: str) -> str:
    if number[0] in "24":
        return "Похоже на ГРН — номер записи об изменении; нужен основной номер"
    return "Возьмите номер из выписки ЕГРЮЛ или ЕГРИП"


def _wrong_ogrn(name: str, number: str) -> Problem:
    right = ogrn_check_digit(number[:-1])
    swaps = [pair for pair in swapped_neighbours(number, start=1) if _ogrn_is_right(pair[1])]
    hint, suggestion = swap_advice(swaps)
    message = (
        f"{name}: контрольная цифра не сходится: в конце «{number[-1]}», по остальным цифрам — «{right}»"
    )
    return Problem("checksum", message, hint, suggestion)


def normalise_snils(value: str) -> str:
    """Eleven digits, as they are stored; a text of another shape is left as typed."""
    text = value.strip()
    return re.sub(r"[\s\u00a0-]", "", text) if _SNILS.fullmatch(text) else text


def format_snils(value: str) -> str:
    """«112-233-445 95»."""
    digits = normalise_snils(value)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]}\u00a0{digits[9:]}" if len(digits) == 11 else value


def masked_snils(value: str) -> str:
    """«***-***-445 95»: personal data in lists (152-ФЗ)."""
    digits = normalise_snils(value)
    return f"***-***-{digits[6:9]}\u00a0{digits[9:]}" if len(digits) == 11 else "***"


def snils_check_number(body: str) -> str:
    """Two check digits of nine digits; 100 and 101 give 00."""
    total = weighted(body, range(9, 0, -1)) % 101
    return f"{total % 100:02d}"


def check_snils(value: str) -> Problem | None:
    """СНИЛС: eleven digits, with hyphens and a blank or without."""
    text = value.strip()
    if not text:
        return Problem("empty", "СНИЛС не указан")
    if not _SNILS.fullmatch(text):
        count = sum(is_digits(char) for char in text)
        return Problem(
            "format", f"СНИЛС «{text}» записан неверно: цифр {count}, а нужно 11", "Образец: 112-233-445 95"
        )
    digits = normalise_snils(text)
    if int(digits[:9]) <= _SNILS_UNCHECKED:
        return None
    right = snils_check_number(digits[:9])
    if digits[9:] == right:
        return None
    swaps = [pair for pair in swapped_neighbours(digits) if snils_check_number(pair[1][:9]) == pair[1][9:]]
    hint, suggestion = swap_advice([(place, format_snils(meant)) for place, meant in swaps])
    message = f"СНИЛС: контрольное число не сходится: в конце «{digits[9:]}», по остальным цифрам — «{right}»"
    return Problem("checksum", message, hint, suggestion)
