"""Registration journals («журналы регистрации»): the series numbers are given from (records.md §3.1)."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "journals.json"


@dataclass(frozen=True)
class Journal:
    """A journal: its code, title, number template, whether it restarts in January, and direction."""

    code: str
    title: str
    template: str
    yearly: bool
    direction: str


@functools.cache
def journals() -> Mapping[str, Journal]:
    """Journals by code, as the shipped table has them; a template in force may come from the settings."""
    rows = json.loads(_TABLE.read_text("utf-8"))
    return {
        row["code"]: Journal(row["code"], row["title_ru"], row["template"], row["yearly"], row["direction"])
        for row in (rows["journals"] if isinstance(rows, dict) else rows)
    }
