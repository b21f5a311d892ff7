"""`flask records …`, `flask files …`, `flask audit …`: file a folder of documents, look into a file,
verify history."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.progress import Progress, track
from sqlalchemy import select

from attachments.report import inspect_report
from meetings.service import here
from records import history, outbox, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.errors import RecordsError
from records.kinds import registry
from records.people import Organisation
from records.service import relabelling
from signatures import simple

records_group = AppGroup("records", help="Документы.")
files_group = AppGroup("files", help="Файлы.")
audit_group = AppGroup("audit", help="Проверка истории.")


@records_group.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kind", required=True, help="Вид документов, например letter.")
@click.option("--organisation", "inn", help="ИНН организации, от которой документы.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы: {файл: номер записи}.")
def import_command(folder: Path, kind: str, inn: str | None, as_json: bool) -> None:
    """Завести по документу на каждый файл папки FOLDER: имя файла — заголовок, файл — вложение."""
    if kind not in registry:
        raise click.ClickException(f"Нет такого вида: {kind}. Есть: {', '.join(k.name for k in registry)}")
    organisation_id = _organisation(inn) if inn else None
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    done: dict[str, int] = {}
    failed: dict[str, str] = {}
    for path in track(files, "Приём", disable=as_json or not sys.stderr.isatty()):
        try:
            done[path.name] = _file_one(path, kind, organisation_id)
        except RecordsError as error:
            failed[path.name] = str(error)
    outbox.drain(["extract", "index"])
    if as_json:
        click.echo(
            json.dumps(
                {**done, **{name: {"error": text} for name, text in failed.items()}}, ensure_ascii=False
            )
        )
    else:
        for name, record_id in done.items():
            click.echo(f"{record_id:>7}  {name}")
    for name, text in failed.items():
        click.echo(f"Не принят {name}: {text}", err=True)
    if failed:
        sys.exit(1)


def _organisation(inn: str) -> int:
    found = db.session.scalar(select(Organisation.id).where(Organisation.inn == inn))
    if found is None:
        raise click.ClickException(f"Нет организации с ИНН {inn}.")
    return int(found)


def _file_one(path: Path, kind_name: str, organisation_id: int | None) -> int:
    """One file as one filed record, through the same verbs as a page; whole or not at all."""
    kind = registry[kind_name]
    actor = Actor(
        user_id=None,
        name="Загрузка из папки",
        roles=frozenset({"sro_clerk", *SYSTEM_ACTOR.roles}),
        channel="import",
    )
    fields = {kind.title_field: path.stem} if kind.title_field else {}
    slot = kind.slots[0].name if kind.slots else "files"
    record = service.create(actor, kind_name, organisation_id=organisation_id, fields=fields)
    with path.open("rb") as stream:
        service.attach(actor, record.id, stream, path.name, slot=slot)
    moves = kind.workflow.find(record.state, "submit")
    if moves is not None:
        service.act(_filer(actor, moves.by), record.id, "submit")
    return record.id


def _filer(actor: Actor, allowed: frozenset[str]) -> Actor:
    """The importer files on behalf of the correspondent: the role that the move asks for."""
    return replace(actor, roles=actor.roles | allowed)


@records_group.command("relabel")
@click.option("--dry-run", is_flag=True, help="Только показать, что изменилось бы.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def relabel_command(dry_run: bool, as_json: bool) -> None:
    """Вычислить метки доступа всех документов заново (после изменения правил или ролей)."""
    with Progress(disable=as_json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("Метки доступа", total=relabelling.total())
        found = relabelling.relabel(dry_run=dry_run, progress=lambda n: bar.update(task, completed=n))
    if as_json:
        told = {"seen": found.seen, "changed": found.changed, "unknown": found.unknown, "dry_run": dry_run}
        click.echo(json.dumps(told))
        return
    verb = "Изменились бы" if dry_run else "Изменены"
    click.echo(f"Просмотрено документов: {found.seen}. {verb} метки у документов: {found.changed}.")
    for record_id, gone, new in found.examples:
        click.echo(f"{record_id:>7}  − {', '.join(sorted(gone)) or '—'}  + {', '.join(sorted(new)) or '—'}")
    if found.unknown:
        click.echo(f"Видов, которых программа больше не знает, у документов: {found.unknown}.", err=True)


@files_group.command("inspect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Имя, под которым файл прислали (если оно иное).")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def inspect_command(file: Path, name: str | None, as_json: bool) -> None:
    """Что это за файл, можно ли его принять и какой в нём текст."""
    report = inspect_report(file, file.name if name is None else name)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo(f"Тип: {report['type']}\nРешение: {report['verdict']} {report.get('message') or ''}")


@audit_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def verify(as_json: bool) -> None:
    """Проверить цепочки истории, дайджесты и файлы; назвать каждое расхождение."""
    from archive import integrity

    faults = [*history.verify(), *integrity.faults(), *simple.faults()]
    rows = [
        {"record": f.record_id, "entry": f.history_id, "at": str(f.at or ""), "text": f.text} for f in faults
    ]
    rows += [
        {"record": record_id or 0, "entry": f.seq, "at": "", "text": f"журнал собрания: {f.text}"}
        for record_id, f in here().all_faults()
    ]
    if as_json:
        click.echo(json.dumps({"ok": not rows, "faults": rows}, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(f"документ {row['record']}: {row['text']} {row['at']}")
        click.echo("Целостность подтверждена." if not rows else f"Найдено расхождений: {len(rows)}")
    if rows:
        sys.exit(1)


COMMANDS = (records_group, files_group, audit_group)
