"""Reading what is known of a meeting beforehand: register, proxies, charter, plan, agenda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import reading as read
from .charter import Charter
from .facts import Board, Case, Item, Member, Plan, Proxy, Tool
from .reading import BadScenario, shape

FORMAT: Final = "meeting-scenario/1"
FORMS: Final = ("in_person", "remote", "absentee", "combined")
_SINCE: Final = "2010-01-01"

_ITEM: Final = {
    "title": read.text,
    "threshold": read.threshold,
    "secret": read.flag,
    "kind": read.one_of("question", "election"),
    "subject": read.one_of("council", "council_head", "other"),
    "candidates": read.many(read.name, least=1),
    "seats": read.whole,
    "max_marks": read.whole,
    "elects": read.as_is,
}
_ITEM_REQUIRED: Final = {"id": read.name, "class": read.one_of("ordinary", "exclusive", "procedural")}


def read_item(value: Any, where: str, charter: Charter) -> Item:
    """A question of the agenda; its threshold is the charter's unless it has its own."""
    row = shape(value, where, _ITEM_REQUIRED, _ITEM)
    is_election = row.get("kind") == "election"
    if is_election != ("candidates" in row) or is_election != ("seats" in row):
        raise BadScenario(f"{where}: кандидаты и места бывают только у выборов, и у выборов обязательны")
    candidates = row.get("candidates", ())
    if len(set(candidates)) != len(candidates):
        raise BadScenario(f"{where}: кандидат назван дважды")
    elects = _elects(row["elects"], f"{where}.elects") if "elects" in row else {}
    usual = "exclusive_threshold" if row["class"] == "exclusive" else "ordinary_threshold"
    return Item(
        id=row["id"],
        competence=row["class"],
        threshold=row.get("threshold") or charter.share(usual),
        title=row.get("title", ""),
        is_secret=row.get("secret", False),
        subject=row.get("subject", "other"),
        candidates=candidates,
        seats=row.get("seats", 0),
        max_marks=row.get("max_marks", row.get("seats", 0)),
        office=elects.get("office"),
        nominee=elects.get("person"),
    )


def _elects(value: Any, where: str) -> dict[str, Any]:
    return shape(value, where, {"office": read.one_of("chair", "secretary"), "person": read.name})


def read_members(value: Any, where: str) -> dict[str, Member]:
    """The register in its order; a row with a range describes each of its members."""
    status = read.many(_status)
    found: dict[str, Member] = {}
    for place, entry in enumerate(read.many(read.as_is, least=1)(value, where)):
        here = f"{where}[{place}]"
        row = shape(
            entry,
            here,
            {"ids": read.text},
            {
                "kind": read.one_of("company", "sole"),
                "since": read.day,
                "status": status,
                "seal": read.flag,
                "code": read.text,
            },
        )
        seal = row.get("seal", row.get("kind", "company") == "company")
        statuses = tuple(sorted(row.get("status", ()), key=lambda pair: pair[0]))
        since = row.get("since") or read.day(_SINCE, here)
        for one in read.expand(row["ids"], here):
            if one in found:
                raise BadScenario(f"{here}: член {one} описан дважды")
            found[one] = Member(one, since, statuses, seal, row.get("code", f"code-{one}"))
    return found


def _status(value: Any, where: str) -> tuple[Any, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadScenario(f"{where}: нужна пара из момента и статуса")
    status = read.one_of("suspended", "active", "excluded")(value[1], where)
    return read.instant(value[0], where), status


def read_proxies(
    value: Any, where: str, members: Mapping[str, Member], known: Mapping[str, Proxy] | None = None
) -> dict[str, Proxy]:
    """The proxies in their order: the first good one of a holder serves. `known` are those given earlier."""
    found: dict[str, Proxy] = {}
    for place, entry in enumerate(read.many(read.as_is)(value, where)):
        here = f"{where}[{place}]"
        row = shape(
            entry,
            here,
            {
                "id": read.name,
                "from": read.member_list(members),
                "to": read.name,
                "issued_on": read.or_null(read.day),
            },
            {
                "valid_from": read.day,
                "valid_until": read.day,
                "items": read.many(read.name),
                "revoked_at": read.instant,
                "signed": read.flag,
                "may_delegate": read.flag,
                "delegated_from": read.name,
                "notarised": read.flag,
            },
        )
        if row["id"] in found:
            raise BadScenario(f"{here}: доверенность {row['id']} описана дважды")
        found[row["id"]] = Proxy(
            id=row["id"],
            principals=frozenset(row["from"]),
            holder=row["to"],
            issued_on=row["issued_on"],
            valid_from=row.get("valid_from"),
            valid_until=row.get("valid_until"),
            items=frozenset(row["items"]) if "items" in row else None,
            revoked_at=row.get("revoked_at"),
            signed=row.get("signed", True),
            may_delegate=row.get("may_delegate", False),
            delegated_from=row.get("delegated_from"),
            notarised=row.get("notarised", False),
        )
    _check_chains({**(known or {}), **found}, where)
    return found


def _check_chains(proxies: Mapping[str, Proxy], where: str) -> None:
    for proxy in proxies.values():
        seen = {proxy.id}
        base = proxy.delegated_from
        while base is not None:
            if base not in proxies:
                raise BadScenario(f"{where}: нет доверенности {base}, на которой основана {proxy.id}")
            if base in seen:
                raise BadScenario(f"{where}: доверенности {proxy.id} и {base} основаны друг на друге")
            seen.add(base)
            base = proxies[base].delegated_from


_BOARD_REQUIRED: Final = {"chair": read.name, "secretary": read.name}
_PLAN: Final = {
    "live_form": read.one_of("in_person", "remote"),
    "basis": read.as_is,
    "place": read.text,
    "starts_at": read.instant,
    "registration": read.as_is,
    "intake": read.as_is,
    "counting_at": read.instant,
    "chair": read.name,
    "secretary": read.name,
    "counting_board": read.as_is,
    "credentials_board": read.as_is,
    "vote_signature": read.one_of("none", "simple", "qualified"),
    "tool": read.as_is,
    "voting_way": read.text,
    "evidence": read.as_is,
}


def read_plan(value: Any, where: str) -> Plan:
    """The decision that calls the meeting. Raises BadScenario when the form lacks its own times."""
    row = shape(
        value, where, {"form": read.one_of(*FORMS), "kind": read.one_of("regular", "extraordinary")}, _PLAN
    )
    needs = {"absentee": ("intake", "counting_at"), "combined": ("starts_at", "intake", "counting_at")}
    for key in needs.get(row["form"], ("starts_at",)):
        if key not in row:
            raise BadScenario(f"{where}: для этой формы нужно поле «{key}»")
    basis = shape(
        row.get("basis", {"kind": "none"}),
        f"{where}.basis",
        {"kind": read.one_of("none", "law", "unanimous_decision", "charter")},
        {"document": read.text},
    )
    registration = shape(
        row.get("registration", {}),
        f"{where}.registration",
        {"opens_at": read.instant} if "registration" in row else {},
        {"closes_at": read.instant},
    )
    intake = _intake(row.get("intake"), f"{where}.intake")
    return Plan(
        form=row["form"],
        kind=row["kind"],
        live_form=row.get("live_form", "in_person"),
        basis=basis["kind"],
        basis_document=basis.get("document", ""),
        place=row.get("place", ""),
        starts_at=row.get("starts_at"),
        registration_opens_at=registration.get("opens_at"),
        registration_closes_at=registration.get("closes_at"),
        intake_opens_at=intake.get("opens_at"),
        intake_closes_at=intake.get("closes_at"),
        channels=intake.get("channels", ()),
        counting_at=row.get("counting_at"),
        chair=row.get("chair"),
        secretary=row.get("secretary"),
        counting_board=_board(row.get("counting_board"), f"{where}.counting_board"),
        credentials_board=_board(row.get("credentials_board"), f"{where}.credentials_board"),
        vote_signature=row.get("vote_signature", "simple"),
        tool=_tool(row.get("tool"), f"{where}.tool"),
        voting_way=row.get("voting_way", ""),
        has_evidence=_evidence(row.get("evidence"), f"{where}.evidence"),
    )


def _intake(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    channel = read.one_of("cabinet", "email", "paper")
    return shape(
        value,
        where,
        {"opens_at": read.instant, "closes_at": read.instant, "channels": read.many(channel, least=1)},
    )


def _board(value: Any, where: str) -> Board | None:
    if value is None:
        return None
    row = shape(value, where, _BOARD_REQUIRED, {"members": read.many(read.name)})
    return Board(row["chair"], row["secretary"], row.get("members", ()))


def _tool(value: Any, where: str) -> Tool | None:
    if value is None:
        return None
    needs = {"public": read.flag, "free": read.flag, "special_gear": read.flag}
    row = shape(value, where, needs, {"name": read.text})
    return Tool(row.get("name", ""), row["public"] and row["free"] and not row["special_gear"])


def _evidence(value: Any, where: str) -> bool:
    """Whether the will of the participants is provably fixed: a chat, or a video with its start and end."""
    if value is None:
        return False
    row = shape(
        value, where, {"kind": read.one_of("video", "chat")}, {"from": read.instant, "to": read.instant}
    )
    return row["kind"] == "chat" or ("from" in row and "to" in row)


_CASE_REQUIRED: Final = {
    "format": read.one_of(FORMAT),
    "id": read.text,
    "members": read.as_is,
    "meeting": read.as_is,
    "agenda": read.many(read.as_is, least=1),
}
_CASE: Final = {
    "title": read.text,
    "detail": read.one_of("full", "totals"),
    "sro": read.as_is,
    "charter": read.as_is,
    "people": read.table(read.text),
    "proxies": read.as_is,
}


def read_case(value: Any) -> Case:
    """What is known of a meeting before anything happens at it (a scenario without its events)."""
    row = shape(value, "сценарий", _CASE_REQUIRED, _CASE)
    sro = shape(row.get("sro", {}), "sro", {}, {"zone": read.text, "director": read.name, "clerk": read.name})
    members = read_members(row["members"], "members")
    charter = _charter(row.get("charter", {}))
    case = Case(
        id=row["id"],
        zone=_zone(sro.get("zone", "Europe/Moscow")),
        charter=charter,
        members=members,
        proxies=read_proxies(row.get("proxies", []), "proxies", members),
        plan=read_plan(row["meeting"], "meeting"),
        agenda=tuple(read_item(entry, f"agenda[{n}]", charter) for n, entry in enumerate(row["agenda"])),
        director=sro.get("director"),
        clerk=sro.get("clerk"),
        title=row.get("title", ""),
        people=row.get("people", {}),
        is_brief=row.get("detail") == "totals",
    )
    if len({item.id for item in case.agenda}) != len(case.agenda):
        raise BadScenario("agenda: вопрос назван дважды")
    return case


def _charter(value: Any) -> Charter:
    if not isinstance(value, dict):
        raise BadScenario("charter: нужен объект")
    try:
        return Charter.of(value)
    except ValueError as error:
        raise BadScenario(f"charter: {error}") from error


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadScenario(f"sro.zone: нет такого часового пояса: {value}") from error


def merge_facts(case: Case, facts: Any) -> Case:
    """The case after the world has changed: rows of members, proxies and people; a known id is replaced."""
    row = shape(
        facts, "факты", {}, {"members": read.as_is, "proxies": read.as_is, "people": read.table(read.text)}
    )
    members = dict(case.members)
    if "members" in row:
        members.update(read_members(row["members"], "members"))
    proxies = dict(case.proxies)
    if "proxies" in row:
        proxies.update(read_proxies(row["proxies"], "proxies", members, known=case.proxies))
    people = {**case.people, **row.get("people", {})}
    return replace(case, members=members, proxies=proxies, people=people)
