"""Registration journals for a period: every number in order, none missing (R-38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from records import query
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid
from records.journals import Journal, journals
from records.kinds import registry
from records.model import Number, Record

MOST = 5000


@dataclass(frozen=True)
class Line:
    """A line of a journal."""

    number: str
    issued_on: date
    correspondent: str
    their_number: str
    title: str
    kind: str
    handler: str
    state: str
    record_id: int


@dataclass(frozen=True)
class Register:
    """A journal of a period: its lines and the numbers that should be there and are not."""

    journal: Journal
    since: date
    until: date
    lines: tuple[Line, ...]
    gaps: tuple[int, ...]

    @property
    def annulled(self) -> int:
        return sum(line.state == "Аннулирован" for line in self.lines)


def register(actor: Actor, code: str, since: date, until: date) -> Register:
    """The journal of a period, both days included. Raises Forbidden for members,
    Invalid for a wrong period."""
    if not actor.is_staff:
        raise Forbidden("Журналы регистрации ведёт СРО.")
    journal = journals().get(code)
    if journal is None:
        raise Invalid({"journal": ["Нет такого журнала."]})
    if since > until:
        raise Invalid({"until": ["Конец периода раньше начала."]})
    rows = db.session.execute(
        select(Number, Record)
        .join(Record, Record.id == Number.record_id)
        .where(and_(Number.series == code, Number.issued_on >= since, Number.issued_on <= until))
        .options(joinedload(Record.organisation), joinedload(Record.assignee), joinedload(Record.author))
        .order_by(Number.year, Number.seq, Number.suffix)
        .limit(MOST)
    ).all()
    seen = query.visible_ids(actor, [record.id for _, record in rows])
    lines = tuple(_line(number, record, hidden=record.id not in seen) for number, record in rows)
    return Register(journal, since, until, lines, _gaps([(n.year, n.seq) for n, _ in rows]))


def _line(number: Number, record: Record, *, hidden: bool) -> Line:
    """A restricted record keeps its line: a journal is printed without holes, but says nothing of it."""
    kind = registry[record.kind]
    company = record.organisation
    handler = record.assignee or record.author
    return Line(
        number=number.text,
        issued_on=number.issued_on,
        correspondent="" if hidden else company.short_name if company else record.correspondent,
        their_number="" if hidden else record.their_number,
        title="Документ ограниченного доступа" if hidden else record.title,
        kind=kind.title,
        handler=handler.name if handler else "",
        state=kind.state_title(record.state),
        record_id=record.id,
    )


def _gaps(present: list[tuple[int, int]]) -> tuple[int, ...]:
    """Numbers missing between the first and the last of each year: there must be none."""
    missing: list[int] = []
    for year in sorted({y for y, _ in present}):
        seqs = sorted(s for y, s in present if y == year)
        missing += sorted(set(range(seqs[0], seqs[-1] + 1)) - set(seqs))
    return tuple(missing)
