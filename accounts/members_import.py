"""Loading a checked list of members: good rows only, by ИНН, so that a second run makes no doubles (X-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from sqlalchemy import select

from documents.printing import as_xlsx
from records.actor import HEAD, Actor
from records.database import db, now
from records.errors import NotFound, Refused
from records.people import Organisation
from records.service import work

from . import invitations, journal, members_file, policy, seats
from .invitations import Invited
from .model import ImportRun

ADDED, FILLED, SAME, SKIPPED = "Добавлена", "Дополнена", "Уже есть", "Не загружена"
PLAIN = (
    "ogrn",
    "kpp",
    "full_name",
    "register_number",
    "address",
    "email",
    "phone",
    "head_name",
    "head_position",
)


def preview(actor: Actor, stream: IO[bytes], name: str) -> ImportRun:
    """Read and check a list; nothing is loaded yet."""
    policy.require(policy.may_import(actor), "Загружать список членов могут администратор и отдел реестра.")
    columns, rows = members_file.read(stream, name)
    with work(actor):
        run = ImportRun(
            name=name[:255], columns=columns, rows=rows, created_by=actor.user_id, state="preview"
        )
        db.session.add(run)
        db.session.flush()
    return run


def get(actor: Actor, run_id: int) -> ImportRun:
    policy.require(policy.may_import(actor), "Загружать список членов могут администратор и отдел реестра.")
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise NotFound
    return run


def load(actor: Actor, run_id: int, *, invite: bool) -> ImportRun:
    """Load the good rows in one transaction; the bad ones stay listed with their reasons."""
    get(actor, run_id)
    with work(actor):
        run = db.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
        if run is None:
            raise NotFound
        if run.state == "loaded":
            raise Refused("Этот список уже загружен.")
        run.rows = [
            {**row, "result": SKIPPED if row["problems"] else _load(actor, row, invite=invite)}
            for row in run.rows
        ]
        run.state, run.loaded_at = "loaded", now()
        journal.note(
            "import.loaded",
            user_id=actor.user_id,
            address=actor.address,
            details={"file": run.name, "rows": counts(run)["good"]},
        )
    return run


def _load(actor: Actor, row: Mapping[str, object], *, invite: bool) -> str:
    values = row["values"]
    assert isinstance(values, dict)
    company = db.session.scalars(select(Organisation).where(Organisation.inn == values["inn"])).first()
    result = _fill(company, values) if company else ADDED
    if company is None:
        company = Organisation(
            role="member",
            inn=values["inn"],
            short_name=values["short_name"],
            full_name=values.get("full_name") or values["short_name"],
            details={},
        )
        _fill(company, values)
        db.session.add(company)
        db.session.flush()
    _representative(actor, company, values, invite=invite)
    return result


def _fill(company: Organisation, values: Mapping[str, str]) -> str:
    """Fill what is empty; what the register already says is not overwritten by a list."""
    changed = False
    for name in PLAIN:
        if values.get(name) and not getattr(company, name):
            setattr(company, name, values[name])
            changed = True
    day = members_file.parsed_day(values.get("joined_on", ""))
    if day and company.joined_on is None:
        company.joined_on = day
        changed = True
    return FILLED if changed else SAME


def _representative(actor: Actor, company: Organisation, values: Mapping[str, str], *, invite: bool) -> None:
    """The head of the list becomes the head's seat; a person of this address is never made twice."""
    name, email = values.get("head_name", ""), values.get("email", "")
    if not name or not email:
        return
    known = seats.person_by_email(email)
    if known and any(s.organisation_id == company.id and s.role == HEAD for s in known.seats):
        return
    person = Invited(name, email, HEAD, company.id, values.get("head_position", ""), values.get("phone", ""))
    if invite:
        invitations.admit(actor, person)
    else:
        user = seats.ensure_person(name, email, position=person.position, phone=person.phone)
        seats.give(user, HEAD, company.id)


def counts(run: ImportRun) -> dict[str, int]:
    """Rows of a list: all, good, bad, and by result."""
    found = {"all": len(run.rows), "bad": sum(1 for row in run.rows if row["problems"])}
    found["good"] = found["all"] - found["bad"]
    for result in (ADDED, FILLED, SAME, SKIPPED):
        found[result] = sum(1 for row in run.rows if row["result"] == result)
    return found


def workbook(run: ImportRun) -> bytes:
    """The list back as Excel: each row with what became of it."""
    keys = [key for key in members_file.TITLES if key in run.columns]
    columns = [("Строка", "integer"), *((members_file.TITLES[key], "text") for key in keys)]
    columns += [("Итог", "text"), ("Замечания", "text")]
    rows = [[row["line"], *_cells(row, keys), row["result"], "; ".join(_problems(row))] for row in run.rows]
    return as_xlsx("Загрузка членов", columns, rows, made_at=now())  # type: ignore[arg-type]


def sample() -> bytes:
    """A sample to fill: all the columns, one invented row."""
    keys = list(members_file.TITLES)
    row = {
        "inn": "7701677668", "ogrn": "1157777015945", "kpp": "770101001", "short_name": "ООО «Ромашка»",
        "full_name": "Общество с ограниченной ответственностью «Ромашка»", "register_number": "0286",
        "joined_on": "01.03.2020", "address": "г. Москва, ул. Примерная, д. 1",
        "email": "office@romashka.example",
        "phone": "+7 (495) 000-00-00", "head_name": "Иванов Иван Иванович",
        "head_position": "Генеральный директор",
    }  # fmt: skip
    columns = [(members_file.TITLES[key], "text") for key in keys]
    return as_xlsx("Члены", columns, [[row[key] for key in keys]], made_at=now())  # type: ignore[arg-type]


def _cells(row: Mapping[str, object], keys: list[str]) -> list[str]:
    values = row["values"]
    return [str(values.get(key, "")) for key in keys] if isinstance(values, dict) else []


def _problems(row: Mapping[str, object]) -> list[str]:
    problems = row["problems"]
    return [str(text) for text in problems] if isinstance(problems, list) else []
