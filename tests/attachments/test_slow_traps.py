"""Texts made to keep a careless pattern busy for hours are answered in seconds."""

import time

import pytest

from attachments import formats
from attachments.content import of_bytes
from attachments.extract import readers
from attachments.extract.model import Job
from attachments.extract.normalise import normalise
from attachments.inspection import inspect_content
from attachments.limits import Limits
from tests.attachments import build

SECONDS = 6
MANY = 1_000_000

TRAPS = {
    "comments without an end": ("a.html", b"<!--a-->" * 6000 + b"x"),
    "open tags": ("a.html", b"<html>" + b"<img " * MANY),
    "open tag and blanks": ("a.html", b"<html>" + (b"<img" + b" " * 4000) * 500),
    "empty lines in a table": ("a.csv", b"a;b\n" + b"\n" * 4 * MANY),
    "blanks in a table": ("a.csv", b"a;b\n" + b" " * 4 * MANY + b"x"),
    "quotes in a table": ("a.csv", b'"' * 4 * MANY),
    "pdf of keywords": ("a.pdf", build.pdf(more={9: b"/FlateDecode\nstream\n" * 300_000})),
    "pdf of packed objects": ("a.pdf", build.pdf(more={9: b"/Type /ObjStm\nstream\nx\x9c" * 200_000})),
    "pdf of kids": ("a.pdf", build.pdf(more={9: b"/Kids [" * 500_000})),
    "pdf of numbers": ("a.pdf", build.pdf(more={9: b"1 0 " * MANY})),
    "pdf of escapes": ("a.pdf", build.pdf(more={9: b"/#41" * MANY})),
    "rtf of templates": ("a.rtf", b"{\\rtf1" + b"\\template" * MANY + b"}"),
    "rtf of fields": ("a.rtf", b"{\\rtf1" + b"\\fldinst" * 400_000 + b"}"),
    "rtf of braces": ("a.rtf", b"{\\rtf1" + b"{" * 2 * MANY),
    "rtf of digits": ("a.rtf", b"{\\rtf1" + (b"a" * 200 + b"x") * 20_000 + b"}"),
    "xml of one endless name": ("a.xml", b"<?xml version='1.0'?><" + b"a" * 30 * MANY),
    "xml of one endless comment": ("a.xml", b"<?xml version='1.0'?><a><!--" + b"a" * 30 * MANY),
    "xml of attributes": (
        "a.xml",
        b"<?xml version='1.0'?><a " + b"".join(b'a%d="" ' % n for n in range(300_000)) + b"/>",
    ),
    "letter of boundaries": (
        "a.eml",
        b"From: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 300_000,
    ),
    "letter of headers": ("a.eml", b"From: a\r\n" + b"X-A: b\r\n" * 200_000),
    "letter of types": ("a.eml", b"From: a\r\n\r\n" + b"content-type: multipart/" * 100_000),
    "letter of encoded words": ("a.eml", b"From: a\r\nSubject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nx"),
    "old word of slashes": (
        "a.doc",
        build.ole({"WordDocument": build.word_stream(), "0Table": b"\\\0" * 20_000}),
    ),
    "words of a field": (
        "a.docx",
        build.docx(f"<w:p><w:r><w:instrText>{'INCLUDE ' * 200_000}</w:instrText></w:r></w:p>"),
    ),
}


@pytest.mark.parametrize(("name", "data"), TRAPS.values(), ids=TRAPS)
def test_a_trap_for_patterns_is_passed_quickly(name, data):
    start = time.process_time()
    found = inspect_content(of_bytes(data), name)
    assert found.verdict in ("accept", "refuse")
    assert time.process_time() - start < SECONDS


READ = {
    "rtf of braces": (formats.RTF, TRAPS["rtf of braces"][1]),
    "rtf of digits": (formats.RTF, TRAPS["rtf of digits"][1]),
    "rtf of fonts": (formats.RTF, b"{\\rtf1{\\fonttbl" + b"\\f1\\a\\a\\a\\a\\a\\a\\a\\a\\a" * 20_000 + b"}}"),
    "page of open tags": (formats.HTML, b"<b><i>" * 100_000),
    "page of entities": (formats.HTML, b"&lt;" * 500_000),
    "letter of boundaries": (formats.EML, TRAPS["letter of boundaries"][1]),
    "letter of encoded words": (formats.EML, TRAPS["letter of encoded words"][1]),
    "old word of nothing": (
        formats.DOC,
        build.ole({"WordDocument": build.word_stream(), "0Table": b"\xff" * 4096}),
    ),
}


@pytest.mark.requirement("R-34")
@pytest.mark.parametrize(("media_type", "data"), READ.values(), ids=READ)
def test_a_trap_for_readers_is_left_quickly(media_type, data):
    job = Job(Limits(max_text_chars=500_000), ocr=False)
    start = time.process_time()
    try:
        readers.read(of_bytes(data), media_type, job)
    except ValueError:
        job.warn("unreadable")
    assert len(job.text()) <= 500_000
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "text",
    ["а" * MANY, "\u00ad" + " " * MANY, "- " * MANY, "а-\n" * 300_000, " \n" * MANY, "\ufffe" + "\t" * MANY],
)
def test_a_trap_for_the_layout_is_passed_quickly(text):
    start = time.process_time()
    assert len(normalise(text)) <= len(text)
    assert time.process_time() - start < SECONDS
