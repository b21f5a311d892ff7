"""Who signs for the organisation: one port, several keepers of the key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class SignerHealth:
    """Can it sign now, and if not, why (a sentence in Russian for the administrator)."""

    is_ready: bool
    text: str


class SigningFailed(Exception):
    """The keeper of the key did not sign; the sentence says why."""


class Signer(Protocol):
    """A key that signs without showing itself."""

    def certificate(self) -> bytes:
        """The signer's certificate, DER."""

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        """CAdES-BES over the exact bytes, DER."""

    def health(self) -> SignerHealth:
        """Ready to sign? Asked by the health page, without signing."""
