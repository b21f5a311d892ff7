"""The plan of a meeting as it is being written: the case made of it, its checks with norms, its "
"line of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from workflows.calendar import WorkingCalendar

from .casebook import FORMAT, read_case
from .facts import Case
from .plan import Terms, check
from .reading import BadScenario
from .rules import RULES


@dataclass(frozen=True)
class Check:
    """One line of «Проверка правомочности»."""

    title: str
    is_passed: bool
    norm: str = ""


@dataclass(frozen=True)
class Mark:
    """A day of the timeline (M-138)."""

    title: str
    at: datetime
    is_good: bool = True
    note: str = ""


# What the decision that calls a meeting must name (M-13), and where the plan keeps it.
ELEMENTS: tuple[tuple[str, str], ...] = (
    ("decision_number", "Номер решения совета"),
    ("decision_on", "Дата решения совета"),
    ("place", "Место (адрес модератора или сбора бюллетеней)"),
    ("contact", "Ответственный за техническое обеспечение"),
)


def case_json(
    body: Mapping[str, Any],
    members: list[dict[str, Any]],
    people: Mapping[str, str],
    *,
    zone: str,
    charter: Mapping[str, Any],
    name: str,
    director: str | None = None,
    clerk: str | None = None,
) -> dict[str, Any]:
    """The plan in the journal's language."""
    case: dict[str, Any] = {
        "format": FORMAT,
        "id": name,
        "title": str(body.get("subject", "")),
        "sro": {
            "zone": zone,
            **({"director": director} if director else {}),
            **({"clerk": clerk} if clerk else {}),
        },
        "charter": dict(charter),
        "people": dict(people),
        "members": members,
        "meeting": _meeting(body, ZoneInfo(zone)),
        "agenda": [_item(n, row) for n, row in enumerate(body.get("agenda", []), 1)],
    }
    return case


def _meeting(body: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    form = str(body.get("form", ""))
    meeting: dict[str, Any] = {
        "form": form,
        "kind": body.get("kind", "regular"),
        "basis": {"kind": body.get("basis") or "none", "document": body.get("basis_document", "")},
        "place": body.get("place", ""),
        "vote_signature": body.get("vote_signature") or "simple",
        "voting_way": body.get("voting_way", ""),
    }
    remote = form == "remote" or (form == "combined" and body.get("live_form") == "remote")
    if form == "combined":
        meeting["live_form"] = body.get("live_form") or "in_person"
    if form != "absentee":
        meeting["starts_at"] = moment(body.get("starts_at"), zone)
        if remote and body.get("registration_opens_at"):
            meeting["registration"] = {"opens_at": moment(body["registration_opens_at"], zone)}
    if form in {"absentee", "combined"}:
        meeting["intake"] = {
            "opens_at": moment(body.get("intake_opens_at"), zone),
            "closes_at": moment(body.get("intake_closes_at"), zone),
            "channels": body.get("channels") or ["cabinet"],
        }
        meeting["counting_at"] = moment(body.get("counting_at"), zone)
    if remote:
        meeting["tool"] = {
            "name": body.get("tool_name", ""),
            "public": bool(body.get("tool_public")),
            "free": bool(body.get("tool_free")),
            "special_gear": bool(body.get("tool_gear")),
        }
        meeting["evidence"] = {"kind": "chat"}
        if body.get("evidence", "video") == "video" and meeting["starts_at"]:
            meeting["evidence"] = {"kind": "video", "from": meeting["starts_at"], "to": meeting["starts_at"]}
    for office in ("chair", "secretary"):
        if body.get(office):
            meeting[office] = body[office]
    for board in ("counting", "credentials"):
        if body.get(f"{board}_chair") and body.get(f"{board}_secretary"):
            meeting[f"{board}_board"] = {
                "chair": body[f"{board}_chair"],
                "secretary": body[f"{board}_secretary"],
                "members": list(body.get(f"{board}_members") or []),
            }
    return {key: value for key, value in meeting.items() if value is not None}


def _item(n: int, row: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"q{n}",
        "title": row.get("title", ""),
        "class": row.get("class") or "ordinary",
        "secret": bool(row.get("secret")),
        "subject": row.get("subject") or "other",
    }
    if row.get("threshold"):
        item["threshold"] = row["threshold"]
    if row.get("candidates"):
        item |= {
            "kind": "election",
            "candidates": list(row["candidates"]),
            "seats": int(row.get("seats") or 1),
        }
    return item


def moment(text: object, zone: ZoneInfo) -> str | None:
    """The clock of the СРО, as typed in the form, with its offset."""
    if not text:
        return None
    at = datetime.fromisoformat(str(text))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat(timespec="seconds")


def checks(body: Mapping[str, Any], case: Mapping[str, Any], on: date) -> tuple[list[Check], Case | None]:
    """Every check of the plan with its norm: the elements of the decision first, then law and charter."""
    found = [Check(title, bool(str(body.get(key) or "").strip()), "M-13") for key, title in ELEMENTS]
    found = [Check(row.title, row.is_passed, "004 п. 2.3, 3.2") for row in found]
    titled = [row for row in body.get("agenda", []) if str(row.get("title", "")).strip()]
    found.append(Check("Повестка дня", bool(titled) and len(titled) == len(body.get("agenda", [])), "W.2"))
    try:
        read = read_case(case)
    except BadScenario as error:
        return [*found, Check(_plain(str(error)), False, "004 п. 3.2")], None
    failures = check(read)
    for failure in failures:
        rule = RULES[failure.code]
        what = f"{rule.text} (вопрос № {failure.item.removeprefix('q')})" if failure.item else rule.text
        found.append(Check(what, False, rule.norm))
    if not failures:
        found.append(
            Check("Форма, основание, комиссии и вопросы соответствуют закону и уставу", True, "004 п. 1.2")
        )
    until = Terms(read, WorkingCalendar.load()).notice_until()
    if until is not None:
        found.append(
            Check(
                f"Извещение возможно до {until:%d.%m.%Y} включительно",
                until.date() >= on,
                "W.2; прил. 2 п. 5",
            )
        )
        early = _too_early(read, on)
        if early is not None:
            found.append(early)
    return found, read


def _too_early(case: Case, on: date) -> Check | None:
    opens = case.plan.intake_opens_at
    if opens is None:
        return None
    noticed = datetime.combine(on, datetime.min.time(), case.zone)
    earliest = Terms(case, WorkingCalendar.load()).intake_from(noticed)
    assert earliest is not None
    title = f"Приём бюллетеней начинается не раньше {earliest:%d.%m.%Y}"
    return Check(title, opens >= earliest, "W.3")


_WORDS = {
    "starts_at": "Укажите дату и время начала",
    "intake": "Укажите начало и окончание приёма бюллетеней",
    "counting_at": "Укажите дату и время подсчёта голосов",
    "form": "Выберите форму собрания",
    "agenda": "Заполните повестку дня",
}


def _plain(error: str) -> str:
    return next((text for word, text in _WORDS.items() if word in error), f"План не дочитан: {error}")


def timeline(case: Case, noticed_on: date) -> list[Mark]:
    """Key days of the plan, counted anew from the day of the notice whenever one of them moves."""
    terms, plan = Terms(case, WorkingCalendar.load()), case.plan
    noticed = datetime.combine(noticed_on, datetime.min.time(), case.zone)
    until = terms.notice_until()
    marks = [
        Mark(
            "Извещение",
            noticed,
            until is None or noticed <= until,
            f"не позднее {until:%d.%m.%Y}" if until else "",
        )
    ]
    if plan.has_absentee_part and plan.intake_opens_at and plan.intake_closes_at and plan.counting_at:
        proposals, earliest = terms.proposals_until(noticed), terms.intake_from(noticed)
        assert proposals is not None and earliest is not None
        marks += [
            Mark("Предложения в повестку до", proposals),
            Mark(
                "Начало приёма бюллетеней",
                plan.intake_opens_at,
                plan.intake_opens_at >= earliest,
                f"не раньше {earliest:%d.%m.%Y}",
            ),
            Mark("Окончание приёма", plan.intake_closes_at, plan.intake_closes_at > plan.intake_opens_at),
            Mark("Подсчёт голосов", plan.counting_at, plan.counting_at >= plan.intake_closes_at),
        ]
    if plan.is_remote and plan.registration_opens_at:
        marks.append(Mark("Начало регистрации", plan.registration_opens_at))
        closes = terms.registration_until()
        if closes:
            marks.append(Mark("Окончание регистрации", closes))
    if plan.has_live_part and plan.starts_at:
        marks.append(Mark("Заседание", plan.starts_at))
    return sorted(marks, key=lambda mark: mark.at)
