"""Report forms: how fast cells are recognised, and the printed book against bare XlsxWriter.

The reference of recognition is splitting the same text into cells with no types at all; of the printed book,
XlsxWriter writing the same cells with the same formats and nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from forms import clipboard, printout, recognise, reports, workbook
from forms.printed_cells import printer
from forms.printout import Card, Filled
from forms.reports import Column, Table

ROWS = 2000
COLUMNS = 12
PRINTED_ROWS = 5000
GOAL = 30_000.0
PRINT_GOAL = 1.5
Row = dict[str, object]


def run() -> list[Row]:
    table = reports.form("f7").table("contract")
    columns = [c for c in table.columns if not c.computed and c.type != "ref"][:COLUMNS]
    text = _text(columns)
    split = _best(lambda: [line.split("\t") for line in text.split("\n")])
    cells = ROWS * COLUMNS
    pasted = _best(lambda: _checked(recognise.table(table, clipboard.read(text))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contracts.xlsx"
        _book(path, text)
        imported = _best(lambda: workbook.read(reports.form("f7"), path))
    return [
        _speed("forms: cells recognised from a paste", cells / pasted, cells / split),
        _speed("forms: cells recognised from a workbook", cells / imported, cells / split),
        _printed(),
    ]


def _checked(found: recognise.Recognised) -> None:
    if found.error is not None or len(found.rows) != ROWS or found.faults:
        raise ValueError(f"the sample is not read whole: {found.error}, {found.faults[:3]}")


def _speed(name: str, value: float, reference: float) -> Row:
    return {
        "name": name,
        "value": round(value),
        "unit": "cells/s",
        "reference": round(reference),
        "ratio": value / reference,
        "goal": f">= {GOAL:.0f} cells/s",
        "holds": value >= GOAL,
    }


def _best(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def _value(column: Column, number: int) -> str:
    if column.choices:
        return column.choices[number % len(column.choices)].title
    shown = {
        "dec": f"{1000 + number}\u00a0234,56",
        "date": f"{1 + number % 28:02d}.{1 + number % 12:02d}.2026",
        "inn": "7701677668",
        "bool": "да",
        "cadastral": "38:36:000034:1234",
    }
    return shown.get(column.type, f"Договор {number}")


def _text(columns: list[Column]) -> str:
    lines = ["\t".join(column.title for column in columns)]
    lines += ["\t".join(_value(column, number) for column in columns) for number in range(ROWS)]
    return "\n".join(lines)


def _book(path: Path, text: str) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for row, line in enumerate(text.split("\n")):
        for column, shown in enumerate(line.split("\t")):
            sheet.write_string(row, column, shown)
    book.close()


def _stored(table: Table, number: int) -> dict[str, Any]:
    values = {"dec": f"{1000 + number}.56", "date": "2026-11-05", "int": number, "bool": True, "pct": "12.50"}
    return {
        column.name: column.choices[0].code if column.choices else values.get(column.type, f"Запись {number}")
        for column in table.columns
    }


def _printed() -> Row:
    form = reports.form("f10")
    table = form.table("orders")
    rows = [_stored(table, number) for number in range(PRINTED_ROWS)]
    card = Card(
        sro_short="", sro_name="", member_name="", inn="", ogrn="", year=2026, as_of=dt.date(2026, 11, 21)
    )
    shown = [printer(form, table, column, {}) for column in form.layout.columns[1:]]
    cells = [[one(row) for one in shown] for row in rows]
    ours = _best(lambda: printout.write(io.BytesIO(), [Filled(form=form, rows={"orders": rows})], card))
    bare = _best(lambda: _bare(cells))
    return {
        "name": f"forms: printed book of {PRINTED_ROWS} rows",
        "value": round(ours, 3),
        "unit": "s",
        "reference": round(bare, 3),
        "ratio": ours / bare,
        "goal": f"<= {PRINT_GOAL} of bare XlsxWriter",
        "holds": ours <= bare * PRINT_GOAL,
    }


def _bare(cells: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet()
    look = {"border": 1, "text_wrap": True}
    day, money = (book.add_format({**look, "num_format": code}) for code in ("dd.mm.yyyy", "#,##0.00"))
    text = book.add_format(look)
    for number, row in enumerate(cells):
        sheet.write_number(number, 0, number + 1, text)
        for column, cell in enumerate(row, start=1):
            if cell.value == "":
                sheet.write_blank(number, column, None, text)
            elif isinstance(cell.value, str):
                sheet.write_string(number, column, cell.value, text)
            elif isinstance(cell.value, dt.date):
                sheet.write_datetime(number, column, cell.value, day)
            else:
                sheet.write_number(number, column, cell.value, money)
    book.close()
