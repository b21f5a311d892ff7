"""Ports of signatures: where keys are kept, who gives the time. Providers are named by the wiring."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class KeyVault(Protocol):
    """Keeps secrets of keys sealed: what lies on the disk opens nothing without the installation's own
    secret."""

    def put(self, name: str, content: bytes) -> None:
        """Seal and keep, durably."""

    def get(self, name: str) -> bytes:
        """Open what was sealed; FileNotFoundError when it is not there."""

    def remove(self, name: str) -> None:
        """Destroy what was sealed."""


class TimeUnavailable(Exception):
    """The time-stamping service did not answer; the sentence says why."""


class Timestamper(Protocol):
    """Asks a time-stamping service (RFC 3161): the request's bytes in, the answer's bytes out."""

    def ask(self, request: bytes) -> bytes:
        """Raises TimeUnavailable."""


_folder: list[Path] = []
_vault: list[KeyVault] = []
_timestamper: list[Timestamper] = []


def use_vault(provider: KeyVault) -> None:
    """Name the keeper of keys (wiring)."""
    _vault[:] = [provider]


def vault() -> KeyVault:
    return _vault[0]


def use_timestamper(provider: Timestamper | None) -> None:
    """Name the time-stamping service, or none (wiring)."""
    _timestamper[:] = [provider] if provider is not None else []


def timestamper() -> Timestamper | None:
    return _timestamper[0] if _timestamper else None


def use_list_folder(folder: Path) -> None:
    """Name the folder where the operator puts lists of revoked certificates (wiring)."""
    _folder[:] = [folder]


def list_folder() -> Path | None:
    return _folder[0] if _folder else None
