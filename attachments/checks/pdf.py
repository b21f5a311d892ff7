"""PDF: scripts, programs, attachments, circles of pages, bombs; read as text, without a PDF library.

Names may be written with #-escapes and objects may hide in packed object streams; both are undone here.
Only warnings come from names, so a word inside a picture can at worst warn in vain.
"""

from __future__ import annotations

import re
import zlib

from attachments.content import Content
from attachments.findings import Findings, Refusal

_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|SubmitForm|ImportData|RichMedia|GoToE|XFA|Rendition|Movie|Sound)(?=[\s/<>\[\](){}%])"
)
_SCRIPT = re.compile(rb"/JS\s*(?=[(<]|\d+\s+\d+\s+R)")
_EMBEDDED = re.compile(rb"/(EmbeddedFiles?|FileAttachment|Collection)(?=[\s/<>\[\](){}%])")
_FAR_FILE = re.compile(rb"/(GoToR)(?=[\s/<>\[\](){}%])")
_ENCRYPT = re.compile(rb"/Encrypt\s*(?=\d+\s+\d+\s+R|<<)")
_ESCAPED = re.compile(rb"/[A-Za-z#0-9]{0,40}#[0-9A-Fa-f]{2}[A-Za-z#0-9]{0,40}")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm")
_STREAM = re.compile(rb"stream\r?\n")
_KIDS = re.compile(rb"/Kids\s*\[")
_OBJECT = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+obj\b")
_REFERENCE = re.compile(rb"(\d{1,9})\s+\d{1,5}\s+R")
_FLATE = re.compile(rb"/FlateDecode")
_HTML = re.compile(rb"<(script|html|svg|iframe|\?php)", re.IGNORECASE)

_UNPACKED_TOTAL = 64 * 1024 * 1024
_UNPACKED_EACH = 16 * 1024 * 1024
_SUSPECT = 50_000
_KIDS_READ = 64 * 1024 * 1024
_MAX_NODES = 100_000


def check_pdf(content: Content, findings: Findings) -> None:
    """A PDF document."""
    _check_whole(content)
    _note_names(bytes_of_names(content), findings)
    for marks, flag in (
        (_ACTIVE, "active_content"),
        (_SCRIPT, "active_content"),
        (_EMBEDDED, "embedded_files"),
    ):
        if content.contains(marks):
            findings.flag(flag)
    if content.contains(_FAR_FILE):
        findings.flag("external_links")
    if content.contains(_ENCRYPT):
        findings.flag("encrypted")
    _check_packed(content, findings)
    _check_page_tree(content, findings)
    _check_polyglot(content, findings)


def _check_whole(content: Content) -> None:
    """The end must be there: a cut document may lack its last pages, and nobody would notice."""
    end = content.rfind(b"%%EOF", max(0, content.size - 256 * 1024))
    if end < 0 or content.find(b"startxref") < 0 or not content.contains(_OBJECT):
        raise Refusal("corrupt")


def bytes_of_names(content: Content) -> bytes:
    """Names written with escapes, plainly."""
    out = []
    for found in content.matches(_ESCAPED):
        out.append(re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), found[0]) + b" ")
        if len(out) > 20_000:
            break
    return b"".join(out)


def _note_names(names: bytes, findings: Findings) -> None:
    if _ACTIVE.search(names) or re.search(rb"/JS\b", names):
        findings.flag("active_content")
    if _EMBEDDED.search(names):
        findings.flag("embedded_files")
    if _FAR_FILE.search(names):
        findings.flag("external_links")
    if re.search(rb"/Encrypt\b", names):
        findings.flag("encrypted")


def _check_packed(content: Content, findings: Findings) -> None:
    """Object streams are unpacked within bounds; a page stream is only tried for being a bomb."""
    budget = _UNPACKED_TOTAL
    for number, found in enumerate(content.matches(_STREAM)):
        if number > _MAX_NODES:
            return
        if content.at(found.start() - 3, 3) == b"end":
            continue
        before = content.at(max(0, found.start() - 600), min(600, found.start()))
        declared = before[before.rfind(b" obj") :] if b" obj" in before else before
        if _OBJECT_STREAM.search(declared) and budget > 0:
            unpacked = _unpack(content, found.end(), min(_UNPACKED_EACH, budget))
            budget -= len(unpacked)
            _note_objects(unpacked, findings)
        elif "expands_too_much" in findings.flags:
            continue
        elif len(_FLATE.findall(declared)) > 1 or (
            _FLATE.search(declared) and _is_bomb(content, found.end())
        ):
            findings.flag("expands_too_much")


def _note_objects(unpacked: bytes, findings: Findings) -> None:
    _note_names(unpacked + b" ", findings)
    escaped = b"".join(
        re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), name) + b" "
        for name in _ESCAPED.findall(unpacked)
    )
    _note_names(escaped, findings)
    if len(re.findall(rb"/Type\s*/Page\b", unpacked)) > findings.limits.max_pages:
        findings.flag("too_many_pages")


def _unpack(content: Content, start: int, limit: int) -> bytes:
    out = []
    got = 0
    unpacker = zlib.decompressobj()
    at = start
    try:
        while got < limit and not unpacker.eof and at < content.size:
            piece = unpacker.decompress(content.at(at, 65536), limit - got)
            at += 65536
            out.append(piece)
            got += len(piece)
    except zlib.error:
        # Not Flate, or under a password: nothing to read here.
        return b"".join(out)
    return b"".join(out)


def _is_bomb(content: Content, start: int) -> bool:
    """Whether the first kilobytes unpack four hundredfold while much more follows."""
    if content.find(b"endstream", start, min(content.size, start + _SUSPECT)) >= 0:
        return False
    try:
        piece = zlib.decompressobj().decompress(content.at(start, 8192), 8 * 1024 * 1024)
    except zlib.error:
        return False
    if len(piece) < 400 * 8192:
        return False
    end = content.find(b"endstream", start)
    length = (end if end >= 0 else content.size) - start
    return len(piece) / 8192 * length > 64 * 1024 * 1024


def _check_page_tree(content: Content, findings: Findings) -> None:
    """A circle among the pages cannot be read by honest programs."""
    kids: dict[int, list[int]] = {}
    budget = _KIDS_READ
    for found in content.matches(_KIDS):
        owners = _OBJECT.findall(content.at(max(0, found.start() - 600), min(600, found.start())))
        end = content.find(b"]", found.end(), min(content.size, found.end() + 400_000))
        if owners and end > 0:
            listed = _REFERENCE.findall(content.at(found.end(), end - found.end()))
            kids[int(owners[-1])] = [int(number) for number in listed]
        budget -= 1000 + (end - found.end() if end > 0 else 400_000)
        if budget < 0:
            break
    if _has_circle(kids):
        raise Refusal("corrupt")
    if sum(len(children) for children in kids.values()) > findings.limits.max_pages:
        findings.flag("too_many_pages")
    declared = [int(count) for count in re.findall(rb"/Count\s+(\d{1,10})", content.head(2_000_000))]
    if declared and max(declared) > findings.limits.max_pages:
        findings.flag("too_many_pages")


def _has_circle(kids: dict[int, list[int]]) -> bool:
    """Depth-first, without recursion: a node met again on its own path."""
    done: set[int] = set()
    for root in kids:
        path: set[int] = set()
        todo: list[tuple[int, bool]] = [(root, False)]
        while todo:
            node, leaving = todo.pop()
            if leaving:
                path.discard(node)
                done.add(node)
                continue
            if node in path:
                return True
            if node in done or node not in kids:
                continue
            path.add(node)
            todo.append((node, True))
            todo += [(child, False) for child in kids[node]]
    return False


def _check_polyglot(content: Content, findings: Findings) -> None:
    """A second nature: a page before the document or an archive behind it."""
    if _HTML.search(content.head(1024)):
        findings.flag("polyglot")
    end = content.rfind(b"%%EOF")
    tail = content.at(end, min(content.size - end, 1024 * 1024))
    if b"PK\x05\x06" in tail or b"PK\x03\x04" in tail or _HTML.search(tail):
        findings.flag("polyglot")
