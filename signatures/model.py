"""Tables of signatures: bytes as received, every verification, trust and its versions, who is asked to
sign."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from records import schema
from records.database import BigId, Json, Model, Moment, now


class Signature(Model):
    """A signature file as it came; the latest verdict is repeated here for cards and queues."""

    __tablename__ = "signature"
    __table_args__ = (
        Index("ix_signature_file", "file_id"),
        Index("ix_signature_record", "record_id"),
        Index("ix_signature_verdict", "indication", "sub_indication"),
        Index("ix_signature_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    stored_id: Mapped[int] = mapped_column(ForeignKey("file.id"), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    signed_sha256: Mapped[str] = mapped_column(String(64))
    signed_streebog256: Mapped[str | None] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20), default="")
    level: Mapped[str] = mapped_column(String(10), default="")
    source: Mapped[str] = mapped_column(String(10), default="upload")  # plugin test upload server import api
    operation_id: Mapped[str | None] = mapped_column(String(40))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    received_at: Mapped[datetime] = mapped_column(Moment, default=now)
    indication: Mapped[str] = mapped_column(String(20), default="")  # empty while it waits for its check
    sub_indication: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(String(500), default="")
    authority: Mapped[str] = mapped_column(String(20), default="")
    authority_text: Mapped[str] = mapped_column(String(500), default="")
    signer_name: Mapped[str] = mapped_column(String(300), default="")
    is_test: Mapped[bool] = mapped_column(default=False)
    certificate_until: Mapped[datetime | None] = mapped_column(Moment, index=True)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    trust_version: Mapped[str] = mapped_column(String(40), default="")


class SignatureSigner(Model):
    """One signer of a signature file, as the latest verification saw him."""

    __tablename__ = "signature_signer"

    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    certificate_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(300), default="")
    company: Mapped[str] = mapped_column(String(500), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    claimed_time: Mapped[datetime | None] = mapped_column(Moment)
    best_time: Mapped[datetime | None] = mapped_column(Moment)
    indication: Mapped[str] = mapped_column(String(20))
    sub_indication: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(String(500), default="")
    authority: Mapped[str] = mapped_column(String(20), default="")
    authority_text: Mapped[str] = mapped_column(String(500), default="")


class Verification(Model):
    """One verification: never rewritten, a re-check adds another."""

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_signature", "signature_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))
    control_time: Mapped[datetime] = mapped_column(Moment)
    policy: Mapped[str] = mapped_column(String(40))
    trust_version: Mapped[str] = mapped_column(String(40), default="")
    revocation_version: Mapped[str] = mapped_column(String(40), default="")
    indication: Mapped[str] = mapped_column(String(20))
    sub_indication: Mapped[str] = mapped_column(String(60), default="")
    authority: Mapped[str] = mapped_column(String(20), default="")
    report: Mapped[dict[str, object]] = deferred(mapped_column(Json))
    engine: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[float]
    why: Mapped[str] = mapped_column(String(20), default="intake")
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Evidence(Model):
    """What is kept beside a signature for its long life: an RFC 3161 token, the lists that covered it."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_signature", "signature_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))
    kind: Mapped[str] = mapped_column(String(12))  # tst crl ocsp certificate
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    until: Mapped[datetime | None] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Certificate(Model):
    """A certificate met in a signature, with what it says of its owner."""

    __tablename__ = "certificate"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    serial: Mapped[str] = mapped_column(String(80), index=True)
    issuer_name: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, object]] = mapped_column(Json)
    not_before: Mapped[datetime] = mapped_column(Moment)
    not_after: Mapped[datetime] = mapped_column(Moment)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class TrustVersion(Model):
    """One version of the trust store; the newest is in force, the earlier ones stay for their reports."""

    __tablename__ = "trust_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    policy: Mapped[str] = mapped_column(String(40))
    is_test: Mapped[bool] = mapped_column(default=False)
    roots: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    note: Mapped[str] = mapped_column(String(500), default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)


class RevocationList(Model):
    """A CRL or an OCSP answer brought in by hand or by the fetching job."""

    __tablename__ = "revocation_list"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(6))  # crl ocsp
    issuer_name: Mapped[str] = mapped_column(Text, default="")
    this_update: Mapped[datetime | None] = mapped_column(Moment)
    next_update: Mapped[datetime | None] = mapped_column(Moment)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)


class SigningOperation(Model):
    """What one person is about to sign in his browser: the server alone decides which bytes."""

    __tablename__ = "signing_operation"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(200), default="")
    items: Mapped[list[dict[str, object]]] = mapped_column(Json)
    done: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SigningTask(Model):
    """A place in the sequence of signers of a record (S-06)."""

    __tablename__ = "signing_task"
    __table_args__ = (
        UniqueConstraint("record_id", "round", "position"),
        Index("ix_signing_task_user", "user_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    round: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(
        String(10), default="waiting"
    )  # waiting asked signed declined cancelled
    reason: Mapped[str] = mapped_column(String(500), default="")
    forwarded_from: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class SigningEvent(Model):
    """The signing log of a record (S-15): who did what with which bytes; never rewritten."""

    __tablename__ = "signing_event"
    __table_args__ = (Index("ix_signing_event_record", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    verb: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    person: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(45), default="")
    document: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    streebog256: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")


class SimpleSignature(Model):
    """A simple signature: each row carries the digest of the one before (63-ФЗ, ст. 9)."""

    __tablename__ = "simple_signature"
    __table_args__ = (Index("ix_simple_signature_record", "record_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    operation: Mapped[str] = mapped_column(String(20), unique=True)
    person: Mapped[str] = mapped_column(String(200))
    login: Mapped[str] = mapped_column(String(254))
    documents: Mapped[list[dict[str, object]]] = mapped_column(Json)
    factor: Mapped[str] = mapped_column(String(10))  # password code
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    sent_to: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    rules_version: Mapped[str] = mapped_column(String(20))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class SimpleChain(Model):
    """The head of the chain of simple signatures: one row, locked by whoever adds."""

    __tablename__ = "simple_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(default=0)


class SimpleSeal(Model):
    """The head of the chain on a day, signed by the organisation's own key."""

    __tablename__ = "simple_seal"

    day: Mapped[date] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    signature: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class SigningCode(Model):
    """A one-time code sent for a simple signature of named bytes; only its hash is kept."""

    __tablename__ = "signing_code"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    documents_digest: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_to: Mapped[str] = mapped_column(String(254))
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Agreement(Model):
    """Consent to the rules of simple signatures, of one person for one company (63-ФЗ, ст. 6 ч. 2, ст. 9)."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rules_version: Mapped[str] = mapped_column(String(20))
    rules_sha256: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    address: Mapped[str] = mapped_column(String(45), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class LoginChallenge(Model):
    """A text to be signed to come in: bound to one browser, used once, for five minutes."""

    __tablename__ = "login_challenge"

    nonce_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(10), default="login")
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class CertificateBinding(Model):
    """Which person of the world an account is: by СНИЛС and ИНН, so that a renewed certificate still fits."""

    __tablename__ = "certificate_binding"
    __table_args__ = (Index("ix_certificate_binding_person", "snils", "inn"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    snils: Mapped[str] = mapped_column(String(11))
    inn: Mapped[str] = mapped_column(String(12))
    owner: Mapped[str] = mapped_column(String(300))
    certificate_sha256: Mapped[str] = mapped_column(String(64))
    bound_at: Mapped[datetime] = mapped_column(Moment, default=now)
    bound_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class OrganisationKey(Model):
    """The organisation's own signing key: its certificate here, the key itself sealed in the instance."""

    __tablename__ = "organisation_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    keeper: Mapped[str] = mapped_column(String(20), default="file")
    sealed_name: Mapped[str] = mapped_column(String(80), default="")
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    facts: Mapped[dict[str, object]] = mapped_column(Json)
    responsible: Mapped[str] = mapped_column(String(300), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    not_after: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


for _table in (Verification, SigningEvent, SimpleSignature):
    schema.append_only(_table.__tablename__)
