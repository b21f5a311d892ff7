"""Reports of the demo: last year's campaign is approved, this year's is half filled, some came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from accounts import actors
from records import invented, parameters, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.people import Organisation, Seat, User
from records.service import work
from reports import campaign, filling, opening, remarks, sheets
from reports.model import ReportCampaign

from . import names
from .people import Town
from .story import Story, Teller

MOST_COMPANIES = 16
"""Companies whose forms are filled, a third of all at most: the rest have only the task."""
NIL = ("f8", "f9")
POSITIONS = (
    "Главный инженер",
    "Производитель работ",
    "Инженер ПТО",
    "Мастер участка",
    "Инженер по охране труда",
)
CARS = (
    ("truck", "КамАЗ 65115"),
    ("special", "Автокран «Ивановец»"),
    ("bus", "ПАЗ-3205"),
    ("car", "УАЗ «Патриот»"),
)
SITES = ("Школа на 550 мест", "Детский сад", "Поликлиника", "Жилой дом, блок-секция 2", "Котельная")


def stories(rng: Random, town: Town, now: datetime) -> list[tuple[datetime, Callable[[Teller], Story]]]:
    """When the reports of some members begin and how each goes on: last year's whole, this year's in part."""
    last, this = now.year - 1, now.year
    for year in (last, this):
        _campaign(year)
    found: list[tuple[datetime, Callable[[Teller], Story]]] = []
    for number, company in enumerate(town.companies[: min(MOST_COMPANIES, max(4, len(town.companies) // 3))]):
        filed = datetime.combine(campaign.usual_term(last), time(12), parameters.zone()) - timedelta(
            days=number + 3
        )
        found.append((filed, partial(_last_year, Random(rng.random()), company, last)))
        begun = now - timedelta(days=number % 9 + 4)
        found.append((begun, partial(_this_year, Random(rng.random()), company, this, number)))
    return found


def _campaign(year: int) -> None:
    """A campaign that began in its day; nobody is told of it now."""
    begun = datetime.combine(campaign.usual_term(year) - timedelta(days=120), time(10), parameters.zone())
    with work(SYSTEM_ACTOR, at=min(begun, datetime.now(begun.tzinfo))) as unit:
        db.session.add(
            ReportCampaign(
                year=year,
                forms=list(campaign.forms(year)),
                opens_on=unit.today,
                due_on=campaign.usual_term(year),
                remind_days=list(campaign.REMIND_DAYS),
                note="",
                started_by=None,
                started_at=unit.at,
            )
        )


def _actor(role: str, company: Organisation | None) -> Actor | None:
    wanted = select(Seat).where(Seat.role == role)
    if company is not None:
        wanted = wanted.where(Seat.organisation_id == company.id)
    seat = db.session.scalars(wanted.order_by(Seat.id)).first()
    user = db.session.get(User, seat.user_id) if seat is not None else None
    if seat is None or user is None:
        return None
    return actors.actor_for(user, seat_id=seat.id if company is not None else None)


def _last_year(rng: Random, company: Organisation, year: int, teller: Teller) -> Story:
    """A year that has been filed and approved."""
    head, curator = _actor("member_head", company), _actor("sro_curator", None)
    if head is None or curator is None:
        return
    ids = [_filled(rng, head, form, year) for form in ("f2", "f7", "f10", "f11", *NIL)]
    teller.made += len(ids)
    yield timedelta(hours=2)
    for record_id in ids:
        service.act(head, record_id, "submit")
    yield timedelta(days=2)
    for record_id in ids:
        service.act(curator, record_id, "take")
        service.act(curator, record_id, "approve")


def _this_year(rng: Random, company: Organisation, year: int, number: int, teller: Teller) -> Story:
    """The present year: some have sent, one in four got it back, the rest are writing."""
    head, curator = _actor("member_head", company), _actor("sro_curator", None)
    if head is None or curator is None:
        return
    ids = {
        form: _filled(rng, head, form, year) for form in ("f2", "f3", "f7", "f10", "f11")[: 2 + number % 4]
    }
    teller.made += len(ids)
    sent = ids.get("f10") or ids["f3"]
    if number % 2:
        return
    yield timedelta(hours=2)
    service.act(head, sent, "submit")
    if number % 4:
        return
    yield timedelta(days=1)
    service.act(curator, sent, "take")
    table, column = ("orders", "norm") if "f10" in ids else ("vehicles", "vin")
    place = remarks.place(table, sheets.live(sent, table)[0].uid, column)
    text = "Заполните по документу: поле пустое."
    service.remark(curator, sent, text, public=True, blocking=True, field=place)
    service.act(curator, sent, "return", note="Есть замечание к строке")


def _filled(rng: Random, head: Actor, form: str, year: int) -> int:
    """A form with believable rows, filled as a member would."""
    record_id = opening.open_form(head, form, year)
    if form in NIL:
        filling.change_fields(head, record_id, {"nil": True})
        return record_id
    table, rows = _ROWS[form]
    listed = sheets.live(record_id, table)
    made = list(rows(rng, year))
    changes: list[dict[str, Any]] = [
        {"uid": row.uid, "cell": {n: v for n, v in filler.items() if n not in row.cells}}
        for row, filler in zip(listed, made, strict=False)
    ]
    changes += [
        {"uid": row.uid, "cell": {n: v for n, v in made[0].items() if n not in row.cells}}
        for row in listed[len(made) :]
    ]
    changes += [{"insert": {"after": None, "cells": one}} for one in made[len(listed) :]]
    filling.change_rows(head, record_id, table, changes)
    return record_id


def _people(rng: Random, year: int) -> Iterator[dict[str, str]]:
    for number, position in enumerate(POSITIONS[: rng.randrange(3, 6)]):
        hired = rng.randrange(2012, year)
        yield {
            "last_name": rng.choice(names.SURNAMES),
            "first_name": rng.choice(names.MEN),
            "middle_name": f"{rng.choice(names.FATHERS)}ич",
            "position": position,
            "specialist_role": "chief" if number < 2 else "engineer",
            "employment_kind": "main",
            "hire_date": f"{hired}-04-0{number + 1}",
            "hire_order": f"№ {rng.randrange(1, 90)}-к",
            "education_level": "higher",
            "education_org": "Политехнический институт",
            "diploma_number": f"ДВС {rng.randrange(1000000, 9999999)}",
            "diploma_year": str(hired - 8),
            "speciality": "Промышленное и гражданское строительство",
            "experience_total": str(year - hired + 8),
            "experience_engineer": str(year - hired + 3),
            "is_nrs": "нет",
            "pk_date": f"{rng.choice((year - 6, year - 4, year - 2))}-05-20",
            "pk_org": "Учебный центр «Строитель»",
            "pk_number": f"УПК-{rng.randrange(100, 999)}",
            "pd_consent": "да",
        }


def _cars(rng: Random, year: int) -> Iterator[dict[str, str]]:
    for kind, model in rng.sample(CARS, 3):
        yield {
            "vehicle_kind": kind,
            "model": model,
            "plate": invented.make_plate(rng),
            "year_made": str(rng.randrange(2008, year)),
            "quantity": "1",
            "right_basis": rng.choice(("own", "rent")),
            "right_doc": f"Договор № {rng.randrange(1, 99)}",
        }


def _contracts(rng: Random, year: int) -> Iterator[dict[str, str]]:
    for number in range(rng.randrange(1, 4)):
        price = f"{rng.randrange(3, 90)}000000.00"
        yield {
            "contract_number": f"{rng.randrange(1, 300)}-{number + 1}/{year}",
            "contract_date": f"{year}-03-1{number}",
            "subject": "Выполнение строительно-монтажных работ",
            "work_kind": "construction",
            "member_role": "contractor",
            "procurement": rng.choice(("fz44", "fz223", "direct")),
            "customer_name": "МКУ «УКС города»",
            "customer_inn": invented.make_inn(rng),
            "customer_kind": "developer",
            "object_name": rng.choice(SITES),
            "object_address": "664000, Иркутская область, г. Иркутск, ул. Примерная, д. 5",
            "object_category": "ordinary",
            "price_initial": price,
            "price_current": price,
            "start_plan": f"{year}-04-01",
            "end_plan": f"{year + 1}-06-30",
            "status": "active",
        }


def _orders(rng: Random, year: int) -> Iterator[dict[str, str]]:
    yield {
        "authority": "gsn",
        "authority_name": "Служба государственного строительного надзора",
        "order_kind": "prescription",
        "order_number": f"{rng.randrange(10, 99)}-П",
        "order_date": f"{year}-09-15",
        "violation": "Журнал входного контроля ведётся с пропусками",
        "due_date": f"{year}-12-{rng.randrange(10, 28)}",
        "status": rng.choice(("open", "done")),
    }


def _policies(rng: Random, year: int) -> Iterator[dict[str, str]]:
    yield {
        "policy_kind": "annual",
        "insurer_name": "СК «Приангарский щит»",
        "insurer_license": "СИ № 1234",
        "policy_number": f"{rng.randrange(100, 999)}-{year}/ГО",
        "policy_date": f"{year}-02-01",
        "start_date": f"{year}-02-01",
        "end_date": f"{year + 1}-01-31",
        "insured_sum": "10000000.00",
        "premium_paid": f"{year}-02-03",
        "subject": "Гражданская ответственность",
    }


_ROWS = {
    "f2": ("employee", _people),
    "f3": ("vehicles", _cars),
    "f7": ("contract", _contracts),
    "f10": ("orders", _orders),
    "f11": ("policies", _policies),
}
