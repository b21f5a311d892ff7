"""RSA and ECDSA in XML are checked by signxml as well: two readers of one specification must agree.

Ours decides the verdict, for signxml knows neither statuses nor time-stamps nor the place of what was signed;
but a signature that it refuses is not passed.
"""

from __future__ import annotations

from typing import Any

from cryptography import x509
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from signing.asn1 import UNREADABLE
from signing.certificates import Certificate

FAMILIES = frozenset({"rsa", "ecdsa"})


class Utf8:
    """signxml 5.2.0 copies the tree through ASCII, and Cyrillic names of elements do not survive that."""

    def _tostring(self, xml_node: Any, **how: Any) -> bytes:
        written: bytes = etree.tostring(xml_node, encoding="utf-8", **how)
        return written


class _Verifier(Utf8, XMLVerifier):
    """signxml's verifier with the cure."""

    def _check_cert_validity(self, cert: x509.Certificate, cert_source: str) -> None:
        """The term is the chain's matter; besides, this one warns of every long Russian name."""


def refusal(data: bytes, signer: Certificate, references: int) -> str | None:
    """Why signxml does not take the signature by this certificate; None when it does."""
    config = SignatureConfiguration(location="./", expect_references=references)
    certificate = x509.load_der_x509_certificate(signer.der)
    try:
        _Verifier().verify(data, x509_cert=certificate, validate_schema=False, expect_config=config)
    except (SignXMLException, etree.LxmlError, *UNREADABLE) as error:
        return str(error)
    return None
