"""`flask evidence …`: what a court is given."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from records.database import db
from records.errors import Refused
from records.model import Record
from signatures import meeting_evidence

evidence_group = AppGroup("evidence", help="Доказательства собрания.")


@evidence_group.command("export")
@click.argument("meeting", type=int)
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы, одним объектом JSON.")
def export_command(meeting: int, target: Path, as_json: bool) -> None:
    """Собрать доказательства собрания MEETING (номер записи) в архив TARGET.

    Проверить его без сети и базы: python -m signing.verifier TARGET.
    """
    record = db.session.get(Record, meeting)
    if record is None or record.kind != "meeting":
        raise click.ClickException(f"Собрания с номером записи {meeting} нет.")
    draft = target.with_name(target.name + ".draft")
    try:
        digest = meeting_evidence.export(record, draft)
        draft.replace(target)
    except Refused as refused:
        raise click.ClickException("; ".join(refused.reasons)) from refused
    finally:
        draft.unlink(missing_ok=True)
    if as_json:
        click.echo(json.dumps({"file": str(target), "manifest_sha256": digest}, ensure_ascii=False))
    else:
        click.echo(f"Готово: {target}. SHA-256 описи: {digest}")


COMMANDS = (evidence_group,)
