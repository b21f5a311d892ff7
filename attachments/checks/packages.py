"""Archives and office packages: what every zip is examined for."""

from __future__ import annotations

import zipfile

from attachments import compound, formats, names, zips
from attachments.content import Content, of_bytes
from attachments.findings import Findings, Refusal

_NESTED_READ = 48 * 1024 * 1024
_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
)
_LISTED = 1000


def opened(content: Content, findings: Findings) -> zipfile.ZipFile:
    """The archive with its directory checked."""
    try:
        parts = zips.directory(content)
    except zips.BrokenZip as error:
        raise Refusal("corrupt") from error
    zips.check_directory(parts, content, findings.limits)
    return parts


def check_archive(content: Content, findings: Findings) -> None:
    """A zip archive: paths, programs, archives within archives, passwords."""
    parts = opened(content, findings)
    if not parts.infolist():
        raise Refusal("empty_file")
    _check_level(parts, findings, 1, [findings.limits.max_unpacked])
    if content.head(2) != b"PK" or starts_late(parts):
        findings.flag("polyglot")


def starts_late(parts: zipfile.ZipFile) -> bool:
    """Whether something stands before the first part."""
    return min(info.header_offset for info in parts.infolist()) > 0


def _check_level(parts: zipfile.ZipFile, findings: Findings, depth: int, budget: list[int]) -> None:
    for info in parts.infolist():
        if info.is_dir():
            continue
        _check_member_name(info, findings)
        if zips.is_encrypted(info):
            findings.flag("encrypted")
            continue
        start = zips.start_of(parts, info.orig_filename, 16)
        if start.startswith(_PROGRAM_STARTS):
            raise Refusal("type_not_allowed")
        if start.startswith(b"PK\x03\x04"):
            _check_nested(parts, info, findings, depth, budget)


def _check_member_name(info: zipfile.ZipInfo, findings: Findings) -> None:
    name = info.filename.rsplit("/", 1)[-1]
    safe = names.safe_name(name)
    if safe.refusal or formats.extension(safe.name) in formats.DANGEROUS_EXTENSIONS:
        raise Refusal("type_not_allowed" if not safe.refusal else "unsafe_path")
    if len(findings.inner_names) < _LISTED:
        findings.inner_names.append(safe.name)


def _check_nested(
    parts: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings, depth: int, budget: list[int]
) -> None:
    if depth >= findings.limits.max_archive_depth or info.file_size > min(_NESTED_READ, budget[0]):
        findings.flag("nested_too_deep" if depth >= findings.limits.max_archive_depth else "unchecked")
        return
    budget[0] -= info.file_size
    content = of_bytes(b"".join(zips.chunks(parts, info)))
    try:
        nested = zips.directory(content)
    except zips.BrokenZip:
        findings.flag("unchecked")
        return
    if any(item.orig_filename == "[Content_Types].xml" for item in nested.infolist()):
        # A document inside an archive: its own directory is enough, macros are told of.
        _note_document(nested, content, findings)
        return
    zips.check_directory(nested, content, findings.limits)
    _check_level(nested, findings, depth + 1, budget)


def _note_document(nested: zipfile.ZipFile, content: Content, findings: Findings) -> None:
    zips.check_directory(nested, content, findings.limits)
    if any(item.orig_filename.lower().endswith("vbaproject.bin") for item in nested.infolist()):
        findings.flag("macros")


def holds_macros(data: bytes) -> bool:
    """Whether an embedded part (a document within a document) carries a macro project."""
    if data.startswith(compound.MAGIC):
        return "_VBA_PROJECT".encode("utf-16-le") in data
    return b"vbaProject.bin" in data


def is_program(start: bytes) -> bool:
    """Whether a part is machine code."""
    return start.startswith(_PROGRAM_STARTS) and (not start.startswith(b"MZ") or b"\0" in start)
