"""Invented requisites that pass every check, for demonstrations and tests: no real firm or person is meant.

All take the caller's own random generator, so the same seed always gives the same people.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from records.bank_numbers import LEGAL_ACCOUNT, NON_PROFIT_ACCOUNT, TRADER_ACCOUNT, account_with_key
from records.tax_numbers import inn_check_digits, ogrn_check_digit, snils_check_number

_ROUBLES: Final = "810"
_PLATE_LETTERS: Final = "АВЕКМНОРСТУХ"
_VIN_SIGNS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_CITY_CODES: Final = {"38": "3952", "77": "499", "54": "383", "02": "347", "67": "4812"}
# The region of a БИК goes by ОКАТО, not by the number on car plates.
_OKATO: Final = {"38": "25", "77": "45", "54": "50", "02": "80", "67": "66"}


def _digits(rng: Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def make_inn(rng: Random, region: str = "38") -> str:
    """ИНН of an organisation, 10 digits."""
    body = region + _digits(rng, 7)
    return body + inn_check_digits(body)


def make_inn_individual(rng: Random, region: str = "38") -> str:
    """ИНН of a person, 12 digits."""
    body = region + _digits(rng, 8)
    return body + inn_check_digits(body)


def make_kpp(inn: str) -> str:
    """КПП by the place of the organisation: its tax office and cause 01."""
    return f"{inn[:4]}01001"


def make_ogrn(rng: Random, region: str = "38", year: int = 2010) -> str:
    """ОГРН of an organisation entered in a year."""
    body = f"1{year % 100:02d}{region}{_digits(rng, 7)}"
    return body + ogrn_check_digit(body)


def make_ogrnip(rng: Random, region: str = "38", year: int = 2015) -> str:
    """ОГРНИП of a sole trader entered in a year."""
    body = f"3{year % 100:02d}{region}{_digits(rng, 9)}"
    return body + ogrn_check_digit(body)


def make_snils(rng: Random) -> str:
    """СНИЛС as it is stored, eleven digits."""
    body = f"{rng.randrange(1, 10)}{_digits(rng, 8)}"
    return body + snils_check_number(body)


def make_bik(rng: Random, region: str = "38") -> str:
    """БИК of an invented bank; its last three digits never mean a cash centre."""
    return f"04{_OKATO.get(region, region)}{_digits(rng, 2)}{rng.randrange(100, 1000)}"


def make_account(rng: Random, bik: str, prefix: str = LEGAL_ACCOUNT) -> str:
    """Settlement account in roubles with the right key."""
    return account_with_key(bik, f"{prefix}{_ROUBLES}0{_digits(rng, 11)}")


def make_trader_account(rng: Random, bik: str) -> str:
    """Settlement account of a sole trader."""
    return make_account(rng, bik, TRADER_ACCOUNT)


def make_non_profit_account(rng: Random, bik: str) -> str:
    """Settlement account of an СРО, its compensation funds included."""
    return make_account(rng, bik, NON_PROFIT_ACCOUNT)


def make_corr_account(bik: str) -> str:
    """Correspondent account of a bank: wholly given by its БИК."""
    return account_with_key(bik, f"30101{_ROUBLES}000000000{bik[-3:]}", correspondent=True)


def make_nrs(rng: Random, sro_kind: str = "build", region: str = "38") -> str:
    """Number of a specialist in the register that suits the kind of СРО."""
    if sro_kind == "build":
        return f"С-{region}-{_digits(rng, 6)}"
    return f"{'П' if sro_kind == 'design' else 'И'}-{_digits(rng, 6)}"


def make_sro_number(rng: Random, entered: date, letter: str = "С") -> str:
    """Number of an СРО in the state register."""
    return f"СРО-{letter}-{rng.randrange(1, 400):03d}-{entered:%d%m%Y}"


def make_phone(rng: Random, region: str = "38") -> str:
    """City telephone of a region, as it is stored."""
    code = _CITY_CODES.get(region, "800")
    return f"+7{code}{_digits(rng, 10 - len(code))}"


def make_email(name: str) -> str:
    """Address in the domain that belongs to nobody (RFC 2606)."""
    return f"{name.lower()}@example.org"


def make_cadastral(rng: Random, region: str = "38") -> str:
    """Cadastral number of a plot."""
    return f"{region}:{rng.randrange(1, 40):02d}:{_digits(rng, 6)}:{rng.randrange(1, 10000)}"


def make_arbitration_case(rng: Random, year: int, court: int = 19) -> str:
    """Number of a case in an arbitration court."""
    return f"А{court:02d}-{rng.randrange(1, 30000)}/{year}"


def make_plate(rng: Random, region: str = "38") -> str:
    """State number of a lorry."""
    letters = "".join(rng.choice(_PLATE_LETTERS) for _ in range(3))
    return f"{letters[0]}{rng.randrange(1, 1000):03d}{letters[1:]}{region}"


def make_vin(rng: Random) -> str:
    """Number of a vehicle's body."""
    return "X9" + "".join(rng.choice(_VIN_SIGNS) for _ in range(15))
