"""The second factor: codes of an application by time (RFC 6238), spare codes for a lost telephone (C-49)."""

from __future__ import annotations

import hashlib
import io
import secrets
from datetime import datetime

import pyotp
import segno
from sqlalchemy import delete, func, select, update

from records.actor import PUBLIC_ACTOR
from records.database import db, now
from records.errors import Invalid, Refused
from records.people import User
from records.service import work

from . import attempts, journal, passwords, sealing
from .model import RecoveryCode, SecondFactor

ISSUER = "Вече"
STEP = 30
SPARE = 10
WRONG = "Код не подошёл. Проверьте, что время в телефоне идёт точно."


def begin(user: User) -> str:
    """The secret to be read by the telephone; it works only after a code confirms it."""
    with work(PUBLIC_ACTOR):
        row = _state(user.id)
        if row.pending_secret is None:
            row.pending_secret = sealing.seal(pyotp.random_base32())
        return sealing.unseal(row.pending_secret)


def _state(user_id: int) -> SecondFactor:
    row = db.session.get(SecondFactor, user_id, with_for_update=True)
    if row is None:
        row = SecondFactor(user_id=user_id, last_step=0)
        db.session.add(row)
    return row


def pending(user_id: int) -> str | None:
    row = db.session.get(SecondFactor, user_id)
    return sealing.unseal(row.pending_secret) if row and row.pending_secret else None


def picture(user: User, secret: str, office: str) -> bytes:
    """The QR code for the application, as SVG."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=office or ISSUER)
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, border=3, dark="#000", light="#fff")
    return out.getvalue()


def confirm(user: User, code: str, *, address: str = "") -> list[str]:
    """Switch the second factor on. Returns the spare codes, shown once."""
    secret = pending(user.id)
    if secret is None:
        raise Refused("Начните подключение заново.")
    step = _step_of(secret, code, now())
    if step is None:
        raise Invalid({"code": [WRONG]})
    codes = [f"{secrets.token_hex(2)}-{secrets.token_hex(2)}-{secrets.token_hex(2)}" for _ in range(SPARE)]
    with work(PUBLIC_ACTOR):
        row = _state(user.id)
        row.pending_secret, row.last_step = None, step
        person = db.session.get(User, user.id)
        if person is not None:
            person.totp_secret = sealing.seal(secret)
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(code)) for code in codes)
        journal.note("totp.on", user_id=user.id, address=address)
    return codes


def switch_off(user: User, password: str, *, address: str = "") -> None:
    """Switch the second factor off; asks for the password, for an unattended screen is not consent."""
    if not passwords.verify(password, user.password_hash):
        raise Invalid({"password": ["Пароль введён неверно."]})
    with work(PUBLIC_ACTOR):
        drop(user.id)
        journal.note("totp.off", user_id=user.id, address=address)


def drop(user_id: int) -> None:
    """Forget a person's second factor inside the caller's transaction (or for a lost phone)."""
    db.session.execute(update(User).where(User.id == user_id).values(totp_secret=None))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def check(user: User, code: str, *, address: str = "") -> None:
    """The code at login: of the application, or a spare one. A code is taken once. Raises Refused."""
    key = f"code:{user.id}"
    attempts.check((key, 5))
    if _spend_spare(user, code, address) or _spend_code(user, code):
        with work(PUBLIC_ACTOR):
            attempts.forget(key)
        return
    with work(PUBLIC_ACTOR):
        attempts.failed(key)
        journal.note("login.code_refused", user_id=user.id, address=address)
    raise Refused(WRONG)


def _spend_code(user: User, code: str) -> bool:
    kept = user.totp_secret
    if not kept:
        return False
    secret = sealing.unseal(kept)
    step = _step_of(secret, code, now())
    if step is None:
        return False
    with work(PUBLIC_ACTOR):
        row = _state(user.id)
        if row.last_step >= step:
            return False  # a code seen over a shoulder is worth nothing a second time
        row.last_step = step
        if not sealing.is_sealed(kept):  # connected before secrets were sealed
            db.session.execute(
                update(User)
                .where(User.id == user.id, User.totp_secret == kept)
                .values(totp_secret=sealing.seal(secret))
            )
    return True


def _spend_spare(user: User, code: str, address: str) -> bool:
    with work(PUBLIC_ACTOR):
        done = db.session.execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.user_id == user.id,
                RecoveryCode.code_hash == _hash(code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now())
        )
        if getattr(done, "rowcount", 0):
            journal.note("totp.recovery", user_id=user.id, address=address)
            return True
    return False


def spare_left(user_id: int) -> int:
    query = select(func.count()).select_from(RecoveryCode)
    return (
        db.session.scalar(query.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0
    )


def _step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The time step whose code this is, one step either way for clocks that differ."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    present = int(moment.timestamp()) // STEP
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().replace(" ", "").encode()).hexdigest()
