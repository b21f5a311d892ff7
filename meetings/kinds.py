"""Kinds of record a meeting is made of: the meeting itself, its notices, sheets, proposals, "
"ballots, protocol."""

from __future__ import annotations

from dataclasses import replace

from records.fields import Choice, Choices, Files, Integer, LongText, Text
from records.kinds import RecordKind, from_reference
from workflows.engine import SYSTEM, Workflow
from workflows.reference import moves, workflow_of

AUTHORISED = frozenset({"member_head", "member_proxy"})
PREPARE = frozenset({"council_secretary", "sro_director"})
FORMS = {"in_person": "Очная", "remote": "Дистанционная", "absentee": "Заочная", "combined": "Очно-заочная"}
_EVERYBODY = {"member_head": "Руководители", "member_proxy": "Представители", "member_spec": "Специалисты"}
_MEETING = Integer(name="meeting", label="Собрание", staff_only=True)


def _taken_by_office(code: str) -> Workflow:
    """The table's workflow, where the program files what came on paper or by e-mail."""
    found = workflow_of(code)
    return replace(
        found,
        transitions=tuple(
            replace(move, by=move.by | {SYSTEM}) if move.verb == "submit" else move
            for move in found.transitions
        ),
    )


MEETING = RecordKind(
    name="meeting",
    title="Общее собрание",
    workflow=moves(
        ("draft", "active", "Созвать", ("council_secretary", "sro_director")),
        ("active", "done", "Подвести итоги", ("system",)),
        ("done", "closed", "В дело", ("council_secretary",)),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("draft", "annulled", "Аннулировать", ("council_secretary", "sro_director")),
        name="meeting",
    ),
    direction="internal",
    heading="Общее собрание: {subject}",
    title_field="subject",
    description="Собрание членов СРО: от решения совета до подписанного протокола.",
    group="Органы управления",
    case_index="01-01",
    retention="постоянно",
    created_by=PREPARE,
    fields=(
        Text(name="subject", label="Название", required=True),
        Choice(name="form", label="Форма", choices=FORMS, required=True, filter=True),
        Choices(name="audience", label="Кому видно", choices=_EVERYBODY),
        Files(name="materials", label="Материалы"),
    ),
    columns=("title", "form", "state"),
    audience_field="audience",
    member_sees_from=frozenset({"active", "done", "closed", "archived"}),
    stops_term=frozenset({"done"}),
    listed=False,
)

NOTICE = from_reference(
    "meeting_notice",
    "out",
    workflow=moves(
        ("draft", "signed", "Подписать", ("system", "sro_director")),
        ("signed", "sent", "Отправить", ("system",)),
        ("sent", "delivered", "Отметить доставку", ("system",)),
        ("delivered", "closed", "В дело", ("council_secretary",)),
        ("sent", "closed", "В дело", ("council_secretary",)),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("draft", "annulled", "Аннулировать", ("council_secretary",)),
        name="meeting_notice",
    ),
    heading="Извещение: {subject}",
    description="Извещение о собрании: каждому члену своё, с номером, адресом и временем отправки.",
    group="Органы управления",
    created_by=frozenset({"council_secretary"}),
    fields=(
        Text(name="subject", label="Заголовок", required=True),
        LongText(name="text", label="Текст", required=True),
        Text(name="address", label="Отправлено на адрес"),
        Integer(name="agenda_version", label="Версия повестки"),
        _MEETING,
    ),
    columns=("number", "registered_on", "title", "organisation", "state"),
    numbers={"sign": "out"},
    auto={"signed": "send"},
    on_open={"sent": "deliver"},
    member_sees_from=frozenset({"sent", "delivered", "closed", "archived"}),
)

SHEET = from_reference(
    "registration_sheet",
    "in",
    heading="Лист регистрации: {participant}",
    description="Кто участвует в собрании от члена СРО и на каком основании.",
    group="Органы управления",
    created_by=AUTHORISED,
    fields=(
        Text(name="participant", label="Участник (ФИО)", required=True),
        Text(name="authority", label="Документ о полномочиях", required=True),
        _MEETING,
        Files(name="files", label="Скан листа и доверенность"),
    ),
    columns=("number", "registered_on", "organisation", "participant", "state"),
    numbers={"register": "registration_sheet"},
    auto={"submitted": "register"},
    route_to="comm_mandate",
    listed=False,
)

PROPOSAL = from_reference(
    "agenda_proposal",
    "in",
    heading="Предложение в повестку: {question}",
    description="Вопрос в повестку собрания с мотивами и формулировкой (W.4).",
    group="Органы управления",
    created_by=AUTHORISED,
    fields=(
        Text(name="question", label="Формулировка вопроса", required=True),
        LongText(name="motives", label="Мотивы", required=True),
        LongText(name="draft", label="Проект решения"),
        _MEETING,
    ),
    columns=("number", "registered_on", "organisation", "title", "state"),
    numbers={"register": "in"},
    auto={"submitted": "register"},
    route_to="council_secretary",
    listed=False,
)

BALLOT = from_reference(
    "ballot",
    "in",
    workflow=_taken_by_office("ballot"),
    heading="Бюллетень",
    description="Именной бюллетень заочного голосования. До дня подсчёта содержание не видно никому.",
    group="Органы управления",
    created_by=AUTHORISED,
    fields=(
        Text(name="way", label="Способ"),
        Integer(name="entry", label="Запись журнала", staff_only=True),
        _MEETING,
        Files(name="files", label="Скан бюллетеня"),
    ),
    columns=("number", "registered_on", "organisation", "way", "state"),
    numbers={"register": "ballot"},
    auto={"submitted": "register"},
    route_to="comm_counting",
    listed=False,
)


def kinds() -> tuple[RecordKind, ...]:
    """The kinds of this room (wiring)."""
    return (MEETING, NOTICE, SHEET, PROPOSAL, BALLOT)
