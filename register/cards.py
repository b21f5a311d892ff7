"""The present row of each member for lists, and the count of obligations of one member or of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, func, insert, select

from records import outbox
from records.database import db
from records.people import Organisation

from . import decisions
from .history import Member, member_on, members_on, snapshot
from .levels import Table
from .model import Contract as ContractRow
from .model import DuesPosting, InsurancePolicy, MemberCard, ObligationCount
from .obligations import Assessment, Contract, assess

ZERO = Decimal(0)
PORTION = 500
_COLUMNS = (
    ContractRow.organisation_id,
    ContractRow.price,
    ContractRow.accepted,
    ContractRow.number,
    ContractRow.kind,
    ContractRow.member_role,
    ContractRow.customer_role,
    ContractRow.procurement,
    ContractRow.status,
    ContractRow.termination_document,
    ContractRow.final_act,
    ContractRow.excluded_reason,
    ContractRow.made_on,
)


def assessments(members: Sequence[Member], on: date, *, whole: bool = True) -> dict[int, Assessment]:
    """Obligations of these members on a date, from their contracts; read by portions.

    `whole` keeps a line for every contract; lists need the totals alone, and what is over adds nothing.
    """
    _, odo = decisions.tables(on)
    kind, policy = decisions.sro_kind(on), decisions.counting(on)
    found: dict[int, Assessment] = {}
    for first in range(0, len(members), PORTION):
        portion = members[first : first + PORTION]
        contracts = _contracts([m.organisation_id for m in portion], whole=whole)
        for member in portion:
            found[member.organisation_id] = assess(
                contracts.get(member.organisation_id, ()),
                _odo_level(member, odo),
                odo,
                sro_kind=kind,
                policy=policy,
                right_since=member.day("odo_right_date"),
            )
    return found


def _odo_level(member: Member, odo: Table) -> int | None:
    level = member.number("odo_level")
    has_right = member.get("odo_right_status") not in ("", "none", "terminated")
    return level if has_right and odo.has(level) else None


def _contracts(ids: Sequence[int], *, whole: bool) -> Mapping[int, list[Contract]]:
    """Contracts as the count sees them; what is left out for its state needs no row of its own in lists."""
    found: dict[int, list[Contract]] = defaultdict(list)
    wanted = select(*_COLUMNS).where(ContractRow.organisation_id.in_(ids)).order_by(ContractRow.id)
    if not whole:
        is_over = (ContractRow.status == "completed") & ContractRow.final_act.is_(True)
        is_broken = (ContractRow.status == "terminated") & ContractRow.termination_document.is_(True)
        wanted = wanted.where(~is_over, ~is_broken, ContractRow.excluded_reason == "")
    rows = db.session.execute(wanted)
    for organisation_id, *values in rows:
        found[organisation_id].append(Contract(*values))
    return found


def assessment(organisation_id: int, on: date) -> Assessment:
    """Obligations of one member, contract by contract."""
    return assessments([member_on(organisation_id, on)], on)[organisation_id]


def refresh(ids: Sequence[int] | None, today: date, *, at: datetime) -> int:
    """Make the rows of lists anew (of some members or of all) and keep a count where it has changed.

    The caller commits. Returns how many rows were made.
    """
    if ids is None:
        members = members_on(today, everyone=True)
    else:
        facts = snapshot(today, ids=ids)
        members = [Member(i, today, facts[i]) if i in facts else member_on(i, today) for i in ids]
    counted = assessments(members, today, whole=False)
    debts, policies = _debts(ids, today), _insured(ids)
    before = {row.organisation_id: row for row in _rows(ids)}
    rows = [
        _row(m, counted[m.organisation_id], debts, policies, before.get(m.organisation_id), at)
        for m in members
    ]
    _keep_counts(rows, counted, before, at)
    if before:
        gone = delete(MemberCard)
        db.session.execute(gone if ids is None else gone.where(MemberCard.organisation_id.in_(ids)))
        db.session.expire_all()
    if rows:
        db.session.execute(insert(MemberCard), rows)
    return len(rows)


def _rows(ids: Sequence[int] | None) -> Sequence[MemberCard]:
    wanted = select(MemberCard).execution_options(populate_existing=True)
    return db.session.scalars(
        wanted if ids is None else wanted.where(MemberCard.organisation_id.in_(ids))
    ).all()


def _row(
    member: Member,
    counted: Assessment,
    debts: Mapping[int, Decimal],
    policies: Mapping[int, date],
    before: MemberCard | None,
    at: datetime,
) -> dict[str, object]:
    same = before is not None and before.obligations_total == counted.fact_total
    names = (
        member.get(n) for n in ("short_name", "full_name", "person_name", "inn", "ogrn", "register_number")
    )
    return {
        "organisation_id": member.organisation_id,
        "register_number": member.register_number,
        "name": member.name[:300],
        "search": folded(" ".join(names))[:1500],
        "membership_status": member.get("membership_status") or "candidate",
        "right_status": member.get("right_status") or "none",
        "odo_right_status": member.get("odo_right_status") or "none",
        "accordance_status": member.get("accordance_status"),
        "vv_level": member.number("vv_level"),
        "odo_level": member.number("odo_level"),
        "obligations_total": counted.fact_total,
        "obligations_free": counted.free,
        "obligations_state": counted.state,
        "obligations_at": before.obligations_at if same and before and before.obligations_at else at,
        "debt": debts.get(member.organisation_id, ZERO),
        "insured_until": policies.get(member.organisation_id),
        "updated_at": at,
    }


def folded(text: str) -> str:
    """Text as it is searched: small letters, ё as е."""
    return " ".join(text.casefold().replace("ё", "е").split())


def _keep_counts(
    rows: Sequence[Mapping[str, object]],
    counted: Mapping[int, Assessment],
    before: Mapping[int, MemberCard],
    at: datetime,
) -> None:
    """A new total is kept with its date; passing over the level calls for a warning (register.md §4.2)."""
    fresh = []
    for row in rows:
        organisation_id = int(str(row["organisation_id"]))
        old, new = before.get(organisation_id), counted[organisation_id]
        if old is None and not new.fact_total:
            continue
        if old is None or old.obligations_total != new.fact_total or old.obligations_state != new.state:
            fresh.append(
                {
                    "organisation_id": organisation_id,
                    "counted_at": at,
                    "total": new.fact_total,
                    "limit_sum": new.limit,
                    "state": new.state,
                }
            )
        if new.state != "ok" and (old is None or old.obligations_state != new.state):
            outbox.put(
                "obligations", str(organisation_id), {"organisation": organisation_id, "state": new.state}
            )
    if fresh:
        db.session.execute(insert(ObligationCount), fresh)


def _debts(ids: Sequence[int] | None, today: date) -> dict[int, Decimal]:
    """Overdue dues of each member: by kind, what has fallen due less what is paid, never below nothing."""
    due = func.coalesce(DuesPosting.due_on, DuesPosting.on_date)
    fallen = func.sum(DuesPosting.charged).filter(due < today)
    owed = (
        select(
            DuesPosting.organisation_id,
            func.coalesce(fallen, 0).label("fallen"),
            func.sum(DuesPosting.paid).label("paid"),
        )
        .where(DuesPosting.organisation_id.is_not(None), DuesPosting.on_date <= today)
        .group_by(DuesPosting.organisation_id, DuesPosting.kind)
    )
    if ids is not None:
        owed = owed.where(DuesPosting.organisation_id.in_(ids))
    found: dict[int, Decimal] = defaultdict(Decimal)
    for organisation_id, charged, paid in db.session.execute(owed):
        found[int(organisation_id or 0)] += max(_sum(charged) - _sum(paid), ZERO)
    return found


def _sum(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _insured(ids: Sequence[int] | None) -> dict[int, date]:
    last = select(InsurancePolicy.organisation_id, func.max(InsurancePolicy.ends_on)).group_by(
        InsurancePolicy.organisation_id
    )
    if ids is not None:
        last = last.where(InsurancePolicy.organisation_id.in_(ids))
    return dict(db.session.execute(last).all())


def companies_without_cards() -> list[int]:
    """Members the lists do not show yet (an installation moved from an earlier version)."""
    wanted = (
        select(Organisation.id)
        .outerjoin(MemberCard, MemberCard.organisation_id == Organisation.id)
        .where(Organisation.role.in_(("member", "candidate")), MemberCard.organisation_id.is_(None))
    )
    return list(db.session.scalars(wanted))
