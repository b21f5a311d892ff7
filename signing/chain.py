"""From a certificate to an anchor of the store, at a stated moment, with revocation known for every link.

Paths are built here, over links whose signatures hold; RFC 5280 (section 6) over each path is pyhanko-
certvalidator's, with our own check of signatures plugged in. Nothing is fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import pyhanko_certvalidator.context
from asn1crypto import algos, keys, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)
from pyhanko_certvalidator.validate import async_validate_path

from signing import revocation, slim_crl
from signing.asn1 import UNREADABLE
from signing.certificates import Certificate
from signing.keys import algorithm_of, key_from, verify_cached
from signing.model import Policy
from signing.revocation import HOLD, StatusAnswer, StatusData, StatusList
from signing.trust import TrustStore

_MAX_LENGTH = 8
# A mesh of authorities that sign each other has more paths than time; no honest signature needs a tenth of
# this.
_MAX_STEPS = 200

# The library tells of a stale list at the level of a warning of the program; here it is a verdict.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.ERROR)


class Status(Enum):
    """How a chain ended, best first."""

    GOOD = 1
    REVOKED = 2
    CA_REVOKED = 3
    ON_HOLD = 4
    EXPIRED = 5
    NOT_YET_VALID = 6
    NO_STATUS = 7
    WEAK = 8
    GENERAL = 9
    NO_CHAIN = 10


@dataclass(frozen=True)
class ChainCheck:
    """The end of one chain at one moment."""

    status: Status
    path: tuple[Certificate, ...] = ()
    message: str = ""
    revoked_at: datetime | None = None
    lists: tuple[StatusList, ...] = ()
    answers: tuple[StatusAnswer, ...] = ()


class LinkValidator(DefaultSignatureValidator):
    """Every signature of a chain, of a list, of an answer: by our own check, remembered."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        algorithm = algorithm_of(signature_algorithm)
        whole = slim_crl.signed_bytes(signed_data)
        if algorithm is None or not verify_cached(public_key_info.dump(), algorithm, whole, signature):
            raise InvalidSignature


# For OCSP responders with id-pkix-ocsp-nocheck the library (0.33.0) builds an inner context without the plug-
# in.
pyhanko_certvalidator.context.DefaultSignatureValidator = LinkValidator  # type: ignore[attr-defined]


class _Algorithms(AlgorithmUsagePolicy):
    """Our policy in the library's words: the links of a chain may be no weaker than the signature."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(allowed=True)

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        algorithm = algorithm_of(algo)
        if algorithm is None or algorithm.digest is None or public_key is None:
            return AlgorithmUsageConstraint(allowed=False, failure_reason="unknown algorithm")
        weakness = key_from(public_key.dump()).weakness(self._policy, algorithm.digest)
        return AlgorithmUsageConstraint(allowed=weakness is None, failure_reason=weakness)


@dataclass(frozen=True)
class Evidence:
    """Everything a chain may be built of: the store, certificates from the signature, statuses."""

    trust: TrustStore
    policy: Policy
    extra: tuple[Certificate, ...]
    status: StatusData

    @property
    def identity(self) -> tuple[object, ...]:
        names = tuple(sorted(item.sha256 for item in self.extra))
        return self.trust.identity, self.policy.code, names, self.status.identity


def pool_of(evidence: Evidence) -> tuple[Certificate, ...]:
    """The store's certificates, and of the others those whose signature leads to the store.

    The library takes a certificate for validated when its signature value is known: a forged one with a
    borrowed value must not come near it.
    """
    accepted = list(evidence.trust.certificates)
    waiting = [item for item in evidence.extra if item not in accepted]
    for answer in evidence.status.answers:
        waiting += [item for item in answer.certificates if item not in accepted and item not in waiting]
    is_growing = True
    while is_growing and waiting:
        is_growing = False
        for item in waiting[:]:
            if any(issuer.may_have_issued(item) and issuer.signed(item) for issuer in accepted):
                accepted.append(item)
                waiting.remove(item)
                is_growing = True
    return tuple(accepted)


def paths_to_anchors(
    leaf: Certificate, pool: Sequence[Certificate], trust: TrustStore
) -> list[tuple[Certificate, ...]]:
    """All chains of good links, leaf first; several keys of one authority give several chains."""
    if trust.is_anchor(leaf):
        return [(leaf,)]
    found: list[tuple[Certificate, ...]] = []
    waiting: list[tuple[Certificate, ...]] = [(leaf,)]
    for _ in range(_MAX_STEPS):
        if not waiting:
            break
        path = waiting.pop(0)
        for issuer in pool:
            if issuer in path or not issuer.may_have_issued(path[-1]) or not issuer.signed(path[-1]):
                continue
            longer = (*path, issuer)
            if trust.is_anchor(issuer):
                found.append(longer)
            elif len(longer) < _MAX_LENGTH:
                waiting.append(longer)
    return found


def check(leaf: Certificate, evidence: Evidence, moment: datetime, *, known_at: datetime) -> ChainCheck:
    """The best chain at the moment, with statuses issued by `known_at` (later than a past moment)."""
    pool = pool_of(evidence)
    lists = tuple(revocation.genuine_lists(evidence.status.lists, pool, known_at))
    answers = tuple(revocation.genuine_answers(evidence.status.answers, pool, known_at))
    return _best(leaf, evidence, pool, moment, lists, answers, is_past=known_at > moment)


def check_with_proof(
    leaf: Certificate, evidence: Evidence, best_time: datetime, *, known_at: datetime
) -> ChainCheck:
    """The chain as of a proven earlier time.

    Statuses count when still fresh at the control time or issued after the proven time: only these can tell
    of a revocation before the signature.
    """
    pool = pool_of(evidence)
    lists = tuple(
        item
        for item in revocation.genuine_lists(evidence.status.lists, pool, known_at)
        if item.this_update >= best_time or (item.next_update and item.next_update >= known_at)
    )
    answers = tuple(
        item
        for item in revocation.genuine_answers(evidence.status.answers, pool, known_at)
        if item.this_update >= best_time or (item.next_update and item.next_update >= known_at)
    )
    return _best(leaf, evidence, pool, best_time, lists, answers, is_past=True)


def _best(
    leaf: Certificate,
    evidence: Evidence,
    pool: Sequence[Certificate],
    moment: datetime,
    lists: tuple[StatusList, ...],
    answers: tuple[StatusAnswer, ...],
    *,
    is_past: bool,
) -> ChainCheck:
    paths = paths_to_anchors(leaf, pool, evidence.trust)
    if not paths:
        return ChainCheck(Status.NO_CHAIN, (leaf,), "нет пути до доверенного корня")
    checks = []
    for path in paths:
        found = _along(path, evidence.policy, pool, moment, lists, answers, is_past=is_past)
        if found.status is Status.GOOD:
            return found
        checks.append(found)
    return min(checks, key=lambda item: item.status.value)


def _along(
    path: tuple[Certificate, ...],
    policy: Policy,
    pool: Sequence[Certificate],
    moment: datetime,
    lists: tuple[StatusList, ...],
    answers: tuple[StatusAnswer, ...],
    *,
    is_past: bool,
) -> ChainCheck:
    serials = frozenset(item.serial for item in (*pool, *path))
    below = [item.asn1 for item in path[:-1]]
    leaf = below[0] if below else None
    target = ValidationPath(CertTrustAnchor(path[-1].asn1), interm=below[:0:-1], leaf=leaf)
    base = ChainCheck(Status.GOOD, path, lists=_of_path(lists, path), answers=answers)
    try:
        context = ValidationContext(
            trust_roots=[path[-1].asn1],
            other_certs=[item.asn1 for item in pool],
            moment=moment,
            best_signature_time=moment,
            crls=[revocation.container(item, serials) for item in lists],
            ocsps=[container for item in answers for container in item.containers],
            revocation_mode="require",
            time_tolerance=timedelta(0),
            retroactive_revinfo=is_past,
            algorithm_usage_policy=_Algorithms(policy),
            signature_validator=LinkValidator(),
        )
        _now(async_validate_path(context, target))
    except errors.ValidationError as error:
        return _explained(base, error)
    except UNREADABLE as error:
        return replace(base, status=Status.GENERAL, message=f"сертификат цепочки не читается: {error}")
    return _against_lists(base, moment)


def _explained(base: ChainCheck, error: errors.ValidationError) -> ChainCheck:
    message = error.failure_msg
    is_leaf = getattr(error, "is_ee_cert", True)
    match error:
        case errors.RevokedError():
            if error.reason.native == HOLD:
                status = Status.ON_HOLD
            else:
                status = Status.REVOKED if is_leaf else Status.CA_REVOKED
            return replace(base, status=status, message=message, revoked_at=error.revocation_dt)
        case errors.ExpiredError():
            status = Status.EXPIRED
        case errors.NotYetValidError():
            status = Status.NOT_YET_VALID
        case errors.InsufficientRevinfoError():
            status = Status.NO_STATUS
        case errors.DisallowedAlgorithmError():
            status = Status.WEAK
        case _:
            status = Status.GENERAL
    return replace(base, status=status, message=message)


def _against_lists(base: ChainCheck, moment: datetime) -> ChainCheck:
    """A good OCSP answer does not outweigh a list that calls the certificate revoked before the moment."""
    for index, item in enumerate(base.path[:-1]):
        for found in base.lists:
            if not found.is_signed_by(base.path[index + 1]):
                continue
            entry = revocation.entry_of(found, item.serial)
            if entry is None or entry[0] >= moment or entry[1] in (HOLD, "remove_from_crl"):
                continue
            status = Status.REVOKED if index == 0 else Status.CA_REVOKED
            return replace(base, status=status, message="отозван по списку", revoked_at=entry[0])
    return base


def _of_path(lists: tuple[StatusList, ...], path: tuple[Certificate, ...]) -> tuple[StatusList, ...]:
    issuers = {item.subject for item in path[1:]}
    return tuple(item for item in lists if item.issuer in issuers)


def _now(work: Coroutine[Any, Any, x509.Certificate]) -> None:
    """Run the library's coroutine here: without fetching it never waits, so no event loop is needed."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("the chain library waited for something although nothing may be fetched")
