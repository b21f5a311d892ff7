"""The workflow engine: a workflow is a value, and one pure function decides whether a move is allowed.

Anchored in the idea of DCWorkflow: states and guarded transitions are data that a lawyer can read in
a table, the engine only answers. It knows nothing of records, users or the clock: facts come in, a
decision with reasons (in Russian, for a person) comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

SYSTEM = "system"
"""The role of the program itself (timers, automatic steps)."""


@dataclass(frozen=True)
class Context:
    """What a guard may know: who asks (role codes), when, and the facts of the record."""

    state: str
    roles: frozenset[str]
    now: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    asking: bool = False
    """True when somebody only looks which moves are open (the note is not typed yet)."""


Guard = Callable[[Context], str | None]
"""Facts in, reason out: None when the move is allowed, else a sentence for a person."""


@dataclass(frozen=True)
class Transition:
    """One move of a workflow («переход»)."""

    verb: str
    title: str
    source: str
    target: str
    by: frozenset[str]
    guards: tuple[Guard, ...] = ()
    needs_note: bool = False
    rule: str = ""
    consequence: str = ""

    @property
    def automatic_only(self) -> bool:
        """A move that only the program makes; no button is drawn for it."""
        return self.by == {SYSTEM}


@dataclass(frozen=True)
class Decision:
    """The answer to "may this move be made": allowed, or the reasons why not."""

    transition: Transition
    permitted: bool
    reasons: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.permitted and not self.reasons


@dataclass(frozen=True)
class Workflow:
    """States and transitions of one kind of record; `version` is kept on each record for ever."""

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    initial: str = "draft"
    version: int = 1

    def leaving(self, state: str) -> Iterator[Transition]:
        return (t for t in self.transitions if t.source == state)

    def find(self, state: str, verb: str) -> Transition | None:
        return next((t for t in self.leaving(state) if t.verb == verb), None)

    def final_states(self) -> frozenset[str]:
        return frozenset(self.states) - {t.source for t in self.transitions}

    def with_changes(
        self,
        *,
        guards: Mapping[str, tuple[Guard, ...]] | None = None,
        notes: Iterable[str] = (),
        consequences: Mapping[str, str] | None = None,
    ) -> Workflow:
        """The same table with guards, mandatory notes and named consequences added by verb.

        Raises ValueError for a verb the table does not have: a typo must not weaken a guard.
        """
        guards, consequences, noted = guards or {}, consequences or {}, set(notes)
        unknown = ({*guards, *consequences, *noted}) - {t.verb for t in self.transitions}
        if unknown:
            raise ValueError(f"workflow {self.name}: no such verb {sorted(unknown)}")
        return replace(
            self,
            transitions=tuple(
                replace(
                    t,
                    guards=t.guards + guards.get(t.verb, ()),
                    needs_note=t.needs_note or t.verb in noted,
                    consequence=consequences.get(t.verb, t.consequence),
                )
                for t in self.transitions
            ),
        )

    def problems(self) -> list[str]:
        """Contradictions of the table; a program that finds any must not start."""
        found = []
        known = set(self.states)
        if self.initial not in known:
            found.append(f"начальное состояние {self.initial} не объявлено")
        for t in self.transitions:
            found += [f"{t.verb}: состояние {s} не объявлено" for s in (t.source, t.target) if s not in known]
            if not t.by:
                found.append(f"{t.source} → {t.target}: никто не может выполнить «{t.title}»")
        pairs = [(t.source, t.verb) for t in self.transitions]
        found += [f"из {s} два перехода с именем {v}" for s, v in set(pairs) if pairs.count((s, v)) > 1]
        found += [f"состояние {s} недостижимо" for s in sorted(known - self.reachable())]
        return [f"{self.name}: {text}" for text in found]

    def reachable(self) -> set[str]:
        seen, todo = {self.initial}, [self.initial]
        while todo:
            for t in self.leaving(todo.pop()):
                if t.target not in seen:
                    seen.add(t.target)
                    todo.append(t.target)
        return seen


def note_missing(ctx: Context) -> str | None:
    """A refusal or return without a reason is void: the member must learn why (R-11)."""
    return None if ctx.asking or ctx.note.strip() else "Укажите причину: без неё действие не выполняется."


def decide(transition: Transition, ctx: Context) -> Decision:
    """May this actor make this move now? Role first, then every guard; all reasons are collected."""
    if not (ctx.roles & transition.by):
        return Decision(transition, permitted=False)
    guards = (note_missing, *transition.guards) if transition.needs_note else transition.guards
    reasons = tuple(reason for guard in guards if (reason := guard(ctx)))
    return Decision(transition, permitted=True, reasons=reasons)
