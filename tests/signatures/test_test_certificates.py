"""Test certificates for people: in the test mode alone, for a key that is held, in one's own name (S-20)."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from stdnum.ru import inn

import signing
from records.database import now
from records.errors import Forbidden, Invalid, Refused
from signatures import test_authority, trust
from tests.signatures.conftest import Authority


def request_of(key: Any, name: str = "Чужое Имя") -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.requirement("S-20")
def test_the_names_come_from_the_account_and_the_mark_is_in_the_certificate(
    authority: Authority, head: Any
) -> None:
    der, root = test_authority.certificate_for(head, request_of(ec.generate_private_key(ec.SECP256R1())))
    facts = signing.certificate_facts(der)
    assert (facts.person, facts.organization) == ("Иванов Иван Иванович", "ООО «Ромашка»")
    assert (facts.inn_legal, facts.ogrn) == ("7701677668", "1157777015945")
    assert facts.is_test
    assert root == authority.root.der


@pytest.mark.requirement("S-20")
def test_beside_real_roots_there_are_no_test_certificates(head: Any) -> None:
    assert not trust.is_test_mode()
    with pytest.raises(Refused, match="Учебный режим выключен"):
        test_authority.certificate_for(head, request_of(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.requirement("S-20")
def test_a_request_must_prove_the_key_and_be_of_the_right_kind(authority: Authority, head: Any) -> None:
    good = bytearray(request_of(ec.generate_private_key(ec.SECP256R1())))
    good[-1] ^= 1
    wrong = [
        bytes(good),
        b"",
        b"\x30\x80",
        b"\x30" * 5000,
        request_of(ec.generate_private_key(ec.SECP384R1())),
        request_of(rsa.generate_private_key(65537, 2048)),
    ]
    for data in wrong:
        with pytest.raises(Invalid, match="не читается"):
            test_authority.certificate_for(head, data)


@pytest.mark.requirement("S-20")
def test_who_only_looks_gets_none(authority: Authority, head: Any) -> None:
    with pytest.raises(Forbidden):
        test_authority.certificate_for(replace(head, read_only=True), b"")


def test_invented_numbers_have_right_check_digits_and_are_nobodys() -> None:
    numbers = [test_authority.invented_inn(i) for i in (1, 7, 12345)]
    assert all(inn.is_valid(number) and number.startswith("98") for number in numbers)
    for i in (1, 7, 12345):
        snils = test_authority.invented_snils(i)
        total = sum((9 - at) * int(digit) for at, digit in enumerate(snils[:9])) % 101
        assert int(snils[9:]) == (0 if total == 100 else total)


@pytest.mark.requirement("S-20")
def test_the_address_answers_in_json_and_only_to_people(authority: Authority, browser: Any) -> None:
    request = base64.b64encode(request_of(ec.generate_private_key(ec.SECP256R1()))).decode()
    asked = {"request": request}
    assert browser.post("/signing/test-certificate", json=asked).status_code in (302, 401)
    browser.login("head@member.example")
    answer = browser.post("/signing/test-certificate", json=asked)
    assert answer.status_code == 201
    facts = signing.certificate_facts(base64.b64decode(answer.json["certificate"]))
    assert facts.not_before < now() < facts.not_after
    for bad in ({}, {"request": "не base64"}, [], {"request": base64.b64encode(b"x").decode()}):
        refused = browser.post("/signing/test-certificate", json=bad)
        assert refused.status_code in (400, 422)
        assert "не читается" in refused.json["detail"]
