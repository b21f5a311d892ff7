"""What a file is, by its bytes alone; the name has no say."""

from __future__ import annotations

import re
import zipfile

import puremagic

from attachments import charset, compound, formats, zips
from attachments.content import Content

# Code of any system, and containers that a double click opens and runs.
_PROGRAMS: tuple[bytes, ...] = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\0asm",
    b"L\0\0\0\x01\x14\x02\0",
    b"ITSF",
    b"MSCF",
    b"FWS",
    b"CWS",
    b"ZWS",
    b"ISc(",
    b"!<arch>",
    b"\xed\xab\xee\xdb",
    bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3"),
    b"conectix",
    b"vhdxfile",
    b"KDMV",
    b"!BDN",
    b"\x1bLua",
    b"RIFF....ACON",
)
_SIMPLE: tuple[tuple[bytes, str], ...] = (
    (b"{\\rt", formats.RTF),
    (b"\x89PNG\r\n\x1a\n", formats.PNG),
    (b"\xff\xd8\xff", formats.JPEG),
    (b"GIF87a", formats.GIF),
    (b"GIF89a", formats.GIF),
    (b"II*\0", formats.TIFF),
    (b"MM\0*", formats.TIFF),
    (b"II+\0", formats.TIFF),
    (b"MM\0+", formats.TIFF),
    (b"AT&TFORM", formats.DJVU),
    (b"Rar!\x1a\x07", formats.RAR),
    (b"7z\xbc\xaf\x27\x1c", formats.SEVENZIP),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
)
_MP3_FRAME = re.compile(rb"\xff[\xfb\xf3\xf2]")
_DER_SEQUENCE = re.compile(
    rb"\x30(\x80|\x81.|\x82..|\x83...|\x84....|[\x10-\x7f])[\x02\x06\x30\x31]", re.DOTALL
)
_PEM = re.compile(r"\s*-----BEGIN (?P<what>[A-Z0-9 ]+)-----")
_BASE64 = re.compile(r"\s*MI[A-Za-z0-9+/\s]{40,}=*")
_HTML_TAGS = (
    "!doctype html|html|head|body|script|iframe|frameset|title|style|meta|link|table|div|font|img|form|"
    "object|embed|base|h1|h2|p|br|b|a|center|span"
)
_HTML = re.compile(rf"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:{_HTML_TAGS})[\s>/]", re.IGNORECASE | re.DOTALL)
_XML_START = re.compile(r"\s*<(\?xml|!DOCTYPE|!--|[A-Za-z_][\w.-]*[:\w.-]*[\s>/])")
_SVG = re.compile(r"<(?:[\w.-]+:)?svg[\s>]", re.IGNORECASE)
_XHTML = re.compile(r"<!DOCTYPE\s+html|<html[\s>]", re.IGNORECASE)
_SCRIPT = re.compile(
    r"\s*(#!|<\?php|<\?=|<%@|@echo\s|rem\s|powershell|\[InternetShortcut\]|\[Desktop Entry\]|\[autorun\]|"
    r"Windows Registry Editor|REGEDIT4|ID;P|WEB\r?\n1\r?\n|%!PS)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(From|To|Cc|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Content-Type|Delivered-To|DKIM-Signature|"
    r"X-[\w-]+|Reply-To|Sender|Authentication-Results|ARC-[\w-]+|Content-Transfer-Encoding|Thread-[\w-]+|User-Agent|"
    r"In-Reply-To|References|Importance|Organization|List-[\w-]+|Disposition-Notification-To|Accept-Language):",
    re.IGNORECASE,
)


def sniff(content: Content) -> str:
    """The media type of a file, `formats.UNKNOWN` when its bytes say nothing."""
    if content.size == 0:
        return formats.EMPTY
    head = content.head(4096)
    return _binary(head, content) or _textual(content) or _foreign(head)


def _binary(head: bytes, content: Content) -> str | None:
    if head.startswith(b"MZ") or head.startswith(_PROGRAMS):
        # «MZ» may open a text; a program has zeros in its header.
        return formats.PROGRAM if b"\0" in head[:64] or not head.startswith(b"MZ") else None
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_type(content)
    if head.startswith(compound.MAGIC):
        return _ole_type(content)
    if _pdf_start(head) is not None:
        return formats.PDF
    for magic, media_type in _SIMPLE:
        if head.startswith(magic):
            return media_type
    return _by_structure(head)


def _by_structure(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": formats.WEBP, b"WAVE": "audio/wav", b"ACON": formats.PROGRAM}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if (
        head.startswith(b"BM")
        and len(head) >= 26
        and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)
    ):
        return formats.BMP
    if re.match(rb"AC10\d\d", head):
        return formats.DWG
    if _DER_SEQUENCE.match(head):
        return formats.SIGNATURE
    if _MP3_FRAME.match(head) and b"\0" in head[:512]:
        return "audio/mpeg"
    return None


def _iso_media(head: bytes) -> str:
    brand = head[8:12]
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc", b"avif"):
        return formats.HEIC
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") else "video/mp4"


def _pdf_start(head: bytes) -> int | None:
    """Where «%PDF-» stands when only blanks precede it."""
    at = head[:1024].find(b"%PDF-")
    return at if at >= 0 and not head[:at].strip(b"\xef\xbb\xbf \t\r\n\0") else None


def _zip_type(content: Content) -> str:
    """A zip is what its parts make it: Word, OpenDocument, a Java program, or just an archive."""
    try:
        parts = zips.directory(content)
    except zips.BrokenZip:
        return formats.ZIP
    names = {info.orig_filename for info in parts.infolist()}
    if "[Content_Types].xml" in names:
        return _ooxml_type(parts)
    if "mimetype" in names:
        declared = (
            zips.start_of(parts, "mimetype", 200).decode("ascii", "replace").strip().replace("-template", "")
        )
        return declared if declared in formats.BY_TYPE else formats.UNKNOWN
    if "AndroidManifest.xml" in names or (
        "META-INF/MANIFEST.MF" in names and any(n.endswith(".class") for n in names)
    ):
        return formats.PROGRAM
    return formats.ZIP


def _ooxml_type(parts: zipfile.ZipFile) -> str:
    listing = zips.start_of(parts, "[Content_Types].xml", 1024 * 1024)
    if listing.startswith((b"\xff\xfe", b"\xfe\xff")):
        listing = listing.decode("utf-16", "replace").encode()
    for marks, media_type in (
        ((b"wordprocessingml", b"ms-word."), formats.DOCX),
        ((b"spreadsheetml", b"ms-excel."), formats.XLSX),
        ((b"presentationml", b"ms-powerpoint."), formats.PPTX),
    ):
        if any(re.search(mark + rb"[\w.-]*main\+xml", listing, re.IGNORECASE) for mark in marks):
            return media_type
    folders = {info.orig_filename.split("/")[0] for info in parts.infolist()}
    for folder, media_type in (("word", formats.DOCX), ("xl", formats.XLSX), ("ppt", formats.PPTX)):
        if folder in folders:
            return media_type
    return formats.ZIP


_INSTALLER_CLSID = bytes.fromhex("84100c0000000000c000000000000046")
_OLE_MARKS: tuple[tuple[str, str], ...] = (
    ("encryptedpackage", formats.ENCRYPTED_OFFICE),
    ("worddocument", formats.DOC),
    ("workbook", formats.XLS),
    ("book", formats.XLS),
    ("powerpoint document", formats.PPT),
    ("__properties_version1.0", formats.MSG),
    ("visiodocument", formats.VSD),
)


def _ole_type(content: Content) -> str:
    try:
        container = compound.Compound(content)
    except compound.BrokenCompound:
        return formats.OLE
    if container.entries[0].clsid == _INSTALLER_CLSID:
        return formats.PROGRAM
    names = container.names()
    return next((media_type for mark, media_type in _OLE_MARKS if mark in names), formats.OLE)


def _textual(content: Content) -> str | None:
    """Text of some kind, or None for bytes that are no text."""
    sample = content.head(64 * 1024)
    if not charset.is_text(sample):
        return None
    start = charset.decode(sample).lstrip("\ufeff")
    if pem := _PEM.match(start):
        return formats.SIGNATURE if "PKCS7" in pem["what"] or "CMS" in pem["what"] else formats.PEM
    if _SCRIPT.match(start):
        return formats.SCRIPT
    if _HTML.match(start):
        return formats.HTML
    if _XML_START.match(start):
        return _markup(start)
    return _plain(start)


def _markup(start: str) -> str:
    if _XHTML.search(start[:4096]):
        return formats.HTML
    if _SVG.search(start):
        return formats.SVG
    return (
        formats.XML if start.lstrip().startswith("<?xml") or "</" in start or "/>" in start else formats.TEXT
    )


def _plain(start: str) -> str:
    lines = start.lstrip().splitlines()[:3]
    if (
        lines
        and _HEADER.match(lines[0])
        and (len(lines) < 2 or re.match(r"[\w-]+:|[ \t]", lines[1]) or not lines[1])
    ):
        return formats.EML
    if lines and lines[0].startswith("BEGIN:VCALENDAR"):
        return formats.ICS
    if _BASE64.fullmatch(start):
        return formats.SIGNATURE
    return formats.TEXT


def _foreign(head: bytes) -> str:
    """A name for what we do not take, so that the refusal can say what it is."""
    try:
        return puremagic.from_string(head, mime=True) or formats.UNKNOWN
    except (puremagic.PureError, ValueError):
        return formats.UNKNOWN
