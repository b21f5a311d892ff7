"""What each tab of a member's entry shows: plain values for the templates (seed of tabs: Сводка … Взносы)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from flask import request, url_for

from language.dates import short_date
from language.money import roubles, whole_roubles
from records import parameters, policy, query
from records.actor import Actor
from records.database import db
from records.fields import Money, Wrong
from records.kinds import registry
from records.model import Record
from register import decisions, history, ledger, oversight, portfolio, terms
from register.contributions import KINDS
from register.history import Member
from register.member_fields import PARTS, applies, visible_to
from register.model import Inspection, InsurancePolicy, Violation
from register.obligations import WARNINGS, Assessment, Plan
from register.papers import INVOICE_KIND

from ._state_words import state_words

Context = dict[str, object]


def audience(who: Actor) -> str:
    return "staff" if who.is_staff else "member"


def summary(who: Actor, member: Member, today: date) -> Context:
    """Every field by parts; what the member may change has its button beside it."""
    seen = visible_to(audience(who))
    may_ask = who.may_bind and not who.read_only
    parts = []
    for code, title in PARTS.items():
        if code == "right":
            continue
        rows = [
            {
                "label": f.label,
                "value": member.shown(f.name),
                "copy": f.name in ("inn", "ogrn", "kpp"),
                "url": None,
                "hint": "публикуется" if f.seen == "open" and who.is_staff else "",
                "wide": f.name in ("full_name", "legal_address", "termination_reason"),
            }
            for f in seen
            if f.part == code and (member.get(f.name) or f.change) and applies(f, member.get("member_type"))
        ]
        changeable = any(f.part == code and f.change for f in seen)
        parts.append({"code": code, "title": title, "rows": rows, "ask": may_ask and changeable})
    since = member.day("register_date")
    length = terms.membership_length(since, today, member.day("terminated_date")) if since else ""
    return {"parts": parts, "length": length, "since": since}


def right(who: Actor, member: Member, today: date) -> Context:
    """Право: statuses with date and ground, categories of objects, levels with limits and contributions."""
    vv, odo = decisions.tables(today)
    changed = history.changes(member.organisation_id, "right_status")
    ground = next((c for c in changed if c.valid_from <= today), None)
    vv_level, odo_level = member.number("vv_level"), member.number("odo_level")
    rights = [
        {"label": "Основание", "value": member.shown("right_basis")},
        *(
            {"label": label, "value": member.shown(name) or "нет"}
            for name, label in (
                ("right_ordinary_date", "Объекты капитального строительства, с"),
                ("right_hazardous_date", "Особо опасные, технически сложные и уникальные, с"),
                ("right_nuclear_date", "Объекты использования атомной энергии, с"),
            )
        ),
    ]
    levels = [
        {"label": "Возмещение вреда", "value": vv.level(vv_level or 0).words if vv.has(vv_level) else "нет"},
        {"label": "Взнос в КФ ВВ", "value": member.shown("vv_paid_amount") or "нет"},
        {"label": "Уплачен", "value": member.shown("vv_paid_date") or "нет"},
        {
            "label": "Договорные обязательства",
            "value": odo.level(odo_level or 0).words if odo.has(odo_level) else "нет",
        },
        {"label": "Взнос в КФ ОДО", "value": member.shown("odo_paid_amount") or "нет"},
        {"label": "Уплачен", "value": member.shown("odo_paid_date") or "нет"},
        {"label": "Право ОДО с", "value": member.shown("odo_right_date") or "нет"},
    ]
    rows = [
        {
            "id": m.id,
            "cells": {
                "on": short_date(m.decided_on),
                "what": oversight.MEASURES.get(m.kind, m.kind),
                "basis": m.basis,
                "until": short_date(m.until) if m.until else "",
            },
        }
        for m in oversight.measures(who, member.organisation_id)
    ]
    return {"rights": rights, "levels": levels, "ground": ground, "measures": rows}


def inspections(who: Actor, member: Member, today: date) -> Context:
    """Проверки: ahead and held, violations with norm, advice, term and what to do about them."""
    found = oversight.inspections(who, member.organisation_id)
    ahead = [_inspection(row, rows, today) for row, rows in found if not row.result]
    held = [_inspection(row, rows, today) for row, rows in found if row.result]
    last = next((row.starts_on for row, _ in found if row.result and row.kind == "planned"), None)
    joined = member.day("register_date")
    window = terms.next_planned_inspection(last, joined) if joined and member.is_member else None
    return {"ahead": ahead, "held": held, "window": window}


def _inspection(row: Inspection, violations: list[Violation], today: date) -> Context:
    ends = row.ends_on or row.starts_on
    return {
        "title": f"{oversight.INSPECTION_KINDS.get(row.kind, row.kind)} проверка",
        "form": oversight.INSPECTION_FORMS.get(row.form, row.form),
        "dates": short_date(row.starts_on) + (f"–{short_date(ends)}" if ends != row.starts_on else ""),
        "subject": row.subject,
        "result": oversight.RESULTS.get(row.result, ""),
        "tone": {"clean": "good", "found": "bad"}.get(row.result, "draft"),
        "act_url": url_for("records.show", record_id=row.act_id) if row.act_id else None,
        "violations": [
            {
                "what": v.what,
                "norm": v.norm,
                "advice": v.advice,
                "due": short_date(v.due_on) if v.due_on else "",
                "fixed": short_date(v.fixed_on) if v.fixed_on else "",
                "late": v.fixed_on is None and v.due_on is not None and v.due_on < today,
            }
            for v in violations
        ],
    }


def insurance(who: Actor, member: Member, today: date) -> Context:
    """Страхование: policies with the mark of their end."""
    return {"policies": [_policy(p, today) for p in oversight.policies(who, member.organisation_id)]}


def _policy(row: InsurancePolicy, today: date) -> Context:
    mark = terms.expiry_mark(row.ends_on, today)
    words = {None: ("good", "Действует"), 0: ("bad", "Окончился")}
    tone, title = words.get(mark, ("waiting", f"Осталось дней: {(row.ends_on - today).days}"))
    return {
        "title": f"{row.insurer}, № {row.number}",
        "status": (tone, title, tone),
        "rows": [
            {"label": "Предмет", "value": row.subject},
            {"label": "Срок", "value": f"{short_date(row.starts_on)}–{short_date(row.ends_on)}"},
            {"label": "Страховая сумма", "value": whole_roubles(row.amount)},
            {"label": "Лицензия", "value": row.licence},
            {"label": "Телефон", "value": row.phone},
        ],
    }


def specialists(who: Actor, member: Member, today: date) -> Context:
    """Специалисты НРС with the count of the minimum."""
    people = oversight.specialists(who, member.organisation_id, today)
    rows = []
    for row, counts in people.rows:
        until = terms.qualification_until(row.assessed_on) if row.assessed_on else None
        late = until is None or until < today
        rows.append(
            {
                "id": row.id,
                "tone": None if counts else "waiting",
                "cells": {
                    "name": row.name,
                    "nrs": row.nrs_number,
                    "kind": row.work_kind,
                    "assessed": {
                        "text": f"до {short_date(until)}" if until else "нет",
                        "tone": "bad" if late else None,
                    },
                    "order": row.order_number,
                    "counts": ("valid", "Учитывается")
                    if counts
                    else ("pending", _why_not(row.is_listed, late)),
                },
            }
        )
    return {"people": people, "rows": rows}


def _why_not(listed: bool, late: bool) -> str:
    return "Исключён из НРС" if not listed else "Нет оценки квалификации" if late else "Не основная работа"


def contracts(who: Actor, member: Member, today: date) -> Context:
    """Договоры: the count with its limit and remainder, what-if, contracts with reasons and marks."""
    count, found = portfolio.of_member(who, member.organisation_id, today)
    plan, problem = _what_if(who, member, today)
    rows = [
        {
            "id": item.contract.id,
            "tone": "bad" if item.late else None,
            "cells": {
                "number": {"text": f"№ {item.contract.number}", "sub": short_date(item.contract.made_on)},
                "customer": {"text": item.contract.customer, "sub": item.contract.subject},
                "how": portfolio.PROCUREMENTS.get(item.contract.procurement, ""),
                "price": whole_roubles(item.contract.price),
                "accepted": whole_roubles(item.contract.accepted),
                "term": {
                    "text": short_date(item.contract.ends_on) if item.contract.ends_on else "",
                    "sub": "просрочен" if item.late else "",
                    "tone": "bad" if item.late else None,
                },
                "state": portfolio.STATUSES.get(item.contract.status, ""),
                "counted": {
                    "text": whole_roubles(item.line.counted),
                    "sub": item.line.reason or "; ".join(WARNINGS[w] for w in item.line.warnings),
                },
            },
        }
        for item in found
    ]
    return {"count": count, "figures": _figures(count), "rows": rows, "plan": plan, "problem": problem}


def _figures(count: Assessment) -> list[dict[str, object]]:
    tone = {"exceeded": "bad", "near": "waiting"}.get(count.state)
    limit = "не ограничен" if count.limit is None else whole_roubles(count.limit)
    free = "не ограничен" if count.free is None else whole_roubles(count.free)
    return [
        {"label": "Обязательства", "value": whole_roubles(count.fact_total), "tone": tone},
        {"label": "Предел уровня", "value": limit},
        {"label": "Остаток ОДО", "value": free, "tone": tone},
        {
            "label": "Нужный уровень",
            "value": count.need.number if count.fact_total else "—",
            "hint": f"доплата {whole_roubles(count.extra_fee)}" if count.extra_fee else "доплаты нет",
        },
    ]


def _what_if(who: Actor, member: Member, today: date) -> tuple[Plan | None, str]:
    text = request.args.get("amount", "").strip()
    if not text:
        return None, ""
    try:
        amount = Money(name="amount", label="Сумма").clean(text, today)
    except Wrong as wrong:
        return None, str(wrong)
    direct = request.args.get("direct") == "1"
    found = portfolio.what_if(
        who, member.organisation_id, Decimal(str(amount)), today, competitive=not direct
    )
    return found, ""


def dues(who: Actor, member: Member, today: date) -> Context:
    """Взносы: debt by kind and period with the date of data, then every posting."""
    states = ledger.state_of(who, member.organisation_id, today)
    postings = ledger.rows_of(who, member.organisation_id)
    debts = [
        {
            "id": n,
            "tone": "bad" if charge.overdue else None,
            "cells": {
                "kind": balance.title,
                "period": charge.posting.period or short_date(charge.posting.on),
                "due": short_date(charge.posting.due_on) if charge.posting.due_on else "",
                "left": roubles(charge.left),
                "state": ("debt", "Просрочен") if charge.overdue else ("pending", "Срок не наступил"),
            },
        }
        for n, (balance, charge) in enumerate([(b, c) for b in states for c in b.open][:60])
    ]
    rows = [
        {
            "id": p.id,
            "cells": {
                "on": short_date(p.on_date),
                "what": p.document or p.purpose,
                "charged": roubles(p.charged) if p.charged else "",
                "paid": roubles(p.paid) if p.paid else "",
            },
        }
        for p in reversed(postings[-60:])
    ]
    debt = sum((b.debt for b in states), Decimal(0))
    overpaid = [(b.title, roubles(b.overpaid)) for b in states if b.overpaid]
    at = max((p.posted_at for p in postings), default=None)
    known = at.astimezone(parameters.zone()) if at else None
    figures = [
        {"label": "Долг", "value": roubles(debt), "tone": "bad" if debt else "good"},
        {
            "label": "Начислено, срок не наступил",
            "value": roubles(sum((b.owed - b.debt for b in states), Decimal(0))),
        },
        {"label": "Переплата", "value": roubles(sum((b.overpaid for b in states), Decimal(0)))},
    ]
    wanted = db.select(Record).where(
        Record.kind == "invoice", Record.organisation_id == member.organisation_id, query.visible(who)
    )
    return {
        "figures": figures,
        "debts": debts,
        "rows": rows,
        "overpaid": overpaid,
        "known": known,
        "invoices": db.session.scalars(wanted.order_by(Record.id.desc()).limit(10)).all(),
        "state_words_of": lambda record: state_words(registry[record.kind], record.state),
        "may_keep_dues": policy.may_keep_dues(who),
        "dues_kinds": [(code, KINDS[code]) for code in INVOICE_KIND],
    }


def log(who: Actor, member: Member, today: date) -> Context:
    """История: every value that was ever written, with its days and ground."""
    seen = {f.name for f in visible_to(audience(who))}
    rows = [
        {
            "id": n,
            "cells": {
                "from": short_date(c.valid_from),
                "label": c.label,
                "value": c.shown or "снято",
                "ground": {
                    "text": c.ground,
                    "url": url_for("records.show", record_id=c.ground_id) if c.ground_id else None,
                },
                "by": c.by if who.is_staff else "",
            },
        }
        for n, c in enumerate(history.changes(member.organisation_id))
        if c.field in seen
    ]
    return {"rows": rows[:500]}


TABS: dict[str, tuple[str, Callable[[Actor, Member, date], Context]]] = {
    "summary": ("Сводка", summary),
    "right": ("Право", right),
    "inspections": ("Проверки", inspections),
    "insurance": ("Страхование", insurance),
    "specialists": ("Специалисты НРС", specialists),
    "contracts": ("Договоры", contracts),
    "dues": ("Взносы", dues),
    "history": ("История", log),
}
