"""The one way to change a meeting: every event is judged by the fold and journaled with its verdict in one
transaction. The journal alone regenerates everything: `replayed` folds it anew and must give the same bytes.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Engine

from records import database
from records.errors import Conflict, Invalid

from . import journal, roll
from .casebook import merge_facts, read_case
from .facts import Event, Mark
from .fold import Verdict, judge
from .journal import GENESIS, Entry, Head
from .plan import Terms
from .reading import BadScenario
from .result import result
from .scenario import read_event
from .state import State, begin

_FRACTION = re.compile(r"\.\d+(?=[+-]|Z|$)")
_KEPT_ROOMS = 32
"""How many meetings a process keeps folded; the rest are folded from their journals when asked for."""


@dataclass
class Room:
    """A meeting folded up to an entry of its journal."""

    state: State
    head: Head
    verdicts: list[Verdict] = field(default_factory=list)
    last_at: Any = None

    def result(self) -> dict[str, Any]:
        return result(self.state, self.verdicts)


@dataclass(frozen=True)
class Fault:
    """A place where the journal does not agree with itself or with the law."""

    seq: int
    text: str


class Meetings:
    """The meetings of one database. `here()` is that of the running application."""

    def __init__(self, engine: Engine, gate: database.WriteGate | None = None) -> None:
        self._engine, self._gate = engine, gate
        self._rooms: dict[int, Room] = {}
        self._turn = threading.RLock()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Take the turn before a unit of work is opened: who holds the writers' gate must not wait for it."""
        with self._turn:
            yield

    def state(self, meeting_id: int, within: Connection) -> State:
        """The state as an open unit of work sees it, its own uncommitted events among them."""
        with self._turn:
            return self._folded(within, meeting_id).state

    # --- acts --------------------------------------------------------------------------------------

    def open(
        self, case: Mapping[str, Any], *, record_id: int | None = None, within: Connection | None = None
    ) -> int:
        """Begin a meeting from what is known of it: plan, register, proxies, charter. Returns its id."""
        with _plain_errors():
            state = begin(read_case(dict(case)))
        with self._turn, self._writing(within) as connection:
            meeting_id = journal.create(connection, state.case.id, record_id)
            entry = journal.next_entry(1, GENESIS, "case", dict(case))
            journal.append(connection, meeting_id, [entry])
            journal.move_head(connection, meeting_id, Head(0, GENESIS), [entry], None)
            self._keep(meeting_id, Room(state, Head(1, entry.digest)))
        return meeting_id

    def record(
        self, meeting_id: int, *events: Mapping[str, Any], within: Connection | None = None
    ) -> list[Verdict]:
        """Judge events and journal them with their verdicts: all in one transaction, or none.

        Pass `within` when a unit of work of the same database is already open.
        """
        return [verdict for _, verdict in self.receipts(meeting_id, *events, within=within)]

    def receipts(
        self, meeting_id: int, *events: Mapping[str, Any], within: Connection | None = None
    ) -> list[tuple[Entry, Verdict]]:
        """As `record`; gives beside every verdict the entry of the journal that holds it."""
        if not events:
            return []
        with self._turn, self._dropping(meeting_id), self._writing(within) as connection:
            room = self._folded(connection, meeting_id, lock=True)
            before = room.head
            urn = journal.Casting(connection, meeting_id)
            made = [self._one(connection, meeting_id, room, _on_the_second(event), urn) for event in events]
            urn.write()
            written = [entry for entry, _ in made]
            journal.append(connection, meeting_id, written)
            journal.move_head(connection, meeting_id, before, written, room.state.open_item)
        return made

    def learn(self, meeting_id: int, facts: Mapping[str, Any], *, within: Connection | None = None) -> None:
        """Journal new facts of the world: members' statuses, proxies given, limited or revoked, people.

        The rows are written as in the case (`members`, `proxies`, `people`); a row with a known id
        takes the place of the earlier one.
        """
        with self._turn, self._dropping(meeting_id), self._writing(within) as connection:
            room = self._folded(connection, meeting_id, lock=True)
            before = room.head
            entry = journal.next_entry(before.entry_count + 1, before.digest, "facts", dict(facts))
            _learn(room, dict(facts))
            room.head = Head(entry.seq, entry.digest)
            journal.append(connection, meeting_id, [entry])
            journal.move_head(connection, meeting_id, before, [entry], room.state.open_item)

    # --- answers -----------------------------------------------------------------------------------

    def room(self, meeting_id: int) -> Room:
        """The meeting as it stands: its state and verdicts, to be read and not changed."""
        with self._turn, self._reading() as connection:
            return self._folded(connection, meeting_id)

    def result(self, meeting_id: int) -> dict[str, Any]:
        """The result as it stands."""
        with self._turn, self._reading() as connection:
            return self._folded(connection, meeting_id).result()

    def replayed(self, meeting_id: int) -> dict[str, Any]:
        """The result regenerated from the journal alone, whatever this process remembers."""
        with self._reading() as connection:
            return self._fold(connection, meeting_id, journal.head(connection, meeting_id)).result()

    def faults(self, meeting_id: int) -> list[Fault]:
        """Where the stored journal is broken, or says another verdict than the law does."""
        with self._reading() as connection:
            head = journal.head(connection, meeting_id)
            return list(_faults(head, list(journal.entries(connection, meeting_id))))

    def all_faults(self) -> Iterator[tuple[int | None, Fault]]:
        """The faults of every meeting, each with the record of its meeting."""
        with self._reading() as connection:
            known = journal.meetings(connection)
        for meeting_id, record_id in known:
            for fault in self.faults(meeting_id):
                yield record_id, fault

    # --- inside ------------------------------------------------------------------------------------

    def _one(
        self, connection: Connection, meeting_id: int, room: Room, raw: dict[str, Any], urn: journal.Casting
    ) -> tuple[Entry, Verdict]:
        """Judge one event, and write what it changes beside the journal."""
        state, seq = room.state, room.head.entry_count + 1
        secret = _takes_secret(state, raw)
        with _plain_errors():
            event = read_event(raw, "событие", state.case)
        if room.last_at is not None and event.at < room.last_at:
            raise Conflict("Событие раньше последнего события журнала.")
        open_before = state.open_item
        mark, body = event.mark, raw
        if secret:
            event = replace(event, mark=None)
            body = {key: value for key, value in raw.items() if key != "mark"}
        verdict = judge(state, event)
        entry = journal.next_entry(seq, room.head.digest, "event", body, verdict)
        room.head, room.last_at = Head(seq, entry.digest), event.at
        room.verdicts.append(verdict)
        if state.open_item != open_before:
            urn.write()
            journal.open_question(connection, meeting_id, state.open_item)
        accepted = [member for member in verdict.accepted if member]
        if event.type == "admitted":
            journal.enrol(connection, meeting_id, [state.seats[member] for member in accepted], seq)
        if event.type == "vote" and accepted and event.item and mark is not None:
            _cast(urn, state, event.item, accepted, mark, seq)
        return entry, verdict

    def _folded(self, connection: Connection, meeting_id: int, *, lock: bool = False) -> Room:
        """The room of a meeting, brought up to its journal if another process has written."""
        head = journal.head(connection, meeting_id, lock=lock)
        room = self._rooms.get(meeting_id)
        if room is None or room.head != head:
            room = self._fold(connection, meeting_id, head)
            self._keep(meeting_id, room)
        return room

    def _fold(self, connection: Connection, meeting_id: int, head: Head) -> Room:
        room: Room | None = None
        for entry in journal.entries(connection, meeting_id):
            if entry.seq > head.entry_count:
                break
            room = _fold_entry(room, entry)
        if room is None:
            raise Conflict("Журнал собрания пуст.")
        for item, urn in journal.urns(connection, meeting_id).items():
            room.state.questions[item].urn = Counter(urn)
        return room

    def _keep(self, meeting_id: int, room: Room) -> None:
        self._rooms.pop(meeting_id, None)
        self._rooms[meeting_id] = room
        while len(self._rooms) > _KEPT_ROOMS:
            self._rooms.pop(next(iter(self._rooms)))

    @contextlib.contextmanager
    def _dropping(self, meeting_id: int) -> Iterator[None]:
        """What was folded but not committed must not be believed."""
        try:
            yield
        except BaseException:
            self._rooms.pop(meeting_id, None)
            raise

    @contextlib.contextmanager
    def _writing(self, within: Connection | None) -> Iterator[Connection]:
        if within is not None:
            yield within
            return
        with database.writing(self._gate), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection


def _cast(
    urn: journal.Casting, state: State, item: str, members: Sequence[str], mark: Mark, seq: int
) -> None:
    question = state.questions[item]
    if question.item.is_secret:
        urn.take_secret(item, members, mark)
        question.urn[mark] += len(members)
    else:
        urn.take_open(item, members, mark, seq)


def _on_the_second(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event at a whole second: the journal's format knows no fractions, the clock of the program does."""
    at = event.get("at")
    return {**event, "at": _FRACTION.sub("", at)} if isinstance(at, str) else dict(event)


def _takes_secret(state: State, raw: Mapping[str, Any]) -> bool:
    """Whether the content of this event must not stand in the journal beside its author."""
    if raw.get("type") != "vote":
        return False
    name = str(raw.get("item"))
    item = state.agenda.get(name) or state.proposals.get(name)
    return item is not None and item.is_secret


def _fold_entry(room: Room | None, entry: Entry) -> Room:
    """Bring a room forward by one entry of the journal."""
    head = Head(entry.seq, entry.digest)
    if entry.kind == "case":
        return Room(begin(read_case(entry.content)), head)
    if room is None:
        raise Conflict("Журнал собрания начинается не с решения о созыве.")
    if entry.kind == "facts":
        _learn(room, entry.content)
    else:
        event = _read_entry(room.state, entry)
        room.verdicts.append(judge(room.state, event))
        room.last_at = event.at
    room.head = head
    return room


def _read_entry(state: State, entry: Entry) -> Event:
    content = entry.content
    sealed = content.get("type") == "vote" and "mark" not in content
    return read_event(content, f"запись {entry.seq}", state.case, is_sealed=sealed)


def _learn(room: Room, facts: Mapping[str, Any]) -> None:
    state = room.state
    with _plain_errors():
        state.case = merge_facts(state.case, facts)
    state.terms = Terms(state.case, state.terms.calendar)
    state.register = roll.snapshot(state.case)


def _faults(head: Head, entries: Sequence[Entry]) -> Iterator[Fault]:
    previous, room = GENESIS, None
    for place, entry in enumerate(entries, 1):
        if entry.seq != place:
            yield Fault(place, f"пропущена запись журнала № {place}")
        if entry.previous != previous or not entry.is_chained:
            yield Fault(entry.seq, f"запись журнала № {entry.seq} изменена")
            return
        previous = entry.digest
        room = _fold_entry(room, entry)
        if entry.kind == "event" and entry.verdict != journal.canonical(journal.written(room.verdicts[-1])):
            yield Fault(entry.seq, f"решение по записи № {entry.seq} не следует из правил")
    if (len(entries), previous) != (head.entry_count, head.digest):
        yield Fault(head.entry_count, "конец журнала отрезан или подменён")


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """What cannot be read is the caller's mistake, told as such."""
    try:
        yield
    except BadScenario as error:
        raise Invalid({"event": [str(error)]}) from error


_here: dict[str, Meetings] = {}


def here() -> Meetings:
    """The meetings of the running application's database."""
    engine = database.db.engine
    key = str(engine.url)
    found = _here.get(key)
    if found is None or found._engine is not engine:
        found = _here[key] = Meetings(engine, database.gate())
    return found
