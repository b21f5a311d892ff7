"""Templates of registration numbers: «Исх-{case}/{seq:05d}-{yy}» (records.md §3.1).

A template is a setting with history. What it may hold is checked when it is saved, so that no number
is ever given from a template that could repeat one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

LONGEST: Final = 60
_WIDEST_SEQ: Final = 9
_PIECE: Final = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_SEQ: Final = re.compile(r"seq(?::0([1-9])d)?")
_OF_ANY_WIDTH: Final = frozenset({"case", "reg", "inn"})
_SAMPLE_DAY: Final = date(2026, 11, 20)

# Every token, what it stands for, and what it may look like in a number that is read back.
TOKENS: Final = {
    "seq": ("порядковый номер", r"[0-9]+"),
    "yy": ("год, две цифры", r"[0-9]{2}"),
    "yyyy": ("год, четыре цифры", r"[0-9]{4}"),
    "mm": ("месяц", r"[0-9]{2}"),
    "dd": ("день", r"[0-9]{2}"),
    "case": ("индекс дела", r"[0-9A-Za-zА-Яа-яЁё-]+?"),
    "j": ("код журнала", r"[a-z_]+?"),
    "k": ("код вида", r"[0-9A-Za-zА-Яа-яЁё_]+?"),
    "reg": ("номер члена в реестре", r"[^/\s]+?"),
    "inn": ("ИНН", r"[0-9]{10}(?:[0-9]{2})?"),
}


class NumberTemplateError(ValueError):
    """A number cannot be made: the template is wrong, or a value it needs is missing."""


@dataclass(frozen=True)
class _Piece:
    """A stretch of plain text, a token, or a brace that stands alone."""

    text: str
    token: str = ""
    is_stray: bool = False


def _pieces(template: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(template):
        if found[1] is not None:
            yield _Piece(found[0], token=found[1])
        else:
            yield _Piece(found[0], is_stray=found[3] is not None)


def _name_of(token: str) -> str | None:
    """Name of a known token without its width; nothing for an unknown one."""
    if _SEQ.fullmatch(token):
        return "seq"
    return token if token in TOKENS and token != "seq" else None


def render(
    template: str,
    *,
    seq: int,
    on: date,
    case: str = "",
    journal: str = "",
    kind: str = "",
    register_number: str = "",
    inn: str = "",
) -> str:
    """The text of a number: «Исх-02-02/00042-26». It is stored with the record and never made anew."""
    if seq < 1:
        raise NumberTemplateError("Порядковый номер начинается с единицы")
    values = {
        "yy": f"{on.year % 100:02d}",
        "yyyy": f"{on.year:04d}",
        "mm": f"{on.month:02d}",
        "dd": f"{on.day:02d}",
        "case": case,
        "j": journal,
        "k": kind,
        "reg": register_number,
        "inn": inn,
    }
    return "".join(_shown(piece, seq, values) for piece in _pieces(template))


def _shown(piece: _Piece, seq: int, values: dict[str, str]) -> str:
    if piece.is_stray:
        raise NumberTemplateError("В шаблоне номера непарная фигурная скобка")
    if not piece.token:
        if piece.text == "{}":
            raise NumberTemplateError("В шаблоне номера пустые скобки")
        return piece.text
    width = _SEQ.fullmatch(piece.token)
    if width:
        return f"{seq:0{int(width[1] or 1)}d}"
    if piece.token not in values:
        raise NumberTemplateError(f"В шаблоне номера неизвестное обозначение {piece.text}")
    if not values[piece.token]:
        raise NumberTemplateError(f"Для номера не хватает значения: {TOKENS[piece.token][0]}")
    return values[piece.token]


def check(template: str, *, yearly: bool, year_in_date: bool = False) -> list[str]:
    """What is wrong with a template, in sentences; empty when numbers may be given by it.

    `year_in_date` is for orders, whose number has no year: it is unique together with the year (§3.1).
    """
    if not template.strip():
        return ["Шаблон номера пуст"]
    problems = _wrong_pieces(template)
    names = [_name_of(piece.token) for piece in _pieces(template) if piece.token]
    if names.count("seq") == 0:
        problems.append("В шаблоне нет порядкового номера: добавьте {seq}, например {seq:05d}")
    if names.count("seq") > 1:
        problems.append("Порядковый номер стоит в шаблоне дважды")
    if yearly and not year_in_date and not {"yy", "yyyy"} & set(names):
        problems.append("Счётчик начинается заново каждый год, поэтому нужен год: {yy} или {yyyy}")
    if not problems and len(sample(template)) > LONGEST:
        problems.append(f"Номер по шаблону длиннее {LONGEST} знаков")
    return problems


def _wrong_pieces(template: str) -> list[str]:
    problems: list[str] = []
    pieces = list(_pieces(template))
    if any(piece.is_stray or piece.text == "{}" for piece in pieces):
        problems.append("Фигурные скобки не парные или пустые: обозначение пишут как {seq}")
    known = ", ".join(f"{{{token}}}" for token in TOKENS)
    problems += [
        f"Неизвестное обозначение {piece.text}. Есть: {known}, а также {{seq:05d}}"
        for piece in pieces
        if piece.token and _name_of(piece.token) is None
    ]
    if template != template.strip() or re.search(r"[\x00-\x1f\x7f]", template):
        problems.append("В шаблоне лишние пробелы по краям или непечатаемые знаки")
    if _run_together(pieces):
        problems.append(
            "Порядковый номер слит с соседним значением: разделите их знаком, иначе номера совпадут"
        )
    return problems


def _run_together(pieces: list[_Piece]) -> bool:
    """{seq}{reg} gives «1286» both for 1 and 286 and for 12 and 86; dates are safe, their width is fixed."""
    tokens = [piece.token.partition(":")[0] for piece in pieces]
    return any("seq" in pair and {*pair} & _OF_ANY_WIDTH for pair in pairwise(tokens))


def sample(template: str) -> str:
    """What a number will look like, shown beside the setting (42nd of 2026)."""
    return render(
        template,
        seq=42,
        on=_SAMPLE_DAY,
        case="02-02",
        journal="in",
        kind="МК",
        register_number="0286",
        inn="3808641522",
    )


def read_seq(template: str, number: str) -> int | None:
    """The ordinal in a number written by a template, for taking over an archive; nothing when it is foreign.

    A letter at the end of the ordinal («Вх-00042а/26») is left to the import, which keeps it apart.
    """
    parts = [_pattern(piece) for piece in _pieces(template)]
    found = re.fullmatch("".join(parts), number)
    return int(found["seq"]) if found else None


def _pattern(piece: _Piece) -> str:
    name = _name_of(piece.token) if piece.token else None
    if name is None:
        return re.escape(piece.text)
    if name != "seq":
        return TOKENS[name][1]
    width = _SEQ.fullmatch(piece.token)
    least = int(width[1]) if width and width[1] else 1
    return f"(?P<seq>[0-9]{{{least},{_WIDEST_SEQ}}})"
