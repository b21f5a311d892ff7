"""Small meetings for the tests: a scene is a scenario in good order, changed where a test says so."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from meetings.fold import judge
from meetings.result import result
from meetings.scenario import read_scenario
from meetings.state import State, begin

CASES = Path(__file__).parent.parent / "data" / "meetings"
PEOPLE = ("dir", "clk", "k1", "k2", "k3", "p1", "p2", "p3")
BOARD = {"chair": "k1", "secretary": "k2", "members": ["k3"]}
CHARTER_BASIS = {"kind": "charter", "document": "Устав, п. 8.4"}


def at(clock: str, day: str = "04-23") -> str:
    """A moment of the meeting's year, Moscow time: `at("10:05")`, `at("12:00", "04-08")`."""
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    return f"2026-{day}T{seconds}+03:00"


def event(type_: str, when: str = "10:05", **fields: Any) -> dict[str, Any]:
    return {"at": when if "T" in when else at(when), "type": type_, **fields}


NOTICE = event("notice_sent", at("12:00", "04-08"))


def item(name: str = "q1", class_: str = "ordinary", **fields: Any) -> dict[str, Any]:
    return {"id": name, "class": class_, **fields}


def election(name: str = "q1", *, candidates: int = 3, seats: int = 1, **fields: Any) -> dict[str, Any]:
    names = [f"c{number}" for number in range(1, candidates + 1)]
    return item(
        name, fields.pop("class_", "ordinary"), kind="election", candidates=names, seats=seats, **fields
    )


def scene(form: str = "in_person", *events: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A lawful meeting of ten members in this form. `meeting` changes its plan, other words the scenario."""
    plan: dict[str, Any] = {
        "form": form,
        "kind": "regular",
        "place": "г. Условск",
        "basis": dict(CHARTER_BASIS),
        "counting_board": copy.deepcopy(BOARD),
    }
    if form != "absentee":
        plan["starts_at"] = at("10:00")
    if form in {"absentee", "combined"}:
        plan["intake"] = {
            "opens_at": at("09:00", "04-16"),
            "closes_at": at("18:00"),
            "channels": ["cabinet", "email", "paper"],
        }
        plan["counting_at"] = at("11:00", "04-24")
    if form == "remote":
        plan["registration"] = {"opens_at": at("09:00", "04-20")}
        plan["tool"] = {"name": "Видеозал", "public": True, "free": True, "special_gear": False}
        plan["voting_way"] = "кнопки кабинета"
        plan["evidence"] = {"kind": "chat"}
    plan.update(changes.pop("meeting", {}))
    return {
        "format": "meeting-scenario/1",
        "id": "scene",
        "sro": {"zone": "Europe/Moscow", "director": "dir", "clerk": "clk"},
        "people": {name: name for name in PEOPLE},
        "members": [{"ids": "m1..m10"}],
        "meeting": {key: value for key, value in plan.items() if value is not None},
        "agenda": [item()],
        "events": copy.deepcopy([NOTICE, *events]),
        **changes,
    }


def played(scenario: dict[str, Any]) -> State:
    """The state after all events, by the fold alone."""
    case, events, _ = read_scenario(copy.deepcopy(scenario))
    state = begin(case)
    for row in events:
        judge(state, row)
    return state


def outcome_of(scenario: dict[str, Any]) -> dict[str, Any]:
    """The result by the fold alone."""
    case, events, _ = read_scenario(copy.deepcopy(scenario))
    state = begin(case)
    return result(state, [judge(state, row) for row in events])


def codes(scenario: dict[str, Any], n: int = -1) -> list[str]:
    """Codes of refusal of an event, by default the last one; each once."""
    refused = outcome_of(scenario)["events"][n]["refused"]
    return list(dict.fromkeys(row["code"] for row in refused))


def question(scenario: dict[str, Any], name: str = "q1") -> dict[str, Any]:
    return next(row for row in outcome_of(scenario)["questions"] if row["item"] == name)


def admitted(members: str | list[str] = "m1..m10", when: str = "09:30", **fields: Any) -> dict[str, Any]:
    return event("admitted", when, members=[members] if isinstance(members, str) else members, **fields)


def vote(
    members: str | list[str], mark: Any = "for", name: str = "q1", when: str = "10:10", **fields: Any
) -> dict[str, Any]:
    who = [members] if isinstance(members, str) else members
    return event("vote", when, members=who, item=name, mark=mark, **fields)


def opened(name: str = "q1", when: str = "10:05") -> dict[str, Any]:
    return event("question_opened", when, item=name)


def closed(name: str = "q1", when: str = "10:20") -> dict[str, Any]:
    return event("question_closed", when, item=name)


def listed(when: str = "10:00") -> dict[str, Any]:
    return event("list_closed", when)


def ballot(members: str | list[str] | None, when: str = "", **fields: Any) -> dict[str, Any]:
    """A ballot «за» on the first question, in time, through the cabinet."""
    row = event("ballot_received", when or at("12:00", "04-20"), **{"marks": {"q1": "for"}, **fields})
    if members is not None:
        row["members"] = [members] if isinstance(members, str) else members
    return row


def counts(when: str = "") -> dict[str, Any]:
    return event("board_counts", when or at("11:00", "04-24"))


def dispositions(scenario: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (row["disposition"], [reason["code"] for reason in row["reasons"]])
        for row in outcome_of(scenario)["ballots"]
    ]
