"""The section «Деятельность члена СРО»: every form of a year with its status, term and completeness (F-01,
F-36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from forms.reports.model import Form
from records import parameters, policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, NotFound
from records.kinds import registry
from records.model import Record, Remark
from records.people import Organisation

from . import campaign, editions, opening, sheets
from .model import ReportControl, ReportSheet

STATES = {
    "none": "Не начата",
    "draft": "Черновик",
    "submitted": "Рассматривается",
    "registered": "Рассматривается",
    "in_review": "Рассматривается",
    "returned": "Отклонена",
    "approved": "Одобрена, ждёт подписи",
    "signed": "Подписана",
    "accepted": "Принята",
    "exported": "Выгружена",
    "closed": "В деле",
    "archived": "В архиве",
}
TONES = {
    "none": "draft", "draft": "draft", "submitted": "active", "registered": "active", "in_review": "active",
    "returned": "bad", "approved": "good", "signed": "good", "accepted": "good", "exported": "good",
    "closed": "closed", "archived": "closed",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One form of a year as the section shows it."""

    form: str
    number: str
    title: str
    state: str
    due_on: date
    record_id: int | None = None
    object: str = ""
    incoming: str = ""
    registered_on: date | None = None
    percent: int = 0
    wrong: int = 0
    is_nil: bool = False
    remarks: int = 0
    warnings: int = 0
    revision: int = 1

    @property
    def status(self) -> tuple[str, str, str]:
        """State, words, tone for the badge."""
        return self.state, STATES.get(self.state, self.state), TONES.get(self.state, "draft")

    @property
    def is_open(self) -> bool:
        """Whether the member still has to do something before sending."""
        return self.state in ("none", "draft", "returned")


@dataclass(frozen=True)
class Section:
    """A member's report of a year."""

    company: Organisation
    year: int
    due_on: date
    lines: Sequence[Line]
    has_campaign: bool

    @property
    def percent(self) -> int:
        """The bar: what is sent counts whole, the rest by its filled cells; 100 means everything can be
        sent."""
        done = sum(100 if not line.is_open else line.percent if not line.wrong else min(line.percent, 99)
                   for line in self.lines)  # fmt: skip
        return done // len(self.lines) if self.lines else 0

    @property
    def ready(self) -> int:
        """Forms filled whole and not yet sent."""
        return sum(line.is_open and line.percent == 100 and not line.wrong for line in self.lines)


def of(actor: Actor, organisation_id: int, year: int) -> Section:
    """The section of a member. Raises NotFound for a stranger."""
    company = db.session.get(Organisation, organisation_id)
    if company is None or not policy.may_read_member(actor, organisation_id):
        raise NotFound
    term = campaign.due(year)
    present: dict[str, list[ReportSheet]] = {}
    for sheet in opening.present(organisation_id, year):
        present.setdefault(sheet.form, []).append(sheet)
    ids = [sheet.record_id for found in present.values() for sheet in found]
    records = {r.id: r for r in db.session.scalars(select(Record).where(Record.id.in_(ids)))}
    remarks, warnings = _remarks(ids), _warnings(ids)
    lines: list[Line] = []
    for code in campaign.forms(year):
        form = editions.current(code, year)[0]
        own = [s for s in present.get(code, []) if _sees(actor, records[s.record_id])]
        lines += [_line(form, term, s, records[s.record_id], remarks, warnings) for s in own]
        if not own:
            lines.append(Line(code, form.number, form.title, "none", term))
    return Section(company, year, term, lines, campaign.of(year) is not None)


def _sees(actor: Actor, record: Record) -> bool:
    """A draft of a member is not shown to the staff, here as anywhere."""
    return policy.sees(actor, policy.record_labels(record, registry.of(record), dict(record.payload or {})))


def _line(
    form: Form,
    term: date,
    sheet: ReportSheet,
    record: Record,
    remarks: dict[int, int],
    warnings: dict[int, int],
) -> Line:
    bar = sheets.progress(sheet)
    return Line(
        form=form.code,
        number=form.number,
        title=editions.of(sheet).title,
        state=record.state,
        due_on=term,
        record_id=record.id,
        object=str((record.payload or {}).get("object") or ""),
        incoming=record.number_text or "",
        registered_on=record.registered_on,
        percent=int(bar["percent"]),
        wrong=sheet.wrong,
        is_nil=sheet.is_nil,
        remarks=remarks.get(record.id, 0),
        warnings=warnings.get(record.id, 0),
        revision=sheet.revision,
    )


def _remarks(ids: Sequence[int]) -> dict[int, int]:
    wanted = (
        select(Remark.record_id, func.count())
        .where(
            Remark.record_id.in_(ids),
            Remark.is_public.is_(True),
            Remark.purpose == "remark",
            Remark.resolved_at.is_(None),
        )
        .group_by(Remark.record_id)
    )
    return {record_id: count for record_id, count in db.session.execute(wanted)}


def _warnings(ids: Sequence[int]) -> dict[int, int]:
    wanted = (
        select(ReportControl.record_id, func.count())
        .where(ReportControl.record_id.in_(ids), ReportControl.level != "info")
        .group_by(ReportControl.record_id)
    )
    return {record_id: count for record_id, count in db.session.execute(wanted)}


def own_year(actor: Actor) -> int:
    """The year a member reports for now: the newest campaign."""
    if actor.organisation_id is None and not actor.is_staff:
        raise Forbidden
    return campaign.years()[0]


def years_of(organisation_id: int) -> list[int]:
    """Years a member has reports or tasks for, newest first."""
    own = db.session.scalars(
        select(ReportSheet.year).where(ReportSheet.organisation_id == organisation_id).distinct()
    )
    return sorted({*own, *campaign.years(), parameters.today().year}, reverse=True)
