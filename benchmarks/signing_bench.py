"""Signatures: the plain GOST arithmetic, the optional engine, a whole CAdES-BES check, a large document.

Times are of the processor, both sides of every ratio in one run. VECHE_BENCH_SIGNATURES makes it shorter.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import core, pem
from gostcrypto.gostsignature import gost_34_10_2012 as other

from benchmarks.site import ROOT
from signing import Revocation, TrustStore, verify
from signing import keys as signing_keys
from signing import standing as signing_standing
from signing.algorithms import digest_of
from signing.cades.build import build_bes
from signing.certificates import certificate
from signing.gost import accel, ec, streebog

DATA = ROOT / "tests" / "data" / "signing"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
COUNT = int(os.environ.get("VECHE_BENCH_SIGNATURES", "1000"))
# Measured where the design was: 820 a second in plain Python, 46 times the only GOST package of the index.
PLAIN_TO_PACKAGE = 46.0
Row = dict[str, object]


def run() -> list[Row]:
    accel.use(False)
    signer = (DATA / "identities/member-director.cer").read_bytes()
    documents = [f"Заявление № {number}".encode() for number in range(COUNT)]
    signatures = _signed(signer, documents)
    plain = _plain(signer)
    rows = [_against_package(plain), _engine(signer, plain)]
    rows += _whole(signatures, documents, plain)
    return [*rows, _large_document()]


def _rate(work: Callable[[], object], seconds: float = 1.5) -> float:
    """Calls a second of processor time."""
    work()
    done, started = 0, time.process_time()
    while (taken := time.process_time() - started) < seconds:
        work()
        done += 1
    return done / taken


def _private(name: str) -> int:
    """The number in a test key: these keys are public, and so is the time it takes."""
    data = pem.unarmor((DATA / f"identities/{name}.key.TEST-ONLY.pem").read_bytes())[2]
    # PKCS#8: version, algorithm, OCTET STRING; inside it the number, little-endian, with a header or without.
    raw = core.SequenceOf.load(data, spec=core.Any)[2].parse(core.OctetString).native
    return int.from_bytes(raw[-32:], "little")


def _signed(signer: bytes, documents: list[bytes]) -> list[bytes]:
    material = certificate(signer).key.material
    assert isinstance(material, ec.PublicKey)
    curve, secret, chance = material.curve, _private("member-director"), random.Random(1)

    def sign(data: bytes) -> bytes:
        nonce = chance.randrange(1, curve.q)
        point = ec._multiply(curve, nonce, (curve.x, curve.y))
        assert point is not None
        r = point[0] % curve.q
        e = int.from_bytes(digest_of(f"streebog{curve.size * 8}", data), "little") % curve.q
        s = (r * secret + nonce * e) % curve.q
        return s.to_bytes(curve.size, "big") + r.to_bytes(curve.size, "big")

    issuer = (DATA / "identities/ca-long.cer").read_bytes()
    return [build_bes(text, signer, sign, signed_at=NOW, chain=(issuer,)) for text in documents]


def _plain(signer: bytes) -> float:
    """The bare check of one signature value: here, of the certificate by its issuer."""
    digest, key, value = _bare(signer)
    return _rate(lambda: ec.verify(key, digest, value))


def _bare(signer: bytes) -> tuple[bytes, ec.PublicKey, bytes]:
    found = certificate(signer)
    issuer = certificate((DATA / "identities/ca-long.cer").read_bytes())
    key = issuer.key.material
    assert isinstance(key, ec.PublicKey)
    running = streebog.new(256)
    running.update(found.tbs)
    return running.digest(), key, found.signature


def _against_package(plain: float) -> Row:
    name = "id-tc26-gost-3410-2012-256-paramSetB"
    curve = other.CURVES_R_1323565_1_024_2019[name]
    theirs = other.GOST34102012(other.MODE_256, curve)
    point = bytearray(curve["x"].to_bytes(32, "big") + curve["y"].to_bytes(32, "big"))
    value = bytearray((7).to_bytes(32, "big") + (9).to_bytes(32, "big"))
    package = _rate(lambda: theirs.verify(point, bytearray(b"\x05" * 32), value))
    ratio = plain / package
    return {
        "name": "GOST-256 verification in plain Python, to the GOST package of the index",
        "value": plain,
        "unit": "a second",
        "reference": package,
        "ratio": ratio,
        "goal": f"≥ {PLAIN_TO_PACKAGE:.0f} times (1.0 of the design's ratio)",
        "holds": ratio >= PLAIN_TO_PACKAGE,
    }


def _engine(signer: bytes, plain: float) -> Row:
    digest, key, value = _bare(signer)
    issuer = certificate((DATA / "identities/ca-long.cer").read_bytes())
    is_on = accel.use(True)
    rate = _rate(lambda: accel.verify(key, issuer.key.spki, digest, value))
    accel.use(False)
    return {
        "name": "the same by the optional engine" if is_on else "the optional engine is not installed",
        "value": rate,
        "unit": "a second",
        "reference": plain,
        "ratio": rate / plain,
        "goal": "≥ 4 times",
        "holds": rate / plain >= 4 if is_on else None,
    }


def _forget() -> None:
    signing_keys.forget_verified()
    signing_standing.forget()


def _whole(signatures: list[bytes], documents: list[bytes], plain: float) -> list[Row]:
    trust = TrustStore.from_certificates(
        [(DATA / "certs/root.cer").read_bytes(), (DATA / "identities/ca-long.cer").read_bytes()]
    )
    statuses = Revocation.from_folder(DATA / "identities")

    def check(number: int) -> None:
        report = verify(signatures[number], documents[number], trust, at=NOW, revocation=statuses)
        if not report.passed:
            raise ValueError(report.text)

    check(0)
    cold_count = min(100, len(signatures))
    started = time.process_time()
    for number in range(cold_count):
        _forget()
        check(number)
    cold = cold_count / (time.process_time() - started)
    check(0)
    started = time.process_time()
    for number in range(len(signatures)):
        check(number)
    warm = len(signatures) / (time.process_time() - started)
    title = "CAdES-BES, chain of three, two lists"
    rows = [
        _share(f"{title}: nothing remembered", cold, plain, 0.1),
        _share(f"{title}: warm", warm, plain, 0.4),
    ]
    return [*rows, _against_openssl(signatures[0], documents[0], warm)]


def _share(name: str, rate: float, plain: float, goal: float) -> Row:
    return {
        "name": name,
        "value": rate,
        "unit": "a second",
        "reference": plain,
        "ratio": rate / plain,
        "goal": f"≥ {goal} of the bare signature check",
        "holds": rate / plain >= goal,
    }


def _against_openssl(signature: bytes, document: bytes, warm: float) -> Row:
    """`openssl cms -verify`: a process for every file, no statuses asked; its processor time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.sig").write_bytes(signature)
        (folder / "a.txt").write_bytes(document)
        ders = [DATA / "certs/root.cer", DATA / "identities/ca-long.cer"]
        roots = b"".join(pem.armor("CERTIFICATE", path.read_bytes()) for path in ders)
        (folder / "ca.pem").write_bytes(roots)
        command = [
            "openssl", "cms", "-verify", "-cades", "-engine", "gost", "-inform", "DER", "-binary",
            "-purpose", "any", "-CAfile", "ca.pem", "-in", "a.sig", "-content", "a.txt", "-out", os.devnull,
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs = 50
        answers = [subprocess.run(command, cwd=folder, capture_output=True, check=False) for _ in range(runs)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    has_engine = not any(answer.returncode for answer in answers)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    theirs = runs / taken
    return {
        "name": "the same, warm, to `openssl cms -verify`"
        if has_engine
        else "openssl has no GOST engine here",
        "value": warm,
        "unit": "a second",
        "reference": theirs,
        "ratio": warm / theirs,
        "goal": "faster",
        "holds": warm > theirs if has_engine else None,
    }


_PROBE = """
import resource, sys
from datetime import datetime, UTC
from pathlib import Path
from signing import Revocation, TrustStore, verify
data = Path(sys.argv[1])
def check(file):
    trust, statuses = TrustStore.from_folder(data / "trust/main"), Revocation.from_folder(data / "crls")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    report = verify((data / "cades/bes-big.sig").read_bytes(), file, trust, at=at, revocation=statuses)
    return report.passed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = check(data / "docs/zayavlenie.txt")[1]
passed, after = check(Path(sys.argv[2]))
print(passed, before, after)
"""


def _large_document() -> Row:
    from tests.signing.conftest import document

    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "big.bin"
        file.write_bytes(document("big-10mb.bin"))
        answer = subprocess.run(
            [sys.executable, "-c", _PROBE, str(DATA), str(file)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    passed, before, after = answer.stdout.split()
    if passed != "True":
        raise ValueError(answer.stdout)
    grown = float(after) - float(before)
    return {
        "name": "memory over the base for a document of 10 MB",
        "value": grown,
        "unit": "MB",
        "reference": float(before),
        "ratio": grown / float(before),
        "goal": "≤ 32 MB",
        "holds": grown <= 32,
    }
