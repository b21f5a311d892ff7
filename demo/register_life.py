"""What the register of the demo knows: entries, contracts, dues, policies, people, inspections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import insert

from records import invented, parameters
from records.actor import SYSTEM_ACTOR
from records.database import db, now
from records.people import Organisation
from register import cards, decisions, ledger, portfolio
from register.contributions import KINDS
from register.model import (
    Contract,
    ContractStage,
    DuesPosting,
    Inspection,
    InsurancePolicy,
    Measure,
    MemberFact,
    MemberSpecialist,
    Violation,
)

from . import names
from .people import Town

INSURERS = ("СК «Приангарский щит»", "СК «Ангара-Полис»", "СК «Надёжный свод»")
CUSTOMERS = (
    "МКУ «УКС города»",
    "ОГКУ «Единый заказчик»",
    "Фонд капитального ремонта",
    "ООО «Девелопер-Восток»",
)
WORKS = ("Строительство школы", "Капитальный ремонт дома", "Реконструкция котельной", "Строительство дороги")
FAULTS = (
    ("Истёк договор страхования", "Положение о страховании, п. 4", "Заключить договор и прислать копию"),
    ("Нет приказа о назначении специалиста", "ст. 55.5-1 ГрК РФ", "Издать приказ о назначении"),
    ("Журнал работ ведётся с пропусками", "Правила контроля, п. 2.3", "Восстановить записи журнала"),
)
VALUES = dict[str, str]


def fill(rng: Random, town: Town, today: date) -> None:
    """Write the register's rows of every company by whole tables; the caller commits."""
    for name, value in _settings(rng).items():
        parameters.put(SYSTEM_ACTOR, name, value, valid_from=date(2015, 1, 1))
    db.session.flush()
    members = town.companies + town.leavers
    facts = [row for company in members for row in _facts(rng, company, today)]
    db.session.execute(insert(MemberFact), facts)
    db.session.execute(insert(Contract), [row for c in members for row in _contracts(rng, c, today)])
    db.session.execute(insert(DuesPosting), [row for c in members for row in _dues(rng, c, today)])
    db.session.execute(insert(InsurancePolicy), [_policy(rng, c, today) for c in members])
    db.session.execute(insert(MemberSpecialist), [row for c in members for row in _people(rng, c, today)])
    for company in members:
        _inspections(rng, company, today)
    _stages(rng)
    db.session.flush()
    cards.refresh(None, today, at=now())


def _settings(rng: Random) -> dict[str, object]:
    bik = invented.make_bik(rng)
    place = {
        "bank": "Банк «Ангара» (вымышленный)",
        "bik": bik,
        "correspondent": invented.make_corr_account(bik),
    }
    accounts = {
        purpose: {"account": invented.make_non_profit_account(rng, bik), **place}
        for purpose in ("main", "vv", "odo")
    }
    return {"register.accounts": accounts}


def _facts(rng: Random, company: Organisation, today: date) -> Iterator[dict[str, object]]:
    joined = company.joined_on or today - timedelta(days=700)
    vv_table, odo_table = decisions.tables(today)
    vv, odo = rng.choices((1, 2, 3), (70, 25, 5))[0], rng.choices((0, 1, 2), (20, 60, 20))[0]
    protocol = f"Протокол Совета № {rng.randrange(1, 60)}-{joined:%y}"
    values: VALUES = {
        "member_type": "legal",
        "full_name": company.full_name,
        "short_name": company.short_name,
        "inn": company.inn or "",
        "kpp": company.kpp or "",
        "ogrn": company.ogrn or "",
        "region_code": "38",
        "legal_address": company.address,
        "phone": company.phone,
        "email_official": company.email,
        "head_name": company.head_name,
        "head_position": company.head_position,
        "membership_status": "member",
        "register_number": company.register_number or "",
        "register_date": joined.isoformat(),
        "admission_decision": protocol,
        "admission_decision_date": (joined - timedelta(days=10)).isoformat(),
        "admission_effective_date": joined.isoformat(),
        "accordance_status": "ok",
        "right_status": "active",
        "right_basis": f"{protocol} от {joined - timedelta(days=10):%d.%m.%Y}",
        "right_ordinary_date": joined.isoformat(),
        "vv_level": "1",
        "vv_paid_amount": f"{vv_table.level(1).fee:.2f}",
        "vv_paid_date": (joined - timedelta(days=3)).isoformat(),
        "odo_right_status": "active" if odo else "none",
    }
    if odo:
        values |= {
            "odo_right_date": joined.isoformat(),
            "odo_level": str(odo),
            "odo_paid_amount": f"{odo_table.level(odo).fee:.2f}",
            "odo_paid_date": (joined - timedelta(days=3)).isoformat(),
        }
    yield from _written(company, values, joined, protocol)
    if vv > 1:
        raised = joined + (today - joined) / 2
        later = {"vv_level": str(vv), "vv_paid_amount": f"{vv_table.level(vv).fee:.2f}"}
        yield from _written(company, later, raised, f"Протокол Совета № {rng.randrange(1, 60)}-{raised:%y}")
    if company.id % 17 == 0:
        stopped = today - timedelta(days=rng.randrange(10, 80))
        ground = f"Решение дисциплинарной комиссии № {rng.randrange(1, 30)}"
        yield from _written(company, {"right_status": "suspended"}, stopped, ground)
        db.session.add(
            Measure(
                organisation_id=company.id,
                kind="suspend",
                decided_on=stopped,
                basis=ground,
                until=stopped + timedelta(days=90),
            )
        )


def _written(company: Organisation, values: VALUES, since: date, ground: str) -> Iterator[dict[str, object]]:
    for name, value in values.items():
        if value:
            yield {
                "organisation_id": company.id,
                "field": name,
                "value": value,
                "valid_from": since,
                "ground": ground,
                "recorded_at": now(),
            }


def _contracts(rng: Random, company: Organisation, today: date) -> Iterator[dict[str, object]]:
    for n in range(rng.choices((0, 1, 2, 4, 7), (15, 25, 30, 20, 10))[0]):
        made_on = today - timedelta(days=rng.randrange(20, 500))
        price = Decimal(rng.randrange(2, 45)) * 1_000_000 + Decimal(rng.randrange(0, 100)) / 100
        done = rng.random()
        number = f"{rng.randrange(1, 400)}/{made_on:%Y}-{n + 1}"
        closed = done > 0.9
        yield {
            "organisation_id": company.id,
            "source_key": portfolio.source_key(company.id, number, made_on),
            "source": "file",
            "number": number,
            "made_on": made_on,
            "subject": rng.choice(WORKS),
            "customer": rng.choice(CUSTOMERS),
            "price": price,
            "accepted": price if closed else (price * Decimal(str(round(done, 2)))).quantize(Decimal("0.01")),
            "status": "completed" if closed else "active",
            "final_act": closed,
            "procurement": "competitive" if rng.random() < 0.75 else "direct",
            "starts_on": made_on + timedelta(days=5),
            "ends_on": made_on + timedelta(days=rng.randrange(120, 600)),
            "updated_at": now(),
        }


def _stages(rng: Random) -> None:
    rows = []
    for contract in db.session.scalars(db.select(Contract).where(Contract.price > 20_000_000)):
        half = contract.made_on + timedelta(days=90)
        named = (("Подготовка", half), ("Основные работы", contract.ends_on))
        for position, (title, due) in enumerate(named, 1):
            rows.append(
                {
                    "contract_id": contract.id,
                    "position": position,
                    "title": title,
                    "due_on": due,
                    "done_on": half + timedelta(days=rng.randrange(-10, 20)) if position == 1 else None,
                    "amount": contract.price / 2,
                }
            )
    if rows:
        db.session.execute(insert(ContractStage), rows)


def _dues(rng: Random, company: Organisation, today: date) -> Iterator[dict[str, object]]:
    """Two years of quarters; some pay late, some not at all."""
    carelessness = rng.choices((0.02, 0.2, 0.6), (70, 20, 10))[0]
    quarters = [(year, q) for year in (today.year - 1, today.year) for q in range(4)]
    common = {"organisation_id": company.id, "kind": "membership", "posted_at": now()}
    empty = {"due_on": None, "charged": Decimal(0), "paid": Decimal(0), "period": "", "purpose": "",
             "payer": "", "payer_inn": ""}  # fmt: skip
    for year, q in quarters:
        on = date(year, q * 3 + 1, 1)
        if on > today or (company.joined_on and on < company.joined_on):
            continue
        period = f"{('I', 'II', 'III', 'IV')[q]} кв. {year}"
        yield {
            **empty,
            **common,
            "source_key": ledger.key_of("charge", company.id, "membership", period),
            "on_date": on,
            "due_on": on + timedelta(days=30),
            "charged": Decimal(15_000),
            "period": period,
            "document": f"{KINDS['membership']}, {period}",
        }
        paid_on = on + timedelta(days=rng.randrange(5, 60))
        if rng.random() > carelessness and paid_on <= today:
            yield {
                **empty,
                **common,
                "source_key": ledger.key_of("demo", company.id, period),
                "on_date": paid_on,
                "paid": Decimal(15_000),
                "document": f"Платёжное поручение № {rng.randrange(1, 900)}",
                "purpose": f"Членский взнос за {period}. Без НДС",
                "payer": company.short_name,
                "payer_inn": company.inn or "",
            }


def _policy(rng: Random, company: Organisation, today: date) -> dict[str, object]:
    starts = today - timedelta(days=rng.randrange(5, 380))
    return {
        "organisation_id": company.id,
        "insurer": rng.choice(INSURERS),
        "licence": f"СИ № {rng.randrange(1000, 5000)}",
        "number": f"{rng.randrange(100, 999)}-{starts:%y}/ГО",
        "starts_on": starts,
        "ends_on": starts + timedelta(days=365),
        "amount": Decimal(rng.choice((5, 10, 30))) * 1_000_000,
        "subject": "Гражданская ответственность",
        "phone": invented.make_phone(rng),
    }


def _people(rng: Random, company: Organisation, today: date) -> Iterator[dict[str, object]]:
    for _ in range(rng.choices((1, 2, 3), (10, 70, 20))[0]):
        surname, father = rng.choice(names.SURNAMES), rng.choice(names.FATHERS)
        yield {
            "organisation_id": company.id,
            "name": f"{surname} {rng.choice(names.MEN)} {father}ич",
            "nrs_number": invented.make_nrs(rng),
            "is_listed": rng.random() > 0.05,
            "work_kind": "Организация строительства",
            "assessed_on": today - timedelta(days=rng.randrange(30, 1900)),
            "order_number": f"№ {rng.randrange(1, 90)}-к",
            "employed_from": today - timedelta(days=rng.randrange(100, 2000)),
        }


def _inspections(rng: Random, company: Organisation, today: date) -> None:
    held = today - timedelta(days=rng.randrange(40, 900))
    found = rng.random() < 0.4
    subject = "Соблюдение стандартов и условий членства"
    check = Inspection(
        organisation_id=company.id,
        starts_on=held,
        ends_on=held + timedelta(days=4),
        subject=subject,
        result="found" if found else "clean",
    )
    db.session.add(check)
    if held < today - timedelta(days=500):
        ahead = today + timedelta(days=rng.randrange(10, 200))
        db.session.add(Inspection(organisation_id=company.id, starts_on=ahead, subject=subject))
    if found:
        db.session.flush()
        what, norm, advice = rng.choice(FAULTS)
        due = held + timedelta(days=60)
        fixed = due - timedelta(days=5) if rng.random() < 0.7 and due < today else None
        db.session.add(
            Violation(inspection_id=check.id, what=what, norm=norm, advice=advice, due_on=due, fixed_on=fixed)
        )
