"""The organisation's own key (63-ФЗ, ст. 14): kept sealed, used by the worker alone, every signature checked
by our own
verifier before it is handed out. Many papers are signed as a job that goes on where it was killed (S-08,
S-22)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

import signing
from accounts.actors import actor_for
from desk.model import Job
from messaging import notify, recipients
from messaging.unit import alone
from records import outbox, parameters, policy, query
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, RecordsError, Refused, Unavailable
from records.model import Record, StoredFile
from records.people import User
from records.service import work
from records.storage import storage
from signing import certificate_facts
from signing.asn1 import Malformed
from signing.certificates import certificates_in
from signing.signers import OpenSslFileSigner, Signer, SigningFailed, SoftwareSigner, check_term

from . import intake, longterm, subject, trust, verification
from .model import OrganisationKey, Signature
from .ports import vault

SIGNERS = frozenset({"sro_director", "sro_clerk", "sro_registrar", "council_secretary"})
"""Who may have the organisation's key put under a paper."""
WARN_DAYS = (60, 30, 7)
SLICE = 10
MOST = 1000
ALREADY = "Уже подписано ключом СРО."


def active() -> OrganisationKey | None:
    """The key in use."""
    return db.session.scalars(
        select(OrganisationKey).where(OrganisationKey.is_active.is_(True)).order_by(OrganisationKey.id.desc())
    ).first()


def keys() -> list[OrganisationKey]:
    return list(db.session.scalars(select(OrganisationKey).order_by(OrganisationKey.id.desc())))


def install(
    actor: Actor,
    content: bytes,
    password: str,
    *,
    title: str = "",
    responsible: str = "",
    certificate: bytes = b"",
) -> OrganisationKey:
    """Take a PKCS#12, try it on a sample, seal it, and use it from now on. Raises Invalid with the reason."""
    if not (policy.may_administer(actor) or actor.is_system):
        raise Forbidden("Ключ СРО ставит администратор.")
    if not responsible.strip():
        raise Invalid({"responsible": ["Укажите, кто отвечает за ключ, и приказ (63-ФЗ, ст. 14, ч. 3)."]})
    sealed = json.dumps(
        {
            "p12": base64.b64encode(content).decode(),
            "password": password,
            "certificate": base64.b64encode(_der(certificate)).decode() if certificate else "",
        }
    ).encode()
    try:
        with _Opened(sealed) as signer:
            der = signer.certificate()
            signer.sign_cades(b"proba")
    except SigningFailed as failed:
        raise Invalid({"file": [str(failed)]}) from failed
    found = certificate_facts(der)
    if found.is_test and not trust.is_test_mode():
        raise Refused("Это тестовый ключ: вне учебного режима им не подписывают.")
    name = f"own-{hashlib.sha256(der).hexdigest()[:24]}"
    vault().put(name, sealed)
    with work(actor):
        _retire()
        row = OrganisationKey(
            title=(title.strip() or found.owner)[:200],
            sealed_name=name,
            certificate=der,
            facts={"owner": found.owner, "serial": found.serial_hex, "issuer": found.issuer_name,
                   "organization": found.organization, "algorithm": found.algorithm, "is_test":
                   found.is_test},
            responsible=responsible.strip()[:300],
            not_after=found.not_after,
            added_by=actor.user_id,
        )  # fmt: skip
        db.session.add(row)
    return row


def _der(data: bytes) -> bytes:
    try:
        return next(iter(certificates_in(data))).der
    except (Malformed, StopIteration) as error:
        raise Invalid({"certificate": ["Файл сертификата не читается."]}) from error


def _retire() -> None:
    db.session.execute(
        update(OrganisationKey)
        .where(OrganisationKey.is_active.is_(True))
        .values(is_active=False, retired_at=now())
    )


def retire(actor: Actor, key_id: int) -> None:
    """Stop using a key and destroy the sealed file; its certificate and signatures stay."""
    if not policy.may_administer(actor):
        raise Forbidden("Ключ СРО снимает администратор.")
    with work(actor):
        row = db.session.get(OrganisationKey, key_id)
        if row is None or not row.is_active:
            raise Refused("Этот ключ уже не используется.")
        row.is_active, row.retired_at = False, now()
        name = row.sealed_name
    vault().remove(name)


class _Opened:
    """A signer over an opened key; a GOST key lies in a private folder while OpenSSL reads it, and no
    longer."""

    def __init__(self, sealed: bytes) -> None:
        self._given: dict[str, str] = json.loads(sealed)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Signer:
        content, password = base64.b64decode(self._given["p12"]), self._given["password"]
        if not self._given["certificate"]:
            return SoftwareSigner.from_pkcs12(content, password)
        self._folder = tempfile.TemporaryDirectory(prefix="veche-key-")
        path = Path(self._folder.name) / "key.p12"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
        return OpenSslFileSigner(path, base64.b64decode(self._given["certificate"]), password)

    def __exit__(self, *_error: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


@dataclass(frozen=True)
class Health:
    """Can we sign now; a sentence for the settings page and the health check."""

    is_ready: bool
    text: str


def health() -> Health:
    """By the certificate's term alone: nothing is opened."""
    row = active()
    if row is None:
        return Health(False, "Ключ СРО не установлен: документы уходят без подписи.")
    found = check_term(row.certificate, now())
    return Health(found.is_ready, found.text)


def try_key(actor: Actor) -> Health:
    """Sign a sample with the key in use and verify it: the button «Проверить ключ»."""
    if not policy.may_administer(actor):
        raise Forbidden
    row = active()
    if row is None:
        return health()
    try:
        with _Opened(vault().get(row.sealed_name)) as signer:
            made = signer.sign_cades(b"proba")
    except (SigningFailed, FileNotFoundError) as failed:
        return Health(False, str(failed))
    return _tried(made)


def _tried(made: bytes) -> Health:
    found = trust.current()
    report = signing.verify(made, b"proba", found.store, at=now(), revocation=found.revocation)
    if report.passed:
        return Health(True, "Проба подписана и проверена: ключ работает.")
    return Health(False, f"Ключ подписывает, но своя проверка не принимает подпись: {report.text}.")


def sign_bytes(content: bytes) -> bytes | None:
    """Sign bytes of the program's own (the day of a journal); None without a key. Raises SigningFailed."""
    key = active()
    if key is None or not check_term(key.certificate, now()).is_ready:
        return None
    with _Opened(vault().get(key.sealed_name)) as signer:
        return signer.sign_cades(content)


def may_use(actor: Actor) -> bool:
    return not actor.read_only and (actor.is_system or bool(actor.roles & SIGNERS))


def documents(record: Record) -> list[StoredFile]:
    """What of a record the key signs: its finished papers, never somebody else's. Empty when the kind is not
    for it."""
    allowed = parameters.get("signatures.own_kinds")
    if record.direction == "in" or record.number_text is None:
        return []
    if isinstance(allowed, list) and allowed and record.kind not in allowed:
        return []
    return subject.signable(record)


def sign_file(actor: Actor, document: StoredFile, record: Record) -> Signature:
    """Sign one file; the second time gives the first signature."""
    key = active()
    if key is None:
        raise Refused("Ключ СРО не установлен.")
    done = _done(document.id)
    if done is not None:
        return done
    term = check_term(key.certificate, now())
    if not term.is_ready:
        raise Refused(term.text)
    with _Opened(vault().get(key.sealed_name)) as signer:
        made = signer.sign_cades(storage().path(document.sha256))
    checked = verification.check(made, document, record)
    if not checked.report.passed:
        raise Refused(f"Собственная проверка не приняла подпись: {checked.report.text}.")
    entry = intake.receive(actor, document.id, made, f"{document.name}.sig", source="server")
    longterm.stamp_later(entry.id)
    return entry


def _done(file_id: int) -> Signature | None:
    return db.session.scalars(
        select(Signature).where(
            Signature.file_id == file_id, Signature.source == "server", Signature.indication == "TOTAL_PASSED"
        )
    ).first()


def start(actor: Actor, record_ids: Sequence[int], *, token: str) -> Job:
    """Begin to sign records with the organisation's key, as a job."""
    if not may_use(actor) or actor.user_id is None:
        raise Forbidden("Ключом СРО подписывают руководитель, канцелярия, специалист реестра и секретарь.")
    chosen = list(dict.fromkeys(record_ids))
    if not chosen:
        raise Invalid({"ids": ["Отметьте хотя бы один документ."]})
    if len(chosen) > MOST:
        raise Invalid({"ids": [f"За один раз — не больше {MOST} документов."]})
    if active() is None:
        raise Refused("Ключ СРО не установлен: его ставит администратор в настройках подписи.")
    with alone():
        job = Job(
            user_id=actor.user_id,
            kind="sign",
            title="Подписать ключом СРО",
            request={"ids": chosen, "token": token},
            total=len(chosen),
            report=[],
        )
        db.session.add(job)
        db.session.flush()
        outbox.put("sign", str(job.id), {"job": job.id})
    return job


def sign_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic «sign»: a slice of a job, or the papers of one record that has just been printed."""
    for job in jobs:
        _slice(int(str(job.payload["job"])), int(str(job.payload.get("from") or 0)))


def _slice(job_id: int, begin: int) -> None:
    job = db.session.get(Job, job_id)
    if job is None or job.state == "done" or job.user_id is None or job.done != begin:
        return  # another worker has gone on from here
    ids, report = job.request["ids"], list(job.report)
    assert isinstance(ids, list)
    user = db.session.get(User, job.user_id)
    assert user is not None
    actor = actor_for(user)
    db.session.rollback()
    for record_id in ids[begin : begin + SLICE]:
        report.append(_one(actor, int(record_id)))
    is_last = len(report) >= len(ids)
    values: dict[str, object] = {
        "report": report,
        "done": len(report),
        "state": "done" if is_last else "running",
    }
    if is_last:
        values["finished_at"] = now()
    with alone():
        db.session.execute(update(Job).where(Job.id == job_id).values(**values))
        if not is_last:
            outbox.put("sign", f"{job_id}:{len(report)}", {"job": job_id, "from": len(report)})


def _one(actor: Actor, record_id: int) -> dict[str, object]:
    """One record of a job: a refusal is an answer, not a failure of the rest."""
    title, done, text = f"№ {record_id}", False, ""
    try:
        record = query.get(actor, record_id)
        title = f"{record.number_text or 'черновик'} · {record.title}"
        text = sign_record(actor, record)
        done = True
    except Unavailable:
        raise  # the store takes no writes now: the slice waits
    except (RecordsError, SigningFailed) as error:
        text = str(error)
    return {"record": record_id, "title": title, "done": done, "text": text}


def sign_record(actor: Actor, record: Record) -> str:
    """Sign every paper of a record; says what was done."""
    found = documents(record)
    if not found:
        raise Refused("Подписывать нечего: документ не зарегистрирован или не для ключа СРО.")
    if all(_done(entry.id) is not None for entry in found):
        return ALREADY
    made = [sign_file(actor, entry, record) for entry in found]
    return "Подписано: " + ", ".join(entry.signer_name for entry in made[:1])


def sign_printed(record_id: int) -> None:
    """Sign a freshly printed paper before it is sent, when the office has asked for it. Raises
    outbox.Later."""
    if not parameters.get("signatures.auto_sign") or active() is None:
        return
    record = query.get(SYSTEM_ACTOR, record_id)
    if not documents(record):
        return
    try:
        sign_record(SYSTEM_ACTOR, record)
    except (Refused, SigningFailed) as error:
        _tell_admins(f"Документ {record.number_text} не подписан ключом СРО: {error}", f"own-key:{record_id}")
        raise outbox.Later(str(error)) from error


def warn_of_end() -> int:
    """Tell the administrators 60, 30 and 7 days before the certificate ends (a timer); returns how many
    days."""
    row = active()
    if row is None:
        return 0
    left = (row.not_after - now()) // timedelta(days=1)
    passed = [days for days in WARN_DAYS if left <= days]
    if passed:
        end = row.not_after.astimezone(parameters.zone())
        text = f"Сертификат ключа СРО действует до {end:%d.%m.%Y}: получите новый заранее."
        _tell_admins(text, f"own-key-end:{row.id}:{min(passed)}")
    return left


def _tell_admins(text: str, key: str) -> None:
    people = recipients.with_role("sro_admin", on=parameters.today())
    with alone():
        notify.tell([p.user_id for p in people], text, "/settings/signatures", group="service", key=key[:120])


def signed_count(since: datetime) -> int:
    """How many papers the key has signed since a moment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Signature)
            .where(Signature.source == "server", Signature.received_at >= since)
        )
        or 0
    )
