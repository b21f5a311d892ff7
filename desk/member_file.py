"""«Личное дело члена»: everything the archive holds about one company, newest first, on one line (C-50).

Each source reads its own rows within one window and gives plain events; the page is merged from them by a
key of (moment, rank of the source, id), so that the next page begins exactly where this one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from messaging.mail import STATES as MAIL_STATES
from messaging.model import MailMessage
from records import parameters, policy, query
from records.actor import Actor
from records.database import db
from records.errors import NotFound
from records.kinds import registry
from records.model import History, Record, Remark
from records.people import Organisation, User

PAGE = 40
Key = tuple[datetime, int, int]


@dataclass(frozen=True)
class Event:
    """One line of the timeline; its key places it among the others."""

    key: Key
    source: str
    title: str
    note: str = ""
    by: str = ""
    record_id: int | None = None
    kind: str = ""
    state: str = ""
    internal: bool = False
    bad: bool = False

    @property
    def at(self) -> datetime:
        return self.key[0]


@dataclass(frozen=True)
class Window:
    """What part of the file is asked for: a kind, a year, and everything older than a key."""

    kind: str = ""
    year: int | None = None
    before: Key | None = None
    limit: int = PAGE + 1


Reader = Callable[[Actor, int, Window, int], list[Event]]


@dataclass(frozen=True)
class Source:
    """A stream of events with its title in the filter; `of_kinds` says that its events belong to records."""

    name: str
    title: str
    read: Reader
    of_kinds: bool = True


def within(at: Any, row_id: Any, rank: int, window: Window) -> ColumnElement[bool]:
    """The condition "inside the year and older than the last line shown" for a source of this rank."""
    found: list[ColumnElement[bool]] = []
    if window.year is not None:
        since, until = _year(window.year)
        found += [at >= since, at < until]
    if window.before is not None:
        moment, last_rank, last_id = window.before
        if rank < last_rank:
            found.append(at <= moment)
        elif rank == last_rank:
            found.append(or_(at < moment, and_(at == moment, row_id < last_id)))
        else:
            found.append(at < moment)
    return and_(true(), *found)


def _year(year: int) -> tuple[datetime, datetime]:
    """The bounds of a calendar year by the office's clock."""
    zone = parameters.zone()
    return tuple(datetime.combine(date(y, 1, 1), time(), zone) for y in (year, year + 1))  # type: ignore[return-value]


def _own(actor: Actor, organisation_id: int, window: Window) -> ColumnElement[bool]:
    """Records of the company that the actor may see; drafts in the trash are no part of the file."""
    found = [
        Record.organisation_id == organisation_id,
        Record.trashed_at.is_(None),
        query.visible(actor),
    ]
    if window.kind:
        found.append(Record.kind == window.kind)
    return and_(*found)


def _named(record: Record) -> str:
    return f"{record.number_text} · {record.title}" if record.number_text else record.title


def _papers(actor: Actor, organisation_id: int, window: Window, rank: int) -> list[Event]:
    """A record at the moment it came into the file: registered, or else begun."""
    at = func.coalesce(Record.registered_at, Record.created_at)
    rows = db.session.scalars(
        select(Record)
        .where(_own(actor, organisation_id, window), within(at, Record.id, rank, window))
        .order_by(at.desc(), Record.id.desc())
        .limit(window.limit)
    )
    return [
        Event(
            (r.registered_at or r.created_at, rank, r.id),
            "papers",
            _named(r),
            note=registry[r.kind].title,
            record_id=r.id,
            kind=r.kind,
            state=r.state,
        )
        for r in rows
    ]


def _moves(actor: Actor, organisation_id: int, window: Window, rank: int) -> list[Event]:
    """Changes of state; the beginning of a draft is not one."""
    wanted = [
        _own(actor, organisation_id, window),
        History.from_state != "",
        History.to_state != "",
        History.from_state != History.to_state,
        within(History.at, History.id, rank, window),
    ]
    if not policy.may_see_internal(actor):
        wanted.append(History.is_public.is_(True))
    rows = db.session.execute(
        select(History, Record)
        .join(Record, Record.id == History.record_id)
        .where(*wanted)
        .order_by(History.at.desc(), History.id.desc())
        .limit(window.limit)
    )
    return [
        Event(
            (entry.at, rank, entry.id),
            "moves",
            _named(record),
            by=entry.actor_name,
            record_id=record.id,
            kind=record.kind,
            state=entry.to_state,
            internal=not entry.is_public,
        )
        for entry, record in rows
    ]


def _remarks(actor: Actor, organisation_id: int, window: Window, rank: int) -> list[Event]:
    """Remarks and messages; a member reads the visible ones alone (R-12)."""
    wanted = [_own(actor, organisation_id, window), within(Remark.created_at, Remark.id, rank, window)]
    if not policy.may_see_internal(actor):
        wanted.append(Remark.is_public.is_(True))
    rows = db.session.execute(
        select(Remark, Record, User.name)
        .join(Record, Record.id == Remark.record_id)
        .outerjoin(User, User.id == Remark.author_id)
        .where(*wanted)
        .order_by(Remark.created_at.desc(), Remark.id.desc())
        .limit(window.limit)
    )
    return [
        Event(
            (remark.created_at, rank, remark.id),
            "remarks",
            _named(record),
            note=remark.text,
            by=name or "Система",
            record_id=record.id,
            kind=record.kind,
            internal=not remark.is_public,
            bad=remark.is_blocking and remark.resolved_at is None,
        )
        for remark, record, name in rows
    ]


def _letters(actor: Actor, organisation_id: int, window: Window, rank: int) -> list[Event]:
    """E-mail that went out about the company's papers; addresses are personal data, so for staff alone."""
    if not policy.may_see_internal(actor):
        return []
    rows = db.session.execute(
        select(MailMessage, Record)
        .join(Record, Record.id == MailMessage.record_id)
        .where(
            _own(actor, organisation_id, window),
            MailMessage.is_secret.is_(False),
            within(MailMessage.created_at, MailMessage.id, rank, window),
        )
        .order_by(MailMessage.created_at.desc(), MailMessage.id.desc())
        .limit(window.limit)
    )
    return [
        Event(
            (letter.created_at, rank, letter.id),
            "mail",
            letter.subject,
            note=f"{letter.to_address}: {MAIL_STATES[letter.state]}",
            record_id=record.id,
            kind=record.kind,
            bad=letter.state in {"failed", "bounced"},
        )
        for letter, record in rows
    ]


SOURCES: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """A feature adds its own stream (contributions, insurance …); the order of adding is its rank."""
    SOURCES[source.name] = source


for _source in (
    Source("papers", "Документы", _papers),
    Source("moves", "Смены состояния", _moves),
    Source("remarks", "Замечания и сообщения", _remarks),
    Source("mail", "Электронная почта", _letters),
):
    add_source(_source)


def company(actor: Actor, organisation_id: int) -> Organisation:
    """The company whose file is opened. Raises NotFound for another company's representative."""
    if not actor.is_staff and actor.organisation_id != organisation_id:
        raise NotFound
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def timeline(
    actor: Actor, organisation_id: int, window: Window, *, names: Iterable[str] = ()
) -> tuple[list[Event], Key | None]:
    """A page of the file, newest first, and the key where the next one begins."""
    chosen = set(names) or set(SOURCES)
    found: list[Event] = []
    for rank, source in enumerate(SOURCES.values()):
        if source.name in chosen and (source.of_kinds or not window.kind):
            found += source.read(actor, organisation_id, window, rank)
    found.sort(key=lambda event: event.key, reverse=True)
    page = found[: window.limit - 1]
    return page, page[-1].key if len(found) > len(page) else None


@dataclass(frozen=True)
class Summary:
    """The counters of a file."""

    kinds: list[tuple[str, int]]
    years: list[int]
    total: int
    open: int
    overdue: int
    remarks: int


def summary(actor: Actor, organisation_id: int) -> Summary:
    """How many papers of which kinds, since when, and what is still open: three statements."""
    whole = _own(actor, organisation_id, Window())
    late = and_(Record.is_open, Record.done_on.is_(None), Record.due_on < parameters.today())
    rows = db.session.execute(
        select(
            Record.kind,
            func.count(),
            func.count().filter(Record.is_open),
            func.count().filter(late),
            func.min(func.coalesce(Record.registered_at, Record.created_at)),
        )
        .where(whole)
        .group_by(Record.kind)
        .order_by(func.count().desc(), Record.kind)
    ).all()
    open_remarks = (
        db.session.scalar(
            select(func.count())
            .select_from(Remark)
            .join(Record, Record.id == Remark.record_id)
            .where(
                whole,
                Remark.is_blocking,
                Remark.resolved_at.is_(None),
                true() if policy.may_see_internal(actor) else Remark.is_public.is_(True),
            )
        )
        or 0
    )
    first = min((_aware(row[4]) for row in rows), default=None)
    this_year = parameters.today().year
    years = list(range(this_year, first.year - 1, -1)) if first else [this_year]
    return Summary(
        [(row[0], row[1]) for row in rows],
        years,
        sum(row[1] for row in rows),
        sum(row[2] for row in rows),
        sum(row[3] for row in rows),
        open_remarks,
    )


def _aware(moment: datetime) -> datetime:
    """An aggregate loses its type on SQLite and comes back without a zone: it is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@dataclass(frozen=True)
class Listed:
    """A company in the list of files."""

    company: Organisation
    papers: int
    open: int


def files(text: str = "", *, after: str = "", limit: int = 50) -> tuple[list[Listed], str | None]:
    """Companies whose file can be opened, by name; found by a part of the name, number or ИНН."""
    wanted = [Organisation.role != "sro"]
    if text:
        wanted.append(
            or_(
                Organisation.short_name.icontains(text, autoescape=True),
                Organisation.full_name.icontains(text, autoescape=True),
                Organisation.inn.startswith(text, autoescape=True),
                Organisation.register_number == text,
            )
        )
    last_id = int(after) if after.isdecimal() and len(after) < 16 else None
    last = db.session.get(Organisation, last_id) if last_id else None
    if last is not None:
        name, key = Organisation.short_name, Organisation.id
        wanted.append(or_(name > last.short_name, and_(name == last.short_name, key > last.id)))
    found = list(
        db.session.scalars(
            select(Organisation)
            .where(*wanted)
            .order_by(Organisation.short_name, Organisation.id)
            .limit(limit + 1)
        )
    )
    page = found[:limit]
    counts = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(Record.organisation_id, func.count(), func.count().filter(Record.is_open))
            .where(Record.organisation_id.in_([o.id for o in page]), Record.number_text.is_not(None))
            .group_by(Record.organisation_id)
        )
    }
    rows = [Listed(o, *counts.get(o.id, (0, 0))) for o in page]
    return rows, str(page[-1].id) if len(found) > limit else None
