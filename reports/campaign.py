"""The yearly campaign: start, terms, who has filed, reminders (F-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from messaging import notify
from records import parameters
from records.actor import AUTHORISED_ROLES, Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.model import Record
from records.people import Organisation, Seat
from records.service import work
from workflows.calendar import WorkingCalendar

from . import editions
from .model import ReportCampaign, ReportSheet

KEEPERS = frozenset({"sro_curator", "sro_admin", "sro_director", "sro_control"})
REMIND_DAYS = (30, 14, 7, 3, 1)
FILED = frozenset({"submitted", "registered", "in_review"})
GOOD = frozenset({"approved", "signed", "accepted", "exported", "closed", "archived"})


def may_keep(actor: Actor) -> bool:
    """Who starts a campaign and changes forms."""
    return bool(actor.roles & KEEPERS) and not actor.read_only


def usual_term(year: int) -> date:
    """1 March of the following year, or the first working day after it (DL_REPORT_ANNUAL; ст. 193 ГК РФ)."""
    calendar, day = WorkingCalendar.load(), date(year + 1, 3, 1)
    return day if calendar.is_working(day) else calendar.next_working_day(day)


def of(year: int) -> ReportCampaign | None:
    """The campaign of a reporting year."""
    return db.session.get(ReportCampaign, year)


def due(year: int) -> date:
    """The last day of filing for a year, with a campaign or without."""
    found = of(year)
    return found.due_on if found is not None else usual_term(year)


def years() -> list[int]:
    """Reporting years with a campaign, the newest first; the present year when there is none."""
    found = list(db.session.scalars(select(ReportCampaign.year).order_by(ReportCampaign.year.desc())))
    return found or [parameters.today().year]


def forms(year: int) -> Sequence[str]:
    """Codes of the forms asked in a year."""
    found = of(year)
    return tuple(found.forms) if found is not None and found.forms else editions.CODES


def start(
    actor: Actor,
    year: int,
    *,
    due_on: date | None = None,
    asked: Sequence[str] = (),
    remind_days: Sequence[int] = REMIND_DAYS,
    note: str = "",
) -> ReportCampaign:
    """Begin a campaign: every member has a task and is told. Raises Refused when it has begun."""
    if not may_keep(actor):
        raise Forbidden("Кампанию начинает куратор или администратор.")
    unknown = set(asked) - set(editions.CODES)
    if unknown or not 2000 <= year <= parameters.today().year + 1:
        raise Invalid({"year": ["Проверьте год и состав форм."]})
    with work(actor) as unit:
        if of(year) is not None:
            raise Refused(f"Кампания за {year} год уже начата.")
        term = due_on or usual_term(year)
        if term < unit.today:
            raise Invalid({"due_on": ["Срок уже прошёл."]})
        entry = ReportCampaign(
            year=year,
            forms=list(asked or editions.CODES),
            opens_on=unit.today,
            due_on=term,
            remind_days=sorted(set(remind_days), reverse=True),
            note=note.strip()[:2000],
            started_by=actor.user_id,
            started_at=unit.at,
        )
        db.session.add(entry)
        db.session.flush()
        _announce(entry, f"Начата отчётная кампания за {year} год: срок до {term:%d.%m.%Y}", "start")
        return entry


def prolong(actor: Actor, year: int, due_on: date) -> ReportCampaign:
    """Move the term; members are told of the new day."""
    if not may_keep(actor):
        raise Forbidden("Срок меняет куратор или администратор.")
    with work(actor):
        entry = of(year)
        if entry is None:
            raise NotFound
        entry.due_on = due_on
        _announce(entry, f"Срок отчёта за {year} год: {due_on:%d.%m.%Y}", f"due:{due_on}")
        return entry


def _announce(entry: ReportCampaign, text: str, key: str) -> None:
    for organisation_id, users in _authorised(_members()).items():
        notify.tell(
            users,
            text,
            f"/reports?year={entry.year}",
            organisation_id=organisation_id,
            key=f"campaign:{entry.year}:{key}",
        )


def _members() -> list[int]:
    wanted = select(Organisation.id).where(Organisation.role == "member", Organisation.status != "left")
    return list(db.session.scalars(wanted))


def _authorised(organisations: Sequence[int]) -> dict[int, list[int]]:
    wanted = select(Seat.organisation_id, Seat.user_id).where(
        Seat.organisation_id.in_(organisations), Seat.role.in_(AUTHORISED_ROLES)
    )
    found: dict[int, list[int]] = {}
    for organisation_id, user_id in db.session.execute(wanted):
        found.setdefault(int(organisation_id or 0), []).append(user_id)
    return found


def remind() -> int:
    """The clock: those who have not filed are told on the days named, and on the day after the term."""
    today = parameters.today()
    told = 0
    for entry in db.session.scalars(select(ReportCampaign)).all():
        left = (entry.due_on - today).days
        if left not in (*entry.remind_days, 0, -1):
            continue
        late = [o for o in _members() if _unfiled(o, entry)]
        if left >= 0:
            text = f"Отчёт за {entry.year} год подан не полностью: срок {entry.due_on:%d.%m.%Y}"
        else:
            text = f"Срок отчёта за {entry.year} год прошёл {entry.due_on:%d.%m.%Y}"
        for organisation_id, users in _authorised(late).items():
            key = f"campaign:{entry.year}:left:{left}:{entry.due_on}"
            url = f"/reports?year={entry.year}"
            told += notify.tell(users, text, url, organisation_id=organisation_id, key=key)
    return told


def _unfiled(organisation_id: int, entry: ReportCampaign) -> bool:
    states = _states(entry.year, organisation_id).get(organisation_id, {})
    return any(states.get(form, "none") in ("none", "draft", "returned") for form in entry.forms)


def _states(year: int, organisation_id: int | None = None) -> dict[int, dict[str, str]]:
    """Organisation → form → state of its newest revision, in one statement."""
    wanted = (
        select(ReportSheet.organisation_id, ReportSheet.form, Record.state)
        .join(Record, Record.id == ReportSheet.record_id)
        .where(ReportSheet.year == year, Record.trashed_at.is_(None), Record.state != "annulled")
        .order_by(ReportSheet.revision)
    )
    if organisation_id is not None:
        wanted = wanted.where(ReportSheet.organisation_id == organisation_id)
    found: dict[int, dict[str, str]] = {}
    for organisation, form, state in db.session.execute(wanted):
        found.setdefault(organisation, {})[form] = state
    return found


@dataclass(frozen=True)
class MemberLine:
    """How far a member has come."""

    organisation_id: int
    name: str
    register_number: str
    states: Mapping[str, str]
    asked: Sequence[str]

    def _count(self, states: frozenset[str]) -> int:
        return sum(self.states.get(form, "none") in states for form in self.asked)

    @property
    def filed(self) -> int:
        """Forms on the curator's side or further."""
        return self._count(FILED | GOOD)

    @property
    def approved(self) -> int:
        """Forms approved or further."""
        return self._count(GOOD)

    @property
    def returned(self) -> int:
        """Forms that came back."""
        return self._count(frozenset({"returned"}))

    @property
    def stage(self) -> str:
        """One word of the whole: none begun part filed approved returned."""
        if self.returned:
            return "returned"
        if self.asked and self.approved == len(self.asked):
            return "approved"
        if self.asked and self.filed == len(self.asked):
            return "filed"
        if self.filed:
            return "part"
        return "begun" if self.states else "none"


def progress(actor: Actor, year: int) -> list[MemberLine]:
    """Every member of the СРО with the states of his forms. Staff only."""
    if not actor.is_staff:
        raise Forbidden
    asked, states = forms(year), _states(year)
    wanted = (
        select(Organisation)
        .where(Organisation.role == "member", Organisation.status != "left")
        .order_by(Organisation.register_number, Organisation.id)
    )
    return [
        MemberLine(o.id, o.short_name, o.register_number or "", states.get(o.id, {}), asked)
        for o in db.session.scalars(wanted)
    ]


def running(today: date) -> list[ReportCampaign]:
    """Campaigns whose term has not passed, or passed not long ago."""
    wanted = select(ReportCampaign).where(ReportCampaign.due_on >= today - timedelta(days=60))
    return list(db.session.scalars(wanted.order_by(ReportCampaign.year)))
