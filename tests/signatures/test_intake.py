"""Signatures come in: the right one is confirmed, the wrong one is told in words."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from cryptography import x509

from records import query, service
from records.actor import SYSTEM_ACTOR
from records.database import db, now
from records.errors import Forbidden, Invalid, NotFound
from records.model import StoredFile
from records.storage import storage
from signatures import intake, reports, test_root, trust, verification
from signatures.model import SignatureSigner, Verification
from tests.signatures.conftest import Authority, head_owner
from tests.world import attach, draft

BODY = b"text of the paper"


@pytest.mark.requirement("S-01", "S-05", "R-15")
def test_a_good_signature_is_confirmed_with_signer_time_and_powers(authority, letter_with, head):
    record, file_id = letter_with(BODY)
    made = authority.signer(head_owner()).sign_cades(BODY)
    entry = intake.receive(head, file_id, made, "paper.txt.sig")
    assert (entry.indication, entry.authority, entry.signer_name) == (
        "TOTAL_PASSED",
        "authorised",
        "Иванов Иван Иванович",
    )
    assert reports.mood(entry) == "valid" and entry.is_test
    signer = db.session.scalars(db.select(SignatureSigner)).one()
    assert signer.organisation_id == record.organisation_id


@pytest.mark.requirement("S-05", "F-10")
@pytest.mark.parametrize("form", ["der", "base64", "pem", "txt"])
def test_a_signature_is_known_by_its_content_and_kept_as_it_came(authority, letter_with, head, form):
    _record, file_id = letter_with(BODY)
    der = authority.signer(head_owner()).sign_cades(BODY)
    body = base64.encodebytes(der)
    sent = {
        "der": der,
        "base64": body,
        "pem": b"-----BEGIN CMS-----\n" + body + b"-----END CMS-----\n",
        "txt": b"\xef\xbb\xbf" + body,
    }[form]
    entry = intake.receive(head, file_id, sent, f"подпись.{form}")
    assert entry.indication == "TOTAL_PASSED"
    assert intake.content_of(entry) == sent


@pytest.mark.requirement("S-05", "F-10")
def test_a_signature_of_another_file_is_refused_in_plain_words(authority, letter_with, head):
    _record, file_id = letter_with(BODY)
    made = authority.signer(head_owner()).sign_cades(b"another paper")
    with pytest.raises(Invalid, match="Подпись не от этого файла"):
        intake.receive(head, file_id, made, "paper.txt.sig")
    assert intake.of_record(_record.id) == []


@pytest.mark.requirement("S-05")
@pytest.mark.parametrize("junk", [b"just words!", b"", b"\x30\x03\x02\x01", b"\x30\x82\xff\xff" + b"a" * 40])
def test_what_is_not_a_signature_is_refused(authority, letter_with, head, junk):
    _record, file_id = letter_with(BODY)
    with pytest.raises(Invalid, match="не является электронной подписью"):
        intake.receive(head, file_id, junk, "paper.sig")


@pytest.mark.requirement("S-09")
def test_each_fault_of_a_certificate_has_its_own_message(authority, letter_with, head):
    said = {}
    at = authority.at
    _record, file_id = letter_with(BODY)
    signers = {
        "expired": authority.signer(head_owner(), at=at - timedelta(days=400), days=300),
        "revoked": authority.signer(head_owner()),
    }
    foreign = authority.signer(head_owner())
    serial = x509.load_der_x509_certificate(signers["revoked"].certificate()).serial_number
    trust.add_list(SYSTEM_ACTOR, authority.root.crl((serial,), at=at - timedelta(minutes=1)))
    for name, signer in signers.items():
        said[name] = intake.receive(head, file_id, signer.sign_cades(BODY)).text
    damaged = bytearray(foreign.sign_cades(BODY))
    damaged[-1] ^= 1
    said["damaged"] = intake.receive(head, file_id, bytes(damaged)).text
    other = test_root.make(at)
    stranger = type(authority)(other, at).signer(head_owner())
    said["unknown"] = intake.receive(head, file_id, stranger.sign_cades(BODY)).text
    assert len(set(said.values())) == 4, said
    assert "истёк" in said["expired"] and "отозван" in said["revoked"]
    assert "искажена" in said["damaged"] and "не входит в число доверенных" in said["unknown"]


def test_the_same_signature_again_is_the_same_signature(authority, letter_with, head):
    record, file_id = letter_with(BODY)
    made = authority.signer(head_owner()).sign_cades(BODY)
    first, second = (intake.receive(head, file_id, made) for _ in range(2))
    assert first.id == second.id and len(intake.of_record(record.id)) == 1


@pytest.mark.requirement("R-37")
def test_a_stranger_neither_signs_nor_sees(authority, letter_with, head, stranger, specialist):
    record, file_id = letter_with(BODY)
    service.act(head, record.id, "submit")
    made = authority.signer(head_owner()).sign_cades(BODY)
    with pytest.raises(NotFound):
        intake.receive(stranger, file_id, made)
    with pytest.raises(Forbidden):
        intake.receive(specialist, file_id, made)
    entry = intake.receive(head, file_id, made)
    with pytest.raises(NotFound):
        intake.visible(stranger, entry.id)


@pytest.mark.requirement("S-12")
def test_the_signed_bytes_stay_what_they_were(authority, letter_with, head, clerk):
    record, file_id = letter_with(BODY)
    made = authority.signer(head_owner()).sign_cades(BODY)
    entry = intake.receive(head, file_id, made)
    service.act(head, record.id, "submit")
    done = service.attach(clerk, record.id, io.BytesIO(b"a new wording"), "paper.txt", replaces=file_id)
    old = db.session.get(StoredFile, file_id)
    assert storage().path(old.sha256).read_bytes() == BODY
    assert [s.file_id for s in intake.of_record(record.id)] == [file_id] and done.file.id != file_id
    assert verification.again(entry.id, "person").report.passed


@pytest.mark.requirement("S-09")
def test_a_large_document_waits_for_the_worker(authority, letter_with, head, drain, monkeypatch):
    monkeypatch.setattr(verification, "AT_ONCE_BYTES", 4)
    _record, file_id = letter_with(BODY)
    entry = intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    assert entry.indication == "" and reports.sentence(entry).startswith("Подпись принята")
    drain(["signature"])
    db.session.refresh(entry)
    assert entry.indication == "TOTAL_PASSED"


@pytest.mark.requirement("S-09", "S-18")
def test_a_recheck_adds_a_report_and_rewrites_none(authority, letter_with, head, drain):
    _record, file_id = letter_with(BODY)
    signer = authority.signer(head_owner())
    entry = intake.receive(head, file_id, signer.sign_cades(BODY))
    serial = x509.load_der_x509_certificate(signer.certificate()).serial_number
    trust.add_list(SYSTEM_ACTOR, authority.root.crl((serial,), at=authority.at - timedelta(minutes=1)))
    drain(["recheck", "signature"])
    db.session.expire_all()
    checks = verification.history_of(entry.id)
    assert [(c.indication, c.why) for c in checks][:1] == [("INDETERMINATE", "crl")]
    assert checks[-1].indication == "TOTAL_PASSED"
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(db.update(Verification).values(indication="TOTAL_PASSED"))
    db.session.rollback()
    steps = query.history(head, query.get(head, entry.record_id))
    assert "signature.verify" in {step.verb for step in steps}


@pytest.mark.requirement("S-05", "S-22")
def test_several_signatures_find_their_own_documents(authority, head):
    record = submitted_with(head, {"a.txt": b"first paper", "b.txt": b"second paper"})
    signer = authority.signer(head_owner())
    sent = [("1.sig", signer.sign_cades(b"second paper")), ("a.txt.sig", signer.sign_cades(b"first paper"))]
    taken = intake.receive_many(head, record.id, [*sent, ("c.sig", signer.sign_cades(b"third"))])
    assert [one.file for one in taken] == ["b.txt", "a.txt", ""]
    assert taken[2].signature is None and "не от этого файла" in taken[2].text


def submitted_with(head, files):
    record = draft(head)
    for name, body in files.items():
        attach(head, record, io.BytesIO(body), name)
    return record


def test_a_filed_paper_of_the_company_may_be_signed_by_its_head(authority, head, letter_with):
    record, file_id = letter_with(BODY)
    service.act(head, record.id, "submit")
    entry = intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    assert entry.indication == "TOTAL_PASSED"


@pytest.mark.requirement("S-09")
def test_a_status_not_known_yet_is_asked_again_when_the_list_comes(ctx, letter_with, head, drain):
    root = test_root.make(now())
    trust.put(SYSTEM_ACTOR, trust.read([root.der]))
    _record, file_id = letter_with(BODY)
    made = Authority(root, now()).signer(head_owner()).sign_cades(BODY)
    entry = intake.receive(head, file_id, made)
    assert (entry.sub_indication, reports.mood(entry)) == ("TRY_LATER", "unknown")
    assert "проверка повторится сама" in reports.sentence(entry)
    trust.add_list(SYSTEM_ACTOR, root.crl(at=now() - timedelta(hours=1)))
    drain(["recheck", "signature"])
    db.session.expire_all()
    assert db.session.get(type(entry), entry.id).indication == "TOTAL_PASSED"
