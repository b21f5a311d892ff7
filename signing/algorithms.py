"""Names of digests and signatures: the object identifiers of CMS and certificates, the URIs of XML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from signing.gost import streebog
from signing.gost.streebog import Hasher

GOST_KEY_256 = "1.2.643.7.1.1.1.1"
GOST_KEY_512 = "1.2.643.7.1.1.1.2"
# ГОСТ Р 34.10-2001 and ГОСТ Р 34.11-94 are out of use since 2019: read, never passed.
GOST_KEY_2001 = "1.2.643.2.2.19"

DIGEST_OIDS = {
    "1.2.643.7.1.1.2.2": "streebog256",
    "1.2.643.7.1.1.2.3": "streebog512",
    "1.2.643.2.2.9": "gost94",
    "1.2.643.2.2.30.1": "gost94",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "1.3.14.3.2.26": "sha1",
    "1.2.840.113549.2.5": "md5",
}
OIDS_OF_DIGESTS = {
    "streebog256": "1.2.643.7.1.1.2.2",
    "streebog512": "1.2.643.7.1.1.2.3",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sha1": "1.3.14.3.2.26",
}
_GOST_DIGEST_URN = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-"
DIGEST_URIS = {
    f"{_GOST_DIGEST_URN}256": "streebog256",
    f"{_GOST_DIGEST_URN}512": "streebog512",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr3411": "gost94",
    "http://www.w3.org/2001/04/xmldsig-more#gostr3411": "gost94",
}


@dataclass(frozen=True)
class SignatureAlgorithm:
    """A way of signing. `digest` None: named elsewhere; `padding` matters to RSA alone."""

    family: str
    digest: str | None = None
    padding: str = "pkcs1"


_RSA, _ECDSA, _GOST = "rsa", "ecdsa", "gost"
SIGNATURE_OIDS = {
    GOST_KEY_256: SignatureAlgorithm(_GOST, "streebog256"),
    GOST_KEY_512: SignatureAlgorithm(_GOST, "streebog512"),
    "1.2.643.7.1.1.3.2": SignatureAlgorithm(_GOST, "streebog256"),
    "1.2.643.7.1.1.3.3": SignatureAlgorithm(_GOST, "streebog512"),
    GOST_KEY_2001: SignatureAlgorithm("gost2001", "gost94"),
    "1.2.643.2.2.3": SignatureAlgorithm("gost2001", "gost94"),
    "1.2.840.113549.1.1.1": SignatureAlgorithm(_RSA),
    "1.2.840.113549.1.1.4": SignatureAlgorithm(_RSA, "md5"),
    "1.2.840.113549.1.1.5": SignatureAlgorithm(_RSA, "sha1"),
    "1.2.840.113549.1.1.10": SignatureAlgorithm(_RSA, None, "pss"),
    "1.2.840.113549.1.1.11": SignatureAlgorithm(_RSA, "sha256"),
    "1.2.840.113549.1.1.12": SignatureAlgorithm(_RSA, "sha384"),
    "1.2.840.113549.1.1.13": SignatureAlgorithm(_RSA, "sha512"),
    "1.2.840.10045.2.1": SignatureAlgorithm(_ECDSA),
    "1.2.840.10045.4.1": SignatureAlgorithm(_ECDSA, "sha1"),
    "1.2.840.10045.4.3.2": SignatureAlgorithm(_ECDSA, "sha256"),
    "1.2.840.10045.4.3.3": SignatureAlgorithm(_ECDSA, "sha384"),
    "1.2.840.10045.4.3.4": SignatureAlgorithm(_ECDSA, "sha512"),
}
_GOST_URN = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MGF1 = "http://www.w3.org/2007/05/xmldsig-more#"
# HMAC methods are left out on purpose: a shared key proves nobody's signature.
SIGNATURE_URIS = {
    f"{_GOST_URN}256": SignatureAlgorithm(_GOST, "streebog256"),
    f"{_GOST_URN}512": SignatureAlgorithm(_GOST, "streebog512"),
    f"{_MORE}rsa-sha256": SignatureAlgorithm(_RSA, "sha256"),
    f"{_MORE}rsa-sha384": SignatureAlgorithm(_RSA, "sha384"),
    f"{_MORE}rsa-sha512": SignatureAlgorithm(_RSA, "sha512"),
    f"{_MGF1}sha256-rsa-MGF1": SignatureAlgorithm(_RSA, "sha256", "pss"),
    f"{_MGF1}sha384-rsa-MGF1": SignatureAlgorithm(_RSA, "sha384", "pss"),
    f"{_MGF1}sha512-rsa-MGF1": SignatureAlgorithm(_RSA, "sha512", "pss"),
    f"{_MORE}ecdsa-sha256": SignatureAlgorithm(_ECDSA, "sha256"),
    f"{_MORE}ecdsa-sha384": SignatureAlgorithm(_ECDSA, "sha384"),
    f"{_MORE}ecdsa-sha512": SignatureAlgorithm(_ECDSA, "sha512"),
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": SignatureAlgorithm(_RSA, "sha1"),
}
DIGEST_TITLES = {
    "streebog256": "ГОСТ Р 34.11-2012 (256 бит)",
    "streebog512": "ГОСТ Р 34.11-2012 (512 бит)",
    "gost94": "ГОСТ Р 34.11-94",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "sha1": "SHA-1",
    "md5": "MD5",
}
# Those we can compute; what a policy takes is the policy's matter.
COMPUTABLE = frozenset({"streebog256", "streebog512", "sha256", "sha384", "sha512", "sha1"})
PYCA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def hasher(digest: str) -> Hasher:
    """A running digest by its name."""
    if digest.startswith("streebog"):
        return streebog.new(int(digest.removeprefix("streebog")))
    return hashlib.new(digest)


def digest_of(digest: str, data: bytes) -> bytes:
    running = hasher(digest)
    running.update(data)
    return running.digest()
