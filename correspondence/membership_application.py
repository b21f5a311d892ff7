"""Заявление о приёме в члены (records.md §11; ст. 55.6 ГрК РФ): комплект, совет, взносы, запись реестра."""

from __future__ import annotations

from records.fields import Choice, Choices, Files, LongText, Text
from records.kinds import from_reference
from workflows.reference import workflow_of

LEVELS = {"1": "Первый", "2": "Второй", "3": "Третий", "4": "Четвёртый", "5": "Пятый"}
WORKS = {
    "oks": "Объекты капитального строительства",
    "ootsu": "Особо опасные, технически сложные и уникальные",
    "oiae": "Объекты использования атомной энергии",
}

KIND = from_reference(
    "membership_application",
    "in",
    heading="О приёме в члены: {organisation}",
    description="Заявление о приёме в члены СРО с комплектом документов. Решение принимает совет.",
    result="Решение совета, уведомление о нём и счета на взносы; после оплаты — запись в реестре",
    group="Членство",
    # The council decides on a conclusion of the register department: without one nothing goes to it.
    workflow=workflow_of("membership_application").with_changes(
        notes=("to_council",),
        consequences={
            "decide": "Заявителю уйдёт уведомление; взносы платят в течение семи рабочих дней.",
            "accept": "Компания станет членом СРО с сегодняшнего дня.",
        },
    ),
    created_by=frozenset({"member_head"}),
    fields=(
        Choices(name="works", label="Право на работы", choices=WORKS, required=True, filter=True),
        Choice(
            name="vv_level",
            label="Уровень ответственности (возмещение вреда)",
            choices=LEVELS,
            required=True,
            filter=True,
        ),
        Choice(
            name="odo_level",
            label="Уровень ответственности (договорные обязательства)",
            choices=LEVELS,
            hint="Если будете участвовать в торгах",
        ),
        Text(name="contact", label="Контактное лицо и телефон", required=True),
        LongText(name="comment", label="Пояснение", max_length=5000),
        Files(name="charter", label="Устав", required=True),
        Files(
            name="specialists",
            label="Документы специалистов (НРС, НОК)",
            hint="Не менее двух специалистов по организации работ",
        ),
        Files(name="files", label="Остальные документы комплекта"),
    ),
    columns=("number", "registered_on", "organisation", "vv_level", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_ADM_DECISION", "decide": "DL_ADM_PAY"},
    auto={"submitted": "register"},
    on_due={"awaiting_payment": "close"},
    stops_term=frozenset({"accepted", "refused", "closed", "annulled"}),
    route_to="sro_registrar",
    replies=("notice", "invoice"),
    prints="application",
    member_menu=True,
    samples=True,
)
