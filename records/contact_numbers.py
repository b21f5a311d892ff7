"""Telephones and e-mail addresses: read as people write them, stored in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from records.identifier_problem import Problem, to_latin, without_blanks

_EXTENSION: Final = re.compile(
    r"(?:,|;)?\s*(?:доб\.?|вн\.?|внутр\.?|ext\.?|#)\s*([0-9]{1,6})\s*$", re.IGNORECASE
)
_PERMITTED: Final = re.compile(r"\+?[0-9() \u00a0.–-]+")
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"(?:[a-z0-9а-яё](?:[a-z0-9а-яё-]{0,61}[a-z0-9а-яё])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]+|[а-яё]{2,63})"
)
_MISTYPED_DOMAINS: Final = {
    "mail.ry": "mail.ru", "mail.rn": "mail.ru", "mai.ru": "mail.ru", "mial.ru": "mail.ru",
    "maill.ru": "mail.ru",
    "gmail.ru": "gmail.com", "gmail.con": "gmail.com", "gmai.com": "gmail.com", "gmial.com": "gmail.com",
    "yandex.ry": "yandex.ru", "yndex.ru": "yandex.ru", "yandeks.ru": "yandex.ru", "ya.ry": "ya.ru",
}  # fmt: skip


@dataclass(frozen=True)
class Phone:
    """A Russian telephone: «+7XXXXXXXXXX» and the extension apart."""

    number: str
    extension: str = ""

    def __str__(self) -> str:
        digits = self.number.removeprefix("+7")
        shown = f"+7\u00a0({digits[:3]})\u00a0{digits[3:6]}-{digits[6:8]}-{digits[8:]}"
        return f"{shown}, доб.\u00a0{self.extension}" if self.extension else shown


def parse_phone(value: str) -> Phone | None:
    """Read «8 (3952) 12-34-56 доб. 12», «+7…», «9…»; nothing when it is not a Russian number."""
    text = value.strip()
    found = _EXTENSION.search(text)
    extension = found[1] if found else ""
    body = text[: found.start()].strip() if found else text
    if not _PERMITTED.fullmatch(body):
        return None
    digits = re.sub(r"[^0-9]", "", body)
    if len(digits) == 11 and (digits[0] == "7" or (digits[0] == "8" and not body.startswith("+"))):
        digits = digits[1:]
    elif len(digits) != 10 or body.startswith("+"):
        return None
    return Phone(f"+7{digits}", extension) if digits[0] in "3489" else None


def normalise_phone(value: str) -> str:
    """«+7XXXXXXXXXX», with the extension after a comma; what cannot be read is left as typed."""
    phone = parse_phone(value)
    if phone is None:
        return value.strip()
    return f"{phone.number},{phone.extension}" if phone.extension else phone.number


def check_phone(value: str) -> Problem | None:
    """Telephone of Russia: ten digits after +7 or 8; codes begin with 3, 4, 8 or 9."""
    text = value.strip()
    if not text:
        return Problem("empty", "Телефон не указан")
    if "," in text and parse_phone(text.replace(",", " доб. ", 1)):
        return None
    if parse_phone(text):
        return None
    bare = _EXTENSION.sub("", text)
    count = len(re.sub(r"[^0-9]", "", bare))
    if not _PERMITTED.fullmatch(bare):
        return Problem("format", f"Телефон «{text}»: лишние знаки", "Образец: +7 (395) 212-34-56, доб. 12")
    if count not in (10, 11):
        return Problem("length", f"Телефон «{text}»: цифр {count}, а нужно 10 после +7", "Укажите код города")
    return Problem("code", f"Телефон «{text}»: такого кода в России нет", "Код начинается с 3, 4, 8 или 9")


def normalise_email(value: str) -> str:
    """Lower letters, no blanks: the address is a login, and two spellings must be one person."""
    return without_blanks(value).lower()


def check_email(value: str) -> Problem | None:
    """E-mail address; Cyrillic look-alikes and common slips in domains are named."""
    text = without_blanks(value)
    if not text:
        return Problem("empty", "E-mail не указан")
    if text.count("@") != 1:
        return Problem("format", f"E-mail «{text}»: нужен один знак @", "Образец: office@example.ru")
    local, domain = text.split("@")
    domain = domain.lower()
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        return _wrong_local(local, domain)
    if not _DOMAIN.fullmatch(domain) or len(text) > 254:
        return _wrong_domain(local, domain)
    if domain in _MISTYPED_DOMAINS:
        meant = f"{local}@{_MISTYPED_DOMAINS[domain]}"
        return Problem(
            "typo",
            f"E-mail: домен «{domain}» похож на опечатку",
            f"Возможно, {meant}",
            meant,
            is_warning=True,
        )
    return None


def _wrong_local(local: str, domain: str) -> Problem:
    latin = to_latin(local.upper()).lower()
    cyrillic = re.search(r"[А-Яа-яЁё]", local)
    if cyrillic:
        meant = f"{latin}@{domain}" if _LOCAL.fullmatch(latin) else None
        hint = f"Возможно, {meant}" if meant else "Переключите раскладку клавиатуры"
        return Problem("cyrillic", f"E-mail: русская буква «{cyrillic[0]}» до знака @", hint, meant)
    return Problem(
        "format", f"E-mail: «{local}» до знака @ записано неверно", "Нельзя: пробелы, запятые, точки подряд"
    )


def _wrong_domain(local: str, domain: str) -> Problem:
    if "," in domain:
        meant = domain.replace(",", ".")
        return Problem(
            "format",
            "E-mail: в домене запятая вместо точки",
            f"Возможно, {local}@{meant}",
            f"{local}@{meant}",
        )
    return Problem("format", f"E-mail: домен «{domain}» записан неверно", "Образец: office@example.ru")
