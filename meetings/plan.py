"""May the meeting be called as planned, and by when must each thing be done: checks of the plan and terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.calendar import WorkingCalendar

from .facts import Case, Item, Plan
from .rules import QUORUM_BOUNDS, SECRET_SUBJECTS, SUFFICIENT_BASES

_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Failure:
    """A check of the plan that did not pass; of one item, or of the whole meeting."""

    code: str
    item: str | None = None


def check(case: Case) -> tuple[Failure, ...]:
    """Every failure of the plan in the order of the checks (matrix of 004 п. 1.2)."""
    failures = [Failure(code) for code in _of_meeting(case)]
    barred = [(item, bar_of(item, case)) for item in case.agenda]
    failures += [Failure(code, item.id) for item, code in barred if code]
    if all(code for _, code in barred):
        failures.append(Failure("no_lawful_items"))
    return tuple(failures)


def _of_meeting(case: Case) -> Iterator[str]:
    plan = case.plan
    if basis := _basis_fault(plan):
        yield basis
    if any(case.charter.share(bound.parameter).is_below(bound.least) for bound in QUORUM_BOUNDS):
        yield "quorum_below_law"
    if plan.has_absentee_part:
        yield from _of_absentee_part(plan)
    # A tool that nobody named is not known to be public and free (Z.2).
    if plan.is_remote and not (plan.tool and plan.tool.is_lawful):
        yield "tool_not_public"


def _basis_fault(plan: Plan) -> str | None:
    """The basis of the form: ГК ст. 181.2 п. 1–1.2, 7-ФЗ ст. 29 п. 4.1; in person none is needed."""
    sufficient = SUFFICIENT_BASES.get(plan.form)
    if sufficient is None:
        return None
    if plan.basis == "none":
        return "basis_missing"
    if plan.basis not in sufficient:
        return "basis_insufficient"
    return None if plan.basis_document.strip() else "basis_no_document"


def _of_absentee_part(plan: Plan) -> Iterator[str]:
    board = plan.counting_board.people if plan.counting_board else ()
    if not board:
        yield "counting_board_missing"
    if any(person is not None and person not in board for person in (plan.chair, plan.secretary)):
        yield "chair_not_from_board"
    if plan.counting_at and plan.intake_closes_at and plan.counting_at < plan.intake_closes_at:
        yield "count_before_close"


def bar_of(item: Item, case: Case) -> str | None:
    """Why the item may not be put to a vote in this form, or None."""
    if case.plan.has_absentee_part and item.is_exclusive:
        return "exclusive_in_absentee"
    if case.plan.has_absentee_part and item.is_secret:
        return "secret_in_absentee"
    if item.subject in SECRET_SUBJECTS and not item.is_secret:
        return "must_be_secret"
    qualified = item.threshold.above_half or case.charter.says("exclusive_minimum", "none")
    return "exclusive_threshold_too_low" if item.is_exclusive and not qualified else None


# --- terms -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """Counts the terms of a meeting by the production calendar, in the СРО's zone."""

    case: Case
    calendar: WorkingCalendar

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.case.zone).date()

    def notice_until(self) -> datetime | None:
        """The last second of the last day on which the notice is in time (W.2, прил. 2 п. 5)."""
        plan = self.case.plan
        ends = [
            self.day_of(at)
            for at in (
                plan.intake_closes_at if plan.has_absentee_part else None,
                plan.starts_at if plan.has_live_part else None,
            )
            if at is not None
        ]
        if not ends:
            return None
        days = self.case.charter.number("notice_working_days")
        last = min(ends)
        return self._end(self.calendar.sub_working_days(last, days) if days else last)

    def proposals_until(self, noticed_at: datetime) -> datetime | None:
        """The end of the term for proposals to the agenda, counted from the notice (W.4)."""
        if not self.case.plan.has_absentee_part:
            return None
        return self._end(self._after(noticed_at, "proposal_working_days"))

    def intake_from(self, noticed_at: datetime) -> datetime | None:
        """The first second at which ballots may be taken (W.3): both terms have run out."""
        if not self.case.plan.has_absentee_part:
            return None
        last = max(
            self._after(noticed_at, "intake_after_working_days"),
            self._after(noticed_at, "proposal_working_days"),
        )
        return datetime.combine(last + timedelta(days=1), time(), self.case.zone)

    def registration_until(self) -> datetime | None:
        """The end of the registration: named in the plan, or counted from its beginning (004 п. 2.3, Z.5)."""
        plan = self.case.plan
        if not plan.is_remote or plan.registration_opens_at is None:
            return None
        if plan.registration_closes_at is not None:
            return plan.registration_closes_at
        return self._end(self._after(plan.registration_opens_at, "registration_working_days"))

    def _after(self, at: datetime, provision: str) -> date:
        """The last day of a term in working days; the day of the event does not count (ГК ст. 191)."""
        days = self.case.charter.number(provision)
        day = self.day_of(at)
        return self.calendar.add_working_days(day, days) if days else day

    def _end(self, day: date) -> datetime:
        return datetime.combine(day, _LAST_SECOND, self.case.zone)


def stamp(at: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment as the result writes it: in the СРО's zone, with its offset."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")
