"""Long life of signatures (S-18): a stamp of time over the whole file and the lists that covered it, taken
before the
signer's certificate (or the last stamp's) ends, so that the verdict of today can be proved later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from records import outbox
from records.actor import SYSTEM_ACTOR
from records.database import db, now
from records.model import StoredFile
from records.service import work
from signing import timestamps
from signing.asn1 import Malformed
from signing.cades.timestamp import read_token

from . import intake, log, trust
from .model import Evidence, Signature
from .ports import TimeUnavailable, timestamper

AHEAD = timedelta(days=60)
"""How long before the end of a certificate its signatures are stamped."""
MOST_A_NIGHT = 2000


def stamp_later(signature_id: int) -> None:
    """Ask the worker for a stamp, when there is a service to ask."""
    if timestamper() is None:
        return
    with work(SYSTEM_ACTOR):
        outbox.put("tst", str(signature_id), {"signature": signature_id})


def stamp_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic «tst»: stamps of time, one signature each."""
    for job in jobs:
        stamp(int(str(job.payload["signature"])))


def stamp(signature_id: int) -> Evidence | None:
    """Take a stamp over a signature file and keep it beside. Raises outbox.Later while the service is
    silent."""
    service = timestamper()
    entry = db.session.get(Signature, signature_id)
    if service is None or entry is None or entry.indication != "TOTAL_PASSED":
        return None
    content = intake.content_of(entry)
    found = trust.current()
    digest = "sha256" if found.is_test else "streebog256"
    asked = timestamps.request(content, digest=digest)
    try:
        token = timestamps.read_response(service.ask(asked), asked)
    except (TimeUnavailable, Malformed) as problem:
        raise outbox.Later(str(problem)) from problem
    made = timestamps.verify_timestamp(token, content, found.store, at=now(), revocation=found.revocation)
    if not made.is_valid:
        raise outbox.Later(f"штамп времени не принят: {made.reason}")
    return _keep(signature_id, token, found)


def _keep(signature_id: int, token: bytes, found: trust.Trust) -> Evidence:
    with work(SYSTEM_ACTOR) as unit:
        entry = db.session.get(Signature, signature_id)
        assert entry is not None
        row = _evidence(signature_id, "tst", token, until=_end_of(token))
        db.session.add(row)
        for kind, items in (("crl", found.revocation.crls), ("ocsp", found.revocation.ocsps)):
            known = _kept(signature_id, kind)
            for content in items:
                fresh = _evidence(signature_id, kind, content)
                if fresh.sha256 not in known:
                    db.session.add(fresh)
        record = unit.lock(entry.record_id)
        unit.history(record, "signature.stamp", changes={"stamp": (None, row.sha256)}, notify=False)
        log.note(unit, record, "stamped", db.session.get(StoredFile, entry.file_id), person="Служба времени")
        outbox.put("signature", str(signature_id), {"signature": signature_id, "why": "stamp"})
    return row


def _evidence(signature_id: int, kind: str, content: bytes, *, until: datetime | None = None) -> Evidence:
    sha256 = hashlib.sha256(content).hexdigest()
    return Evidence(
        signature_id=signature_id, kind=kind, sha256=sha256, content=content, until=until, made_at=now()
    )


def _kept(signature_id: int, kind: str) -> set[str]:
    return set(
        db.session.scalars(
            select(Evidence.sha256).where(Evidence.signature_id == signature_id, Evidence.kind == kind)
        )
    )


def _end_of(token: bytes) -> datetime | None:
    """The stamp is good while its signer's certificate is; the next one must be taken before."""
    ends = [one.not_after for one in read_token(token, b"", "archive").certificates if one.is_timestamper]
    return min(ends, default=None)


def due(moment: datetime) -> list[int]:
    """Signatures whose proof ends within the term: by the newest stamp, or by the certificate when there is
    none."""
    newest = (
        select(Evidence.signature_id, func.max(Evidence.until).label("until"))
        .where(Evidence.kind == "tst")
        .group_by(Evidence.signature_id)
        .subquery()
    )
    end = func.coalesce(newest.c.until, Signature.certificate_until)
    return list(
        db.session.scalars(
            select(Signature.id)
            .outerjoin(newest, newest.c.signature_id == Signature.id)
            .where(Signature.indication == "TOTAL_PASSED", end <= moment + AHEAD, end > moment)
            .order_by(Signature.id)
            .limit(MOST_A_NIGHT)
        )
    )


def stamp_archive() -> int:
    """The yearly life of the archive, looked at every night (a timer): what ends soon is stamped anew."""
    if timestamper() is None:
        return 0
    ids = due(now())
    db.session.rollback()
    with work(SYSTEM_ACTOR):
        for signature_id in ids:
            outbox.put("tst", str(signature_id), {"signature": signature_id})
    return len(ids)


def evidence_of(signature_id: int) -> list[Evidence]:
    return list(
        db.session.scalars(
            select(Evidence).where(Evidence.signature_id == signature_id).order_by(Evidence.id)
        )
    )
