"""Every workbook of the corpus: sound ones give their rows, hostile ones are refused with a reason."""

import time

import pytest

from forms import reports, workbook
from tests.forms.comparison import DATA, cases, differences

CASES = [pytest.param(case, id=case["id"]) for case in cases("xlsx")]


def faults(expected, found, form):
    if "any_of" in expected:
        return min((faults(one, found, form) for one in expected["any_of"]), key=len)
    if expected["verdict"] == "refuse":
        code = found.error.code if found.error else None
        return [] if code in expected["reason"] else [f"{code}, expected {expected['reason']}"]
    if found.error:
        return [f"refused: {found.error.code}"]
    wrong = [
        f"{code}: {len(found.tables[code].rows)} rows"
        for code, count in expected.get("row_count", {}).items()
        if len(found.tables[code].rows) != count
    ]
    for code, want in expected.get("tables", {}).items():
        wrong += differences(want, found.tables[code].as_json(), form.table(code))
    known = {*expected.get("tables", {}), *expected.get("row_count", {})}
    wrong += [
        f"unexpected table {code}" for code, table in found.tables.items() if code not in known and table.rows
    ]
    wrong += [f"no warning {code}" for code in expected.get("warnings", []) if code not in found.warnings]
    return wrong + (["nil is not told"] if expected.get("nil") and not found.nil else [])


@pytest.mark.requirement("F-03", "F-30", "C-48")
@pytest.mark.parametrize("case", CASES)
def test_a_workbook_gives_its_rows_or_a_reason(case):
    form = reports.form(case["form"])
    began = time.process_time()
    found = workbook.read(form, DATA / "xlsx" / case["file"])
    assert faults(case["expect"], found, form) == []
    assert time.process_time() - began < case.get("time_limit_s", 5)
