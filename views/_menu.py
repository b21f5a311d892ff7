"""The left menu: each page module says its own lines (`MENU`), this one puts them in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from records.actor import Actor

SECTIONS: tuple[tuple[str, str | None], ...] = (
    ("main", None),
    ("office", "Канцелярия"),
    ("member", "Организация"),
    ("help", "Справка"),
    ("keeping", "Хранение"),
    ("people", "Люди"),
    ("settings", "Управление"),
)


@dataclass(frozen=True)
class Item:
    """A line of the menu: where it stands, where it leads, and who sees it."""

    section: str
    title: str
    endpoint: str
    icon: str
    shown: Callable[[Actor], bool] = lambda actor: True
    order: int = 50
    values: Mapping[str, str] = field(default_factory=dict)
    counter: str = ""


def staff(actor: Actor) -> bool:
    return actor.is_staff


def member(actor: Actor) -> bool:
    return not actor.is_staff and actor.organisation_id is not None


def roles(*codes: str) -> Callable[[Actor], bool]:
    """Shown to those who hold one of these roles."""
    wanted = frozenset(codes)
    return lambda actor: bool(actor.roles & wanted)


_items: list[Item] = []


def add(items: tuple[Item, ...]) -> None:
    """Take the lines of a page module (wiring)."""
    _items.extend(item for item in items if item not in _items)
    _items.sort(key=lambda item: item.order)


def build(actor: Actor, counters: Mapping[str, int] | None = None) -> list[dict[str, object]]:
    """The menu of a person, as the layout draws it."""
    sections: list[dict[str, object]] = []
    for code, title in SECTIONS:
        lines = [_line(item, counters or {}) for item in _items if item.section == code and item.shown(actor)]
        if lines:
            sections.append({"title": title, "items": lines})
    return sections


def _line(item: Item, counters: Mapping[str, int]) -> dict[str, object]:
    url = url_for(item.endpoint, **dict[str, Any](item.values))
    here = request.full_path.rstrip("?") if item.values else request.path
    return {
        "title": item.title,
        "url": url,
        "icon": item.icon,
        "count": counters.get(item.counter) if item.counter else None,
        "current": here == url,
    }
