"""БИК, settlement and correspondent accounts.

The key of an account: порядок расчёта контрольного ключа, утв. Банком России 08.09.1997 № 515; the plan
of accounts: положение Банка России от 24.11.2022 № 809-П; БИК: положение от 24.09.2020 № 732-П.
"""

from __future__ import annotations

import re
from typing import Final

from records.identifier_problem import Problem, digits_problem, is_digits, without_blanks
from records.tax_numbers import Person

_BIK: Final = re.compile(r"0[14][0-9]{7}")
_KEY_WEIGHTS: Final = (7, 1, 3)
_ROUBLES: Final = "810"
_CASH_CENTRES: Final = ("000", "001", "002")
_KEY_PLACE: Final = 8
LEGAL_ACCOUNT: Final = "40702"
NON_PROFIT_ACCOUNT: Final = "40703"
TRADER_ACCOUNT: Final = "40802"


def normalise_bik(value: str) -> str:
    """Blanks removed."""
    return without_blanks(value)


def check_bik(value: str) -> Problem | None:
    """БИК: nine digits, 04 for banks, 01 for the treasury; there is no check digit."""
    bik = normalise_bik(value)
    if not bik:
        return Problem("empty", "БИК не указан")
    problem = digits_problem("БИК", bik, (9,))
    if problem:
        return problem
    if not _BIK.fullmatch(bik):
        return Problem(
            "format", f"БИК начинается с «{bik[:2]}», а бывает с 04 или 01", "04 — банк, 01 — казначейство"
        )
    return None


def is_treasury(bik: str) -> bool:
    """Whether the БИК belongs to a body of the treasury: its accounts have no key to check."""
    return bik.startswith("01")


def _in_cash_centre(bik: str) -> bool:
    return bik[-3:] in _CASH_CENTRES


def account_key_sum(prefix: str, account: str) -> int:
    """Last digit of the sum of last digits of products by 7, 1, 3; of a right account it is nought."""
    text = prefix + account
    return sum(int(digit) * _KEY_WEIGHTS[index % 3] % 10 for index, digit in enumerate(text)) % 10


def account_prefix(bik: str) -> str:
    """Three digits put before a settlement account: of the bank, or of the region for a cash centre."""
    return f"0{bik[4:6]}" if _in_cash_centre(bik) else bik[-3:]


def account_with_key(bik: str, account: str, *, correspondent: bool = False) -> str:
    """The account with the right key in its ninth place."""
    prefix = f"0{bik[4:6]}" if correspondent else account_prefix(bik)
    bare = account[:_KEY_PLACE] + "0" + account[_KEY_PLACE + 1 :]
    # In its place, the 12th of 23, the key has weight 3: sum + 3k must end in nought, hence k = 3 * sum.
    key = account_key_sum(prefix, bare) * 3 % 10
    return account[:_KEY_PLACE] + str(key) + account[_KEY_PLACE + 1 :]


def normalise_account(value: str) -> str:
    """Blanks and points removed: accounts are often printed in groups."""
    return without_blanks(value).replace(".", "")


def check_account(value: str, bik: str, person: Person | None = None) -> Problem | None:
    """Settlement account by the БИК of its bank; a kind of account strange for its owner is a warning."""
    account, bank = normalise_account(value), normalise_bik(bik)
    if not account:
        return Problem("empty", "Расчётный счёт не указан")
    problem = digits_problem("Расчётный счёт", account, (20,)) or check_bik(bank)
    if problem:
        return problem
    if is_treasury(bank):
        return Problem(
            "treasury", "Казначейский счёт: ключ не проверяется", "Проверьте реквизиты", is_warning=True
        )
    if account_key_sum(account_prefix(bank), account):
        return _wrong_key(account, bank)
    return _strange_owner(account, person)


def _wrong_key(account: str, bik: str) -> Problem:
    if account_key_sum(f"0{bik[4:6]}", account) == 0 and not _in_cash_centre(bik):
        hint = "Счёт похож на счёт в расчётно-кассовом центре: его БИК кончается на 000, 001 или 002"
    else:
        hint = "Ошибка в цифре счёта, или счёт открыт в другом банке: сверьте счёт и БИК"
    return Problem("checksum", f"Ключ счёта не сходится с БИК {bik}", hint)


def _strange_owner(account: str, person: Person | None) -> Problem | None:
    if person is Person.LEGAL and account.startswith(TRADER_ACCOUNT):
        return Problem(
            "owner",
            "Счёт 40802 — счёт предпринимателя, а не организации",
            "Проверьте реквизиты",
            is_warning=True,
        )
    if person is Person.INDIVIDUAL and account.startswith(LEGAL_ACCOUNT):
        return Problem(
            "owner",
            "Счёт 40702 — счёт организации, а не предпринимателя",
            "Проверьте реквизиты",
            is_warning=True,
        )
    if account[5:8] != _ROUBLES:
        return Problem(
            "currency", f"Валюта счёта {account[5:8]}, а не рубли (810)", "Проверьте", is_warning=True
        )
    return None


def check_corr_account(value: str, bik: str) -> Problem | None:
    """Correspondent account: begins with 301, ends as the БИК does, its key goes by the region."""
    account, bank = normalise_account(value), normalise_bik(bik)
    if not account:
        return Problem("empty", "Корреспондентский счёт не указан")
    problem = digits_problem("Корреспондентский счёт", account, (20,)) or check_bik(bank)
    if problem:
        return problem
    if is_treasury(bank):
        return Problem(
            "treasury", "Казначейский счёт: ключ не проверяется", "Проверьте реквизиты", is_warning=True
        )
    if not account.startswith("301"):
        hint = (
            "Возможно, в это поле попал расчётный счёт"
            if account.startswith("40")
            else "Сверьте с реквизитами"
        )
        return Problem("format", f"Корсчёт начинается с «{account[:3]}», а нужно с 301", hint)
    if account[-3:] != bank[-3:]:
        return Problem(
            "bank", f"Корсчёт кончается на {account[-3:]}, а БИК — на {bank[-3:]}", "Они должны совпадать"
        )
    if account_key_sum(f"0{bank[4:6]}", account):
        return Problem(
            "checksum", f"Ключ корсчёта не сходится с БИК {bank}", "Сверьте номер с реквизитами банка"
        )
    return None


def is_account_shaped(value: str) -> bool:
    """Twenty digits: enough to tell an account from other numbers when no БИК is at hand."""
    text = normalise_account(value)
    return len(text) == 20 and is_digits(text)
