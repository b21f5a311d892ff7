"""Registration journals («журналы регистрации»): the series numbers are given from (records.md §3.1)."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "data" / "journals.json"


@dataclass(frozen=True)
class Journal:
    """A journal: its code, title, number template, whether it restarts in January, and direction."""

    code: str
    title: str
    template: str
    yearly: bool
    direction: str
    year_in_date: bool = False  # orders: the number has no year, it is unique together with the year
    scope: str = "sro"  # "meeting": the counter belongs to one meeting


@functools.cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_TABLE.read_text("utf-8"))
    return table


@functools.cache
def journals() -> Mapping[str, Journal]:
    """Journals by code, as the shipped table has them; a template in force may come from the settings."""
    return {
        row["code"]: Journal(
            row["code"],
            row["title_ru"],
            row["template"],
            row["yearly"],
            row["direction"],
            row.get("year_in_date", False),
            row.get("scope", "sro"),
        )
        for row in _table()["journals"]
    }


def journal_of(kind: str) -> Journal:
    """The journal a kind of record is registered in (records.md §3.1)."""
    return journals()[_table()["kinds"][kind]]


def kind_mark(kind: str) -> str:
    """Short mark of a kind for `{k}` in a number: «МК» of the credentials board; otherwise its code."""
    marks: dict[str, str] = _table()["kind_marks"]
    return marks.get(kind, kind)
