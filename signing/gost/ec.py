"""Verification of ГОСТ Р 34.10-2012 in plain integers: public data only, so nothing can leak through timing.

Signing is done elsewhere (signing.signers): plain Python would show the key by the time it takes.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from signing.gost.params import Curve

_Point = tuple[int, int]
_KEY_WINDOW = 5
_BASE_WINDOW = 8


class PublicKey(NamedTuple):
    """A point of a curve."""

    curve: Curve
    x: int
    y: int


def public_key(curve: Curve, encoded: bytes) -> PublicKey | None:
    """The key as certificates hold it: x and y, little-endian; None when it is no point of the curve."""
    if len(encoded) != 2 * curve.size:
        return None
    x, y = (int.from_bytes(half, "little") for half in (encoded[: curve.size], encoded[curve.size :]))
    if not curve.has(x, y):
        return None
    if curve.cofactor > 1 and _multiply(curve, curve.q, (x, y)) is not None:
        return None  # outside the group of prime order
    return PublicKey(curve, x, y)


def verify(key: PublicKey, digest: bytes, signature: bytes) -> bool:
    """ГОСТ Р 34.10-2012, 6.2. The value is s ‖ r, big-endian (RFC 4491bis, CMS and XMLDSig alike)."""
    curve = key.curve
    size, q = curve.size, curve.q
    if len(signature) != 2 * size or len(digest) != size:
        return False
    s, r = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    # r + q may fit into the same bytes: without the range check a changed signature would pass.
    if not (0 < r < q and 0 < s < q):
        return False
    # Streebog's bytes are a little-endian number in this standard's notation.
    e = int.from_bytes(digest, "little") % q or 1
    v = pow(e, -1, q)
    x, z = _combine(curve, s * v % q, -r * v % q, (key.x, key.y))
    if z == 0:
        return False
    # Compare x/z² with r without a division: x is below p, so r itself and r + kq are the candidates.
    zz, p = z * z % curve.p, curve.p
    return any(candidate * zz % p == x for candidate in range(r, p, q))


def _combine(curve: Curve, base_times: int, key_times: int, key: _Point) -> tuple[int, int]:
    """base_times·G + key_times·Q by interleaved wNAF: the X and Z of the sum in Jacobian coordinates.

    Doubling and adding stand here in full: calls would cost a tenth of the whole.
    """
    p, a = curve.p, curve.a
    is_minus_three = a == p - 3
    x, y, z = 1, 1, 0
    for points in _steps(curve, base_times, key_times, key):
        if z:
            yy = y * y % p
            s = 4 * x * yy % p
            if is_minus_three:
                zz = z * z % p
                m = 3 * (x - zz) * (x + zz) % p
            else:
                zzzz = pow(z, 4, p)
                m = (3 * x * x + a * zzzz) % p
            z = 2 * y * z % p
            x = (m * m - 2 * s) % p
            y = (m * (s - x) - 8 * yy * yy) % p
        for px, py in points:
            zz = z * z % p
            h = (px * zz - x) % p
            if not h or not z:
                x, y, z = _add(curve, x, y, z, px, py)
                continue
            w = (py * zz * z - y) % p
            hh = h * h % p
            hhh, v = h * hh % p, x * hh % p
            x = (w * w - hhh - 2 * v) % p
            y = (w * (v - x) - y * hhh) % p
            z = z * h % p
    return x, z


def _steps(curve: Curve, base_times: int, key_times: int, key: _Point) -> list[list[_Point]]:
    """For every bit from the highest: the points to add after doubling."""
    steps: list[list[_Point]] = []
    for times, width, table in (
        (base_times, _BASE_WINDOW, _base_table(curve)),
        (key_times, _KEY_WINDOW, _key_table(curve, key)),
    ):
        for position, digit in enumerate(_wnaf(times, width)):
            if position == len(steps):
                steps.append([])
            if digit:
                steps[position].append(table[digit])
    steps.reverse()
    return steps


def _add(curve: Curve, x: int, y: int, z: int, px: int, py: int) -> tuple[int, int, int]:
    """A Jacobian point plus an affine one."""
    p = curve.p
    if not z:
        return px, py, 1
    zz = z * z % p
    h = (px * zz - x) % p
    w = (py * zz * z - y) % p
    if not h:
        if w:
            return 1, 1, 0
        return _double(curve, x, y, z)
    hh = h * h % p
    hhh, v = h * hh % p, x * hh % p
    new_x = (w * w - hhh - 2 * v) % p
    return new_x, (w * (v - new_x) - y * hhh) % p, z * h % p


def _double(curve: Curve, x: int, y: int, z: int) -> tuple[int, int, int]:
    p = curve.p
    if not y or not z:
        return 1, 1, 0
    yy = y * y % p
    s = 4 * x * yy % p
    m = (3 * x * x + curve.a * pow(z, 4, p)) % p
    new_x = (m * m - 2 * s) % p
    return new_x, (m * (s - new_x) - 8 * yy * yy) % p, 2 * y * z % p


def _wnaf(number: int, width: int) -> list[int]:
    """Digits of the number, least first: odd and below 2^(width-1), or zero."""
    digits, full, half = [], 1 << width, 1 << (width - 1)
    while number:
        if number & 1:
            digit = number & (full - 1)
            if digit >= half:
                digit -= full
            number -= digit
            digits.append(digit)
            number >>= 1
        else:
            # A run of zeros is skipped at once.
            zeros = (number & -number).bit_length() - 1
            digits += [0] * zeros
            number >>= zeros
    return digits


def _odd_multiples(curve: Curve, point: _Point, width: int) -> dict[int, _Point]:
    """±1, ±3, … ±(2^(width-1) - 1) times the point, affine, by one common inversion."""
    p = curve.p
    twice = _to_affine(curve, _double(curve, *point, 1))
    jacobian = [(*point, 1)]
    for _ in range((1 << (width - 2)) - 1):
        # A point of order two has no double to add; such keys are refused before.
        jacobian.append(_add(curve, *jacobian[-1], *twice) if twice else jacobian[-1])
    running, products = 1, []
    for _x, _y, z in jacobian:
        products.append(running)
        running = running * z % p
    inverse = pow(running, -1, p)
    table: dict[int, _Point] = {}
    for index in range(len(jacobian) - 1, -1, -1):
        x, y, z = jacobian[index]
        z_inverse = inverse * products[index] % p
        inverse = inverse * z % p
        square = z_inverse * z_inverse % p
        affine_x, affine_y = x * square % p, y * square * z_inverse % p
        table[2 * index + 1] = affine_x, affine_y
        table[-2 * index - 1] = affine_x, p - affine_y
    return table


def _to_affine(curve: Curve, point: tuple[int, int, int]) -> _Point | None:
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, curve.p)
    return x * inverse * inverse % curve.p, y * pow(inverse, 3, curve.p) % curve.p


def _multiply(curve: Curve, times: int, point: _Point) -> _Point | None:
    """times·point by doubling and adding; None is the point at infinity."""
    x, y, z = 1, 1, 0
    for bit in bin(times)[2:]:
        x, y, z = _double(curve, x, y, z)
        if bit == "1":
            x, y, z = _add(curve, x, y, z, *point)
    return _to_affine(curve, (x, y, z))


@functools.cache
def _base_table(curve: Curve) -> dict[int, _Point]:
    return _odd_multiples(curve, (curve.x, curve.y), _BASE_WINDOW)


@functools.lru_cache(maxsize=256)
def _key_table(curve: Curve, point: _Point) -> dict[int, _Point]:
    # One authority signs thousands of certificates and lists: its table is worth keeping.
    return _odd_multiples(curve, point, _KEY_WINDOW)
