"""Protocols of the four forms (004, прил. 6, 7, 8; in person by ГК ст. 181.2 п. 4); variants by the facts."""

from __future__ import annotations

from collections.abc import Iterator

from documents.paper import Block, Heading, Items, Paper, Paragraph, Signature
from language.names import initials_surname
from language.typography import number_sign
from meetings.rules import RULES

from . import opening, phrases, voting
from .dossier import Dossier


def protocol(dossier: Dossier) -> Paper:
    """The protocol of the meeting's form. Incomplete ones say «ПРОЕКТ»."""
    plan = dossier.plan
    parts = {"absentee": _absentee, "combined": _combined}.get(plan.form, _live)
    number = number_sign(dossier.book.protocol_number) if dossier.book.protocol_number else ""
    kind = phrases.KINDS_GENITIVE[plan.kind]
    return Paper(
        title=f"Протокол {number}".strip(),
        subtitle=f"{kind} общего собрания членов, проводимого {phrases.FORMS[plan.form]}",
        organisation=dossier.book.sro.name,
        blocks=tuple([*opening.head(dossier), *parts(dossier), *_minutes(dossier), *_end(dossier)]),
        made_at=dossier.made_at,
        footer=f"Протокол общего собрания {number}".strip(),
        draft=bool(missing(dossier)),
        is_dated=False,
    )


def missing(dossier: Dossier) -> list[str]:
    """Entries the law demands and the protocol does not have yet (004 п. 3.5; W.13): signing waits "
    "for them."""
    told = dossier.result["protocol"]
    if told is None:
        return ["lawful"]
    return [row["code"] for row in told["entries"] if row["status"] == "missing"]


# --- forms -----------------------------------------------------------------------------------------


def _live(dossier: Dossier) -> Iterator[Block]:
    yield from opening.live_quorum(dossier)
    yield from opening.officers(dossier)
    yield from voting.agenda(dossier)
    yield Paragraph(opening.agenda_objections(dossier))
    if not dossier.held:
        yield failed(dossier)
        return
    for n, item in enumerate(dossier.items, 1):
        yield from voting.question(dossier, n, item, how=opening.way(dossier))
    yield Paragraph("Повестка дня общего собрания рассмотрена полностью. Общее собрание окончено.")


def _absentee(dossier: Dossier) -> Iterator[Block]:
    yield from opening.absentee_terms(dossier)
    yield from opening.counters(dossier)
    yield from opening.absentee_quorum(dossier)
    yield from voting.agenda(dossier)
    yield Paragraph(opening.agenda_objections(dossier))
    if not dossier.held:
        yield failed(dossier)
        return
    for n, item in enumerate(dossier.items, 1):
        yield from voting.question(dossier, n, item, how="бюллетенями")
    yield Paragraph(
        "Все представленные бюллетени пронумерованы, внесены в опись и являются неотъемлемой частью "
        "протокола."
    )


def _combined(dossier: Dossier) -> Iterator[Block]:
    yield from voting.agenda(dossier)
    yield Paragraph(phrases.sentence(f"Повестка дня утверждена решением совета {opening.decision(dossier)}"))
    yield from opening.counters(dossier)
    yield Heading("1. Очное голосование")
    yield from opening.live_part(dossier)
    yield Heading("2. Заочное голосование")
    yield from opening.absentee_terms(dossier)
    yield Heading("3. Кворум и результаты голосования")
    yield from opening.combined_quorum(dossier)
    if not dossier.held:
        yield failed(dossier)
        return
    for n, item in enumerate(dossier.items, 1):
        yield from voting.question(dossier, n, item, how="на заседании и бюллетенями")
    yield Paragraph("Повестка дня общего собрания исчерпана, других вопросов не поступало.")


def failed(dossier: Dossier) -> Paragraph:
    """W.12: nothing is counted below the quorum; the record of a failed meeting."""
    reasons = [RULES[row["code"]] for row in dossier.result["outcome"]["reasons"]]
    if dossier.outcome == "unfinished":
        return Paragraph("Итоги собрания не подведены.", bold=True)
    why = "; ".join(f"{rule.text[:1].lower()}{rule.text[1:]} ({rule.norm})" for rule in reasons)
    return Paragraph(
        f"Кворум отсутствует. Подсчёт голосов по вопросам повестки дня не производится. "
        f"Общее собрание признано несостоявшимся: {why}.",
        bold=True,
    )


# --- what participants asked to write down, and the end -----------------------------------------------


def _minutes(dossier: Dossier) -> Iterator[Block]:
    told = dossier.result["protocol"]
    if told is None:
        return
    yield Heading("Особые записи")
    numbers = {item.id: n for n, item in enumerate(dossier.items, 1)}
    against = [
        f"{dossier.member(row['member']).name} – по вопросу № {numbers[row['item']]}"
        for row in told["against"]
        if row["item"] in numbers
    ]
    if against:
        yield Paragraph("Голосовали против и потребовали внести запись об этом в протокол:", indent=False)
        yield Items(tuple(against))
    else:
        yield Paragraph("Требований внести запись о голосовании против принятия решения не поступило.")
    about = {"agenda": "повестке дня", "voting": "голосованию", "counting": "подсчёту голосов"}
    objections = [
        f"{dossier.member(m).name} – по {about.get(what, what)}" for m, what in dossier.state.objections
    ]
    if objections:
        yield Paragraph("Поступили возражения:", indent=False)
        yield Items(tuple(objections))
    else:
        yield Paragraph("Возражений по повестке дня, проведению голосования и подсчёту голосов не поступило.")
    if told["facts"]:
        names = [dossier.member(member).name for member in told["facts"]]
        yield Paragraph(
            f"По требованию участников внесены сведения о ходе собрания: {phrases.listing(names)}."
        )
    if dossier.state.breaks:
        n = phrases.spoken(
            dossier.state.breaks, ("технический перерыв", "технических перерыва", "технических перерывов")
        )
        yield Paragraph(
            f"В ходе собрания объявлено: {n}. После каждого перерыва кворум и лица, участвующие в собрании, "
            "установлены заново (Z.14)."
        )
    if dossier.book.count_is_filmed:
        yield Paragraph(
            "Велась видеозапись обработки бюллетеней и подсчёта голосов; запись хранится с протоколом."
        )


def _end(dossier: Dossier) -> Iterator[Block]:
    yield Paragraph("Приложения:", indent=False, bold=True)
    items = ["Список участников общего собрания (неотъемлемая часть протокола)"]
    if dossier.plan.has_absentee_part:
        items.append("Бюллетени для голосования, опись бюллетеней")
    if dossier.plan.has_live_part:
        items.append("Протокол мандатной комиссии с листами регистрации")
    yield Items((*items, "Протокол счётной комиссии"), numbered=True)
    yield from signatures(dossier)


def signatures(dossier: Dossier) -> Iterator[Block]:
    """Who signs: chair and secretary; with an absentee part all who counted (ГК ст. 181.2 п. 3)."""
    told = dossier.result["protocol"]
    if told is None:
        return
    chair = dossier.result["officers"]["chair"]["person"]
    secretary = dossier.result["officers"]["secretary"]["person"]
    titles = {chair: "Председатель собрания", secretary: "Секретарь собрания"}
    if dossier.plan.has_absentee_part:
        titles = {
            chair: "Председатель счётной комиссии, председательствующий на общем собрании",
            secretary: "Секретарь счётной комиссии, секретарь общего собрания",
        }
    for signer in told["signers"]:
        name = dossier.person(signer).name
        yield Signature(titles.get(signer, "Член счётной комиссии"), initials_surname(name))
