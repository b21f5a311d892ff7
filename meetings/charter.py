"""What the charter chooses where law leaves a choice: typed provisions with their default and source.

A charter changes by decision of a meeting, so its provisions are dated: `in_force` gives the text that
bound a meeting on the day it was called. Every meeting keeps the values it was called under.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .shares import Share

Value = str | int


@dataclass(frozen=True)
class Provision:
    """One choice of the charter: the default, what else it may be, and where it comes from."""

    name: str
    title: str
    default: Value
    choices: tuple[str, ...] = ()
    """The words it may be; empty for a number of days or a share."""
    source: str = ""

    def fault(self, value: object) -> str | None:
        """Why the value cannot be used, or None."""
        if isinstance(self.default, int):
            least, most = (1, sys.maxsize) if self.name == "code_attempts" else (0, _MOST_DAYS)
            if type(value) is not int or not least <= value <= most:
                return f"параметр {self.name}: нужно целое число от {least} до {most}"
            return None
        if not isinstance(value, str):
            return f"параметр {self.name}: нужна строка"
        if self.choices:
            return None if value in self.choices else f"параметр {self.name}: не бывает «{value}»"
        try:
            share = Share.parse(value)
        except ValueError as error:
            return f"параметр {self.name}: {error}"
        if share.part is None and self.name != "exclusive_threshold":
            return f"параметр {self.name}: нужна дробь, а не «{value}»"
        return None


_MOST_DAYS: Final = 250

PROVISIONS: Final[Mapping[str, Provision]] = {
    row.name: row
    for row in (
        Provision("quorum_live", "Кворум очного заседания", ">1/2", source="7-ФЗ ст. 29 п. 4"),
        Provision("quorum_absentee", "Кворум заочного голосования", ">=1/2", source="ГК ст. 181.2; W.12"),
        Provision("quorum_combined", "Кворум очно-заочного собрания", ">1/2", source="004 п. 1.2 б"),
        Provision(
            "ordinary_threshold", "Обычное большинство", ">1/2", source="7-ФЗ ст. 29 п. 4; ГК ст. 181.2 п. 1"
        ),
        Provision(
            "exclusive_threshold",
            "Большинство по исключительной компетенции",
            ">=2/3",
            source="7-ФЗ ст. 29 п. 4",
        ),
        Provision(
            "exclusive_minimum",
            "Наименьшее большинство по исключительной компетенции",
            "qualified",
            ("qualified", "none"),
            "7-ФЗ ст. 29 п. 4; 315-ФЗ",
        ),
        Provision(
            "unanimous_base",
            "От кого считается единогласие",
            "base",
            ("base", "all_members"),
            "004 прил. 2 п. 3; п. 2.1",
        ),
        Provision(
            "live_base",
            "От кого считается большинство",
            "present",
            ("present", "registered"),
            "7-ФЗ ст. 29 п. 4",
        ),
        Provision(
            "absentee_base",
            "От кого считается большинство заочно",
            "senders",
            ("senders", "valid"),
            "ГК ст. 181.2 п. 1.1; W.8",
        ),
        Provision(
            "limited_proxy",
            "Представитель вне круга вопросов доверенности",
            "absent_outside_scope",
            ("absent_outside_scope", "present"),
            "ГК ст. 185; 004 п. 2.5",
        ),
        Provision("delegation", "Передоверие", "by_law", ("by_law", "barred"), "ГК ст. 187"),
        Provision(
            "quorum_recheck",
            "Когда кворум проверяется заново",
            "each_question",
            ("each_question", "breaks_only"),
            "ГК ст. 181.5 п. 2; Z.14",
        ),
        Provision(
            "list_closing", "Когда закрывается список", "first_question", ("first_question", "open"), "Z.10"
        ),
        Provision("code_attempts", "Попыток ввода кода", 3, source="Z.7"),
        Provision("both_parts", "Член в обеих частях", "live", ("live", "absentee"), "ГК ст. 181.2 п. 1.2"),
        Provision(
            "combined_register",
            "Реестр очно-заочного собрания",
            "session",
            ("session", "count"),
            "004 прил. 8",
        ),
        Provision("duplicate_ballot", "Из двух бюллетеней учитывается", "first", ("first", "last"), "W.6"),
        Provision(
            "ballot_deadline_by",
            "Срок бюллетеня считается по",
            "received",
            ("received", "sent"),
            "ГК ст. 181.2 п. 4 пп. 1; W.7",
        ),
        Provision(
            "cabinet_signature", "Подпись в кабинете", "simple", ("simple", "qualified"), "004 п. 2.3, 3.3"
        ),
        Provision(
            "ballot_seal",
            "Печать на бумажном бюллетене",
            "required",
            ("required", "not_required"),
            "004 п. 3.3",
        ),
        Provision("notice_working_days", "Извещение, рабочих дней", 10, source="W.2; прил. 2 п. 5"),
        Provision("intake_after_working_days", "Начало приёма, рабочих дней", 5, source="W.3"),
        Provision("proposal_working_days", "Предложения, рабочих дней", 2, source="W.4"),
        Provision("registration_working_days", "Регистрация, рабочих дней", 2, source="004 п. 2.3"),
        Provision("default_chair", "Председатель по умолчанию", "director", ("director", "elected"), "Z.11"),
        Provision("default_secretary", "Секретарь по умолчанию", "clerk", ("clerk", "elected"), "Z.11"),
    )
}


@dataclass(frozen=True)
class Charter:
    """The provisions a meeting is held under: only what differs from the defaults is stored."""

    chosen: Mapping[str, Value]

    @staticmethod
    def of(chosen: Mapping[str, Value]) -> Charter:
        """Check the chosen values. Raises ValueError naming the first that cannot be."""
        for name, value in chosen.items():
            if name not in PROVISIONS:
                raise ValueError(f"нет такого параметра устава: {name}")
            fault = PROVISIONS[name].fault(value)
            if fault:
                raise ValueError(fault)
        return Charter(dict(chosen))

    def word(self, name: str) -> str:
        return str(self.chosen.get(name, PROVISIONS[name].default))

    def number(self, name: str) -> int:
        return int(self.chosen.get(name, PROVISIONS[name].default))

    def share(self, name: str) -> Share:
        return Share.parse(self.word(name))

    def says(self, name: str, word: str) -> bool:
        """Whether the provision chooses this word."""
        if word not in PROVISIONS[name].choices:
            raise ValueError(f"параметр {name} не бывает «{word}»")
        return self.word(name) == word


@dataclass(frozen=True)
class Edition:
    """The charter's provisions as they stand from a day on, and the decision that set them."""

    since: date
    chosen: Mapping[str, Value]
    document: str = ""


def in_force(editions: Sequence[Edition], on: date) -> Charter:
    """The charter of a day: the defaults, changed by every edition that had come into force."""
    chosen: dict[str, Value] = {}
    for edition in sorted(editions, key=lambda row: row.since):
        if edition.since <= on:
            chosen.update(edition.chosen)
    return Charter.of(chosen)
