"""The printable workbook of a report: one sheet per form by the reference layout (0.7), ready for A4 or A3.

Cells keep their types; text is always written as a string, so nothing a member typed becomes a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from forms.printed_cells import Linked, Printed, Row, as_words, printer, typed
from forms.reports.model import Form, PrintColumn, Table

NOTHING: Final = "В отчётном периоде сведений нет"
_STATUTE: Final = "Положению о проведении анализа деятельности членов"
_FIRST_ROW: Final = 12
_PAPERS: Final = {"A4": 9, "A3": 8}
_MM: Final = 1 / 25.4


@dataclass(frozen=True, kw_only=True)
class Card:
    """What stands above and below every form: who reports, to whom, under which numbers."""

    sro_short: str
    sro_name: str
    member_name: str
    inn: str
    ogrn: str
    register_number: str = ""
    register_date: date | None = None
    year: int
    as_of: date
    incoming: str = ""
    approved: str = ""
    head_position: str = "Руководитель"
    head_name: str = ""
    executor: str = ""
    is_trader: bool = False
    # Lines of the mark of an electronic signature, put in place of the line for a pen.
    signature: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One form with its rows by table; a sheet of 7.1 is one object, so there may be several."""

    form: Form
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    is_nil: bool = False
    sheet: str = ""
    above: str = ""


def write(
    target: str | IO[bytes], forms: Sequence[Filled], card: Card, linked: Linked = MappingProxyType({})
) -> None:
    """Write the book of a report."""
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    book.set_properties({"title": f"Отчёт за {card.year} год", "company": card.member_name})
    styles = _styles(book)
    objects = 0
    for filled in forms:
        objects += filled.form.mode == "per_object"
        name = filled.sheet or _sheet_name(filled.form, objects)
        _Page(book.add_worksheet(name), filled, card, linked, styles).write()
    book.close()


def _sheet_name(form: Form, number: int) -> str:
    return f"7.1 {number}" if form.mode == "per_object" else f"Ф{form.number}"


def _styles(book: Any) -> Mapping[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 9, "valign": "vcenter"}
    cell = {**base, "text_wrap": True, "border": 1, "valign": "top"}
    wanted: dict[str, dict[str, Any]] = {
        "right": {**base, "align": "right"},
        "middle": {**base, "font_size": 11, "align": "center"},
        "strong": {**base, "font_size": 12, "bold": True, "align": "center"},
        "member": {**base, "font_size": 11, "align": "center", "bottom": 1},
        "plain": {**base, "font_size": 10},
        "heading": {
            **base,
            "bold": True,
            "align": "center",
            "text_wrap": True,
            "border": 1,
            "bg_color": "#D9E1F2",
        },
        "numbering": {**base, "font_size": 8, "align": "center", "border": 1},
        "section": {**base, "bold": True, "border": 1, "bg_color": "#F2F2F2"},
        "text": {**cell, "num_format": "@"},
        "money": {**cell, "num_format": "#,##0.00"},
        "fraction": {**cell, "num_format": "#,##0.000"},
        "percent": {**cell, "num_format": "0.00"},
        "whole": {**cell, "num_format": "0"},
        "day": {**cell, "num_format": "dd.mm.yyyy"},
        "moment": {**cell, "num_format": "dd.mm.yyyy hh:mm"},
        "total": {**cell, "bold": True},
        "total_money": {**cell, "bold": True, "num_format": "#,##0.00"},
        "total_whole": {**cell, "bold": True, "num_format": "0"},
        "signer": {**base, "align": "center", "text_wrap": True},
        "line": {**base, "bottom": 1},
        "under": {**base, "font_size": 8, "align": "center"},
        "mark": {**base, "font_size": 8, "align": "center", "text_wrap": True, "border": 2},
    }
    return {name: book.add_format(look) for name, look in wanted.items()}


class _Page:
    """One sheet while it is written."""

    def __init__(
        self, sheet: Any, filled: Filled, card: Card, linked: Linked, styles: Mapping[str, Any]
    ) -> None:
        self._sheet, self._filled, self._card = sheet, filled, card
        self._linked, self._styles = linked, styles
        self._columns = filled.form.layout.columns
        self._last = len(self._columns) - 1
        self._row = _FIRST_ROW

    def write(self) -> None:
        self._set_page()
        self._write_top()
        self._write_headings()
        if self._filled.is_nil:
            self._merged(self._row, NOTHING, "text")
            self._row += 1
        else:
            self._write_body()
        self._write_signatures()

    # --- the frame ---------------------------------------------------------------------------------------

    def _set_page(self) -> None:
        sheet, layout = self._sheet, self._filled.form.layout
        sheet.set_paper(_PAPERS[layout.paper])
        if layout.is_landscape:
            sheet.set_landscape()
        sheet.set_margins(left=10 * _MM, right=10 * _MM, top=15 * _MM, bottom=10 * _MM)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(9, 11)
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.set_footer('&C&"Times New Roman"&8Стр. &P из &N')
        for index, column in enumerate(self._columns):
            sheet.set_column(index, index, column.width)
        sheet.set_row(8, 6)
        sheet.set_row(10, 48)

    def _write_top(self) -> None:
        card, form = self._card, self._filled.form
        entered = f" от {card.register_date:%d.%m.%Y}" if card.register_date else ""
        register = f"   № в реестре {card.register_number}{entered}" if card.register_number else ""
        lines = (
            (f"Приложение № {form.number} к {_STATUTE} {card.sro_short}", "right"),
            (card.sro_name, "middle"),
            ("ОТЧЁТ О ДЕЯТЕЛЬНОСТИ ЧЛЕНА САМОРЕГУЛИРУЕМОЙ ОРГАНИЗАЦИИ", "strong"),
            (f"Форма {form.number}. {form.title}", "strong"),
            (f"за {card.year} год (по состоянию на {card.as_of:%d.%m.%Y})", "middle"),
            (card.member_name, "member"),
            (f"ИНН {card.inn}   ОГРН {card.ogrn}{register}{self._filled.above}", "plain"),
            ("; ".join(part for part in (card.incoming, card.approved) if part), "right"),
        )
        for index, (text, style) in enumerate(lines):
            self._merged(index, text, style)

    def _write_headings(self) -> None:
        merged: set[tuple[int, int]] = set()
        style = self._styles["heading"]
        for reference in self._filled.form.layout.merges:
            first, _, last = reference.partition(":")
            (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
            column = self._columns[left]
            text = column.group if top == bottom else column.header or column.group
            self._sheet.merge_range(top, left, bottom, right, text, style)
            merged |= {(row, index) for row in range(top, bottom + 1) for index in range(left, right + 1)}
        for index, column in enumerate(self._columns):
            for row, text in ((9, column.group), (10, column.header)):
                if (row, index) not in merged:
                    self._sheet.write_string(row, index, text, style)
            self._sheet.write_number(11, index, index + 1, self._styles["numbering"])

    def _merged(self, row: int, text: str, style: str, first: int = 0, last: int | None = None) -> None:
        end = self._last if last is None else last
        if first == end:
            self._sheet.write_string(row, first, text, self._styles[style])
            return
        # merge_range guesses a formula from the text, so the text is written again as a string.
        self._sheet.merge_range(row, first, row, end, "", self._styles[style])
        self._sheet.write_string(row, first, text, self._styles[style])

    # --- the rows ----------------------------------------------------------------------------------------

    def _write_body(self) -> None:
        form = self._filled.form
        if form.layout.kind == "kv":
            for table in form.tables:
                self._write_section(table.title)
                self._write_pairs(table) if table.is_single else self._write_nested(table)
            return
        main = [table for table in form.row_tables if self._shows(table)]
        for table in form.tables:
            if table.is_single and form.layout.kind == "kv+table":
                self._write_section(table.title)
                self._write_pairs(table)
        first = self._row
        for table in main:
            if len(main) > 1 or form.layout.kind == "kv+table":
                self._write_section(table.title)
            self._write_rows(table)
        self._write_totals(first)

    def _shows(self, table: Table) -> bool:
        """Whether the table has rows of its own on the page, and is not only summed or set beside others."""
        form = self._filled.form
        return form.code == "f3" or table is form.row_tables[0]

    def _write_section(self, title: str) -> None:
        self._merged(self._row, title, "section")
        self._row += 1

    def _write_pairs(self, table: Table) -> None:
        """«№ / показатель / значение»."""
        row: Row = next(iter(self._filled.rows.get(table.code, ())), {})
        for number, column in enumerate(table.columns, start=1):
            self._put(0, Printed("whole", number))
            self._put(1, Printed("text", column.title))
            value = typed(column, self._linked)(row)
            if self._last > 2:
                self._merged(self._row, as_words(value), "text", 2)
            else:
                self._put(2, value)
            self._row += 1

    def _write_nested(self, table: Table) -> None:
        """Rows of form 1: the name in B, the rest of the fields in C."""
        printers = [typed(column, self._linked) for column in table.columns]
        for number, row in enumerate(self._filled.rows.get(table.code, ()), start=1):
            words = [as_words(one(row)) for one in printers]
            self._put(0, Printed("whole", number))
            self._put(1, Printed("text", words[0]))
            self._put(2, Printed("text", "; ".join(word for word in words[1:] if word)))
            self._row += 1

    def _write_rows(self, table: Table) -> None:
        form = self._filled.form
        own = [
            (index, printer(form, table, column, self._linked))
            for index, column in enumerate(self._columns)
            if column.field != "#" and not self._aside(column)
        ]
        aside = [
            (index, self._aside_printer(column))
            for index, column in enumerate(self._columns)
            if self._aside(column)
        ]
        rows = self._filled.rows.get(table.code, ())
        beside = (
            self._filled.rows.get(self._columns[aside[0][0]].field.partition(".")[0], ()) if aside else ()
        )
        has_number = self._columns[0].field == "#"
        for number in range(max(len(rows), len(beside))):
            if has_number:
                self._put(0, Printed("whole", number + 1))
            row: Row = rows[number] if number < len(rows) else {}
            extra: Row = beside[number] if number < len(beside) else {}
            for index, one in own:
                self._put(index, one(row))
            for index, one in aside:
                self._put(index, one(extra))
            self._row += 1

    def _aside(self, column: PrintColumn) -> bool:
        """Whether a column shows another table of the form beside the rows (payouts of form 11)."""
        head, dot, _ = column.field.partition(".")
        return bool(dot) and any(table.code == head for table in self._filled.form.tables)

    def _aside_printer(self, column: PrintColumn) -> Any:
        head, _, name = column.field.partition(".")
        return typed(self._filled.form.table(head).column(name), self._linked)

    def _put(self, index: int, cell: Printed) -> None:
        style = self._styles[cell.style]
        value = cell.value
        if value == "" or value is None:
            self._sheet.write_blank(self._row, index, None, style)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, index, value, style)
        elif isinstance(value, date | datetime):
            self._sheet.write_datetime(self._row, index, value, style)
        else:
            self._sheet.write_number(self._row, index, value, style)

    # --- the end -----------------------------------------------------------------------------------------

    def _write_totals(self, first: int) -> None:
        summed = [(index, column) for index, column in enumerate(self._columns) if column.total]
        if not summed or self._row == first:
            return
        for index in range(len(self._columns)):
            self._sheet.write_blank(self._row, index, None, self._styles["total"])
        label = next((index for index, column in enumerate(self._columns) if not column.total and index), 0)
        self._sheet.write_string(self._row, label, "ИТОГО", self._styles["total"])
        for index, column in summed:
            value = self._sum(column)
            letter = xl_col_to_name(index)
            if column.total == "sum":
                formula = f"=SUM({letter}{first + 1}:{letter}{self._row})"
                style = (
                    "total_whole" if float(value).is_integer() and self._is_count(column) else "total_money"
                )
                self._sheet.write_formula(self._row, index, formula, self._styles[style], value)
            else:
                self._sheet.write_number(self._row, index, value, self._styles["total_whole"])
        self._row += 1
        if self._filled.form.code == "f7":
            self._write_counted()

    def _is_count(self, column: PrintColumn) -> bool:
        shown = self._filled.form.row_tables[0].by_name.get(column.field)
        return shown is not None and shown.type == "int"

    def _sum(self, column: PrintColumn) -> float:
        """The total counted here too: a reader that computes no formulas sees it all the same."""
        if column.total == "sum_quantity":
            # Square metres of premises are not added to pieces of machinery.
            names = [
                (table, "quantity") for table in self._filled.form.row_tables if "quantity" in table.by_name
            ]
        elif "." in column.field:
            head, _, name = column.field.partition(".")
            names = [(self._filled.form.table(head), name)]
        else:
            names = [(self._filled.form.row_tables[0], column.field)]
        values = [
            float(row.get(name) or 0)
            for table, name in names
            for row in self._filled.rows.get(table.code, ())
        ]
        return round(sum(values), 2)

    def _write_counted(self) -> None:
        """Form 7: the part of the remaining obligations that counts towards the level of ОДО."""
        rows = self._filled.rows.get("contract", ())
        counted = sum(float(row.get("remaining") or 0) for row in rows if row.get("counts_for_odo"))
        index = next(i for i, column in enumerate(self._columns) if column.field == "remaining")
        self._merged(self._row, "в т. ч. учитывается в ОДО", "total", 0, index - 1)
        self._sheet.write_number(self._row, index, round(counted, 2), self._styles["total_money"])
        self._row += 1

    def _write_signatures(self) -> None:
        card, row = self._card, self._row + 1
        third = max(1, (self._last + 1) // 3)
        parts = ((0, third - 1), (third, 2 * third - 1), (2 * third, self._last))
        texts = ((card.head_position, "signer"), ("", "line"), (card.head_name, "signer"))
        for (first, last), (text, style) in zip(parts, texts, strict=True):
            self._merged(row, text, style, first, last)
        if card.signature:
            self._sheet.set_row(row, 12 * (len(card.signature) + 1))
            self._sheet.write_string(row, third, "\n".join(card.signature), self._styles["mark"])
        under = ("(должность)", "(подпись)", "(расшифровка подписи)")
        for (first, last), text in zip(parts, under, strict=True):
            self._merged(row + 1, text, "under", first, last)
        stamp = "М. П. (при наличии)" if card.is_trader else "М. П."
        self._sheet.write_string(row + 2, 0, stamp, self._styles["plain"])
        if card.executor:
            self._sheet.write_string(row + 4, 0, f"Исполнитель: {card.executor}", self._styles["plain"])
        self._sheet.write_string(row + 5, 0, f"Дата: {card.as_of:%d.%m.%Y}", self._styles["plain"])
