"""ГОСТ Р 34.10-2012 and 34.11-2012: curves, ranges, a second opinion, the optional engine."""

from __future__ import annotations

import random

import pytest
from asn1crypto import core
from gostcrypto import gosthash
from gostcrypto.gostsignature import gost_34_10_2012 as second

from signing.certificates import certificate
from signing.gost import accel, ec, params, streebog
from tests.signing.conftest import DATA

CURVES = {oid: curve for oid, curve in params.BY_OID.items()}
# RFC 7836, A.2 and Р 1323565.1.024-2019: the two curves given as twisted Edwards, e = 1.
EDWARDS = {
    "1.2.643.7.1.2.1.1.1": (
        0x0605F6B7C183FA81578BC39CFAD518132B9DF62897009AF7E522C32D6DC7BFFB,
        0x0D,
        0x60CA1E32AA475B348488C38FAB07649CE7EF8DBE87F22E81F92B2592DBA300E7,
    ),
    "1.2.643.7.1.2.1.2.3": (
        int(
            "9E4F5D8C017D8D9F13A5CF3CDF5BFE4DAB402D54198E31EBDE28A0621050439C"
            "A6B39E0A515C06B304E2CE43E79E369E91A0CFC2BC2A22B4CA302DBB33EE7550",
            16,
        ),
        0x12,
        int(
            "469AF79D1FB1F5E16B99592B77A01E2A0FDFB0D01794368D9A56117F7B386695"
            "22DD4B650CF789EEBF068C5D139732F0905622C04B2BAAE7600303EE73001A3D",
            16,
        ),
    ),
}


def signed(curve: params.Curve, seed: int) -> tuple[ec.PublicKey, bytes, bytes]:
    """A key, a digest and its signature by the definition; a test key, so timing does not matter."""
    chance = random.Random(seed)
    secret, nonce = chance.randrange(1, curve.q), chance.randrange(1, curve.q)
    x, y = ec._multiply(curve, secret, (curve.x, curve.y))
    digest = chance.randbytes(curve.size)
    r = ec._multiply(curve, nonce, (curve.x, curve.y))[0] % curve.q
    s = (r * secret + nonce * (int.from_bytes(digest, "little") % curve.q)) % curve.q
    key = ec.public_key(curve, x.to_bytes(curve.size, "little") + y.to_bytes(curve.size, "little"))
    return key, digest, s.to_bytes(curve.size, "big") + r.to_bytes(curve.size, "big")


ON_EVERY_CURVE = pytest.mark.parametrize("oid", CURVES)


def test_twelve_sets_are_known():
    assert len(CURVES) == 12


@ON_EVERY_CURVE
def test_the_generator_is_on_the_curve_and_of_the_stated_order(oid):
    curve = CURVES[oid]
    assert curve.has(curve.x, curve.y)
    assert ec._multiply(curve, curve.q, (curve.x, curve.y)) is None


@pytest.mark.parametrize("oid", EDWARDS)
def test_the_edwards_form_converts_to_the_stated_one(oid):
    """RFC 7836, 5.2: s = (e - d)/4, t = (e + d)/6, x = s(1+v)/(1-v) + t, y = s(1+v)/((1-v)u)."""
    curve, (d, u, v) = CURVES[oid], EDWARDS[oid]
    p = curve.p
    s, t = (1 - d) * pow(4, -1, p) % p, (1 + d) * pow(6, -1, p) % p
    ratio = (1 + v) * pow(1 - v, -1, p) % p
    assert curve.a == (s * s - 3 * t * t) % p
    assert curve.b == (2 * pow(t, 3, p) - t * s * s) % p
    assert (curve.x, curve.y) == ((s * ratio + t) % p, s * ratio * pow(u, -1, p) % p)


@ON_EVERY_CURVE
def test_a_signature_verifies_and_any_change_does_not(oid):
    key, digest, value = signed(CURVES[oid], 1)
    size = key.curve.size
    changed = [
        (digest, value[size:] + value[:size]),
        (digest[::-1], value),
        (digest, bytes([value[0] ^ 1]) + value[1:]),
        (digest, value + b"\0"),
        (digest, value[1:]),
    ]
    assert ec.verify(key, digest, value)
    assert not [one for one in changed if ec.verify(key, *one)]


@ON_EVERY_CURVE
def test_values_outside_the_range_are_refused(oid):
    """On TC26-256-A r + q still fits into 32 bytes: the equation holds, the signature is another."""
    key, digest, value = signed(CURVES[oid], 2)
    curve, size = key.curve, key.curve.size
    s, r = int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big")
    shifted = [(s + curve.q, r), (s, r + curve.q), (0, r), (s, 0)]
    fitting = [pair for pair in shifted if max(pair) < 1 << 8 * size]
    tried = [ec.verify(key, digest, a.to_bytes(size, "big") + b.to_bytes(size, "big")) for a, b in fitting]
    assert len(tried) >= 2 and not any(tried)


def test_a_point_off_the_curve_or_outside_the_group_is_no_key():
    curve = params.TC26_256_A
    size = curve.size
    off = (curve.x + 1).to_bytes(size, "little") + curve.y.to_bytes(size, "little")
    # Of order two: on the curve, outside the group of prime order.
    d = EDWARDS["1.2.643.7.1.2.1.1.1"][0]
    root = (1 + d) * pow(6, -1, curve.p) % curve.p
    outside = root.to_bytes(size, "little") + bytes(size)
    assert curve.has(root, 0)
    assert [ec.public_key(curve, point) for point in (off, outside, b"", bytes(2 * size - 1))] == [None] * 4


@pytest.mark.parametrize(
    "name", ["id-tc26-gost-3410-2012-256-paramSetB", "id-tc26-gost-3410-12-512-paramSetA"]
)
def test_another_implementation_agrees(name):
    theirs = second.CURVES_R_1323565_1_024_2019[name]
    curve = next(item for item in CURVES.values() if (item.p, item.b) == (theirs["p"], theirs["b"]))
    key, digest, value = signed(curve, 3)
    size = curve.size
    mode = second.MODE_256 if size == 32 else second.MODE_512
    other = second.GOST34102012(mode, theirs)
    point = key.x.to_bytes(size, "big") + key.y.to_bytes(size, "big")
    # It wants r ‖ s and the digest the other way round.
    assert other.verify(bytearray(point), bytearray(digest[::-1]), bytearray(value[size:] + value[:size]))


@pytest.mark.parametrize("bits", [256, 512])
def test_streebog_agrees_with_the_slow_one(bits):
    text = "Се ветри, Стрибожи внуци".encode("cp1251")
    slow = gosthash.new(f"streebog{bits}")
    slow.update(text)
    running = streebog.new(bits)
    running.update(text[:7])
    running.update(text[7:])
    assert running.hexdigest() == slow.hexdigest()


@pytest.mark.parametrize("bits", [256, 512])
def test_a_bare_machine_still_computes_streebog(bits, monkeypatch):
    monkeypatch.setattr(streebog, "quick", lambda bits=256: None)
    running = streebog.new(bits)
    running.update(b"x")
    monkeypatch.undo()
    known = streebog.new(bits)
    known.update(b"x")
    assert running.digest() == known.digest()


@pytest.mark.parametrize("name", ["director", "expert512", "chair", "lawyer512c", "natural", "ip"])
def test_with_the_engine_or_without_the_answer_is_the_same(engine, name):
    """Where the machine has no engine, plain Python answers both times."""
    found = certificate((DATA / f"certs/{name}.cer").read_bytes())
    issuer = certificate((DATA / "certs" / ("ca512.cer" if "512" in name else "ca256.cer")).read_bytes())
    bits = issuer.key.material.curve.size * 8
    running = streebog.new(bits)
    running.update(found.tbs)
    arguments = (issuer.key.material, issuer.key.spki, running.digest())
    assert accel.use(engine) is engine
    spoiled = found.signature[:-1] + bytes([found.signature[-1] ^ 1])
    assert (accel.verify(*arguments, found.signature), accel.verify(*arguments, spoiled)) == (True, False)
    accel.use(False)
    assert (accel.verify(*arguments, found.signature), accel.verify(*arguments, spoiled)) == (True, False)


def test_the_key_of_a_certificate_is_read_in_its_byte_order():
    key = certificate((DATA / "certs/root.cer").read_bytes()).key
    point = core.OctetString.load(key.spki[-66:]).native
    assert key.material.x == int.from_bytes(point[:32], "little")
