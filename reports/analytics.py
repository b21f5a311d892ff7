"""What a campaign has come to: who has filed, what is wrong most, totals; the same as a workbook with
types."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from sqlalchemy import func, select

from records.actor import Actor
from records.database import db
from records.errors import Forbidden
from records.model import Record, Remark

from . import campaign, editions
from .model import ReportControl, ReportRow, ReportSheet

STAGES: Final = (
    ("approved", "Одобрено", "good"),
    ("filed", "Рассматривается", "active"),
    ("returned", "Отклонено", "bad"),
    ("draft", "Черновик", "draft"),
    ("none", "Не начато", "closed"),
)
_TOTALS: Final = (
    ("f1", "indicators", "headcount_total", "Работников, всего", "int"),
    ("f1", "indicators", "revenue_total", "Выручка, руб.", "dec"),
    ("f1", "indicators", "revenue_works", "Выручка от работ, руб.", "dec"),
    ("f7", "contract", "price_current", "Цена договоров, руб.", "dec"),
    ("f7", "acts", "amount", "Принято по актам, руб.", "dec"),
    ("f8", "incidents", "injured", "Пострадавших", "int"),
    ("f9", "disputes", "claim_amount", "Сумма требований, руб.", "dec"),
    ("f10", "orders", "fine", "Штрафы, руб.", "dec"),
    ("f11", "policies", "insured_sum", "Страховые суммы, руб.", "dec"),
    ("f11", "payouts", "payout_amount", "Страховые выплаты, руб.", "dec"),
)


@dataclass(frozen=True)
class FormLine:
    """States of one form over all members."""

    form: str
    number: str
    title: str
    counts: Counter[str]


@dataclass(frozen=True)
class Trouble:
    """A warning or a remark and how often it is met."""

    title: str
    count: int
    members: int


@dataclass(frozen=True)
class Summary:
    """A campaign at a glance."""

    year: int
    members: Sequence[campaign.MemberLine]
    forms: Sequence[FormLine]
    troubles: Sequence[Trouble]
    remarks: int
    totals: Sequence[tuple[str, Decimal, int]]

    @property
    def stages(self) -> Counter[str]:
        """Members by how far they have come."""
        return Counter(line.stage for line in self.members)


def stage_of(state: str) -> str:
    """A state as the charts count it."""
    if state in campaign.GOOD:
        return "approved"
    return "filed" if state in campaign.FILED else state if state in ("returned", "draft") else "none"


def summary(actor: Actor, year: int) -> Summary:
    """Everything the campaign's page shows. Staff only; drafts of members are counted, never opened."""
    if not actor.is_staff:
        raise Forbidden
    members = campaign.progress(actor, year)
    lines = []
    for code in campaign.forms(year):
        form = editions.current(code, year)[0]
        counts = Counter(stage_of(member.states.get(code, "none")) for member in members)
        lines.append(FormLine(code, form.number, form.title, counts))
    return Summary(year, members, lines, _troubles(year), _remarks(year), _totals(year))


def _filed(year: int) -> Any:
    """Sheets of a year that have left their members."""
    return (
        select(ReportSheet.record_id)
        .join(Record, Record.id == ReportSheet.record_id)
        .where(ReportSheet.year == year, Record.state.in_(campaign.FILED | campaign.GOOD | {"returned"}))
    )


def _troubles(year: int) -> list[Trouble]:
    """Control warnings of filed forms, most frequent first."""
    wanted = (
        select(
            ReportControl.code,
            func.min(ReportControl.text),
            func.count(),
            func.count(ReportControl.organisation_id.distinct()),
        )
        .where(ReportControl.record_id.in_(_filed(year)), ReportControl.level != "info")
        .group_by(ReportControl.code)
        .order_by(func.count().desc(), ReportControl.code)
        .limit(12)
    )
    worded = {rule.code: rule.text for form in editions.for_year(year) for rule in form.controls}
    return [
        Trouble((worded.get(code) or text).strip("«»"), count, members)
        for code, text, count, members in db.session.execute(wanted)
    ]


def _remarks(year: int) -> int:
    wanted = select(func.count()).where(
        Remark.record_id.in_(_filed(year)), Remark.field != "", Remark.is_public.is_(True)
    )
    return db.session.scalar(wanted) or 0


def _totals(year: int) -> list[tuple[str, Decimal, int]]:
    """Sums over filed forms, table by table."""
    wanted = (
        select(ReportSheet.form, ReportRow.table, ReportRow.cells)
        .join(ReportSheet, ReportSheet.record_id == ReportRow.record_id)
        .where(
            ReportRow.record_id.in_(_filed(year)),
            ReportRow.removed.is_(False),
            ReportRow.table.in_({table for _, table, _, _, _ in _TOTALS}),
        )
    )
    sums: dict[tuple[str, str, str], Decimal] = {}
    rows: Counter[tuple[str, str, str]] = Counter()
    for form, table, cells in db.session.execute(wanted):
        for code, where, name, _, _ in _TOTALS:
            if (form, table) == (code, where) and cells.get(name) not in (None, ""):
                key = (code, where, name)
                sums[key] = sums.get(key, Decimal(0)) + Decimal(str(cells[name]))
                rows[key] += 1
    return [
        (title, sums[form, table, name], rows[form, table, name])
        for form, table, name, title, _ in _TOTALS
        if (form, table, name) in sums
    ]


def as_book(actor: Actor, year: int) -> bytes:
    """The campaign as a workbook: members by forms, troubles, totals; numbers stay numbers."""
    found = summary(actor, year)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00"})
    titles = {code: title for code, title, _ in STAGES}
    page = book.add_worksheet("Члены СРО")
    heads = [
        "№ в реестре",
        "Член СРО",
        *(f"Форма {line.number}" for line in found.forms),
        "Подано",
        "Одобрено",
    ]
    _heads(page, heads, bold)
    for number, member in enumerate(found.members, start=1):
        page.write_string(number, 0, member.register_number)
        page.write_string(number, 1, member.name)
        for index, line in enumerate(found.forms, start=2):
            page.write_string(number, index, titles[stage_of(member.states.get(line.form, "none"))])
        page.write_number(number, len(heads) - 2, member.filed)
        page.write_number(number, len(heads) - 1, member.approved)
    page.set_column(1, 1, 40)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(1, len(found.members)), len(heads) - 1)
    page = book.add_worksheet("Замечания программы")
    _heads(page, ["Что не так", "Раз", "У скольких членов"], bold)
    for number, trouble in enumerate(found.troubles, start=1):
        page.write_string(number, 0, trouble.title)
        page.write_number(number, 1, trouble.count)
        page.write_number(number, 2, trouble.members)
    page.set_column(0, 0, 60)
    page = book.add_worksheet("Итоги")
    _heads(page, ["Показатель", "Сумма", "Строк"], bold)
    for number, (title, amount, rows) in enumerate(found.totals, start=1):
        page.write_string(number, 0, title)
        page.write_number(number, 1, float(amount), money)
        page.write_number(number, 2, rows)
    page.set_column(0, 1, 30)
    book.close()
    return stream.getvalue()


def _heads(page: Any, titles: Sequence[str], bold: Any) -> None:
    for index, title in enumerate(titles):
        page.write_string(0, index, title, bold)
