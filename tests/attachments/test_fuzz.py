"""Whatever the bytes and whatever the name: an answer, never an exception, never a wait."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from attachments import formats
from attachments.content import of_bytes
from attachments.extract import readers
from attachments.extract.model import Job, Unreadable
from attachments.inspection import inspect_content
from attachments.limits import Limits
from attachments.messages import FLAGS, REASONS
from tests.attachments import build

DATA = Path(__file__).parents[1] / "data"
EXTENSIONS = [*sorted(formats.BY_EXTENSION), "exe", "xyz", ""]
STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"PK\x05\x06",
    bytes.fromhex("d0cf11e0a1b11ae1"),
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"II*\0",
    b"MM\0+",
    b"RIFF\0\0\0\0WEBP",
    b"BM",
    b"{\\rtf1",
    b"From: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    b"<?xml version='1.0'?><",
    b"<html>",
    b"\xff\xfe<",
    b"0\x82",
    b"\0\0\0\x18ftypheic",
]
QUICK = settings(max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
# Readers that run here; those of foreign libraries are tried in their own process elsewhere.
OURS = [
    formats.DOCX, formats.PPTX, formats.ODT, formats.XML, formats.DOC, formats.PPT, formats.MSG,
    formats.RTF, formats.HTML, formats.TEXT, formats.EML, formats.ZIP,
]  # fmt: skip


@QUICK
@given(st.sampled_from(STARTS), st.binary(max_size=600), st.sampled_from(EXTENSIONS))
def test_random_bytes_get_a_verdict(start, noise, extension):
    found = inspect_content(of_bytes(start + noise), f"файл.{extension}")
    assert found.verdict in ("accept", "refuse", "neutralise")
    assert (found.reason in REASONS) == found.is_refused
    assert set(found.flags) <= set(FLAGS) | set(REASONS)


@QUICK
@given(st.sampled_from(OURS), st.sampled_from(STARTS), st.binary(max_size=600))
@example(formats.DOCX, b"PK\5\6" + bytes(11) + b"\1" + bytes(6), b"")  # a directory of 16 MB is promised
@example(formats.ZIP, b"PK\5\6" + bytes(11) + b"\1" + bytes(6), b"")
def test_random_bytes_are_read_or_called_unreadable(media_type, start, noise):
    job = Job(Limits(max_text_chars=10_000), ocr=False)
    try:
        readers.read(of_bytes(start + noise), media_type, job)
    except Unreadable as error:
        job.warn(error.code)
    assert len(job.text()) <= 10_000


SAMPLES = sorted(path for path in DATA.glob("*/files/*") if path.stat().st_size < 60_000)


def spoiled(data: bytes, seed: int) -> bytes:
    """A file with some bytes changed, cut or repeated; the seed says which."""
    dice = random.Random(seed)
    out = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(out)) if out else 0
        action = dice.randrange(4)
        if action == 0 and out:
            out[place] = dice.randrange(256)
        elif action == 1:
            del out[place : place + dice.randint(1, 64)]
        elif action == 2:
            out[place:place] = out[place : place + dice.randint(1, 64)]
        else:
            out[place:place] = dice.randbytes(dice.randint(1, 8))
    return bytes(out)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_spoiled_file_gets_a_verdict_and_is_read_or_not(path):
    source = path.read_bytes()
    for seed in range(12):
        content = of_bytes(spoiled(source, seed))
        found = inspect_content(content, path.name)
        assert found.verdict in ("accept", "refuse", "neutralise")
        if not found.is_refused and found.type in OURS:
            job = Job(Limits(max_text_chars=200_000), ocr=False)
            try:
                readers.read(content, found.type, job)
            except Unreadable as error:
                job.warn(error.code)
            assert len(job.text()) <= 200_000


@pytest.mark.parametrize("seed", range(8))
def test_a_spoiled_pdf_comes_back_from_its_own_process(seed, extracted):
    found = extracted(spoiled(build.pdf(), seed), formats.PDF, limits=Limits(cpu_seconds=20, ocr_seconds=20))
    assert isinstance(found.text, str)
