"""From what a person uploaded to one well-formed ASN.1 value: PEM, Base64, DER or BER, measured before it is
parsed.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

MAX_SIZE = 64 * 1024 * 1024
# Without the document inside a signature is small: certificates, lists, stamps.
MAX_WITHOUT_CONTENT = 5 * 1024 * 1024
_MAX_DEPTH = 60
_MAX_ELEMENTS = 600_000
_BLANKS = b" \t\r\n\x0b\x0c\x00"
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 #]+)-----(.*?)-----END \1-----", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


# What the parsers raise at data that is not what it claims to be: a stranger's file, never our own mistake to
# hide.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


class Malformed(Exception):
    """Not what it should be; the sentence goes into the technical report."""


def decode(data: bytes) -> bytes:
    """The ASN.1 value in the file, exactly as it was encoded; raises Malformed."""
    if len(data) > MAX_SIZE:
        raise Malformed(f"файл больше {MAX_SIZE // 1024 // 1024} МБ")
    text = _without_mark(data).lstrip(_BLANKS)
    if not text:
        raise Malformed("файл пуст")
    if text[:1] == b"\x30":
        return measured(text)
    return measured(_from_text(text))


def _without_mark(data: bytes) -> bytes:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:]
    for mark, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(charset, "replace").encode("ascii", "replace")
    return data


def _from_text(text: bytes) -> bytes:
    found = _PEM.search(text)
    if found is not None:
        text = found[2]
    elif not _BASE64.fullmatch(text.rstrip(_BLANKS)):
        raise Malformed("это не DER, не PEM и не Base64")
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("текст Base64 повреждён") from None


def measured(data: bytes) -> bytes:
    """The first element with everything in it inside its bounds; only blanks may follow.

    Walked without recursion: a file of thirty thousand nested tags costs milliseconds and no stack.
    """
    end = _walk(data)
    if data[end:].strip(_BLANKS):
        raise Malformed("лишние данные после подписи")
    return data[:end]


def _walk(data: bytes) -> int:
    position, elements = 0, 0
    # Of each constructed element we are in: its end (-1: of indefinite length, ended by two zero bytes), and
    # the bound that nothing inside may cross.
    inside: list[tuple[int, int]] = []
    limit = len(data)
    while True:
        while inside and inside[-1][0] == position:
            inside.pop()
        if inside and inside[-1][0] == -1 and data[position : position + 2] == b"\x00\x00":
            inside.pop()
            position += 2
            if inside:
                continue
        if elements and not inside:
            return position
        limit = inside[-1][1] if inside else len(data)
        elements += 1
        if elements > _MAX_ELEMENTS:
            raise Malformed("слишком много элементов")
        is_constructed, position, end = _head(data, position, limit)
        if not is_constructed:
            position = end
            continue
        if len(inside) >= _MAX_DEPTH:
            raise Malformed("слишком глубокая вложенность")
        inside.append((end, limit if end == -1 else end))


def _head(data: bytes, position: int, limit: int) -> tuple[bool, int, int]:
    """Is it constructed, where do its contents begin and end (-1: indefinite)?"""
    try:
        tag = data[position]
        position += 1
        if tag & 0x1F == 0x1F:
            tail = position
            while data[position] & 0x80:
                position += 1
            position += 1
            if position - tail > 4:
                raise Malformed("слишком длинный тег")
        length = data[position]
        position += 1
    except IndexError:
        raise Malformed("данные обрезаны") from None
    is_constructed = bool(tag & 0x20)
    if length == 0x80:
        if not is_constructed:
            raise Malformed("неопределённая длина у простого элемента")
        return True, position, -1
    if length & 0x80:
        count = length & 0x7F
        if count > 6:
            raise Malformed("слишком длинная длина")
        length = int.from_bytes(data[position : position + count], "big")
        position += count
    end = position + length
    if end > limit:
        raise Malformed("данные обрезаны")
    return is_constructed, position, end


def octets(value: Any) -> bytes:
    """The bytes of an OCTET STRING, also of one that came in pieces."""
    return bytes(value)
