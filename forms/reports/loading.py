"""Reading the reference of forms into declarations: its words are turned into types once, here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from forms.reports.model import Attachment, Choice, Column, ControlRule, Form, Layout, PrintColumn, Table

_TYPE = re.compile(r"(\w+)(?:\((\d+)(?:,(\d+))?\))?(?::([\w.]+))?(?:\[(.+)\])?")
_BOUND = re.compile(r"^(?:по умолчанию \d+; )?([>≥≤])\s*(\d+)(?![\d%])(?!\s*дн)")
_RANGE = re.compile(r"^(\d+)\s*[–…-]\s*(\d+)(?![\d.])")

# Fields whose text has a form of its own, though the reference stores them as plain strings.
_SHAPED: Mapping[str, str] = MappingProxyType({"plate": "plate", "vin": "vin", "cadastral": "cadastral"})
_SHAPED_ITEMS: Mapping[str, str] = MappingProxyType({"attest_areas": "area"})
# What makes a row the same row twice (column «Проверка» of the reference).
_UNIQUE: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("f2", "employee"): ("last_name", "first_name", "middle_name", "diploma_number"),
        ("f6", "standards"): ("designation",),
        ("f7", "contract"): ("contract_number", "contract_date", "customer_inn"),
        ("f7_1", "works"): ("stage_code",),
        ("f10", "orders"): ("order_number", "order_date", "authority_name"),
        ("f11", "policies"): ("policy_number", "insurer_name"),
    }
)
# A correction of an accepted act is entered as a negative sum (form 7, acts.amount).
_MAY_BE_NEGATIVE = frozenset({"amount", "lag_percent", "lag_days"})
# Of one vehicle or machine there is at least one.
_AT_LEAST_ONE = frozenset({"quantity"})
# A sole trader may work alone, so the bound of an organisation is a control and not a bound of the cell.
_BOUND_DEPENDS = frozenset({"headcount_total"})


def form_of(raw: Mapping[str, Any], enums: Mapping[str, Any]) -> Form:
    """One form of the reference."""
    return Form(
        code=raw["id"],
        number=raw["num"],
        title=raw["title"],
        mode=raw["mode"],
        may_be_nil=bool(raw["nil"]),
        purpose=raw["purpose"],
        tables=tuple(_table(raw["id"], section, enums) for section in raw["sections"]),
        attachments=tuple(Attachment(a["kind"], a["label"], a["req"]) for a in raw["attachments"]),
        controls=tuple(ControlRule(w["code"], w["level"], w["when"], w["text"]) for w in raw["warnings"]),
        layout=_layout(raw["print"]),
    )


def _table(form: str, raw: Mapping[str, Any], enums: Mapping[str, Any]) -> Table:
    return Table(
        form=form,
        code=raw["code"],
        title=raw["title"],
        is_single=raw["mode"] == "single",
        columns=tuple(column_of(field, enums) for field in raw["fields"]),
        unique=_UNIQUE.get((form, raw["code"]), ()),
    )


def column_of(raw: Mapping[str, Any], enums: Mapping[str, Any]) -> Column:
    """One field of the reference: «dec(18,2)», «enum:act_kind», «list[ref:f7]» and the rest."""
    found = _TYPE.fullmatch(raw["type"])
    if not found:
        raise ValueError(f"unknown type {raw['type']} of field {raw['id']}")
    kind, first, second, tail, item = found.groups()
    shaped = _SHAPED.get(raw["id"], kind)
    low, high, above = _bounds(raw["id"], kind, raw["check"])
    enum = tail if kind in ("enum", "menum") else None
    item_target = item.partition(":")[2] if item and item.startswith("ref:") else None
    return Column(
        name=raw["id"],
        title=raw["label"],
        type=shaped,
        requirement=raw["req"],
        help=raw["check"],
        choices=tuple(Choice(e["code"], e["label"]) for e in enums[enum]) if enum else (),
        length=int(first) if kind == "str" and first else None,
        digits=int(first) if kind == "dec" and first else None,
        scale=int(second) if kind == "dec" and second else None,
        target=tail if kind == "ref" else item_target,
        item=_SHAPED_ITEMS.get(raw["id"], item.partition(":")[0]) if item else None,
        low=low,
        high=high,
        above=above,
    )


def _bounds(name: str, kind: str, check: str) -> tuple[int | None, int | None, bool]:
    """The bounds a value has by itself; those that depend on other fields are control warnings."""
    if kind == "pct":
        return 0, 100, False
    if kind not in ("int", "dec"):
        return None, None, False
    if spread := _RANGE.match(check):
        return int(spread[1]), int(spread[2]), False
    low: int | None = None if name in _MAY_BE_NEGATIVE else 1 if name in _AT_LEAST_ONE else 0
    bound = _BOUND.match(check)
    if bound is None or name in _MAY_BE_NEGATIVE | _BOUND_DEPENDS:
        return low, None, False
    if bound[1] == "≤":
        return low, int(bound[2]), False
    return int(bound[2]), None, bound[1] == ">"


def _layout(raw: Mapping[str, Any]) -> Layout:
    return Layout(
        kind=raw["kind"],
        paper=raw["paper"],
        is_landscape=raw["orientation"] == "landscape",
        columns=tuple(
            PrintColumn(c["group"], c["header"], c["field"], float(c["width"]), c["total"])
            for c in raw["cols"]
        ),
        merges=tuple(raw["merges"]),
    )
