"""Comparing what was read with what a case of the corpus expects: by type, codes of errors exactly."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forms.reports import Table

DATA = Path(__file__).resolve().parent.parent / "data"
_DIGITS_ALONE = ("inn", "snils", "ogrn", "kpp", "bik", "acc", "phone")


def cases(folder: str) -> list[dict[str, Any]]:
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((DATA / folder / "cases").glob("*.json"))
    ]


def differences(expected: dict[str, Any], answer: dict[str, Any], table: Table) -> list[str]:
    """What differs between a table of an answer and its expectation; nothing when all agrees."""
    if "any_of" in expected:
        return min((differences(one, answer, table) for one in expected["any_of"]), key=len)
    error = answer.get("error")
    if "error" in expected:
        return [] if error and error["code"] in _listed(expected["error"]) else [f"not refused: {error}"]
    if error:
        return [f"refused: {error}"]
    wanted = [row for row in expected["rows"] if isinstance(row, dict) or not all(map(_is_empty, row))]
    rows = [row for row in answer["rows"] if not all(map(_is_empty, row.values()))]
    found = [] if len(wanted) == len(rows) else [f"{len(rows)} rows, expected {len(wanted)}"]
    for number, (want, row) in enumerate(zip(wanted, rows, strict=False), start=1):
        found += [f"row {number} {text}" for text in _row_differences(want, row, expected["fields"], table)]
    told = {one["code"] for one in answer.get("warnings", [])}
    found += [f"no warning {code}" for code in expected.get("warnings", []) if code not in told]
    found += [
        f"not ignored: {title}" for title in expected.get("ignored", []) if title not in answer["ignored"]
    ]
    if "header" in expected and expected["header"] != answer["header"]:
        found.append(f"header is {answer['header']}")
    return found


def _row_differences(want: Any, row: dict[str, Any], fields: list[str], table: Table) -> list[str]:
    if isinstance(want, dict):
        return (
            [] if any(isinstance(cell, dict) and cell.get("error") for cell in row.values()) else ["no error"]
        )
    found = []
    for name, cell in zip(fields, want, strict=True):
        if not _agrees(cell, row.get(name), table.column(name).type):
            found.append(f"{name}: {row.get(name)!r}, expected {cell!r}")
    return found + [f"{name}: unexpected" for name in set(row) - set(fields) if not _is_empty(row[name])]


def _agrees(want: Any, got: Any, kind: str) -> bool:
    if isinstance(want, dict) and "any_of" in want:
        return any(_agrees(one, got, kind) for one in want["any_of"])
    error = got.get("error") if isinstance(got, dict) else None
    if isinstance(want, dict) and "error" in want:
        return error in _listed(want["error"])
    value = got["value"] if isinstance(got, dict) and "value" in got else got
    if isinstance(want, dict) and "warning" in want:
        told = isinstance(got, dict) and got.get("warning") == want["warning"]
        return told and _canonical(value, kind) == _canonical(want["value"], kind)
    return error is None and _canonical(value, kind) == _canonical(want, kind)


def _listed(code: Any) -> list[str]:
    return code if isinstance(code, list) else [code]


def _canonical(value: Any, kind: str) -> Any:
    if value in (None, "", []):
        return None
    if kind in ("dec", "pct", "int", "year"):
        try:
            return Decimal(str(value)).normalize()
        except InvalidOperation:
            return value
    if kind in _DIGITS_ALONE:
        return re.sub(r"[\s+()-]", "", str(value))
    if kind == "text":
        return "\n".join(" ".join(line.split()) for line in str(value).splitlines()).strip()
    return " ".join(str(value).split()) if isinstance(value, str) else value


def _is_empty(cell: Any) -> bool:
    if isinstance(cell, dict) and ("error" in cell or "any_of" in cell):
        return False
    return (cell.get("value") if isinstance(cell, dict) else cell) in (None, "", [])
