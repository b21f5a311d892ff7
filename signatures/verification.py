"""Checking signatures: at once for small ones, in the worker for the rest, and again when the world has
changed.

A re-check adds a report, it never rewrites one. The verdict repeated on the signature's own row is the
latest.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

import signing
from records import outbox
from records.actor import SYSTEM_ACTOR
from records.database import db, now
from records.model import Record, StoredFile
from records.people import Organisation
from records.service import work
from records.service.unit import Work
from records.storage import storage
from signing import CertificateFacts, Report, SignerReport
from signing.revocation import StatusList

from . import authority, log, trust
from .authority import Authority
from .model import Certificate, Evidence, Signature, SignatureSigner, Verification

AT_ONCE_BYTES = 1024 * 1024
AT_ONCE_SIGNERS = 5
WRONG_FILE = "Подпись не от этого файла: документ изменён после подписания или подписан другой файл."
TRY_LATER, WRONG_HASH = "TRY_LATER", "HASH_FAILURE"


@dataclass(frozen=True)
class Checked:
    """A verification that has been made and is not yet written down."""

    report: Report
    authorities: tuple[Authority, ...]
    trust: trust.Trust
    at: datetime
    seconds: float

    @property
    def authority(self) -> Authority:
        """The file's authority is its weakest signer's."""
        order = (authority.NONE, authority.UNKNOWN, authority.AUTHORISED)
        return min(
            self.authorities,
            key=lambda found: order.index(found.code),
            default=Authority(authority.UNKNOWN, "Подписей в файле нет."),
        )

    @property
    def is_wrong_file(self) -> bool:
        """Was another file signed?"""
        return self.report.sub_indication == WRONG_HASH


def check(
    content: bytes,
    document: StoredFile,
    record: Record,
    *,
    at: datetime | None = None,
    stamps: tuple[bytes, ...] = (),
    kept: signing.Revocation | None = None,
) -> Checked:
    """Verify against our own stored bytes; reads only, so it may stand before a transaction."""
    moment = at or now()
    found = trust.current()
    began = time.perf_counter()
    report = signing.verify(
        content,
        storage().path(document.sha256),
        found.store,
        at=moment,
        revocation=_together(found.revocation, kept),
        archive_stamps=stamps,
    )
    seconds = time.perf_counter() - began
    authorities = tuple(_authority(item, record, moment) for item in report.signers)
    return Checked(report, authorities, found, moment, seconds)


def _together(current: signing.Revocation, kept: signing.Revocation | None) -> signing.Revocation:
    """Lists of today and those kept beside the signature when it was stamped."""
    if kept is None or not (kept.crls or kept.ocsps):
        return current
    return signing.Revocation(
        tuple(dict.fromkeys((*current.crls, *kept.crls))), tuple(dict.fromkeys((*current.ocsps, *kept.ocsps)))
    )


def _authority(item: SignerReport, record: Record, at: datetime) -> Authority:
    """Powers are asked of a signature that is not broken; of a broken one there is nobody to ask."""
    if item.indication is signing.Indication.TOTAL_FAILED:
        return Authority(authority.UNKNOWN, "Подпись недействительна: полномочия не проверялись.")
    return authority.of_signer(item.certificate, record, item.best_time or at)


def is_heavy(document: StoredFile, signatures: int = 1) -> bool:
    """Longer than a request should last: done by the worker."""
    return document.size > AT_ONCE_BYTES or signatures > AT_ONCE_SIGNERS


def keep(entry: Signature, checked: Checked, why: str, at: datetime) -> None:
    """Write a verification down, inside the caller's transaction."""
    report = checked.report
    db.session.add(
        Verification(
            signature_id=entry.id,
            control_time=checked.at,
            policy=report.policy,
            trust_version=checked.trust.name,
            revocation_version=checked.trust.revocation.version,
            indication=report.indication.value,
            sub_indication=report.sub_indication.value if report.sub_indication else "",
            authority=checked.authority.code,
            report={
                **report.as_dict(),
                "authorities": [{"code": a.code, "text": a.text} for a in checked.authorities],
            },
            engine=report.engine,
            seconds=round(checked.seconds, 4),
            why=why,
            made_at=at,
        )
    )
    _repeat(entry, checked, at)
    _signers(entry, checked)


def _repeat(entry: Signature, checked: Checked, at: datetime) -> None:
    report = checked.report
    known = [item.certificate for item in report.signers if item.certificate is not None]
    entry.indication = report.indication.value
    entry.sub_indication = report.sub_indication.value if report.sub_indication else ""
    entry.text = report.text[:500]
    entry.format, entry.level = report.format[:20], (report.level or "")[:10]
    entry.authority, entry.authority_text = checked.authority.code, checked.authority.text[:500]
    entry.signer_name = "; ".join(facts.owner for facts in known)[:300]
    entry.is_test = any(facts.is_test for facts in known)
    entry.certificate_until = min((facts.not_after for facts in known), default=None)
    entry.checked_at, entry.trust_version = at, checked.trust.name


def _signers(entry: Signature, checked: Checked) -> None:
    db.session.execute(delete(SignatureSigner).where(SignatureSigner.signature_id == entry.id))
    pairs = zip(checked.report.signers, checked.authorities, strict=True)
    for position, (item, powers) in enumerate(pairs, 1):
        if item.certificate is not None:
            _remember(item.certificate)
        db.session.add(_signer(entry.id, position, item, powers))


def _signer(signature_id: int, position: int, item: SignerReport, powers: Authority) -> SignatureSigner:
    facts = item.certificate
    return SignatureSigner(
        signature_id=signature_id,
        position=position,
        certificate_sha256=facts.sha256 if facts else None,
        name=(facts.owner if facts else "")[:300],
        company=((facts.organization if facts else "") or "")[:500],
        organisation_id=_organisation_of(facts),
        claimed_time=item.claimed_time,
        best_time=item.best_time,
        indication=item.indication.value,
        sub_indication=item.sub_indication.value if item.sub_indication else "",
        text=item.text[:500],
        authority=powers.code,
        authority_text=powers.text[:500],
    )


def _organisation_of(facts: CertificateFacts | None) -> int | None:
    if facts is None or not facts.inn_legal:
        return None
    return db.session.scalar(select(Organisation.id).where(Organisation.inn == facts.inn_legal))


def _remember(facts: CertificateFacts) -> None:
    if db.session.get(Certificate, facts.sha256) is None:
        values = {
            name: value
            for name in (
                "surname",
                "given_name",
                "title",
                "organization",
                "inn",
                "inn_legal",
                "ogrn",
                "snils",
            )
            if (value := getattr(facts, name))
        }
        db.session.add(
            Certificate(
                sha256=facts.sha256,
                serial=facts.serial_hex[:80],
                issuer_name=facts.issuer_name,
                facts={**values, "subject": facts.subject_name, "is_test": facts.is_test},
                not_before=facts.not_before,
                not_after=facts.not_after,
            )
        )
        db.session.flush()


def again(signature_id: int, why: str, *, at: datetime | None = None) -> Checked | None:
    """Check a kept signature anew; its record hears of it only when the verdict has changed."""
    entry = db.session.get(Signature, signature_id)
    if entry is None:
        return None
    document, stored = db.session.get(StoredFile, entry.file_id), db.session.get(StoredFile, entry.stored_id)
    record = db.session.get(Record, entry.record_id)
    if document is None or stored is None or record is None or not storage().exists(document.sha256):
        return None  # destroyed by an act of the file plan
    beside = _beside(entry.id)
    content = storage().path(stored.sha256).read_bytes()
    checked = check(
        content,
        document,
        record,
        at=at,
        stamps=beside["tst"],
        kept=signing.Revocation(beside["crl"], beside["ocsp"]),
    )
    with work(SYSTEM_ACTOR) as unit:
        _write_again(unit, signature_id, checked, why)
    return checked


def _beside(signature_id: int) -> dict[str, tuple[bytes, ...]]:
    """What is kept beside a signature for its long life, by kind."""
    found: dict[str, list[bytes]] = {"tst": [], "crl": [], "ocsp": []}
    rows = db.session.execute(
        select(Evidence.kind, Evidence.content).where(Evidence.signature_id == signature_id)
    )
    for kind, content in rows:
        found.setdefault(kind, []).append(content)
    return {kind: tuple(items) for kind, items in found.items()}


def _write_again(unit: Work, signature_id: int, checked: Checked, why: str) -> None:
    entry = db.session.get(Signature, signature_id, populate_existing=True)
    assert entry is not None
    before = (entry.indication, entry.sub_indication, entry.authority)
    was = entry.text
    keep(entry, checked, why, unit.at)
    if before == (entry.indication, entry.sub_indication, entry.authority):
        return
    record = unit.lock(entry.record_id)
    unit.history(
        record,
        "signature.verify",
        changes={"verdict": (was or None, f"{entry.text}. {entry.authority_text}")},
        notify=bool(before[0]) and record.state != "draft",
    )
    if not before[0] and checked.report.passed:
        log.note(unit, record, "checked", db.session.get(StoredFile, entry.file_id), person=entry.signer_name)


def verify_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic «signature»: signatures that waited for the worker."""
    for job in jobs:
        again(int(str(job.payload["signature"])), str(job.payload.get("why") or "intake"))


def recheck_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic «recheck»: what a new list, a new store or the night calls into question."""
    for job in jobs:
        why = str(job.payload["why"])
        ids = _questioned(why, job.payload.get("list"))
        db.session.rollback()
        with work(SYSTEM_ACTOR):
            _queue(ids, why)


def _questioned(why: str, list_id: object) -> list[int]:
    ids = select(Signature.id).order_by(Signature.id)
    if why == "night":
        return list(db.session.scalars(ids.where(Signature.indication == "INDETERMINATE")))
    if why != "crl":
        return list(db.session.scalars(ids))
    found = set(db.session.scalars(ids.where(Signature.sub_indication == TRY_LATER)))
    crl = trust.lists_of(int(str(list_id))) if list_id is not None else None
    if crl is not None:
        found |= _of_revoked(crl)
    return sorted(found)


def _of_revoked(crl: StatusList) -> set[int]:
    """Signatures of those whom the list calls revoked."""
    rows = db.session.execute(
        select(SignatureSigner.signature_id, Certificate.serial)
        .join(Certificate, Certificate.sha256 == SignatureSigner.certificate_sha256)
        .where(Certificate.issuer_name == crl.issuer_text)
    )
    return {row.signature_id for row in rows if trust.names_serial(crl, row.serial)}


def _queue(ids: Iterable[int], why: str) -> None:
    for signature_id in ids:
        outbox.put("signature", str(signature_id), {"signature": signature_id, "why": why})


def ask_nightly() -> None:
    """Every signature that is not yet confirmed is asked about again (a timer)."""
    with work(SYSTEM_ACTOR):
        outbox.put("recheck", "night", {"why": "night"})


def history_of(signature_id: int) -> list[Verification]:
    """All verifications of a signature, newest first."""
    return list(
        db.session.scalars(
            select(Verification)
            .where(Verification.signature_id == signature_id)
            .order_by(Verification.id.desc())
        )
    )
