"""The СРО as its letterhead shows it, from the dated settings."""

from __future__ import annotations

from datetime import date

from documents.model import Organisation
from records import parameters


def letterhead(on: date | None = None) -> Organisation:
    """The requisites in force on a date: an old letter printed again keeps its old address."""
    value = parameters.get("office", {}, on=on)
    office = value if isinstance(value, dict) else {}

    def text(name: str) -> str:
        return str(office.get(name) or "")

    return Organisation(
        full_name=text("full_name") or "Саморегулируемая организация",
        short_name=text("short_name"),
        address=text("address"),
        phones=(text("phone"),) if text("phone") else (),
        email=text("email"),
        site=text("site"),
        ogrn=text("ogrn"),
        inn=text("inn"),
        kpp=text("kpp"),
    )


def head(on: date | None = None) -> tuple[str, str]:
    """Position and full name of the head of the СРО."""
    value = parameters.get("office", {}, on=on)
    office = value if isinstance(value, dict) else {}
    return str(office.get("head_position") or "Директор"), str(office.get("head_name") or "")
