"""Digests in one pass, against published examples."""

import hashlib
import io

import pytest

from attachments.digests import digests, streebog256
from signing.gost import streebog

# GOST R 34.11-2012, annex A (bytes in the order in which they are stored).
EXAMPLES = [
    (b"", "3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb"),
    (b"0123456789" * 6 + b"012", "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"),
]


@pytest.mark.parametrize(("data", "expected"), EXAMPLES)
def test_streebog_agrees_with_the_standard(data, expected):
    assert digests(io.BytesIO(data)).streebog256 == expected


def test_sha256_and_the_size_come_from_the_same_pass():
    data = b"x" * 3_000_001
    found = digests(io.BytesIO(data))
    assert (found.sha256, found.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_a_machine_without_the_library_leaves_streebog_for_later(monkeypatch):
    monkeypatch.setattr(streebog, "quick", lambda: None)
    assert digests(io.BytesIO(b"x")).streebog256 is None


def test_a_stored_file_can_be_digested_later(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(EXAMPLES[1][0])
    assert streebog256(path) == EXAMPLES[1][1]
