"""The test authority of the demo (S-20): its certificates say «тестовая» by their policy and in their names.

Its root is never trusted beside a real one (signatures/trust.py), so a signature made here passes nowhere
else.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing.people import INN, INN_LEGAL, OGRN, SNILS, TEST_POLICY

from .ports import vault

KEY, CERTIFICATE = "test-root-key", "test-root-certificate"
YEARS = 10
PERSON_DAYS = 365


@dataclass(frozen=True)
class Owner:
    """Whom a test certificate names."""

    name: str = ""
    organization: str = ""
    title: str = ""
    inn: str = ""
    inn_legal: str = ""
    ogrn: str = ""
    snils: str = ""
    email: str = ""


@dataclass(frozen=True)
class TestRoot:
    """The root's key and certificate."""

    __test__ = False  # not a test of pytest

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self,
        public_key: CertificateIssuerPublicKeyTypes,
        owner: Owner,
        *,
        at: datetime,
        days: int = PERSON_DAYS,
    ) -> bytes:
        """A certificate for signing documents, DER."""
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(owner))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - timedelta(minutes=5))
            .not_valid_after(min(at + timedelta(days=days), self.certificate.not_valid_after_utc))
            .add_extension(_policy(), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return made.public_bytes(Encoding.DER)

    def crl(self, revoked: tuple[int, ...] = (), *, at: datetime, days: int = 3650) -> bytes:
        """The list of revoked certificates, DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at - timedelta(minutes=5))
            .next_update(at + timedelta(days=days))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        )
        for serial in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def make(at: datetime) -> TestRoot:
    """Make the root anew and seal it in the instance."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "RU"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Вече, учебный режим"),
            x509.NameAttribute(NameOID.COMMON_NAME, "ТЕСТОВЫЙ удостоверяющий центр"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=3 * 366))  # the demo's papers are up to two years old
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(_policy(), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    vault().put(KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    vault().put(CERTIFICATE, certificate.public_bytes(Encoding.DER))
    return TestRoot(key, certificate)


def load() -> TestRoot | None:
    """The root of this instance, or None when there is none."""
    try:
        pem, der = vault().get(KEY), vault().get(CERTIFICATE)
    except FileNotFoundError:
        return None
    key = load_pem_private_key(pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return TestRoot(key, x509.load_der_x509_certificate(der))


def _policy() -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(TEST_POLICY), None)])


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


def _name(owner: Owner) -> x509.Name:
    surname, _, given = owner.name.partition(" ")
    numeric = x509.name._ASN1Type.NumericString
    values = [
        (NameOID.COUNTRY_NAME, "RU", None),
        (NameOID.COMMON_NAME, f"{owner.organization or owner.name} (тестовая)"[:64], None),
        (NameOID.SURNAME, surname, None),
        (NameOID.GIVEN_NAME, given, None),
        (NameOID.ORGANIZATION_NAME, owner.organization[:64], None),
        (NameOID.TITLE, owner.title[:64], None),
        (NameOID.EMAIL_ADDRESS, owner.email, x509.name._ASN1Type.IA5String),
        (ObjectIdentifier(INN), owner.inn, numeric),
        (ObjectIdentifier(INN_LEGAL), owner.inn_legal, numeric),
        (ObjectIdentifier(OGRN), owner.ogrn, numeric),
        (ObjectIdentifier(SNILS), owner.snils, numeric),
    ]
    return x509.Name([_attribute(oid, text, kind) for oid, text, kind in values if text])


def _attribute(oid: ObjectIdentifier, value: str, kind: Any = None) -> x509.NameAttribute[Any]:
    # X.520 bounds a name by 64 letters; the library counts bytes, and a Russian letter takes two of them.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.NameAttribute(oid, value, kind, _validate=False)
