"""The port every keeper of a key stands behind, and what is asked of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from signing.model import Indication, Policy, Revocation, SubIndication
from signing.people import certificate_facts
from signing.trust import TrustStore
from signing.verification import verify

_LEAST_LEFT = timedelta(days=1)
_WARN_AT = timedelta(days=60)
# With no statuses at hand (a fresh installation) the mathematics is still checked.
_UNDECIDED_YET = frozenset({SubIndication.TRY_LATER})


@dataclass(frozen=True)
class SignerHealth:
    """Can it sign now, and if not, why (a sentence in Russian for the administrator)."""

    is_ready: bool
    text: str
    days_left: int | None = None


class SigningFailed(Exception):
    """The keeper of the key did not sign; the sentence, in Russian, says why."""


@runtime_checkable
class Signer(Protocol):
    """A key that signs without showing itself."""

    def certificate(self) -> bytes:
        """The signer's certificate, DER."""

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        """CAdES-BES over the exact bytes, DER; raises SigningFailed."""

    def health(self, *, at: datetime) -> SignerHealth:
        """Ready to sign? Asked by the health page, without signing."""


def check_term(der: bytes, at: datetime) -> SignerHealth:
    """By the certificate's term: with less than a day left nothing is signed, 60 days before the end it is
    said.
    """
    facts = certificate_facts(der)
    left = facts.not_after - at
    if at < facts.not_before:
        return SignerHealth(False, f"Сертификат действует с {facts.not_before:%d.%m.%Y}.")
    if left < _LEAST_LEFT:
        return SignerHealth(
            False, f"Срок сертификата кончается: {facts.not_after:%d.%m.%Y}.", max(left.days, 0)
        )
    text = f"Готова: {facts.owner}, сертификат до {facts.not_after:%d.%m.%Y}."
    if left < _WARN_AT:
        text = f"Пора менять сертификат: {facts.owner}, осталось дней: {left.days}."
    return SignerHealth(True, text, left.days)


def checked(
    signature: bytes,
    data: bytes | Path,
    trust: TrustStore,
    *,
    at: datetime,
    revocation: Revocation = Revocation(),  # noqa: B008 - immutable
    policy: Policy | None = None,
) -> bytes:
    """The signature, verified by our own verifier before anybody gets it; raises SigningFailed."""
    report = verify(signature, data, trust, at=at, revocation=revocation, policy=policy)
    is_undecided = report.indication is Indication.INDETERMINATE and report.sub_indication in _UNDECIDED_YET
    if not report.passed and not is_undecided:
        raise SigningFailed(f"Собственная проверка не приняла подпись: {report.text}.")
    return signature
