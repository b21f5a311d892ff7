"""Cells of workbooks, row by row, read by calamine."""

from __future__ import annotations

import datetime as dt
import io

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from attachments.content import Content
from attachments.extract.model import Job, Unreadable


def read_sheets(content: Content, job: Job) -> None:
    """An xlsx or xls: every sheet under its name, hidden ones too."""
    job.tool = "calamine"
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(bytes(content.data)))
    except PasswordError as error:
        raise Unreadable("encrypted") from error
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable from error
    for name in book.sheet_names:
        job.line(name)
        try:
            rows = book.get_sheet_by_name(name).iter_rows()
        except (CalamineError, ValueError, OSError):
            # A chart sheet, or a broken one; the others may be sound.
            job.warn("unreadable")
            continue
        for row in rows:
            job.line("\t".join(cell for cell in map(shown, row) if cell))
            if job.is_full:
                return


def shown(value: object) -> str:
    """A cell as a Russian reader sees it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}".replace(".", ",")
        )
    if isinstance(value, dt.datetime):
        return value.strftime("%d.%m.%Y %H:%M" if value.time() != dt.time() else "%d.%m.%Y")
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    return str(value)
