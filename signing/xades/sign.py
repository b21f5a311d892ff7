"""Signing an XML file with RSA or ECDSA: XAdES-BES inside the file, over the whole of it, made by signxml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSigner

from signing.asn1 import Malformed
from signing.xades.parse import DS, guarded_tree
from signing.xades.second_opinion import Utf8

# Inclusive forms take namespaces and xml:lang from wherever the signature stands; this one does not.
_CANONICAL = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


class _Signer(Utf8, XAdESSigner):
    """signxml's signer with the cure for Cyrillic and with a stated time instead of the wall clock."""

    signed_at: datetime

    def add_signing_time(self, properties: Any, sig_root: Any, signing_settings: Any) -> None:
        super().add_signing_time(properties, sig_root, signing_settings)
        properties[-1].text = self.signed_at.astimezone(UTC).isoformat(timespec="seconds")

    def _add_reference_to_signed_info(self, sig_root: Any, node_to_reference: Any, **attributes: Any) -> None:
        """signxml digests exclusively but does not name the transform: nobody could repeat that digest."""
        super()._add_reference_to_signed_info(  # type: ignore[no-untyped-call]
            sig_root, node_to_reference, **attributes
        )
        reference = sig_root.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")[-1]
        transforms = etree.Element(f"{{{DS}}}Transforms")
        etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=_CANONICAL.value)
        reference.insert(0, transforms)


def sign_xml(
    xml: bytes,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    certificates: Sequence[bytes],
    *,
    signed_at: datetime,
) -> bytes:
    """The file with its signature as the last child of the root; `certificates`: the signer's first, DER."""
    root = guarded_tree(xml)
    if root.find(f".//{{{DS}}}Signature") is not None:
        raise Malformed("файл XML уже подписан")
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    signer = _Signer(
        signature_algorithm=SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_CANONICAL,
    )
    signer.signed_at = signed_at
    chain = "".join(
        x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode() for der in certificates
    )
    made = signer.sign(root, key=key, cert=chain, always_add_key_value=False)
    written: bytes = etree.tostring(made, encoding="utf-8", xml_declaration=True)
    return written
