"""The language of what happens at a meeting: one JSON for scenarios, the journal and what the pages record.

`read_event` reads one event, `read_scenario` a whole scenario with the checks that need all of it (ids, order
of time). What is known beforehand is read by `casebook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final

from . import reading as read
from .casebook import read_case, read_item
from .facts import Case, Event, Item
from .reading import BadScenario, shape

_MEMBERS: Final = ("members",)
_EVENTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "notice_sent": ((), ("to", "missing")),
    "proposal": (("members", "item"), ("motives", "wording")),
    "agenda_changed": (("add",), ()),
    "registration_sheet": (_MEMBERS, ("person",)),
    "code_entered": (_MEMBERS, ("person", "code")),
    "admitted": (_MEMBERS, ("person",)),
    "left": (_MEMBERS, ()),
    "reconnect": (_MEMBERS, ()),
    "list_closed": ((), ()),
    "quorum_check": ((), ()),
    "question_opened": (("item",), ()),
    "vote": (("members", "item", "mark"), ("person", "signature")),
    "question_closed": (("item",), ()),
    "break": ((), ("reason",)),
    "resume": ((), ("reason",)),
    "ballot_received": (
        ("marks",),
        ("members", "channel", "person", "signature", "seal", "sent_at", "version"),
    ),
    "board_counts": ((), ()),
    "objection": (("members", "about"), ("text",)),
    "record_against_request": (("members", "item"), ()),
    "record_fact_request": (_MEMBERS, ("text",)),
    "meeting_closed": ((), ()),
}
"""Each type of event: the fields it must have, and those it may have."""

_FIELDS: Final[dict[str, read.Reader]] = {
    "at": read.instant,
    "type": read.one_of(*_EVENTS),
    "missing": read.many(read.text),
    "motives": read.flag,
    "wording": read.flag,
    "add": read.many(read.as_is, least=1),
    "person": read.name,
    "code": read.text,
    "item": read.name,
    "mark": read.mark,
    "marks": read.table(read.mark),
    "signature": read.one_of("none", "simple", "qualified", "handwritten", "broken", "alien"),
    "reason": read.text,
    "text": read.text,
    "channel": read.one_of("cabinet", "email", "paper"),
    "seal": read.flag,
    "sent_at": read.instant,
    "version": read.whole,
    "about": read.one_of("agenda", "voting", "counting"),
}


def read_event(value: Any, where: str, case: Case, *, is_sealed: bool = False) -> Event:
    """One event. A sealed vote is the fact of a secret vote: its mark is kept elsewhere."""
    if not isinstance(value, dict):
        raise BadScenario(f"{where}: нужен объект")
    kind = _FIELDS["type"](value.get("type"), f"{where}.type")
    required, optional = _EVENTS[kind]
    if is_sealed:
        required = tuple(key for key in required if key != "mark")
    readers = dict(_FIELDS)
    readers["members"] = readers["to"] = read.member_list(case.members)
    if kind == "proposal":
        readers["item"] = lambda entry, here: read_item(entry, here, case.charter)
    row = shape(
        value,
        where,
        {key: readers[key] for key in ("at", "type", *required)},
        {key: readers[key] for key in optional},
    )
    if kind == "proposal":
        row["proposal"] = row.pop("item")
        if len(row["members"]) != 1:
            raise BadScenario(f"{where}: предложение вносит один член")
    if kind == "agenda_changed":
        row["add"] = tuple(_added(entry, f"{where}.add[{n}]", case) for n, entry in enumerate(row["add"]))
    if "reason" in row:
        row["text"] = row.pop("reason")
    if "to" in row:
        row["members"] = row.pop("to")
    return Event(**row)


def _added(entry: Any, where: str, case: Case) -> str | Item:
    return read_item(entry, where, case.charter) if isinstance(entry, dict) else str(read.name(entry, where))


def read_scenario(value: Any) -> tuple[Case, list[Event], list[dict[str, Any]]]:
    """A whole scenario: the case, its events, and the events as written. Raises BadScenario."""
    if not isinstance(value, dict):
        raise BadScenario("сценарий: нужен объект JSON")
    written = value.get("events")
    if not isinstance(written, list):
        raise BadScenario("сценарий: нет списка «events»")
    case = read_case({key: entry for key, entry in value.items() if key != "events"})
    events = [read_event(entry, f"events[{n}]", case) for n, entry in enumerate(written, 1)]
    for n, (before, after) in enumerate(pairwise(events), 2):
        if after.at < before.at:
            raise BadScenario(f"events[{n}]: событие раньше предыдущего")
    _check_names(case, events)
    return case, events, written


def _check_names(case: Case, events: Iterable[Event]) -> None:
    """Every person and question that is spoken of must be known."""
    events = list(events)
    items = _all_items(case, events)
    people = {*case.people, *(member.head for member in case.members.values())}
    for person, where in _people_named(case, events, items):
        if person is not None and person not in people:
            raise BadScenario(f"{where}: нет такого лица: {person}")
    for proxy in case.proxies.values():
        for item in proxy.items or ():
            if item not in items:
                raise BadScenario(f"доверенность {proxy.id}: нет вопроса {item}")
    for n, event in enumerate(events, 1):
        _check_marks(event, f"events[{n}]", items)


def _all_items(case: Case, events: Iterable[Event]) -> dict[str, Item]:
    items = {item.id: item for item in case.agenda}
    on_agenda = frozenset(items)
    for n, event in enumerate(events, 1):
        for item in (event.proposal, *event.add):
            if isinstance(item, str) and item not in items:
                raise BadScenario(f"events[{n}]: нет предложения {item}")
            if isinstance(item, Item):
                if item.id in on_agenda:
                    raise BadScenario(f"events[{n}]: вопрос {item.id} уже есть в повестке")
                items[item.id] = item  # a refused proposal may be filed again
    return items


def _people_named(
    case: Case, events: Iterable[Event], items: Mapping[str, Item]
) -> Iterable[tuple[str | None, str]]:
    yield case.director, "sro.director"
    yield case.clerk, "sro.clerk"
    yield case.plan.chair, "meeting.chair"
    yield case.plan.secretary, "meeting.secretary"
    for board, where in ((case.plan.counting_board, "счётная"), (case.plan.credentials_board, "мандатная")):
        for person in board.people if board else ():
            yield person, f"комиссия {where}"
    for proxy in case.proxies.values():
        yield proxy.holder, f"доверенность {proxy.id}"
    for item in items.values():
        yield item.nominee, f"вопрос {item.id}"
    for n, event in enumerate(events, 1):
        yield event.person, f"events[{n}].person"


def _check_marks(event: Event, where: str, items: Mapping[str, Item]) -> None:
    marks = dict(event.marks)
    if event.item is not None:
        marks[event.item] = event.mark or ()
    for item_id, mark in marks.items():
        if item_id not in items:
            raise BadScenario(f"{where}: нет вопроса {item_id}")
        known = {"for", "against", "abstain", *items[item_id].candidates}
        for one in mark if isinstance(mark, tuple) else ():
            if one not in known:
                raise BadScenario(f"{where}: в вопросе {item_id} нет варианта {one}")
