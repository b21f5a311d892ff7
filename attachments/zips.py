"""Zip directories read with care: bounded, without overlaps, without trust in what they declare."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from attachments.content import Content
from attachments.findings import Refusal
from attachments.limits import Limits

_MAX_DIRECTORY = 8 * 1024 * 1024
_CHUNK = 256 * 1024
_DRIVE = re.compile(r"^[A-Za-z]:")


READ_ERRORS: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,  # what zipfile raises for a method of packing it does not know
    RuntimeError,
    ValueError,
    struct.error,
)


class BrokenZip(ValueError):
    """The archive cannot be read."""


def directory(content: Content) -> zipfile.ZipFile:
    """Open an archive after a look at the size of its directory."""
    _check_end_record(content)
    try:
        if content.path.name == "-":
            return zipfile.ZipFile(io.BytesIO(bytes(content.data)))
        return zipfile.ZipFile(content.path)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        struct.error,
        NotImplementedError,
        UnicodeError,
        IndexError,
    ) as error:
        raise BrokenZip(str(error)) from error


def is_readable(content: Content) -> bool:
    """Whether the directory of an archive is whole."""
    try:
        directory(content)
    except BrokenZip:
        return False
    return True


def _check_end_record(content: Content) -> None:
    tail_start = max(0, content.size - 66_000)
    at = content.rfind(b"PK\x05\x06", tail_start)
    if at < 0 or content.size - at < 22:
        raise BrokenZip("no end of directory")
    (size,) = struct.unpack("<I", content.at(at + 12, 4))
    if size == 0xFFFFFFFF:
        record = content.rfind(b"PK\x06\x06", max(0, at - 4096))
        if record < 0 or content.size - record < 48:
            raise BrokenZip("no zip64 record")
        (size,) = struct.unpack("<Q", content.at(record + 40, 8))
    if size > _MAX_DIRECTORY:
        raise Refusal("too_many_parts")


def start_of(parts: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The beginning of a part; empty when it cannot be read."""
    try:
        with parts.open(name) as part:
            return part.read(size)
    except KeyError:
        return b""
    except READ_ERRORS:
        # An unreadable part has no beginning; whoever needs the rest will refuse it.
        return b""


def chunks(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part by pieces; a broken part is a refusal."""
    try:
        with parts.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk
    except READ_ERRORS as error:
        raise Refusal("corrupt") from error


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    """Whether a part needs a password."""
    return bool(info.flag_bits & 0x41)


def check_directory(parts: zipfile.ZipFile, content: Content, limits: Limits) -> None:
    """Refuse what no honest program writes: paths outside, doubles, overlaps, and too much of anything."""
    infos = parts.infolist()
    if len(infos) > limits.max_parts:
        raise Refusal("too_many_parts")
    seen: set[str] = set()
    for info in infos:
        if is_unsafe(info):
            raise Refusal("unsafe_path")
        key = unicodedata.normalize("NFC", info.orig_filename)
        if key in seen:
            raise Refusal("duplicate_parts")
        seen.add(key)
    _check_sizes(infos, content, limits)
    _check_overlaps(infos, content)


def is_unsafe(info: zipfile.ZipInfo) -> bool:
    """Whether unpacking a part by its name could write elsewhere."""
    name = info.orig_filename
    if "\0" in name or "\\" in name or name.startswith("/") or _DRIVE.match(name):
        return True
    if ".." in PurePosixPath(name).parts or any(unicodedata.category(c) == "Cc" for c in name):
        return True
    return stat.S_ISLNK(info.external_attr >> 16)


def _check_sizes(infos: list[zipfile.ZipInfo], content: Content, limits: Limits) -> None:
    total = sum(info.file_size for info in infos)
    if total > limits.ratio_floor and total > limits.max_ratio * max(content.size, 1):
        raise Refusal("expands_too_much")
    for info in infos:
        if info.file_size > limits.ratio_floor and info.file_size > limits.max_ratio * max(
            info.compress_size, 1
        ):
            raise Refusal("expands_too_much")
    if total > limits.max_unpacked and total > 3 * content.size:
        raise Refusal("expands_too_much")


def _check_overlaps(infos: list[zipfile.ZipInfo], content: Content) -> None:
    """Parts that share bytes make a bomb of a few kilobytes."""
    end = 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        if info.header_offset < end or info.header_offset + info.compress_size > content.size:
            raise Refusal("corrupt" if info.header_offset >= end else "expands_too_much")
        end = info.header_offset + 30 + info.compress_size
