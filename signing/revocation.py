"""Lists of revoked certificates and OCSP answers, checked before the chain: a forged one never reaches it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, ocsp, pem
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing import slim_crl
from signing.asn1 import UNREADABLE, Malformed, measured
from signing.certificates import Certificate, certificate, name_key
from signing.keys import algorithm_of, verify_cached
from signing.model import Revocation, RevocationFact
from signing.people import name_text

HOLD = "certificate_hold"


@dataclass(frozen=True)
class StatusList:
    """One readable CRL."""

    parsed: crl.CertificateList
    issuer: str
    issuer_text: str
    this_update: datetime
    next_update: datetime | None
    is_embedded: bool
    # Of a huge list only the entries asked for are parsed; the signed bytes stay whole.
    tbs: bytes
    signature: bytes
    der: bytes

    def is_signed_by(self, issuer: Certificate) -> bool:
        algorithm = algorithm_of(self.parsed["signature_algorithm"])
        if algorithm is None or self.issuer != issuer.subject:
            return False
        return verify_cached(issuer.key.spki, algorithm, self.tbs, self.signature)

    def fact(self) -> RevocationFact:
        source = "embedded" if self.is_embedded else "supplied"
        return RevocationFact("CRL", self.issuer_text, self.this_update, self.next_update, source)


@dataclass(frozen=True)
class StatusAnswer:
    """One readable OCSP response with the certificates in it."""

    parsed: ocsp.OCSPResponse
    basic: ocsp.BasicOCSPResponse
    containers: tuple[OCSPContainer, ...]
    certificates: tuple[Certificate, ...]
    this_update: datetime
    next_update: datetime | None
    serials: frozenset[int]
    is_embedded: bool

    def is_signed_by(self, responder: Certificate) -> bool:
        algorithm = algorithm_of(self.basic["signature_algorithm"])
        if algorithm is None:
            return False
        data, value = self.basic["tbs_response_data"].dump(), self.basic["signature"].native
        return verify_cached(responder.key.spki, algorithm, data, value)

    def fact(self) -> RevocationFact:
        source = "embedded" if self.is_embedded else "supplied"
        return RevocationFact("OCSP", "", self.this_update, self.next_update, source)


@dataclass(frozen=True)
class StatusData:
    """All that is known of revocation for one check."""

    lists: tuple[StatusList, ...]
    answers: tuple[StatusAnswer, ...]
    identity: str
    # What could not be read: said in the report, otherwise without effect.
    warnings: tuple[str, ...] = ()


def status_data(supplied: Revocation, embedded: Revocation | None = None) -> StatusData:
    """Parse what was given; unreadable data proves nothing and is only mentioned."""
    lists: list[StatusList] = []
    answers: list[StatusAnswer] = []
    warnings: list[str] = []
    for source, is_embedded in ((supplied, False), (embedded or Revocation(), True)):
        for data in source.crls:
            try:
                lists.append(_status_list(data, is_embedded))
            except Malformed as problem:
                warnings.append(str(problem))
        for data in source.ocsps:
            try:
                answers.append(_status_answer(data, is_embedded))
            except Malformed as problem:
                warnings.append(str(problem))
    identity = f"{supplied.version}+{embedded.version if embedded else ''}"
    return StatusData(tuple(lists), tuple(answers), identity, tuple(warnings))


@functools.lru_cache(maxsize=256)
def _status_list(data: bytes, is_embedded: bool) -> StatusList:
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        if len(der) < slim_crl.LARGE:
            der = measured(der)
        parsed = crl.CertificateList.load(der, strict=True)
        tbs = parsed["tbs_cert_list"]
        return StatusList(
            parsed=parsed,
            issuer=name_key(parsed.issuer),
            issuer_text=name_text(parsed.issuer),
            this_update=tbs["this_update"].native,
            next_update=tbs["next_update"].native,
            is_embedded=is_embedded,
            tbs=tbs.dump(),
            signature=parsed["signature"].native,
            der=der,
        )
    except UNREADABLE as error:
        raise Malformed(f"список отзыва не читается: {error}") from None


@functools.lru_cache(maxsize=256)
def _status_answer(data: bytes, is_embedded: bool) -> StatusAnswer:
    try:
        parsed = ocsp.OCSPResponse.load(measured(data), strict=True)
        containers = tuple(OCSPContainer.load_multi(parsed))
        if not containers:
            raise Malformed("ответ OCSP без сведений о статусе")
        basic = parsed["response_bytes"]["response"].parsed
        single = [item for item in basic["tbs_response_data"]["responses"]]
        return StatusAnswer(
            parsed=parsed,
            basic=basic,
            containers=containers,
            certificates=tuple(certificate(item.dump()) for item in basic["certs"] or ()),
            this_update=max(item["this_update"].native for item in single),
            next_update=single[0]["next_update"].native,
            serials=frozenset(item["cert_id"]["serial_number"].native for item in single),
            is_embedded=is_embedded,
        )
    except UNREADABLE as error:
        raise Malformed(f"ответ OCSP не читается: {error}") from None


def genuine_lists(lists: Iterable[StatusList], pool: Sequence[Certificate], at: datetime) -> list[StatusList]:
    """Lists signed by an authority of the pool and issued by the control time.

    The chain library remembers a list's issuer by the value of its signature alone: a forged list with a
    borrowed value must not come near it.
    """
    authorities = [item for item in pool if item.is_ca]
    return [
        found
        for found in lists
        if found.this_update <= at and any(found.is_signed_by(issuer) for issuer in authorities)
    ]


def genuine_answers(
    answers: Iterable[StatusAnswer], pool: Sequence[Certificate], at: datetime
) -> list[StatusAnswer]:
    """Answers issued by the control time, signed by a certificate of the pool and bringing none from outside
    it.
    """
    known = set(pool)
    return [
        found
        for found in answers
        if found.this_update <= at
        and known.issuperset(found.certificates)
        and any(found.is_signed_by(item) for item in pool if item.is_ca or item.is_ocsp_responder)
    ]


def container(found: StatusList, serials: frozenset[int]) -> CRLContainer:
    """The list as the chain library takes it."""
    return CRLContainer(slim_crl.only(found.parsed, found.der, serials))


def entry_of(found: StatusList, serial: int) -> tuple[datetime, str] | None:
    """When and why the list calls this serial number revoked."""
    return slim_crl.entry(found.parsed, found.der, serial)
