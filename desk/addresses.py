"""From an address to a list query: what a page asks for, and what a saved view keeps."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from records.actor import Actor
from records.kinds import registry
from records.query import ListQuery
from workflows.reference import state_titles


def query_of(text: str, actor: Actor) -> ListQuery:
    """The query of a kept address («mine=1&due=overdue»)."""
    return list_query(MultiDict(parse_qsl(text.lstrip("?"))), actor)


def list_query(args: MultiDict[str, str], actor: Actor) -> ListQuery:
    """The query of an address; what cannot be read is left out."""
    kinds = tuple(k for k in args.getlist("kind") if k in registry)
    values = {}
    if len(kinds) == 1:
        names = {f.name for f in registry[kinds[0]].data_fields if f.filter}
        values = {name: args[name] for name in names if args.get(name)}
    return ListQuery(
        kind=kinds,
        state=tuple(s for s in args.getlist("state") if s in state_titles()),
        organisation=args.get("organisation", type=int),
        assignee=actor.user_id if args.get("mine") == "1" else args.get("assignee", type=int),
        filed=args.get("filed") == "1",
        author=args.get("author", type=int),
        direction=args.get("direction", "") if args.get("direction") in ("in", "out", "internal") else "",
        channel=args.get("channel", ""),
        number=args.get("number", ""),
        text=args.get("q", ""),
        case=args.get("case", ""),
        date_from=_day(args.get("date_from")),
        date_to=_day(args.get("date_to")),
        due=args.get("due", ""),
        open_only=True if args.get("open") == "1" else None,
        trashed=args.get("trashed") == "1",
        values=values,
        sort=args.get("sort") or "-id",
        after=args.get("after", ""),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
