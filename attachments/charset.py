"""Encodings of Russian text: UTF-8 and UTF-16 by structure, the one-byte ones by what reads as Russian."""

from __future__ import annotations

import codecs
import re

# Letters per thousand of Russian prose, enough to tell the one-byte encodings apart.
_FREQUENCY = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            110,
            85,
            80,
            74,
            67,
            63,
            55,
            47,
            45,
            44,
            35,
            32,
            30,
            28,
            26,
            20,
            19,
            17,
            17,
            16,
            16,
            14,
            12,
            10,
            9,
            7,
            6,
            5,
            4,
            3,
            3,
            1,
            1,
        ),
        strict=True,
    )
)
_CANDIDATES = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
_FAIR_SIGNS = frozenset("«»—–…№“”„’°§©\u00a0•")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 64 * 1024


def detect(data: bytes) -> str:
    """The encoding of a text."""
    sample = data[:_SAMPLE]
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if wide := _wide(sample):
        return wide
    if _is_utf8(sample):
        return "utf-8"
    return max(_CANDIDATES, key=lambda encoding: _russian(sample.decode(encoding, "replace")))


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of bytes; an encoding that somebody declared is tried first and dropped if it does not fit."""
    if encoding:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            # A wrong declaration is common; what the bytes say decides.
            return data.decode(detect(data), "replace")
    return data.decode(detect(data), "replace")


def is_text(sample: bytes) -> bool:
    """Whether bytes are text in any of the encodings, not data."""
    if any(sample.startswith(bom) for bom, _ in _BOMS):
        return _reads(sample.decode(detect(sample), "replace"))
    if wide := _wide(sample):
        return _reads(sample.decode(wide, "replace"))
    controls = len(_CONTROLS.findall(sample))
    if controls * 200 > len(sample) or b"\0" in sample:
        return False
    if _is_utf8(sample):
        return True
    return _reads(sample.decode(detect(sample), "replace"))


def _reads(text: str) -> bool:
    """Whether decoded text looks like words rather than noise."""
    if not text:
        return True
    strange = sum(1 for c in text[:8192] if c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n\f\x1b"))
    high = [c for c in text[:8192] if ord(c) > 127]
    letters = sum(1 for c in high if "\u0400" <= c <= "\u04ff" or c in _FAIR_SIGNS)
    return strange * 50 <= len(text[:8192]) and (
        len(high) < 8 or letters * 2 >= len(high) or (strange == 0 and len(text) > 0 and _wordy(text))
    )


def _wordy(text: str) -> bool:
    """Other scripts: mostly letters and blanks."""
    part = text[:2048]
    return sum(1 for c in part if c.isalpha() or c.isspace()) * 10 >= len(part) * 8


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is 0 (Latin) or 4 (Cyrillic)."""
    if len(sample) < 8:
        return None
    pairs = len(sample) // 2
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        low = sample[0::2] if encoding == "utf-16-le" else sample[1::2]
        fitting = sum(1 for byte in high if byte in (0, 4))
        if fitting * 10 >= pairs * 9 and low.count(0) * 20 < pairs:
            return encoding
    return None


def _russian(text: str) -> float:
    """How Russian a text looks: common letters count, capitals inside words and strange signs cost."""
    score, previous = 0.0, " "
    for char in text:
        if "\u0400" <= char <= "\u04ff":
            weight = _FREQUENCY.get(char.lower(), -60)
            score += weight if char.islower() else weight / 4
            if char.isupper() and previous.islower():
                score -= 80
        elif ord(char) > 127 and char not in _FAIR_SIGNS:
            score -= 60
        previous = char
    return score


_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)


def declared_in_html(data: bytes) -> str | None:
    """The encoding a page declares, unless its first bytes say otherwise."""
    head = data[:4096]
    if any(head.startswith(bom) for bom, _ in _BOMS) or _wide(head):
        return None
    found = _META.search(head) or _XML_DECLARATION.search(head)
    return found[1].decode("ascii") if found else None
