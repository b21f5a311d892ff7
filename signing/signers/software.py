"""An RSA or ECDSA key in PKCS#12, kept in memory: an СРО without GOST and the demonstration sign too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from signing.cades.build import build_bes
from signing.signers.base import SignerHealth, SigningFailed, check_term
from signing.xades.sign import sign_xml

_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class SoftwareSigner:
    """Signs in this process; the constant-time arithmetic is `cryptography`'s."""

    def __init__(
        self,
        key: _Key,
        certificate: bytes,
        *,
        chain: tuple[bytes, ...] = (),
        clock: Callable[[], datetime] = _wall_clock,
    ) -> None:
        self._key, self._certificate, self._chain, self._clock = key, certificate, chain, clock

    @classmethod
    def from_pkcs12(
        cls, data: bytes, password: str, *, clock: Callable[[], datetime] = _wall_clock
    ) -> SoftwareSigner:
        """Key, certificate and chain out of one file; raises SigningFailed."""
        try:
            loaded = pkcs12.load_pkcs12(data, password.encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise SigningFailed(
                "Файл PKCS#12 не открывается: неверный пароль или ключ не RSA и не ECDSA."
            ) from error
        if loaded.cert is None or not isinstance(loaded.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise SigningFailed("В файле PKCS#12 нет ключа RSA или ECDSA с сертификатом.")
        der = loaded.cert.certificate.public_bytes(Encoding.DER)
        chain = tuple(one.certificate.public_bytes(Encoding.DER) for one in loaded.additional_certs)
        return cls(loaded.key, der, chain=chain, clock=clock)

    def certificate(self) -> bytes:
        return self._certificate

    def health(self, *, at: datetime) -> SignerHealth:
        return check_term(self._certificate, at)

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        return build_bes(
            data,
            self._certificate,
            self.sign_raw,
            signed_at=self._clock(),
            chain=self._chain,
            is_detached=detached,
        )

    def sign_xades(self, xml: bytes) -> bytes:
        """XAdES-BES inside the XML file: for exchange, where the other side reads XML."""
        return sign_xml(xml, self._key, (self._certificate, *self._chain), signed_at=self._clock())

    def sign_raw(self, data: bytes) -> bytes:
        """The bare value over the bytes: PKCS#1 v1.5 or ECDSA, SHA-256."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
