"""Every payload of the corpus of clipboards: what Excel, LibreOffice, Sheets, Word and browsers copy."""

import json
from datetime import date

import pytest

from forms import clipboard, recognise, reports
from tests.forms.comparison import DATA, cases, differences

TODAY = date(2026, 11, 21)
PAYLOADS = [
    pytest.param(case, payload, id=payload["file"].removeprefix("payloads/"))
    for case in cases("paste")
    if not case.get("screen_only")
    for payload in case["payloads"]
]


@pytest.mark.requirement("F-02", "F-30", "F-32", "F-39")
@pytest.mark.parametrize(("case", "payload"), PAYLOADS)
def test_a_payload_is_read_cell_by_cell_as_expected(case, payload):
    form = reports.form(case["form"])
    table = form.table(case["table"])
    grid = clipboard.read((DATA / "paste" / payload["file"]).read_bytes())
    found = recognise.table(table, grid, layout=form.layout, today=TODAY)
    answer = json.loads(json.dumps(found.as_json(), ensure_ascii=False))
    expected = case.get("expect_by_type", {}).get(payload["type"], case["expect"])
    assert differences(expected, answer, table) == []


@pytest.mark.requirement("F-02", "F-31")
@pytest.mark.parametrize(
    "case", [case for case in cases("paste") if case.get("screen_only")], ids=lambda c: c["id"]
)
def test_a_block_lands_from_the_column_it_is_pasted_at(case):
    table = reports.form(case["form"]).table(case["table"])
    grid = clipboard.read((DATA / "paste" / case["payloads"][0]["file"]).read_bytes())
    found = recognise.table(table, grid, start=case["at"]["field"], today=TODAY)
    assert differences(case["expect"], found.as_json(), table) == []
