"""Values the pages of a meeting show, and the plan as the form sends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from language.dates import zoned_datetime
from meetings import people
from meetings.kinds import FORMS
from meetings.model import MeetingPlan
from meetings.papers import phrases
from meetings.papers.dossier import Dossier
from meetings.planning import Mark
from meetings.rules import RULES
from records import parameters
from records.actor import Actor
from records.database import db
from records.model import Record, StoredFile
from records.people import Organisation

ENTRIES = {
    "date_time": "дата и время",
    "place": "место",
    "intake_deadline": "дата окончания приёма бюллетеней",
    "sending_way": "способ отправки бюллетеней",
    "participants": "сведения об участниках",
    "results": "результаты по каждому вопросу",
    "failed_record": "запись о несостоявшемся собрании",
    "counters": "кто считал голоса",
    "against": "кто голосовал против и потребовал записи",
    "course_facts": "сведения о ходе собрания",
    "signers": "кто подписал протокол",
    "technology": "использование технических средств",
    "software": "программное обеспечение",
    "voting_way": "способ голосования",
    "evidence": "способ фиксации волеизъявления",
    "breaks": "технические перерывы",
    "lawful": "собрание созвано правомерно",
}
_PLAIN = (
    "subject", "form", "live_form", "kind", "basis", "basis_document", "place", "starts_at",
    "registration_opens_at", "intake_opens_at", "intake_closes_at", "counting_at", "chair", "secretary",
    "counting_chair", "counting_secretary", "credentials_chair", "credentials_secretary", "tool_name",
    "voting_way", "evidence", "vote_signature", "contact", "identification", "decision_number", "decision_on",
)  # fmt: skip
_FLAGS = ("tool_public", "tool_free", "tool_gear", "count_is_filmed")
_LISTS = ("channels", "counting_members", "credentials_members")
_ROW = ("title", "draft", "speaker", "class", "threshold", "subject", "seats")


def read_plan(form: MultiDict[str, str]) -> dict[str, Any]:
    """The plan as the screen has it; rows of the agenda without a title are dropped."""
    body: dict[str, Any] = {name: form.get(name, "").strip() for name in _PLAIN}
    body |= {name: name in form for name in _FLAGS}
    body |= {name: form.getlist(name) for name in _LISTS}
    body["guests"] = _lines(form.get("guests", ""))
    rows = []
    for n in range(60):
        row: dict[str, Any] = {name: form.get(f"item_{n}_{name}", "").strip() for name in _ROW}
        row["secret"] = f"item_{n}_secret" in form
        names = _lines(form.get(f"item_{n}_candidates", ""))
        if names:
            row["candidates"] = names
        if row["title"]:
            rows.append(row)
    body["agenda"] = rows
    return body


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def blank() -> dict[str, Any]:
    """What a new plan begins with."""
    office = parameters.office()
    return {
        "subject": "Очередное общее собрание",
        "form": "absentee",
        "kind": "regular",
        "basis": "charter",
        "place": str(office.get("address") or ""),
        "channels": ["cabinet", "email", "paper"],
        "vote_signature": "simple",
        "identification": "cabinet",
        "evidence": "video",
        "agenda": [],
    }


def line(record: Record) -> dict[str, Any]:
    """A row of the list."""
    plan = db.session.get(MeetingPlan, record.id)
    body = plan.body if plan else {}
    when = body.get("starts_at") or body.get("counting_at") or ""
    state = {"draft": ("draft", "Готовится"), "active": ("active", "Созвано"), "done": ("good", "Проведено")}
    tone, title = state.get(record.state, ("closed", "В деле"))
    return {
        "id": record.id,
        "url": url_for("meetings_prepare.show", record_id=record.id),
        "cells": {
            "title": record.title,
            "form": FORMS.get(str(body.get("form")), ""),
            "when": f"{when[8:10]}.{when[5:7]}.{when[:4]}" if isinstance(when, str) and when else "—",
            "state": (record.state, title, tone),
        },
    }


def status(dossier: Dossier) -> tuple[str, str, str]:
    """Where the meeting stands, by its journal."""
    ending = {
        "held": ("Состоялось", "good"),
        "failed": ("Не состоялось", "bad"),
        "not_lawful": ("Неправомочно", "bad"),
    }
    title, tone = ending.get(dossier.outcome, ("Созвано", "active"))
    return "active", title, tone


def noticed_on(dossier: Dossier) -> date:
    called = dossier.state.called_at
    assert called is not None
    return dossier.local(called).date()


def marks(found: Iterable[Mark]) -> list[dict[str, Any]]:
    """The line of days as text."""
    zone = parameters.zone()
    rows = []
    for mark in found:
        local = mark.at.astimezone(zone)
        at = f"{local:%d.%m.%Y}" if f"{local:%H:%M}" in {"00:00", "23:59"} else zoned_datetime(mark.at, zone)
        rows.append({"title": mark.title, "at": at, "is_good": mark.is_good, "note": mark.note})
    return rows


def agenda(dossier: Dossier, plan: MeetingPlan, attached: Sequence[StoredFile]) -> list[dict[str, Any]]:
    """Items with their materials and outcomes."""
    kept = plan.body.get("files")
    of_items = kept if isinstance(kept, dict) else {}
    by_id = {entry.id: entry for entry in attached}
    rows = []
    for n, item in enumerate(dossier.items, 1):
        said = dossier.book.questions.get(item.id)
        row = dossier.questions[item.id]
        rows.append(
            {
                "n": n,
                "title": item.title or item.id,
                "draft": said.draft if said else "",
                "speaker": said.speaker if said else "",
                "notes": _notes(item),
                "files": [by_id[i] for i in of_items.get(str(n - 1), []) if i in by_id],
                "bar": RULES[dossier.state.bars[item.id]] if item.id in dossier.state.bars else None,
                "outcome": OUTCOMES.get(row["outcome"]),
                "total": phrases.figures(row["total"]) if row["total"] else "",
            }
        )
    return rows


OUTCOMES = {
    "adopted": ("good", "Принято"),
    "not_adopted": ("bad", "Не принято"),
    "elected": ("good", "Избраны"),
    "partly_elected": ("waiting", "Избраны не все"),
    "not_elected": ("bad", "Не избраны"),
    "not_counted": ("bad", "Не считалось"),
    "no_quorum": ("bad", "Нет кворума"),
}


def _notes(item: Any) -> list[str]:
    found = ["исключительная компетенция"] if item.is_exclusive else []
    found += ["тайное голосование"] if item.is_secret else []
    found += [f"выборы: мест – {item.seats}"] if item.is_election else []
    return [*found, phrases.threshold(item.threshold.text)]


def mine(who: Actor, dossier: Dossier) -> dict[str, Any] | None:
    """What the actor's company has done and may still do."""
    if who.is_staff or who.organisation_id is None:
        return None
    member = people.member_of(who.organisation_id)
    sheet = dossier.state.sheets.get(member)
    return {
        "member": member,
        "is_known": member in dossier.state.case.members,
        "may_bind": who.may_bind,
        "sheet": dossier.book.sheet_numbers.get(member, "принят") if sheet else "",
        "ballot": next(
            (
                dossier.book.ballot_numbers.get(b.n, "принят")
                for b in dossier.state.ballots
                if b.member == member and b.is_received
            ),
            "",
        ),
        "proxies": [
            {
                "id": proxy.id,
                "title": phrases.proxy(proxy.id),
                "holder": dossier.person(proxy.holder).name
                or dossier.state.case.people.get(proxy.holder, ""),
                "items": ", ".join(f"№ {key.removeprefix('q')}" for key in sorted(proxy.items))
                if proxy.items
                else "все вопросы",
                "revoked": proxy.revoked_at,
            }
            for proxy in dossier.state.case.proxies.values()
            if member in proxy.principals
        ],
    }


def notices(record_id: int) -> list[dict[str, Any]]:
    """Proof of dispatch: number, time, address, whether it was read."""
    rows = db.session.scalars(
        select(Record)
        .where(Record.kind == "meeting_notice", Record.payload["meeting"].as_integer() == record_id)
        .order_by(Record.id)
        .limit(500)
    ).all()
    zone = parameters.zone()
    return [
        {
            "id": row.id,
            "url": url_for("records.show", record_id=row.id),
            "cells": {
                "number": row.number_text,
                "company": _company(row.organisation_id),
                "address": (row.payload or {}).get("address"),
                "sent": f"{(row.sent_at or row.state_at).astimezone(zone):%d.%m.%Y %H:%M}",
                "read": ("good", "Прочитано") if row.delivered_at else ("active", "Отправлено"),
            },
        }
        for row in rows
    ]  # fmt: skip


def _company(organisation_id: int | None) -> str:
    found = db.session.get(Organisation, organisation_id) if organisation_id else None
    return found.short_name if found else ""


def proposals(dossier: Dossier) -> list[tuple[str, str]]:
    """Accepted proposals that are not on the agenda yet."""
    return [
        (item.id, item.title)
        for item in dossier.state.proposals.values()
        if item.id not in dossier.state.agenda
    ]


_FIGURES = (
    ("for", "for", "За"),
    ("against", "against", "Против"),
    ("abstained", "abstain", "Воздержались"),
    ("invalid", "invalid", "Недействительно"),
    ("not_voted", "not_voted", "Не голосовали"),
)


def evidence(dossier: Dossier) -> list[dict[str, Any]]:
    """Every figure with its rows; of a secret vote there are none to show."""
    found = []
    rows = {row["member"]: row for row in dossier.result["participants"]}
    entries = {b.member: b for b in dossier.state.absentee_part.values()}
    for n, item in enumerate(dossier.items, 1):
        row = dossier.questions[item.id]
        figures = []
        for key, mark, title in _FIGURES:
            votes = [
                {
                    "name": dossier.member(member).name,
                    "person": dossier.person(one["person"]).name,
                    "proxy": phrases.proxy(one["proxy"]) if one["proxy"] else "",
                    "source": _source(dossier, entries.get(member)),
                }
                for member, one in rows.items()
                if one["marks"].get(item.id) == mark
            ]
            value = row["total"][key] if row["total"] else None
            figures.append({"title": title, "value": value, "votes": votes if not item.is_secret else []})
        found.append(
            {
                "n": n,
                "title": item.title or item.id,
                "row": row,
                "figures": figures,
                "is_secret": item.is_secret,
                "outcome": OUTCOMES.get(row["outcome"]),
                "norm": row["norm"],
            }
        )
    return found


def _source(dossier: Dossier, ballot: Any) -> str:
    if ballot is None:
        return "голосование на заседании"
    number = dossier.book.ballot_numbers.get(ballot.n) or f"запись журнала № {ballot.n}"
    return f"бюллетень {number}, {dossier.local(ballot.sent_at):%d.%m.%Y %H:%M}"


def when(at: datetime | None) -> str:
    """A moment by the СРО's clock."""
    return zoned_datetime(at, parameters.zone()) if at else ""
