"""Phrases that the documents of a meeting share: numbers doubled in words, ordinals, dates, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from language.dates import clock, long_date
from language.grammar import NBSP, Case, Gender, capitalized
from language.numbers import share
from language.plural import BALLOT, MEMBER, VOTE, plural
from language.typography import enumeration
from language.words import cardinal, ordinal, with_words

FORMS: Final[Mapping[str, str]] = {
    "in_person": "в форме совместного присутствия (очно)",
    "remote": "с помощью электронных либо иных технических средств (дистанционно)",
    "absentee": "без проведения заседания (заочное голосование)",
    "combined": "с совмещением голосования на заседании и заочного голосования",
}
FORM_TITLES: Final[Mapping[str, str]] = {
    "in_person": "Очное",
    "remote": "Дистанционное",
    "absentee": "Заочное",
    "combined": "Очно-заочное",
}
KINDS: Final[Mapping[str, str]] = {"regular": "очередное", "extraordinary": "внеочередное"}
KINDS_GENITIVE: Final[Mapping[str, str]] = {"regular": "очередного", "extraordinary": "внеочередного"}
CHANNELS: Final[Mapping[str, str]] = {
    "cabinet": "через личный кабинет члена СРО",
    "email": "по электронной почте с квалифицированной электронной подписью члена СРО",
    "paper": "оригиналом на бумаге по почте, с курьером или лично",
}
DISPOSITIONS: Final[Mapping[str, str]] = {
    "received": "получен",
    "counted": "действителен",
    "invalid": "недействителен",
    "invalid_on_items": "недействителен в части",
    "not_received": "не получен",
    "set_aside": "не учитывается",
}
MARKS: Final[Mapping[str, str]] = {"for": "за", "against": "против", "abstain": "воздержался"}
_MOST: Final = {
    "plurality": "относительным большинством голосов",
    "all": "единогласно",
}


def spoken(n: int, forms: tuple[str, str, str], gender: Gender = Gender.MASCULINE) -> str:
    """«21 (двадцать один) член»."""
    return with_words(n, forms, gender)


def members(n: int) -> str:
    return spoken(n, MEMBER)


def ballots(n: int) -> str:
    return spoken(n, BALLOT)


def votes(n: int) -> str:
    """«5 (пять) голосов», «нет»."""
    return f"{n}{NBSP}({cardinal(n)}) {plural(n, *VOTE)}" if n else "нет"


def took_part(n: int) -> str:
    return plural(n, "принял участие", "приняли участие", "приняли участие")


def part_of(n: int, whole: int) -> str:
    """«58,33 %»."""
    return share(Decimal(n), Decimal(whole)) if whole else "0\u00a0%"


def question(n: int) -> str:
    """«По первому вопросу»."""
    return f"По {ordinal(n, Gender.MASCULINE, Case.DATIVE)} вопросу"


def moment(at: datetime | None) -> str:
    """«23 апреля 2026 г., 18:00»."""
    return f"{long_date(at.date())}, {clock(at)}" if at else "—"


def day(on: date | None) -> str:
    return long_date(on) if on else "—"


def until(first: datetime, last: datetime) -> str:
    """«с 10:00 до 11:10 23 апреля 2026 г.», or both days when they differ."""
    if first.date() == last.date():
        return f"с{NBSP}{clock(first)} до{NBSP}{clock(last)} {long_date(first.date())}"
    return f"с{NBSP}{clock(first)} {long_date(first.date())} до{NBSP}{clock(last)} {long_date(last.date())}"


def listing(names: Iterable[str]) -> str:
    return enumeration([name for name in names if name])


def threshold(text: str) -> str:
    """The majority in words: «>1/2» → «большинством голосов»."""
    if text in _MOST:
        return _MOST[text]
    if text == ">1/2":
        return "большинством голосов"
    words = {">=2/3": "не менее двух третей голосов", ">=3/4": "не менее трёх четвертей голосов"}
    bare = text.removeprefix(">=").removeprefix(">")
    return words.get(text, f"{'не менее' if text.startswith('>=') else 'более'} {bare} голосов")


def figures(row: Mapping[str, Any] | None) -> str:
    """«за» – 6 (шесть) голосов, «против» – нет, …"""
    if row is None:
        return "подсчёт не производился"
    parts = [
        f"«за» – {votes(row['for'])}",
        f"«против» – {votes(row['against'])}",
        f"«воздержались» – {votes(row['abstained'])}",
    ]
    if row["invalid"]:
        parts.append(f"недействительно – {votes(row['invalid'])}")
    if row["not_voted"]:
        parts.append(f"не голосовали – {votes(row['not_voted'])}")
    return ", ".join(parts)


def title(text: str) -> str:
    return capitalized(text.strip())


def sentence(text: str) -> str:
    """The text as a sentence that ends."""
    bare = text.strip()
    return bare if not bare or bare[-1] in ".!?" else f"{bare}."


def base_of(n: int) -> str:
    """«от 21 участника», «от 22 участников»."""
    return f"{n}{NBSP}{plural(n, 'участника', 'участников', 'участников')}"


def proxy(name: str) -> str:
    """«Д-3»: a proxy given in the cabinet; others keep their own names."""
    return f"Д-{name[1:]}" if name[:1] == "d" and name[1:].isdecimal() else name
