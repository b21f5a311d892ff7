"""Pictures: their size by the header, before anything is unpacked, and what hides behind the last pixel."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from attachments import formats
from attachments.content import Content
from attachments.findings import Findings, Refusal

_MAX_FRAMES = 20_000
_HIDDEN = re.compile(rb"<script|<\?php|<html|<svg|javascript:", re.IGNORECASE)
_TAIL_MAGIC = (
    b"PK\x03\x04",
    b"%PDF-",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x7fELF",
    bytes.fromhex("d0cf11e0a1b11ae1"),
)
_STANDALONE = frozenset([0x01, *range(0xD0, 0xD8)])
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_image(content: Content, findings: Findings, media_type: str) -> None:
    """A raster picture."""
    try:
        end = _READERS[media_type](content, findings)
    except (struct.error, IndexError) as error:
        raise Refusal("corrupt") from error
    _check_tail(content, end, findings)
    if content.contains(_HIDDEN):
        findings.flag("polyglot")


def _check_tail(content: Content, end: int, findings: Findings) -> None:
    """Phones append data of their own; only a second file is worth a warning."""
    tail = content.at(end, 1024 * 1024)
    is_archive = content.rfind(b"PK\x05\x06", max(0, content.size - 66_000)) >= 0
    if is_archive or tail.startswith(b"MZ") or any(magic in tail for magic in _TAIL_MAGIC):
        findings.flag("polyglot")


def _check_pixels(width: int, height: int, findings: Findings) -> None:
    if width <= 0 or height <= 0:
        raise Refusal("corrupt")
    if width * height > findings.limits.max_pixels:
        raise Refusal("too_many_pixels")


def _png(content: Content, findings: Findings) -> int:
    (length, kind, width, height) = struct.unpack(">I4sII", content.at(8, 16))
    if kind != b"IHDR" or length != 13:
        raise Refusal("corrupt")
    _check_pixels(width, height, findings)
    at: int = 8
    data_seen = False
    while at + 12 <= content.size:
        (length, kind) = struct.unpack(">I4s", content.at(at, 8))
        data_seen = data_seen or kind == b"IDAT"
        at += 12 + length
        if kind == b"IEND":
            break
    else:
        raise Refusal("corrupt")
    if at > content.size or not data_seen:
        raise Refusal("corrupt")
    return at


def _jpeg(content: Content, findings: Findings) -> int:
    at, sized = 2, False
    while True:
        while content.at(at, 2) == b"\xff\xff":
            at += 1
        (mark, code) = struct.unpack(">BB", content.at(at, 2))
        if mark != 0xFF:
            raise Refusal("corrupt")
        if code == 0xD9:
            break
        if code in _STANDALONE:
            at += 2
            continue
        (length,) = struct.unpack(">H", content.at(at + 2, 2))
        if code in _JPEG_SIZES:
            (height, width) = struct.unpack(">HH", content.at(at + 5, 4))
            # Height 0 is given later by a marker nobody writes.
            _check_pixels(width, height or 1, findings)
            sized = True
        at += 2 + length
        if code == 0xDA:
            break
    if not sized:
        raise Refusal("corrupt")
    end = content.find(b"\xff\xd9", at)
    if end < 0:
        findings.flag("corrupt")
        return content.size
    return (
        content.rfind(b"\xff\xd9", at) + 2
        if content.size - end > 2 and not _second_file(content, end + 2)
        else end + 2
    )


def _second_file(content: Content, end: int) -> bool:
    return content.at(end, 16).lstrip(b"\0\r\n").startswith((*_TAIL_MAGIC, b"MZ"))


def _gif(content: Content, findings: Findings) -> int:
    (width, height, packed) = struct.unpack("<HHB", content.at(6, 5))
    _check_pixels(width, height, findings)
    at = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    frames = 0
    while at < content.size:
        block = content.at(at, 1)
        if block == b"\x3b":
            if not frames:
                raise Refusal("corrupt")
            return at + 1
        if block == b"\x21":
            at = _gif_blocks(content, at + 2)
        elif block == b"\x2c":
            at = _gif_frame(content, at, findings)
            frames += 1
        else:
            raise Refusal("corrupt")
        if frames > _MAX_FRAMES:
            raise Refusal("too_many_pages")
    if not frames:
        raise Refusal("corrupt")
    findings.flag("corrupt")
    return content.size


def _gif_frame(content: Content, at: int, findings: Findings) -> int:
    (width, height, packed) = struct.unpack("<4xHHB", content.at(at + 1, 9))
    _check_pixels(width, height, findings)
    at += 10 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    return _gif_blocks(content, at + 1)


def _gif_blocks(content: Content, at: int) -> int:
    while length := content.at(at, 1)[0]:
        at += 1 + length
    return at + 1


def _bmp(content: Content, findings: Findings) -> int:
    (size, header) = (struct.unpack("<I", content.at(2, 4))[0], struct.unpack("<I", content.at(14, 4))[0])
    width, height = (
        struct.unpack("<HH", content.at(18, 4)) if header == 12 else struct.unpack("<ii", content.at(18, 8))
    )
    _check_pixels(abs(width), abs(height), findings)
    return size if 26 <= size <= content.size else content.size


def _webp(content: Content, findings: Findings) -> int:
    size, kind = int.from_bytes(content.at(4, 4), "little"), content.at(12, 4)
    if kind == b"VP8X":
        raw = content.at(24, 6)
        width, height = int.from_bytes(raw[:3], "little") + 1, int.from_bytes(raw[3:], "little") + 1
    elif kind == b"VP8L":
        bits = struct.unpack("<I", content.at(21, 4))[0]
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        raw_width, raw_height = struct.unpack("<HH", content.at(26, 4))
        width, height = raw_width & 0x3FFF, raw_height & 0x3FFF
    else:
        raise Refusal("corrupt")
    _check_pixels(width, height, findings)
    if size + 8 > content.size:
        raise Refusal("corrupt")
    return size + 8


def _heic(content: Content, findings: Findings) -> int:
    """Sizes stand in «ispe» boxes near the start; a picture of tiles has many."""
    head = content.head(1024 * 1024)
    for found in re.finditer(rb"ispe\0\0\0\0(.{8})", head, re.DOTALL):
        width, height = struct.unpack(">II", found[1])
        _check_pixels(width, height, findings)
    return content.size


def _tiff(content: Content, findings: Findings) -> int:
    """Every page of a TIFF: directories form a list that may be made to run in a circle."""
    order = "<" if content.head(2) == b"II" else ">"
    (version,) = struct.unpack(order + "H", content.at(2, 2))
    big = version == 43
    (at,) = struct.unpack(order + ("Q" if big else "I"), content.at(8 if big else 4, 8 if big else 4))
    seen: set[int] = set()
    while at:
        if at in seen or at >= content.size:
            raise Refusal("corrupt")
        seen.add(at)
        if len(seen) > findings.limits.max_pages:
            raise Refusal("too_many_pages")
        at = _tiff_page(content, at, order, big, findings)
    if not seen:
        raise Refusal("corrupt")
    return content.size


def _tiff_page(content: Content, at: int, order: str, big: bool, findings: Findings) -> int:
    count_form, entry_size, next_form = ("Q", 20, "Q") if big else ("H", 12, "I")
    head = struct.calcsize(order + count_form)
    (count,) = struct.unpack(order + count_form, content.at(at, head))
    if count > 4096:
        raise Refusal("corrupt")
    sizes: dict[int, int] = {}
    for n in range(count):
        raw = content.at(at + head + n * entry_size, entry_size)
        (tag, kind) = struct.unpack(order + "HH", raw[:4])
        if tag in (256, 257):
            value = raw[12:] if big else raw[8:]
            sizes[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), value)[0]
    if len(sizes) < 2:
        raise Refusal("corrupt")
    _check_pixels(sizes[256], sizes[257], findings)
    following = at + head + count * entry_size
    return int(struct.unpack(order + next_form, content.at(following, struct.calcsize(order + next_form)))[0])


_READERS: dict[str, Callable[[Content, Findings], int]] = {
    formats.PNG: _png,
    formats.JPEG: _jpeg,
    formats.GIF: _gif,
    formats.BMP: _bmp,
    formats.WEBP: _webp,
    formats.HEIC: _heic,
    formats.TIFF: _tiff,
}
