"""How a question was decided, as every protocol tells it; figures are the journal's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from documents.paper import Block, Column, Heading, Items, Paragraph, Table
from language.grammar import Gender
from language.plural import plural
from meetings.facts import Item
from meetings.rules import RULES

from . import phrases
from .dossier import Dossier

_OUTCOMES = {
    "not_adopted": "Решение не принято",
    "no_quorum": "Решение не принято: в ходе голосования утрачен кворум",
    "not_put": "Вопрос на голосование не ставился",
    "not_counted": "Подсчёт голосов не производился",
    "barred": "Вопрос не рассматривался",
    "not_elected": "Никто не избран",
}


def subject(dossier: Dossier, item: Item) -> str:
    return item.title or f"вопрос {item.id}"


def agenda(dossier: Dossier) -> list[Block]:
    """The agenda, numbered; what was added by members' proposals stands in its place."""
    return [
        Heading("Повестка дня"),
        Items(tuple(phrases.sentence(subject(dossier, item)) for item in dossier.items), numbered=True),
    ]


def question(dossier: Dossier, n: int, item: Item, *, how: str) -> Iterator[Block]:
    """One question: heard, proposed, voted, decided. `how` is the way of voting."""
    row = dossier.questions[item.id]
    said = dossier.book.questions.get(item.id)
    yield Heading(f"{phrases.question(n)} повестки дня")
    yield Paragraph(phrases.sentence(phrases.title(subject(dossier, item))), bold=True)
    if said and said.speaker and dossier.plan.has_live_part:
        yield Paragraph(f"Слушали: {phrases.sentence(said.speaker)}")
    if said and said.draft:
        yield Paragraph(f"Предложено: {phrases.sentence(said.draft)}")
    if row["total"] is None:
        yield Paragraph(f"{_why(row)}.")
        return
    if item.is_election:
        yield from election(dossier, item, row, how=how)
        return
    if dossier.plan.is_combined:
        yield split_table(row)
    else:
        yield Paragraph(f"Голосовали {how}: {phrases.figures(row['total'])}.")
    yield Paragraph(_majority(dossier, row))
    yield Paragraph(_decided(dossier, item, row), bold=True)


def election(dossier: Dossier, item: Item, row: Mapping[str, Any], *, how: str) -> Iterator[Block]:
    """Votes of every candidate, and who is elected."""
    secret = "тайное" if item.is_secret else "открытое"
    seats = phrases.spoken(item.seats, ("место", "места", "мест"), Gender.NEUTER)
    yield Paragraph(f"Голосование {secret}, {how}. Избирается на {seats}.")
    names = [(n, dossier.person(c["id"]).name, c["votes"]) for n, c in enumerate(row["candidates"] or [], 1)]
    yield Table(
        (Column("№", "integer", 10), Column("Кандидат"), Column("Голосов «за»", "integer", 32)), names
    )
    rest = row["total"]
    yield Paragraph(
        f"«Против всех» – {phrases.votes(rest['against'])}, «воздержались» – "
        f"{phrases.votes(rest['abstained'])}, недействительно – {phrases.votes(rest['invalid'])}."
    )
    yield Paragraph(_majority(dossier, row))
    elected = [dossier.person(name).name for name in row["elected"] or []]
    text = f"Избраны: {phrases.listing(elected)}." if elected else "Никто не избран."
    if row["tied"]:
        tied = [dossier.person(name).name for name in row["tied"]]
        text += f" Равное число голосов на последнее место: {phrases.listing(tied)}; они не избраны."
    yield Paragraph(text, bold=True)


def split_table(row: Mapping[str, Any]) -> Table:
    """Annex 8: every total is split, live and written."""
    total, live, absentee = row["total"], row["live"], row["absentee"]
    titles = (
        ("for", "«За»"),
        ("against", "«Против»"),
        ("abstained", "«Воздержались»"),
        ("invalid", "Недействительно"),
        ("not_voted", "Не голосовали"),
    )
    return Table(
        (
            Column("Проголосовали"),
            Column("Всего", "integer", 28),
            Column("из них очно", "integer", 32),
            Column("из них заочно", "integer", 34),
        ),
        [(title, total[key], live[key], absentee[key]) for key, title in titles],
    )


def _majority(dossier: Dossier, row: Mapping[str, Any]) -> str:
    base, won = row["base"], row["total"]["for"]
    need = f"Для решения требуется {_needed(row)}"
    if row["candidates"] is not None:
        return f"{need}; голоса считаются от {phrases.base_of(base)}."
    whom = "направивших бюллетени" if dossier.plan.form == "absentee" else "участвующих в собрании"
    return (
        f"Проголосовало «за» {phrases.part_of(won, base)} от общего числа голосов членов СРО, "
        f"{whom} ({base}). "
        f"{need}."
    )


def _needed(row: Mapping[str, Any]) -> str:
    if row["needed"] is None or row["threshold"] == "plurality":
        return "относительное большинство голосов"
    return f"не менее {row['needed']} {plural(row['needed'], 'голоса', 'голосов', 'голосов')}"


def _decided(dossier: Dossier, item: Item, row: Mapping[str, Any]) -> str:
    if row["outcome"] != "adopted":
        return f"По итогам голосования: {_why(row).lower()}."
    said = dossier.book.questions.get(item.id)
    text = said.draft if said and said.draft else subject(dossier, item)
    total = row["total"]
    whole = total["for"] == row["base"]
    most = "единогласно" if whole else phrases.threshold(row["threshold"])
    return f"По итогам голосования {most} принято решение: {phrases.sentence(text)}"


def _why(row: Mapping[str, Any]) -> str:
    told = _OUTCOMES.get(row["outcome"], "Решение не принято")
    rule = RULES.get(row["rule"])
    if rule is None or row["outcome"] in {"not_adopted", "not_elected"}:
        return told
    return f"{told} ({rule.text[:1].lower()}{rule.text[1:]}: {rule.norm})"
