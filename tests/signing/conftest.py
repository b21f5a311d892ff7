"""The shared vectors: signatures with the verdict a correct verifier must give."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from signing import Report, Revocation, TrustStore, verify
from signing.gost import accel
from tests.signing.authority import Authority

DATA = Path(__file__).parents[1] / "data" / "signing"
MANIFEST: dict[str, Any] = json.loads((DATA / "manifest.json").read_text("utf-8"))
VECTORS: dict[str, dict[str, Any]] = {vector["id"]: vector for vector in MANIFEST["vectors"]}


@functools.cache
def document(name: str) -> bytes:
    """A signed document; the large one is generated, as the manifest says how."""
    described = MANIFEST["documents"][name]
    if "path" in described:
        return (DATA / described["path"]).read_bytes()
    seed, size = described["generator"]["seed"].encode(), described["generator"]["size"]
    blocks = (hashlib.sha256(seed + number.to_bytes(8, "big")).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


@functools.cache
def store(folder: str) -> TrustStore:
    return TrustStore.from_folder(DATA / folder)


def revocation(vector: dict[str, Any]) -> Revocation:
    return Revocation(
        tuple((DATA / name).read_bytes() for name in vector["crls"]),
        tuple((DATA / name).read_bytes() for name in vector["ocsps"]),
    )


def signature(vector: dict[str, Any]) -> bytes:
    return (DATA / vector["signature"]).read_bytes()


def checked(vector: dict[str, Any], **changed: Any) -> Report:
    """The report on a vector, parts of it replaced when asked."""
    source = vector["document"]
    arguments: dict[str, Any] = {
        "signature": signature(vector),
        "document": document(source) if source else None,
        "trust": store(vector["trust_dir"]),
        "at": datetime.fromisoformat(vector["validation_time"]),
        "revocation": revocation(vector),
    } | changed
    positional = [arguments.pop(name) for name in ("signature", "document", "trust")]
    return verify(*positional, **arguments)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A test authority of its own: ECDSA, quick to sign with."""
    return Authority()


@pytest.fixture
def engine() -> Iterator[bool]:
    """The optional GOST engine, on where the machine has it; off again afterwards."""
    yield accel.use(True)
    accel.use(False)
