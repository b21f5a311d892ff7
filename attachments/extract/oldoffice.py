"""Text of Word and PowerPoint 97–2003 and of Outlook messages, straight from their streams."""

from __future__ import annotations

import bisect
import re
import shutil
import struct
import subprocess

from attachments import compound
from attachments.content import Content
from attachments.extract import inner
from attachments.extract.model import Job, Unreadable

_FIELD_CODES = re.compile(r"\x13[^\x13\x14\x15]*\x14|\x13[^\x13\x14\x15]*(?=\x15)")
_WORD_SIGNS = str.maketrans(
    {"\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\r": "\n", "\x1e": "-", "\x1f": "\u00ad"}
    | dict.fromkeys("\x01\x02\x05\x08\x13\x14\x15", "")
)
_WORD_97 = 0xC1
_MAX_PIECES = 200_000


def read_word(content: Content, job: Job) -> None:
    """A doc: the piece table of [MS-DOC] says where the characters are."""
    container = _container(content)
    main = container.stream("WordDocument")
    if len(main) < 512:
        raise Unreadable
    (version,) = struct.unpack_from("<H", main, 2)
    (flags,) = struct.unpack_from("<H", main, 10)
    if flags & 0x0100:
        raise Unreadable("encrypted")
    if version < _WORD_97:
        _read_by_catdoc(content, job)
        return
    job.tool = "doc"
    table = container.stream("1Table" if flags & 0x0200 else "0Table")
    try:
        deleted = _deleted_runs(main, table)
        text = "".join(_pieces(main, table, deleted))
    except (struct.error, IndexError) as error:
        raise Unreadable from error
    for _ in range(8):  # fields nest
        text, count = _FIELD_CODES.subn("", text)
        if not count:
            break
    job.add(text.translate(_WORD_SIGNS))


def _container(content: Content) -> compound.Compound:
    try:
        return compound.Compound(content)
    except compound.BrokenCompound as error:
        raise Unreadable from error


def _location(main: bytes, index: int) -> tuple[int, int]:
    """The pair (offset, length) of FibRgFcLcb97 by its index."""
    offset, length = struct.unpack_from("<II", main, 154 + index * 8)
    return offset, length


def _pieces(main: bytes, table: bytes, deleted: list[tuple[int, int]]) -> list[str]:
    offset, length = _location(main, 33)  # fcClx
    clx = table[offset : offset + length]
    at = 0
    while at < len(clx) and clx[at] == 1:  # formatting of pieces, of no interest
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise Unreadable
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    if count > _MAX_PIECES:
        raise Unreadable
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    out: list[str] = []
    for n in range(count):
        (where,) = struct.unpack_from("<I", plc, (count + 1) * 4 + n * 8 + 2)
        out += _characters(main, where, ends[n + 1] - ends[n], deleted)
    return out


def _characters(main: bytes, where: int, count: int, deleted: list[tuple[int, int]]) -> list[str]:
    """The text of one piece, without the runs that tracked changes deleted."""
    is_narrow = bool(where & 0x40000000)
    start = (where & 0x3FFFFFFF) // 2 if is_narrow else where & 0x3FFFFFFF
    end = min(start + count * (1 if is_narrow else 2), len(main))
    out: list[str] = []
    at = start
    first = bisect.bisect_left(deleted, (start, 0))
    for run_start, run_end in deleted[max(0, first - 1) :]:
        if run_start >= end:
            break
        if run_end > at:
            out.append(_decoded(main[at : max(at, run_start)], is_narrow))
            at = max(at, run_end)
    out.append(_decoded(main[at:end], is_narrow))
    return out


def _decoded(raw: bytes, is_narrow: bool) -> str:
    return raw.decode("cp1252" if is_narrow else "utf-16-le", "replace")


def _deleted_runs(main: bytes, table: bytes) -> list[tuple[int, int]]:
    """Byte ranges whose character properties carry the mark of deletion (sprmCFRMarkDel)."""
    offset, length = _location(main, 12)  # fcPlcfBteChpx
    plc = table[offset : offset + length]
    count = max(0, (len(plc) - 4) // 8)
    runs: list[tuple[int, int]] = []
    for (page,) in struct.iter_unpack("<I", plc[(count + 1) * 4 : (count + 1) * 4 + count * 4]):
        at = (page & 0x3FFFFF) * 512
        sheet = main[at : at + 512]
        if len(sheet) == 512:
            runs += _deleted_on_page(sheet)
    return sorted(runs)


def _deleted_on_page(sheet: bytes) -> list[tuple[int, int]]:
    count = min(sheet[511], 101)
    bounds = struct.unpack_from(f"<{count + 1}I", sheet)
    runs = []
    for n in range(count):
        at = sheet[(count + 1) * 4 + n] * 2
        if at and _is_deleted(sheet[at + 1 : at + 1 + sheet[at]]):
            runs.append((bounds[n], bounds[n + 1]))
    return runs


_OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


def _is_deleted(properties: bytes) -> bool:
    at = 0
    while at + 2 < len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        if code == 0x0800:
            return properties[at + 2] == 1
        kind = code >> 13
        at += 2 + (_OPERAND_SIZES[kind] if kind != 6 else 1 + properties[at + 2])
    return False


def _read_by_catdoc(content: Content, job: Job) -> None:
    """Word 6 and 95 have another layout; catdoc knows it, when installed."""
    program = shutil.which("catdoc")
    if program is None:
        raise Unreadable("no_program")
    job.tool = "catdoc"
    done = subprocess.run(
        [program, "-w", "-d", "utf-8", "-"],
        input=bytes(content.data),
        capture_output=True,
        timeout=30,
        check=False,
    )
    if done.returncode:
        raise Unreadable
    job.add(done.stdout.decode("utf-8", "replace"))


_CHARACTERS, _BYTES, _CONTAINER = 0x0FA0, 0x0FA8, 0xF


def read_slides(content: Content, job: Job) -> None:
    """A ppt: text atoms of [MS-PPT], in the order they stand."""
    job.tool = "ppt"
    data = _container(content).stream("PowerPoint Document")
    at = 0
    while at + 8 <= len(data) and not job.is_full:
        (version, kind, size) = struct.unpack_from("<HHI", data, at)
        at += 8
        if version & 0xF == _CONTAINER:
            continue  # go inside
        if kind in (_CHARACTERS, _BYTES):
            job.line(_decoded(data[at : at + size], kind == _BYTES).replace("\r", "\n").replace("\x0b", "\n"))
        at += size


# Subject, sender, recipients, body.
_PROPERTIES = ("0037", "0c1a", "0e04", "1000")


def read_message(content: Content, job: Job) -> None:
    """An Outlook letter: subject, people, body; attached files by name."""
    job.tool = "msg"
    container = _container(content)
    for code in _PROPERTIES:
        if text := _property(container, f"__substg1.0_{code}"):
            job.line(text)
    for path in sorted(container.names()):
        folder, _, leaf = path.rpartition("/")
        if leaf.startswith("__substg1.0_3707") and folder.startswith("__attach"):
            name = _property(container, f"{folder}/__substg1.0_3707")
            job.line(name)
            inner.read_inner(container.stream(f"{folder}/__substg1.0_37010102"), name, job)


def _property(container: compound.Compound, stem: str) -> str:
    wide = container.stream(stem + "001f", 4 * 1024 * 1024)
    if wide:
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    return container.stream(stem + "001e", 4 * 1024 * 1024).decode("cp1251", "replace").rstrip("\0")
