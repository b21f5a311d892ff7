"""Requisites, staff, quality, labour protection, standards (forms 1, 2, 4–6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from forms.progress import day
from forms.warnings.model import Control, Facts, Row, Rows, sum_of

# Контроль, без которого строительство не ведут: СП 48.13330.2019.
_NEEDED_CONTROL: Final = {"incoming": "входной", "operational": "операционный", "acceptance": "приёмочный"}
_APPLY: Final = "Подайте заявление на изменение сведений (3 рабочих дня)"
_SHARE_SLACK: Final = Decimal("0.01")
# Ч. 1 ст. 223 ТК РФ: служба охраны труда при численности более 50 человек.
_SAFETY_SERVICE_FROM: Final = 50


def member(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 1."""
    for table, listed in rows.items():
        for index, row in enumerate(listed):
            for name, value in row.items():
                known = facts.register.get(name)
                if known and value and str(value) != known:
                    text = f"Отличается от реестра: «{known}». {_APPLY}"
                    yield Control("F1_REG_DIFF", "warn", text, table, index, name)
    founders = rows.get("founders", ())
    shares = sum((sum_of(row.get("share_percent")) for row in founders), Decimal(0))
    if founders and abs(shares - 100) > _SHARE_SLACK:
        shown = str(shares).replace(".", ",")
        text = f"Сумма долей {shown}\u00a0%, должна быть 100\u00a0%"
        yield Control("F1_SHARES", "warn", text, "founders", None, "share_percent")
    needed = next((row.get("odo_level_need") for row in rows.get("indicators", ())), None)
    if needed is not None and int(needed) > (facts.odo_level or 0):
        text = "Требуемый уровень ОДО выше действующего: подайте заявление на изменение уровня"
        yield Control("F1_ODO_NEED", "warn", text, "indicators", 0, "odo_level_need")


def staff(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 2: who is counted, who is counted twice, who may not be counted."""
    listed = rows.get("employee", ())
    working = [(index, row) for index, row in enumerate(listed) if not row.get("dismiss_date")]
    counted = sum(_is_counted(row) for _, row in working)
    if counted < facts.min_nrs:
        text = f"Специалистов НРС {counted} из требуемых {facts.min_nrs}"
        yield Control("F2_NRS_MIN", "error", text, "employee")
    numbers = Counter(str(row["nrs_number"]) for _, row in working if row.get("nrs_number"))
    people = Counter(key for _, row in working if (key := _person(row)))
    for index, row in working:
        number = str(row.get("nrs_number") or "")
        if row.get("nrs_status") == "excluded":
            yield Control(
                "F2_NRS_STATUS", "error", "Специалист исключён из НРС", "employee", index, "nrs_status"
            )
        if number and (numbers[number] > 1 or number in facts.taken_nrs):
            whose = facts.taken_nrs.get(number, "в этой же форме")
            text = f"Специалист уже учтён: {whose}"
            yield Control("F2_NRS_DUP", "error", text, "employee", index, "nrs_number")
        engineer_years = row.get("experience_engineer")
        if row.get("specialist_role") == "chief" and engineer_years is not None and engineer_years < 3:
            text = "Стаж на инженерных должностях меньше 3 лет"
            yield Control("F2_EXP", "warn", text, "employee", index, "experience_engineer")
        if people[_person(row)] > 1:
            yield Control("F2_DUP", "warn", "Возможный дубль строки", "employee", index, "last_name")


def _is_counted(row: Row) -> bool:
    return (
        row.get("specialist_role") == "chief"
        and bool(row.get("is_nrs"))
        and row.get("nrs_status") == "active"
        and row.get("employment_kind") == "main"
    )


def _person(row: Row) -> tuple[str, ...]:
    document = row.get("snils") or row.get("diploma_number")
    names = tuple(str(row.get(name) or "").casefold() for name in ("last_name", "first_name", "middle_name"))
    return (*names, str(document)) if document and names[0] else ()


def property_documents(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 3: a right without its document; not judged where attachments are not known."""
    if facts.documented is None:
        return
    for table, listed in rows.items():
        for index in range(len(listed)):
            if index not in facts.documented.get(table, frozenset()):
                yield Control(
                    "F3_NO_DOC", "error", "Приложите договор или свидетельство", table, index, "right_doc"
                )


def quality(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 4."""
    listed = rows.get("responsible", ())
    if facts.sro_kind == "build":
        missing = [title for kind, title in _NEEDED_CONTROL.items()
                   if kind not in {row.get("control_kind") for row in listed}]  # fmt: skip
        if missing:
            text = f"Не назначен ответственный: {' / '.join(missing)} контроль"
            yield Control("F4_NO_CONTROL", "error", text, "responsible")
    gone = {row.get("uid") for row in facts.rows("f2", "employee") if row.get("dismiss_date")}
    for index, row in enumerate(listed):
        if row.get("employee") and row.get("employee") in gone:
            text = "Ответственный уволен, нужен новый приказ"
            yield Control("F4_DISMISSED", "error", text, "responsible", index, "employee")


def safety(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 5, together with forms 1 and 8."""
    summary: Row = next(iter(rows.get("summary", ())), {})
    headcount = next((row.get("headcount_total") for row in facts.rows("f1", "indicators")), None)
    if (
        headcount is not None
        and int(headcount) > _SAFETY_SERVICE_FROM
        and summary
        and not summary.get("ot_service")
    ):
        text = "При численности более 50 нужна служба ОТ"
        yield Control("F5_SERVICE", "warn", text, "summary", 0, "ot_service")
    injuries = summary.get("injuries_total")
    if injuries is not None and "f8" in facts.others:
        told = sum(
            row.get("incident_kind") == "injury" and str(row.get("happened_at"))[:4] == str(facts.year)
            for row in facts.rows("f8", "incidents")
        )
        if int(injuries) != told:
            yield Control("F5_F8_DIFF", "error", "Не сходится с формой 8", "summary", 0, "injuries_total")


def standards(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 6."""
    for index, row in enumerate(rows.get("standards", ())):
        place = ("standards", index)
        if not row.get("order_number"):
            yield Control("F6_NO_ORDER", "error", "Стандарт не введён приказом", *place, "order_number")
        checked = day(row.get("self_check_date"))
        if checked is not None and checked.year < facts.year:
            text = "Самоконтроль за отчётный год не проведён"
            yield Control("F6_CHECK_OLD", "warn", text, *place, "self_check_date")
        if row.get("compliance") == "no":
            text = "Несоответствие стандарту — будет включено в план проверки"
            yield Control("F6_NONCOMPL", "error", text, *place, "compliance")
