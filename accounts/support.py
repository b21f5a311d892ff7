"""A question to support from any page, with its context and without secrets (C-14)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from messaging import mail
from records import parameters
from records.actor import PUBLIC_ACTOR, Actor
from records.database import db, now
from records.errors import Invalid, NotFound
from records.people import Organisation, User
from records.service import work

from . import attempts, given_names, policy
from .model import SupportRequest

# A long part of an address that looks drawn by chance is a token: activation, reset, a shared link.
_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}(?=/|$)")


def safe_page(address: str) -> str:
    """The path of a page without what could let a stranger in: no query, no tokens."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return ""
    return _TOKEN.sub("…", path)[:300]


def ask(actor: Actor, text: str, *, page: str, agent: str, email: str = "", name: str = "") -> SupportRequest:
    """Keep the question and mail it to the office."""
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    sender = (user.name if user else name).strip(), (user.email if user else email).strip()
    given_names.require(
        {
            "text": None if text.strip() else "Опишите, что случилось.",
            "email": given_names.email_problem(sender[1]),
            "name": given_names.line_problem(sender[0], 200),
        }
    )
    if len(text) > 5000:
        raise Invalid({"text": ["Длиннее 5000 знаков: приложите подробности к письму."]})
    company = db.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    with work(actor if user else PUBLIC_ACTOR):
        attempts.spend(f"support:{actor.user_id or actor.address}", most=10)
        entry = SupportRequest(
            user_id=user.id if user else None,
            organisation_id=actor.organisation_id,
            name=sender[0][:200],
            email=sender[1][:254],
            text=text.strip(),
            page=safe_page(page),
            agent=agent[:300],
        )
        db.session.add(entry)
        db.session.flush()
        _mail(entry, company.short_name if company else "")
    return entry


def _mail(entry: SupportRequest, company: str) -> None:
    office = str(parameters.office().get("email") or "")
    if not office:
        return
    at = entry.created_at.astimezone(parameters.zone())
    mail.send(
        office,
        f"Обращение в поддержку № {entry.id}",
        "support",
        {
            "who": f"{entry.name or 'Без имени'} ({entry.email})",
            "organisation": company,
            "text": entry.text,
            "page": entry.page,
            "agent": entry.agent,
            "at": f"{at:%d.%m.%Y %H:%M}",
        },
        about="support",
    )


def listed(actor: Actor, *, answered: bool = False) -> list[SupportRequest]:
    policy.require(policy.may_answer_support(actor))
    query = select(SupportRequest).order_by(SupportRequest.id.desc()).limit(200)
    condition = SupportRequest.answered_at.is_not(None) if answered else SupportRequest.answered_at.is_(None)
    return list(db.session.scalars(query.where(condition)))


def answer(actor: Actor, request_id: int, text: str) -> None:
    """Answer by mail; the answer stays beside the question."""
    policy.require(policy.may_answer_support(actor))
    if not text.strip():
        raise Invalid({"answer": ["Напишите ответ."]})
    with work(actor):
        entry = db.session.get(SupportRequest, request_id)
        if entry is None:
            raise NotFound
        entry.answer, entry.answered_at, entry.answered_by = text.strip()[:5000], now(), actor.user_id
        mail.send(
            entry.email,
            f"Ответ поддержки на обращение № {entry.id}",
            "support_answer",
            {"name": entry.name, "question": entry.text, "answer": entry.answer},
            about="support",
            to_name=entry.name,
        )
