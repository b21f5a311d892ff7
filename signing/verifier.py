"""`python -m signing.verifier PACKAGE.zip`: the check of an evidence package by anybody, anywhere.

No database, no settings, no network: only this room of the program and the package. Whom to trust is the
stranger's own choice: `--trust DIR` takes his list; without it the package's is used, and the answer says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from signing import journal, package
from signing.asn1 import Malformed
from signing.gost import streebog
from signing.model import RU_QUALIFIED, Report, Revocation
from signing.summary import contract, protocol
from signing.trust import TrustStore
from signing.verification import verify

_MOST_FILES = 20_000
_MOST_BYTES = 4 * 1024**3
_MOST_MANIFEST = 64 * 1024**2
_CHUNK = 1024 * 1024
_FREE = {package.MANIFEST, package.MANIFEST_SIGNATURE}


@dataclass
class Outcome:
    """What was found: problems of the package itself, and a report for every signature."""

    title: str = ""
    trust_version: str = ""
    is_own_trust: bool = False
    files: int = 0
    journal_entries: int | None = None
    problems: list[str] = field(default_factory=list)
    reports: list[tuple[str, Report]] = field(default_factory=list)
    manifest_sha256: str = ""

    @property
    def passed(self) -> bool:
        return not self.problems and bool(self.reports) and all(item.passed for _title, item in self.reports)

    def as_dict(self) -> dict[str, object]:
        return {
            "passed": self.passed,
            "title": self.title,
            "manifest_sha256": self.manifest_sha256,
            "trust": {"version": self.trust_version, "source": "own" if self.is_own_trust else "package"},
            "files": self.files,
            "journal_entries": self.journal_entries,
            "problems": self.problems,
            "signatures": [{"title": title, **contract(report)} for title, report in self.reports],
        }


def verify_package(path: Path, *, trust: TrustStore | None = None, at: datetime | None = None) -> Outcome:
    """Check everything in the package; raises Malformed when it is not a package at all."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="evidence-") as folder:
            return _verify(archive, Path(folder), trust, at)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Malformed(f"пакет не читается: {error}") from error


def _verify(archive: zipfile.ZipFile, folder: Path, trust: TrustStore | None, at: datetime | None) -> Outcome:
    names = _safe_names(archive)
    manifest_bytes, manifest = _manifest(archive)
    outcome = Outcome(
        title=str(manifest.get("title", "")), manifest_sha256=hashlib.sha256(manifest_bytes).hexdigest()
    )
    _unpack(archive, names, manifest, folder, outcome)
    outcome.is_own_trust = trust is not None
    store = trust or _carried(folder / "trust")
    outcome.trust_version = store.version
    revocation = Revocation.from_folder(folder / "crl")
    _check_journal(folder, manifest, outcome)
    for item in _listed(manifest, "items"):
        _check_item(item, folder, store, revocation, at, outcome)
    if package.MANIFEST_SIGNATURE in names:
        made_at = at or _moment(manifest.get("made_at"))
        signature = archive.read(package.MANIFEST_SIGNATURE)
        report = verify(signature, manifest_bytes, store, at=made_at, revocation=revocation)
        outcome.reports.append(("Опись пакета", report))
    return outcome


def _carried(folder: Path) -> TrustStore:
    """The package's own list; one without certificates trusts nobody, its digests and journal still count."""
    if not any(folder.glob("*.cer")):
        return TrustStore((), (), RU_QUALIFIED, "пустой")
    return TrustStore.from_folder(folder)


def _safe_names(archive: zipfile.ZipFile) -> set[str]:
    entries = archive.infolist()
    if len(entries) > _MOST_FILES or sum(item.file_size for item in entries) > _MOST_BYTES:
        raise Malformed("пакет слишком велик")
    names = [item.filename for item in entries if not item.is_dir()]
    if len(set(names)) != len(names):
        raise Malformed("в пакете два файла с одним именем")
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts:
            raise Malformed(f"недопустимое имя файла в пакете: {name[:100]}")
    return set(names)


def _manifest(archive: zipfile.ZipFile) -> tuple[bytes, dict[str, object]]:
    try:
        if archive.getinfo(package.MANIFEST).file_size > _MOST_MANIFEST:
            raise Malformed("опись пакета слишком велика")
        data = archive.read(package.MANIFEST)
        manifest = json.loads(data)
    except (KeyError, ValueError, RecursionError):
        raise Malformed("в пакете нет описи manifest.json или она не читается") from None
    if not isinstance(manifest, dict) or manifest.get("format") != package.FORMAT:
        raise Malformed("неизвестный формат пакета")
    return data, manifest


def _unpack(
    archive: zipfile.ZipFile, names: set[str], manifest: Mapping[str, object], folder: Path, outcome: Outcome
) -> None:
    """Every file onto the disk in pieces, its digests compared with the manifest."""
    files = manifest.get("files")
    if not isinstance(files, dict):
        raise Malformed("в описи нет списка файлов")
    outcome.problems += [f"нет файла из описи: {name}" for name in sorted(set(files) - names)]
    outcome.problems += [f"файла нет в описи: {name}" for name in sorted(names - set(files) - _FREE)]
    for name in sorted(names & set(files)):
        wanted = files[name] if isinstance(files[name], dict) else {}
        if _unpacked(archive, name, folder) != (wanted.get("sha256"), wanted.get("streebog256")):
            outcome.problems.append(f"файл изменён: {name}")
        outcome.files += 1


def _unpacked(archive: zipfile.ZipFile, name: str, folder: Path) -> tuple[str, str]:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    sha, gost, size = hashlib.sha256(), streebog.new(), 0
    with archive.open(name) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > _MOST_BYTES:
                raise Malformed("файл пакета больше заявленного")
            sha.update(chunk)
            gost.update(chunk)
            file.write(chunk)
    return sha.hexdigest(), gost.hexdigest()


def _check_journal(folder: Path, manifest: Mapping[str, object], outcome: Outcome) -> None:
    described = manifest.get("journal")
    if not isinstance(described, dict):
        return
    path = folder / package.JOURNAL
    try:
        lines = journal.read(path.read_bytes() if path.is_file() else b"")
    except Malformed as problem:
        outcome.problems.append(str(problem))
        return
    outcome.journal_entries = len(lines)
    if journal.head(lines) != described.get("head") or len(lines) != described.get("entries"):
        outcome.problems.append("журнал не тот, что в описи")


def _check_item(
    item: Mapping[str, object],
    folder: Path,
    store: TrustStore,
    revocation: Revocation,
    at: datetime | None,
    outcome: Outcome,
) -> None:
    title, moment = str(item.get("title", "")), at or _moment(item.get("at"))
    document = _file(folder, item.get("document"))
    if item.get("document") and document is None:
        outcome.problems.append(f"нет документа: {title}")
        return
    for described in _listed(item, "signatures"):
        signature = _file(folder, described.get("file"))
        if signature is None:
            outcome.problems.append(f"нет файла подписи: {title}")
            continue
        names = described.get("stamps")
        stamps = [_file(folder, name) for name in names] if isinstance(names, list) else []
        report = verify(
            signature.read_bytes(),
            document,
            store,
            at=moment,
            revocation=revocation,
            archive_stamps=tuple(path.read_bytes() for path in stamps if path is not None),
        )
        outcome.reports.append((title, report))


def _listed(source: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = source.get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Malformed(f"опись нарушена: {name}")
    return found


def _file(folder: Path, name: object) -> Path | None:
    """A file of the package by its listed name: nothing outside the folder can be named."""
    if not isinstance(name, str):
        return None
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise Malformed("в описи нет времени проверки") from None
    if moment.tzinfo is None:
        raise Malformed("время в описи без часового пояса")
    return moment


def _text(outcome: Outcome) -> str:
    lines = [f"Пакет: {outcome.title}" if outcome.title else "Пакет доказательств"]
    lines.append(f"Файлов в описи: {outcome.files}; SHA-256 описи: {outcome.manifest_sha256}")
    if outcome.journal_entries is not None:
        lines.append(f"Журнал: записей {outcome.journal_entries}, цепочка цела")
    source = "ваш" if outcome.is_own_trust else "из самого пакета — сверьте корневые сертификаты сами"
    lines.append(f"Список доверия: {outcome.trust_version} ({source})")
    lines += [f"ОШИБКА: {problem}" for problem in outcome.problems]
    for title, report in outcome.reports:
        lines += ["", f"— {title}", protocol(report)]
    if not outcome.reports:
        lines.append("В пакете нет подписей")
    verdict = "ИТОГ: пакет цел, все подписи действительны" if outcome.passed else "ИТОГ: пакет не подтверждён"
    return "\n".join([*lines, "", verdict])


def main(arguments: Sequence[str] | None = None) -> int:
    """0: everything holds; 1: something does not; 2: not a package."""
    parser = argparse.ArgumentParser(
        prog="python -m signing.verifier", description="Проверка пакета без сети."
    )
    parser.add_argument("package", type=Path, metavar="PACKAGE.zip")
    parser.add_argument("--trust", type=Path, help="папка своих доверенных сертификатов")
    parser.add_argument("--at", type=datetime.fromisoformat, help="момент проверки вместо указанного в описи")
    parser.add_argument("--json", action="store_true", help="ответ для программы")
    options = parser.parse_args(arguments)
    if options.at is not None and options.at.tzinfo is None:
        parser.error("--at: нужен часовой пояс, например 2026-03-02T09:00:00+03:00")
    try:
        trust = TrustStore.from_folder(options.trust) if options.trust else None
        outcome = verify_package(options.package, trust=trust, at=options.at)
    except Malformed as problem:
        print(
            json.dumps({"passed": False, "problems": [str(problem)]}, ensure_ascii=False)
            if options.json
            else problem
        )
        return 2
    print(json.dumps(outcome.as_dict(), ensure_ascii=False) if options.json else _text(outcome))
    return 0 if outcome.passed else 1


if __name__ == "__main__":
    sys.exit(main())
