"""What members and the office do between the call and the count: sheets, proxies, proposals, ballots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from records import service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.model import Record
from records.people import User
from records.service import work
from records.service.unit import Work

from . import people
from .fold import Verdict
from .kinds import PREPARE
from .model import BallotDraft
from .papers import phrases
from .preparing import meeting_of, notify, plan_of
from .rules import RULES
from .service import here
from .state import State


def hall(record_id: int) -> int:
    """The journal of the meeting. A meeting that is not called yet has none."""
    found = meeting_of(record_id)
    if found is None:
        raise NotFound
    return found


def own_member(actor: Actor) -> str:
    """The company the actor binds; a specialist binds none."""
    if actor.organisation_id is None or not actor.may_bind:
        raise Forbidden("Это делает руководитель или представитель по доверенности.")
    return people.member_of(actor.organisation_id)


def _accepted(verdict: Verdict) -> None:
    """Raise the reasons of a refusal, with their norms."""
    if verdict.word == "refused":
        codes = dict.fromkeys(row.code for row in verdict.refused)
        raise Refused([f"{RULES[code].text} ({RULES[code].norm})" for code in codes])


def _tell(meeting_id: int, unit: Work, type_: str, **fields: Any) -> Verdict:
    event = {"at": unit.at.isoformat(), "type": type_, **fields}
    return here().record(meeting_id, event, within=db.session.connection())[0]


def _filed(actor: Actor, kind: str, record_id: int, fields: Mapping[str, object], company: int) -> Record:
    """A paper of the member, filed and numbered at once."""
    draft = service.create(actor, kind, organisation_id=company, fields={**fields})
    draft.payload = {**draft.payload, **fields, "meeting": record_id}
    return service.act(SYSTEM_ACTOR if actor.is_staff else actor, draft.id, "submit")


# --- registration sheets ----------------------------------------------------------------------------


def hand_in_sheet(actor: Actor, record_id: int) -> Record:
    """The actor registers for the meeting on behalf of his company (прил. 5; Z.5)."""
    member = own_member(actor)
    person = people.person_of(actor, member)
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        state = _folded(meeting_id)
        proxies = [p.id for p in state.case.proxies.values() if member in p.principals and p.holder == person]
        ground = (
            f"доверенность {phrases.proxy(proxies[-1])}" if proxies else "сведения о руководителе в реестре"
        )
        _know(unit, meeting_id, actor)
        _accepted(_tell(meeting_id, unit, "registration_sheet", members=[member], person=person))
        fields = {"participant": actor.name, "authority": ground}
        return _filed(actor, "registration_sheet", record_id, fields, people.organisation_of(member))


def _folded(meeting_id: int) -> State:
    """The state as this unit of work sees it."""
    return here().state(meeting_id, db.session.connection())


def _know(unit: Work, meeting_id: int, actor: Actor) -> None:
    """A person the journal has not met yet is named in it before he acts."""
    if actor.user_id is None:
        return
    name = f"u{actor.user_id}"
    if name not in _folded(meeting_id).case.people:
        here().learn(meeting_id, {"people": {name: actor.name}}, within=db.session.connection())


# --- proxies ----------------------------------------------------------------------------------------


def give_proxy(
    actor: Actor, record_id: int, holder: User, *, items: Sequence[str] = (), until: date | None = None
) -> str:
    """The head authorises a person to take part, on all questions or on some (M-143; ГК ст. 185, 186)."""
    member = own_member(actor)
    if people.person_of(actor, member) != f"{member}.head":
        raise Forbidden("Доверенность выдаёт руководитель организации.")
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        state = _folded(meeting_id)
        unknown = set(items) - set(state.agenda)
        if unknown:
            raise Invalid({"items": ["Такого вопроса нет в повестке."]})
        name = f"d{len(state.case.proxies) + 1}"
        row: dict[str, Any] = {
            "id": name,
            "from": [member],
            "to": f"u{holder.id}",
            "issued_on": unit.today.isoformat(),
            **({"items": list(items)} if items else {}),
            **({"valid_until": until.isoformat()} if until else {}),
        }
        facts = {"people": {f"u{holder.id}": holder.name}, "proxies": [row]}
        here().learn(meeting_id, facts, within=db.session.connection())
        return name


def revoke_proxy(actor: Actor, record_id: int, name: str) -> None:
    """From this moment the holder has no authority; what he has done stays (ГК ст. 188, 189)."""
    member = own_member(actor)
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        proxy = _folded(meeting_id).case.proxies.get(name)
        if proxy is None or member not in proxy.principals:
            raise NotFound
        if proxy.revoked_at is not None:
            raise Refused("Доверенность уже отозвана.")
        row: dict[str, Any] = {
            "id": name,
            "from": sorted(proxy.principals),
            "to": proxy.holder,
            "issued_on": proxy.issued_on.isoformat() if proxy.issued_on else None,
            "revoked_at": unit.at.isoformat(),
            **({"items": sorted(proxy.items)} if proxy.items is not None else {}),
            **({"valid_until": proxy.valid_until.isoformat()} if proxy.valid_until else {}),
        }
        here().learn(meeting_id, {"proxies": [row]}, within=db.session.connection())


# --- proposals to the agenda ------------------------------------------------------------------------


def propose(actor: Actor, record_id: int, *, question: str, motives: str, draft: str = "") -> Record:
    """A question a member asks to put on the agenda (W.4); late or unmotivated ones are refused "
    "with the norm."""
    member = own_member(actor)
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        state = _folded(meeting_id)
        name = f"q{len(state.agenda) + len(state.proposals) + 1}"
        verdict = _tell(
            meeting_id,
            unit,
            "proposal",
            members=[member],
            item={"id": name, "title": question or "без формулировки", "class": "ordinary"},
            motives=bool(motives.strip()),
            wording=bool(question.strip()),
        )
        _accepted(verdict)
        fields = {"question": question, "motives": motives, "draft": draft}
        return _filed(actor, "agenda_proposal", record_id, fields, people.organisation_of(member))


def amend_agenda(actor: Actor, record_id: int, proposals: Sequence[str]) -> int:
    """Accepted proposals enter the agenda: a new version goes to everybody before the voting (W.5)."""
    if not actor.roles & PREPARE:
        raise Forbidden
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        _accepted(_tell(meeting_id, unit, "agenda_changed", add=list(proposals)))
        state = _folded(meeting_id)
        plan = plan_of(record_id)
        rows = list(plan.body.get("agenda", []))  # type: ignore[call-overload]
        rows += [{"title": state.agenda[name].title} for name in proposals]
        plan.body = {**plan.body, "agenda": rows}
        notify(unit.lock(record_id), plan, version=state.version)
        return state.version


# --- ballots ----------------------------------------------------------------------------------------


def keep_draft(actor: Actor, record_id: int, marks: Mapping[str, object]) -> None:
    """What is marked so far; nobody but the company's own people reads it."""
    member = own_member(actor)
    hall(record_id)
    with work(actor):
        found = db.session.get(BallotDraft, (record_id, member))
        if found is None:
            found = BallotDraft(record_id=record_id, member=member, marks={})
            db.session.add(found)
        found.marks = dict(marks)


def draft_of(actor: Actor, record_id: int) -> Mapping[str, object]:
    found = db.session.get(BallotDraft, (record_id, own_member(actor)))
    return found.marks if found else {}


def send_ballot(
    actor: Actor, record_id: int, marks: Mapping[str, object], *, signature: str = "simple"
) -> Record:
    """The ballot is signed and sent from the cabinet; it gets a number and stays sealed till the "
    "count (W.10)."""
    member = own_member(actor)
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        state = _folded(meeting_id)
        empty = [n for n, item in enumerate(state.lawful_items, 1) if not marks.get(item.id)]
        if empty:
            raise Invalid({"marks": [f"Отметьте вариант по вопросам: {', '.join(map(str, empty))}."]})
        if member in state.senders():
            raise Refused("Бюллетень вашей организации уже принят (W.6).")
        _know(unit, meeting_id, actor)
        person = people.person_of(actor, member)
        verdict = _tell(
            meeting_id,
            unit,
            "ballot_received",
            members=[member],
            person=person,
            marks=dict(marks),
            signature=signature,
        )
        _accepted(verdict)
        db.session.execute(
            delete(BallotDraft).where(BallotDraft.record_id == record_id, BallotDraft.member == member)
        )
        way = {"way": "личный кабинет", "entry": verdict.n}
        filed = _filed(actor, "ballot", record_id, way, people.organisation_of(member))
        return filed


def take_ballot(
    actor: Actor,
    record_id: int,
    organisation_id: int,
    marks: Mapping[str, object],
    *,
    channel: str,
    is_signed: bool,
    has_seal: bool,
    came_at: datetime | None = None,
) -> tuple[Record, list[str]]:
    """A paper or e-mailed ballot at the office: registered whatever its faults; they are told at "
    "once (W.7)."""
    if not actor.roles & {"comm_counting", "sro_clerk", "council_secretary"}:
        raise Forbidden("Бюллетени принимает канцелярия или счётная комиссия.")
    meeting_id = hall(record_id)
    member = people.member_of(organisation_id)
    with here().turn(), work(actor) as unit:
        if member not in _folded(meeting_id).case.members:
            raise NotFound
        good = "handwritten" if channel == "paper" else "qualified"
        verdict = _tell(
            meeting_id,
            unit,
            "ballot_received",
            members=[member],
            marks=dict(marks),
            channel=channel,
            signature=good if is_signed else "none",
            seal=has_seal,
            **({"sent_at": came_at.isoformat()} if came_at else {}),
        )
        way = "бумага" if channel == "paper" else "электронная почта"
        filed = _filed(SYSTEM_ACTOR, "ballot", record_id, {"way": way, "entry": verdict.n}, organisation_id)
        if verdict.word == "refused":
            service.act(SYSTEM_ACTOR, filed.id, "not_receive")
        faults = [f"{RULES[row.code].text} ({RULES[row.code].norm})" for row in verdict.refused]
        return filed, list(dict.fromkeys(faults))


def count(actor: Actor, record_id: int) -> None:
    """The board opens the ballots on the day of the meeting and not before (W.10, W.12)."""
    if not actor.roles & {"comm_counting"}:
        raise Forbidden("Бюллетени вскрывает счётная комиссия.")
    meeting_id = hall(record_id)
    with here().turn(), work(actor) as unit:
        _accepted(_tell(meeting_id, unit, "board_counts"))
        state = _folded(meeting_id)
        if state.closed or not state.case.plan.has_live_part:
            finish(record_id)


def finish(record_id: int) -> Record:
    """The meeting is over: its record says so as soon as the journal does."""
    meeting_id = hall(record_id)
    with here().turn(), work(SYSTEM_ACTOR):
        state = _folded(meeting_id)
        plan = state.case.plan
        if not (state.closed or not plan.has_live_part) or not (state.counted or not plan.has_absentee_part):
            raise Refused("Собрание ещё не окончено.")
        return service.act(SYSTEM_ACTOR, record_id, "finish")


def sum_up(actor: Actor, record_id: int) -> Record:
    """The secretary says that the meeting is over; the journal must say so too."""
    if not actor.roles & (PREPARE | {"comm_counting"}):
        raise Forbidden("Итоги подводит секретарь совета или счётная комиссия.")
    return finish(record_id)
