"""Заявление об изменении уровня ответственности или права (records.md §11): совет, доплата, новый уровень."""

from __future__ import annotations

from records.fields import Choice, Files, LongText, Money
from records.kinds import from_reference
from workflows.reference import workflow_of

CHANGES = {
    "vv": "Уровень по возмещению вреда (КФ ВВ)",
    "odo": "Уровень по договорным обязательствам (КФ ОДО)",
    "ootsu": "Право на особо опасные, технически сложные и уникальные объекты",
    "oiae": "Право на объекты использования атомной энергии",
    "reduce": "Снижение уровня",
}
DOCUMENTS = {
    "vv": ("Заявление, подписанное руководителем", "Платёжное поручение о доплате в КФ ВВ"),
    "odo": ("Заявление, подписанное руководителем", "Платёжное поручение о доплате в КФ ОДО"),
    "ootsu": (
        "Заявление, подписанное руководителем",
        "Сведения о специалистах и их квалификации",
        "Документы об имуществе для строительства",
        "Положение о контроле качества",
    ),
    "oiae": (
        "Заявление, подписанное руководителем",
        "Сведения о специалистах, аттестованных для ОИАЭ",
        "Лицензия на деятельность в области использования атомной энергии",
    ),
}
LEVELS = {"1": "Первый", "2": "Второй", "3": "Третий", "4": "Четвёртый", "5": "Пятый"}

KIND = from_reference(
    "level_change_application",
    "in",
    title="Заявление об изменении уровня или права",
    heading="Об изменении: {change}",
    description="Повышение или снижение уровня ответственности, получение права на особо опасные объекты.",
    result="Решение совета, счёт на доплату и уведомление о новом уровне",
    group="Членство",
    workflow=workflow_of("level_change_application").with_changes(
        notes=("to_council",),
        consequences={
            "submit": "Снижение уровня взнос не возвращает; доплату вносят целиком, рассрочки нет."
        },
    ),
    created_by=frozenset({"member_head"}),
    fields=(
        Choice(name="change", label="Что изменить", choices=CHANGES, required=True, filter=True),
        Choice(name="level", label="Нужный уровень", choices=LEVELS, filter=True, column=True),
        Money(name="extra_fee", label="Доплата по расчёту", hint="Разница взносов нового и прежнего уровней"),
        LongText(name="comment", label="Пояснение", max_length=5000),
        Files(
            name="files", label="Документы", hint="Для права на ООТСУ: сведения о специалистах и страховании"
        ),
    ),
    expected={"change": DOCUMENTS},
    columns=("number", "registered_on", "organisation", "change", "level", "state", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_LEVEL_DECISION"},
    auto={"submitted": "register"},
    stops_term=frozenset({"replied", "refused", "closed", "annulled"}),
    route_to="sro_registrar",
    replies=("notice", "invoice", "reply"),
    prints="application",
    member_menu=True,
    samples=True,
)
