"""The unified register's file beside ours: differences by field, accepted one by one or all (X-03)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select, update

from records import policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, NotFound, Refused
from records.service import work
from register import keeping
from register.history import snapshot
from register.member_fields import FIELDS, MemberField

from .model import ExchangeRun, RegisterDifference
from .runs import Outcome, companies_by_inn, keep
from .tabular import Fault

NAMES: Mapping[str, str] = {
    "registration_number": "register_number",
    "full_description": "full_name",
    "short_description": "short_name",
    "ogrnip": "ogrn",
    "phones": "phone",
    "director": "head_name",
    "registry_registration_date": "register_date",
    "basis": "admission_decision",
    "approved_basis_date": "admission_effective_date",
    "suspension_date": "terminated_date",
    "suspension_reason": "termination_reason",
    "compensation_fund_fee_vv": "vv_paid_amount",
    "compensation_fund_fee_odo": "odo_paid_amount",
}
"""Their names of our fields; `suspension_date` is theirs for the end of membership (exchange formats, §2)."""
TITLES: Mapping[str, Mapping[str, str]] = {
    "member_status": {"является членом": "member", "исключен": "terminated", "исключён": "terminated"},
    "accordance_status": {"соответствует": "ok", "не соответствует": "fail"},
}
OURS: Mapping[str, str] = {"member_status": "membership_status", "accordance_status": "accordance_status"}


def load(actor: Actor, content: bytes, name: str) -> tuple[ExchangeRun, Outcome]:
    """Read a file of the unified register and keep what differs from ours today."""
    if not policy.may_keep_register(actor):
        raise Forbidden
    rows = _rows(content)
    known = companies_by_inn([str(row.get("inn") or "") for row in rows])
    outcome, found = Outcome(), []
    with work(actor) as unit:
        facts = snapshot(unit.today, ids=list(known.values()))
        for number, row in enumerate(rows, 1):
            inn = str(row.get("inn") or "")
            if inn not in known:
                outcome.faults.append(Fault(number, f"ИНН {inn or '—'}: такого члена в нашем реестре нет"))
                continue
            ours = facts.get(known[inn], {})
            differ, problems = _differences(row, ours, unit.today)
            outcome.faults += [Fault(number, text) for text in problems]
            outcome.same += not differ
            found += [(known[inn], field, ours.get(field), value) for field, value in differ.items()]
        outcome.changed = len(found)
        run = keep(actor, "unified", name, content, outcome, dry=True)
        db.session.add_all(
            RegisterDifference(run_id=run.id, organisation_id=o, field=f, ours=was, theirs=now)
            for o, f, was, now in found
        )
        db.session.flush()
    return run, outcome


def _rows(content: bytes) -> Sequence[Mapping[str, object]]:
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refused("Файл единого реестра не читается: нужен JSON в UTF-8.") from error
    inner = said.get("data") if isinstance(said, dict) else said
    rows = inner.get("data") if isinstance(inner, dict) else inner
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused("В файле нет списка членов.")
    return rows


def _differences(
    row: Mapping[str, object], ours: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[str]]:
    """What they say otherwise; a value we could not take is told, not passed over."""
    said = {field: row.get(name) for name, field in NAMES.items()}
    problems = []
    for name, words in TITLES.items():
        value = row.get(name)
        title = str(value.get("title") if isinstance(value, dict) else value or "").strip().casefold()
        if title and title not in words:
            problems.append(f"{FIELDS[OURS[name]].label}: «{title}» не распознано")
        said[OURS[name]] = words.get(title)
    found: dict[str, str] = {}
    for field, value in said.items():
        if value in (None, ""):
            continue
        try:
            clean = _cleaned(FIELDS[field], value, today)
        except ValueError as wrong:
            problems.append(f"{FIELDS[field].label}: {wrong}")
            continue
        if clean is not None and clean != ours.get(field):
            found[field] = clean
    return found, problems


def _cleaned(declared: MemberField, value: object, today: date) -> str | None:
    text = str(value)
    if declared.form.widget == "date":
        text = text[:10]
    return declared.clean(text, today)


def differences(actor: Actor, run_id: int) -> list[RegisterDifference]:
    """What a run has found, in the order of the file."""
    if not actor.is_staff:
        raise Forbidden
    wanted = select(RegisterDifference).where(RegisterDifference.run_id == run_id)
    return list(
        db.session.scalars(wanted.order_by(RegisterDifference.organisation_id, RegisterDifference.id))
    )


def decide(actor: Actor, run_id: int, ids: Sequence[int] | None, *, accept: bool) -> int:
    """Accept (write theirs as a fact from today) or refuse differences; None means all that are open."""
    if not policy.may_keep_register(actor):
        raise Forbidden
    with work(actor) as unit:
        run = db.session.get(ExchangeRun, run_id)
        if run is None or run.kind != "unified":
            raise NotFound
        wanted = select(RegisterDifference).where(
            RegisterDifference.run_id == run_id, RegisterDifference.state == "open"
        )
        rows = [r for r in db.session.scalars(wanted) if ids is None or r.id in ids]
        by_member: dict[int, dict[str, object]] = {}
        for row in rows:
            by_member.setdefault(row.organisation_id, {})[row.field] = row.theirs
        if accept:
            ground = f"Сверка с единым реестром, файл «{run.file_name}»"
            for organisation_id, values in by_member.items():
                keeping.enter(actor, organisation_id, values, valid_from=unit.today, ground=ground)
        db.session.execute(
            update(RegisterDifference)
            .where(RegisterDifference.id.in_([r.id for r in rows]))
            .values(state="accepted" if accept else "refused", decided_at=unit.at, decided_by=actor.user_id)
        )
        return len(rows)
