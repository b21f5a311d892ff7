"""The live room: who may do what there, entering by the code, voting for several, the pulse of the room."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from records.actor import HEAD, Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import Seat as Post

from . import burst, people
from .facts import Item
from .fold import Verdict
from .journal import Head
from .model import Meeting
from .rules import RULES
from .service import here
from .state import State
from .taking import hall

LEADS: Final = frozenset(
    {"list_closed", "quorum_check", "question_opened", "question_closed", "break", "resume", "meeting_closed"}
)
"""Acts of the one who leads (004 п. 3.6): the chair, or the secretary who helps him."""
ADMITS: Final = frozenset({"admitted", "left", "reconnect"})
"""Acts of the credentials board (Z.7–Z.9)."""
SAYS: Final = frozenset({"objection", "record_against_request", "record_fact_request"})
"""What a participant may have written into the minutes (ГК ст. 181.2 п. 4)."""
_VARIANTS: Final = ("for", "against", "abstain")
_CODE_DIGITS: Final = 8


@dataclass(frozen=True)
class Receipt:
    """The proof given to a voter: the entry of the journal, its digest, and what became of each vote."""

    entry: int
    digest: str
    accepted: tuple[str, ...]
    refused: Mapping[str, str]


# --- who is who ------------------------------------------------------------------------------------


def names_of(actor: Actor) -> frozenset[str]:
    """The names the journal knows the person by: his account, and every company he heads."""
    if actor.user_id is None:
        return frozenset()
    headed = db.session.scalars(
        select(Post.organisation_id).where(
            Post.user_id == actor.user_id, Post.role == HEAD, Post.organisation_id.is_not(None)
        )
    )
    return frozenset({f"u{actor.user_id}", *(f"{people.member_of(one)}.head" for one in headed if one)})


def is_chair(actor: Actor, state: State) -> bool:
    plan = state.case.plan
    return f"u{actor.user_id}" in {plan.chair, plan.secretary} or "council_secretary" in actor.roles


def is_on_board(actor: Actor, state: State) -> bool:
    """Whether the person admits participants."""
    board = state.case.plan.credentials_board
    named = board is not None and f"u{actor.user_id}" in board.people
    return named or "comm_mandate" in actor.roles


def mine(state: State, names: frozenset[str]) -> list[str]:
    """Members the person speaks for in the room: by an accepted sheet, or already admitted."""
    found = {member for member, sheet in state.sheets.items() if sheet.person in names}
    found |= {member for member, seat in state.seats.items() if seat.person in names}
    return state.in_register_order(found)


def allowed(actor: Actor, state: State) -> bool:
    """The room is open to its participants and its officers, and to nobody else (M-37)."""
    names = names_of(actor)
    officers = is_chair(actor, state) or is_on_board(actor, state) or "comm_counting" in actor.roles
    may_bind = actor.may_bind or bool(mine(state, names))
    return officers or (may_bind and bool(mine(state, names) or _could_be(state, names)))


def _could_be(state: State, names: frozenset[str]) -> bool:
    """At a meeting in person nobody hands in a sheet: the head and the holder of a proxy just come."""
    if state.case.plan.is_remote:
        return False
    heads = {member.head for member in state.case.members.values()}
    return bool(names & heads) or any(state.case.held.get(name) for name in names)


# --- the door --------------------------------------------------------------------------------------


def code_of(key: str, record_id: int, member: str) -> str:
    """The individual code of a member at a meeting: never stored, so neither a backup nor a log tells it."""
    made = hmac.new(key.encode(), f"meeting-code:{record_id}:{member}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(made[:8], "big") % 10**_CODE_DIGITS).zfill(_CODE_DIGITS)


def enter(actor: Actor, record_id: int, key: str, typed: str) -> list[str]:
    """The person types the code of any member he speaks for. Gives the members the room now knows (Z.7).

    The journal is told that a wrong code was typed, never which one.
    """
    meeting_id, state = _state(record_id)
    members = [m for m in mine(state, names_of(actor)) if m in state.sheets]
    if not members:
        raise Forbidden("Нет принятого листа регистрации: подайте его на странице собрания.")
    code = "".join(filter(str.isdigit, typed))
    matched = [m for m in members if hmac.compare_digest(code_of(key, record_id, m), code)]
    wrong = {} if matched else {"code": "неверный"}
    event = {"type": "code_entered", "members": matched or members, **wrong}
    by_person: dict[str, list[str]] = {}
    for member in event["members"]:
        by_person.setdefault(state.sheets[member].person, []).append(member)
    entered: list[str] = []
    for person, known in by_person.items():
        _, verdict = _tell(meeting_id, {**event, "members": known, "person": person})
        _raise(verdict)
        entered += [m for m in verdict.accepted if m]
    return entered


# --- acts ------------------------------------------------------------------------------------------


def lead(actor: Actor, record_id: int, verb: str, *, item: str | None = None, reason: str = "") -> Verdict:
    """An act of the chair. What the law does not allow now is refused with its norm, and journaled."""
    meeting_id, state = _state(record_id)
    if verb not in LEADS or not is_chair(actor, state):
        raise Forbidden("Собрание ведёт председательствующий.")
    if item is not None and item not in state.agenda:
        raise NotFound
    fields: dict[str, Any] = {"item": item} if item is not None else {}
    if verb in {"question_opened", "question_closed"} and item is None:
        raise Invalid({"item": ["Назовите вопрос."]})
    if reason and verb in {"break", "resume"}:
        fields["reason"] = reason
    _, verdict = _tell(meeting_id, {"type": verb, **fields})
    _raise(verdict)
    return verdict


def admit(actor: Actor, record_id: int, verb: str, members: Sequence[str]) -> Verdict:
    """An act of the credentials board: let in, note that somebody left, identify anew."""
    meeting_id, state = _state(record_id)
    if verb not in ADMITS or not is_on_board(actor, state):
        raise Forbidden("Участников допускает мандатная комиссия.")
    known = [m for m in members if m in state.case.members]
    if not known:
        raise Invalid({"members": ["Отметьте участников."]})
    event: dict[str, Any] = {"type": verb, "members": known}
    if verb == "admitted" and len(known) == 1 and known[0] in state.sheets:
        event["person"] = state.sheets[known[0]].person
    _, verdict = _tell(meeting_id, event)
    _raise(verdict)
    return verdict


def vote(
    actor: Actor, record_id: int, item: str, marks: Mapping[str, object], *, signature: str = "none"
) -> list[Receipt]:
    """Votes of one person for the members he represents: one mark for all, or one for each.

    Votes with the same mark by the same person are one event; everything else about them is the law's.
    """
    meeting_id, state = _state(record_id)
    found = state.agenda.get(item)
    if found is None:
        raise NotFound
    names = names_of(actor)
    groups: dict[tuple[str, object], list[str]] = {}
    for member, mark in marks.items():
        seat = state.seats.get(member)
        if seat is None or seat.person not in names:
            raise Forbidden("За этого участника вы не голосуете.")
        groups.setdefault((seat.person, _sound_mark(found, mark)), []).append(member)
    receipts = []
    for (person, mark), members in groups.items():
        event = {
            "type": "vote",
            "members": members,
            "item": item,
            "mark": list(mark) if isinstance(mark, tuple) else mark,
            "person": person,
            "signature": signature,
        }
        entry, verdict = _tell(meeting_id, event)
        receipts.append(_receipt(entry.seq, entry.digest, verdict))
    return receipts


def _sound_mark(item: Item, mark: object) -> object:
    """A mark that can be on this paper: a variant, or candidates no more than there are seats."""
    if item.is_election and isinstance(mark, list | tuple):
        chosen = tuple(dict.fromkeys(str(one) for one in mark))
        if set(chosen) <= {*item.candidates, *_VARIANTS}:
            return chosen
    elif isinstance(mark, str) and mark in _VARIANTS:
        return mark
    raise Invalid({"mark": ["Такого варианта в бюллетене нет."]})


def say(actor: Actor, record_id: int, verb: str, **fields: str) -> Verdict:
    """«Прошу внести запись», an objection: on behalf of everybody the person represents in the room."""
    meeting_id, state = _state(record_id)
    members = [m for m in mine(state, names_of(actor)) if m in state.seats]
    if verb not in SAYS or not members:
        raise Forbidden("Записи требует участник собрания.")
    _, verdict = _tell(meeting_id, {"type": verb, "members": members, **fields})
    _raise(verdict)
    return verdict


# --- the pulse -------------------------------------------------------------------------------------


def head_of(record_id: int) -> Head:
    """Where the journal stands: the one thing a watcher asks the database for."""
    row = db.session.execute(
        select(Meeting.entry_count, Meeting.digest).where(Meeting.record_id == record_id)
    ).first()
    if row is None:
        raise NotFound
    return Head(row.entry_count, row.digest)


_pulses: dict[int, tuple[str, dict[str, Any]]] = {}


def pulse(record_id: int) -> tuple[str, dict[str, Any]]:
    """What every screen of the room shows, counted once for an entry of the journal."""
    tag = head_of(record_id).digest[:24]
    known = _pulses.get(record_id)
    if known is None or known[0] != tag:
        halls = here()
        with halls.turn():
            room = halls.room(hall(record_id))
            known = _pulses[record_id] = (room.head.digest[:24], _measured(room.state))
    return known


def _measured(state: State) -> dict[str, Any]:
    """Figures that tell nothing of how anybody votes; how an open question goes is shown to nobody."""
    question = state.open_question
    of = len(state.register)
    present = sum(seat.connected for seat in state.seats.values())
    return {
        "stage": stage(state),
        "present": present,
        "listed": len(state.seats),
        "of": of,
        "needed": state.quorum_share.needed(of),
        "waiting": len(state.sheets.keys() - state.seats.keys()),
        "question": question.item.id if question else None,
        "voted": len(question.voted) if question else 0,
        "base": len(question.base) if question else 0,
        "closed": [name for name, row in state.questions.items() if not row.is_open],
    }


def stage(state: State) -> str:
    """Where the meeting stands."""
    if state.closed:
        return "closed"
    if state.on_break:
        return "break"
    if state.open_item:
        return "voting"
    return "session" if state.list_closed else "registration"


def what_if(state: State, leave: int = 0, come: int = 0) -> tuple[int, bool]:
    """The quorum if so many left and so many came (M-47): how many there would be, and whether it holds."""
    present = sum(seat.connected for seat in state.seats.values())
    have = max(present - leave, 0) + come
    return have, have >= state.quorum_share.needed(len(state.register))


# --- inside ----------------------------------------------------------------------------------------


def _state(record_id: int) -> tuple[int, State]:
    meeting_id = hall(record_id)
    return meeting_id, here().room(meeting_id).state


def _tell(meeting_id: int, event: Mapping[str, Any]) -> burst.Receipt:
    # What this request has read is let go: it must not hold an old picture while it waits its turn.
    db.session.rollback()
    return burst.of(here()).record(meeting_id, event)


def _receipt(entry: int, digest: str, verdict: Verdict) -> Receipt:
    refused = {str(row.member): f"{RULES[row.code].text} ({RULES[row.code].norm})" for row in verdict.refused}
    return Receipt(entry, digest, tuple(m for m in verdict.accepted if m), refused)


def _raise(verdict: Verdict) -> None:
    if verdict.word == "refused":
        codes = dict.fromkeys(row.code for row in verdict.refused)
        raise Refused([f"{RULES[code].text} ({RULES[code].norm})" for code in codes])
