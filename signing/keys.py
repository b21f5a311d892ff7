"""One signature value, one public key: do they fit? GOST by our own arithmetic, RSA and ECDSA by
`cryptography`.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass

from asn1crypto import algos, core
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from signing.algorithms import (
    COMPUTABLE,
    DIGEST_OIDS,
    GOST_KEY_256,
    GOST_KEY_512,
    PYCA_HASHES,
    SIGNATURE_OIDS,
    SignatureAlgorithm,
    digest_of,
)
from signing.gost import accel
from signing.gost import ec as gost_ec
from signing.gost.params import BY_OID
from signing.model import Policy

_GOST_SIZES = {GOST_KEY_256: 32, GOST_KEY_512: 64}
_PyKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
# FIPS 186-5 and RFC 5480; weaker than P-256 is not taken by any policy of ours.
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}
_RSA_LEAST = 2048


class _Algorithm(core.Sequence):  # type: ignore[misc]
    """AlgorithmIdentifier as it came: asn1crypto's own insists on knowing the algorithm."""

    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]  # noqa: RUF012


class _KeyInfo(core.Sequence):  # type: ignore[misc]
    """SubjectPublicKeyInfo."""

    _fields = [("algorithm", _Algorithm), ("key", core.OctetBitString)]  # noqa: RUF012


class _Oids(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.ObjectIdentifier


@dataclass(frozen=True)
class Key:
    """A public key ready for use; `material` None means that we cannot use it."""

    family: str
    title: str
    material: gost_ec.PublicKey | _PyKey | None
    spki: bytes

    def weakness(self, policy: Policy, digest: str) -> str | None:
        """Why the policy does not take this key with this digest, or None."""
        if self.family not in policy.keys:
            return f"алгоритм ключа не допускается политикой: {self.title}"
        if digest not in policy.digests:
            return f"алгоритм хеширования не допускается политикой: {digest}"
        if isinstance(self.material, rsa.RSAPublicKey) and self.material.key_size < _RSA_LEAST:
            return f"ключ RSA короче {_RSA_LEAST} бит"
        if isinstance(self.material, ec.EllipticCurvePublicKey) and self.material.curve.name not in _CURVES:
            return f"кривая {self.material.curve.name} не допускается"
        if (
            isinstance(self.material, gost_ec.PublicKey)
            and digest != f"streebog{self.material.curve.size * 8}"
        ):
            return "размер хеша не соответствует ключу ГОСТ Р 34.10-2012"
        return None


def key_of(certificate: asn1_x509.Certificate) -> Key:
    return key_from(certificate.public_key.dump())


@functools.lru_cache(maxsize=4096)
def key_from(spki: bytes) -> Key:
    """SubjectPublicKeyInfo, DER, into a key; anything unknown or malformed gives a key without material."""
    try:
        info = _KeyInfo.load(spki)
        oid = info["algorithm"]["algorithm"].dotted
        if oid in _GOST_SIZES:
            return _gost_key(oid, info, spki)
        known = SIGNATURE_OIDS.get(oid)
        if known is None or known.family == "gost2001":
            title = "ГОСТ Р 34.10-2001" if known else oid
            return Key(known.family if known else "unknown", title, None, spki)
        loaded = serialization.load_der_public_key(spki)
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return Key("unknown", "ключ не читается", None, spki)
    if isinstance(loaded, rsa.RSAPublicKey):
        return Key("rsa", f"RSA {loaded.key_size}", loaded, spki)
    if isinstance(loaded, ec.EllipticCurvePublicKey):
        return Key("ecdsa", f"ECDSA {loaded.curve.name}", loaded, spki)
    return Key("unknown", type(loaded).__name__, None, spki)


def _gost_key(oid: str, info: _KeyInfo, spki: bytes) -> Key:
    size = _GOST_SIZES[oid]
    title = f"ГОСТ Р 34.10-2012 ({size * 8} бит)"
    # SEQUENCE { publicKeyParamSet, [digestParamSet], [encryptionParamSet] }: RFC 9215, 4.2.
    parameters = _Oids.load(info["algorithm"]["parameters"].dump())
    curve = BY_OID.get(parameters[0].dotted)
    # The BIT STRING holds an OCTET STRING which holds the point.
    point = core.OctetString.load(info["key"].native, strict=True)
    material = None
    if curve is not None and curve.size == size:
        material = gost_ec.public_key(curve, point.native)
    return Key("gost", title, material, spki)


def algorithm_of(
    identifier: algos.SignedDigestAlgorithm | algos.DigestAlgorithm,
) -> SignatureAlgorithm | None:
    """The way of signing that an AlgorithmIdentifier names; None when we do not know it."""
    known = SIGNATURE_OIDS.get(identifier["algorithm"].dotted)
    if known is None or known.padding != "pss":
        return known
    parameters = identifier["parameters"]
    if not isinstance(parameters, algos.RSASSAPSSParams):
        return None
    digest = DIGEST_OIDS.get(parameters["hash_algorithm"]["algorithm"].dotted)
    return SignatureAlgorithm("rsa", digest, "pss")


def verify(key: Key, algorithm: SignatureAlgorithm, digest: str, data: bytes, signature: bytes) -> bool:
    """Is this the signature of these bytes by this key? Never an exception for what a stranger sent."""
    if digest not in COMPUTABLE:
        return False
    return verify_digest(key, algorithm, digest, digest_of(digest, data), signature)


def verify_digest(
    key: Key, algorithm: SignatureAlgorithm, digest: str, digested: bytes, signature: bytes
) -> bool:
    """The same over a digest computed before: a document is not read twice."""
    if key.material is None or key.family != algorithm.family:
        return False
    if isinstance(key.material, gost_ec.PublicKey):
        return accel.verify(key.material, key.spki, digested, signature)
    return _verify_pyca(key.material, algorithm, digest, digested, signature)


def _verify_pyca(
    material: _PyKey, algorithm: SignatureAlgorithm, digest: str, digested: bytes, signature: bytes
) -> bool:
    if digest not in PYCA_HASHES:
        return False
    prehashed = Prehashed(PYCA_HASHES[digest])
    try:
        if isinstance(material, ec.EllipticCurvePublicKey):
            material.verify(signature, digested, ec.ECDSA(prehashed))
        elif algorithm.padding == "pss":
            mgf = padding.MGF1(PYCA_HASHES[digest])
            material.verify(signature, digested, padding.PSS(mgf, padding.PSS.AUTO), prehashed)
        else:
            material.verify(signature, digested, padding.PKCS1v15(), prehashed)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


# What was verified once need not be verified again: links of chains and whole lists repeat all day.
_verified: dict[bytes, bool] = {}
_VERIFIED_MOST = 20_000


def verify_cached(spki: bytes, algorithm: SignatureAlgorithm, data: bytes, signature: bytes) -> bool:
    """`verify` for links, lists and answers, remembered by key, data and value."""
    if algorithm.digest is None:
        return False
    name = hashlib.sha256(
        b"%d:%d:" % (len(spki), len(signature)) + spki + signature + repr(algorithm).encode()
    ).digest()
    name += hashlib.sha256(data).digest()
    known = _verified.get(name)
    if known is None:
        known = verify(key_from(spki), algorithm, algorithm.digest, data, signature)
        if len(_verified) >= _VERIFIED_MOST:
            _verified.clear()
        _verified[name] = known
    return known


def forget_verified() -> None:
    """Begin with nothing remembered: for measurements."""
    _verified.clear()
    key_from.cache_clear()
