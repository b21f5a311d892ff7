"""`flask worker`, `flask mail fetch|intake`: background work, and letters taken by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from messaging import intake
from messaging.model import IntakeLetter
from records import outbox
from records.database import db

mail_group = AppGroup("mail", help="Почта: приём писем.")


@click.command("worker")
def worker_command() -> None:
    """Выполнять фоновую работу: письма, уведомления, индекс, печать, сроки. Остановка: Ctrl+C или SIGTERM."""
    from providers import worker

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.remove()
    worker.serve(app)


@mail_group.command("fetch")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def fetch_command(as_json: bool) -> None:
    """Забрать новые письма из почтового ящика (VECHE_INTAKE_URL) и зарегистрировать их."""
    if not current_app.extensions["settings"].intake_url:
        raise click.ClickException("Почтовый ящик не настроен: задайте VECHE_INTAKE_URL.")
    last = db.session.scalar(db.select(db.func.max(IntakeLetter.id))) or 0
    taken = intake.fetch()
    outbox.drain(["intake"])
    rows = list(
        db.session.scalars(db.select(IntakeLetter).where(IntakeLetter.id > last).order_by(IntakeLetter.id))
    )
    _say([_told(row) for row in rows], as_json, f"Принято писем: {taken}.")


@mail_group.command("intake")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Показать, что получится, ничего не принимая.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def intake_command(files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Принять письма из файлов FILES (.eml); без файлов письмо читается со стандартного ввода."""
    letters = [(path.name, path.read_bytes()) for path in files]
    if not letters:
        if sys.stdin.isatty():
            raise click.UsageError("Назовите файлы .eml или подайте письмо на стандартный ввод.")
        letters = [("стандартный ввод", sys.stdin.buffer.read())]
    if any(not raw.strip() for _, raw in letters):
        raise click.ClickException("Письмо пустое.")
    if dry_run:
        _say([{"file": name, **intake.describe(raw)} for name, raw in letters], as_json, "Ничего не принято.")
        return
    ids = [(name, intake.take(raw, f"файл {name}").id) for name, raw in letters]
    outbox.drain(["intake"])
    db.session.rollback()
    rows = [{"file": name, **_told(db.session.get(IntakeLetter, i))} for name, i in ids]
    _say(rows, as_json, f"Писем: {len(rows)}.")
    if any(row["outcome"] in {"failed", "new"} for row in rows):
        sys.exit(1)


def _told(row: IntakeLetter | None) -> dict[str, object]:
    if row is None:
        return {"outcome": "failed"}
    return {
        "letter": row.id,
        "outcome": row.outcome,
        "record": row.record_id,
        "sender": row.sender,
        "subject": row.subject,
        "note": row.note,
    }


def _say(rows: list[dict[str, object]], as_json: bool, last: str) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        outcome = intake.OUTCOMES.get(str(row["outcome"]), str(row["outcome"]))
        record = f", документ {row['record']}" if row.get("record") else ""
        note = f" ({row['note']})" if row.get("note") else ""
        click.echo(f"{row.get('file') or row['sender']}: {outcome}{record}{note}")
    click.echo(last)


COMMANDS = (worker_command, mail_group)
