"""From the address to a list query and back: a list is its link, and the link can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from records.actor import Actor
from records.fields import Choice
from records.kinds import registry
from records.query import ListQuery
from workflows.reference import state_titles


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


@dataclass(frozen=True)
class FilterChoice:
    """A filter of the list as the page draws it."""

    name: str
    label: str
    choices: Mapping[str, str]
    value: str


def describe(q: ListQuery, actor: Actor) -> list[FilterChoice]:
    """The filters that fit the present query: common ones, and those of the one chosen kind."""
    kinds = {k.name: k.title for k in registry if k.listed and (actor.is_staff or k.member_sees != "none")}
    found = [
        FilterChoice("kind", "Вид", kinds, q.kind[0] if q.kind else ""),
        FilterChoice("state", "Состояние", _states(q), q.state[0] if q.state else ""),
    ]
    if len(q.kind) == 1:
        for field in registry[q.kind[0]].data_fields:
            if field.filter and isinstance(field, Choice):
                found.append(FilterChoice(field.name, field.label, field.choices, q.values.get(field.name, "")))
    return found


def _states(q: ListQuery) -> Mapping[str, str]:
    titles = state_titles()
    if len(q.kind) == 1:
        return {s: titles.get(s, s) for s in registry[q.kind[0]].workflow.states}
    return titles
