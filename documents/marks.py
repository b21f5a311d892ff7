"""The visible mark of an electronic signature: wording in one place, beside the edition it follows."""

from dataclasses import dataclass
from datetime import date, datetime

from documents.printable import clean, shown
from language.typography import number_sign

# ГОСТ Р 7.0.97-2025 replaced this edition on 18.08.2025; the wording waits for its official text.
EDITION = "ГОСТ Р 7.0.97-2016, п. 5.23"
HEADLINE = ("ДОКУМЕНТ ПОДПИСАН", "ЭЛЕКТРОННОЙ ПОДПИСЬЮ")


@dataclass(frozen=True)
class QualifiedMark:
    """The framed mark of a qualified signature; drawn only after the signature was verified.

    `certificate` is the serial number in hexadecimal, the dates are those of the certificate in Moscow time.
    """

    certificate: str
    owner: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class SimpleMark:
    """The line of a simple signature: the frame of the ГОСТ is not for it (63-ФЗ, ст. 9)."""

    person: str
    login: str
    signed_at: datetime
    operation: str = ""


SignatureMark = QualifiedMark | SimpleMark


def headline(mark: SignatureMark) -> tuple[str, ...]:
    """The capital lines above the details; a simple signature has none."""
    return HEADLINE if isinstance(mark, QualifiedMark) else ()


def details(mark: SignatureMark) -> tuple[str, ...]:
    """The lines of the mark below its headline, in the order the standard gives."""
    if isinstance(mark, QualifiedMark):
        return (
            f"Сертификат {serial(mark.certificate)}",
            f"Владелец {clean(mark.owner)}",
            f"Действителен с {shown(mark.valid_from)} по {shown(mark.valid_to)}",
        )
    who = f"{clean(mark.person)}, {clean(mark.login)}, {shown(mark.signed_at)}"
    operation = f", операция {number_sign(clean(mark.operation))}" if mark.operation else ""
    return (f"Подписано простой электронной подписью: {who}{operation}",)


def serial(certificate: str) -> str:
    """The serial number as the mark wants it: capital hexadecimal, even number of digits, no separators."""
    digits = "".join(char for char in certificate if char.isalnum()).upper()
    if not digits or set(digits) - set("0123456789ABCDEF"):
        raise ValueError(f"Номер сертификата записан не в шестнадцатеричном виде: {certificate!r}")
    return digits if len(digits) % 2 == 0 else f"0{digits}"
