"""Every shared vector gets its expected verdict: ETSI EN 319 102-1 names, signer by signer."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from signing import Indication
from signing.asn1 import decode
from signing.cades.verify import SignerReport
from signing.summary import contract, protocol
from tests.signing.conftest import MANIFEST, VECTORS, checked, signature

ALL = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
CMS = [vector for vector in VECTORS.values() if vector["expected"]["indication"] == "TOTAL_PASSED"]
CMS = [vector for vector in CMS if vector["group"] == "cades" and vector["id"] != "bes-big"]


def pair(item: Any) -> tuple[str, str | None]:
    return item.indication.value, item.sub_indication.value if item.sub_indication else None


@ALL
@pytest.mark.requirement("S-09", "S-05")
def test_the_file_gets_its_verdict(vector):
    expected = vector["expected"]
    assert pair(checked(vector)) == (expected["indication"], expected.get("sub_indication"))


@ALL
@pytest.mark.requirement("S-09")
def test_every_signature_gets_its_own_verdict_signer_and_level(vector):
    told = [
        (*pair(item), item.certificate.sha256 if item.certificate else None)
        for item in checked(vector).signers
    ]
    wanted = [
        (
            item["indication"],
            item.get("sub_indication"),
            MANIFEST["certificates"][item["cert"]]["sha256"]
            if item.get("sub_indication") != "NO_SIGNING_CERTIFICATE_FOUND"
            else None,
        )
        for item in vector["expected"]["signatures"]
    ]
    assert told == wanted


@ALL
@pytest.mark.requirement("S-18")
def test_times_stamps_and_countersignatures_are_told(vector):
    def moment(value: Any) -> str | None:
        return value and value.isoformat().replace("+00:00", "Z")

    def told(item: SignerReport) -> tuple[object, ...]:
        stamps = [(moment(stamp.time), stamp.is_valid) for stamp in item.timestamps]
        return (
            item.level,
            moment(item.claimed_time),
            moment(item.best_time),
            stamps,
            [*map(pair, item.countersignatures)],
        )

    def wanted(item: dict[str, Any]) -> tuple[object, ...]:
        stamps = [(stamp["time"], stamp["valid"]) for stamp in item.get("timestamps", [])]
        counter = [
            (one["indication"], one.get("sub_indication")) for one in item.get("countersignatures", [])
        ]
        return (
            item["level"],
            item.get("claimed_signing_time"),
            item.get("best_signature_time"),
            stamps,
            counter,
        )

    assert [*map(told, checked(vector).signers)] == [*map(wanted, vector["expected"]["signatures"])]


@ALL
@pytest.mark.requirement("S-14")
def test_the_report_is_one_sentence_a_protocol_and_json(vector):
    report = checked(vector)
    answer = contract(report)
    assert json.loads(json.dumps(answer))["indication"] == report.indication
    assert protocol(report).splitlines()[0] == f"{report.text}."


@ALL
def test_forged_text_never_comes_back_as_signed(vector):
    report = checked(vector)
    told = json.dumps(contract(report), ensure_ascii=False) + (report.signed_content or b"").decode(
        "utf-8", "replace"
    )
    assert not [text for text in vector["expected"].get("forbidden_text", []) if text in told]


@pytest.mark.parametrize(
    "name", [name for name, item in VECTORS.items() if item["expected"].get("signed_text")]
)
def test_signed_xml_comes_back_whole_from_its_canonical_bytes(name):
    report = checked(VECTORS[name])
    content = (report.signed_content or b"").decode()
    texts = VECTORS[name]["expected"]["signed_text"]
    assert [f">{text}<" in content for text in texts.values()] == [True] * len(texts)


@pytest.mark.parametrize("vector", CMS, ids=lambda vector: vector["id"])
@pytest.mark.requirement("S-05")
def test_pem_and_base64_pass_as_der_does(vector):
    der = decode(signature(vector))
    text = base64.b64encode(der)
    forms = (
        b"-----BEGIN PKCS7-----\r\n" + base64.encodebytes(der) + b"-----END PKCS7-----\r\n",
        b"\xef\xbb\xbf" + text + b"\r\n",
        ("\ufeff" + text.decode()).encode("utf-16-le"),
        b"\r\n" + der + b"\n",
    )
    assert [checked(vector, signature=form).indication for form in forms] == [Indication.TOTAL_PASSED] * 4
