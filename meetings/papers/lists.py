"""Lists of participants (004, прил. 4, both forms), the sheet and the ballots' inventory; the "
"boards' protocols."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from documents.paper import Block, Column, Fields, Heading, Items, Paper, Paragraph, Table
from documents.printable import Cell
from language.dates import short_date
from meetings.rules import RULES

from . import phrases
from .dossier import Dossier
from .protocol import signatures

_NEVER_PRINTED = "••••"


def named(dossier: Dossier, member: str) -> str:
    """«ООО «Вега», ИНН …, № 0101»."""
    line = dossier.member(member)
    inn = f", ИНН {line.inn}" if line.inn else ""
    number = f", № {line.number} в реестре" if line.number else ""
    return f"{line.name}{inn}{number}"


def participants(dossier: Dossier) -> list[Paper]:
    """The list or, for a combined meeting, both lists."""
    found = []
    if dossier.plan.has_live_part:
        found.append(live_list(dossier))
    if dossier.plan.has_absentee_part:
        found.append(absentee_list(dossier))
    return found


def live_list(dossier: Dossier, *, present_only: bool = False) -> Paper:
    """Six columns in the order of Annex 4; the code is masked in every printed copy."""
    state, book = dossier.state, dossier.book
    members = state.in_register_order({*state.seats, *state.sheets} if not present_only else state.seats)
    rows: list[tuple[Cell, ...]] = []
    for n, member in enumerate(members, 1):
        seat, sheet = state.seats.get(member), state.sheets.get(member)
        person = seat.person if seat else sheet.person if sheet else None
        rows.append(
            (
                n,
                named(dossier, member),
                dossier.person(person).with_position,
                _authority(dossier, member, seat.proxy if seat else None),
                _NEVER_PRINTED if sheet else "—",
                "подключён"
                if seat and dossier.plan.is_remote
                else "присутствует"
                if seat
                else "не подключён",
            )
        )
    columns = (
        Column("№ п/п", "integer", 13),
        Column("Член СРО, наименование, ИНН, номер в реестре"),
        Column("Представитель на общем собрании (ФИО, должность)", width=58),
        Column("Документы, подтверждающие полномочия", width=62),
        Column("Код для подключения", width=26),
        Column("Регистрация фактического подключения", width=34),
    )
    blocks: list[Block] = [Table(columns, rows, empty="Участники не зарегистрированы.")]
    blocks.append(Paragraph(f"Всего: {phrases.members(len(members))}.", indent=False))
    if book.guests:
        blocks += [Heading("Приглашённые без права голоса"), Items(book.guests, numbered=True)]
    return _paper(
        dossier,
        f"Список участников общего собрания, проводимого {phrases.FORMS[_live_form(dossier)]}",
        blocks,
    )


def _live_form(dossier: Dossier) -> str:
    return "remote" if dossier.plan.is_remote else "in_person"


def _authority(dossier: Dossier, member: str, proxy: str | None) -> str:
    book = dossier.book
    parts = []
    if number := book.sheet_numbers.get(member):
        on = book.sheet_days.get(member)
        parts.append(f"лист регистрации {number}" + (f" от {short_date(on)}" if on else ""))
    if proxy:
        issued = dossier.state.case.proxies[proxy].issued_on
        parts.append(f"доверенность {phrases.proxy(proxy)}" + (f" от {short_date(issued)}" if issued else ""))
    else:
        parts.append("руководитель (без доверенности)")
    return ", ".join(parts)


def absentee_list(dossier: Dossier) -> Paper:
    """Built from received ballots, never typed (W.11): date, validity with its reason, vote on every item."""
    shown = {row["member"]: row for row in dossier.result["participants"] if row["part"] == "absentee"}
    reasons = {row["id"]: row["reasons"] for row in dossier.result["ballots"]}
    rows: list[tuple[Cell, ...]] = []
    for n, member in enumerate(dossier.state.in_register_order(dossier.state.absentee_part), 1):
        ballot = dossier.state.absentee_part[member]
        marks = shown[member]["marks"] if member in shown else {}
        faults = "; ".join(RULES[reason["code"]].text for reason in reasons.get(f"{ballot.n}/{member}", []))
        word = phrases.DISPOSITIONS[ballot.disposition]
        rows.append(
            (
                n,
                named(dossier, member),
                dossier.local(ballot.sent_at).replace(tzinfo=None),
                f"{word}: {faults[:1].lower()}{faults[1:]}" if faults else word,
                *(_mark(dossier, marks.get(item.id)) for item in dossier.items),
            )
        )
    columns = (
        Column("№ п/п", "integer", 13),
        Column("Член СРО, наименование, ИНН, номер в реестре", width=70),
        Column("Дата предоставления", "moment"),
        Column("Отметка о действительности бюллетеня", width=44),
        *(Column(f"Вопрос № {n}", width=26) for n, _ in enumerate(dossier.items, 1)),
    )
    table = Table(columns, rows, empty="Бюллетеней, признанных полученными, нет.")
    blocks: list[Block] = [table, Paragraph(f"Всего: {phrases.members(len(rows))}.", indent=False)]
    return _paper(dossier, "Список участников общего собрания, проводимого заочно", blocks)


def _mark(dossier: Dossier, mark: object) -> str:
    if isinstance(mark, list):
        return ", ".join(dossier.person(str(name)).name for name in mark)
    words = {**phrases.MARKS, "invalid": "недействительно", "not_voted": "не голосовал", "voted": "голосовал"}
    return words.get(str(mark), "—")


def inventory(dossier: Dossier) -> Paper:
    """The inventory of ballots: every one that came, with what became of it (W.7, W.8)."""
    rows: list[tuple[Cell, ...]] = []
    for ballot, row in zip(dossier.state.ballots, dossier.result["ballots"], strict=False):
        member = ballot.member
        faults = "; ".join(RULES[reason["code"]].text for reason in row["reasons"])
        rows.append(
            (
                dossier.book.ballot_numbers.get(ballot.n, f"№ {ballot.n}"),
                named(dossier, member) if member else "не указан",
                dossier.local(ballot.sent_at).replace(tzinfo=None),
                phrases.CHANNELS[ballot.channel],
                phrases.DISPOSITIONS[row["disposition"]],
                faults,
            )
        )
    columns = (
        Column("Номер", "code", 20),
        Column("Член СРО"),
        Column("Поступил", "moment"),
        Column("Способ", width=58),
        Column("Состояние", width=34),
        Column("Причина", width=58),
    )
    return _paper(dossier, "Опись бюллетеней", [Table(columns, rows, empty="Бюллетеней не поступало.")])


# --- boards ----------------------------------------------------------------------------------------


def credentials(dossier: Dossier) -> Paper:
    """The credentials board: members, sheets, entries by code, quorum (Z.9)."""
    state = dossier.state
    entered = sum(sheet.code_entered for sheet in state.sheets.values())
    board = dossier.plan.credentials_board
    facts: list[Block] = [
        Fields(
            (
                (
                    "Состав комиссии",
                    phrases.listing(dossier.person(p).with_position for p in board.people) if board else "",
                ),
                ("Членов в реестре", len(state.register)),
                ("Принято листов регистрации", len(state.sheets)),
                ("Вошли по индивидуальному коду", entered),
                ("Допущено участников", len(state.seats)),
            )
        )
    ]
    for row in dossier.result["quorum"]:
        word = {"yes": "кворум имеется", "no": "кворума нет", "preliminary": "предварительно"}[row["verdict"]]
        facts.append(
            Paragraph(
                f"{phrases.moment(dossier.local(_moment(row['at'])))}: {row['have']} из {row['of']}, "
                f"требуется {row['needed']} – {word} ({row['norm']}).",
                indent=False,
            )
        )
    facts += [Heading("Приложение: листы регистрации"), *live_list(dossier).blocks]
    return _paper(dossier, "Протокол мандатной комиссии", facts)


def counting(dossier: Dossier) -> Paper:
    """The counting board: ballots by their fate and figures of every question."""
    blocks: list[Block] = []
    board = dossier.plan.counting_board
    names = phrases.listing(dossier.person(p).with_position for p in board.people) if board else ""
    blocks.append(Fields((("Состав комиссии", names or "не формировалась, считает секретарь"),)))
    if dossier.plan.has_absentee_part:
        blocks += [Heading("Бюллетени"), *inventory(dossier).blocks]
    blocks.append(Heading("Итоги голосования"))
    blocks.append(Table(_FIGURES, list(_totals(dossier))))
    blocks += signatures(dossier)
    return _paper(dossier, "Протокол счётной комиссии", blocks)


_FIGURES = (
    Column("№", "integer", 10),
    Column("Вопрос"),
    Column("За", "integer", 16),
    Column("Против", "integer", 18),
    Column("Воздержались", "integer", 30),
    Column("Недействит.", "integer", 26),
    Column("Не голосовали", "integer", 30),
    Column("База", "integer", 16),
    Column("Нужно", "integer", 18),
    Column("Итог", width=34),
)
_ENDINGS = {
    "adopted": "принято",
    "not_adopted": "не принято",
    "elected": "избраны",
    "partly_elected": "избраны не все",
    "not_elected": "не избраны",
    "barred": "не допущен",
    "no_quorum": "нет кворума",
    "not_counted": "не считалось",
    "not_put": "не ставился",
}


def _totals(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:
    for n, item in enumerate(dossier.items, 1):
        row = dossier.questions[item.id]
        total = row["total"] or {}
        figures = [total.get(key) for key in ("for", "against", "abstained", "invalid", "not_voted")]
        yield (n, item.title or item.id, *figures, row["base"], row["needed"], _ENDINGS[row["outcome"]])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _paper(dossier: Dossier, title: str, blocks: list[Block]) -> Paper:
    when = dossier.plan.counting_at if not dossier.plan.has_live_part else dossier.plan.starts_at
    number = (
        f"Приложение к протоколу № {dossier.book.protocol_number}" if dossier.book.protocol_number else ""
    )
    return Paper(
        title=title,
        subtitle=f"собрание {phrases.day(dossier.local(when).date())}",
        organisation=dossier.book.sro.name,
        blocks=tuple(blocks),
        made_at=dossier.made_at,
        footer=number or title,
        landscape=True,
        is_dated=False,
    )
