"""People and companies of the demo: accounts and seats come first, papers by the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from accounts import passwords
from records import invented, parameters
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.people import Organisation, Seat, User
from workflows.reference import role_titles

from . import names

PASSWORD = "Байкал-Вече-2026"  # a demo of invented people: its password is printed at every start

STAFF = (
    ("kanc", "Канцелярова Вера Ильинична", "sro_clerk"),
    ("kanc2", "Почтова Алла Денисовна", "sro_clerk"),
    ("kurator", "Кураторова Нина Львовна", "sro_curator"),
    ("kurator2", "Экспертов Кирилл Андреевич", "sro_curator"),
    ("kurator3", "Отчётова Раиса Павловна", "sro_curator"),
    ("reestr", "Реестрова Анна Петровна", "sro_registrar"),
    ("kontrol", "Контролёров Яков Юрьевич", "sro_control"),
    ("buh", "Счетова Ольга Фёдоровна", "sro_accountant"),
    ("urist", "Законов Глеб Ильич", "sro_lawyer"),
    ("direktor", "Директоров Олег Игоревич", "sro_director"),
    ("sekretar", "Протоколова Инна Юрьевна", "council_secretary"),
    ("sovet", "Председателев Пётр Саввич", "council"),
    ("mandat", "Мандатова Яна Олеговна", "comm_mandate"),
    ("schet", "Голосов Роман Кириллович", "comm_counting"),
    ("disciplina", "Строгова Тамара Борисовна", "comm_discipline"),
    ("arhiv", "Архивова Лидия Павловна", "sro_archivist"),
    ("admin", "Настройкин Пётр Петрович", "sro_admin"),
    ("audit", "Проверкин Тимур Егорович", "sro_auditor"),
)
MEMBER_LOGINS = (("glava", "member_head"), ("predstavitel", "member_proxy"), ("specialist", "member_spec"))
OFFICE = {
    "short_name": "СРО «Строители Приангарья»",
    "full_name": "Ассоциация саморегулируемая организация «Строители Приангарья» (вымышленная)",
    "inn": "3808200542",
    "ogrn": "1093800000018",
    "number": "СРО-С-001-01042010",
    "kind": "build",
    "kpp": "380801001",
    "address": "664025, г. Иркутск, ул. Примерная, д. 1",
    "phone": "+7 (3952) 00-00-00",
    "email": "office@demo.example",
    "zone": "Asia/Irkutsk",
    "head_name": "Директоров Олег Игоревич",
    "head_position": "Исполнительный директор",
}


def logins() -> list[tuple[str, str, str]]:
    """(role, login, password) of one person for each role, as `make run` prints them."""
    titles = role_titles()
    seen: dict[str, str] = {}
    for login, _, role in STAFF:
        seen.setdefault(role, f"{login}@demo.example")
    rows = [(titles.get(role, "Аудитор (только чтение)"), login, PASSWORD) for role, login in seen.items()]
    return rows + [(titles[role], f"{login}@demo.example", PASSWORD) for login, role in MEMBER_LOGINS]


@dataclass
class Town:
    """Who there is: staff by role, companies with their people."""

    staff: dict[str, list[Actor]] = field(default_factory=dict)
    companies: list[Organisation] = field(default_factory=list)
    candidates: list[Organisation] = field(default_factory=list)
    leavers: list[Organisation] = field(default_factory=list)
    people: dict[int, list[Actor]] = field(default_factory=dict)
    """organisation → its head first, then proxies and specialists"""


def settle(rng: Random, members: int, since: date) -> Town:
    """Write the office, its staff and the companies; the caller commits."""
    parameters.put(SYSTEM_ACTOR, "office", OFFICE, valid_from=date(2015, 1, 1))
    town = Town()
    moment = datetime.combine(since, datetime.min.time(), UTC) - timedelta(days=30)
    hashed = passwords.hash_password(PASSWORD)
    for login, name, role in STAFF:
        town.staff.setdefault(role, []).append(_person(login, name, role, None, hashed, moment))
    curators = [a.user_id for a in town.staff["sro_curator"]]
    known = list(names.WITH_PAPERS.items())
    shared: Actor | None = None
    for n in range(members + 6):
        company = _company(rng, n, known[n] if n < len(known) else None, since)
        company.curator_id = curators[n % len(curators)]
        staff = _people_of(rng, n, company, hashed, moment, shared)
        shared = shared or next((a for a in staff if "member_proxy" in a.roles), None)
        town.people[company.id] = staff
        (town.candidates if n >= members + 3 else town.leavers if n >= members else town.companies).append(
            company
        )
    for company in town.candidates:
        company.role, company.register_number, company.joined_on = "candidate", None, None
    db.session.flush()
    return town


def _company(rng: Random, n: int, known: tuple[str, tuple[str, object]] | None, since: date) -> Organisation:
    inn = known[0] if known else invented.make_inn(rng)
    form = "АО" if rng.random() < 0.15 else "ООО"
    word = names.WORDS[n % len(names.WORDS)] + names.TAILS[(n // len(names.WORDS)) % len(names.TAILS)]
    short = known[1][0] if known else f"{form} «{word}»"
    found = Organisation(
        short_name=short,
        full_name=f"{short} (вымышленное)",
        inn=inn,
        kpp=invented.make_kpp(inn),
        ogrn=invented.make_ogrn(rng, year=rng.randrange(2004, 2021)),
        register_number=f"{n + 101:04d}",
        joined_on=since - timedelta(days=rng.randrange(100, 3000)),
        address=_address(rng),
        phone=invented.make_phone(rng),
        email=f"firma{n + 1}@demo.example",
        details={"demo": True},
    )
    db.session.add(found)
    db.session.flush()
    return found


def _address(rng: Random) -> str:
    town, street = rng.choice(names.TOWNS), rng.choice(names.STREETS)
    return f"{rng.randrange(664000, 666000)}, г. {town}, ул. {street}, д. {rng.randrange(1, 120)}"


def _people_of(
    rng: Random, n: int, company: Organisation, hashed: str, moment: datetime, shared: Actor | None
) -> list[Actor]:
    head = _name(rng)
    company.head_name, company.head_position = head, "Генеральный директор"
    found = [_person("glava" if n == 0 else f"glava{n + 1}", head, "member_head", company, hashed, moment)]
    if n == 0 or rng.random() < 0.35:
        login = "predstavitel" if n == 0 else f"predstavitel{n + 1}"
        found.append(_person(login, _name(rng), "member_proxy", company, hashed, moment))
    elif shared is not None and n < 5:  # one representative of several companies (C-28)
        db.session.add(Seat(user_id=shared.user_id, role="member_proxy", organisation_id=company.id))
        found.append(_actor(shared.user_id, shared.name, "member_proxy", company))
    if n == 0 or rng.random() < 0.3:
        login = "specialist" if n == 0 else f"specialist{n + 1}"
        found.append(_person(login, _name(rng), "member_spec", company, hashed, moment))
    return found


def _name(rng: Random) -> str:
    surname, father = rng.choice(names.SURNAMES), rng.choice(names.FATHERS)
    if rng.random() < 0.6:
        return f"{surname} {rng.choice(names.MEN)} {father}ич"
    last = f"{surname[:-2]}ая" if surname.endswith("ий") else f"{surname}а"
    return f"{last} {rng.choice(names.WOMEN)} {father}на"


def _person(
    login: str, name: str, role: str, company: Organisation | None, hashed: str, moment: datetime
) -> Actor:
    user = User(
        name=name,
        email=f"{login}@demo.example",
        position="Генеральный директор" if role == "member_head" else role_titles().get(role, ""),
        phone="+7 (3952) 00-00-00",
        password_hash=hashed,
        activated_at=moment,
        created_at=moment,
        preferences={},
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(Seat(user_id=user.id, role=role, organisation_id=company.id if company else None))
    return _actor(user.id, name, role, company)


def _actor(user_id: int | None, name: str, role: str, company: Organisation | None) -> Actor:
    return Actor(
        user_id=user_id, name=name, roles=frozenset({role}), organisation_id=company.id if company else None
    )
