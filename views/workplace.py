"""The curator's workplace: the queue on the left, the paper on the right, next and previous (C-46)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.dates import short_date
from messaging import notify
from records import parameters, query, service
from records.actor import Actor
from records.errors import Forbidden
from records.kinds import registry
from records.model import Record

from . import _menu, _record_page
from ._record_list import CHANNELS, is_late
from ._security import actor

bp = Blueprint("workplace", __name__)

MENU = (_menu.Item("main", "Разобрать очередь", "workplace.queue", "inbox", _menu.staff, order=5),)
LENGTH = 50


@bp.get("/desk")
@login_required
def queue() -> ResponseReturnValue:
    """The queue with the chosen paper open beside it; without script each line is a plain link."""
    who = _staff()
    rows = _rows(who)
    at = request.args.get("at", type=int) or (rows[0].id if rows else 0)
    chosen = _preview(who, at, rows) if at else {}
    return render_template("desk/workplace.html", rows=[_line(r) for r in rows], at=at, **chosen)


@bp.get("/desk/<int:record_id>")
@login_required
def preview(record_id: int) -> ResponseReturnValue:
    """The right side alone, for the script."""
    who = _staff()
    return render_template("desk/_preview.html", at=record_id, **_preview(who, record_id, _rows(who)))


def _staff() -> Actor:
    who = actor()
    if not who.is_staff:
        raise Forbidden("Рабочее место — для сотрудников СРО.")
    return who


def _rows(who: Actor) -> list[Record]:
    """My open papers, the nearest term first; the whole unassigned queue for the clerk."""
    q = query.ListQuery(assignee=who.user_id, open_only=True, filed=True, sort="due_on", limit=LENGTH)
    return list(query.listing(who, q, parameters.today()).rows)


def _preview(who: Actor, record_id: int, rows: list[Record]) -> dict[str, object]:
    service.mark_read(who, record_id)
    notify.seen(who, record_id)
    record = query.get(who, record_id)
    ids = [r.id for r in rows]
    here = ids.index(record_id) if record_id in ids else -1
    context = _record_page.context(who, record)
    return {
        **context,
        "previous": ids[here - 1] if here > 0 else None,
        "following": ids[here + 1] if 0 <= here < len(ids) - 1 else None,
        "place": f"{here + 1} из {len(ids)}" if here >= 0 else "",
    }


def _line(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "title": record.title,
        "number": record.number_text or "черновик",
        "organisation": record.organisation.short_name if record.organisation else record.correspondent,
        "state": (record.state, registry[record.kind].state_title(record.state)),
        "channel": CHANNELS.get(record.channel, record.channel),
        "due": short_date(record.due_on) if record.due_on else "",
        "late": is_late(record),
    }
