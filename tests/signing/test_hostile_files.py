"""Whatever is uploaded gets a verdict: never an exception, never a second, never a stranger's name on it."""

from __future__ import annotations

import json
import random
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import Indication, SubIndication, verify
from signing.asn1 import Malformed, decode, measured
from signing.xades.parse import guarded_tree
from tests.signing.conftest import MANIFEST, VECTORS, checked, signature, store

AT = datetime.fromisoformat("2026-03-02T09:00:00Z")
SMALL = [vector for vector in VECTORS.values() if vector["id"] not in ("bes-big", "empty-signature")]
CERTIFICATES = {item["sha256"] for item in MANIFEST["certificates"].values()}


def assert_safe(vector, report):
    """A changed file passes only where the original does, with the same signers."""
    json.dumps(report.as_dict())
    if report.passed:
        assert vector["expected"]["indication"] == "TOTAL_PASSED"
        wanted = {
            MANIFEST["certificates"][item["cert"]]["sha256"] for item in vector["expected"]["signatures"]
        }
        assert {item.certificate.sha256 for item in report.signers} == wanted


@pytest.mark.parametrize("vector", SMALL, ids=lambda vector: vector["id"])
@pytest.mark.requirement("S-09")
def test_a_file_with_changed_bytes_never_passes_as_another(vector):
    chance = random.Random(vector["id"])
    whole = signature(vector)
    for _ in range(4):
        spoiled = bytearray(whole)
        spoiled[chance.randrange(len(spoiled))] ^= chance.randrange(1, 256)
        assert_safe(vector, checked(vector, signature=bytes(spoiled)))


@pytest.mark.parametrize("vector", SMALL[::4], ids=lambda vector: vector["id"])
def test_a_file_cut_anywhere_is_a_format_failure_or_no_pass(vector):
    whole = signature(vector)
    verdicts = [checked(vector, signature=whole[: len(whole) * part // 8]) for part in range(1, 8)]
    assert not any(report.passed for report in verdicts)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_get_a_verdict(data):
    report = verify(data, b"document", store("trust/main"), at=AT)
    assert (report.indication, report.sub_indication) == (
        Indication.TOTAL_FAILED,
        SubIndication.FORMAT_FAILURE,
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mutation_of_a_good_signature_gets_a_verdict(data):
    vector = data.draw(st.sampled_from(SMALL))
    whole = signature(vector)
    place = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    inserted = data.draw(st.binary(max_size=40))
    assert_safe(vector, checked(vector, signature=whole[:place] + inserted + whole[place + length :]))


XML_PIECES = st.sampled_from(
    [
        *("<a>", "</a>", "</ds:Signature>", "<ds:SignedInfo/>", 'Id="x"', "<!-- -->", "<?p?>", "&e;", "&#0;"),
        *("<![CDATA[x]]>", '<a xml:id="x"/>', '<ds:Reference URI="#x"/>', "\x00", "<", ">", '"', "xmlns=''"),
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
        "<!DOCTYPE a [<!ENTITY e 'e'>]>",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(XML_PIECES, max_size=12).map("".join))
def test_any_xml_gets_a_verdict(text):
    report = verify(("<r>" + text).encode("utf-8", "replace"), None, store("trust/main"), at=AT)
    assert report.sub_indication is SubIndication.FORMAT_FAILURE


NESTED = b"\x30\x80" * 30_000
CHAINED = b"\x30\x82\xff\xf0" * 16_000


@pytest.mark.parametrize(
    "data", [NESTED, CHAINED, NESTED + b"\x00\x00" * 30_000], ids=["open", "cut", "closed"]
)
def test_thirty_thousand_nested_tags_cost_milliseconds(data):
    started = time.process_time()
    report = verify(data, b"", store("trust/main"), at=AT)
    assert (report.sub_indication, time.process_time() - started < 0.5) == (
        SubIndication.FORMAT_FAILURE,
        True,
    )


def test_a_million_laughs_cost_nothing():
    started = time.process_time()
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "ha">{lines}]><r>&e11;</r>'.encode()
    report = verify(bomb, None, store("trust/main"), at=AT)
    assert (report.sub_indication, time.process_time() - started < 0.5) == (
        SubIndication.FORMAT_FAILURE,
        True,
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "пуст"),
        (b"%PDF-1.7 not a signature", "не DER"),
        (b"\x30\x05\x02\x01\x01", "обрезаны"),
        (b"\x30\x03\x02\x01\x01rest", "лишние"),
        (b"\x30\x87\x01\x01\x01\x01\x01\x01\x01", "длина"),
        (b"\x04\x80\x00\x00", "не DER"),
        (b"\x30\x02\x1f\x81", "обрезаны"),
        (b"-----BEGIN CMS-----\nA*A\n-----END CMS-----", "Base64"),
    ],
)
def test_each_malformation_is_named(data, reason):
    with pytest.raises(Malformed, match=reason):
        decode(data)


def test_indefinite_lengths_are_measured():
    inner = b"\x24\x80\x04\x02ab\x04\x01c\x00\x00"
    assert measured(b"\x30\x80" + inner + b"\x00\x00" + b"\r\n") == b"\x30\x80" + inner + b"\x00\x00"


def test_two_roots_and_a_bait_file_are_refused():
    with pytest.raises(Malformed):
        guarded_tree(b"<a/><b/>")
    with pytest.raises(Malformed, match="DOCTYPE"):
        guarded_tree(b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>')


def test_the_texts_for_people_differ():
    """S-05: «подпись не от этого файла» is not a generic error."""
    names = (
        "other-document",
        "tampered-signature-value",
        "truncated",
        "revoked",
        "untrusted-root",
        "missing-crl",
    )
    assert len({checked(VECTORS[name]).text for name in names}) == len(names)
    assert CERTIFICATES
