"""Every field of a member's entry, declared once: its name, type, who sees it, how one changes it.

Composition: ст. 55.17 ГрК РФ, ст. 7.1 315-ФЗ, the unified register (register.md §1). `seen`: «open» is
published, «member» is for its cabinet and the staff, «staff» is for the staff alone (register.md §2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from records import identifiers
from records.fields import Choice, Date, Field, Flag, Integer, Money, Text, validator

MEMBERSHIP: Final = MappingProxyType(
    {"candidate": "Кандидат", "member": "Является членом", "terminated": "Членство прекращено"}
)
RIGHT: Final = MappingProxyType(
    {"none": "Нет права", "active": "Действует", "suspended": "Приостановлено", "terminated": "Прекращено"}
)
ODO_RIGHT: Final = MappingProxyType(
    {
        "none": "Нет",
        "active": "Действует",
        "restricted": "Ограничено",
        "suspended": "Приостановлено",
        "terminated": "Прекращено",
    }
)
ACCORDANCE: Final = MappingProxyType({"ok": "Соответствует", "fail": "Не соответствует"})
TYPES: Final = MappingProxyType(
    {"legal": "Юридическое лицо", "ip": "Индивидуальный предприниматель", "foreign_legal": "Иностранное лицо"}
)
TRANSITIONS: Final = MappingProxyType(
    {
        "membership_status": {"candidate": {"member"}, "member": {"terminated"}, "terminated": set[str]()},
        "right_status": {
            "none": {"active"},
            "active": {"suspended", "terminated"},
            "suspended": {"active", "terminated"},
            "terminated": set[str](),
        },
        "odo_right_status": {
            "none": {"active"},
            "active": {"restricted", "suspended", "terminated"},
            "restricted": {"active", "suspended", "terminated"},
            "suspended": {"active", "restricted", "terminated"},
            "terminated": set[str](),
        },
    }
)
"""Which status may follow which (register.md §1.5); a member who left enters by a new entry only."""


@dataclass(frozen=True)
class MemberField:
    """One field of the entry. `column` is the column of Organisation that shows its present value."""

    form: Field
    part: str
    seen: str = "open"
    change: str = ""
    """The kind of change application that alters it (`register_change.CHANGES`); empty: a decision only."""
    column: str = ""

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def label(self) -> str:
        return self.form.label

    def clean(self, raw: object, today: date) -> str | None:
        """Raw input → the text that is kept. Raises records.fields.Wrong."""
        value = self.form.clean(raw, today)
        if isinstance(value, bool):
            return "1" if value else "0"
        return None if value is None else str(value)

    def show(self, value: str | None) -> str:
        """The value as a person reads it."""
        return self.form.show(value == "1") if isinstance(self.form, Flag) else self.form.show(value)


def _text(
    name: str,
    label: str,
    part: str,
    *,
    size: int = 300,
    seen: str = "open",
    change: str = "",
    column: str = "",
    check: str = "",
) -> MemberField:
    rules = (validator(lambda value: identifiers.check(check, value)),) if check else ()
    return MemberField(Text(name=name, label=label, max_length=size, rules=rules), part, seen, change, column)


def _choice(name: str, label: str, part: str, choices: Mapping[str, str]) -> MemberField:
    return MemberField(Choice(name=name, label=label, choices=choices), part)


def _day(name: str, label: str, part: str, column: str = "") -> MemberField:
    return MemberField(Date(name=name, label=label), part, column=column)


def _sum(name: str, label: str, part: str) -> MemberField:
    return MemberField(Money(name=name, label=label), part)


def _level(name: str, label: str, minimum: int) -> MemberField:
    return MemberField(Integer(name=name, label=label, minimum=minimum, maximum=5), "right")


_ALL = (
    _choice("member_type", "Тип", "about", TYPES),
    _text("full_name", "Полное наименование", "about", size=1000, change="name", column="full_name"),
    _text("short_name", "Сокращённое наименование", "about", change="name", column="short_name"),
    _text("person_name", "Фамилия, имя, отчество ИП", "about", size=200, change="name"),
    _text("inn", "ИНН", "about", check="inn", column="inn"),
    _text("kpp", "КПП", "about", seen="member", change="other", check="kpp", column="kpp"),
    _text("ogrn", "ОГРН (ОГРНИП)", "about", size=15, column="ogrn"),
    _day("state_reg_date", "Дата государственной регистрации", "about"),
    _text("region_code", "Субъект РФ", "about", size=2),
    _text(
        "legal_address", "Адрес места нахождения", "contacts", size=1000, change="address", column="address"
    ),
    _text("activity_address", "Место фактической деятельности ИП", "contacts", size=1000, change="address"),
    _text("home_address", "Адрес регистрации ИП", "contacts", size=1000, seen="staff", change="address"),
    _text("postal_address", "Почтовый адрес", "contacts", size=1000, seen="member", change="address"),
    _text("phone", "Телефон", "contacts", size=60, change="contacts", check="phone", column="phone"),
    _text(
        "email_official",
        "Электронная почта",
        "contacts",
        size=254,
        seen="member",
        change="contacts",
        check="email",
        column="email",
    ),
    _text("website", "Сайт", "contacts", size=200, change="contacts"),
    _text("head_name", "Руководитель", "contacts", size=200, change="head", column="head_name"),
    _text(
        "head_position", "Должность руководителя", "contacts", size=200, change="head", column="head_position"
    ),
    _choice("membership_status", "Статус члена", "membership", MEMBERSHIP),
    _text("register_number", "Номер в реестре", "membership", size=20, column="register_number"),
    _text("unified_number", "Номер в едином реестре", "membership", size=40),
    _day("register_date", "Дата регистрации в реестре", "membership", column="joined_on"),
    _text("admission_decision", "Решение о приёме", "membership"),
    _day("admission_decision_date", "Дата решения о приёме", "membership"),
    _day("admission_effective_date", "Решение вступило в силу", "membership"),
    _day("terminated_date", "Дата прекращения членства", "membership"),
    _text("termination_reason", "Основание прекращения", "membership", size=500),
    _choice("accordance_status", "Соответствие условиям членства", "membership", ACCORDANCE),
    _choice("right_status", "Статус права", "right", RIGHT),
    _text("right_basis", "Основание права", "right"),
    _day("right_ordinary_date", "ОКС (кроме ООТСУ и ОИАЭ), с", "right"),
    _day("right_hazardous_date", "ООТСУ (кроме ОИАЭ), с", "right"),
    _day("right_nuclear_date", "ОИАЭ, с", "right"),
    _level("vv_level", "Уровень КФ ВВ", 0),
    _sum("vv_paid_amount", "Взнос в КФ ВВ", "right"),
    _day("vv_paid_date", "Взнос в КФ ВВ уплачен", "right"),
    _choice("odo_right_status", "Статус права ОДО", "right", ODO_RIGHT),
    _day("odo_right_date", "Право ОДО с", "right"),
    _level("odo_level", "Уровень КФ ОДО", 1),
    _sum("odo_paid_amount", "Взнос в КФ ОДО", "right"),
    _day("odo_paid_date", "Взнос в КФ ОДО уплачен", "right"),
    _day("odo_extra_paid_date", "Дополнительный взнос в КФ ОДО", "right"),
)

FIELDS: Final[Mapping[str, MemberField]] = MappingProxyType({f.name: f for f in _ALL})
PARTS: Final = MappingProxyType(
    {"about": "Сведения о члене", "contacts": "Адреса и контакты", "membership": "Членство", "right": "Право"}
)


TRADERS: Final = frozenset({"person_name", "activity_address", "home_address"})
"""Fields that a sole trader alone has."""


def applies(declared: MemberField, member_type: str) -> bool:
    """A company has no home address."""
    return declared.name not in TRADERS or member_type == "ip"


def visible_to(seen: str) -> list[MemberField]:
    """Fields for an audience: «open», «member» (with the open ones) or «staff» (all)."""
    allowed = {"open": {"open"}, "member": {"open", "member"}, "staff": {"open", "member", "staff"}}[seen]
    return [f for f in FIELDS.values() if f.seen in allowed]


def changeable() -> list[MemberField]:
    """What a member may ask to change where it stands (C-22)."""
    return [f for f in FIELDS.values() if f.change]
