"""`flask backup create|restore|check`: a copy of the whole archive in one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup

from archive import backup
from records import indexing

Kept = TypeVar("Kept")

group = AppGroup("backup", help="Резервная копия.")


@group.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def create(file: Path) -> None:
    """Записать копию всего архива в FILE."""
    manifest = backup.create(file, _say)
    click.echo(
        f"Копия готова: документов {manifest['counts']['record']}, частей {len(manifest['parts'])}, {file}"
    )
    for sha256 in manifest["missing"]:
        click.echo(f"В хранилище нет файла {sha256}: проверьте `flask audit verify`.", err=True)


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Проверить, что копия FILE цела."""
    _sound(lambda: backup.check(file))
    click.echo("Копия цела.")


@group.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Заменить документы этой установки.")
def restore(file: Path, force: bool) -> None:
    """Восстановить архив из копии FILE и проверить его."""
    manifest = _sound(lambda: backup.restore(file, force=force, progress=_say))
    click.echo("… поисковый индекс", err=True)
    indexing.rebuild()
    click.echo(f"Восстановлено документов: {manifest['counts']['record']}. Дайджесты цепочек совпали.")


def _say(text: str) -> None:
    click.echo(f"… {text}", err=True)


def _sound(act: Callable[[], Kept]) -> Kept:
    """Run, turning a broken backup into a plain message and a failing exit."""
    try:
        return act()
    except backup.BackupBroken as broken:
        raise click.ClickException(str(broken)) from broken


COMMANDS = (group,)
