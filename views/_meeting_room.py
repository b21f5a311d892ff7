"""Values the room shows: what each person may do now, in words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import url_for

from language.dates import zoned_datetime
from language.plural import plural
from meetings import journal as pages
from meetings import live
from meetings.facts import Item
from meetings.preparing import plan_of
from meetings.rules import RULES
from meetings.state import State
from records import parameters
from records.actor import Actor
from records.database import db

STAGES = {
    "registration": "Регистрация",
    "session": "Идёт собрание",
    "voting": "Голосование",
    "break": "Перерыв",
    "closed": "Собрание закрыто",
}
EVENTS = {
    "notice_sent": "Извещение отправлено",
    "proposal": "Предложение в повестку",
    "agenda_changed": "Повестка изменена",
    "registration_sheet": "Лист регистрации",
    "code_entered": "Введён код",
    "admitted": "Допущен",
    "left": "Вышел",
    "reconnect": "Опознан заново",
    "list_closed": "Список участников закрыт",
    "quorum_check": "Проверка кворума",
    "question_opened": "Вопрос поставлен на голосование",
    "vote": "Голос",
    "question_closed": "Голосование окончено",
    "break": "Перерыв",
    "resume": "Собрание продолжено",
    "ballot_received": "Бюллетень",
    "board_counts": "Подсчёт голосов",
    "objection": "Возражение",
    "record_against_request": "Просит записать голос против",
    "record_fact_request": "Просит внести запись",
    "meeting_closed": "Собрание закрыто",
}
VERDICTS = {
    "accepted": ("good", "принято"),
    "partly": ("waiting", "принято частично"),
    "refused": ("bad", "отказано"),
}
_KINDS = {"case": "Решение о созыве", "facts": "Новые сведения"}


def votes(number: int) -> str:
    """«4 голоса»."""
    return f"{number} {plural(number, 'голос', 'голоса', 'голосов')}"


def book(record_id: int) -> dict[str, str]:
    """Names of members as the call froze them."""
    cards = plan_of(record_id).book.get("members")
    return {key: str(card["name"]) for key, card in cards.items()} if isinstance(cards, dict) else {}


def room(who: Actor, record_id: int, state: State, *, is_inside: bool) -> dict[str, Any]:
    """Everything the page of the room is made of."""
    names, own = live.names_of(who), book(record_id)
    members = live.mine(state, names)
    seated = [m for m in members if m in state.seats]
    question = state.open_question
    item = question.item if question else None
    left = [m for m in seated if question and m not in question.voted and state.seats[m].connected]
    is_chair = live.is_chair(who, state)
    return {
        "stage": STAGES[live.stage(state)],
        "starts_at": _moment(state),
        "is_remote": state.case.plan.is_remote,
        "is_inside": is_inside,
        "members": [own.get(m, m) for m in members],
        "seated": [own.get(m, m) for m in seated],
        "item": _item(state, item) if item else None,
        "ballot": [(m, own.get(m, m)) for m in left],
        "weight": votes(len(left)),
        "has_voted": bool(seated and question and not left),
        "agenda": [_line(state, row) for row in state.agenda.values()],
        "desk": _desk(state) if is_chair else None,
        "waiting": _waiting(state, own, record_id) if live.is_on_board(who, state) else None,
        "needs_qualified": state.case.plan.vote_signature == "qualified",
    }


def _moment(state: State) -> str:
    at = state.case.plan.starts_at
    return zoned_datetime(at, parameters.zone()) if at else ""


def _item(state: State, item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title or item.id,
        "is_secret": item.is_secret,
        "is_election": item.is_election,
        "candidates": [(one, state.case.people.get(one, one)) for one in item.candidates],
        "seats": item.seats,
    }


def _line(state: State, item: Item) -> dict[str, Any]:
    """An item of the agenda and where it stands."""
    if item.id in state.bars:
        status = ("bad", "Не может быть поставлен", "bad")
    elif item.id not in state.questions:
        status = ("draft", "Не рассмотрен", "draft")
    elif state.questions[item.id].is_open:
        status = ("active", "Голосование", "active")
    else:
        status = ("good", "Рассмотрен", "good")
    return {"id": item.id, "title": item.title or item.id, "status": status}


def _desk(state: State) -> dict[str, Any]:
    """The chair's next step: what to say and what to record (M-144)."""
    stage = live.stage(state)
    next_item = next((i for i in state.lawful_items if i.id not in state.questions), None)
    needed, of = state.quorum_share.needed(len(state.register)), len(state.register)
    steps: dict[str, tuple[str, str, str | None, str]] = {
        "registration": (
            f"Регистрация завершается. Для кворума нужно {needed} из {of}. Список участников закрываю.",
            "list_closed",
            None,
            "Закрыть список и установить кворум",
        ),
        "break": (
            "Перерыв окончен. Прошу участников подтвердить присутствие.",
            "resume",
            None,
            "Продолжить собрание",
        ),
        "closed": ("Собрание закрыто.", "", None, ""),
    }
    if stage == "voting" and state.open_question:
        item = state.open_question.item
        say = f"Голосование по вопросу «{item.title or item.id}» завершается."
        steps[stage] = (say, "question_closed", item.id, "Завершить голосование")
    elif stage == "session" and state.needs_recheck:
        steps[stage] = ("Проверяем кворум после перерыва.", "quorum_check", None, "Проверить кворум")
    elif stage == "session" and next_item:
        title = next_item.title or next_item.id
        steps[stage] = (
            f"Ставлю на голосование вопрос «{title}».",
            "question_opened",
            next_item.id,
            "Открыть голосование",
        )
    elif stage == "session":
        steps[stage] = ("Повестка исчерпана. Собрание закрыто.", "meeting_closed", None, "Закрыть собрание")
    say, verb, item_id, title = steps[stage]
    return {
        "say": say,
        "verb": verb,
        "item": item_id,
        "title": title,
        "what_if": _what_if(state),
        "stage": stage,
    }


def _what_if(state: State) -> str:
    """How many may leave before the quorum is lost."""
    have = sum(seat.connected for seat in state.seats.values())
    spare = have - state.quorum_share.needed(len(state.register))
    if spare < 0:
        return f"До кворума не хватает: {-spare}."
    return f"Кворум сохранится, если выйдут не более {spare}."


def _waiting(state: State, own: dict[str, str], record_id: int) -> dict[str, Any]:
    """The board's screen: those who wait with sheet, code and authority; those in the room; those cut off."""
    remote = state.case.plan.is_remote
    waiting = [m for m in state.case.members if m not in state.seats and (m in state.sheets or not remote)]
    rows = [
        {
            "id": member,
            "name": own.get(member, member),
            "person": _person(
                state, own, state.sheets[member].person if member in state.sheets else f"{member}.head"
            ),
            "code": "введён" if member in state.sheets and state.sheets[member].code_entered else "не введён",
            "ready": not remote or state.sheets[member].code_entered,
        }
        for member in waiting
    ]
    return {
        "rows": rows,
        "present": [(m, own.get(m, m)) for m, seat in state.seats.items() if seat.connected],
        "gone": [(m, own.get(m, m)) for m, seat in state.seats.items() if not seat.connected],
        "title": "Окончательный список" if state.list_closed else "Предварительный список",
        "url": url_for("meetings_live.admit", record_id=record_id),
    }


def _clock(at: object) -> str:
    """The moment in the zone of the СРО."""
    return (
        f"{datetime.fromisoformat(at).astimezone(parameters.zone()):%d.%m.%Y %H:%M:%S}"
        if isinstance(at, str)
        else ""
    )


def _person(state: State, own: dict[str, str], person: str) -> str:
    return str(
        state.case.people.get(person)
        or ("руководитель" if person.endswith(".head") else own.get(person, person))
    )


def journal(record_id: int, meeting_id: int) -> list[dict[str, Any]]:
    """The journal for reading, the last entries first; who voted how stands in the protocol, not here."""
    own = book(record_id)
    rows = []
    for entry in pages.entries(db.session.connection(), meeting_id):
        body = entry.content
        said = json.loads(entry.verdict) if entry.verdict else {}
        members = [own.get(m, m) for m in body.get("members", [])] if entry.kind == "event" else []
        reasons = list(dict.fromkeys(code for _, code in said.get("refused", [])))
        tone, word = VERDICTS.get(said.get("verdict", ""), ("draft", "записано"))
        rows.append(
            {
                "id": entry.seq,
                "cells": {
                    "seq": str(entry.seq),
                    "at": _clock(body.get("at")),
                    "what": EVENTS.get(str(body.get("type")), _KINDS.get(entry.kind, "")),
                    "who": ", ".join(members[:3])
                    + (f" и ещё {len(members) - 3}" if len(members) > 3 else ""),
                    "verdict": (tone, word),
                    "why": "; ".join(f"{RULES[code].text} ({RULES[code].norm})" for code in reasons),
                    "digest": entry.digest[:16],
                },
            }
        )
    return rows[::-1][:500]
