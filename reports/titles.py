"""How a row is called where another row, a list or a warning speaks of it; what references may point at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from forms.reading import marks
from forms.reports.model import Column
from records.database import db

from . import opening
from .model import ReportRow, ReportSheet

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "employee": ("last_name", "first_name", "middle_name"),
    "premises": ("purpose",),
    "vehicles": ("model", "plate"),
    "machines": ("model", "serial"),
    "equipment": ("name", "serial"),
    "contract": ("contract_number", "object_name"),
    "acts": ("act_number",),
    "works": ("stage_code", "work_name"),
    "incidents": ("object_text", "happened_at"),
    "disputes": ("case_number", "counterparty"),
    "orders": ("order_number",),
    "policies": ("policy_number",),
    "payouts": ("recipient", "claim_date"),
    "standards": ("designation",),
}
TARGETS: Final[Mapping[str, tuple[str, str]]] = {
    "f2": ("f2", "employee"),
    "f7": ("f7", "contract"),
    "f8": ("f8", "incidents"),
    "f11": ("f11", "policies"),
    "f11.payouts": ("f11", "payouts"),
}


def of_row(table: str, cells: Mapping[str, Any]) -> str:
    """A row in a few words; its first filled cell when the table has no names of its own."""
    named = [str(cells[name]) for name in _NAMES.get(table, ()) if cells.get(name)]
    return (" ".join(named) or next((str(v) for v in cells.values() if v), ""))[:200]


def known(sheet: ReportSheet, columns: Iterable[Column]) -> dict[str, dict[str, str]]:
    """What the references of these columns may say: target → key of the words → uid."""
    targets = {column.target for column in columns if column.target} & set(TARGETS)
    found: dict[str, dict[str, str]] = {}
    for target in sorted(targets):
        found[target] = {}
        for uid, _, cells in rows_of(sheet, target):
            for words in _ways(target, cells):
                found[target].setdefault(marks.key(words), uid)
    return found


def _ways(target: str, cells: Mapping[str, Any]) -> list[str]:
    """A contract is called by its number or by its object, a person by the whole name or without the
    patronymic."""
    title = of_row(TARGETS[target][1], cells)
    if target == "f7":
        return [title, *(str(cells[n]) for n in ("contract_number", "object_name") if cells.get(n))]
    if target == "f2":
        last, first, middle = (str(cells.get(n) or "") for n in ("last_name", "first_name", "middle_name"))
        short = f"{last} {first[:1]}.{middle[:1] + '.' if middle else ''}"
        return [title, f"{last} {first}".strip(), short, short.replace(".", ". ", 1).strip()]
    return [title]


def rows_of(sheet: ReportSheet, target: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The rows a reference may point at: uid, title, cells."""
    form, table = TARGETS[target]
    sheets = opening.present(sheet.organisation_id, sheet.year, form)
    ids = [one.record_id for one in sheets]
    if sheet.form == form:
        ids = [sheet.record_id]
    wanted = (
        select(ReportRow.uid, ReportRow.cells)
        .where(ReportRow.record_id.in_(ids), ReportRow.table == table, ReportRow.removed.is_(False))
        .order_by(ReportRow.position)
    )
    return [(uid, of_row(table, cells), dict(cells)) for uid, cells in db.session.execute(wanted)]
