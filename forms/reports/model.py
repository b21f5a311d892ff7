"""What a report form is made of: tables, columns, attachments, control warnings and the printed page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType


@dataclass(frozen=True)
class Choice:
    """One value of a list: the code is kept, the title is shown."""

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One field of a table. `requirement` is the wording of the reference: R, O, «C: условие», «вычисл.»."""

    name: str
    title: str
    type: str
    requirement: str = "O"
    help: str = ""
    choices: tuple[Choice, ...] = ()
    length: int | None = None
    digits: int | None = None
    scale: int | None = None
    target: str | None = None
    item: str | None = None
    low: int | None = None
    high: int | None = None
    above: bool = False

    @property
    def required(self) -> bool:
        """Whether filing without a value is impossible whatever else the row says."""
        return self.requirement == "R"

    @property
    def conditional(self) -> bool:
        """Whether the value is asked under a condition on other fields."""
        return self.requirement.startswith(("C", "R для"))

    @property
    def computed(self) -> bool:
        """Whether the program fills the field: a paste passes over it."""
        return self.requirement.startswith("вычисл")

    @property
    def staff_only(self) -> bool:
        """Whether the curator sets the field, not the member."""
        return self.requirement.startswith("ставит куратор")

    @property
    def width(self) -> int:
        """How wide a column of the grid begins, in pixels."""
        return _WIDTHS.get(self.type) or min(340, max(90, 70 + (self.length or 300) // 2))


_WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        "bool": 90, "date": 110, "datetime": 140, "month": 110, "year": 80, "int": 90, "pct": 90, "dec": 150,
        "enum": 190, "menum": 240, "inn": 125, "kpp": 110, "ogrn": 145, "snils": 140, "bik": 105, "acc": 190,
        "nrs": 120, "plate": 110, "vin": 170, "phone": 160, "email": 190, "url": 190, "okved": 90,
        "cadastral": 170, "addr": 320, "fio": 220, "ref": 220, "list": 220, "text": 340,
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Table:
    """A section of a form: rows that a paste fills, or one row shown as «показатель — значение»."""

    form: str
    code: str
    title: str
    is_single: bool
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by field name."""
        return MappingProxyType({column.name: column for column in self.columns})

    def column(self, name: str) -> Column:
        """The column of a field; KeyError when the table has none."""
        return self.by_name[name]


@dataclass(frozen=True)
class Attachment:
    """A document that goes with the form or with a row."""

    kind: str
    title: str
    requirement: str


@dataclass(frozen=True)
class ControlRule:
    """The wording of a control warning; what it computes is in `forms.warnings`."""

    code: str
    level: str
    when: str
    text: str


@dataclass(frozen=True)
class PrintColumn:
    """A column of the printed page: two lines of heading, the fields it joins, its width and its total."""

    group: str
    header: str
    field: str
    width: float
    total: str

    @property
    def heading(self) -> str:
        """Both lines together, as one name of the column."""
        return f"{self.group} {self.header}" if self.group and self.header else self.group or self.header


@dataclass(frozen=True)
class Layout:
    """The printed page of a form (reference 0.7)."""

    kind: str
    paper: str
    is_landscape: bool
    columns: tuple[PrintColumn, ...]
    merges: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of the report."""

    code: str
    number: str
    title: str
    mode: str
    may_be_nil: bool
    purpose: str
    tables: tuple[Table, ...]
    attachments: tuple[Attachment, ...] = ()
    controls: tuple[ControlRule, ...] = ()
    layout: Layout = field(default_factory=lambda: Layout("table", "A4", True, (), ()))

    def table(self, code: str) -> Table:
        """A table by its code; KeyError when the form has none."""
        return {table.code: table for table in self.tables}[code]

    @property
    def row_tables(self) -> tuple[Table, ...]:
        """The tables that a paste and a workbook fill."""
        return tuple(table for table in self.tables if not table.is_single)
