"""`flask forms paste` and `flask forms import`: the answers that other programs read."""

import io
import json

import pytest

from tests.forms.comparison import DATA


@pytest.mark.requirement("F-02", "F-30")
def test_a_paste_answers_typed_cells_and_errors_for_a_program(app):
    payload = "Номер ДС\tДата ДС\tНовая цена, руб.\n7\t05.11.2026\tпо смете\n".encode()
    done = app.test_cli_runner().invoke(
        args=["forms", "paste", "f7", "addenda", "--json"], input=io.BytesIO(payload)
    )
    answer = json.loads(done.output)
    assert done.exit_code == 0
    assert answer["header"] is True
    row = answer["rows"][0]
    assert (row["addendum_number"], row["addendum_date"]) == ("7", "2026-11-05")
    assert (row["new_price"]["error"], row["new_price"]["raw"]) == ("not_a_number", "по смете")


def test_a_refused_paste_ends_with_an_error(app):
    done = app.test_cli_runner().invoke(args=["forms", "paste", "f7", "acts", "--json"], input="")
    assert (done.exit_code, json.loads(done.output)["error"]["code"]) == (1, "empty")


@pytest.mark.requirement("F-03")
def test_an_import_answers_tables_for_a_program_and_cells_for_a_person(app):
    runner = app.test_cli_runner()
    book = str(DATA / "xlsx" / "files" / "x021-text-numbers.xlsx")
    answer = json.loads(runner.invoke(args=["forms", "import", "f7", book, "--json"]).output)
    assert len(answer["tables"]["subcontractors"]["rows"]) == 7
    told = runner.invoke(args=["forms", "import", "f7", book]).output
    assert "Субподрядчики: строк 7" in told
    assert "«по смете»" in told


@pytest.mark.parametrize("words", [["paste", "f77", "acts"], ["paste", "f7", "nothing"]])
def test_an_unknown_form_or_table_is_told_with_the_known_ones(app, words):
    done = app.test_cli_runner().invoke(args=["forms", *words], input="")
    assert done.exit_code == 1
    assert "Есть:" in done.output
