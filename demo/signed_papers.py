"""Signatures of the demo (S-20): a test authority of its own, a key of the СРО, some papers signed by the
heads."""

from __future__ import annotations

import secrets
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from sqlalchemy import select

from records import parameters
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db, now
from records.model import Record, StoredFile
from records.storage import storage
from signatures import intake, ours, queue, simple, test_authority, test_root, trust
from signatures.test_root import Owner, TestRoot
from signing.signers import SoftwareSigner

from . import people
from .people import Town

MOST = 24
RESPONSIBLE = "Директоров О. И., приказ № 1 от 09.01.2026 (вымышленный)"


def sign_some(town: Town) -> int:
    """Make the test authority, install the СРО's key, sign some filed papers; returns how many."""
    moment = now()
    root = test_root.make(moment)
    trust.put(SYSTEM_ACTOR, trust.read([root.der]), note="Тестовый удостоверяющий центр демонстрации")
    trust.add_list(SYSTEM_ACTOR, root.crl(at=moment - timedelta(hours=1)))
    _own_key(root)
    done = 0
    for company in town.companies:
        head = town.people[company.id][0]
        done += _sign_papers(root, head, company.id)
        if done >= MOST:
            break
    simple.agree(town.people[town.companies[1].id][0], people.PASSWORD)
    for company in town.companies:
        if _ask(town.people[company.id]):
            break
    return done


def _own_key(root: TestRoot) -> None:
    office = parameters.office()
    owner = Owner(organization=str(office["short_name"]), inn_legal=str(office["inn"]))
    key, password = ec.generate_private_key(ec.SECP256R1()), secrets.token_urlsafe(16)
    certificate = x509.load_der_x509_certificate(root.issue(key.public_key(), owner, at=now()))
    p12 = pkcs12.serialize_key_and_certificates(
        b"demo", key, certificate, None, BestAvailableEncryption(password.encode())
    )
    ours.install(SYSTEM_ACTOR, p12, password, title="Тестовый ключ СРО", responsible=RESPONSIBLE)


def _sign_papers(root: TestRoot, head: Actor, company_id: int) -> int:
    """The latest filed papers of a company, signed by its head."""
    key = ec.generate_private_key(ec.SECP256R1())
    der = root.issue(key.public_key(), test_authority.owner_of(head), at=now())
    signer = SoftwareSigner(key, der, clock=now)
    found = db.session.execute(
        select(StoredFile.id, StoredFile.sha256)
        .join(Record, Record.id == StoredFile.record_id)
        .where(
            Record.organisation_id == company_id,
            Record.direction == "in",
            Record.number_text.is_not(None),
            StoredFile.origin == "upload",
            StoredFile.signature_of.is_(None),
        )
        .order_by(Record.id.desc())
        .limit(3)
    ).all()
    for file_id, sha256 in found:
        intake.receive(head, file_id, signer.sign_cades(storage().path(sha256)))
    return len(found)


def _ask(company_people: list[Actor]) -> bool:
    """The head has something to sign: an open paper with files."""
    head = company_people[0]
    waiting = db.session.scalars(
        select(Record)
        .join(StoredFile, StoredFile.record_id == Record.id)
        .where(
            Record.organisation_id == head.organisation_id,
            Record.direction == "in",
            Record.number_text.is_not(None),
            Record.is_open.is_(True),
        )
        .order_by(Record.id.desc())
        .limit(1)
    ).first()
    if waiting is None or head.user_id is None:
        return False
    queue.set_order(head, waiting.id, [head.user_id])
    return True
