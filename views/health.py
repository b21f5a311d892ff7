"""«Состояние системы» for the administrator: figures, troubles, another search backend by a button."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask import request as asked
from flask.typing import ResponseReturnValue
from flask_login import login_required

from archive import health
from desk import index_switch, tuning
from language.dates import short_date
from language.numbers import file_size
from messaging import keeping
from records import outbox, parameters, policy
from records.errors import Forbidden, NotFound

from . import _menu
from ._security import actor

bp = Blueprint("health", __name__, url_prefix="/settings/health")

MENU = (
    _menu.Item("settings", "Состояние системы", "health.show", "shield", _menu.roles("sro_admin"), order=5),
)

BACKENDS = {"whoosh": "Whoosh", "fts5": "SQLite FTS5", "postgresql": "PostgreSQL"}
TOPICS = {
    "index": "Поисковый индекс",
    "extract": "Чтение текста из файлов",
    "event": "Уведомления",
    "mail": "Исходящая почта",
    "print": "Печатные формы",
    "bulk": "Массовые действия",
    "timer": "Работы по часам",
    "reindex": "Индекс заново",
    "index-switch": "Переход поиска",
    "webhook": "Исходящие события",
}


@bp.before_request
@login_required
def only_admin() -> None:
    if not policy.may_administer(actor()):
        raise Forbidden("Состояние системы смотрит администратор.")


@bp.get("")
def show() -> ResponseReturnValue:
    """Everything on one page."""
    found = health.gather()
    switching = index_switch.under_way()
    last = index_switch.latest()
    return render_template(
        "desk/health.html",
        troubles=found.troubles(),
        stats=_stats(found),
        index=found.index,
        backend=BACKENDS.get(found.index.backend, found.index.backend),
        advised=index_switch.is_advised(found.records),
        others=[(name, BACKENDS[name]) for name in index_switch.choices()],
        switching=switching,
        failed=last.error if last is not None and last.state == "failed" else "",
        queues=_queues(found),
        rows=_rows(found),
        keep_days=keeping.keep_days(),
        keep_bounds=(keeping.LEAST, keeping.MOST),
    )


def _stats(found: health.Health) -> list[dict[str, object]]:
    room = found.room
    scarce = room is not None and room.is_scarce
    return [
        {"label": "Документов", "value": f"{found.records:,}".replace(",", "\u00a0")},
        {"label": "Файлы", "value": file_size(found.file_bytes), "hint": f"содержаний: {found.files}"},
        {"label": f"База {found.database}", "value": file_size(found.database_bytes)},
        {
            "label": "Свободно на диске",
            "value": file_size(room.free) if room else "на сервере базы",
            "tone": "bad" if scarce else None,
        },
    ]


def _rows(found: health.Health) -> list[tuple[str, str]]:
    zone = parameters.zone()
    copy = "ещё не было"
    if found.backup_at is not None:
        at = found.backup_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
        copy = f"{at}, {found.backup['file']}, {file_size(int(str(found.backup['size'])))}"
    published = "ещё не было"
    if found.digest is not None:
        published = f"за {short_date(found.digest.day)}, записей истории: {found.digest.entries}"
    return [
        ("Версия программы", found.version),
        ("Запись", found.refusal or "принимается"),
        ("Последняя резервная копия", copy),
        ("Последний дайджест архива", published),
    ]


def _queues(found: health.Health) -> list[dict[str, object]]:
    return [
        {
            "id": queue.topic,
            "tone": "bad" if queue.failed else None,
            "cells": {
                "topic": {"text": TOPICS.get(queue.topic, queue.topic), "sub": queue.error[:200]},
                "waiting": queue.waiting,
                "failed": queue.failed,
                "since": queue.since.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M"),
            },
        }
        for queue in found.queues
    ]


@bp.post("/index")
def switch() -> ResponseReturnValue:
    """Go over to another search backend; the worker does it."""
    index_switch.ask(actor(), asked.form.get("backend", ""))
    flash("Переход начат. Пока он идёт, поиск работает по-прежнему.", "success")
    return redirect(url_for("health.show"))


@bp.post("/retry")
def retry() -> ResponseReturnValue:
    """Try once more what was given up."""
    count = outbox.retry_failed()
    flash(f"Возвращено в очередь: {count}.", "success")
    return redirect(url_for("health.show"))


@bp.post("/rebuild")
def rebuild() -> ResponseReturnValue:
    """Have the worker make the index anew."""
    index_switch.rebuild(actor())
    flash("Индекс будет построен заново. Поиск тем временем работает по-прежнему.", "success")
    return redirect(url_for("health.show"))


@bp.post("/keeping")
def keep() -> ResponseReturnValue:
    """How long read notices are kept."""
    days = asked.form.get("days", "")
    tuning.set_notice_days(actor(), int(days) if days.isdecimal() and len(days) < 6 else 0)
    flash("Срок хранения уведомлений изменён.", "success")
    return redirect(url_for("health.show"))


@bp.get("/index/<int:job_id>")
def state(job_id: int) -> ResponseReturnValue:
    """How far the switch is."""
    job = index_switch.job(job_id)
    if job is None:
        raise NotFound
    return jsonify(
        done=job.done,
        total=job.total,
        state=job.state if job.state in {"done", "failed"} else "running",
        text="Поиск перешёл на другой движок."
        if job.state == "done"
        else "Не получилось: прежний движок работает. Обработчик попробует ещё раз."
        if job.state == "failed"
        else "Строится новый индекс…",
        url=url_for("health.show"),
        title="Обновить страницу",
    )
