"""Builders of files that must not hurt: every payload is inert, every address ends in .invalid."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

WORDS = "Обычный текст договора № 77-26"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "application/vnd.openxmlformats-package"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def zipped(parts, *, level=zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of {name: bytes} or of (name, bytes) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, data)
    return out.getvalue()


def docx_parts(body: str = "", main: str = MAIN) -> dict[str, bytes]:
    """The least of a Word package."""
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{PACKAGE}.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ).encode(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": document(body),
    }


def document(body: str = "") -> bytes:
    """A body with our words and whatever else."""
    words = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    return f"<w:document {W} {R}><w:body>{words}{body}</w:body></w:document>".encode()


def relations(*items: tuple[str, str, bool]) -> bytes:
    """A part of relationships: (kind, target, external)."""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if external else "/>")
        for n, (kind, target, external) in enumerate(items)
    )
    return f'<Relationships xmlns="{RELATIONS}">{rows}</Relationships>'.encode()


def docx(body: str = "", more: dict[str, bytes] | None = None, main: str = MAIN) -> bytes:
    """A Word document with changes."""
    return zipped(docx_parts(body, main) | (more or {}))


def xlsx_parts() -> dict[str, bytes]:
    """The least of a workbook."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{PACKAGE}.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
        ).encode(),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml", False), ("sharedStrings", "sharedStrings.xml", False)
        ),
        "xl/workbook.xml": (
            f'<workbook {space} {R}><sheets><sheet name="Лист" sheetId="1" r:id="r0"/></sheets></workbook>'
        ).encode(),
        "xl/sharedStrings.xml": f"<sst {space}><si><t>{WORDS}</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
    }


def sheet(rows: str) -> bytes:
    """A worksheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def odt(content: str = "", more: dict[str, bytes] | None = None, manifest: str = "") -> bytes:
    """An OpenDocument text."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for short, full in (("office", "office"), ("text", "text"), ("script", "script"), ("draw", "drawing"))
    )
    body = (
        f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:text><text:p>{WORDS}</text:p>{content}</office:text></office:body>"
        "</office:document-content>"
    )
    listing = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml">{manifest}</manifest:file-entry>'
        "</manifest:manifest>"
    )
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": body.encode()}
    return zipped(parts | {"META-INF/manifest.xml": listing.encode()} | (more or {}))


def pdf(
    catalog: str = "", more: dict[int, bytes] | None = None, head: bytes = b"%PDF-1.7\n", trailer: str = ""
) -> bytes:
    """A one-page PDF with a line of Latin text."""
    line = b"BT /F1 14 Tf 72 760 Td (Contract No 77-26) Tj ET"
    objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream(line),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    } | (more or {})
    out, places = bytearray(head), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer.encode(),
        start,
    )
    return bytes(out)


def stream(body: bytes, extra: str = "") -> bytes:
    """A stream object."""
    return f"<< /Length {len(body)} {extra} >>\nstream\n".encode() + body + b"\nendstream"


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large; its data are a few zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((width + 7) // 8) for _ in range(min(height, 64)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int, height: int, comment: bytes = b"") -> bytes:
    """The markers of a JPEG; nobody decodes it here."""
    note = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    size = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x55" * 20
    return b"\xff\xd8" + note + size + scan + b"\xff\xd9"


def tiff(width: int, height: int, following: int = 0) -> bytes:
    """One page of a TIFF; `following` is where it says the next one stands."""
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8)]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return (
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + rows + struct.pack("<I", following)
    )


END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(streams: dict[str, bytes], clsid: bytes = bytes(16)) -> bytes:
    """A compound file of streams at the root; each is padded to 4096 bytes, so that none is small."""
    sectors: list[bytes] = []
    table: list[int] = []

    def keep(data: bytes) -> int:
        first, count = len(table), -(-len(data) // 512)
        for n in range(count):
            sectors.append(data[n * 512 : n * 512 + 512].ljust(512, b"\0"))
            table.append(first + n + 1 if n + 1 < count else END)
        return first

    rows = [_ole_entry("Root Entry", 5, FREE, 1 if streams else FREE, END, 0, clsid)]
    for n, (name, data) in enumerate(streams.items(), 1):
        padded = data.ljust(4096, b"\0")
        rows.append(_ole_entry(name, 2, n + 1 if n < len(streams) else FREE, FREE, keep(padded), len(padded)))
    listing = keep(b"".join(rows).ljust(-(-len(rows) // 4) * 512, b"\0"))
    place = len(table)
    table.append(TABLE)
    sectors.append(struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff"))
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<9I", 0, 1, listing, 0, 4096, END, 0, END, 0) + struct.pack("<I", place)
    return head.ljust(512, b"\xff") + b"".join(sectors)


def _ole_entry(
    name: str, kind: int, right: int, child: int, start: int, size: int, clsid: bytes = bytes(16)
) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", FREE, right, child)
    return (
        wide.ljust(64, b"\0")
        + struct.pack("<HBB", len(wide), kind, 1)
        + links
        + clsid
        + bytes(20)
        + struct.pack("<IQ", start, size)
    )


def word_stream(flags: int = 0, tail: bytes = b"") -> bytes:
    """The beginning of a WordDocument stream."""
    return (struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags) + bytes(500) + tail).ljust(4096, b"\0")


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of an Excel 97 workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def signature(
    *, reference: str = "", transform: str = "", references: int = 1, inner: str = "", head: str = ""
) -> str:
    """An XML signature that nobody will verify."""
    algorithm = f'<ds:Transforms><ds:Transform Algorithm="{transform}"/></ds:Transforms>' if transform else ""
    row = f'<ds:Reference URI="{reference}">{algorithm}<ds:DigestValue>AA==</ds:DigestValue></ds:Reference>'
    return (
        f'{head}<document><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f"<ds:SignedInfo>{row * references}"
        f"</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue>{inner}</ds:Signature></document>"
    )


def letter(*parts: str, kind: str = "mixed") -> bytes:
    """A letter of several parts."""
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    head = "From: a@example.invalid\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    head += f"Content-Type: multipart/{kind}; boundary=b\r\n"
    return f"{head}\r\n{body}--b--\r\n".encode()
