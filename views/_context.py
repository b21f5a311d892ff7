"""What every page gets: the person, the menu, counters, the СРО's name, and filters for Russian text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Flask, request

from accounts import roles
from language.dates import short_date
from language.names import surname_initials
from messaging import pulse
from records import parameters

from . import _menu
from ._account_menu import organisation_name, organisations, support_address
from ._pictures import picture
from ._security import Person, person
from ._state_words import state_words


@dataclass(frozen=True)
class Me:
    """The person as templates see him: plain values."""

    id: int
    name: str
    short_name: str
    initials: str
    is_staff: bool
    roles_titles: str
    organisation: str | None
    organisations: list[dict[str, object]] = field(default_factory=list)
    viewing_as: str | None = None
    acting_for: str = ""


def init_app(app: Flask) -> None:
    app.context_processor(_values)
    app.jinja_env.filters["day"] = day
    app.jinja_env.globals["picture"] = picture
    app.jinja_env.globals["state_words"] = state_words
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def day(value: date | None) -> str:
    """20.11.2026, or nothing."""
    return "" if value is None else short_date(value)


def moment(value: datetime | None) -> str:
    """20.11.2026 10:15 in the СРО's zone."""
    return "" if value is None else value.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M")


def _values() -> dict[str, object]:
    found = person() if request.endpoint != "static" else None
    office = parameters.office()
    return {
        "me": _me(found) if found else None,
        "menu": menu(found) if found else [],
        "site": {
            "name": office.get("short_name") or "Вече",
            "phone": office.get("phone"),
            "email": office.get("email"),
            "support_url": support_address(),
        },
        "theme": _theme(),
        "counters": pulse.counters(found.actor).as_dict() if found else {},
    }


def _me(found: Person) -> Me:
    user, actor = found.user, found.actor
    choices = organisations(found)
    organisation = organisation_name(found)
    return Me(
        id=user.id,
        name=user.name,
        short_name=surname_initials(user.name),
        initials="".join(part[0] for part in user.name.split()[:2]),
        is_staff=actor.is_staff,
        roles_titles=roles.titles(actor.roles),
        organisation=organisation,
        organisations=choices,
        viewing_as=organisation if actor.read_only else None,
        acting_for=actor.acting_for,
    )


def _theme() -> dict[str, object]:
    chosen = request.cookies.get("theme", "")
    parts = set(chosen.split("-"))
    dark = True if "dark" in parts else False if "light" in parts else None
    return {"dark": dark, "large": "large" in parts, "lowvision": "lowvision" in parts}


def menu(found: Person) -> list[dict[str, object]]:
    """The left menu of a person."""
    return _menu.build(found.actor)
