"""Backup and restore (X-18): one file with every row and every byte, that proves itself before it is used.

The dump is logical (JSON lines a table), so that it restores into SQLite and PostgreSQL alike. The
manifest lists each part with its SHA-256, and the counts and chain digests that must come out again.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import logging
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Date, LargeBinary, Table, func, select, text

from messaging.unit import alone
from records import parameters
from records.actor import SYSTEM_ACTOR
from records.database import Moment, db, now
from records.errors import Unavailable
from records.model import Record, StoredFile
from records.schema import drop_triggers, install_triggers
from records.storage import storage

log = logging.getLogger(__name__)

FORMAT = 1
LEFT_OUT = frozenset({"outbox", "edit_lock", "login_session", "login_attempt", "alembic_version"})
"""Not part of the archive: work in progress is queued again, people log in again."""

Progress = Callable[[str], None]


class BackupBroken(ValueError):
    """The file is not a sound backup; the text says what is wrong with it."""


def create(target: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Write a backup. Appears under its name only when complete; returns the manifest."""
    handle, name = tempfile.mkstemp(dir=target.resolve().parent, prefix=".backup-")
    try:
        with os.fdopen(handle, "wb") as out:
            manifest = _write(out, progress)
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _note(target, manifest)
    return manifest


def _note(target: Path, manifest: dict[str, Any]) -> None:
    """Keep the news of the copy for the health page. An archive without writes is copied all the same."""
    told = {
        "file": target.name,
        "size": target.stat().st_size,
        "records": manifest["counts"]["record"],
        "missing": len(manifest["missing"]),
        "at": now().isoformat(),
    }
    try:
        with alone():
            parameters.put(SYSTEM_ACTOR, "backup.done", told, valid_from=parameters.today())
    except Unavailable as error:
        log.warning("the copy is made but not noted: %s", error)


def _write(out: IO[bytes], progress: Progress) -> dict[str, Any]:
    parts: dict[str, str] = {}
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        with _snapshot() as connection:
            counts = {}
            for table in tables():
                progress(f"таблица {table.name}")
                with tempfile.TemporaryFile() as spool:
                    counts[table.name] = _dump(connection, table, spool)
                    parts[f"tables/{table.name}.jsonl"] = _add(tar, f"tables/{table.name}.jsonl", spool)
            manifest = {
                "format": FORMAT,
                "made_at": now().isoformat(),
                "counts": counts,
                "chain": chain(connection),
            }
            addresses = list(
                connection.scalars(select(StoredFile.sha256).distinct().order_by(StoredFile.sha256))
            )
        missing = []
        for number, sha256 in enumerate(addresses, 1):
            if number % 200 == 0:
                progress(f"файлы: {number} из {len(addresses)}")
            if not storage().exists(sha256):
                missing.append(sha256)
                continue
            with storage().open(sha256) as stream:
                parts[f"files/{sha256}"] = _add(tar, f"files/{sha256}", stream)
        manifest |= {"parts": parts, "missing": missing}
        _add(tar, "manifest.json", io.BytesIO(json.dumps(manifest, ensure_ascii=False).encode()))
    return manifest


def tables() -> list[Table]:
    """Tables of the archive in the order of their references."""
    return [t for t in db.metadata.sorted_tables if t.name not in LEFT_OUT]


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """One consistent moment of the database, while people go on working."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def chain(connection: Connection) -> str:
    """One digest over the chains of all records: equal before and after, or something was lost."""
    total = hashlib.sha256()
    rows = connection.execute(
        select(Record.id, Record.version, Record.history_count, Record.history_digest).order_by(Record.id)
    )
    for row in rows:
        total.update(json.dumps(list(row)).encode())
    return total.hexdigest()


def _dump(connection: Connection, table: Table, spool: IO[bytes]) -> int:
    count = 0
    order = list(table.primary_key.columns)
    for row in connection.execution_options(yield_per=500).execute(select(table).order_by(*order)):
        values = {c.name: _plain(v) for c, v in zip(table.columns, row, strict=True)}
        spool.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value


def _add(tar: tarfile.TarFile, name: str, stream: IO[bytes]) -> str:
    """Add a part; returns its SHA-256."""
    digest = hashlib.sha256()
    stream.seek(0, os.SEEK_END)
    info = tarfile.TarInfo(name)
    info.size = stream.tell()
    info.mode = 0o600
    stream.seek(0)

    class Hashing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            chunk = stream.read(size)
            digest.update(chunk)
            return chunk

    tar.addfile(info, Hashing())
    return digest.hexdigest()


def check(source: Path) -> dict[str, Any]:
    """Read a backup through and compare every part with the manifest. Raises BackupBroken."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    with _readable():
        for name, stream in _parts(source):
            if name == "manifest.json":
                manifest = _manifest(stream.read(256 * 2**20))
                continue
            digest = hashlib.sha256()
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
            found[name] = digest.hexdigest()
    if manifest is None:
        raise BackupBroken("В файле нет описи: копия записана не до конца.")
    for name, sha256 in manifest["parts"].items():
        if found.get(name) != sha256:
            raise BackupBroken(f"Часть «{name}» {'повреждена' if name in found else 'отсутствует'}.")
    if extra := set(found) - set(manifest["parts"]):
        raise BackupBroken(f"В файле лишнее: {sorted(extra)[0]}.")
    return manifest


def _manifest(raw: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(raw)
        sound = (
            manifest["format"] == FORMAT
            and isinstance(manifest["parts"], dict)
            and isinstance(manifest["counts"], dict)
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupBroken("Опись копии не читается.") from error
    if not sound:
        raise BackupBroken("Копия сделана другой версией программы.")
    return dict(manifest)


def _parts(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The parts of a backup, read as a stream; only plain files with our own names."""
    known = {f"tables/{t.name}.jsonl" for t in tables()} | {"manifest.json"}
    with gzip.open(source) as packed:
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                is_file = (
                    member.name.startswith("files/") and len(member.name) == 70 and member.name[6:].isalnum()
                )
                if not member.isreg() or not (member.name in known or is_file):
                    raise BackupBroken(f"Неожиданная часть в файле копии: {member.name[:80]!r}.")
                stream = tar.extractfile(member)
                assert stream is not None
                yield member.name, stream
        while packed.read(1 << 20):  # to the very end: the checksum of the whole file stands there
            continue


@contextmanager
def _readable() -> Iterator[None]:
    """What a damaged file makes the unpacker say becomes one plain sentence."""
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise BackupBroken(f"Файл копии не читается: {error}") from error


def restore(source: Path, *, force: bool = False, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Put a backup into this installation, all or nothing in the database.

    The file is verified before anything is touched, the result after. An installation that holds
    records is refused unless `force`: then its rows are replaced.
    """
    progress("проверка копии")
    manifest = check(source)
    if not force and db.session.scalar(select(func.count()).select_from(Record)):
        raise BackupBroken(
            "В этой установке уже есть документы. Восстановление заменит их: повторите с --force."
        )
    db.session.remove()
    with db.engine.begin() as connection:
        _clear(connection)
        for name, stream in _parts(source):
            if name.startswith("files/"):
                _put_file(name[6:], stream)
            elif name.startswith("tables/"):
                progress(f"таблица {name[7:-6]}")
                _load(connection, db.metadata.tables[name[7:-6]], stream)
        _after(connection)
        if chain(connection) != manifest["chain"]:
            raise BackupBroken("После загрузки дайджесты цепочек не сошлись. Установка не изменена.")
        _count(connection, manifest)
    return manifest


def _clear(connection: Connection) -> None:
    """Empty the tables; the guards of history step aside inside this one transaction only."""
    _guards(connection, on=False)
    for table in reversed(db.metadata.sorted_tables):
        connection.execute(table.delete())


def _guards(connection: Connection, *, on: bool) -> None:
    (install_triggers if on else drop_triggers)(connection)


def _load(connection: Connection, table: Table, stream: IO[bytes]) -> None:
    batch: list[dict[str, Any]] = []
    for line in stream:
        row = json.loads(line)
        batch.append({c.name: _typed(c.type, row.get(c.name)) for c in table.columns})
        if len(batch) == 500:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _typed(kind: object, value: object) -> object:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(str(value))
    if isinstance(kind, Date):
        return date.fromisoformat(str(value))
    if isinstance(kind, LargeBinary) and isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return value


def _put_file(sha256: str, stream: IO[bytes]) -> None:
    received = storage().receive(stream, limit=2**40)
    if received.sha256 != sha256:
        storage().discard(received)
        raise BackupBroken(f"Содержимое файла {sha256} не соответствует адресу.")
    storage().keep(received)


def _after(connection: Connection) -> None:
    """Bring back the guards and, on PostgreSQL, the counters of ids."""
    if connection.dialect.name == "postgresql":
        for table in db.metadata.sorted_tables:
            counted = table.autoincrement_column
            if counted is not None and counted.name == "id":
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "
                        f'COALESCE((SELECT max(id) FROM "{table.name}"), 0) + 1, false)'
                    )
                )
    _guards(connection, on=True)


def _count(connection: Connection, manifest: dict[str, Any]) -> None:
    for table in tables():
        found = connection.scalar(select(func.count()).select_from(table))
        if found != manifest["counts"].get(table.name):
            raise BackupBroken(
                f"В таблице {table.name} строк {found}, а в копии {manifest['counts'].get(table.name)}."
            )
