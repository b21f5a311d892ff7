"""What the register does when papers of others move, after commits and by the clock (app.py connects)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select

from messaging import notify
from records import outbox, parameters, service, timers
from records.actor import AUTHORISED_ROLES, SYSTEM_ACTOR
from records.database import db
from records.kinds import registry
from records.model import Record
from records.people import Organisation, Seat
from records.service import Work, work

from . import cards, keeping, terms
from .changes import apply_change, end_membership
from .levels import ORDINALS
from .model import InsurancePolicy, MemberCard, MemberFact, MemberSpecialist


def connect() -> None:
    """Name the followers, the handlers and the timers."""
    registry.follow("register_change_application", "approve", apply_change)
    registry.follow("withdrawal_application", "accept", end_membership)
    outbox.on("obligations", obligation_jobs, batch=20)
    timers.daily("register.day", new_day, at=time(0, 10))
    timers.daily("register.warnings", warn, at=time(8, 0))


def new_day() -> int:
    """Facts that begin or have ended with this day, debts that have fallen due: lists follow."""
    with work(SYSTEM_ACTOR) as unit:
        changed = db.session.scalars(
            select(MemberFact.organisation_id)
            .where(
                (MemberFact.valid_from == unit.today)
                | (MemberFact.valid_to == unit.today - timedelta(days=1))
            )
            .distinct()
        ).all()
        for organisation_id in changed:
            company = db.session.get(Organisation, organisation_id)
            if company is not None:
                keeping.project(unit, company)
        return cards.refresh(None, unit.today, at=unit.at)


def warn() -> int:
    """Policies and qualifications at 60, 30 and 7 days to their end: both sides are told once."""
    today = parameters.today()
    days = [today + timedelta(days=left) for left in (*terms.WARN_DAYS, -1)]
    told = 0
    with work(SYSTEM_ACTOR):
        for policy in db.session.scalars(select(InsurancePolicy).where(InsurancePolicy.ends_on.in_(days))):
            text = f"{_when(policy.ends_on, today)} договор страхования № {policy.number}"
            told += _tell(
                policy.organisation_id, text, "insurance", f"policy:{policy.id}:{policy.ends_on}:{today}"
            )
        wanted = select(MemberSpecialist).where(
            MemberSpecialist.assessed_on.is_not(None), MemberSpecialist.employed_to.is_(None)
        )
        for person in db.session.scalars(wanted):
            assert person.assessed_on is not None
            until = terms.qualification_until(person.assessed_on)
            if until in days:
                text = f"{_when(until, today)} независимая оценка квалификации: {person.name}"
                told += _tell(person.organisation_id, text, "specialists", f"nok:{person.id}:{until}:{today}")
    return told


def _when(ends_on: date, today: date) -> str:
    return f"Окончился {ends_on:%d.%m.%Y}:" if ends_on < today else f"До {ends_on:%d.%m.%Y} действует"


def _tell(organisation_id: int, text: str, tab: str, key: str) -> int:
    """The company's authorised people read it in the cabinet, the curator at his desk."""
    company = db.session.get(Organisation, organisation_id)
    if company is None:
        return 0
    seats = select(Seat.user_id).where(
        Seat.organisation_id == organisation_id, Seat.role.in_(AUTHORISED_ROLES)
    )
    own = notify.tell(
        db.session.scalars(seats).all(),
        text,
        f"/my/register/{tab}",
        organisation_id=organisation_id,
        key=key,
    )
    curators = [company.curator_id] if company.curator_id else []
    address = f"/members/{organisation_id}/{tab}"
    return own + notify.tell(curators, f"{company.short_name}: {text}", address, key=f"{key}:staff")


def obligation_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic «obligations»: near the level both sides are told, over it a notice is prepared (§4.2)."""
    for job in jobs:
        with work(SYSTEM_ACTOR) as unit:
            _on_level(unit, int(str(job.payload["organisation"])))


def _on_level(unit: Work, organisation_id: int) -> None:
    card = db.session.get(MemberCard, organisation_id, populate_existing=True)
    if card is None or card.obligations_state == "ok":
        return
    exceeded = card.obligations_state == "exceeded"
    text = (
        "Обязательства по конкурентным договорам выше уровня ОДО"
        if exceeded
        else ("Обязательства по конкурентным договорам достигли 80 % уровня ОДО")
    )
    _tell(organisation_id, text, "contracts", f"odo:{organisation_id}:{card.obligations_state}:{unit.today}")
    if exceeded and not _notice_waits(organisation_id):
        _prepare_notice(unit, organisation_id)


def _notice_waits(organisation_id: int) -> bool:
    wanted = select(Record.id).where(
        Record.kind == "warning_odo", Record.organisation_id == organisation_id, Record.is_open.is_(True)
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _prepare_notice(unit: Work, organisation_id: int) -> None:
    """The draft of the warning with its figures; the department of control checks and signs it."""
    count = cards.assessment(organisation_id, unit.today)
    level = ORDINALS[count.need.number]
    text = (
        "Фактический совокупный размер обязательств по договорам, заключённым с использованием "
        "конкурентных способов, превысил предел вашего уровня ответственности. Нужный уровень — "
        f"{level}. В течение пяти рабочих дней внесите дополнительный взнос в компенсационный фонд "
        "обеспечения договорных обязательств (ч. 6 ст. 55.8 ГрК РФ)."
    )
    service.create(
        SYSTEM_ACTOR,
        "warning_odo",
        organisation_id=organisation_id,
        fields={
            "fact_total": f"{count.fact_total:.2f}",
            "level_limit": f"{count.limit or 0:.2f}",
            "extra_fee": f"{count.extra_fee:.2f}",
            "text": text,
        },
    )
