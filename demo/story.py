"""The life of one paper in the demo: written, filed, handled, answered, by those whom the workflow names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select

from records import service
from records.actor import MEMBER_ROLES, Actor
from records.database import db
from records.errors import RecordsError
from records.kinds import RecordKind, registry
from records.model import Record, Remark
from records.people import Organisation
from records.service.moving import continue_as_system
from records.service.unit import Work
from workflows.engine import SYSTEM, Transition

from . import content, names
from .people import Town

RARE = {"return": 0.25, "refuse": 0.08, "annul": 0.02, "dispute": 0.15, "recall": 0.08, "invalidate": 0.1,
        "archive": 0.5, "expire": 0.1, "lapse": 0.15, "control": 0.5, "revoke": 0.1}  # fmt: skip
SLOW = {
    "archive": 500,
    "close": 12,
    "finish": 20,
    "pay": 9,
    "accept": 6,
    "lapse": 30,
    "expire": 300,
    "to_council": 8,
}
LASTING = frozenset({"announcement", "news", "sample", "power_of_attorney"})
"""Kinds that stay in force for months."""
MOST_MOVES = 14

Story = Iterator[timedelta]


@dataclass
class Teller:
    """Tells stories inside one unit of work whose clock the builder moves."""

    rng: Random
    town: Town
    unit: Work
    made: int = 0
    spawned: list[Story] = field(default_factory=list)
    """Stories that go on by themselves: an answer lives on after its request is answered."""

    def tell(self, kind: RecordKind, company: Organisation | None, request_id: int | None = None) -> Story:
        """Everything that happens to one paper; each value is the pause before what comes next."""
        author = self._author(kind, company)
        if author is None:
            return
        record_id = self._write(author, kind, company, request_id)
        if self.rng.random() < 0.02 and request_id is None:
            return  # a draft that was forgotten
        for _ in range(MOST_MOVES):
            yield self._pause("submit")
            record = self._look(record_id)
            answer = self._answer_due(record, kind)
            if answer is not None:
                yield from self._reply(record, kind, answer)
                record = self._look(record_id)
            step = self._next(record, kind)
            if step is None:
                return
            long = 25 if kind.name in LASTING else 5 if record.state == "returned" else 1
            yield self._pause(step.verb) * long
            self._make(record_id, kind, step, company)

    def talk(self, kind: RecordKind, company: Organisation) -> Story:
        """A chat: a member asks, an expert answers."""
        author = self._author(kind, company)
        if author is None:
            return
        record_id = self._write(author, kind, company, None)
        service.act(author, record_id, "activate")
        for question, answer in self.rng.sample(names.MESSAGES, k=self.rng.randrange(1, 4)):
            yield timedelta(minutes=self.rng.randrange(1, 30))
            service.remark(author, record_id, question, public=True, purpose="message")
            yield timedelta(hours=self.rng.randrange(1, 20))
            expert = self.rng.choice(self.town.staff["sro_curator"])
            service.remark(expert, record_id, answer, public=True, purpose="message")
        if self.rng.random() < 0.6:
            yield timedelta(days=2)
            service.act(author, record_id, "close")

    def _author(self, kind: RecordKind, company: Organisation | None) -> Actor | None:
        return self._someone(kind.created_by, company)

    def _someone(self, roles: frozenset[str], company: Organisation | None) -> Actor | None:
        found = [a for role in sorted(roles) for a in self.town.staff.get(role, ())]
        if company is not None and roles & MEMBER_ROLES:
            found += [a for a in self.town.people[company.id] if a.roles & roles]
        return self.rng.choice(found) if found else None

    def _write(
        self, author: Actor, kind: RecordKind, company: Organisation | None, request_id: int | None
    ) -> int:
        fields = content.values(self.rng, kind, company, self.unit.today)
        if request_id is not None:
            record = service.start_reply(author, request_id, kind.name)
            service.save(author, record.id, fields)
        else:
            record = service.create(
                author, kind.name, organisation_id=company.id if company else None, fields=fields
            )
        self.made += 1
        mine = [slot for slot in kind.slots if slot.name != "documents" and not slot.open_in]
        for slot in mine:
            if slot.required or self.rng.random() < 0.3:
                self._attach(author, record.id, company if kind.direction == "in" else None, slot.name)
        return record.id

    def _attach(self, author: Actor, record_id: int, company: Organisation | None, slot: str) -> None:
        for name, data, media in content.papers(self.rng, company):
            service.attach_bytes(author, record_id, data, name, media_type=media, slot=slot, origin="upload")

    def _pause(self, verb: str) -> timedelta:
        """How long it takes; now and then somebody is late by weeks."""
        days = SLOW.get(verb, 2.5) * self.rng.expovariate(1)
        return timedelta(
            days=days * (8 if self.rng.random() < 0.06 else 1), minutes=self.rng.randrange(5, 90)
        )

    @staticmethod
    def _look(record_id: int) -> Record:
        record = db.session.get(Record, record_id)
        assert record is not None
        return record

    def _answer_due(self, record: Record, kind: RecordKind) -> RecordKind | None:
        """The kind of the answer, when an answer is what the workflow now waits for."""
        waits = kind.replies and kind.workflow.find(record.state, kind.reply_verb) is not None
        return registry.get(kind.replies[0]) if waits and record.number_text is not None else None

    def _reply(self, record: Record, kind: RecordKind, answer: RecordKind) -> Story:
        self._resolve_all(record.id)
        company = db.session.get(Organisation, record.organisation_id) if record.organisation_id else None
        story = self.tell(answer, company, record.id)
        for pause in story:
            yield pause
            if self._look(record.id).state == "replied":
                self.spawned.append(story)
                return

    def _next(self, record: Record, kind: RecordKind) -> Transition | None:
        answered = bool(kind.replies) and kind.reply_verb in {t.verb for t in kind.workflow.transitions}
        ways = [
            t for t in kind.workflow.leaving(record.state) if not (answered and t.verb == kind.reply_verb)
        ]
        if not ways:
            return None
        return self.rng.choices(ways, weights=[RARE.get(t.verb, 1.0) for t in ways])[0]

    def _make(self, record_id: int, kind: RecordKind, step: Transition, company: Organisation | None) -> None:
        """Make the move; what the guards refuse simply does not happen, as in life."""
        if self._look(record_id).state != step.source:
            return
        if step.automatic_only:
            continue_as_system(record_id, step.verb)
            return
        actor = self._someone(step.by - {SYSTEM}, company)
        if actor is None:
            return
        reason = self.rng.choice(names.REASONS)
        if step.verb == "return":
            service.remark(actor, record_id, reason, public=True, blocking=True)
        elif actor.is_staff:
            self._resolve_all(record_id)
        for slot in kind.slots:
            if step.source in slot.open_in and actor.roles & slot.open_to:
                self._attach(actor, record_id, company, slot.name)
        try:
            service.act(actor, record_id, step.verb, note=reason if step.needs_note else "")
        except RecordsError:
            return
        self._opened(record_id, kind, company)

    def _opened(self, record_id: int, kind: RecordKind, company: Organisation | None) -> None:
        """The addressee reads what has come to him."""
        record = self._look(record_id)
        if record.state == "published" and kind.audience_field:
            self._read_by_some(record_id)
        if record.state == "signed" and kind.workflow.find("signed", "send"):
            continue_as_system(record_id, "send")
        readers = self.town.people[company.id] if company is not None else []
        if readers and record.state in kind.on_open and self.rng.random() < 0.8:
            service.mark_read(readers[0], record_id)

    def _read_by_some(self, record_id: int) -> None:
        """Read marks of an announcement."""
        for company in self.rng.sample(self.town.companies, k=min(12, len(self.town.companies))):
            try:
                service.mark_read(self.town.people[company.id][0], record_id)
            except RecordsError:
                continue  # not addressed to the head

    def _resolve_all(self, record_id: int) -> None:
        open_ids = db.session.scalars(
            select(Remark.id).where(
                Remark.record_id == record_id, Remark.is_blocking.is_(True), Remark.resolved_at.is_(None)
            )
        ).all()
        for remark_id in open_ids:
            service.resolve(self.rng.choice(self.town.staff["sro_registrar"]), remark_id)
