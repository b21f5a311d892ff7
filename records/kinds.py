"""A kind of record, declared once, and the registry of kinds.

From one declaration come the form, the list with filters, the record page, the API schema, the index
text, the access labels, the print form and the every-kind tests. Contradictions stop the program at
start (`Registry.check`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from workflows.engine import SYSTEM, Workflow
from workflows.reference import kind_row, state_titles, workflow_of

from .fields import Field, Files

if TYPE_CHECKING:
    from .model import Record
    from .service.unit import Work

Direction = Literal["in", "out", "internal"]
Effect = Callable[["Work"], None]
Audience = Literal["all", "authorised", "none"]


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """Everything that makes one kind differ from another («вид документа»)."""

    name: str
    title: str
    workflow: Workflow
    direction: Direction
    fields: tuple[Field, ...] = ()
    heading: str = "{title}"
    """Template of a record's title over {title}, {organisation} and its fields."""
    title_field: str = ""
    """Field that is the title itself when filled (a letter's subject)."""
    description: str = ""
    expected: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """field → value → documents usually attached: an incomplete set warns and does not block (C-23)."""
    group: str = "Прочее"
    created_by: frozenset[str] = frozenset()
    numbers: Mapping[str, str] = field(default_factory=dict)
    """verb → journal: the move that gives a number, and from which journal."""
    term: Mapping[str, str] = field(default_factory=dict)
    """verb → deadline rule («DL_…») that starts running with that move."""
    stops_term: frozenset[str] = frozenset(
        {"replied", "approved", "accepted", "refused", "closed", "annulled", "done"}
    )
    case_index: str = ""
    retention: str = ""
    signature: str = ""
    member_sees: Audience = "all"
    member_sees_from: frozenset[str] = frozenset()
    """States since which the member side sees an outgoing or internal record; empty for incoming."""
    audience_field: str = ""
    """A Choices field that holds the roles the record is addressed to (announcements)."""
    editable_in: frozenset[str] = frozenset({"draft", "returned"})
    auto: Mapping[str, str] = field(default_factory=dict)
    """On entering a state, the verb the program performs at once."""
    on_open: Mapping[str, str] = field(default_factory=dict)
    """When the addressee opens the record in this state, the verb the program performs."""
    on_due: Mapping[str, str] = field(default_factory=dict)
    """When the term has passed in this state, the verb the timer performs."""
    on: Mapping[str, Effect] = field(default_factory=dict)
    """verb → what else happens inside the same transaction."""
    route_to: str = ""
    """The role that gets the record by default once registered."""
    route_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """field → value → role, where the department depends on what is asked (a chat's topic)."""
    routes_on: str = "register"
    """The move after which the record gets its first handler."""
    same_day: bool = False
    """Dates count from the day of receipt itself, a day off too (withdrawal: records.md §11)."""
    replies: tuple[str, ...] = ()
    reply_verb: str = "reply"
    """The move of this record that sending a reply performs."""
    result: str = ""
    """What the applicant gets in the end, for the catalogue of applications (C-24)."""
    prints: str = "card"
    columns: tuple[str, ...] = ()
    listed: bool = True
    """False for what has pages of its own (news, samples, chats): a member's list of papers leaves it out."""
    member_menu: bool = False
    samples: bool = False
    max_files: int = 200
    """How many files one record holds; a report keeps documents of every row."""
    schema_version: int = 1

    def __hash__(self) -> int:
        return hash(self.name)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def slots(self) -> tuple[Files, ...]:
        return tuple(f for f in self.fields if isinstance(f, Files))

    @property
    def data_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if not isinstance(f, Files))

    def state_title(self, state: str) -> str:
        return state_titles().get(state, state)

    def member_state_title(self, state: str) -> str:
        """The state as a member reads it: simpler words (records.md §9)."""
        return MEMBER_STATES.get(state) or self.state_title(state)

    @property
    def member_files(self) -> bool:
        """True when members create it."""
        return bool(self.created_by & {"member_head", "member_proxy", "member_spec"})

    def final(self, state: str) -> bool:
        return state in {"closed", "archived", "annulled"} or state in self.workflow.final_states()

    def problems(self, journals: frozenset[str]) -> list[str]:
        """Contradictions in the declaration."""
        verbs = {t.verb for t in self.workflow.transitions}
        names = [f.name for f in self.fields]
        found = list(self.workflow.problems())
        found += [f"два поля с именем {n}" for n in set(names) if names.count(n) > 1]
        found += [f"графа {c} без поля" for c in self.columns if c not in names and c not in COMMON_COLUMNS]
        found += [f"журнал {j} не объявлен" for j in self.numbers.values() if j not in journals]
        used = {*self.numbers, *self.term, *self.auto.values(), *self.on_open.values(), *self.on_due.values()}
        found += [f"действие {v} не существует" for v in sorted(used - verbs)]
        found += [f"действие {v} не существует" for v in sorted(set(self.on) - verbs - {"create"})]
        for state, verb in {**self.auto, **self.on_open, **self.on_due}.items():
            move = self.workflow.find(state, verb)
            if move is None or SYSTEM not in move.by:
                found.append(f"автоматическое действие {verb} из {state} программе не разрешено")
        if not self.created_by:
            found.append("никто не может создать запись")
        if self.title_field and self.field(self.title_field) is None:
            found.append(f"нет поля заголовка {self.title_field}")
        return [f"вид {self.name}: {text}" for text in found]


MEMBER_STATES: Mapping[str, str] = {
    "in_review": "В работе",
    "returned": "Нужны уточнения",
    "refused": "Отказ",
    "accepted": "Принят",
    "approved": "Принят",
    "replied": "Есть ответ",
}

COMMON_COLUMNS: Mapping[str, str] = {
    "number": "Номер",
    "registered_on": "Дата",
    "title": "Заголовок",
    "kind": "Вид",
    "organisation": "Организация",
    "state": "Состояние",
    "assignee": "Исполнитель",
    "due_on": "Срок",
    "updated_at": "Изменён",
    "channel": "Способ",
    "author": "Автор",
}


def from_reference(name: str, direction: Direction, **more: object) -> RecordKind:
    """A kind whose title, workflow, case and retention stand in the reference table."""
    row = kind_row(name)
    given: dict[str, object] = {
        "name": name,
        "title": row["title"],
        "workflow": workflow_of(name),
        "direction": direction,
        "case_index": row["case"],
        "retention": row["retention"],
        "signature": row["sign"],
        **more,
    }
    return RecordKind(**given)  # type: ignore[arg-type]


class Registry:
    """The kinds of this installation; app.py hands them in, the core never imports a feature."""

    def __init__(self) -> None:
        self._kinds: dict[str, RecordKind] = {}
        self._current: Callable[[RecordKind], RecordKind] = lambda kind: kind
        self._at_version: Callable[[RecordKind, int], RecordKind] = lambda kind, _version: kind
        self._followers: dict[tuple[str, str], list[Effect]] = {}

    def follow(self, kind: str, verb: str, effect: Effect) -> None:
        """Another feature acts in the same transaction on a move of a kind it does not know (wiring)."""
        found = self._followers.setdefault((kind, verb), [])
        if effect not in found:
            found.append(effect)

    def followers(self, kind: str, verb: str) -> tuple[Effect, ...]:
        return tuple(self._followers.get((kind, verb), ()))

    def add(self, *kinds: RecordKind) -> None:
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"kind {kind.name} is declared twice")
            self._kinds[kind.name] = kind

    def remove(self, name: str) -> None:
        """Forget a kind (a test that adds one takes it away again)."""
        del self._kinds[name]

    def use_versions(
        self,
        current: Callable[[RecordKind], RecordKind],
        at_version: Callable[[RecordKind, int], RecordKind],
    ) -> None:
        """Name who knows the published versions of fields (records.kind_versions)."""
        self._current, self._at_version = current, at_version

    def __getitem__(self, name: str) -> RecordKind:
        """The kind with the fields of its newest version."""
        return self._current(self._kinds[name])

    def get(self, name: str) -> RecordKind | None:
        found = self._kinds.get(name)
        return None if found is None else self._current(found)

    def of(self, record: Record) -> RecordKind:
        """The kind with the fields this record was filled under."""
        return self._at_version(self._kinds[record.kind], record.schema_version)

    def declared(self, name: str) -> RecordKind:
        """The kind as the program ships it: version 1 of its fields."""
        return self._kinds[name]

    def shipped(self) -> list[RecordKind]:
        """Every kind as the program ships it (documentation)."""
        return list(self._kinds.values())

    def __iter__(self) -> Iterator[RecordKind]:
        return iter([self._current(kind) for kind in self._kinds.values()])

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def check(self, journals: frozenset[str]) -> None:
        """Raise ValueError with every contradiction of every kind."""
        problems = [p for kind in self for p in kind.problems(journals)]
        problems += [
            f"вид {kind.name}: ответ {reply} не объявлен"
            for kind in self
            for reply in kind.replies
            if reply not in self._kinds
        ]
        if problems:
            raise ValueError("Описания видов противоречивы:\n" + "\n".join(problems))


registry = Registry()
