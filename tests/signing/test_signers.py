"""Who signs for the organisation: each keeper of a key makes a signature that our own verifier passes."""

from __future__ import annotations

import base64
import subprocess
from datetime import timedelta

import pytest
from asn1crypto import pem

from signing import INTERNAL, Revocation, TrustStore, verify
from signing.signers import (
    DssSigner,
    OpenSslFileSigner,
    Pkcs11Signer,
    Signer,
    SigningFailed,
    SoftwareSigner,
    check_term,
    checked,
)
from tests.signing.authority import NOW, UNTIL
from tests.signing.conftest import DATA

KEYS = DATA / "identities"
TEXT = "Выписка".encode()
PASSWORD = "test"


def gost(name: str) -> OpenSslFileSigner:
    return OpenSslFileSigner(KEYS / f"{name}.TEST-ONLY.p12", (KEYS / f"{name}.cer").read_bytes(), PASSWORD)


@pytest.fixture
def trust():
    ders = [
        DATA / "certs/root.cer",
        DATA / "certs/rsaroot.cer",
        KEYS / "ca-long.cer",
        KEYS / "rsaca-long.cer",
    ]
    return TrustStore.from_certificates([path.read_bytes() for path in ders], policy=INTERNAL)


@pytest.fixture
def statuses():
    return Revocation.from_folder(KEYS)


@pytest.mark.parametrize("is_detached", [True, False])
@pytest.mark.requirement("S-08")
def test_an_rsa_key_in_a_file_signs(trust, statuses, is_detached, tmp_path):
    signer = SoftwareSigner.from_pkcs12(
        (KEYS / "sro-seal-rsa.TEST-ONLY.p12").read_bytes(), PASSWORD, clock=lambda: NOW
    )
    file = tmp_path / "extract.pdf"
    file.write_bytes(TEXT)
    made = signer.sign_cades(file, detached=is_detached)
    report = verify(made, TEXT if is_detached else None, trust, at=NOW, revocation=statuses)
    assert (report.passed, report.level, report.signers[0].claimed_time) == (True, "BES", NOW)
    assert isinstance(signer, Signer)


def test_openssl_takes_our_signature_too(tmp_path):
    """An outside reader of what we build; the machine's own openssl, without any engine."""
    signer = SoftwareSigner.from_pkcs12(
        (KEYS / "sro-seal-rsa.TEST-ONLY.p12").read_bytes(), PASSWORD, clock=lambda: NOW
    )
    command = ["openssl", "cms", "-verify", "-cades", "-inform", "DER", "-binary", "-purpose", "any"]
    (tmp_path / "made.sig").write_bytes(signer.sign_cades(TEXT))
    (tmp_path / "text").write_bytes(TEXT)
    ders = [(DATA / "certs/rsaroot.cer").read_bytes(), (KEYS / "rsaca-long.cer").read_bytes()]
    (tmp_path / "ca.pem").write_bytes(b"".join(pem.armor("CERTIFICATE", der) for der in ders))
    command += ["-CAfile", "ca.pem"]
    answer = subprocess.run(
        [*command, "-in", "made.sig", "-content", "text", "-out", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "successful" in answer.stderr


@pytest.mark.parametrize("name", ["sro-seal", "sro-seal-512", "sro-chair"])
@pytest.mark.requirement("S-08")
def test_a_gost_key_signs_where_the_engine_is_and_says_so_where_it_is_not(trust, statuses, name, tmp_path):
    key = tmp_path / "key.p12"
    key.write_bytes((KEYS / f"{name}.TEST-ONLY.p12").read_bytes())
    key.chmod(0o600)
    signer = OpenSslFileSigner(key, (KEYS / f"{name}.cer").read_bytes(), PASSWORD)
    health = signer.health(at=NOW)
    if health.is_ready:
        report = verify(signer.sign_cades(TEXT), TEXT, trust, at=NOW, revocation=statuses)
        assert (report.passed, report.level) == (True, "BES")
    else:
        assert "openssl" in health.text
        with pytest.raises(SigningFailed):
            signer.sign_cades(TEXT)


def test_a_key_file_open_to_others_is_refused(tmp_path):
    key = tmp_path / "key.p12"
    key.write_bytes(b"")
    key.chmod(0o644)
    health = OpenSslFileSigner(key, (KEYS / "sro-seal.cer").read_bytes(), "").health(at=NOW)
    assert (health.is_ready, "0600" in health.text) == (False, True)


def test_a_wrong_password_is_a_sentence():
    with pytest.raises(SigningFailed, match="пароль"):
        SoftwareSigner.from_pkcs12((KEYS / "sro-seal-rsa.TEST-ONLY.p12").read_bytes(), "wrong")
    with pytest.raises(SigningFailed, match="OpenSSL"):
        OpenSslFileSigner(
            KEYS / "sro-seal.TEST-ONLY.p12", (KEYS / "sro-seal.cer").read_bytes(), "no"
        ).sign_cades(b"x")


def test_a_token_signs_through_its_session(authority):
    holder = authority.person()

    class Session:
        def certificate(self) -> bytes:
            return holder.der

        def sign(self, data: bytes) -> bytes:
            return holder.sign(data)

    made = Pkcs11Signer(Session, clock=lambda: NOW).sign_cades(TEXT)
    assert verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation()).passed


def test_a_token_pulled_out_is_a_sentence():
    def open_session():
        raise OSError("нет устройства")

    signer = Pkcs11Signer(open_session)
    assert signer.health(at=NOW).text == "Токен недоступен: нет устройства."


def test_a_remote_service_signs(authority):
    holder = authority.person()
    asked = []

    def post(path, body):
        asked.append((path, body["Signature"]["CertificateId"]))
        content = base64.b64decode(body["Content"])
        return {"Content": base64.b64encode(holder.signer().sign_cades(content)).decode()}

    made = DssSigner(post, holder.der, 5).sign_cades(TEXT)
    assert verify(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation()).passed
    assert asked == [("/rest/api/documents", 5)]


@pytest.mark.parametrize("answer", [{}, {"Content": "***"}])
def test_a_remote_service_that_answers_nonsense_is_a_sentence(authority, answer):
    with pytest.raises(SigningFailed, match="не подписью"):
        DssSigner(lambda path, body: answer, authority.person().der, 5).sign_cades(TEXT)


def test_what_we_sign_is_checked_before_anybody_gets_it(authority):
    holder, stranger = authority.person(), authority.person("Чужой")
    made = holder.signer().sign_cades(TEXT)
    assert checked(made, TEXT, authority.store(), at=NOW, revocation=authority.revocation()) == made
    wrong = SoftwareSigner(stranger.key, holder.der, clock=lambda: NOW).sign_cades(TEXT)
    with pytest.raises(SigningFailed, match="Подпись искажена"):
        checked(wrong, TEXT, authority.store(), at=NOW, revocation=authority.revocation())


@pytest.mark.parametrize(
    ("left", "is_ready", "words"),
    [(100, True, "Готова"), (30, True, "Пора менять"), (0.5, False, "кончается"), (-3, False, "кончается")],
)
def test_the_end_of_the_certificate_is_told_ahead(authority, left, is_ready, words):
    health = check_term(authority.person().der, UNTIL - timedelta(days=left))
    assert (health.is_ready, words in health.text) == (is_ready, True)
