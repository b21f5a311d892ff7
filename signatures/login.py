"""Coming in by a certificate (C-06): a text of five lines, signed once, in this browser, within five minutes.

The account is found by СНИЛС and ИНН of the person; the company by ИНН and ОГРН. The first binding of a
person to an
account asks for a session (the person's own) or an administrator.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

import signing
from accounts import attempts, journal
from accounts.actors import valid_seats
from records import parameters
from records.actor import PUBLIC_ACTOR, Actor
from records.database import db, now
from records.errors import Forbidden, NotFound, Refused
from records.people import Organisation, User
from records.service import work
from signing import CertificateFacts

from . import trust
from .model import CertificateBinding, LoginChallenge

LIFE = timedelta(minutes=5)
FREE_TRIES = 5
STALE = "Время подписания вышло или запрос уже использован. Начните вход заново."
NO_PERSON = (
    "В сертификате нет СНИЛС и ИНН человека: войти по нему нельзя. "
    "Нужен сертификат руководителя или сотрудника."
)
NOT_BOUND = (
    "Этот сертификат не привязан ни к одной учётной записи. Войдите по паролю и привяжите его: «Мой "
    "профиль», "
    "«Вход по сертификату»."
)


@dataclass(frozen=True)
class Entered:
    """Who came in, and for which company."""

    user: User
    seat_id: int | None
    facts: CertificateFacts


def challenge(holder: str, origin: str, *, purpose: str = "login") -> str:
    """A text to be signed by the browser that holds this session. Five lines, UTF-8, LF."""
    moment = now().replace(microsecond=0)
    nonce = secrets.token_hex(20)
    lines = (
        f"purpose={purpose}",
        f"origin={origin}",
        f"nonce={nonce}",
        f"issued={moment:%Y-%m-%dT%H:%M:%SZ}",
        f"expires={moment + LIFE:%Y-%m-%dT%H:%M:%SZ}",
    )
    text = "\n".join(lines)
    with work(PUBLIC_ACTOR):
        db.session.execute(delete(LoginChallenge).where(LoginChallenge.expires_at < moment - LIFE))
        db.session.add(
            LoginChallenge(
                nonce_hash=_hash(nonce),
                holder=_hash(holder),
                text=text,
                purpose=purpose,
                expires_at=moment + LIFE,
            )
        )
    return text


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def proven(
    holder: str, nonce: str, signature: bytes, address: str, *, purpose: str = "login"
) -> CertificateFacts:
    """Whose certificate signed the challenge of this browser. The challenge is spent before anything is
    checked."""
    key = f"cert:{address}"
    attempts.check((key, FREE_TRIES * 4))
    text = _spend(holder, nonce, purpose)
    try:
        return _signer(text, signature)
    except Refused as refused:
        _failed(key, address, str(refused))
        raise


def _spend(holder: str, nonce: str, purpose: str) -> bytes:
    with work(PUBLIC_ACTOR) as unit:
        row = db.session.get(LoginChallenge, _hash(nonce))
        done = db.session.execute(
            update(LoginChallenge)
            .where(
                LoginChallenge.nonce_hash == _hash(nonce),
                LoginChallenge.holder == _hash(holder),
                LoginChallenge.purpose == purpose,
                LoginChallenge.used_at.is_(None),
                LoginChallenge.expires_at >= unit.at,
            )
            .values(used_at=unit.at)
        )
        if row is None or not getattr(done, "rowcount", 0):
            raise Refused(STALE)
        return row.text.encode()


def _signer(text: bytes, signature: bytes) -> CertificateFacts:
    """Only a passed signature by one person lets in: a status that is not known yet is a refusal."""
    found = trust.current()
    report = signing.verify(signature, text, found.store, at=now(), revocation=found.revocation)
    if len(report.signers) != 1 or report.signers[0].certificate is None:
        raise Refused(f"Вход не выполнен. {report.text}.")
    facts = report.signers[0].certificate
    if not report.passed:
        raise Refused(f"Вход не выполнен. {report.text}.")
    if report.signed_content is not None and report.signed_content != text:
        raise Refused(STALE)
    return facts


def _failed(key: str, address: str, why: str, user_id: int | None = None) -> None:
    with work(PUBLIC_ACTOR):
        attempts.failed(key)
        journal.note("login.refused", user_id=user_id, address=address, details={"certificate": why[:200]})


def enter(holder: str, nonce: str, signature: bytes, address: str) -> Entered:
    """The account of whoever signed the challenge. Raises Refused with the reason."""
    facts = proven(holder, nonce, signature, address)
    keys = (f"cert:{facts.sha256}"[:80], FREE_TRIES)
    attempts.check(keys)
    try:
        return _account(facts)
    except Refused as refused:
        _failed(keys[0], address, str(refused))
        raise


def _account(facts: CertificateFacts) -> Entered:
    if not facts.snils or not facts.inn:
        raise Refused(NO_PERSON)
    rows = db.session.scalars(
        select(CertificateBinding).where(
            CertificateBinding.snils == facts.snils,
            CertificateBinding.inn == facts.inn,
            CertificateBinding.revoked_at.is_(None),
        )
    ).all()
    people = [user for row in rows if (user := db.session.get(User, row.user_id)) and user.is_active]
    if not people:
        raise Refused(NOT_BOUND)
    for user in people:
        seat_id = _seat(user, facts)
        if seat_id is not None:
            return Entered(user, seat_id, facts)
    if facts.inn_legal or facts.ogrn:
        whose = facts.organization or f"ИНН {facts.inn_legal}"
        raise Refused(
            f"Сертификат выдан на «{whose}»: у этой учётной записи нет доступа к такой организации."
        )
    raise Refused("У учётной записи нет действующего доступа. Обратитесь в СРО.")


def _seat(user: User, facts: CertificateFacts) -> int | None:
    """The seat a certificate opens: of its own company; a personal one opens any seat of the person."""
    seats = valid_seats(user, parameters.today())
    if facts.inn_legal or facts.ogrn:
        office = parameters.office()
        if facts.inn_legal and facts.inn_legal == office.get("inn"):
            return next((seat.id for seat in seats if seat.organisation_id is None), None)
        for seat in seats:
            if seat.organisation is not None and _is_of(facts, seat.organisation):
                return seat.id
        return None
    return seats[0].id if seats else None


def _is_of(facts: CertificateFacts, company: Organisation) -> bool:
    if facts.inn_legal and facts.inn_legal != company.inn:
        return False
    if facts.ogrn and company.ogrn and facts.ogrn != company.ogrn:
        return False
    return bool(facts.inn_legal or (facts.ogrn and facts.ogrn == company.ogrn))


def bind(actor: Actor, holder: str, nonce: str, signature: bytes) -> CertificateBinding:
    """Tie the person of a certificate to one's own account, in a session that is open already."""
    if actor.user_id is None or actor.read_only:
        raise Forbidden
    facts = proven(holder, nonce, signature, actor.address, purpose="bind")
    if not facts.snils or not facts.inn:
        raise Refused(NO_PERSON)
    with work(actor) as unit:
        taken = db.session.scalars(
            select(CertificateBinding).where(
                CertificateBinding.snils == facts.snils,
                CertificateBinding.inn == facts.inn,
                CertificateBinding.revoked_at.is_(None),
            )
        ).all()
        mine = next((row for row in taken if row.user_id == actor.user_id), None)
        if mine is not None:
            return mine
        if taken:
            raise Refused("Этот человек уже привязан к другой учётной записи. Обратитесь к администратору.")
        row = CertificateBinding(
            user_id=actor.user_id,
            snils=facts.snils,
            inn=facts.inn,
            owner=facts.owner[:300],
            certificate_sha256=facts.sha256,
            bound_at=unit.at,
            bound_by=actor.user_id,
        )
        db.session.add(row)
        journal.note(
            "certificate.bound", user_id=actor.user_id, address=actor.address, details={"owner": facts.owner}
        )
    return row


def unbind(actor: Actor, binding_id: int) -> None:
    """Take a certificate off one's own account."""
    with work(actor) as unit:
        row = db.session.get(CertificateBinding, binding_id)
        if row is None or row.user_id != actor.user_id or row.revoked_at is not None:
            raise NotFound
        row.revoked_at = unit.at
        journal.note(
            "certificate.unbound", user_id=actor.user_id, address=actor.address, details={"owner": row.owner}
        )


def bindings(user_id: int) -> list[CertificateBinding]:
    return list(
        db.session.scalars(
            select(CertificateBinding).where(
                CertificateBinding.user_id == user_id, CertificateBinding.revoked_at.is_(None)
            )
        )
    )
