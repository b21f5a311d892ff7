"""Long life (S-18): a stamp of time from a local service keeps a signature provable after its certificate's
end."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from records.database import db
from records.model import Outbox
from signatures import intake, longterm, verification
from signatures.model import Evidence
from signatures.ports import TimeUnavailable, use_timestamper
from tests.signatures.conftest import head_owner

BODY = b"text of the paper"
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class LocalClock:
    """A time-stamping service of our own: `openssl ts` with a certificate of the test authority."""

    def __init__(self, authority, folder):
        self.folder = folder
        key = ec.generate_private_key(ec.SECP256R1())
        root = authority.root
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Часы (тестовые)")]))
            .issuer_name(root.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(authority.at - timedelta(days=1))
            .not_valid_after(authority.at + timedelta(days=2000))
            .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(root.key, hashes.SHA256())
        )
        (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "tsa.pem").write_bytes(made.public_bytes(Encoding.PEM))
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        self.is_down = False

    def ask(self, request):
        if self.is_down:
            raise TimeUnavailable("часы стоят")
        (self.folder / "request.tsq").write_bytes(request)
        answer = self.folder / "answer.tsr"
        command = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile"]
        command += [self.folder / "request.tsq", "-signer", self.folder / "tsa.pem"]
        command += ["-inkey", self.folder / "key.pem", "-out", answer]
        subprocess.run(command, check=True, capture_output=True)
        return answer.read_bytes()


@pytest.fixture
def clock(authority, tmp_path):
    service = LocalClock(authority, tmp_path)
    use_timestamper(service)
    yield service
    use_timestamper(None)


@pytest.fixture
def signed(authority, letter_with, head):
    """A signature whose certificate ends in ten days."""
    _record, file_id = letter_with(BODY)
    return intake.receive(head, file_id, authority.signer(head_owner(), days=10).sign_cades(BODY))


@pytest.mark.requirement("S-18")
def test_a_stamped_signature_outlives_its_certificate(authority, signed, clock, drain):
    later = authority.at + timedelta(days=400)
    assert verification.again(signed.id, "person", at=later).report.sub_indication.startswith("OUT_OF_BOUNDS")
    verification.again(signed.id, "person")
    assert longterm.stamp_archive() == 1
    drain(["tst", "signature"])
    kinds = [row.kind for row in longterm.evidence_of(signed.id)]
    assert sorted(kinds) == ["crl", "tst"]
    assert verification.again(signed.id, "person", at=later).report.passed


@pytest.mark.requirement("S-18")
def test_what_is_stamped_waits_for_the_end_of_its_stamp(authority, signed, clock, drain):
    longterm.stamp_archive()
    drain(["tst"])
    assert longterm.due(authority.at) == []
    assert longterm.due(authority.at + timedelta(days=1950)) == [signed.id]


@pytest.mark.requirement("S-18")
def test_a_silent_service_is_asked_again_later(signed, clock, drain):
    clock.is_down = True
    longterm.stamp_archive()
    drain(["tst"])
    assert db.session.scalars(db.select(Evidence)).all() == []
    waiting = db.session.scalars(db.select(Outbox).where(Outbox.topic == "tst")).one()
    assert waiting.tries == 1 and "часы стоят" in waiting.error


@pytest.mark.requirement("S-18")
def test_without_a_service_nothing_is_promised(signed):
    use_timestamper(None)
    assert longterm.stamp_archive() == 0
