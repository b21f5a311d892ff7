"""The filters of a list as its page draws them; the query itself is the address,
and can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.addresses import list_query
from records.actor import Actor
from records.fields import Choice
from records.kinds import registry
from records.query import ListQuery
from workflows.reference import state_titles

__all__ = ["FilterChoice", "describe", "list_query"]


@dataclass(frozen=True)
class FilterChoice:
    """A filter of the list as the page draws it."""

    name: str
    label: str
    choices: Mapping[str, str]
    value: str


def describe(q: ListQuery, actor: Actor) -> list[FilterChoice]:
    """The filters that fit the present query: common ones, and those of the one chosen kind."""
    kinds = {k.name: k.title for k in registry if (actor.is_staff or k.member_sees != "none")}
    found = [
        FilterChoice("kind", "Вид", kinds, q.kind[0] if q.kind else ""),
        FilterChoice("state", "Состояние", _states(q), q.state[0] if q.state else ""),
    ]
    if len(q.kind) == 1:
        for field in registry[q.kind[0]].data_fields:
            if field.filter and isinstance(field, Choice):
                found.append(
                    FilterChoice(field.name, field.label, field.choices, q.values.get(field.name, ""))
                )
    return found


def _states(q: ListQuery) -> Mapping[str, str]:
    titles = state_titles()
    if len(q.kind) == 1:
        return {s: titles.get(s, s) for s in registry[q.kind[0]].workflow.states}
    return titles
