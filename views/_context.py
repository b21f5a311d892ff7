"""What every page gets: the person, the menu, counters, the СРО's name, and filters for Russian text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Flask, request, url_for

from language.dates import short_date
from language.names import surname_initials
from records import parameters
from records.kinds import registry
from workflows.reference import role_titles

from ._security import Person, person


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
            "support_url": None,
        },
        "theme": _theme(),
        "counters": {"notifications": 0, "messages": 0, "incoming": 0},
    }


def _me(found: Person) -> Me:
    user, actor = found.user, found.actor
    seats = {s.organisation_id: s for s in user.seats if s.organisation_id is not None}
    current = seats.get(actor.organisation_id)
    organisation = current.organisation.short_name if current and current.organisation else None
    titles = role_titles()
    return Me(
        id=user.id,
        name=user.name,
        short_name=surname_initials(user.name),
        initials="".join(part[0] for part in user.name.split()[:2]),
        is_staff=actor.is_staff,
        roles_titles=", ".join(titles.get(r, r) for r in sorted(actor.roles)),
        organisation=organisation,
        organisations=[
            {"id": s.organisation_id, "name": s.organisation.short_name, "current": s.organisation_id == actor.organisation_id}
            for s in seats.values()
            if s.organisation
        ],
        acting_for=actor.acting_for,
    )


def _theme() -> dict[str, object]:
    chosen = request.cookies.get("theme", "")
    parts = set(chosen.split("-"))
    dark = True if "dark" in parts else False if "light" in parts else None
    return {"dark": dark, "large": "large" in parts, "lowvision": "lowvision" in parts}


def menu(found: Person) -> list[dict[str, object]]:
    """The left menu of a person; kinds ask for their place themselves."""
    path = request.path

    def item(title: str, url: str, icon: str) -> dict[str, object]:
        return {"title": title, "url": url, "icon": icon, "count": None, "current": path == url}

    if found.actor.is_staff:
        return [
            {
                "title": None,
                "items": [
                    item("Рабочий стол", url_for("home.start"), "home"),
                    item("Все документы", url_for("records.index"), "folder"),
                ],
            }
        ]
    kinds = [k for k in registry if k.member_menu]
    return [
        {
            "title": None,
            "items": [
                item("Главная", url_for("home.start"), "home"),
                item("Документы", url_for("records.index"), "folder"),
            ],
        },
        {"title": "Подать", "items": [item(k.title, url_for("records.new", kind=k.name), "plus") for k in kinds]},
    ]
