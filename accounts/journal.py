"""The journal of security events: who came in, was refused, looked through another's eyes, issued a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from records import parameters
from records.database import db
from records.people import Organisation, User

from .model import SecurityEvent

VERBS: Mapping[str, str] = {
    "login.done": "Вход",
    "login.refused": "Неудачный вход",
    "certificate.bound": "Сертификат привязан к учётной записи",
    "certificate.unbound": "Сертификат отвязан",
    "login.code_refused": "Неверный одноразовый код",
    "logout": "Выход",
    "session.closed": "Сеанс завершён",
    "password.changed": "Пароль изменён",
    "password.asked": "Запрошено восстановление пароля",
    "password.reset": "Пароль восстановлен по ссылке",
    "totp.on": "Второй фактор включён",
    "totp.off": "Второй фактор выключен",
    "totp.recovery": "Вход по запасному коду",
    "key.issued": "Выдан ключ API",
    "key.revoked": "Ключ API отозван",
    "invite.sent": "Отправлено приглашение",
    "invite.used": "Учётная запись активирована",
    "seat.given": "Дан доступ",
    "seat.revoked": "Доступ прекращён",
    "user.blocked": "Учётная запись заблокирована",
    "user.unblocked": "Учётная запись разблокирована",
    "view_as.started": "Просмотр глазами члена: начат",
    "view_as.stopped": "Просмотр глазами члена: закончен",
    "organisation.switched": "Переход в другую организацию",
    "registration.asked": "Заявка на регистрацию",
    "registration.approved": "Заявка на регистрацию одобрена",
    "registration.refused": "Заявка на регистрацию отклонена",
    "substitution.set": "Назначено замещение",
    "substitution.ended": "Замещение прекращено",
    "access.explained": "Проверены права на документ",
    "import.loaded": "Загружен список членов",
}


def note(
    verb: str,
    *,
    user_id: int | None = None,
    address: str = "",
    organisation_id: int | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add an event to the present transaction. Raises KeyError for a verb nobody could read later."""
    VERBS[verb]
    db.session.add(
        SecurityEvent(
            verb=verb,
            user_id=user_id,
            address=address[:45],
            organisation_id=organisation_id,
            details=dict(details or {}),
        )
    )


@dataclass(frozen=True)
class Line:
    """An event as it is read."""

    id: int
    at: datetime
    verb: str
    title: str
    person: str
    organisation: str
    address: str
    details: str


@dataclass(frozen=True)
class Sought:
    """What a reader of the journal asks for."""

    verbs: Sequence[str] = ()
    user_id: int | None = None
    organisation_id: int | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None
    limit: int = 50


def lines(sought: Sought) -> list[Line]:
    """Events, latest first."""
    who = aliased(User)
    query = (
        select(SecurityEvent, who.name, Organisation.short_name)
        .outerjoin(who, who.id == SecurityEvent.user_id)
        .outerjoin(Organisation, Organisation.id == SecurityEvent.organisation_id)
        .order_by(SecurityEvent.id.desc())
        .limit(sought.limit)
    )
    if sought.verbs:
        query = query.where(SecurityEvent.verb.in_(sought.verbs))
    if sought.user_id is not None:
        query = query.where(SecurityEvent.user_id == sought.user_id)
    if sought.organisation_id is not None:
        query = query.where(SecurityEvent.organisation_id == sought.organisation_id)
    if sought.since is not None:
        query = query.where(SecurityEvent.at >= _midnight(sought.since))
    if sought.until is not None:
        query = query.where(SecurityEvent.at < _midnight(sought.until + timedelta(days=1)))
    if sought.before is not None:
        query = query.where(SecurityEvent.id < sought.before)
    return [
        Line(
            event.id,
            event.at,
            event.verb,
            VERBS.get(event.verb, event.verb),
            person or "",
            organisation or "",
            event.address,
            "; ".join(str(value) for value in event.details.values() if value not in (None, "")),
        )
        for event, person, organisation in db.session.execute(query)
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), parameters.zone())
