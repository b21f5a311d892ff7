"""One certificate, parsed once: names ready for comparison, its key, what it may be used for."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from asn1crypto import cms, pem, x509

from signing.algorithms import SignatureAlgorithm
from signing.asn1 import UNREADABLE, Malformed, measured
from signing.keys import Key, algorithm_of, key_of, verify_cached

_OCSP_SIGNING = "ocsp_signing"


def name_key(name: x509.Name) -> str:
    """A name ready for comparison by RFC 5280, 7.1; preparing one costs as much as half a signature check."""
    return _name_key(name.dump())


@functools.lru_cache(maxsize=4096)
def _name_key(der: bytes) -> str:
    key: str = x509.Name.load(der).hashable
    return key


class Certificate:
    """A parsed certificate; equal when the bytes are equal."""

    def __init__(self, der: bytes) -> None:
        self.der = der
        self.sha256 = hashlib.sha256(der).hexdigest()
        self.asn1 = x509.Certificate.load(der, strict=True)
        self.subject = name_key(self.asn1.subject)
        self.issuer = name_key(self.asn1.issuer)
        self.serial: int = self.asn1.serial_number
        validity = self.asn1["tbs_certificate"]["validity"]
        self.not_before: datetime = validity["not_before"].native
        self.not_after: datetime = validity["not_after"].native
        self.key_identifier: bytes | None = self.asn1.key_identifier
        self.authority_key_identifier: bytes | None = self.asn1.authority_key_identifier
        self.is_ca = bool(self.asn1.ca)
        self.tbs: bytes = self.asn1["tbs_certificate"].dump()
        self.signature: bytes = self.asn1["signature_value"].native

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    @functools.cached_property
    def key(self) -> Key:
        return key_of(self.asn1)

    @functools.cached_property
    def algorithm(self) -> SignatureAlgorithm | None:
        """How the issuer signed it; None when unknown or named differently inside and outside."""
        inner = self.asn1["tbs_certificate"]["signature"].dump()
        outer = self.asn1["signature_algorithm"].dump()
        return algorithm_of(self.asn1["signature_algorithm"]) if inner == outer else None

    @functools.cached_property
    def usage(self) -> frozenset[str] | None:
        """Key usage; None when the extension is absent."""
        value = self.asn1.key_usage_value
        return None if value is None else frozenset(value.native)

    @functools.cached_property
    def extended_usage(self) -> frozenset[str]:
        value = self.asn1.extended_key_usage_value
        return frozenset() if value is None else frozenset(value.native)

    @property
    def is_self_issued(self) -> bool:
        return self.subject == self.issuer

    @property
    def is_ocsp_responder(self) -> bool:
        return _OCSP_SIGNING in self.extended_usage

    @property
    def is_timestamper(self) -> bool:
        """RFC 3161, 2.3: time stamping, and nothing else, in a critical extension."""
        is_only = self.extended_usage == {"time_stamping"}
        return is_only and "extended_key_usage" in self.asn1.critical_extensions

    def may_have_issued(self, other: Certificate) -> bool:
        """By names and key identifiers; the signature is another question."""
        if self.subject != other.issuer:
            return False
        wanted, own = other.authority_key_identifier, self.key_identifier
        return not (wanted and own and wanted != own)

    def signed(self, other: Certificate) -> bool:
        """Does the other carry this one's signature?"""
        if other.algorithm is None:
            return False
        return verify_cached(self.key.spki, other.algorithm, other.tbs, other.signature)


@functools.lru_cache(maxsize=4096)
def certificate(der: bytes) -> Certificate:
    """A certificate out of DER; raises Malformed."""
    try:
        return Certificate(measured(der))
    except UNREADABLE as error:
        raise Malformed(f"сертификат не читается: {error}") from None


def certificates_in(data: bytes) -> Iterator[Certificate]:
    """All certificates of a file: DER, or PEM with any number of them."""
    if pem.detect(data):
        try:
            for label, _headers, der in pem.unarmor(data, multiple=True):
                if "CERTIFICATE" in label:
                    yield certificate(der)
        except ValueError as error:
            raise Malformed(f"файл PEM не читается: {error}") from None
    else:
        yield certificate(data)


def embedded(choices: Iterable[cms.CertificateChoices], *, most: int = 64) -> list[Certificate]:
    """Certificates that came inside a signature; one that cannot be read is left out, it proves nothing."""
    found: list[Certificate] = []
    for choice in choices:
        if choice.name != "certificate":
            continue
        try:
            found.append(certificate(choice.chosen.dump()))
        except Malformed:
            continue
        if len(found) == most:
            break
    return found
