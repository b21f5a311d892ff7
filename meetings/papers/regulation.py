"""The regulation on the general meeting (004, прил. 3) and the charter's provisions (прил. 2) with "
"our numbers."""

from __future__ import annotations

from datetime import datetime

from documents.model import Organisation
from documents.paper import Block, Column, Heading, Paper, Paragraph, Table
from language.plural import WORKING_DAY, counted
from meetings.charter import PROVISIONS, Charter

WORDS = {
    "qualified": "не ниже квалифицированного",
    "none": "не ограничено",
    "base": "от участников",
    "all_members": "от всех членов",
    "present": "от присутствующих",
    "registered": "от зарегистрированных",
    "senders": "от направивших бюллетени",
    "valid": "от действительных бюллетеней",
    "absent_outside_scope": "вне доверенности не присутствует",
    "by_law": "по закону",
    "barred": "запрещено",
    "each_question": "перед каждым вопросом",
    "breaks_only": "после перерывов",
    "first_question": "до первого вопроса",
    "open": "не закрывается",
    "live": "очно",
    "absentee": "заочно",
    "session": "на день заседания",
    "count": "на день подсчёта",
    "first": "первый",
    "last": "последний",
    "received": "получению",
    "sent": "отправке",
    "simple": "простая",
    "qualified_signature": "УКЭП",
    "required": "нужна",
    "not_required": "не нужна",
    "director": "директор",
    "elected": "избирается",
    "clerk": "работник СРО",
    "all": "единогласно",
}


def shown(name: str, value: object) -> str:
    """A provision's value as people read it."""
    if name == "cabinet_signature" and value == "qualified":
        return WORDS["qualified_signature"]
    if name == "limited_proxy" and value == "present":
        return "присутствует"
    if isinstance(value, int):
        return str(value) if name == "code_attempts" else counted(value, WORKING_DAY)
    text = str(value)
    if text[:1] in "<>":
        return text.replace(">=", "не менее ").replace(">", "более ")
    return WORDS.get(text, text)


def regulation(charter: Charter, office: Organisation, at: datetime) -> Paper:
    """The regulation with the blanks filled from the settings in force on the day."""

    def days(name: str) -> str:
        return counted(charter.number(name), WORKING_DAY)

    clauses: list[Block] = [
        Heading("Z. Дистанционное собрание"),
        Paragraph(
            "Z.1. Собрание может проводиться дистанционно: члены СРО или их представители участвуют "
            "одновременно, в назначенные день и время."
        ),
        Paragraph(
            "Z.2. Средство видеосвязи общедоступно, бесплатно для участников и не требует "
            "специальной техники."
        ),
        Paragraph("Z.3. Участники видят и слышат друг друга в течение всего собрания."),
        Paragraph("Z.4. Каждому члену СРО выдаётся индивидуальный код, заверенный электронной подписью СРО."),
        Paragraph(
            f"Z.5. Срок регистрации – {days('registration_working_days')}. Лист регистрации "
            f"подаётся в кабинете "
            "или с официального адреса; за представителя – с доверенностью."
        ),
        Paragraph(
            f"Z.7. К участию допускаются подавшие лист регистрации и введшие свой код; попыток ввода – "
            f"{charter.number('code_attempts')}."
        ),
        Paragraph(
            f"Z.10. Список участников закрывается: {shown('list_closing', charter.word('list_closing'))}."
        ),
        Paragraph(
            f"Z.11. Председатель по умолчанию – {shown('default_chair', charter.word('default_chair'))}, "
            f"секретарь – {shown('default_secretary', charter.word('default_secretary'))}."
        ),
        Paragraph(
            f"Z.14. Кворум проверяется заново "
            f"{shown('quorum_recheck', charter.word('quorum_recheck'))}; после "
            "каждого перерыва участники устанавливаются заново."
        ),
        Heading("W. Заочное собрание"),
        Paragraph("W.1. Заочно не решаются вопросы исключительной компетенции общего собрания."),
        Paragraph(
            f"W.2. Извещение с повесткой, материалами, сроками и бюллетенем направляется не позднее чем за "
            f"{days('notice_working_days')} до окончания приёма бюллетеней и размещается на сайте."
        ),
        Paragraph(
            f"W.3. Приём бюллетеней начинается не ранее чем по истечении {days('intake_after_working_days')} "
            "с извещения."
        ),
        Paragraph(
            f"W.4. Предложения в повестку принимаются в течение: {days('proposal_working_days')} с "
            f"извещения; в них "
            "указываются мотивы и формулировка вопроса."
        ),
        Paragraph("W.5. Изменённая повестка доводится до всех членов до начала голосования."),
        Paragraph(
            "W.7. Бюллетень считается неполученным, если он опоздал, не называет члена, не подписан "
            "уполномоченным лицом или не заверен электронной подписью."
        ),
        Paragraph(
            "W.8. Бюллетень, заполненный с нарушениями, недействителен: член участвует в собрании, отметка в "
            "подсчёт не идёт."
        ),
        Paragraph("W.9. Счётная комиссия обязательна; её председатель и секретарь ведут собрание."),
        Paragraph("W.10. Днём собрания является дата подсчёта голосов; до неё бюллетени не вскрываются."),
        Paragraph(
            f"W.12. Кворум – {shown('quorum_absentee', charter.word('quorum_absentee'))} числа "
            f"членов. Ниже него "
            "подсчёт не производится, собрание признаётся несостоявшимся."
        ),
        Paragraph(
            "W.14. Обработка бюллетеней может записываться на видео, о чём делается отметка в протоколе."
        ),
        Heading("Положения устава"),
        Table(
            (Column("Положение"), Column("Установлено", width=58), Column("Основание", width=50)),
            [
                (row.title, shown(row.name, charter.chosen.get(row.name, row.default)), row.source)
                for row in PROVISIONS.values()
            ],
        ),
    ]
    return Paper(
        title="Положение об общем собрании членов",
        subtitle="особенности дистанционного и заочного собрания",
        organisation=office.name,
        blocks=tuple(clauses),
        made_at=at,
        footer="Положение об общем собрании членов",
        is_dated=False,
    )
