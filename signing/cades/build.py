"""Making CAdES-BES around a key that signs digests, and adding time-stamps to a signature for export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import cms, core, tsp, x509

from signing.algorithms import OIDS_OF_DIGESTS, digest_of
from signing.asn1 import UNREADABLE, Malformed, decode
from signing.certificates import Certificate, certificate
from signing.content import Document
from signing.gost.ec import PublicKey

# RSA PKCS#1 v1.5 is met by every verifier; PSS is not.
_ALGORITHMS = {
    ("rsa", "sha256"): {"algorithm": "1.2.840.113549.1.1.1", "parameters": core.Null()},
    ("ecdsa", "sha256"): {"algorithm": "1.2.840.10045.4.3.2"},
    ("gost", "streebog256"): {"algorithm": "1.2.643.7.1.1.1.1"},
    ("gost", "streebog512"): {"algorithm": "1.2.643.7.1.1.1.2"},
}


def build_bes(
    data: bytes | Path,
    signer: bytes,
    sign: Callable[[bytes], bytes],
    *,
    signed_at: datetime,
    chain: Sequence[bytes] = (),
    is_detached: bool = True,
) -> bytes:
    """CAdES-BES over the exact bytes; `sign` gets the signed attributes, DER, and digests them itself."""
    found = certificate(signer)
    digest = _digest(found)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {
                "type": "signing_time",
                "values": [_time(signed_at)],
            },
            {"type": "message_digest", "values": [Document(data).digest(digest)]},
            {"type": "signing_certificate_v2", "values": [_reference(signer, digest)]},
        ]
    )
    # Signed as a SET OF in DER order and stored so: every verifier then agrees.
    ordered = cms.CMSAttributes.load(_in_order(attributes))
    value = sign(ordered.dump())
    info = {
        "version": "v1",
        "sid": {
            "issuer_and_serial_number": {
                "issuer": found.asn1.issuer,
                "serial_number": found.serial,
            }
        },
        "digest_algorithm": {"algorithm": OIDS_OF_DIGESTS[digest]},
        "signed_attrs": ordered,
        "signature_algorithm": _ALGORITHMS[found.key.family, digest],
        "signature": value,
    }
    content: dict[str, object] = {"content_type": "data"}
    if not is_detached:
        content["content"] = data if isinstance(data, bytes) else data.read_bytes()
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": OIDS_OF_DIGESTS[digest]}],
        "encap_content_info": content,
        "certificates": [x509.Certificate.load(der) for der in (signer, *chain)],
        "signer_infos": [info],
    }
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return made


def _time(moment: datetime) -> cms.Time:
    """RFC 5652, 11.3: UTCTime until 2049."""
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return cms.Time({"utc_time" if moment.year < 2050 else "general_time": moment})


def _digest(signer: Certificate) -> str:
    """ГОСТ: the digest is tied to the size of the key; otherwise SHA-256."""
    material = signer.key.material
    if material is None:
        raise Malformed(f"этим ключом так не подписывают: {signer.key.title}")
    return f"streebog{material.curve.size * 8}" if isinstance(material, PublicKey) else "sha256"


def _reference(signer: bytes, digest: str) -> tsp.SigningCertificateV2:
    named = {"hash_algorithm": {"algorithm": OIDS_OF_DIGESTS[digest]}, "cert_hash": digest_of(digest, signer)}
    return tsp.SigningCertificateV2({"certs": [named]})


def _in_order(attributes: cms.CMSAttributes) -> bytes:
    """DER: members of a SET OF by their bytes."""
    members = sorted(item.dump() for item in attributes)
    ordered: bytes = core.SetOf(spec=core.Any, contents=b"".join(members)).dump()
    return ordered


def with_timestamp(signature: bytes, token: bytes, *, signer: int = 0) -> bytes:
    """CAdES-T: the same signature with a token among its unsigned attributes; an export, no replacement."""
    try:
        outer = cms.ContentInfo.load(decode(signature), strict=True)
        info = outer["content"]["signer_infos"][signer]
        stamp = cms.CMSAttribute(
            {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token, strict=True)]}
        )
        present = info["unsigned_attrs"]
        others = [] if isinstance(present, core.Void) else [item.dump() for item in present]
        # Members as they were, byte for byte: their own digests are over these bytes.
        contents = b"".join(sorted([*others, stamp.dump()]))
        info["unsigned_attrs"] = cms.CMSAttributes.load(core.SetOf(spec=core.Any, contents=contents).dump())
        made: bytes = outer.dump()
        return made
    except UNREADABLE as error:
        raise Malformed(f"подпись нельзя дополнить штампом: {error}") from None


def signature_value(signature: bytes, *, signer: int = 0) -> bytes:
    """What a signature time-stamp is taken over (CAdES-T)."""
    try:
        value: bytes = cms.ContentInfo.load(decode(signature))["content"]["signer_infos"][signer][
            "signature"
        ].native
        return value
    except UNREADABLE as error:
        raise Malformed(f"подпись не читается: {error}") from None
