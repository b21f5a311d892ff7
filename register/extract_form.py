"""The text of an extract by its points (form of приказ Ростехнадзора № 86 от 04.03.2019) and the same in XML.

An empty point is printed as a dash, never dropped. The numbers of points are the form's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from language.dates import short_date
from language.money import whole_roubles

from . import decisions
from .history import Member
from .levels import ORDINALS, Table
from .terms import extract_valid_until

NOTHING = "—"


@dataclass(frozen=True)
class Point:
    """One point of the form."""

    number: str
    title: str
    value: str


@dataclass(frozen=True)
class Extract:
    """What the register says of a member on the day of signing."""

    number: str
    issued_on: date
    valid_until: date | None
    points: tuple[Point, ...]

    @property
    def text(self) -> str:
        """The points as lines, and until when it holds."""
        lines = [f"{p.number}. {p.title}: {p.value}" for p in self.points]
        lines.append(
            f"Действительна по {short_date(self.valid_until)} включительно."
            if self.valid_until
            else f"По состоянию на {short_date(self.issued_on)}."
        )
        return "\n".join(lines)

    def xml(self, sro: dict[str, object]) -> bytes:
        """The same content for programs."""
        root = Element("RegisterExtract", version="1.0", number=self.number, date=self.issued_on.isoformat())
        if self.valid_until:
            root.set("validUntil", self.valid_until.isoformat())
        issuer = SubElement(root, "Issuer")
        for name in ("name", "number", "inn", "ogrn"):
            if sro.get(name):
                issuer.set(name, str(sro[name]))
        for point in self.points:
            node = SubElement(root, "Point", number=point.number, title=point.title)
            node.text = "" if point.value == NOTHING else point.value
        indent(root)
        body: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
        return body


def compose(
    member: Member, number: str, day: date, months: int | None, suspended: tuple[date, date | None] | None
) -> Extract:
    """The extract of a member; one who has left gets it too, with the end of membership in 2.5 and 2.6."""
    vv, odo = decisions.tables(day)
    is_trader = member.get("member_type") == "ip"
    decided = " от ".join(
        part for part in (member.get("admission_decision"), member.shown("admission_decision_date")) if part
    )
    names = [member.get(name) for name in ("person_name" if is_trader else "full_name", "short_name")]
    rights = (
        ("ОКС", "right_ordinary_date"),
        ("ООТСУ", "right_hazardous_date"),
        ("ОИАЭ", "right_nuclear_date"),
    )
    held = [f"{title} с {member.shown(name)}" for title, name in rights if member.get(name)]
    odo_level = member.number("odo_level") if member.get("odo_right_status") not in ("", "none") else None
    stopped, until = suspended or (None, None)
    rows = (
        ("1.1", "Наименование (фамилия, имя, отчество)", ", ".join(dict.fromkeys(n for n in names if n))),
        ("1.2", "ИНН", member.get("inn")),
        ("1.3", "ОГРН (ОГРНИП)", member.get("ogrn")),
        ("1.4", "Адрес места нахождения", "" if is_trader else member.get("legal_address")),
        ("1.5", "Место фактической деятельности", member.get("activity_address") if is_trader else ""),
        ("2.1", "Регистрационный номер в реестре", member.register_number),
        ("2.2", "Дата регистрации в реестре", member.shown("register_date")),
        ("2.3", "Решение о приёме", decided),
        ("2.4", "Решение вступило в силу", member.shown("admission_effective_date")),
        ("2.5", "Дата прекращения членства", member.shown("terminated_date")),
        ("2.6", "Основание прекращения", member.get("termination_reason")),
        ("3.1", "Право выполнять работы", "; ".join(held)),
        ("3.2", "Уровень ответственности, возмещение вреда", _level(member.number("vv_level"), vv)),
        ("3.3", "Уровень ответственности, договорные обязательства", _level(odo_level, odo)),
        ("4.1", "Право приостановлено с", short_date(stopped) if stopped else ""),
        ("4.2", "Срок приостановления", f"до {short_date(until)}" if until else ""),
    )
    points = tuple(Point(n, title, value or NOTHING) for n, title, value in rows)
    return Extract(number, day, extract_valid_until(day, months), points)


def _level(number: int | None, table: Table) -> str:
    if number is None or not table.has(number):
        return ""
    level = table.level(number)
    if number == 0:
        return f"{ORDINALS[0]} (только снос)"
    limit = f"не превышает {whole_roubles(level.limit)}" if level.limit else "без предела"
    return f"{level.ordinal} ({limit})"
