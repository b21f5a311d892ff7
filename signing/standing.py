"""How a certificate stands for a signature: chain, usage and time together (ETSI EN 319 102-1, 5.2.6 and
5.5).

The table is that of docs/signatures.md: a chain that ends badly at the control time is asked again at the
proven time of the signature, if there is one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from signing import moments
from signing.certificates import Certificate
from signing.chain import ChainCheck, Evidence, Status, check, check_with_proof
from signing.model import INTERNAL, SubIndication
from signing.verdict import PASSED, Verdict, failed, undecided

_SIGNING = {"digital_signature", "non_repudiation"}
_REMEMBERED_MOST = 20_000
_PLAIN = {
    Status.NO_CHAIN: SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
    Status.GENERAL: SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    Status.WEAK: SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    Status.ON_HOLD: SubIndication.TRY_LATER,
    Status.NO_STATUS: SubIndication.TRY_LATER,
    Status.REVOKED: SubIndication.REVOKED_NO_POE,
    Status.CA_REVOKED: SubIndication.REVOKED_CA_NO_POE,
}


@dataclass(frozen=True)
class Standing:
    """The verdict on the certificate and the chain it rests on."""

    verdict: Verdict
    chain: ChainCheck
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Times:
    """When: the control time, the proven latest time of the signature, the proven earliest one."""

    at: datetime
    best: datetime | None = None
    # A time-stamp over the content, itself signed: the signature is later than it.
    not_earlier: datetime | None = None


_remembered: dict[tuple[object, ...], Standing] = {}
_lock = threading.Lock()


def standing(
    leaf: Certificate, evidence: Evidence, times: Times, *, is_timestamper: bool = False
) -> Standing:
    """Remembered: a thousand signatures of one person ask once.

    A pass holds for all moments between the same events; a refusal tells of its own moment alone.
    """
    exact = (leaf.sha256, evidence.identity, times, is_timestamper)
    alike = _alike(leaf, evidence, times, is_timestamper)
    found = _remembered.get(exact) or _remembered.get(alike)
    if found is None:
        found = _standing(leaf, evidence, times, is_timestamper)
        with _lock:
            if len(_remembered) >= _REMEMBERED_MOST:
                _remembered.clear()
            _remembered[alike if found.verdict == PASSED else exact] = found
    return found


def _alike(leaf: Certificate, evidence: Evidence, times: Times, is_timestamper: bool) -> tuple[object, ...]:
    """The same for all times that lie alike among the events."""
    found = moments.events(leaf, evidence)
    if found is None:
        return (leaf.sha256, evidence.identity, times, is_timestamper)
    best = times.best and (moments.cell(found, times.best), times.best < times.at)
    earliest = times.not_earlier and moments.cell(found, times.not_earlier)
    return leaf.sha256, evidence.identity, moments.cell(found, times.at), best, earliest, is_timestamper


def forget() -> None:
    """Begin with nothing remembered: for measurements."""
    with _lock:
        _remembered.clear()


def _standing(leaf: Certificate, evidence: Evidence, times: Times, is_timestamper: bool) -> Standing:
    now = check(leaf, evidence, times.at, known_at=times.at)
    if now.status in (Status.NO_CHAIN, Status.GENERAL, Status.WEAK):
        return _ended(now)
    misuse = _misuse(leaf, evidence, is_timestamper)
    if misuse:
        return Standing(undecided(SubIndication.CHAIN_CONSTRAINTS_FAILURE), now, (misuse,))
    if now.status is Status.GOOD:
        if times.best and times.best < leaf.not_before:
            return Standing(failed(SubIndication.NOT_YET_VALID), now, ("подпись старше сертификата",))
        return Standing(PASSED, now)
    if now.status is Status.NOT_YET_VALID:
        return _not_yet_valid(leaf, now, times.at)
    if times.best and times.best < times.at:
        then = check_with_proof(leaf, evidence, times.best, known_at=times.at)
        if then.status is Status.GOOD:
            return Standing(PASSED, then, ("на доказанное время подписи сертификат действовал",))
        if then.status is Status.NOT_YET_VALID:
            return _not_yet_valid(leaf, then, times.best)
    if now.status is Status.EXPIRED:
        return _expired(leaf, evidence, now, times)
    return _revoked_or_unknown(now, times)


def _ended(chain: ChainCheck) -> Standing:
    return Standing(undecided(_PLAIN[chain.status]), chain, (chain.message,))


def _misuse(leaf: Certificate, evidence: Evidence, is_timestamper: bool) -> str | None:
    """Why the certificate may not be used for this, or None."""
    if is_timestamper:
        return None if leaf.is_timestamper else "сертификат службы времени не только для штампов времени"
    if leaf.usage is None:
        # RFC 5280 puts no limit then; order № 795 asks for the extension in every qualified certificate.
        return None if evidence.policy == INTERNAL else "в сертификате нет области использования ключа"
    return None if leaf.usage & _SIGNING else "ключ не предназначен для подписи"


def _not_yet_valid(leaf: Certificate, chain: ChainCheck, moment: datetime) -> Standing:
    if leaf.not_before > moment:
        return Standing(failed(SubIndication.NOT_YET_VALID), chain, (chain.message,))
    # The authority's own certificate is younger than the signature.
    return Standing(undecided(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE), chain, (chain.message,))


def _expired(leaf: Certificate, evidence: Evidence, now: ChainCheck, times: Times) -> Standing:
    """Out of its term with nothing to prove the time: was it at least never revoked?"""
    end = min(item.not_after for item in now.path[:-1] or now.path)
    # A list need not reach to the very end of the term to say that the certificate was not revoked by then.
    issued = [
        item.this_update for item in now.lists if item.issuer == leaf.issuer and item.this_update <= end
    ]
    last = check(leaf, evidence, end, known_at=times.at)
    if last.status is Status.NO_STATUS and issued:
        last = check(leaf, evidence, max(issued), known_at=times.at)
    if last.status in (Status.REVOKED, Status.CA_REVOKED):
        return _revoked_or_unknown(last, times)
    sub = SubIndication.OUT_OF_BOUNDS_NO_POE
    if last.status is Status.GOOD:
        sub = SubIndication.OUT_OF_BOUNDS_NOT_REVOKED
    return Standing(undecided(sub), now, (now.message,))


def _revoked_or_unknown(chain: ChainCheck, times: Times) -> Standing:
    is_revoked = chain.status in (Status.REVOKED, Status.CA_REVOKED)
    if is_revoked and chain.revoked_at and times.not_earlier and times.not_earlier > chain.revoked_at:
        return Standing(failed(SubIndication.REVOKED), chain, ("подписанный штамп времени позже отзыва",))
    return _ended(chain)
