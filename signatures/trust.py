"""Whom we believe: versions of the trust store, lists of revoked certificates, and the wall between the
test authority and the real ones (S-20)."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from records import outbox, policy
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.service import work
from signing.asn1 import Malformed
from signing.certificates import Certificate, certificates_in
from signing.model import INTERNAL, POLICIES, RU_QUALIFIED, Policy, Revocation
from signing.people import facts_of, short_name
from signing.revocation import StatusAnswer, StatusList, entry_of, status_data
from signing.trust import TrustStore

from .model import RevocationList, TrustVersion
from .ports import list_folder

log = logging.getLogger("signatures")

NO_STORE = "пустое"
MIXED = (
    "Тестовый удостоверяющий центр не ставится рядом с настоящими: учебная подпись сошла бы за настоящую. "
    "Оставьте что-то одно."
)
TOO_LATE = "В этой установке уже были настоящие удостоверяющие центры: учебный режим в ней невозможен."


@dataclass(frozen=True)
class Trust:
    """What a check stands on: anchors, statuses, and the name of this version."""

    store: TrustStore
    revocation: Revocation
    name: str
    is_test: bool


_stores: dict[str, TrustStore] = {}
_lists: dict[tuple[str, ...], Revocation] = {}


def current() -> Trust:
    """The trust in force now. Certificates and lists are read once and remembered by their digests."""
    row = db.session.execute(
        select(TrustVersion.id, TrustVersion.name, TrustVersion.is_test)
        .order_by(TrustVersion.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Trust(TrustStore((), (), RU_QUALIFIED, NO_STORE), _revocation(), NO_STORE, is_test=False)
    return Trust(_store(row.id, row.name), _revocation(), row.name, row.is_test)


def _store(version_id: int, name: str) -> TrustStore:
    if name not in _stores:
        row = db.session.get(TrustVersion, version_id, options=[undefer(TrustVersion.content)])
        assert row is not None
        _stores.clear()
        _stores[name] = TrustStore.from_certificates(
            [row.content], version=row.name, policy=POLICIES[row.policy]
        )
    return _stores[name]


def _revocation() -> Revocation:
    found = db.session.execute(
        select(RevocationList.sha256, RevocationList.kind, RevocationList.id).order_by(RevocationList.id)
    ).all()
    key = tuple(row.sha256 for row in found)
    if key not in _lists:
        contents = {
            row_id: content
            for row_id, content in db.session.execute(select(RevocationList.id, RevocationList.content))
        }
        _lists.clear()
        _lists[key] = Revocation(
            crls=tuple(contents[row.id] for row in found if row.kind == "crl"),
            ocsps=tuple(contents[row.id] for row in found if row.kind == "ocsp"),
        )
    return _lists[key]


def is_test_mode() -> bool:
    """Is the present trust the test authority's (the demo)?"""
    found = db.session.scalar(select(TrustVersion.is_test).order_by(TrustVersion.id.desc()).limit(1))
    return bool(found)


@dataclass(frozen=True)
class Change:
    """What a new version would add and take away, shown before it is set."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    policy: Policy
    is_test: bool


def read(files: Iterable[bytes]) -> list[Certificate]:
    """Certificates of uploaded files, DER or PEM. Raises Invalid with what cannot be read."""
    found: dict[str, Certificate] = {}
    for data in files:
        try:
            found |= {item.sha256: item for item in certificates_in(data)}
        except Malformed as problem:
            raise Invalid({"certificates": [f"Файл не принят: {problem}."]}) from problem
    if not found:
        raise Invalid({"certificates": ["Выберите файлы сертификатов: .cer, .crt или .pem."]})
    return list(found.values())


def judged(certificates: Sequence[Certificate]) -> bool:
    """Is this the test authority? Refused when test and real stand together, or real ones have ever stood."""
    marks = {facts_of(item).is_test for item in certificates}
    if marks == {True, False}:
        raise Refused(MIXED)
    is_test = marks == {True}
    real_before = select(TrustVersion.id).where(TrustVersion.is_test.is_(False)).limit(1)
    if is_test and db.session.execute(real_before).first() is not None:
        raise Refused(TOO_LATE)
    return is_test


def preview(certificates: Sequence[Certificate], policy_code: str = RU_QUALIFIED.code) -> Change:
    """What would change; raises Refused when it may not."""
    is_test = judged(certificates)
    now_in = {item.sha256: item for item in current().store.certificates}
    new = {item.sha256: item for item in certificates}
    return Change(
        tuple(short_name(new[key]) for key in new if key not in now_in),
        tuple(short_name(now_in[key]) for key in now_in if key not in new),
        _policy(policy_code, is_test),
        is_test,
    )


def _policy(code: str, is_test: bool) -> Policy:
    if is_test:
        return INTERNAL
    try:
        return POLICIES[code]
    except KeyError:
        raise Invalid({"policy": ["Выберите политику проверки."]}) from None


def put(
    actor: Actor,
    certificates: Sequence[Certificate],
    *,
    policy_code: str = RU_QUALIFIED.code,
    note: str = "",
) -> TrustVersion:
    """Set a new version of the store whole; signatures are checked anew under it."""
    _administers(actor)
    with work(actor):
        is_test = judged(certificates)
        policy_chosen = _policy(policy_code, is_test)
        pem = b"".join(_pem(item.der) for item in certificates)
        store = TrustStore.from_certificates([pem], policy=policy_chosen)
        if not store.anchors:
            raise Refused("Среди файлов нет ни одного корневого сертификата: цепочку строить не к чему.")
        number = (db.session.scalar(select(db.func.count()).select_from(TrustVersion)) or 0) + 1
        row = TrustVersion(
            name=f"{number}-{hashlib.sha256(pem + policy_chosen.code.encode()).hexdigest()[:12]}",
            policy=policy_chosen.code,
            is_test=is_test,
            roots=[_told(item, store) for item in certificates],
            content=pem,
            note=note[:500],
            set_by=actor.user_id,
        )
        db.session.add(row)
        db.session.flush()
        outbox.put("recheck", "store", {"why": "store"})
    return row


def _pem(der: bytes) -> bytes:
    body = base64.encodebytes(der)
    return b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n"


def _told(item: Certificate, store: TrustStore) -> dict[str, str]:
    return {
        "name": short_name(item),
        "sha256": item.sha256,
        "until": item.not_after.date().isoformat(),
        "role": "корневой" if store.is_anchor(item) else "промежуточный",
        "test": "да" if facts_of(item).is_test else "",
    }


def _administers(actor: Actor) -> None:
    if not (policy.may_administer(actor) or actor.is_system):
        raise Forbidden("Доверенные удостоверяющие центры меняет администратор.")


def add_list(actor: Actor, data: bytes, *, is_ocsp: bool = False) -> RevocationList:
    """Bring in a CRL (or an OCSP answer) and have what it touches checked again. Idempotent."""
    _administers(actor)
    sha256 = hashlib.sha256(data).hexdigest()
    status = status_data(Revocation(ocsps=(data,)) if is_ocsp else Revocation(crls=(data,)))
    if status.warnings:
        raise Invalid({"crl": [f"Файл не принят: {status.warnings[0]}."]})
    if status.lists and not any(
        status.lists[0].is_signed_by(issuer) for issuer in current().store.certificates
    ):
        raise Invalid({"crl": ["Список отзыва подписан не доверенным удостоверяющим центром."]})
    with work(actor):
        known = db.session.scalars(select(RevocationList).where(RevocationList.sha256 == sha256)).first()
        if known is not None:
            return known
        first: StatusList | StatusAnswer = status.lists[0] if status.lists else status.answers[0]
        row = RevocationList(
            sha256=sha256,
            kind="ocsp" if is_ocsp else "crl",
            issuer_name=status.lists[0].issuer_text if status.lists else "",
            this_update=first.this_update,
            next_update=first.next_update,
            content=data,
            added_by=actor.user_id,
        )
        db.session.add(row)
        db.session.flush()
        outbox.put("recheck", f"crl:{sha256[:40]}", {"why": "crl", "list": row.id})
    return row


def lists_of(list_id: int) -> StatusList | None:
    """One stored CRL, parsed; None for an OCSP answer or when it is gone."""
    row = db.session.get(RevocationList, list_id, options=[undefer(RevocationList.content)])
    if row is None or row.kind != "crl":
        return None
    return status_data(Revocation(crls=(row.content,))).lists[0]


def names_serial(found: StatusList, serial_hex: str) -> bool:
    """Does the list call this certificate revoked?"""
    return entry_of(found, int(serial_hex, 16)) is not None


def versions() -> list[TrustVersion]:
    return list(db.session.scalars(select(TrustVersion).order_by(TrustVersion.id.desc())))


def revocation_lists() -> list[RevocationList]:
    return list(db.session.scalars(select(RevocationList).order_by(RevocationList.id.desc()).limit(200)))


def take_folder() -> int:
    """Bring in the lists lying in the folder (a timer); what is known is passed over, what is bad is logged.

    Nothing is fetched here: an address in a certificate is a stranger's word. Whoever keeps the server
    downloads the lists of the authorities he trusts into the folder.
    """
    folder = list_folder()
    if folder is None or not folder.is_dir():
        return 0
    known = set(db.session.scalars(select(RevocationList.sha256)))
    db.session.rollback()
    taken = 0
    for path in sorted([*folder.glob("*.crl"), *folder.glob("*.ocsp")]):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() in known:
            continue
        try:
            add_list(SYSTEM_ACTOR, content, is_ocsp=path.suffix == ".ocsp")
            taken += 1
        except Invalid as invalid:
            log.warning("list of revoked certificates %s: %s", path.name, invalid)
    return taken
