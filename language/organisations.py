"""Names of organisations: the legal form in short and in full, quotes, cases."""

from __future__ import annotations

import re
from typing import Final

from language.grammar import Case
from language.morphology import decline_phrase
from language.names import decline_name
from language.typography import quotes

# Forms of the Civil Code, ст. 50 and following, and of 7-ФЗ; the longest is tried first.
_FORMS: Final = (
    ("Федеральное государственное унитарное предприятие", "ФГУП"),
    ("Федеральное государственное бюджетное учреждение", "ФГБУ"),
    ("Государственное унитарное предприятие", "ГУП"),
    ("Муниципальное унитарное предприятие", "МУП"),
    ("Областное государственное казённое учреждение", "ОГКУ"),
    ("Муниципальное казённое учреждение", "МКУ"),
    ("Общество с ограниченной ответственностью", "ООО"),
    ("Общество с дополнительной ответственностью", "ОДО"),
    ("Публичное акционерное общество", "ПАО"),
    ("Непубличное акционерное общество", "НАО"),
    ("Открытое акционерное общество", "ОАО"),
    ("Закрытое акционерное общество", "ЗАО"),
    ("Акционерное общество", "АО"),
    ("Автономная некоммерческая организация", "АНО"),
    ("Некоммерческое партнёрство", "НП"),
    ("Саморегулируемая организация", "СРО"),
    ("Индивидуальный предприниматель", "ИП"),
    ("Производственный кооператив", "ПК"),
)
_SHORT: Final = frozenset(short for _, short in _FORMS)
_SOLE_TRADER: Final = re.compile(r"^(ИП|Индивидуальный предприниматель)\s+(.+)$", re.IGNORECASE)


def _fold(text: str) -> str:
    return text.casefold().replace("ё", "е")


def short_name(full: str) -> str:
    """«Общество с ограниченной ответственностью "Яр"» → «ООО «Яр»»; a name without a known form stays."""
    text = " ".join(quotes(full).split())
    for form, short in _FORMS:
        if _fold(text).startswith(_fold(form)):
            return f"{short} {_without_form(text, form)}".rstrip()
    return text


def _without_form(text: str, form: str) -> str:
    return text[len(form) :].strip(" ,")


def full_name(short: str) -> str:
    """«ООО «Яр»» → «Общество с ограниченной ответственностью «Яр»»."""
    text = " ".join(quotes(short).split())
    for form, mark in _FORMS:
        if text.startswith(f"{mark} "):
            return f"{form} {text[len(mark) :].strip()}"
    return text


def is_abbreviated(name: str) -> bool:
    """Whether the name begins with a short legal form, which has no cases."""
    return name.split(" ", 1)[0] in _SHORT


def decline_organisation(name: str, case: Case) -> str:
    """The form changes, the proper name in quotes does not; of a sole trader his own name changes."""
    text = " ".join(quotes(name).split())
    trader = _SOLE_TRADER.match(text)
    if trader:
        form = trader[1] if trader[1].isupper() else decline_phrase(trader[1], case)
        return f"{form} {decline_name(trader[2], case)}"
    return text if is_abbreviated(text) else decline_phrase(text, case)
