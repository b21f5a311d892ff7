"""News of saved views: a counter on the start page, and a notice when something new falls into one (R-33)."""

from __future__ import annotations

from sqlalchemy import select, update

from accounts.actors import actor_for
from language.plural import counted
from messaging import notify
from messaging.unit import alone
from records import parameters, query
from records.actor import Actor
from records.database import db
from records.people import User

from .addresses import query_of
from .model import SavedView
from .saved_views import View

SHOWN = 99
MOST = 500


def count(actor: Actor, view: View) -> str:
    """How many records a view holds now: «12», «99+»."""
    found, more = query.count(actor, query_of(view.query, actor), parameters.today(), cap=SHOWN)
    return f"{found}+" if more else str(found)


def tell_all() -> None:
    """Look through the views with alerts (a timer); each owner is told of what is new, once."""
    found = db.session.execute(
        select(SavedView.id, User).join(User, User.id == SavedView.user_id).where(SavedView.alerts.is_(True))
    ).all()
    owners = [(view_id, actor_for(user)) for view_id, user in found if user.is_active]
    db.session.rollback()
    for view_id, owner in owners:
        _tell(view_id, owner)


def _tell(view_id: int, owner: Actor) -> None:
    with alone():
        view = db.session.get(SavedView, view_id)
        if view is None or owner.user_id is None:
            return
        q = query_of(view.query, owner)
        ids = query.all_ids(owner, q, parameters.today(), cap=MOST)
        new = {i for i in ids if i > view.seen_id}
        if q.due == "overdue":
            new |= _lately_overdue(owner, view, ids)
        top = max(ids, default=view.seen_id)
        for record_id in sorted(new) if len(new) <= 3 else []:
            _say(
                owner, view, f"Новое в виде «{view.title}»", f"{view.id}:{record_id}", f"/records/{record_id}"
            )
        if len(new) > 3:
            words = counted(len(new), ("документ", "документа", "документов"))
            _say(
                owner,
                view,
                f"Новое в виде «{view.title}»: {words}",
                f"{view.id}:{top}:{len(new)}",
                f"/records?{view.query}",
            )
        db.session.execute(
            update(SavedView).where(SavedView.id == view_id).values(seen_id=max(top, view.seen_id))
        )


def _lately_overdue(owner: Actor, view: SavedView, ids: list[int]) -> set[int]:
    """Records whose term ran out after the view was made: nothing happened to them but time."""
    since = view.created_at.astimezone(parameters.zone()).date()
    rows = query.some(owner, ids)
    return {r.id for r in rows if r.due_on is not None and r.due_on >= since and r.id <= view.seen_id}


def _say(owner: Actor, view: SavedView, text: str, key: str, url: str) -> None:
    assert owner.user_id is not None
    notify.tell([owner.user_id], text, url, key=f"view:{key}", organisation_id=owner.organisation_id or 0)
