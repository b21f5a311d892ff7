"""RFC 3161: what is asked, what is answered, what it proves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import tsp

from signing import verify
from signing.asn1 import Malformed
from signing.timestamps import read_response, request, signature_value, verify_timestamp, with_timestamp
from tests.signing.authority import NOW

TEXT = "Протокол".encode()
THEN = NOW - timedelta(days=1)


@pytest.fixture
def made(authority):
    return authority.person().signer().sign_cades(TEXT)


def test_the_request_holds_the_digest_and_not_the_document(made):
    asked = tsp.TimeStampReq.load(request(signature_value(made)))
    imprint = asked["message_imprint"]
    assert imprint["hash_algorithm"]["algorithm"].dotted == "1.2.643.7.1.1.2.2"
    assert len(imprint["hashed_message"].native) == 32 and asked["cert_req"].native is True


@pytest.mark.requirement("S-18")
def test_a_stamped_signature_is_cades_t(authority, made):
    value = signature_value(made)
    asked = request(value, digest="sha256")
    token = read_response(authority.response(asked, THEN, value), asked)
    report = verify(
        with_timestamp(made, token), TEXT, authority.store(), at=NOW, revocation=authority.revocation()
    )
    assert (report.passed, report.level, report.signers[0].best_time) == (True, "T", THEN)


def test_a_signature_that_was_stamped_can_be_stamped_again(authority, made):
    value = signature_value(made)
    stamped = with_timestamp(made, authority.token(value, THEN))
    twice = with_timestamp(stamped, authority.token(value, NOW))
    report = verify(twice, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert [stamp.is_valid for stamp in report.signers[0].timestamps] == [True, True]
    assert report.signers[0].best_time == THEN


@pytest.mark.parametrize("flaw", ["other data", "other nonce", "refused", "noise"])
def test_an_answer_to_something_else_is_refused(authority, made, flaw):
    value = signature_value(made)
    asked = request(value, digest="sha256", nonce=11)
    answers = {  # the third: status «rejection», no token
        "other data": authority.response(asked, THEN, b"other"),
        "other nonce": authority.response(asked, THEN, value, nonce=12),
        "refused": bytes.fromhex("30053003020102"),
        "noise": b"<html>502</html>",
    }
    with pytest.raises(Malformed):
        read_response(answers[flaw], asked)


def test_a_stamp_over_a_file_is_checked_alone(authority):
    token = authority.token(TEXT, THEN)
    good = verify_timestamp(token, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    other = verify_timestamp(token, b"other", authority.store(), at=NOW, revocation=authority.revocation())
    early = verify_timestamp(
        token, TEXT, authority.store(), at=THEN - timedelta(hours=1), revocation=authority.revocation()
    )
    assert [good.is_valid, other.is_valid, early.is_valid] == [True, False, False]
    assert (good.time, good.authority) == (THEN, "Служба времени")


def test_what_is_not_a_stamp_is_reported_and_fails_nothing(authority, made):
    spoiled = with_timestamp(made, made)
    report = verify(spoiled, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert (report.passed, report.level, report.signers[0].timestamps[0].reason) == (
        True,
        "BES",
        "это не штамп времени",
    )
