"""A test authority of the tests' own: keys made anew, certificates for the people of the world, a trust
store."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from documents.paper import Paper, Paragraph
from documents.printing import as_pdf
from records.actor import SYSTEM_ACTOR
from records.database import now
from signatures import test_root, trust
from signatures.test_root import Owner, TestRoot
from signing.signers import SoftwareSigner
from tests.world import OFFICE, attach, draft

PERSON_INN, PERSON_SNILS = "500100732259", "11223344595"


@dataclass
class Authority:
    """The root, and signers by the names of the world."""

    root: TestRoot
    at: datetime
    revoked: list[int] = field(default_factory=list)

    def key_for(self, owner: Owner, **options: Any) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        return key, self.root.issue(key.public_key(), owner, at=options.pop("at", self.at), **options)

    def signer(self, owner: Owner, **options: Any) -> SoftwareSigner:
        key, der = self.key_for(owner, **options)
        return SoftwareSigner(key, der, clock=lambda: self.at)

    def p12(self, owner: Owner, password: str, **options: Any) -> bytes:
        key, der = self.key_for(owner, **options)
        return pkcs12.serialize_key_and_certificates(
            b"key", key, x509.load_der_x509_certificate(der), None, BestAvailableEncryption(password.encode())
        )


def head_owner(**changes: str) -> Owner:
    values = {
        "name": "Иванов Иван Иванович",
        "organization": "ООО «Ромашка»",
        "title": "Директор",
        "inn": PERSON_INN,
        "snils": PERSON_SNILS,
        "inn_legal": "7701677668",
        "ogrn": "1157777015945",
    }
    return Owner(**{**values, **changes})


def office_owner(**changes: str) -> Owner:
    values = {"organization": "Ассоциация СРО «Байкал»", "inn_legal": OFFICE["inn"], "ogrn": OFFICE["ogrn"]}
    return Owner(**{**values, **changes})


@pytest.fixture
def authority(ctx: Any) -> Authority:
    """The test authority is trusted, its empty list of revoked certificates is at hand."""
    moment = now()
    root = test_root.make(moment)
    trust.put(SYSTEM_ACTOR, trust.read([root.der]))
    trust.add_list(SYSTEM_ACTOR, root.crl(at=moment - timedelta(hours=1)))
    return Authority(root, moment)


@pytest.fixture
def paper() -> bytes:
    """A one-page PDF."""
    return as_pdf(Paper("Приказ", (Paragraph("О проверке."),), now()))


@pytest.fixture
def letter_with(head: Any, world: Any) -> Any:
    """`letter_with(content, name)`: a draft letter of the company with that file; gives (record, file id)."""

    def make(content: bytes = b"text of the paper", name: str = "paper.txt") -> tuple[Any, int]:
        record = draft(head)
        return record, attach(head, record, io.BytesIO(content), name)

    return make


def password() -> str:
    return secrets.token_hex(6)
