"""One door to the checks of requisites, `check_inn("…") -> Problem | None`, and their table for fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from records.bank_numbers import (
    check_account,
    check_bik,
    check_corr_account,
    normalise_account,
    normalise_bik,
)
from records.contact_numbers import (
    Phone,
    check_email,
    check_phone,
    normalise_email,
    normalise_phone,
    parse_phone,
)
from records.identifier_problem import Problem, without_blanks
from records.registry_numbers import (
    check_arbitration_case,
    check_cadastral,
    check_contract_44,
    check_notice_44,
    check_notice_223,
    check_nrs,
    check_okved,
    check_plate,
    check_sro_number,
    check_vin,
    normalise_arbitration_case,
    normalise_nrs,
    normalise_plate,
    normalise_sro_number,
    normalise_vin,
)
from records.tax_numbers import (
    Person,
    check_inn,
    check_inn_individual,
    check_inn_legal,
    check_kpp,
    check_ogrn,
    check_ogrnip,
    check_snils,
    format_snils,
    masked_snils,
    normalise_inn,
    normalise_kpp,
    normalise_ogrn,
    normalise_snils,
    restore_inn,
)

Check = Callable[[str], Problem | None]

# Accounts are not here: they are checked together with their БИК.
CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "inn": check_inn,
        "inn_legal": check_inn_legal,
        "inn_individual": check_inn_individual,
        "kpp": check_kpp,
        "ogrn": check_ogrn,
        "ogrnip": check_ogrnip,
        "snils": check_snils,
        "bik": check_bik,
        "sro_number": check_sro_number,
        "nrs": check_nrs,
        "cadastral": check_cadastral,
        "okved": check_okved,
        "arbitration_case": check_arbitration_case,
        "notice_44": check_notice_44,
        "notice_223": check_notice_223,
        "contract_44": check_contract_44,
        "vin": check_vin,
        "plate": check_plate,
        "phone": check_phone,
        "email": check_email,
    }
)

_NORMALISERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "inn": restore_inn,
        "inn_legal": restore_inn,
        "inn_individual": restore_inn,
        "snils": normalise_snils,
        "sro_number": normalise_sro_number,
        "nrs": normalise_nrs,
        "arbitration_case": normalise_arbitration_case,
        "vin": normalise_vin,
        "plate": normalise_plate,
        "phone": normalise_phone,
        "email": normalise_email,
        "account": normalise_account,
    }
)


def normalise(kind: str, value: str) -> str:
    """The value as it is stored: blanks removed, look-alike letters mended, one form for each kind."""
    return _NORMALISERS.get(kind, without_blanks)(value)


def check(kind: str, value: str) -> Problem | None:
    """Check a value as typed by the name of its kind."""
    return CHECKS[kind](value)


def accept(kind: str, value: str) -> tuple[str, Problem | None]:
    """What a form or an import does: mend what is surely meant, then check; gives value and fault."""
    stored = normalise(kind, value)
    return stored, CHECKS[kind](stored)


__all__ = [
    "CHECKS",
    "Check",
    "Person",
    "Phone",
    "Problem",
    "accept",
    "check",
    "check_account",
    "check_arbitration_case",
    "check_bik",
    "check_cadastral",
    "check_contract_44",
    "check_corr_account",
    "check_email",
    "check_inn",
    "check_inn_individual",
    "check_inn_legal",
    "check_kpp",
    "check_notice_44",
    "check_notice_223",
    "check_nrs",
    "check_ogrn",
    "check_ogrnip",
    "check_okved",
    "check_phone",
    "check_plate",
    "check_snils",
    "check_sro_number",
    "check_vin",
    "format_snils",
    "masked_snils",
    "normalise",
    "normalise_account",
    "normalise_bik",
    "normalise_email",
    "normalise_inn",
    "normalise_kpp",
    "normalise_nrs",
    "normalise_ogrn",
    "normalise_phone",
    "normalise_snils",
    "parse_phone",
    "restore_inn",
]
