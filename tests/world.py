"""People and companies of the tests, all invented. Papers are made through the services,
so history is true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import BinaryIO

from accounts import actors, passwords
from records import parameters, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db, gate, writing
from records.model import Record
from records.people import Organisation, Seat, User

PASSWORD = "соловей поёт утром"


@cache
def password_hash() -> str:
    """One hash for the whole run: hashing is slow on purpose."""
    return passwords.hash_password(PASSWORD)


OFFICE = {
    "short_name": "Ассоциация СРО «Байкал»",
    "full_name": "Ассоциация саморегулируемая организация «Байкал» (вымышленная)",
    "inn": "3808641522",
    "kpp": "380801001",
    "ogrn": "1083836669245",
    "address": "664025, г. Иркутск, ул. Примерная, д. 1",
    "phone": "+7 (3952) 00-00-00",
    "email": "office@baikal.example",
    "zone": "Europe/Moscow",
    "head_name": "Директоров Олег Игоревич",
    "head_position": "Исполнительный директор",
}

STAFF = {
    "clerk": ("Канцелярова Вера Ильинична", ("sro_clerk",)),
    "curator": ("Кураторова Нина Львовна", ("sro_curator",)),
    "registrar": ("Реестрова Анна Петровна", ("sro_registrar",)),
    "control": ("Контролёров Яков Юрьевич", ("sro_control",)),
    "accountant": ("Счетова Ольга Фёдоровна", ("sro_accountant",)),
    "lawyer": ("Законов Глеб Ильич", ("sro_lawyer",)),
    "director": ("Директоров Олег Игоревич", ("sro_director",)),
    "secretary": ("Протоколова Инна Юрьевна", ("council_secretary",)),
    "archivist": ("Архивова Лидия Павловна", ("sro_archivist",)),
    "admin": ("Настройкин Пётр Петрович", ("sro_admin",)),
}


@dataclass
class World:
    """The small СРО every test begins with: two member companies, their people, the staff."""

    company: Organisation
    other_company: Organisation
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """A person of this world as he acts now (seats read afresh)."""
        user = db.session.get(User, self.users[name].id, populate_existing=True)
        assert user is not None
        return actors.actor_for(user)


def build() -> World:
    """Fill an empty database."""
    with writing(gate()):
        company = _company("ООО «Ромашка»", "7701677668", "1157777015945", "0286")
        other = _company("АО «Лютик»", "6732455543", "1236753544059", "0287")
        world = World(company, other)
        for name, (title, roles) in STAFF.items():
            world.users[name] = add_user(title, f"{name}@baikal.example", roles)
        members = {
            "head": ("Иванов Иван Иванович", "member_head", company),
            "proxy": ("Петрова Мария Сергеевна", "member_proxy", company),
            "specialist": ("Сидоров Алексей Юрьевич", "member_spec", company),
            "stranger": ("Чужой Роман Олегович", "member_head", other),
            "outsider": ("Чужих Елена Павловна", "member_spec", other),
        }
        for name, (title, role, organisation) in members.items():
            world.users[name] = add_user(title, f"{name}@member.example", (role,), organisation)
        company.curator_id = world.users["curator"].id
        parameters.put(SYSTEM_ACTOR, "office", OFFICE, valid_from=date(2020, 1, 1))
        db.session.commit()
    return world


def _company(short: str, inn: str, ogrn: str, number: str) -> Organisation:
    entry = Organisation(
        short_name=short,
        full_name=f"{short} (вымышленное)",
        inn=inn,
        ogrn=ogrn,
        register_number=number,
        details={},
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def add_user(name: str, email: str, roles: tuple[str, ...], organisation: Organisation | None = None) -> User:
    """A person with an account and seats; the caller commits."""
    user = User(
        name=name,
        email=email,
        password_hash=password_hash(),
        position="специалист",
        phone="+7 000",
        preferences={},
    )
    db.session.add(user)
    db.session.flush()
    for role in roles:
        db.session.add(
            Seat(user_id=user.id, role=role, organisation_id=organisation.id if organisation else None)
        )
    db.session.flush()
    return user


CHANGE = {
    "changes": ["address"],
    "new_values": "Новый адрес: г. Иркутск, ул. Ленина, д. 5",
    "changed_on": "2026-11-02",
}


def draft(actor: Actor, kind: str = "letter", **fields: object) -> Record:
    """A filled draft of a letter, or of another kind with the given fields."""
    given = fields or {"subject": "О сроках проверки", "text": "Просим сообщить срок плановой проверки."}
    return service.create(actor, kind, fields=given)


def submitted(actor: Actor, kind: str = "letter", **fields: object) -> Record:
    """A filed paper: registered at once."""
    return service.act(actor, draft(actor, kind, **fields).id, "submit")


def attach(actor: Actor, record: Record, stream: BinaryIO, name: str, slot: str = "files") -> int:
    return service.attach(actor, record.id, stream, name, slot=slot).file.id
