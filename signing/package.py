"""The evidence package: a zip that a stranger checks without network, database or our settings.

manifest.json        digests and sizes of all files; documents and their signatures
manifest.json.sig    optionally, the organisation's signature over the manifest
documents/ signatures/ stamps/   the signed bytes, the signatures as received, stamps over them
trust/ crl/          certificates, policy.json; lists and OCSP answers of the time of the check
journal.jsonl        optionally, a chained journal (signing.journal)
report/              protocols of the check, for reading
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from signing import journal
from signing.gost import streebog
from signing.model import Revocation
from signing.trust import TrustStore

FORMAT = "veche-evidence/1"
MANIFEST = "manifest.json"
MANIFEST_SIGNATURE = "manifest.json.sig"
JOURNAL = "journal.jsonl"
_CHUNK = 1024 * 1024
# The same input gives the same bytes: the moment stands in the manifest, not in the zip.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Item:
    """One document with its signatures, to be checked at a stated moment."""

    name: str
    document: bytes | Path | None
    signatures: tuple[bytes, ...]
    at: datetime
    title: str = ""
    # RFC 3161 tokens over the signature files: (number of the signature, token).
    stamps: tuple[tuple[int, bytes], ...] = ()


def build(
    target: Path | BinaryIO,
    items: Sequence[Item],
    trust: TrustStore,
    *,
    made_at: datetime,
    revocation: Revocation = Revocation(),  # noqa: B008 - immutable
    title: str = "",
    entries: Iterable[Mapping[str, object]] = (),
    reports: Mapping[str, str] | None = None,
    others: Mapping[str, bytes | Path] | None = None,
    sign: Callable[[bytes], bytes] | None = None,
) -> str:
    """Write the package; gives the SHA-256 of its manifest.

    `entries` become the chained journal, `others` any further files (path in the package → bytes), `sign`
    makes the signature over the manifest.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(archive)
        described = [_item(writer, number, item) for number, item in enumerate(items, 1)]
        _trust(writer, trust)
        for number, data in enumerate(revocation.crls, 1):
            writer.add(f"crl/{number:03}.crl", data)
        for number, data in enumerate(revocation.ocsps, 1):
            writer.add(f"crl/{number:03}.ocsp", data)
        lines = journal.chained(entries)
        if lines:
            writer.add(JOURNAL, journal.written(lines))
        for name, text in (reports or {}).items():
            writer.add(f"report/{name}", text.encode())
        for name, source in (others or {}).items():
            writer.add(name, source)
        manifest = _manifest(title, made_at, described, writer.files, trust, lines)
        writer.add(MANIFEST, manifest, is_listed=False)
        if sign is not None:
            writer.add(MANIFEST_SIGNATURE, sign(manifest), is_listed=False)
    return hashlib.sha256(manifest).hexdigest()


class _Writer:
    """Files of the package and their digests, each read once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, object]] = {}

    def add(self, name: str, source: bytes | Path, *, is_listed: bool = True) -> str:
        sha, gost, size = hashlib.sha256(), streebog.new(), 0
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(entry, "w") as target:
            for chunk in _chunks(source):
                target.write(chunk)
                sha.update(chunk)
                gost.update(chunk)
                size += len(chunk)
        if is_listed:
            self.files[name] = {"sha256": sha.hexdigest(), "streebog256": gost.hexdigest(), "size": size}
        return name


def _chunks(source: bytes | Path) -> Iterable[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _item(writer: _Writer, number: int, item: Item) -> dict[str, object]:
    described: dict[str, object] = {
        "title": item.title or item.name,
        "at": item.at.astimezone(UTC).isoformat(),
        "document": None,
        "signatures": [],
    }
    if item.document is not None:
        described["document"] = writer.add(f"documents/{number:03}-{item.name}", item.document)
    signatures: list[dict[str, object]] = []
    for place, data in enumerate(item.signatures, 1):
        file = writer.add(f"signatures/{number:03}-{place:02}.sig", data)
        tokens = [token for of, token in item.stamps if of == place - 1]
        names = [
            writer.add(f"stamps/{number:03}-{place:02}-{turn:02}.tst", token)
            for turn, token in enumerate(tokens, 1)
        ]
        signatures.append({"file": file, "stamps": names})
    described["signatures"] = signatures
    return described


def _trust(writer: _Writer, trust: TrustStore) -> None:
    for item in trust.certificates:
        writer.add(f"trust/{item.sha256}.cer", item.der)
    writer.add("trust/policy.json", json.dumps({"policy": trust.policy.code}).encode())


def _manifest(
    title: str,
    made_at: datetime,
    items: list[dict[str, object]],
    files: Mapping[str, object],
    trust: TrustStore,
    lines: Sequence[Mapping[str, object]],
) -> bytes:
    manifest: dict[str, object] = {
        "format": FORMAT,
        "title": title,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "trust_version": trust.version,
        "items": items,
        "files": files,
    }
    if lines:
        manifest["journal"] = {"file": JOURNAL, "entries": len(lines), "head": journal.head(lines)}
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
