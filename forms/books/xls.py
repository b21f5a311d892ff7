"""Old binary workbooks (.xls), read by calamine in a process of its own, bounded in memory and time.

The format tells calamine no number formats: a share that may have been shown as percent is told of.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from forms.books.sheet import READ_ROWS, Sheet, Unreadable, of_flag, of_moment, of_number
from forms.grid import MAX_COLUMNS, RawCell, Typed

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_MEMORY: Final = 280 * 1024 * 1024
_CPU_SECONDS: Final = 2
_SECONDS: Final = 10


def read(path: Path) -> list[Sheet]:
    """The sheets of a book, as the reading process tells them."""
    answer = _asked(path)
    if "error" in answer:
        raise Unreadable(str(answer["error"]))
    found = []
    for told in answer["sheets"]:
        sheet = Sheet(told["name"], bool(told["hidden"]))
        for number, cells in told["rows"]:
            sheet.add(number, {int(column): _cell(told_cell) for column, told_cell in cells.items()})
        found.append(sheet)
    return found


def _asked(path: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forms.books.xls", str(path.resolve())],
            capture_output=True,
            timeout=_SECONDS,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("expands_too_much") from error
    if done.returncode != 0 or not done.stdout:
        # Out of memory or of time: an honest table of two thousand rows needs neither.
        raise Unreadable("expands_too_much" if done.returncode < 0 else "corrupt")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _cell(told: list[str]) -> RawCell:
    nature, text = told
    if nature == "n":
        return of_number(Decimal(text), bare=True)
    if nature in ("d", "t"):
        return of_moment(dt.datetime.fromisoformat(text), has_time=nature == "t")
    if nature == "b":
        return of_flag(text == "1")
    return Typed(text, None, "error") if text.startswith("#") and text.endswith(("!", "?", "/A")) else text


def _tell(path: str) -> dict[str, object]:
    """What the child says: only filled cells, only as many rows as a form may need."""
    try:
        book = CalamineWorkbook.from_path(path)
        return {"sheets": [_tell_sheet(book, meta) for meta in book.sheets_metadata]}
    except PasswordError:
        return {"error": "encrypted"}
    except (CalamineError, ValueError, OSError):
        return {"error": "corrupt"}


def _tell_sheet(book: CalamineWorkbook, meta: Any) -> dict[str, object]:
    is_hidden = meta.visible != SheetVisibleEnum.Visible
    rows: list[tuple[int, dict[int, list[str]]]] = []
    if not is_hidden:
        sheet = book.get_sheet_by_name(meta.name)
        for number, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=READ_ROWS * 2), start=1):
            cells = {column: _told(value) for column, value in enumerate(row[:MAX_COLUMNS]) if value != ""}
            if cells:
                rows.append((number, cells))
    return {"name": meta.name, "hidden": is_hidden, "rows": rows}


def _told(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["b", "1" if value else "0"]
    if isinstance(value, int | float):
        return ["n", repr(value)]
    if isinstance(value, dt.datetime):
        return ["t" if value.time() != dt.time() else "d", value.isoformat()]
    if isinstance(value, dt.date):
        return ["d", f"{value.isoformat()}T00:00:00"]
    return ["s", str(value)]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    sys.stdout.write(json.dumps(_tell(sys.argv[1])))
