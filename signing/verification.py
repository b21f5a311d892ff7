"""The one door: signature bytes, document, trust, statuses, control time and policy in; a report out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from signing import asn1
from signing.asn1 import UNREADABLE, Malformed
from signing.cades.parse import SignedFile, parse
from signing.cades.timestamp import read_token, verify_token
from signing.cades.verify import verify_signers
from signing.chain import Evidence
from signing.content import Document
from signing.model import (
    Policy,
    Report,
    Revocation,
    SignerReport,
    SubIndication,
    TimestampReport,
)
from signing.reporting import report_of
from signing.revocation import status_data
from signing.standing import Times
from signing.trust import TrustStore
from signing.verdict import Verdict, failed, text_of
from signing.xades.verify import looks_like_xml, verify_xml


def verify(
    signature: bytes,
    document: bytes | Path | None,
    trust: TrustStore,
    *,
    at: datetime,
    revocation: Revocation = Revocation(),  # noqa: B008 - immutable
    policy: Policy | None = None,
    archive_stamps: tuple[bytes, ...] = (),
) -> Report:
    """Check a signature file at the control time `at`; no network, no clock, no database, and never an
    exception for what is in the files.

    `policy` is by default the store's. `archive_stamps` are RFC 3161 tokens over the whole signature file,
    taken before its certificates ended: each proves that the file existed then, the newest being good at
    `at`.
    """
    if at.tzinfo is None:
        raise ValueError("the control time must be aware")
    at = at.astimezone(UTC)
    policy = policy or trust.policy
    try:
        if looks_like_xml(signature):
            return verify_xml(signature, document, trust, at=at, revocation=revocation, policy=policy)
        return _verify_cms(signature, document, trust, at, revocation, policy, archive_stamps)
    except (Malformed, *UNREADABLE) as problem:
        return _unreadable(str(problem), trust, at, policy)


def _verify_cms(
    signature: bytes,
    document: bytes | Path | None,
    trust: TrustStore,
    at: datetime,
    revocation: Revocation,
    policy: Policy,
    archive_stamps: tuple[bytes, ...],
) -> Report:
    der = asn1.decode(signature)
    signed = parse(der)
    if len(der) - len(signed.content or b"") > asn1.MAX_WITHOUT_CONTENT:
        raise Malformed("подпись больше допустимого размера")
    status = status_data(revocation, signed.revocation)
    evidence = Evidence(trust, policy, signed.certificates, status)
    proven, stamps = _archived(signature, archive_stamps, evidence, at)
    subject, is_other = _document(signed, document)
    signers = verify_signers(signed, subject, evidence, Times(at, proven))
    if is_other:
        signers = tuple(_of_other_document(item) for item in signers)
    return report_of(
        signers,
        "CMS" if all(item.level == "CMS" for item in signers) else "CAdES",
        trust,
        at,
        policy,
        status,
        content=signed.content if subject is not None else None,
        stamps=stamps,
    )


def _document(signed: SignedFile, document: bytes | Path | None) -> tuple[Document | None, bool]:
    """What was signed; and whether a document was given that is not the attached one."""
    if signed.content is None:
        return (Document(document) if document is not None else None), False
    attached = Document(signed.content)
    is_other = document is not None and Document(document).digest("sha256") != attached.digest("sha256")
    return attached, is_other


def _of_other_document(item: SignerReport) -> SignerReport:
    verdict = failed(SubIndication.HASH_FAILURE)
    reason = "в подпись вложен другой документ"
    return replace(
        item,
        indication=verdict[0],
        sub_indication=verdict[1],
        text=text_of(verdict),
        reasons=(*item.reasons, reason),
    )


def _archived(
    signature: bytes, tokens: tuple[bytes, ...], evidence: Evidence, at: datetime
) -> tuple[datetime | None, tuple[TimestampReport, ...]]:
    """Stamps over the whole file, newest first: each good one moves the proven time back."""
    read = [read_token(der, signature, "archive") for der in tokens]
    read.sort(key=lambda token: token.time or at, reverse=True)
    extra = tuple(dict.fromkeys((*evidence.extra, *(one for token in read for one in token.certificates))))
    evidence = replace(evidence, extra=extra)
    proven: datetime | None = None
    reports = []
    for token in read:
        report = verify_token(token, evidence, Times(at, proven))
        reports.append(report)
        if report.is_valid and report.time is not None:
            proven = report.time
    return proven, tuple(reports)


def _unreadable(reason: str, trust: TrustStore, at: datetime, policy: Policy) -> Report:
    verdict: Verdict = failed(SubIndication.FORMAT_FAILURE)
    return Report(
        verdict[0],
        verdict[1],
        (),
        "",
        None,
        text_of(verdict),
        at,
        policy.code,
        trust.version,
        reasons=(reason[:500],),
    )
