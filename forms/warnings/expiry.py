"""Documents that grow stale: one table of terms (reference, warnings of forms 1–7, 11; F-18, F-23, C-35)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from forms.printed_cells import years_after
from forms.progress import day
from forms.warnings.model import Control, Facts, Row, Rows, shown_day


@dataclass(frozen=True, kw_only=True)
class Term:
    """A day in a row after which something is stale: `years` are added to it, `soon` days before it warn."""

    form: str
    table: str
    field: str
    expired: str
    level: str = "error"
    text: str
    near: str = ""
    near_text: str = ""
    soon: int = 30
    years: int = 0
    applies: Callable[[Row], bool] = lambda row: True


def _works(row: Row) -> bool:
    return not row.get("dismiss_date")


TERMS: Final = (
    Term(
        form="f1",
        table="heads",
        field="head_term_until",
        expired="F1_HEAD_EXPIRED",
        near="F1_HEAD_30",
        text="Срок полномочий руководителя истёк {day}",
        near_text="Срок полномочий руководителя истекает через {left} дн.",
    ),
    Term(
        form="f1",
        table="licenses",
        field="permit_until",
        expired="F1_LIC_EXPIRED",
        text="Срок действия лицензии истёк",
    ),
    Term(
        form="f2",
        table="employee",
        field="pk_date",
        years=5,
        expired="F2_PK_OLD",
        near="F2_PK_90",
        soon=90,
        text="Повышение квалификации просрочено: удостоверение от {from_day} старше 5 лет",
        near_text="Повышение квалификации истекает через {left} дн.",
        applies=lambda row: _works(row) and not row.get("is_nrs"),
    ),
    # Ст. 55.5-1 ГрК РФ: независимая оценка квалификации не реже одного раза в пять лет.
    Term(
        form="f2",
        table="employee",
        field="nok_date",
        years=5,
        expired="F2_NOK_OLD",
        near="F2_NOK_90",
        soon=90,
        text="Независимая оценка квалификации старше 5 лет — риск исключения из НРС",
        near_text="НОК истекает через {left} дн.",
        applies=_works,
    ),
    Term(
        form="f2",
        table="employee",
        field="attest_until",
        expired="F2_ATT_OLD",
        near="F2_ATT_30",
        text="Аттестация Ростехнадзора истекла",
        near_text="Аттестация истекает через {left} дн.",
        applies=_works,
    ),
    *(
        Term(
            form="f3",
            table=table,
            field="right_until",
            expired="F3_RENT_EXPIRED",
            near="F3_RENT_30",
            text="Срок договора истёк {day}",
            near_text="Договор истекает через {left} дн.",
            applies=lambda row: row.get("right_basis") != "own",
        )
        for table in ("premises", "vehicles", "machines")
    ),
    Term(
        form="f3",
        table="equipment",
        field="verification_until",
        expired="F3_VERIF_EXPIRED",
        near="F3_VERIF_30",
        text="Поверка просрочена",
        near_text="Поверка истекает через {left} дн.",
    ),
    Term(
        form="f3",
        table="machines",
        field="inspection_until",
        expired="F3_TO_EXPIRED",
        level="warn",
        text="Истёк срок техосмотра / освидетельствования",
    ),
    Term(
        form="f4",
        table="system",
        field="iso_until",
        expired="F4_ISO_EXPIRED",
        level="warn",
        text="Сертификат ISO истёк",
    ),
    Term(
        form="f4",
        table="system",
        field="lab_until",
        expired="F4_LAB_EXPIRED",
        text="Аттестат лаборатории истёк",
    ),
    # Ч. 4 ст. 8 Федерального закона от 28.12.2013 № 426-ФЗ: не реже одного раза в пять лет.
    Term(
        form="f5",
        table="summary",
        field="sout_date",
        years=5,
        expired="F5_SOUT_OLD",
        near="F5_SOUT_90",
        soon=90,
        text="СОУТ старше 5 лет",
        near_text="Срок СОУТ истекает через {left} дн.",
    ),
    Term(
        form="f5",
        table="trainings",
        field="valid_until",
        expired="F5_TRAIN_OLD",
        near="F5_TRAIN_30",
        text="Срок обучения истёк {day}",
        near_text="Срок обучения истекает через {left} дн.",
    ),
    Term(
        form="f7",
        table="contract",
        field="permit_until",
        expired="F7_PERMIT_OLD",
        level="warn",
        text="Разрешение на строительство истекло",
        applies=lambda row: row.get("status") == "active",
    ),
)


def stale(form: str, rows: Rows, facts: Facts) -> Iterator[Control]:
    """What has expired and what will soon."""
    for term in TERMS:
        if term.form != form:
            continue
        for index, row in enumerate(rows.get(term.table, ())):
            since = day(row.get(term.field))
            if since is not None and term.applies(row):
                yield from _judged(term, index, since, facts.today)


def _judged(term: Term, index: int, since: dt.date, today: dt.date) -> Iterator[Control]:
    until = years_after(since, term.years) if term.years else since
    left = (until - today).days
    words = {"day": shown_day(until), "from_day": shown_day(since), "left": left}
    place = (term.table, index, term.field, until)
    if left < 0:
        yield Control(term.expired, term.level, term.text.format_map(words), *place)
    elif term.near and left <= term.soon:
        yield Control(term.near, "warn", term.near_text.format_map(words), *place)
