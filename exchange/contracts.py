"""Contracts and purchases from a table (X-14): matched to members by ИНН; a second run makes no doubles."""

from __future__ import annotations

from decimal import Decimal

from records import identifiers
from records.actor import Actor
from records.errors import Refused
from register import portfolio

from .runs import Outcome, companies_by_inn, keep
from .tabular import Fault, Line, Unreadable, day, money, read, text

COLUMNS = {
    "inn": ("ИНН подрядчика", "ИНН", "ИНН поставщика", "inn"),
    "number": ("Номер", "Номер договора", "Номер контракта", "number"),
    "made_on": ("Дата", "Дата договора", "Дата заключения", "date"),
    "customer": ("Заказчик", "Наименование заказчика", "customer"),
    "customer_inn": ("ИНН заказчика",),
    "subject": ("Предмет", "Предмет договора", "subject"),
    "price": ("Стоимость", "Цена", "Цена договора", "price"),
    "accepted": ("Принято", "Исполнено", "accepted"),
    "procurement": ("Способ закупки", "Признак ОДО"),
    "status": ("Состояние", "Статус"),
    "starts_on": ("Начало", "Начало работ"),
    "ends_on": ("Окончание", "Срок исполнения", "Окончание работ"),
    "excluded": ("Не учитывать",),
}
REQUIRED = {
    "inn": "ИНН подрядчика",
    "number": "номер договора",
    "made_on": "дата договора",
    "price": "стоимость",
}
DIRECT = ("един", "без торгов", "прям", "нет")
STATUSES = {"исполняется": "active", "действует": "active", "исполнен": "completed", "завершен": "completed",
            "завершён": "completed", "расторгнут": "terminated"}  # fmt: skip


def load(actor: Actor, content: bytes, name: str, *, dry: bool = False) -> Outcome:
    """Load a file of contracts; `dry` only says what would be."""
    lines = list(read(content, name, COLUMNS))
    if not lines:
        raise Refused("В файле нет ни одной строки с данными.")
    known = companies_by_inn([_inn(line) for line in lines])
    outcome, rows = Outcome(), []
    for line in lines:
        try:
            rows.append(_row(line, known))
        except Unreadable as problem:
            outcome.faults.append(Fault(line.number, str(problem)))
    if not dry and rows:
        put = portfolio.put(actor, rows, source="file")
        outcome.added, outcome.changed, outcome.same = put.added, put.changed, put.same
    elif dry:
        outcome.same = len(rows)
    keep(actor, "contracts", name, content, outcome, dry=dry)
    return outcome


def _inn(line: Line) -> str:
    return identifiers.normalise("inn", text(line.cells.get("inn")))


def _row(line: Line, known: dict[str, int]) -> dict[str, object]:
    cells = line.cells
    missing = [title for key, title in REQUIRED.items() if not text(cells.get(key))]
    if missing:
        raise Unreadable("не указано: " + ", ".join(missing))
    inn = _inn(line)
    if problem := identifiers.check("inn", inn):
        raise Unreadable(f"ИНН {inn}: {problem}")
    if inn not in known:
        raise Unreadable(f"ИНН {inn}: такого члена в реестре нет")
    made_on, ends_on, price = day(cells["made_on"]), day(cells.get("ends_on")), money(cells["price"])
    if made_on is None or price is None:
        raise Unreadable("нет даты или стоимости")
    if ends_on and ends_on < made_on:
        raise Unreadable("окончание раньше даты договора")
    return {
        "organisation_id": known[inn],
        "number": text(cells["number"])[:100],
        "made_on": made_on,
        "customer": text(cells.get("customer"))[:500],
        "customer_inn": text(cells.get("customer_inn"))[:12],
        "subject": text(cells.get("subject"))[:1000],
        "price": price,
        "accepted": money(cells.get("accepted")) or Decimal(0),
        "procurement": _procurement(text(cells.get("procurement"))),
        "status": _status(text(cells.get("status"))),
        "starts_on": day(cells.get("starts_on")),
        "ends_on": ends_on,
        "excluded_reason": text(cells.get("excluded"))[:500],
    }


def _procurement(said: str) -> str:
    return "direct" if said.casefold().startswith(DIRECT) else "competitive"


def _status(said: str) -> str:
    if not said:
        return "active"
    if said.casefold() not in STATUSES:
        raise Unreadable(f"состояние «{said}» неизвестно")
    return STATUSES[said.casefold()]
