"""Papers of the call: the council's decision (M-13), the notice (W.2), the sheet (прил. 5), the "
"ballot (прил. 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from documents.paper import Block, Column, Fields, Heading, Items, Paper, Paragraph, Signature, Table
from language.dates import zoned_datetime
from language.names import initials_surname
from language.typography import number_sign

from . import opening, phrases, voting
from .dossier import Dossier, MemberLine


def decision(dossier: Dossier) -> Paper:
    """The council's decision that calls the meeting, with every element it must have (M-13)."""
    plan, office = dossier.plan, dossier.book.sro
    kind = phrases.KINDS[plan.kind]
    blocks: list[Block] = [
        Paragraph(f"Созвать {kind} общее собрание членов {office.name}."),
        Fields(tuple(_terms(dossier))),
        *voting.agenda(dossier),
        Heading("Комиссии и порядок"),
        *_order(dossier),
    ]
    number = number_sign(dossier.book.decision_number) if dossier.book.decision_number else ""
    on = f"от {phrases.day(dossier.book.decision_on)}" if dossier.book.decision_on else ""
    return _paper(
        dossier,
        "Решение совета о созыве общего собрания",
        [*blocks, Signature("Председатель совета", "")],
        subtitle=f"{number} {on}".strip(),
        draft=not number,
    )


def _terms(dossier: Dossier) -> Iterator[tuple[str, str]]:
    plan, zone = dossier.plan, dossier.state.case.zone
    yield "Форма", phrases.FORM_TITLES[plan.form]
    yield "Правовое основание", plan.basis_document or "не требуется"
    if plan.has_live_part:
        yield "Дата и время начала", zoned_datetime(plan.starts_at, zone)
    if plan.is_remote and plan.registration_opens_at:
        yield "Начало регистрации", zoned_datetime(plan.registration_opens_at, zone)
        closes = dossier.state.terms.registration_until()
        yield "Окончание регистрации", zoned_datetime(closes, zone) if closes else "—"
    if plan.has_absentee_part:
        yield "Начало приёма бюллетеней", zoned_datetime(plan.intake_opens_at, zone)
        yield "Окончание приёма бюллетеней", zoned_datetime(plan.intake_closes_at, zone)
        yield "Подсчёт голосов (день собрания)", zoned_datetime(plan.counting_at, zone)
        ways = "; ".join(phrases.CHANNELS[channel] for channel in plan.channels)
        yield "Способ отправки бюллетеней", ways
    yield "Место", plan.place
    until = dossier.state.terms.notice_until()
    if until:
        yield "Последний день извещения", zoned_datetime(until, zone)


def _order(dossier: Dossier) -> Iterator[Block]:
    plan = dossier.plan
    boards = [(plan.counting_board, "Счётная комиссия"), (plan.credentials_board, "Мандатная комиссия")]
    for board, title in boards:
        if board is None:
            yield Paragraph(f"{title} избирается на собрании либо не формируется.", indent=False)
            continue
        names = phrases.listing(dossier.person(one).with_position for one in board.people)
        yield Paragraph(phrases.sentence(f"{title}: {names}"), indent=False)
    if plan.is_remote and plan.tool:
        yield Paragraph(
            f"Видеоконференция проводится на платформе «{plan.tool.name}»: общедоступной, бесплатной для "
            "участников, не требующей специальных технических средств (Z.2). Ссылка и личный код приходят "
            "участнику в кабинет.",
            indent=False,
        )
    signature = {"simple": "простой электронной подписью", "qualified": "УКЭП", "none": "без подписи"}
    yield Paragraph(
        "Полномочия подтверждаются листом регистрации; если участвует не руководитель – доверенностью.",
        indent=False,
    )
    yield Paragraph(
        "Лист регистрации подаётся в личном кабинете или сканом по форме приложения.", indent=False
    )
    how = plan.voting_way or ("бюллетенями" if plan.has_absentee_part else "поднятием рук")
    yield Paragraph(
        f"Голосование: {how}; голос в кабинете подтверждается {signature[plan.vote_signature]}.", indent=False
    )


def notice(dossier: Dossier, member: str | None = None) -> Paper:
    """The notice to a member: agenda, terms, ways, contact, guide (W.2; 004 п. 2.3)."""
    deadlines = dossier.state.terms
    zone = dossier.state.case.zone
    rows = list(_terms(dossier))
    if dossier.state.called_at:
        proposals = deadlines.proposals_until(dossier.state.called_at)
        if proposals:
            rows.append(("Предложения в повестку принимаются до", zoned_datetime(proposals, zone)))
    blocks: list[Block] = []
    if member:
        line = dossier.member(member)
        blocks.append(
            Paragraph(
                f"{line.name}. {line.head_position.capitalize()}: {line.head}".rstrip(": "), indent=False
            )
        )
    blocks += [
        Paragraph(
            f"Извещаем о проведении: {phrases.KINDS[dossier.plan.kind]} общее собрание членов "
            f"{dossier.book.sro.name} {phrases.FORMS[dossier.plan.form]}."
        ),
        Fields(tuple(rows)),
        *voting.agenda(dossier),
        Paragraph("Материалы по каждому вопросу размещены в личном кабинете, раздел «Собрания»."),
        *_guide(dossier),
    ]
    return _paper(dossier, "Извещение о проведении общего собрания", blocks)


def _guide(dossier: Dossier) -> Iterator[Block]:
    contact = dossier.book.contact or f"{dossier.book.sro.email} {' '.join(dossier.book.sro.phones)}".strip()
    if dossier.plan.is_remote:
        yield Heading("Как подключиться")
        yield Items(
            (
                "подайте лист регистрации в кабинете до окончания регистрации;",
                "получите личный код собрания и подтвердите, что предупреждены о его сохранности: код даётся "
                "только тому, кто уполномочен участвовать;",
                "в день собрания откройте его страницу в кабинете, введите код и войдите в зал ожидания;",
                "заранее нажмите «Проверить подключение»: камера, звук и пробное голосование.",
            ),
            numbered=True,
        )
    if dossier.plan.has_absentee_part:
        yield Heading("Как проголосовать бюллетенем")
        yield Items(
            (
                "откройте бюллетень в кабинете, отметьте один вариант по каждому вопросу, подпишите "
                "и отправьте;",
                "либо пришлите подписанный бюллетень на бумаге с печатью (предприниматель без "
                "печати – без неё);",
                "либо пришлите его по электронной почте с квалифицированной подписью члена СРО.",
            ),
            numbered=True,
        )
    yield Paragraph(phrases.sentence(f"Ответственный за техническое обеспечение: {contact}"), indent=False)


def sheet(dossier: Dossier, member: str, person: str | None = None) -> Paper:
    """The registration sheet of Annex 5; filled for a member, or as a form with what is known."""
    line, plan = dossier.member(member), dossier.plan
    filed = dossier.state.sheets.get(member)
    who = person or (filed.person if filed else None)
    named = dossier.person(who).with_position if who else ""
    proxies = [
        p.id for p in dossier.state.case.proxies.values() if member in p.principals and p.holder == who
    ]
    right = (
        f"доверенность {phrases.proxy(proxies[-1])}"
        if proxies
        else "сведения о руководителе в реестре членов"
        if who
        else ""
    )
    zone = dossier.state.case.zone
    rows = (
        ("Дата и время проведения собрания", zoned_datetime(plan.starts_at, zone) if plan.starts_at else "—"),
        (
            "Начало регистрации",
            zoned_datetime(plan.registration_opens_at, zone) if plan.registration_opens_at else "—",
        ),
        ("Полное наименование члена СРО", line.name),
        ("ИНН, номер в реестре", ", ".join(part for part in (line.inn, line.number) if part)),
        ("Адрес электронной почты", line.email),
        ("Индивидуальный идентифицирующий код", "•••• (выдан в кабинете)" if filed else ""),
        ("ФИО и должность участника собрания", named),
        ("Документ, подтверждающий полномочия", right),
    )
    number = dossier.book.sheet_numbers.get(member, "")
    return _paper(
        dossier,
        "Лист регистрации участника общего собрания",
        [
            Fields(rows),
            Paragraph("Приложение: документ, подтверждающий полномочия на участие в собрании.", indent=False),
            Signature("Участник общего собрания", initials_surname(dossier.person(who).name) if who else ""),
            *_seal(line),
        ],
        subtitle=f"{number_sign(number) if number else ''} {phrases.FORMS[plan.form]}".strip(),
    )


def ballot(dossier: Dossier, member: str, marks: Mapping[str, object] | None = None) -> Paper:
    """The named ballot of Annex 9; the version of the agenda is printed, an old one is not counted."""
    line, plan, zone = dossier.member(member), dossier.plan, dossier.state.case.zone
    rows: list[tuple[str, str]] = [
        ("Член СРО", line.name),
        ("ИНН, номер в реестре", ", ".join(part for part in (line.inn, line.number) if part)),
        ("Форма собрания", phrases.FORM_TITLES[plan.form]),
    ]
    if plan.has_absentee_part:
        rows += [
            (
                "Приём бюллетеней",
                f"с {zoned_datetime(plan.intake_opens_at, zone)} до "
                f"{zoned_datetime(plan.intake_closes_at, zone)}",
            ),
            ("Подсчёт голосов", zoned_datetime(plan.counting_at, zone)),
            ("Куда направить", f"{plan.place}; {dossier.book.sro.email}; личный кабинет"),
        ]
    rows.append(("Версия повестки дня", str(dossier.state.version)))
    table = Table(
        (
            Column("№", "integer", 10),
            Column("Вопрос повестки дня и проект решения"),
            Column("ЗА", width=22),
            Column("ПРОТИВ", width=24),
            Column("ВОЗДЕРЖАЛСЯ", width=32),
        ),
        [
            (n, _asked(dossier, item.id), *_crosses((marks or {}).get(item.id)))
            for n, item in enumerate(dossier.items, 1)
        ],
    )
    return _paper(
        dossier,
        "Бюллетень для голосования",
        [
            Fields(tuple(rows)),
            table,
            Paragraph(
                "Отметьте один вариант по каждому вопросу. Две отметки по вопросу делают его "
                "недействительным.",
                indent=False,
                small=True,
            ),
            Signature(
                line.head_position.capitalize() or "Руководитель",
                initials_surname(line.head) if line.head else "",
            ),
            *_seal(line),
        ],
        subtitle=f"{phrases.KINDS_GENITIVE[plan.kind]} общего собрания членов {dossier.book.sro.name}",
    )


def _asked(dossier: Dossier, item_id: str) -> str:
    item = dossier.state.agenda[item_id]
    said = dossier.book.questions.get(item_id)
    text = phrases.sentence(voting.subject(dossier, item))
    return f"{text}\nПроект решения: {phrases.sentence(said.draft)}" if said and said.draft else text


def _crosses(mark: object) -> tuple[str, str, str]:
    return ("V" if mark == "for" else "", "V" if mark == "against" else "", "V" if mark == "abstain" else "")


def _seal(line: MemberLine) -> list[Block]:
    """A sole proprietor without a seal needs none (004 п. 3.3)."""
    text = "Печать не требуется (индивидуальный предприниматель)." if line.is_sole else "М. П."
    return [Paragraph(text, indent=False, small=True)]


def next_remote(dossier: Dossier, item_id: str) -> Paper:
    """Annex 1: the extract with the decision to hold the next meeting remotely (ГК ст. 181.2 п. 1)."""
    item = dossier.state.agenda[item_id]
    n = list(dossier.state.agenda).index(item_id) + 1
    blocks = list(voting.question(dossier, n, item, how=opening.way(dossier)))
    ground = Paragraph(
        "Решение принимается на основании п. 1 ст. 181.2 ГК РФ: следующее общее собрание проводится "
        "с помощью "
        "электронных либо иных технических средств, участники идентифицируются по индивидуальным кодам и "
        "листам регистрации, обсуждают вопросы повестки дня и голосуют по видеоконференцсвязи."
    )
    number = f"из протокола № {dossier.book.protocol_number}" if dossier.book.protocol_number else ""
    return _paper(
        dossier, "Выписка: решение о дистанционной форме собрания", [*blocks, ground], subtitle=number
    )


def _paper(
    dossier: Dossier, title: str, blocks: list[Block], *, subtitle: str = "", draft: bool = False
) -> Paper:
    return Paper(
        title=title,
        subtitle=subtitle,
        organisation=dossier.book.sro.name,
        blocks=tuple(blocks),
        made_at=dossier.made_at,
        footer=title,
        draft=draft,
        is_dated=False,
    )
