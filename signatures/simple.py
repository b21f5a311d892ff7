"""The simple signature (63-ФЗ, ст. 5 ч. 2, ст. 9): an account, the password once more or a one-time code,
and a chained
journal of who signed which bytes and when. Binding only by an agreement on file (ст. 6 ч. 2)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts import attempts, passwords
from messaging import mail
from records import parameters, policy, query
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.history import GENESIS, Fault, digest_of
from records.kinds import registry
from records.model import Record
from records.people import User
from records.service import work
from records.service.unit import Work

from . import log, queue
from .model import Agreement, SigningCode, SimpleChain, SimpleSignature
from .subject import signable

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
RULES = {
    "version": "2026-1",
    "text": (
        "1. Простая электронная подпись — это вход в кабинет по логину и паролю и повторный ввод пароля либо "
        "одноразового кода из письма перед подписанием.\n"
        "2. Документ, подписанный так, признаётся равнозначным документу на бумаге, подписанному "
        "собственноручно "
        "(части 2 статьи 6 и статья 9 Федерального закона от 06.04.2011 № 63-ФЗ).\n"
        "3. Подписавшего определяют по учётной записи, под которой введён пароль или код.\n"
        "4. Владелец учётной записи хранит пароль и доступ к почте в тайне и сразу сообщает СРО, "
        "если они стали "
        "известны другому.\n"
        "5. СРО ведёт журнал: кто, когда и какие файлы подписал, с их контрольными суммами."
    ),
}
"""The rules until the office sets its own (setting «signatures.rules», dated)."""

NOT_FOR = frozenset({"power_of_attorney", "membership_application", "withdrawal_application"})
"""Papers that ask for a qualified signature or paper: membership and powers (setting
«signatures.simple_not_for»)."""


def rules() -> tuple[str, str]:
    """Version and text of the rules in force."""
    found = parameters.get("signatures.rules", RULES)
    assert isinstance(found, dict)
    return str(found["version"]), str(found["text"])


def allowed(record: Record) -> bool:
    """May this kind of paper be signed simply?"""
    found = parameters.get("signatures.simple_not_for")
    refused = frozenset(map(str, found)) if isinstance(found, list) else NOT_FOR
    return record.direction == "in" and record.kind not in refused


def agreement_of(user_id: int | None, organisation_id: int | None) -> Agreement | None:
    """The agreement in force of a person acting for a company, to the rules in force."""
    return db.session.scalars(
        select(Agreement).where(
            Agreement.user_id == user_id,
            Agreement.organisation_id == organisation_id,
            Agreement.rules_version == rules()[0],
            Agreement.ended_at.is_(None),
        )
    ).first()


def agree(actor: Actor, password: str) -> Agreement:
    """Accept the rules: only by the head or a proxy, with the password, for the company he acts for."""
    if actor.read_only or not (actor.may_bind or actor.may_handle):
        raise Forbidden("Соглашение принимает руководитель или представитель по доверенности.")
    user = _user(actor)
    _check_password(user, password, actor)
    version, text = rules()
    with work(actor) as unit:
        known = agreement_of(user.id, actor.organisation_id)
        if known is not None:
            return known
        row = Agreement(
            user_id=user.id,
            organisation_id=actor.organisation_id,
            rules_version=version,
            rules_sha256=hashlib.sha256(text.encode()).hexdigest(),
            accepted_at=unit.at,
            address=actor.address[:45],
        )
        db.session.add(row)
    return row


def _user(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise Forbidden
    return user


def _check_password(user: User, password: str, actor: Actor) -> None:
    key = f"simple:{user.id}"
    attempts.check((key, CODE_TRIES))
    if passwords.verify(password, user.password_hash):
        return
    with work(actor):
        attempts.failed(key)
    raise Invalid({"password": ["Пароль введён неверно."]})


def documents_of(record: Record) -> list[dict[str, object]]:
    """What is signed: the files, and the filled fields as one more document."""
    content = {"kind": record.kind, "title": record.title, "fields": dict(record.payload or {})}
    fields: dict[str, object] = {
        "name": f"Содержание: {record.title}"[:300],
        "size": 0,
        "sha256": digest_of(content),
        "streebog256": None,
    }
    files: list[dict[str, object]] = [
        {"name": f.name, "size": f.size, "sha256": f.sha256, "streebog256": f.streebog256}
        for f in signable(record)
    ]
    return [fields, *files]


def documents_digest(documents: Sequence[dict[str, object]]) -> str:
    """One digest over everything that is signed; shown beside the code in the letter."""
    return digest_of([[d["name"], d["sha256"]] for d in documents])


def _ready(actor: Actor, record_id: int) -> Record:
    record = query.get(actor, record_id)
    if not policy.may_sign(actor, record, registry[record.kind]) or not actor.may_bind:
        raise Forbidden("Простой подписью подписывает руководитель или представитель по доверенности.")
    if not allowed(record):
        raise Refused("Такой документ подписывают квалифицированной подписью или на бумаге.")
    if agreement_of(actor.user_id, actor.organisation_id) is None:
        raise Refused("Сначала примите соглашение о простой электронной подписи.")
    queue.check_turn(actor, record)
    return record


def send_code(actor: Actor, record_id: int) -> SigningCode:
    """Send a one-time code for exactly these bytes; the letter names them and their digest."""
    record = _ready(actor, record_id)
    user = _user(actor)
    documents = documents_of(record)
    code = f"{secrets.randbelow(10**6):06d}"
    with work(actor) as unit:
        attempts.spend(f"simple-code:{user.id}", most=5)
        row = SigningCode(
            user_id=user.id,
            documents_digest=documents_digest(documents),
            code_hash=_code_hash(code, user.id),
            sent_to=user.email,
            expires_at=unit.at + CODE_LIFE,
        )
        db.session.add(row)
        mail.send(
            user.email,
            "Код для подписания документа",
            "signing_code",
            {"code": code, "title": record.title, "digest": row.documents_digest, "minutes": 5},
            about="code",
            to_name=user.name,
        )
    return row


def _code_hash(code: str, user_id: int) -> str:
    return hashlib.sha256(f"{user_id}:{code}".encode()).hexdigest()


def sign(
    actor: Actor,
    record_id: int,
    *,
    password: str = "",
    code: str = "",
    agent: str = "",
    once: str | None = None,
    then: Callable[[], object] | None = None,
) -> SimpleSignature:
    """Sign a record with the password or with the code that was sent for these very bytes.

    `then` is done in the same transaction: a paper is signed and sent together, or neither.
    """
    record = _ready(actor, record_id)
    user = _user(actor)
    documents = documents_of(record)
    used = None
    if code.strip():
        used = _spend_code(actor, user, code, documents_digest(documents))
    else:
        _check_password(user, password, actor)
    with work(actor, once=once) as unit:
        if unit.earlier is not None:
            found = db.session.get(SimpleSignature, unit.earlier.get("simple"))
            if found is None:
                raise NotFound
            return found
        row = _write(unit, record_id, user, documents, used, agent)
        if then is not None:
            then()
        unit.result = {"record": record_id, "simple": row.id}
    return row


def _write(
    unit: Work,
    record_id: int,
    user: User,
    documents: list[dict[str, object]],
    used: SigningCode | None,
    agent: str,
) -> SimpleSignature:
    locked = unit.lock(record_id)
    if documents_digest(documents_of(locked)) != documents_digest(documents):
        raise Refused("Документ изменился, пока вы подписывали. Просмотрите его ещё раз.")
    row = _row(unit, user, documents, used, agent)
    row.record_id = record_id
    _chain(row)
    db.session.add(row)
    db.session.flush()
    told = f"{mark(row)} SHA-256 {documents_digest(documents)}"
    unit.history(locked, "sign.simple", changes={"simple": (None, told)}, notify=False)
    log.note(unit, locked, "simple", text=f"Операция № {row.operation}")
    queue.done_otherwise(unit, locked)
    return row


def asked_on_sending(actor: Actor, record: Record, verb: str) -> bool:
    """Does sending ask for the password again: from whoever has agreed to sign so (S-02)?"""
    if verb != "submit" or not actor.may_bind or actor.channel != "cabinet" or not allowed(record):
        return False
    return agreement_of(actor.user_id, actor.organisation_id) is not None


def _spend_code(actor: Actor, user: User, code: str, digest: str) -> SigningCode:
    """The code is tried against the newest unspent one; five wrong tries end it."""
    with work(actor):
        row = db.session.scalars(
            select(SigningCode)
            .where(SigningCode.user_id == user.id, SigningCode.used_at.is_(None))
            .order_by(SigningCode.id.desc())
            .limit(1)
            .with_for_update()
        ).first()
        problem = _code_problem(row, code, user.id, digest)
        if row is not None and problem is None:
            row.used_at = now()
        elif row is not None:
            row.tries += 1
    if row is None or problem is not None:
        raise Invalid({"code": [problem or "Запросите код."]})
    return row


def _code_problem(row: SigningCode | None, code: str, user_id: int, digest: str) -> str | None:
    if row is None:
        return "Запросите код: письмо ещё не отправлялось."
    if row.expires_at < now():
        return "Срок кода истёк. Запросите новый."
    if row.tries >= CODE_TRIES:
        return "Код введён неверно слишком много раз. Запросите новый."
    if row.documents_digest != digest:
        return "Код был отправлен для другой редакции документа. Запросите новый."
    if not secrets.compare_digest(row.code_hash, _code_hash("".join(code.split()), user_id)):
        return "Код введён неверно."
    return None


def _row(
    unit: Work, user: User, documents: list[dict[str, object]], used: SigningCode | None, agent: str
) -> SimpleSignature:
    return SimpleSignature(
        user_id=user.id,
        organisation_id=unit.actor.organisation_id,
        operation=f"{unit.at:%y%m%d}-{secrets.token_hex(4)}",
        person=user.name,
        login=user.email,
        documents=documents,
        factor="code" if used else "password",
        code_hash=used.code_hash if used else "",
        sent_to=used.sent_to if used else "",
        at=unit.at,
        address=unit.actor.address[:45],
        agent=agent[:300],
        rules_version=rules()[0],
    )


def _chain(row: SimpleSignature) -> None:
    """Put the row at the end of the chain; the head is locked by whoever adds."""
    head = db.session.get(SimpleChain, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = SimpleChain(id=1, head=GENESIS, count=0)
        db.session.add(head)
        db.session.flush()
    row.previous = head.head
    row.digest = digest(row)
    head.head, head.count = row.digest, head.count + 1


def digest(row: SimpleSignature) -> str:
    """The digest of a row and, through it, of all rows before."""
    values: list[Any] = [
        row.previous, row.record_id, row.user_id, row.organisation_id, row.operation, row.person, row.login,
        row.documents, row.factor, row.code_hash, row.sent_to, row.at.isoformat(timespec="microseconds"),
        row.address, row.agent, row.rules_version,
    ]  # fmt: skip
    return digest_of(values)


def faults() -> Iterator[Fault]:
    """Rows of the journal that do not agree with the chain."""
    previous, count = GENESIS, 0
    for row in db.session.scalars(select(SimpleSignature).order_by(SimpleSignature.id)):
        if row.previous != previous or row.digest != digest(row):
            text = f"журнал простых подписей: запись № {row.operation} изменена или переставлена"
            yield Fault(row.record_id, None, row.at, text)
        previous, count = row.digest, count + 1
    head = db.session.get(SimpleChain, 1)
    if (head.head if head else GENESIS, head.count if head else 0) != (previous, count):
        yield Fault(0, None, None, "журнал простых подписей: конец отрезан или подменён")


def mark(row: SimpleSignature) -> str:
    """The mark in words: never the frame of the ГОСТ, which is for certificates."""
    at = row.at.astimezone(parameters.zone())
    zone = "МСК" if str(parameters.zone()) == "Europe/Moscow" else at.tzname()
    return (
        f"Подписано простой электронной подписью: {row.person}, {at:%d.%m.%Y %H:%M:%S} ({zone}), "
        f"операция № {row.operation}."
    )


def of_record(record_id: int) -> list[SimpleSignature]:
    return list(
        db.session.scalars(
            select(SimpleSignature).where(SimpleSignature.record_id == record_id).order_by(SimpleSignature.id)
        )
    )
