"""Chains and statuses under attack: what a stranger puts into a signature proves nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto import cms, crl, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from signing import INTERNAL, Indication, Revocation, SubIndication, TrustStore, revocation, verify
from signing.cades.build import with_timestamp
from signing.slim_crl import LARGE
from signing.standing import forget
from signing.timestamps import signature_value
from tests.signing.authority import NOW, SINCE, Authority
from tests.signing.conftest import MANIFEST, VECTORS, checked, signature
from tests.signing.conftest import revocation as listed

TEXT = "Протокол".encode()
DAY = timedelta(days=1)


@pytest.fixture
def person(authority):
    return authority.person()


def verdict(report):
    return report.indication, report.sub_indication


def signed(holder, *extra: bytes) -> bytes:
    """A signature with further certificates beside it."""
    return holder.signer(chain=extra).sign_cades(TEXT)


def with_lists(made: bytes, *lists: bytes) -> bytes:
    """The same signature with lists of revoked certificates inside."""
    outer = cms.ContentInfo.load(made)
    outer["content"]["crls"] = [
        cms.RevocationInfoChoice(name="crl", value=crl.CertificateList.load(one)) for one in lists
    ]
    return outer.dump()


def test_a_good_signature_passes(authority, person):
    report = verify(signed(person), TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert verdict(report) == (Indication.TOTAL_PASSED, None)


def test_the_list_of_the_signature_counts_like_any_other(authority, person):
    made = with_lists(signed(person), authority.crl())
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=Revocation((authority.root_crl,)))
    assert report.passed and report.signers[0].revocation[-1].source == "embedded"


def test_a_forged_list_with_a_borrowed_signature_value_does_not_refresh_a_stale_one(authority, person):
    stale = authority.crl(since=NOW - 30 * DAY, until=NOW - 20 * DAY)
    forged = crl.CertificateList.load(authority.crl())
    forged["signature"] = crl.CertificateList.load(stale)["signature"].native
    for made in (signed(person), with_lists(signed(person), forged.dump())):
        report = verify(
            made, TEXT, authority.store(), at=NOW, revocation=authority.revocation(stale, forged.dump())
        )
        assert verdict(report) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


def test_a_newer_forged_list_does_not_hide_a_revocation(authority, person):
    revoked = authority.crl([(person.certificate.serial_number, NOW - 5 * DAY)])
    stranger = Authority(authority.title)
    made = with_lists(signed(person, stranger.issuer.der), stranger.crl(since=NOW))
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation(revoked))
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.REVOKED_NO_POE)


def test_an_authority_with_a_borrowed_signature_value_may_not_issue_lists(authority, person):
    """The chain library knows a validated certificate by its signature value alone."""
    stranger = Authority(authority.title)
    forged = x509.Certificate.load(stranger.issuer.der)
    forged["signature_value"] = x509.Certificate.load(authority.issuer.der)["signature_value"].native
    made = with_lists(signed(person, forged.dump()), stranger.crl())
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=Revocation((authority.root_crl,)))
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


def test_a_person_may_not_issue_lists_for_his_authority(authority, person):
    other = authority.person(authority.title)
    made = with_lists(signed(person, other.der), authority.crl(by=other))
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=Revocation((authority.root_crl,)))
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


def test_a_root_inside_the_signature_gives_no_trust(authority):
    stranger = Authority("Чужой УЦ")
    made = signed(stranger.person(), stranger.issuer.der, stranger.root.der)
    revocation = Revocation((stranger.root_crl, stranger.crl()))
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=revocation)
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)


def test_a_member_may_not_issue_certificates(authority, person):
    """A certificate signed by a person's key leads nowhere: he is no authority."""
    forged = authority._issue([(NameOID.COMMON_NAME, "Подставной")], person)
    made = signed(forged, person.der)
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert verdict(report)[0] is Indication.INDETERMINATE and not report.passed


def test_a_mesh_of_authorities_is_walked_in_bounded_time(authority):
    """Twenty authorities of one name that all signed each other have more paths than there is time."""
    keys = [Authority("Сеть").issuer for _ in range(4)]
    mesh = [
        authority._issue([(NameOID.COMMON_NAME, "Сеть")], by, is_ca=True, key=own.key)
        for own in keys
        for by in keys
    ]
    made = signed(authority._issue([(NameOID.COMMON_NAME, "Некто")], keys[0]), *(item.der for item in mesh))
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)


@pytest.mark.parametrize(
    "name", ["bes-256", "bes-ocsp", "t-256", "revoked-after-timestamp", "xlt1-expired-certificate"]
)
def test_what_is_remembered_never_changes_a_verdict(name):
    """On both sides of every event of the chain: asked anew, and asked after all the other moments."""
    vector = VECTORS[name]
    statuses = revocation.status_data(listed(vector))
    starts = {item.this_update for item in (*statuses.lists, *statuses.answers)}
    starts |= {item.next_update for item in (*statuses.lists, *statuses.answers)}
    for one in ("director", "ca256", "expired", "tsa"):
        described = MANIFEST["certificates"][one]
        starts |= {datetime.fromisoformat(described[end]) for end in ("not_before", "not_after")}
    moments = [start + timedelta(seconds=shift) for start in sorted(starts) for shift in (-1, 0, 1)]
    fresh = []
    for moment in moments:
        forget()
        fresh.append(verdict(checked(vector, at=moment)))
    forget()
    assert [verdict(checked(vector, at=moment)) for moment in [*moments, *moments[::-1]]] == [
        *fresh,
        *fresh[::-1],
    ]


@pytest.mark.requirement("S-09")
def test_a_good_ocsp_answer_does_not_outweigh_a_list(authority):
    address = pyca.AccessDescription(
        AuthorityInformationAccessOID.OCSP, pyca.UniformResourceIdentifier("http://ocsp.invalid")
    )
    person = authority.person(extensions=[(pyca.AuthorityInformationAccess([address]), False)])
    issuer = authority.issuer
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=person.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=NOW - DAY,
        next_update=NOW + DAY,
        revocation_time=None,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    good = builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)
    made = signed(person)
    only = Revocation((authority.root_crl,), (good,))
    assert verify(made, TEXT, authority.store(), at=NOW, revocation=only).passed
    both = authority.revocation(
        authority.crl([(person.certificate.serial_number, NOW - 2 * DAY)]), ocsps=(good,)
    )
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=both)
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.REVOKED_NO_POE)


@pytest.fixture(scope="module")
def long_list():
    """Twelve thousand revoked: more than is ever walked entry by entry."""
    authority = Authority("Большой УЦ")
    person, other = authority.person(), authority.person("Другой")
    revoked = [(number, NOW - 9 * DAY) for number in range(10**12, 10**12 + 8_000)]
    made = authority.crl([*revoked, (other.certificate.serial_number, NOW - 3 * DAY)])
    assert len(made) > LARGE
    return authority, person, other, made


def test_a_huge_list_is_searched_and_its_signature_is_over_the_whole(long_list):
    authority, person, other, made = long_list
    revocation = authority.revocation(made)
    assert verify(signed(person), TEXT, authority.store(), at=NOW, revocation=revocation).passed
    report = verify(signed(other), TEXT, authority.store(), at=NOW, revocation=revocation)
    assert (report.sub_indication, report.signers[0].revoked_at) == (
        SubIndication.REVOKED_NO_POE,
        NOW - 3 * DAY,
    )


def test_a_changed_huge_list_counts_for_nothing(long_list):
    authority, person, _other, made = long_list
    spoiled = bytearray(made)
    spoiled[len(made) // 2] ^= 1
    report = verify(
        signed(person), TEXT, authority.store(), at=NOW, revocation=authority.revocation(bytes(spoiled))
    )
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


@pytest.mark.requirement("S-09")
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"until": NOW - DAY}, SubIndication.OUT_OF_BOUNDS_NOT_REVOKED),
        ({"since": NOW + DAY}, SubIndication.NOT_YET_VALID),
        ({"signs_documents": False}, SubIndication.CHAIN_CONSTRAINTS_FAILURE),
        (
            {"extensions": [(pyca.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"), True)]},
            SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        ),
    ],
    ids=["expired", "not yet valid", "encryption only", "unknown critical extension"],
)
def test_each_flaw_has_its_own_verdict(authority, how, expected):
    made = signed(authority.person(**how))
    report = verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation())
    assert report.sub_indication is expected


@pytest.mark.requirement("S-18")
def test_a_stamp_before_the_revocation_saves_the_signature_and_a_later_one_does_not(authority, person):
    made = signed(person)
    revocation = authority.revocation(authority.crl([(person.certificate.serial_number, NOW - 5 * DAY)]))
    early = with_timestamp(made, authority.token(signature_value(made), NOW - 6 * DAY))
    late = with_timestamp(made, authority.token(signature_value(made), NOW - 4 * DAY))
    verdicts = [
        verify(one, TEXT, authority.store(), at=NOW, revocation=revocation).sub_indication
        for one in (made, early, late)
    ]
    assert verdicts == [SubIndication.REVOKED_NO_POE, None, SubIndication.REVOKED_NO_POE]


def test_a_list_older_than_the_stamp_does_not_prove_an_expired_certificate(authority):
    """Between the list and the stamp the certificate may have been revoked."""
    person = authority.person(until=NOW - DAY)
    made = signed(person)
    stamped = with_timestamp(made, authority.token(signature_value(made), NOW - 10 * DAY))
    old = authority.crl(since=NOW - 20 * DAY, until=NOW - 9 * DAY)
    report = verify(stamped, TEXT, authority.store(), at=NOW, revocation=authority.revocation(old))
    assert report.indication is Indication.INDETERMINATE
    newer = authority.crl(since=NOW - 5 * DAY, until=NOW - 4 * DAY)
    stamps = (old, newer, authority.crl(since=NOW - DAY))
    report = verify(stamped, TEXT, authority.store(), at=NOW, revocation=authority.revocation(*stamps))
    assert report.passed


@pytest.mark.requirement("S-18")
def test_stamps_over_the_archive_carry_a_signature_past_its_certificates(authority):
    """The signer's certificate ends, then the service's: each stamp is taken while the last is good."""
    person = authority.person(until=SINCE + 365 * DAY)
    first = authority.timestamper(until=SINCE + 400 * DAY)
    made = signed(person)
    inner = with_timestamp(made, authority.token(signature_value(made), SINCE + 300 * DAY, by=first))
    archive = authority.token(inner, SINCE + 390 * DAY)
    lists = (authority.crl(since=SINCE + 301 * DAY, until=SINCE + 302 * DAY), authority.crl())
    revocation = authority.revocation(*lists)
    alone = verify(inner, TEXT, authority.store(), at=NOW, revocation=revocation)
    kept = verify(inner, TEXT, authority.store(), at=NOW, revocation=revocation, archive_stamps=(archive,))
    assert (alone.passed, kept.passed, kept.signers[0].best_time) == (False, True, SINCE + 300 * DAY)


@pytest.mark.parametrize(
    "how",
    [
        {"extensions": ()},
        {"extensions": [(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), False)]},
        {
            "extensions": [
                (
                    pyca.ExtendedKeyUsage(
                        [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH]
                    ),
                    True,
                )
            ]
        },
    ],
    ids=["any certificate", "not critical", "not only for stamps"],
)
def test_only_a_time_stamping_service_stamps(authority, person, how):
    made = signed(person)
    token = authority.token(signature_value(made), NOW - DAY, by=authority.timestamper(**how))
    report = verify(
        with_timestamp(made, token), TEXT, authority.store(), at=NOW, revocation=authority.revocation()
    )
    assert (report.passed, report.level, report.signers[0].timestamps[0].is_valid) == (True, "BES", False)


def test_an_attached_signature_of_another_document_fails(authority, person):
    made = person.signer().sign_cades(TEXT, detached=False)
    report = verify(made, b"other", authority.store(), at=NOW, revocation=authority.revocation())
    assert verdict(report) == (Indication.TOTAL_FAILED, SubIndication.HASH_FAILURE)


def test_the_gost_store_takes_no_other_key(authority, person):
    store = replace(authority.store(), policy=checkable().policy)
    report = verify(signed(person), TEXT, store, at=NOW, revocation=authority.revocation())
    assert verdict(report) == (Indication.INDETERMINATE, SubIndication.CRYPTO_CONSTRAINTS_FAILURE)


def checkable() -> TrustStore:
    """The store of the qualified authorities."""
    from tests.signing.conftest import store

    return store("trust/main")


def test_the_control_time_must_say_its_zone(authority, person):
    with pytest.raises(ValueError, match="aware"):
        verify(signed(person), TEXT, authority.store(), at=NOW.replace(tzinfo=None))


def test_the_store_is_named_in_the_report_and_the_policy_may_be_another():
    vector = VECTORS["bes-256"]
    report = checked(vector, policy=INTERNAL)
    assert (report.policy, report.trust_version) == ("internal", checkable().version)
    assert report.is_unqualified and signature(vector)
