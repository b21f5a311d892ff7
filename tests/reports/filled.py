"""Forms filled for tests: invented people and contracts, put in through the services."""

from __future__ import annotations

import io
from typing import Any

from records.actor import Actor
from records.database import db
from reports import editions, filling, opening
from reports.model import ReportSheet

PERSON = {
    "last_name": "Юдин",
    "first_name": "Илья",
    "middle_name": "Олегович",
    "position": "Главный инженер проекта",
    "specialist_role": "chief",
    "employment_kind": "main",
    "hire_date": "12.03.2019",
    "hire_order": "№ 14-к",
    "education_level": "higher",
    "education_org": "ИрГТУ",
    "diploma_number": "АВС 0112233",
    "diploma_year": "2005",
    "speciality": "ПГС",
    "experience_total": "18",
    "experience_engineer": "12",
    "is_nrs": "да",
    "pk_date": "10.02.2020",
    "pd_consent": "да",
}
CONTRACT = {
    "contract_number": "15/2026",
    "contract_date": "02.03.2026",
    "subject": "Строительство школы",
    "work_kind": "construction",
    "member_role": "general_contractor",
    "procurement": "fz44",
    "customer_name": "МКУ «УКС города»",
    "customer_inn": "7701677668",
    "customer_kind": "developer",
    "object_name": "Школа № 5",
    "object_address": "664000, г. Иркутск, ул. Ленина, д. 5",
    "object_category": "ordinary",
    "price_initial": "60 000 000,50",
    "price_current": "60 000 000,50",
    "start_plan": "10.03.2026",
    "end_plan": "20.12.2026",
    "status": "active",
}
ORDER = {
    "authority": "gsn",
    "authority_name": "Служба государственного строительного надзора",
    "order_kind": "prescription",
    "order_number": "17-П",
    "order_date": "01.10.2026",
    "violation": "Нет журнала входного контроля",
    "due_date": "05.12.2026",
    "status": "open",
}


def sheet_of(record_id: int) -> ReportSheet:
    sheet = db.session.get(ReportSheet, record_id, populate_existing=True)
    assert sheet is not None
    return sheet


def opened(actor: Actor, form: str, year: int = 2026) -> int:
    return opening.open_form(actor, form, year)


def insert(actor: Actor, record_id: int, table: str, *rows: dict[str, Any]) -> list[str]:
    """Rows at the end of a table; their uids."""
    changes = [{"insert": {"after": None, "cells": row}} for row in rows]
    saved = filling.change_rows(actor, record_id, table, changes)
    return [row.uid for row in saved.rows]


def with_order(actor: Actor, year: int = 2026) -> int:
    """Form 10 ready to be sent."""
    record_id = opened(actor, "f10", year)
    insert(actor, record_id, "orders", ORDER)
    return record_id


def nil(actor: Actor, form: str = "f8", year: int = 2026) -> int:
    """A form with nothing to report."""
    record_id = opened(actor, form, year)
    filling.change_fields(actor, record_id, {"nil": True})
    return record_id


def text_file(words: str = "Документ") -> io.BytesIO:
    return io.BytesIO(words.encode())


def required(form: str, year: int = 2026) -> int:
    return sum(c.required for t in editions.current(form, year)[0].tables for c in t.columns)
