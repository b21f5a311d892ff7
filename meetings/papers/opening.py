"""The opening parts of protocols: place, times, notice, identification, quorum, officers and boards."""

from __future__ import annotations

from collections.abc import Iterator

from documents.paper import Block, Fields, Items, Paragraph
from language.plural import CALENDAR_DAY, counted
from language.typography import number_sign

from . import phrases
from .dossier import Dossier

_IDENTIFICATION = {
    "code": (
        "по индивидуальным логину и паролю, выданным на основании листов регистрации, которые поступили с "
        "официальных адресов электронной почты членов СРО и заверены подписью уполномоченного лица, печатью "
        "(при наличии) и усиленной квалифицированной электронной подписью"
    ),
    "documents": (
        "при подключении к видеоконференции и на основании заблаговременно направленных в СРО оригиналов или "
        "надлежаще заверенных копий документов, удостоверяющих полномочия участников"
    ),
    "cabinet": (
        "в личном кабинете члена СРО по листам регистрации, поданным с электронной подписью, и по "
        "индивидуальным кодам"
    ),
}
_EVIDENCE = {
    "video": "видеозаписью собрания от начала и до конца",
    "chat": "выпиской из чата участников видеоконференции",
}
_SOURCES = {
    "elected": "избран на собрании",
    "appointed": "назначен решением о созыве",
    "default": "по положению об общем собрании (Z.11)",
    "counting_board": "в силу положения о счётной комиссии (W.9)",
}


def head(dossier: Dossier) -> Iterator[Block]:
    """Date, place and the ground of the form (ГК ст. 181.2 п. 4 пп. 1)."""
    plan, book = dossier.plan, dossier.book
    rows = [
        ("Дата и время составления протокола", phrases.moment(dossier.made_at)),
        ("Место проведения", plan.place),
    ]
    if plan.starts_at and plan.has_live_part:
        begun = dossier.local(plan.starts_at)
        ended = dossier.times.get("meeting_closed")
        said = phrases.until(begun, dossier.local(ended)) if ended else phrases.moment(begun)
        rows.append(("Время заседания", said))
    if plan.has_absentee_part:
        rows += [
            ("Начало приёма бюллетеней", phrases.moment(dossier.local(plan.intake_opens_at))),
            ("Окончание приёма бюллетеней", phrases.moment(dossier.local(plan.intake_closes_at))),
            ("Подсчёт голосов", phrases.moment(dossier.local(plan.counting_at))),
        ]
    rows.append(("Решение о созыве", f"решение совета {decision(dossier)}"))
    yield Fields(tuple(rows))
    ground = plan.basis_document or "Устав"
    kind = phrases.KINDS[plan.kind]
    yield Paragraph(
        f"На основании документа «{ground}» {kind} общее собрание членов {book.sro.name} проводится "
        f"{phrases.FORMS[plan.form]}."
        if plan.basis != "none"
        else f"{phrases.title(kind)} общее собрание членов {book.sro.name} проводится "
        f"{phrases.FORMS[plan.form]}."
    )
    yield Paragraph(_noticed(dossier))


def decision(dossier: Dossier) -> str:
    number = number_sign(dossier.book.decision_number) if dossier.book.decision_number else "о созыве"
    on = f" от {phrases.day(dossier.book.decision_on)}" if dossier.book.decision_on else ""
    return f"{number}{on}"


def _noticed(dossier: Dossier) -> str:
    called, plan = dossier.state.called_at, dossier.plan
    if called is None:
        return "Извещение членам СРО ещё не направлено."
    first = plan.starts_at if plan.has_live_part else plan.counting_at
    days = (dossier.local(first).date() - dossier.local(called).date()).days
    whole = phrases.members(len(dossier.state.register))
    return (
        f"Всем членам СРО, зарегистрированным в реестре ({whole}), за {counted(days, CALENDAR_DAY)} до "
        "собрания по адресам электронной почты, указанным в реестре, и через личные кабинеты направлены "
        "извещение, повестка дня и материалы по её вопросам. Те же сведения размещены на официальном сайте."
    )


def way(dossier: Dossier) -> str:
    """How people voted on the meeting, as the plan names it."""
    said = dossier.plan.voting_way.strip()
    return f"по видеоконференцсвязи ({said})" if dossier.plan.is_remote and said else said or "поднятием рук"


def live_quorum(dossier: Dossier) -> Iterator[Block]:
    """Quorum and identification of a live meeting; technology of a remote one (004 п. 2.8)."""
    yield from technology(dossier)
    checks = [
        row for row in dossier.result["quorum"] if row["when"] in {"opening", "after_break", "requested"}
    ]
    found = next((row for row in checks if row["when"] == "opening"), checks[0] if checks else None)
    if found is None:
        yield Paragraph("Кворум собрания не определялся.")
        return
    have, of = found["have"], found["of"]
    more = "более половины" if have * 2 > of else "не более половины"
    yield Paragraph(
        f"По данным реестра на день начала собрания зарегистрировано: {phrases.members(of)}. По листам "
        f"регистрации в собрании {phrases.took_part(have)} {phrases.members(have)} СРО "
        f"({phrases.part_of(have, of)}), что составляет {more} численности СРО ({found['norm']})."
    )
    if found["verdict"] == "yes":
        yield Paragraph("Кворум имеется, общее собрание правомочно принимать решения.")
    yield Paragraph(
        "Лица, принявшие участие в собрании, указаны в приложении № 1, которое является неотъемлемой частью "
        "протокола."
    )


def technology(dossier: Dossier) -> Iterator[Block]:
    plan, book = dossier.plan, dossier.book
    if not plan.is_remote:
        return
    tool = plan.tool.name if plan.tool else ""
    yield Paragraph(
        f"Использованы электронные и иные технические средства: видеоконференция «{tool}» – общедоступное "
        "средство связи, бесплатное для участников и не требующее специальных технических средств. "
        f"Способ голосования: {plan.voting_way}. Волеизъявление участников зафиксировано "
        f"{_EVIDENCE.get(book.evidence or 'video', _EVIDENCE['video'])}."
    )
    yield Paragraph(
        f"Идентификация и регистрация участников производилась {_IDENTIFICATION[book.identification]}."
    )


def officers(dossier: Dossier) -> Iterator[Block]:
    """Who chairs and who keeps the minutes, and by what right; who admits and counts."""
    for office, title in (("chair", "Председатель собрания"), ("secretary", "Секретарь собрания")):
        found = dossier.result["officers"][office]
        if found["person"]:
            who = dossier.person(found["person"]).with_position
            yield Paragraph(f"{title}: {who} ({_SOURCES.get(found['source'], '')}).", indent=False)
    how = (
        "избрана на собрании"
        if dossier.book.boards_elected
        else f"назначена решением совета {decision(dossier)}"
    )
    for board, title in (
        (dossier.plan.credentials_board, "Мандатная комиссия"),
        (dossier.plan.counting_board, "Счётная комиссия"),
    ):
        if board is not None:
            names = phrases.listing(dossier.person(one).name for one in board.people)
            yield Paragraph(phrases.sentence(f"{title} ({how}): {names}"), indent=False)
    if dossier.plan.counting_board is None:
        yield Paragraph("Счётная комиссия не формировалась, подсчёт голосов ведёт секретарь собрания (Z.11).")


def counters(dossier: Dossier) -> Iterator[Block]:
    """The counting board with roles (W.9, W.13)."""
    board = dossier.plan.counting_board
    if board is None:
        return
    yield Paragraph(
        f"Подсчёт голосов производила счётная комиссия, сформированная решением совета {decision(dossier)}, "
        "в составе:",
        indent=False,
    )
    rows = [
        f"председатель счётной комиссии, председательствующий на общем собрании – "
        f"{dossier.person(board.chair).with_position}",
        f"секретарь счётной комиссии, секретарь общего собрания – "
        f"{dossier.person(board.secretary).with_position}",
    ]
    rest = [one for one in board.people if one not in (board.chair, board.secretary)]
    rows += [f"член комиссии – {dossier.person(one).with_position}" for one in rest]
    yield Items(tuple(rows), numbered=True)


def absentee_terms(dossier: Dossier) -> Iterator[Block]:
    """How ballots were sent, and how many came by each way (ГК ст. 181.2 п. 4; W.2)."""
    office = dossier.book.sro
    contact = f", электронная почта {office.email}" if office.email else ""
    yield Paragraph(
        f"Модератором (организатором) собрания является исполнительный орган СРО, находящийся по адресу: "
        f"{office.address or dossier.plan.place}{contact}."
    )
    yield Paragraph("Документы о голосовании принимались:", indent=False)
    came = [ballot for ballot in dossier.state.ballots if ballot.is_received]
    rows = []
    for channel in dossier.plan.channels:
        n = sum(ballot.channel == channel for ballot in came)
        rows.append(f"{phrases.CHANNELS[channel]} – поступило {phrases.ballots(n)}")
    yield Items(tuple(rows))


def absentee_quorum(dossier: Dossier) -> Iterator[Block]:
    """Received, valid, invalid; who took part and what share of the register it is (прил. 7)."""
    found = next((row for row in dossier.result["quorum"] if row["when"] == "final"), None)
    if found is None:
        yield Paragraph("Счётная комиссия к подсчёту не приступала: сведений о поступивших бюллетенях нет.")
        return
    rows = dossier.result["ballots"]
    invalid = sum(row["disposition"] == "invalid" for row in rows)
    valid = sum(row["disposition"] in {"counted", "invalid_on_items"} for row in rows)
    have, of = found["have"], found["of"]
    yield Paragraph(
        f"Поступило: {phrases.ballots(len(rows))}, из них признано неполученными или не учитывается: "
        f"{len(rows) - valid - invalid}. В общем собрании {phrases.took_part(have)} "
        f"{phrases.members(have)} СРО, "
        f"что составляет {phrases.part_of(have, of)} от количества членов, зарегистрированных в "
        f"реестре на дату "
        f"собрания ({of}). Сведения о них указаны в приложении № 1."
    )
    if found["verdict"] == "yes":
        yield Paragraph(
            f"Кворум имеется (требуется не менее {found['needed']}; {found['norm']}). Собрание правомочно "
            "принимать решения."
        )
        yield Paragraph(
            f"Признано действительными: {phrases.ballots(valid)}; недействительными: "
            f"{phrases.ballots(invalid)}."
        )


def live_part(dossier: Dossier) -> Iterator[Block]:
    """The session of a combined meeting (прил. 8, п. 1)."""
    plan = dossier.plan
    seats = len(dossier.state.seats)
    where = "в режиме видеоконференции" if plan.is_remote else f"по адресу: {plan.place}"
    yield Paragraph(
        f"Обсуждение вопросов и голосование состоялись "
        f"{phrases.moment(dossier.local(plan.starts_at))} {where}. "
        f"Присутствовали представители: {phrases.members(seats)} СРО (приложение № 1)."
    )
    yield from technology(dossier)
    guests = dossier.book.guests
    yield Paragraph(
        f"Приглашённые лица: {phrases.listing(guests)}." if guests else "Приглашённых лиц не было."
    )


def combined_quorum(dossier: Dossier) -> Iterator[Block]:
    """The quorum is known only after the end of the intake (004 п. 1.2 б; прил. 8, п. 3)."""
    found = next((row for row in dossier.result["quorum"] if row["when"] == "final"), None)
    if found is None:
        yield Paragraph("Кворум будет определён по окончании приёма письменных решений.")
        return
    written = len(dossier.state.absentee_part)
    have, of = found["have"], found["of"]
    yield Paragraph(
        f"На дату собрания в реестре: {phrases.members(of)}. Приняли участие: {phrases.members(have)} "
        f"({phrases.part_of(have, of)}), в том числе очно – {have - written}, заочно – {written}."
    )
    if found["verdict"] == "yes":
        yield Paragraph(
            f"Общее собрание признано состоявшимся и правомочным принимать решения (требуется не менее "
            f"{found['needed']}; {found['norm']})."
        )


def agenda_objections(dossier: Dossier) -> str:
    said = [dossier.member(m).name for m, about in dossier.state.objections if about == "agenda"]
    if said:
        return f"По повестке дня поступили возражения: {phrases.listing(said)}."
    added = len(dossier.state.accepted_proposals)
    if added:
        return (
            f"По предложениям членов СРО в повестку дня включено вопросов: {added}; изменённая повестка "
            f"(версия {dossier.state.version}) доведена до всех членов до начала голосования. "
            f"Возражений не поступило."
        )
    return "Возражений и дополнений по повестке дня не поступило."
