"""Добровольное прекращение членства: в день поступления, без совета; отказать или вернуть нельзя.

Source: records.md §10 and §11 (withdrawal), calendar.md DL_EXIT: the day of receipt is the day membership
ends, a day off too, so its dates are never moved to a working day. The workflow of the table has neither
«refuse» nor «return»: a debt is no ground.
"""

from __future__ import annotations

from records.fields import Files, Flag, LongText
from records.kinds import from_reference
from workflows.reference import workflow_of

KIND = from_reference(
    "withdrawal_application",
    "in",
    heading="О прекращении членства: {organisation}",
    description="Выход из СРО по собственному желанию. Подаёт только руководитель. "
    "Отказать или вернуть заявление "
    "СРО не вправе, в том числе при долге; членство прекращается в день поступления.",
    result="Запись о прекращении членства в день поступления и уведомление об этом",
    group="Членство",
    workflow=workflow_of("withdrawal_application").with_changes(
        consequences={
            "submit": "Членство прекратится сегодня. Уплаченные взносы не возвращаются, "
            "вступить снова можно через год.",
            "accept": "Дата прекращения — дата поступления заявления.",
            "close": "Долги по взносам остаются.",
        },
    ),
    created_by=frozenset({"member_head"}),
    fields=(
        Flag(
            name="knows",
            label="Мне известно: взносы не возвращаются, вступить снова можно через год",
            required=True,
        ),
        LongText(name="comment", label="Причина (по желанию)", max_length=5000),
        Files(name="files", label="Подписанное заявление или приложения"),
    ),
    columns=("number", "registered_on", "organisation", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_EXIT"},
    same_day=True,
    auto={"submitted": "register"},
    route_to="sro_registrar",
    replies=("reply",),
    prints="application",
    member_menu=True,
    samples=True,
)
