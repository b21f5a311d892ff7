"""Control warnings of the report forms: pure functions of the rows and of facts handed in.

`controls("f2", rows, facts)` gives what the screen, the calendar, the reminders and the curator are told; the
wordings and thresholds are those of the reference of forms, legal sources stand beside the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from forms.warnings import events, people, works
from forms.warnings.expiry import TERMS, Term, stale
from forms.warnings.model import Control, Facts, Row, Rows

_RULES: Final[Mapping[str, Callable[[Rows, Facts], Iterator[Control]]]] = MappingProxyType(
    {
        "f1": people.member,
        "f2": people.staff,
        "f3": people.property_documents,
        "f4": people.quality,
        "f5": people.safety,
        "f6": people.standards,
        "f7": works.contracts,
        "f7_1": works.stages,
        "f8": events.incidents,
        "f9": events.disputes,
        "f10": events.orders,
        "f11": events.policies,
    }
)


def controls(form: str, rows: Rows, facts: Facts, *, earlier: Rows | None = None) -> list[Control]:
    """Every warning of a form; `earlier` are the rows of the period before (form 7.1)."""
    found = list(stale(form, rows, facts))
    if form == "f7_1":
        return [*found, *works.stages(rows, facts, earlier)]
    rule = _RULES.get(form)
    return [*found, *rule(rows, facts)] if rule is not None else found


__all__ = ["TERMS", "Control", "Facts", "Row", "Rows", "Term", "controls", "stale"]
