"""The place for a certified verifier: its answer is kept beside ours, never instead of it (63-ФЗ, ст. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class ExternalAnswer:
    """What a certified service (КриптоПро SVS, DSS) said of a signature."""

    is_valid: bool
    service: str
    checked_at: datetime
    text: str
    # The answer as it came, for the file.
    raw: bytes


class ExternalVerifier(Protocol):
    """A certified means of checking; a provider reaches it, this room only names what is asked."""

    def verify(self, signature: bytes, document: bytes | Path | None) -> ExternalAnswer:
        """Ask the service; raises OSError when it does not answer."""
