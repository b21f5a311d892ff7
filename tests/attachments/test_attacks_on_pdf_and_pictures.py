"""PDF documents and pictures that act, hide, swell or run in circles."""

import io
import struct
import zlib

import pikepdf
import pytest

from attachments import formats
from attachments.limits import DEFAULT, Limits
from tests.attachments import build


def saved(data: bytes, **options) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, **options)
    return out.getvalue()


SCRIPT = "/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >>"
PACKED = saved(build.pdf(SCRIPT), object_stream_mode=pikepdf.ObjectStreamMode.generate)
FLAGGED = {
    "script": (build.pdf(SCRIPT), "active_content"),
    "escaped name": (
        build.pdf(SCRIPT.replace("JavaScript", "J#61vaScr#69pt").replace("/JS", "/J#53")),
        "active_content",
    ),
    "packed objects": (PACKED, "active_content"),
    "program": (build.pdf("/OpenAction << /S /Launch /F (a.exe) >>"), "active_content"),
    "form that sends": (
        build.pdf("/OpenAction << /S /SubmitForm /F (http://example.invalid/) >>"),
        "active_content",
    ),
    "film": (build.pdf(more={10: b"<< /Subtype /RichMedia >>"}), "active_content"),
    "attachment": (build.pdf("/Names << /EmbeddedFiles << /Names [] >> >>"), "embedded_files"),
    "page on another computer": (
        build.pdf("/OpenAction << /S /GoToR /F (\\\\\\\\example.invalid\\\\a.pdf) >>"),
        "external_links",
    ),
    "archive behind": (build.pdf() + build.zipped({"a.txt": b"x"}), "polyglot"),
    "page before": (build.pdf(head=b"%PDF-1.7\n%<html><script>alert(1)</script>\n"), "polyglot"),
    "bomb": (
        build.pdf(more={4: build.stream(zlib.compress(b" " * 120_000_000, 9), "/Filter /FlateDecode")}),
        "expands_too_much",
    ),
    "twice packed": (
        build.pdf(
            more={
                4: build.stream(
                    zlib.compress(zlib.compress(bytes(10_000_000))), "/Filter [/FlateDecode /FlateDecode]"
                )
            }
        ),
        "expands_too_much",
    ),
    "password": (saved(build.pdf(), encryption=pikepdf.Encryption(user="x", owner="y")), "encrypted"),
    "many pages declared": (
        build.pdf(more={2: b"<< /Type /Pages /Kids [3 0 R] /Count 90000 >>"}),
        "too_many_pages",
    ),
}


@pytest.mark.parametrize(("data", "flag"), FLAGGED.values(), ids=FLAGGED)
def test_what_a_pdf_hides_is_told_of(data, flag, examined):
    found = examined(data, "a.pdf")
    assert (found.verdict, flag in found.flags) == ("accept", True)


def test_a_pdf_that_only_forbids_printing_is_not_called_locked(examined):
    data = saved(build.pdf(), encryption=pikepdf.Encryption(user="", owner="y", R=6))
    assert examined(data, "a.pdf").flags == ()


def test_a_plain_pdf_earns_no_warning(examined):
    assert examined(build.pdf(), "a.pdf").flags == ()


def test_pages_in_a_circle_of_three_are_refused(examined):
    circle = {
        n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1 if n < 12 else 10) for n in (10, 11, 12)
    }
    data = build.pdf(more=circle | {2: b"<< /Type /Pages /Kids [3 0 R 10 0 R] /Count 2 >>"})
    assert examined(data, "a.pdf").reason == "corrupt"


@pytest.mark.parametrize("kept", [100, 300, 500])
def test_a_cut_pdf_is_refused(kept, examined):
    assert examined(build.pdf()[:kept], "a.pdf").reason == "corrupt"


def test_scripts_of_a_pdf_do_not_get_into_its_text(text_of):
    assert text_of(build.pdf(SCRIPT), formats.PDF) == "Contract No 77-26"


@pytest.mark.requirement("R-34")
def test_a_locked_pdf_says_why_it_has_no_text(extracted):
    data = saved(build.pdf(), encryption=pikepdf.Encryption(user="x", owner="y"))
    assert extracted(data, formats.PDF).warnings == ("encrypted",)


def test_only_the_first_pages_of_an_endless_pdf_are_read(extracted):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(build.pdf())) as document:
        for _ in range(9):
            document.pages.append(document.pages[0])
        document.save(out)
    found = extracted(out.getvalue(), formats.PDF, limits=Limits(max_text_pages=4))
    assert (found.text.count("Contract"), found.warnings) == (4, ("page_limit",))


def gif(width: int, height: int, frame: tuple[int, int] = (1, 1)) -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0)
    return screen + b"\x2c" + struct.pack("<4xHHB", *frame, 0) + b"\x02\x02\x4c\x01\0" + b"\x3b"


def bmp(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 60, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        + bytes(6)
    )


def webp(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


GIANTS = {
    "a.png": build.png(40_000, 40_000),
    "a.jpg": build.jpeg(65_000, 65_000),
    "a.gif": gif(65_000, 65_000),
    "b.gif": gif(10, 10, (65_000, 65_000)),
    "a.bmp": bmp(100_000, 100_000),
    "top-down.bmp": bmp(100_000, -100_000),
    "a.webp": webp(16_000_000, 16_000_000),
    "a.tiff": build.tiff(90_000, 90_000),
}


@pytest.mark.parametrize(("name", "data"), GIANTS.items(), ids=GIANTS)
def test_a_picture_of_gigapixels_is_refused_by_its_header(name, data, examined):
    assert examined(data, name).reason == "too_many_pixels"


SMALL = {
    "a.png": build.png(8, 8),
    "a.jpg": build.jpeg(8, 8),
    "a.gif": gif(8, 8),
    "a.bmp": bmp(8, 8),
    "a.webp": webp(8, 8),
    "a.tiff": build.tiff(8, 8),
}


@pytest.mark.parametrize(("name", "data"), SMALL.items(), ids=SMALL)
def test_a_small_picture_is_accepted_without_a_word(name, data, examined):
    found = examined(data, name)
    assert (found.verdict, found.flags) == ("accept", ())


@pytest.mark.parametrize(("name", "data"), SMALL.items(), ids=SMALL)
def test_an_archive_behind_a_picture_is_told_of(name, data, examined):
    assert "polyglot" in examined(data + build.zipped({"a.txt": b"x"}), name).flags


@pytest.mark.parametrize("comment", [b"<?php system($_GET[1]); ?>", b"<script>alert(1)</script>"])
def test_code_in_the_comment_of_a_picture_is_told_of(comment, examined):
    assert examined(build.jpeg(8, 8, comment), "a.jpg").flags == ("polyglot",)


def test_pages_of_a_tiff_in_a_circle_are_refused(examined):
    assert examined(build.tiff(8, 8, following=8), "a.tiff").reason == "corrupt"


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.tiff", "a.webp"])
def test_a_picture_cut_to_its_first_bytes_is_refused(name, examined):
    assert examined(SMALL[name][:24], name).verdict == "refuse"


def test_a_photograph_without_its_end_is_kept_with_a_warning(examined):
    assert examined(SMALL["a.jpg"][:-2], "a.jpg").flags == ("corrupt",)


def test_a_picture_under_the_name_of_another_is_renamed(examined):
    found = examined(build.png(8, 8), "фото.jpg")
    assert (found.verdict, found.name, found.flags) == ("neutralise", "фото.png", ("type_mismatch",))


def test_the_limit_of_pixels_is_above_the_largest_drawing():
    a0_at_300_dots = 9_933 * 14_043
    assert a0_at_300_dots < DEFAULT.max_pixels
