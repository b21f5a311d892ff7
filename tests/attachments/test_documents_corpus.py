"""Phrases of office documents in thirteen formats come out of extraction, scans included."""

import json
import shutil
from pathlib import Path

import pytest

from attachments.extract import extract_text
from attachments.inspection import inspect

SHELF = Path(__file__).parents[1] / "data" / "documents"
ENTRIES = json.loads((SHELF / "documents.json").read_text("utf-8"))
HAS_RECOGNISER = shutil.which("tesseract") is not None
READABLE = [entry for entry in ENTRIES if HAS_RECOGNISER or not entry.get("ocr")]


def by_id(entry):
    return entry["id"]


@pytest.fixture(scope="module")
def texts():
    """Texts by document, each read once; one line, single blanks."""
    found: dict[str, str] = {}

    def text(entry):
        if entry["id"] not in found:
            extracted = extract_text(SHELF / entry["file"], entry["media_type"])
            found[entry["id"]] = " ".join(extracted.text.split())
        return found[entry["id"]]

    return text


@pytest.mark.requirement("R-34")
@pytest.mark.parametrize("entry", READABLE, ids=by_id)
def test_phrases_from_inside_are_extracted(entry, texts):
    assert [phrase for phrase in entry["phrases"] if phrase not in texts(entry)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=by_id)
def test_an_honest_document_is_accepted_and_known_by_content(entry):
    path = SHELF / entry["file"]
    found = inspect(path, path.name)
    assert (found.type, found.verdict) == (entry["media_type"], "accept")


@pytest.mark.requirement("R-34")
@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.get("ocr")], ids=by_id)
def test_without_recognition_the_card_says_so(entry):
    extracted = extract_text(SHELF / entry["file"], entry["media_type"], ocr=False)
    assert (extracted.ocr_needed, extracted.warnings) == (True, ("ocr_skipped",))
