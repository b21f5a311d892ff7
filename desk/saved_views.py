"""Saved views: a list is its address; keeping it, sharing it, being told of what is new in it (R-33)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import or_, select

from messaging.unit import alone
from records import parameters
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.query import all_ids

from .addresses import query_of
from .model import SavedView

MOST = 50


@dataclass(frozen=True)
class View:
    """A saved view as the list shows it."""

    id: int
    title: str
    query: str
    mine: bool
    shared: bool
    alerts: bool


def of(actor: Actor) -> list[View]:
    """The person's own views, and (for staff) those colleagues have shared."""
    if actor.user_id is None:
        return []
    wanted = SavedView.user_id == actor.user_id
    if actor.is_staff:
        wanted = or_(wanted, SavedView.is_shared.is_(True))
    rows = db.session.scalars(select(SavedView).where(wanted).order_by(SavedView.id).limit(MOST))
    return [View(r.id, r.title, r.query, r.user_id == actor.user_id, r.is_shared, r.alerts) for r in rows]


def keep(actor: Actor, title: str, query: str, *, shared: bool = False, alerts: bool = False) -> SavedView:
    """Keep a list under a name; the same name of the same person is replaced."""
    if actor.user_id is None or actor.read_only:
        raise Forbidden
    title = " ".join(title.split())[:80]
    text = urlencode(
        parse_qsl(query.lstrip("?")[:1000])
    )  # an address, whatever was posted: it is put into one
    if not title:
        raise Invalid({"title": ["Назовите представление, например «Мои просроченные»."]})
    present = max(all_ids(actor, query_of(text, actor), parameters.today(), cap=1), default=0)
    with alone():
        found = db.session.scalars(
            select(SavedView).where(SavedView.user_id == actor.user_id, SavedView.title == title)
        ).first()
        entry = found or SavedView(user_id=actor.user_id, title=title, query="")
        entry.query = text
        entry.seen_id = present  # what is there already is no news
        entry.is_shared = shared and actor.is_staff
        entry.alerts = alerts
        db.session.add(entry)
    return entry


def drop(actor: Actor, view_id: int) -> None:
    """Forget one of one's own views."""
    with alone():
        entry = db.session.get(SavedView, view_id)
        if entry is None or entry.user_id != actor.user_id:
            raise NotFound
        db.session.delete(entry)
