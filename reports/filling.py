"""Filling a form: cells, rows, the fields of its cards. Every save costs the rows it names, not the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from forms.reading.marks import References
from forms.reports.model import Column, Form, Table
from records.actor import Actor
from records.database import db
from records.errors import Invalid, NotFound, Refused
from records.model import Record
from records.people import User
from records.service import Work, work

from . import cells, editions, titles
from .model import ReportRow, ReportSheet
from .opening import STEP, editable

MOST_ROWS = 10_000
MOST_CHANGES = 5_000
_TOLD = 40


@dataclass
class Saved:
    """What a save did: rows that changed, cells that somebody else had changed meanwhile."""

    rows: list[ReportRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    conflicts: list[dict[str, object]] = field(default_factory=list)
    stamp: int = 0
    saved_at: str = ""


class Editing:
    """A form being written in: its sheet and counters, the rows at hand, what is to be told of the change."""

    def __init__(self, unit: Work, record: Record, sheet: ReportSheet, form: Form) -> None:
        self.unit, self.record, self.sheet, self.form = unit, record, sheet, form
        self.saved = Saved()
        self._changed: dict[str, ReportRow] = {}
        self._told: dict[str, tuple[object, object]] = {}
        self._untold = 0
        self._last: dict[str, int] = {}
        sheet.stamp += 1
        self.saved.stamp = sheet.stamp
        sheet.changed_at = unit.at

    # --- cells --------------------------------------------------------------------------------------------

    def write(
        self, table: Table, row: ReportRow, raw: Mapping[str, Any], seen: int | None, references: References
    ) -> None:
        """Put typed values into a row; a cell changed by somebody else since `seen` is left and reported."""
        version = row.version
        for name, value in raw.items():
            column = self._column(table, name)
            cell = cells.read(column, value, self.unit.today, references)
            if seen is not None and self._is_theirs(row, name, seen) and row.cells.get(name) != cell.value:
                self._report(table, row, name)
                continue
            before = row.cells.get(name)
            if cells.put(row, name, cell):
                row.version = version + 1
                self._mark(row, name)
                self._tell(table, row, column, before)
        if row.version != version:
            self.note(table, row)

    def _column(self, table: Table, name: str) -> Column:
        column = table.by_name.get(name)
        if column is None:
            raise Invalid({name: ["В таблице нет такой графы."]})
        if column.computed:
            raise Invalid({name: [f"«{column.title}» вычисляется сама."]})
        if column.staff_only and not self.unit.actor.is_staff:
            raise Invalid({name: [f"«{column.title}» ставит куратор."]})
        return column

    def _is_theirs(self, row: ReportRow, name: str, seen: int) -> bool:
        mark = row.marks.get(name)
        return mark is not None and int(str(mark[0])) > seen and mark[1] != self.unit.actor.user_id

    def _report(self, table: Table, row: ReportRow, name: str) -> None:
        mark = row.marks[name]
        who = db.session.get(User, mark[1])
        theirs = cells.shown(table, row).get(name, {"v": None})
        self.saved.conflicts.append(
            {
                "uid": row.uid,
                "column": name,
                "theirs": theirs,
                "who": who.name if who else "",
                "at": mark[2],
                "version": row.version,
            }
        )

    def _mark(self, row: ReportRow, name: str) -> None:
        row.marks = {**row.marks, name: [row.version, self.unit.actor.user_id, self.unit.at.isoformat()]}
        if name in row.origins or "*" in row.origins:
            kept = {key: text for key, text in row.origins.items() if key not in (name, "*")}
            if "*" in row.origins:
                kept |= {key: row.origins["*"] for key in row.cells if key != name and key not in kept}
            row.origins = kept

    def _tell(self, table: Table, row: ReportRow, column: Column, before: object) -> None:
        if len(self._told) < _TOLD:
            where = f"{titles.of_row(table.code, row.cells)}: " if not table.is_single else ""
            self._told[f"{where}{column.title}"[:150]] = (before, row.cells.get(column.name))
        else:
            self._untold += 1

    def note(self, table: Table, row: ReportRow) -> None:
        """Count a changed row anew; the sheet's figures follow by difference."""
        lacking, wrong = cells.judge(table, row)
        self.sheet.lacking += lacking - row.lacking
        self.sheet.wrong += wrong - row.wrong
        row.lacking, row.wrong, row.stamp = lacking, wrong, self.sheet.stamp
        self._changed[row.uid] = row

    # --- rows ---------------------------------------------------------------------------------------------

    def add(
        self,
        table: Table,
        raw: Mapping[str, Any],
        references: References,
        *,
        after: str | None = None,
        uid: str | None = None,
    ) -> ReportRow:
        """A new row: at the end, or after another; one of the same uid that was deleted comes back."""
        if table.is_single:
            raise Refused("В этой таблице одна строка.")
        row = db.session.get(ReportRow, uid) if uid else None
        if row is not None and (row.record_id != self.record.id or row.table != table.code):
            raise NotFound
        if row is None:
            row = self.bare(table, self._place(table, after), uid=_checked(uid))
        elif row.removed:
            self._count(table, row, +1)
            row.removed, row.version = False, row.version + 1
        if raw:
            self.write(table, row, raw, None, references)
        self.note(table, row)
        return row

    def bare(self, table: Table, position: int, *, uid: str | None = None) -> ReportRow:
        """An empty row at a place."""
        if self.sheet.rows >= MOST_ROWS:
            raise Refused(f"В форме уже {MOST_ROWS} строк: больше не помещается.")
        row = ReportRow(
            uid=uid or str(uuid4()), record_id=self.record.id, table=table.code, position=position
        )
        row.cells, row.notes, row.marks, row.origins = {}, {}, {}, {}
        row.version, row.stamp, row.wrong, row.lacking, row.removed = 1, self.sheet.stamp, 0, 0, False
        db.session.add(row)
        self._count(table, row, +1)
        return row

    def remove(self, table: Table, row: ReportRow) -> None:
        """Take a row away; it can be brought back by its uid."""
        if table.is_single:
            raise Refused("Эту строку удалить нельзя.")
        if row.removed:
            return
        self._count(table, row, -1)
        row.removed, row.version, row.stamp = True, row.version + 1, self.sheet.stamp
        self._told[f"Удалена строка «{titles.of_row(table.code, row.cells)}»"[:150]] = (dict(row.cells), None)
        self.saved.removed.append(row.uid)

    def _count(self, table: Table, row: ReportRow, sign: int) -> None:
        self.sheet.rows += sign
        self.sheet.wanted += sign * sum(column.required for column in table.columns)
        self.sheet.lacking += sign * row.lacking
        self.sheet.wrong += sign * row.wrong

    def move(self, table: Table, row: ReportRow, after: str | None) -> None:
        """Put a row after another, or first (`after` is empty)."""
        row.position = self._place(table, after or "")
        row.version += 1
        self.note(table, row)

    def end(self, table: Table) -> int:
        """The next place at the end of a table."""
        if table.code not in self._last:
            self._last[table.code] = self._edge(table, func.max(ReportRow.position)) or 0
        self._last[table.code] += STEP
        return self._last[table.code]

    def _edge(self, table: Table, what: Any) -> int | None:
        wanted = select(what).where(ReportRow.record_id == self.record.id, ReportRow.table == table.code)
        return db.session.scalar(wanted)

    def _place(self, table: Table, after: str | None) -> int:
        if after is None:
            return self.end(table)
        before = self.row(table, after).position if after else 0
        following = self._following(table, before)
        if following is None:
            return self.end(table)
        if following - before < 2:
            self._spread(table)
            return self._place(table, after)
        return before + (following - before) // 2

    def _following(self, table: Table, position: int) -> int | None:
        wanted = select(func.min(ReportRow.position)).where(
            ReportRow.record_id == self.record.id,
            ReportRow.table == table.code,
            ReportRow.position > position,
        )
        return db.session.scalar(wanted)

    def _spread(self, table: Table) -> None:
        """Number the rows anew: twenty insertions into one gap have used it up."""
        wanted = (
            select(ReportRow)
            .where(ReportRow.record_id == self.record.id, ReportRow.table == table.code)
            .order_by(ReportRow.position)
        )
        for number, row in enumerate(db.session.scalars(wanted).all(), start=1):
            row.position = number * STEP
        self._last.pop(table.code, None)
        db.session.flush()

    def row(self, table: Table, uid: str) -> ReportRow:
        """A row of this form. Raises NotFound."""
        row = db.session.get(ReportRow, uid)
        if row is None or row.record_id != self.record.id or row.table != table.code:
            raise NotFound
        return row

    # --- the end ------------------------------------------------------------------------------------------

    def finish(self) -> Saved:
        """History of what others have already seen; the answer."""
        self.saved.rows = list(self._changed.values())
        self.saved.saved_at = self.unit.at.isoformat()
        if self.record.number_text is not None and (self._told or self._untold):
            changes = dict(self._told)
            if self._untold:
                changes["Ещё изменено ячеек"] = (None, self._untold)
            self.unit.history(self.record, "record.edit", changes=changes, notify=False)
        return self.saved


def begin(unit: Work, record_id: int) -> Editing:
    """Open a form for writing. Raises NotFound, Forbidden, Refused."""
    record, sheet = editable(unit, record_id)
    return Editing(unit, record, sheet, editions.of(sheet))


def table_of(form: Form, code: str) -> Table:
    """A table of a form. Raises NotFound."""
    found = next((table for table in form.tables if table.code == code), None)
    if found is None:
        raise NotFound
    return found


def change_rows(actor: Actor, record_id: int, table_code: str, changes: Sequence[Mapping[str, Any]]) -> Saved:
    """Apply a batch of changes, all or nothing; conflicting cells stay as they were and are reported."""
    if len(changes) > MOST_CHANGES:
        raise Refused(f"За один раз сохраняется не больше {MOST_CHANGES} изменений.")
    with work(actor) as unit:
        editing = begin(unit, record_id)
        table = table_of(editing.form, table_code)
        held = fetch(change.get("uid") or change.get("delete") for change in changes)
        references = titles.known(editing.sheet, _named(table, changes))
        with db.session.no_autoflush:
            for change in changes:
                _one(editing, table, change, references)
        held.clear()
        return editing.finish()


def _one(editing: Editing, table: Table, change: Mapping[str, Any], references: References) -> None:
    if isinstance(change.get("insert"), Mapping):
        said = change["insert"]
        after, uid = said.get("after"), said.get("uid")
        if after:
            db.session.flush()
        editing.add(table, said.get("cells") or {}, references, after=after, uid=uid)
    elif change.get("delete"):
        editing.remove(table, editing.row(table, str(change["delete"])))
    elif isinstance(change.get("move"), Mapping):
        db.session.flush()
        said = change["move"]
        editing.move(table, editing.row(table, str(said.get("uid"))), said.get("after"))
    elif isinstance(change.get("cell"), Mapping):
        row = editing.row(table, str(change.get("uid")))
        if row.removed:
            raise Refused("Эту строку уже удалили. Верните её или обновите страницу.")
        seen = change.get("version")
        known = seen if isinstance(seen, int) and not change.get("force") else None
        editing.write(table, row, change["cell"], known, references)
    else:
        raise Invalid({"changes": ["Непонятное изменение: ожидается cell, insert, delete или move."]})


def fetch(uids: Iterable[object]) -> list[ReportRow]:
    """Bring the named rows into the session at once; the session forgets what nobody holds."""
    wanted = sorted({str(uid) for uid in uids if uid})
    held: list[ReportRow] = []
    for begin_at in range(0, len(wanted), 400):
        part = wanted[begin_at : begin_at + 400]
        held += db.session.scalars(select(ReportRow).where(ReportRow.uid.in_(part))).all()
    return held


def _named(table: Table, changes: Sequence[Mapping[str, Any]]) -> list[Column]:
    names = {name for change in changes for name in change.get("cell") or {}}
    names |= {name for change in changes for name in (change.get("insert") or {}).get("cells") or {}}
    return [column for column in table.columns if column.name in names]


def _checked(uid: str | None) -> str | None:
    try:
        return str(UUID(uid)) if uid else None
    except (ValueError, AttributeError, TypeError) as error:
        raise Invalid({"uid": ["Ожидается UUID."]}) from error


def change_fields(
    actor: Actor, record_id: int, fields: Mapping[str, Any]
) -> tuple[Saved, dict[str, str], dict[str, Any]]:
    """Fields of the form's cards: «name» or «table.name»; «nil» says there is nothing to report.

    Returns what was saved, sentences by field for what could not be read, and the cells as they are now.
    """
    with work(actor) as unit:
        editing = begin(unit, record_id)
        given = dict(fields)
        if "nil" in given:
            _set_nil(editing, bool(given.pop("nil")))
        errors: dict[str, str] = {}
        now: dict[str, Any] = {}
        for table in editing.form.tables:
            own = {n: v for n, v in _own(table, given).items()} if table.is_single else {}
            if own:
                row = card_row(editing.record.id, table.code)
                columns = [table.column(name) for name in own.values()]
                references = titles.known(editing.sheet, columns)
                editing.write(table, row, {name: given[key] for key, name in own.items()}, None, references)
                shown = cells.shown(table, row)
                for key, name in own.items():
                    now[key] = shown.get(name, {"v": None})
                    if "error" in now[key]:
                        errors[key] = str(now[key]["error"])
                    given.pop(key)
        if given:
            raise Invalid({name: ["В форме нет такого поля."] for name in given})
        return editing.finish(), errors, now


def _own(table: Table, given: Mapping[str, Any]) -> dict[str, str]:
    """Which of the given names are fields of this card: key as given → field."""
    found = {}
    for key in given:
        head, dot, tail = key.partition(".")
        name = tail if dot and head == table.code else key
        if name in table.by_name and (not dot or head == table.code):
            found[key] = name
    return found


def _set_nil(editing: Editing, is_nil: bool) -> None:
    if is_nil and not editing.form.may_be_nil:
        raise Refused("По этой форме сведения обязательны.")
    if is_nil and editing.sheet.rows:
        raise Refused("В форме есть строки: удалите их или снимите отметку «сведений нет».")
    editing.sheet.is_nil = is_nil
    payload = dict(editing.record.payload or {})
    editing.record.payload = {**payload, "nil": is_nil}
    editing.unit.touch(editing.record)


def card_row(record_id: int, table: str) -> ReportRow:
    """The only row of a card."""
    row = db.session.scalars(
        select(ReportRow).where(ReportRow.record_id == record_id, ReportRow.table == table)
    ).first()
    if row is None:
        raise NotFound
    return row
