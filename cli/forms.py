"""`flask forms …`: what a paste into the grid or an imported workbook would give."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask.cli import AppGroup

from forms import clipboard, recognise, reports, workbook
from forms.grid import MAX_ROWS
from forms.recognise import Recognised

forms_group = AppGroup("forms", help="Формы отчёта.")


def _form(code: str, year: int | None) -> reports.Form:
    try:
        return reports.form(code, year)
    except KeyError as error:
        known = ", ".join(form.code for form in reports.all_forms(year))
        raise click.ClickException(f"Нет формы «{code}». Есть: {known}") from error


@forms_group.command("paste")
@click.argument("form_code", metavar="FORM")
@click.argument("table_code", metavar="TABLE")
@click.option("--year", type=int, help="Отчётный год: от него зависит состав полей.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def paste_command(form_code: str, table_code: str, year: int | None, as_json: bool) -> None:
    """Что таблица TABLE формы FORM прочла бы из буфера обмена, поданного на стандартный ввод."""
    form = _form(form_code, year)
    try:
        table = form.table(table_code)
    except KeyError as error:
        known = ", ".join(table.code for table in form.tables)
        raise click.ClickException(f"Нет таблицы «{table_code}». Есть: {known}") from error
    grid = clipboard.read(sys.stdin.buffer.read())
    found = recognise.table(table, grid, layout=form.layout)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        _tell({table.title: found}, found.error.text if found.error else "")
    if found.error:
        sys.exit(1)


@forms_group.command("import")
@click.argument("form_code", metavar="FORM")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=int, help="Отчётный год: от него зависит состав полей.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def import_command(form_code: str, file: Path, year: int | None, as_json: bool) -> None:
    """Что форма FORM прочла бы из книги FILE (xlsx, ods, xls, csv)."""
    form = _form(form_code, year)
    found = workbook.read(form, file)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        titles = {form.table(code).title: table for code, table in found.tables.items()}
        _tell(titles, found.error.text if found.error else "")
    if found.error:
        sys.exit(1)


def _tell(tables: Mapping[str, Recognised], error: str) -> None:
    """The outcome for a person: how many rows, and every cell that is not taken."""
    if error:
        click.echo(f"Не принято: {error}", err=True)
        return
    for title, found in tables.items():
        click.echo(f"{title}: строк {len(found.rows)} (предел {MAX_ROWS})")
        for index, name, cell in found.faults:
            click.echo(f"  строка {found.numbers[index]}, {name}: «{cell.raw}» — {cell.text}")


COMMANDS = (forms_group,)
