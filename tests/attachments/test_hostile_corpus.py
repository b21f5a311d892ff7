"""Every upload of the stored yard of hostile files gets the answer its manifest asks for."""

import json
import time
from pathlib import Path

import pytest

from attachments.inspection import inspect
from attachments.messages import REASONS
from attachments.report import inspect_report

YARD = Path(__file__).parents[1] / "data" / "hostile"
CASES = json.loads((YARD / "manifest.json").read_text("utf-8"))
VERDICTS = {"accept": "attachment"}


def by_id(case):
    return case["id"]


@pytest.fixture(scope="module")
def answers():
    """Answers by case, each asked for once."""
    found: dict[str, tuple[dict, float]] = {}

    def ask(case):
        if case["id"] not in found:
            path = YARD / case["file"]
            start = time.monotonic()
            report = inspect_report(path, case.get("upload_name", path.name))
            found[case["id"]] = report, time.monotonic() - start
        return found[case["id"]]

    return ask


@pytest.mark.requirement("R-34")
@pytest.mark.parametrize("case", CASES, ids=by_id)
def test_the_verdict_is_one_of_those_asked_for(case, answers):
    report, _ = answers(case)
    assert VERDICTS.get(report["verdict"], report["verdict"]) in case["verdict"]


@pytest.mark.parametrize("case", CASES, ids=by_id)
def test_a_refusal_names_a_reason_that_fits(case, answers):
    report, _ = answers(case)
    assert report["verdict"] != "refuse" or report["reason"] in case.get("reason", [report["reason"]])


@pytest.mark.parametrize("case", CASES, ids=by_id)
def test_a_refusal_tells_in_russian_what_to_do(case, answers):
    report, _ = answers(case)
    assert report["verdict"] != "refuse" or REASONS[report["reason"]] in report["message"]


@pytest.mark.requirement("R-34")
@pytest.mark.parametrize("case", [case for case in CASES if "text" in case], ids=by_id)
def test_the_text_has_what_it_must_and_nothing_it_must_not(case, answers):
    report, _ = answers(case)
    flat = " ".join(report["text"].split())
    lost = [words for words in case["text"].get("contains", []) if words not in flat]
    leaked = [words for words in case["text"].get("lacks", []) if words in flat]
    assert report["verdict"] == "refuse" or (lost, leaked) == ([], [])


@pytest.mark.parametrize("case", [case for case in CASES if "flag" in case], ids=by_id)
def test_the_card_is_told_what_to_warn_of(case, answers):
    report, _ = answers(case)
    assert case["flag"] in report["flags"]


@pytest.mark.parametrize("case", [case for case in CASES if "stored_name" in case], ids=by_id)
def test_the_stored_name_is_the_expected_one(case, answers):
    report, _ = answers(case)
    assert report["name"] == case["stored_name"]


@pytest.mark.parametrize("case", [case for case in CASES if "time_limit_s" in case], ids=by_id)
def test_no_file_holds_the_office_up(case, answers):
    _, seconds = answers(case)
    assert seconds < case["time_limit_s"]


@pytest.mark.parametrize("case", [case for case in CASES if "stored_attachment_names" in case], ids=by_id)
def test_names_within_letters_are_made_safe(case, answers):
    report, _ = answers(case)
    assert report["attachments"] == case["stored_attachment_names"]


def test_the_bytes_of_an_examined_file_stay_as_they_were(tmp_path):
    source = (YARD / "files" / "m053-javascript.pdf").read_bytes()
    stored = tmp_path / "m.pdf"
    stored.write_bytes(source)
    inspect(stored, "m.pdf")
    assert stored.read_bytes() == source
