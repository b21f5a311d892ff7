"""A token behind PKCS#11: the port to it. The token signs a ready digest; everything around it is built here.

The library of the token is the vendor's and stands on the server, not in our requirements: the session is
handed in by whoever wires the program. Tried with RSA alone; GOST needs a real token (docs/signatures.md).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from signing.cades.build import build_bes
from signing.signers.base import SignerHealth, SigningFailed, check_term


class TokenSession(Protocol):
    """What is asked of an open session of a token."""

    def certificate(self) -> bytes:
        """The certificate beside the key, DER."""

    def sign(self, data: bytes) -> bytes:
        """The bare signature value over the bytes by the token's own mechanism."""


class Pkcs11Signer:
    """Opens a session for every signature: a token is pulled out and put back."""

    def __init__(
        self,
        open_session: Callable[[], TokenSession],
        *,
        chain: tuple[bytes, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._open, self._chain, self._clock = open_session, chain, clock

    def certificate(self) -> bytes:
        return self._session().certificate()

    def health(self, *, at: datetime) -> SignerHealth:
        try:
            return check_term(self.certificate(), at)
        except SigningFailed as problem:
            return SignerHealth(False, str(problem))

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        session = self._session()
        return build_bes(
            data,
            session.certificate(),
            session.sign,
            signed_at=self._clock(),
            chain=self._chain,
            is_detached=detached,
        )

    def _session(self) -> TokenSession:
        try:
            return self._open()
        except OSError as error:
            raise SigningFailed(f"Токен недоступен: {error}.") from error
