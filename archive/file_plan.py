"""The file plan («номенклатура дел») and terms of keeping (приказ Росархива от 20.12.2019 № 236)."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from records import parameters

_TABLE = Path(__file__).parent / "data" / "file_plan.json"


@dataclass(frozen=True)
class CaseFile:
    """A case of the plan: its index, title, and how long it is kept after it was closed."""

    index: str
    title: str
    term: str
    basis: str
    years: int | None
    review: bool

    @property
    def is_permanent(self) -> bool:
        """Kept for ever (also what is kept «с протоколом»)."""
        return self.years is None


@functools.cache
def shipped() -> Mapping[str, CaseFile]:
    rows = json.loads(_TABLE.read_text("utf-8"))["cases"]
    return {
        row["index"]: CaseFile(
            row["index"],
            row["title"],
            row["term"],
            row["basis"],
            row["years"],
            row["review"],
        )
        for row in rows
    }


def case_files() -> Mapping[str, CaseFile]:
    """The plan in force: the shipped one with the СРО's own changes (setting `file_plan`)."""
    plan = dict(shipped())
    own = parameters.get("file_plan", [])
    for row in own if isinstance(own, list) else []:
        if isinstance(row, Mapping) and row.get("index"):
            index = str(row["index"])
            years = row.get("years")
            plan[index] = CaseFile(
                index,
                str(row.get("title") or index),
                f"{years} лет" if years else "постоянно",
                str(row.get("basis") or ""),
                int(str(years)) if years else None,
                bool(row.get("review")),
            )
    return plan


def keep_until(case_index: str, closed_on: date) -> date | None:
    """The last day of keeping; None is for ever.

    The term runs from the first of January after the year of closing: closed 15.06.2026, five years →
    kept until 31.12.2031, destroyed from 01.01.2032 by an act. An unknown case is kept for ever: what
    nobody gave a term nobody may destroy.
    """
    case = case_files().get(case_index)
    if case is None or case.years is None:
        return None
    return date(closed_on.year + case.years, 12, 31)
