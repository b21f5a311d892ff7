"""Recognition of pictures and scans by tesseract, when it is installed with Russian."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

from attachments import sniff
from attachments.checks import images
from attachments.content import Content
from attachments.extract import layout
from attachments.extract.model import Job, Unreadable
from attachments.findings import Findings, Refusal

_LANGUAGE = "rus"
_PAGE_SECONDS = 60


@functools.cache
def program() -> str | None:
    """The recogniser, if it is here and knows Russian."""
    found = shutil.which("tesseract")
    return found if found is not None and _LANGUAGE in _languages(found) else None


@functools.cache
def _languages(recogniser: str) -> frozenset[str]:
    done = subprocess.run(
        [recogniser, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
    )
    return frozenset(done.stdout.split())


def _layout_mode(recogniser: str) -> str:
    """Find the columns; turn a page that lay sideways, where the data for that are installed."""
    return "1" if "osd" in _languages(recogniser) else "3"


def read_picture(content: Content, job: Job) -> None:
    """A picture, or all pages of a TIFF."""
    job.tool = "tesseract"
    if not may_recognise(job):
        return
    try:
        images.check_image(content, Findings(job.limits), sniff.sniff(content))
    except Refusal as refusal:
        raise Unreadable from refusal
    recognise(bytes(content.data), job)


def may_recognise(job: Job) -> bool:
    """Whether recognition is wanted and possible; if not, the card will say so."""
    if not job.ocr:
        job.ocr_needed = True
        job.warn("ocr_skipped")
        return False
    if program() is None:
        job.ocr_needed = True
        job.warn("ocr_unavailable")
        return False
    if job.ocr_pages >= job.limits.max_ocr_pages:
        job.warn("ocr_page_limit")
        return False
    return True


def recognise(picture: bytes, job: Job) -> None:
    """Give a picture to the program by a pipe: no name of ours or theirs on its command line."""
    recogniser = program()
    if recogniser is None:
        raise Unreadable("ocr_unavailable")
    job.ocr_pages += 1
    try:
        done = subprocess.run(
            [recogniser, "stdin", "stdout", "-l", _LANGUAGE, "--psm", _layout_mode(recogniser), "tsv"],
            input=picture,
            capture_output=True,
            timeout=_PAGE_SECONDS * (3 if job.ocr_pages == 1 else 1),
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
            | {key: os.environ[key] for key in ("TESSDATA_PREFIX",) if key in os.environ},
        )
    except subprocess.TimeoutExpired:
        job.warn("ocr_failed")
        return
    if done.returncode:
        job.warn("ocr_failed")
        return
    job.add(layout.text_of(done.stdout.decode("utf-8", "replace")))
