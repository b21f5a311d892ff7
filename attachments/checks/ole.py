"""Word, Excel, PowerPoint 97–2003 and Outlook messages: what their containers hold."""

from __future__ import annotations

import re
import struct

from attachments import compound, formats, names
from attachments.content import Content
from attachments.findings import Findings, Refusal

_MACRO_STORAGES = ("_vba_project", "_vba_project_cur", "macros")
_DDE = re.compile(rb"\x13\s*(?:D\0D\0E\0|DDE)", re.IGNORECASE)
_FAR_TEMPLATE = re.compile(
    rb"(?:h\0t\0t\0p\0s?\0?:\0/\0/\0|\\\0\\\0)(?:[^\0]\0){1,300}?\.\0d\0o\0t\0", re.IGNORECASE
)
_TABLE_READ = 1024 * 1024
_PROGRAM_INSIDE = re.compile(rb"\.(exe|scr|bat|cmd|vbs|js|ps1|hta|lnk)\0", re.IGNORECASE)


def check_ole(content: Content, findings: Findings, media_type: str) -> None:
    """An OLE container of a known kind."""
    try:
        container = compound.Compound(content)
    except compound.BrokenCompound as error:
        raise Refusal("corrupt") from error
    paths = container.names()
    if media_type == formats.ENCRYPTED_OFFICE:
        findings.flag("encrypted")
        return
    leaves = {path.rpartition("/")[2] for path in paths}
    if leaves & set(_MACRO_STORAGES) or any(path.endswith("vba/dir") for path in paths):
        raise Refusal("macros")
    if "objectpool" in leaves or any(leaf.endswith("ole10native") for leaf in leaves):
        findings.flag("embedded_files")
        _check_packages(container, findings)
    check = _CHECKS.get(media_type)
    if check is not None:
        check(container, findings)


def _check_packages(container: compound.Compound, findings: Findings) -> None:
    for path in container.names():
        if path.endswith("ole10native") and _PROGRAM_INSIDE.search(container.stream(path, 4096)):
            findings.flag("active_content")


def _check_word(container: compound.Compound, findings: Findings) -> None:
    text = container.stream("WordDocument")
    if len(text) < 64 or text[:2] not in (b"\xec\xa5", b"\xdc\xa5", b"\xdb\xa5"):
        raise Refusal("corrupt")
    (flags,) = struct.unpack_from("<H", text, 10)
    if flags & 0x0100:
        findings.flag("encrypted")
        return
    if _DDE.search(text):
        findings.flag("active_content")
    table = container.stream("1Table" if flags & 0x0200 else "0Table", _TABLE_READ)
    if _FAR_TEMPLATE.search(table):
        findings.flag("external_links")


def _check_excel(container: compound.Compound, findings: Findings) -> None:
    """Records of the workbook: passwords, Excel 4 macro sheets, DDE and other books."""
    book = container.stream("Workbook") or container.stream("Book")
    at = 0
    while at + 4 <= len(book):
        (kind, length) = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + length]
        if kind == 0x2F:
            findings.flag("encrypted")
            return
        if kind == 0x85 and len(body) >= 6 and body[5] in (1, 6):
            raise Refusal("macros")
        if kind == 0x1AE and len(body) >= 4 and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            # A book outside, or a DDE server: both wait for «Обновить связи».
            findings.flag("external_links")
        at += 4 + length


def _check_message(container: compound.Compound, findings: Findings) -> None:
    for path in sorted(container.names()):
        if path.endswith("__substg1.0_3707001f"):
            name = container.stream(path, 2048).decode("utf-16-le", "replace").rstrip("\0")
            note_attachment(name, findings)


def note_attachment(name: str, findings: Findings) -> None:
    """Remember the name of an attached file as it would be stored."""
    safe = names.safe_name(name)
    findings.flag("embedded_files")
    findings.inner_names.append(safe.name or names.UNNAMED)
    findings.inner_renamed = findings.inner_renamed or safe.changed
    if formats.extension(safe.name) in formats.DANGEROUS_EXTENSIONS:
        findings.flag("active_content")


_CHECKS = {formats.DOC: _check_word, formats.XLS: _check_excel, formats.MSG: _check_message}
