"""The test authority of the demo (S-20): certificates for people where not a single real root is believed.

Its root carries the test policy, so `trust.judged` refuses it beside real authorities and every signature
under it is marked «тестовая». Private keys of people never come here: the browser makes them and sends a
request.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from records import parameters
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, Refused
from records.people import Organisation, User
from signing.people import INN, INN_LEGAL, OGRN, SNILS, TEST_POLICY

from . import trust
from .model import TrustVersion

TITLE = "Тестовый удостоверяющий центр"
UNREADABLE = "Запрос на тестовый сертификат не читается. Обновите страницу и повторите."
OFF = "Учебный режим выключен: тестовые сертификаты не выдаются."
LIFE_OF_ROOT = timedelta(days=3650)
LIFE = timedelta(days=365)
MOST_REQUEST = 4096
MOST_LETTERS = 64
# Clocks of two machines differ by minutes: a certificate is good from a little before it was asked for.
LEEWAY = timedelta(minutes=5)
_KEY, _ROOT = "key.pem", "root.pem"
# The kinds of strings that order № 795 prescribes for the Russian numbers.
_NUMERIC = x509.name._ASN1Type.NumericString


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names."""

    person: str = ""
    position: str = ""
    organisation: str = ""
    inn: str = ""
    inn_legal: str = ""
    ogrn: str = ""
    snils: str = ""

    def name(self) -> x509.Name:
        """In the order and with the attributes of a qualified certificate."""
        surname, _, given = self.person.partition(" ")
        common = self.person if not self.organisation else self.organisation
        plain = (
            (NameOID.COMMON_NAME, common),
            (NameOID.SURNAME, surname),
            (NameOID.GIVEN_NAME, given),
            (NameOID.TITLE, self.position),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.COUNTRY_NAME, "RU"),
        )
        numbers = ((INN, self.inn), (INN_LEGAL, self.inn_legal), (OGRN, self.ogrn), (SNILS, self.snils))
        return x509.Name(
            [_attribute(oid, value) for oid, value in plain if value]
            + [_attribute(ObjectIdentifier(oid), value, _NUMERIC) for oid, value in numbers if value]
        )


def _attribute(oid: ObjectIdentifier, value: str, kind: Any = None) -> x509.NameAttribute[Any]:
    # X.520 bounds a name by 64 letters; the library counts bytes, and a Russian letter takes two of them.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.NameAttribute(oid, value[:MOST_LETTERS], kind, _validate=False)


class TestAuthority:
    """A root with its key in the folder of the installation."""

    __test__ = False  # not a test, whatever pytest thinks of the name

    def __init__(self, key: ec.EllipticCurvePrivateKey, root: x509.Certificate) -> None:
        self._key = key
        self._root = root

    @property
    def root(self) -> bytes:
        """The root certificate, DER."""
        return self._root.public_bytes(serialization.Encoding.DER)

    def revocation_list(self, at: datetime) -> bytes:
        """Nobody is revoked: one list for the whole life of the root, so that the demo needs no keeper."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._root.subject)
            .last_update(at - LEEWAY)
            .next_update(self._root.not_valid_after_utc)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(_identifier_of(self._root), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def issue(self, request: bytes, subject: Subject, at: datetime) -> bytes:
        """A certificate for the key of a PKCS#10 request; the names are the account's, not the request's.

        Raises Invalid when the request does not prove that its sender holds the key.
        """
        return self.certify(_key_of(request), subject, at)

    def certify(self, key: ec.EllipticCurvePublicKey, subject: Subject, at: datetime) -> bytes:
        """A certificate for a key that is known to be the subject's, DER."""
        builder = (
            _builder(subject.name(), key, at - LEEWAY, min(at + LIFE, self._root.not_valid_after_utc))
            .issuer_name(self._root.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(_identifier_of(self._root), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    policy = x509.PolicyInformation(ObjectIdentifier(TEST_POLICY), None)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _identifier_of(root: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _key_of(request: bytes) -> ec.EllipticCurvePublicKey:
    wrong = Invalid({"request": [UNREADABLE]})
    if len(request) > MOST_REQUEST:
        raise wrong
    try:
        read = x509.load_der_x509_csr(request)
        key = read.public_key()
        is_own = read.is_signature_valid
    except (ValueError, UnsupportedAlgorithm) as error:
        raise wrong from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise wrong
    if not is_own:
        raise wrong
    return key


def open_authority(folder: Path, at: datetime | None = None) -> TestAuthority:
    """The authority of a folder; made there on the first call, its key readable by the owner alone."""
    if not (folder / _ROOT).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder, at or now())
    key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return TestAuthority(key, x509.load_pem_x509_certificate((folder / _ROOT).read_bytes()))


def _make(folder: Path, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.Name(
        [
            _attribute(NameOID.COMMON_NAME, TITLE),
            _attribute(NameOID.ORGANIZATION_NAME, "Учебная установка"),
            _attribute(NameOID.COUNTRY_NAME, "RU"),
        ]
    )
    builder = (
        _builder(names, key.public_key(), at - LEEWAY, at + LIFE_OF_ROOT)
        .issuer_name(names)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
    )
    root = builder.sign(key, hashes.SHA256())
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(folder / _KEY, plain)
    _write(folder / _ROOT, root.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a second process may look at the folder in the same moment."""
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    draft.replace(path)


def enable(folder: Path, actor: Actor = SYSTEM_ACTOR) -> TestAuthority:
    """Make the test authority the only one believed. Refused where real ones are or have been (S-20)."""
    authority = open_authority(folder)
    root = trust.read([authority.root])
    newest = db.session.scalars(db.select(TrustVersion).order_by(TrustVersion.id.desc()).limit(1)).first()
    if newest is None or {item["sha256"] for item in newest.roots} != {root[0].sha256}:
        trust.put(actor, root, note="Учебный режим")
        trust.add_list(actor, authority.revocation_list(now()))
    return authority


def certificate_for(folder: Path, actor: Actor, request: bytes) -> bytes:
    """A test certificate for the person who asks, acting as he does now. Refused outside the test mode."""
    if not trust.is_test_mode():
        raise Refused(OFF)
    if actor.read_only or actor.user_id is None:
        raise Forbidden("Вы только смотрите: сертификат не выдаётся.")
    authority = open_authority(folder)
    if trust.read([authority.root])[0] not in trust.current().store.certificates:
        raise Refused("Тестовый удостоверяющий центр этой установки сменился. Обратитесь к администратору.")
    return authority.issue(request, subject_of(actor), now())


def subject_of(actor: Actor) -> Subject:
    """The person and the company he acts for, with numbers invented from the account: they are nobody's."""
    user = db.session.get(User, actor.user_id)
    assert user is not None
    if actor.organisation_id is not None:
        company = db.session.get(Organisation, actor.organisation_id)
        assert company is not None
        title, inn_legal, ogrn = company.short_name, company.inn or "", company.ogrn or ""
    else:
        office = parameters.office()
        title, inn_legal, ogrn = (str(office.get(name) or "") for name in ("short_name", "inn", "ogrn"))
    return Subject(
        person=user.name,
        position=user.position,
        organisation=title,
        inn=invented_inn(user.id),
        inn_legal=inn_legal if len(inn_legal) == 10 else "",
        ogrn=ogrn if len(ogrn) == 13 else "",
        snils=invented_snils(user.id),
    )


def invented_inn(number: int) -> str:
    """A person's ИНН of a region that does not exist, with right check digits."""
    digits = [int(char) for char in f"98{number % 10**8:08d}"]
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        digits.append(sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 % 10)
    return "".join(map(str, digits))


def invented_snils(number: int) -> str:
    """A СНИЛС with a right check number (постановление Правления ПФР от 31.10.2006 № 297п)."""
    digits = f"{990_000_000 + number % 10**7:09d}"
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), digits, strict=True)) % 101
    return f"{digits}{0 if total == 100 else total:02d}"
