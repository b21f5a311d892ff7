"""Recognition of cells: no input breaks it, and a value printed as Excel prints it comes back the same."""

import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import clipboard, recognise, reports, workbook
from forms.grid import Grid, Typed
from forms.reports import Column
from tests.forms.comparison import DATA

TODAY = date(2026, 11, 21)
COLUMNS = [column for form in reports.all_forms() for table in form.tables for column in table.columns]
PIECES = st.sampled_from(
    ["1", "12,5", "05.11.2026", "#Н/Д", "=A1", "да", "\u00a0", "₽", '"', "\t", "\n", "<td>", "</table>",
     "КС-2/КС-3", "ИТОГО", "Номер", "\u0301", "\ud800", "\x00", "7701677668", "E+09",
     "%", "-", "(", "٣", "²", "½"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map("".join))
NUMBERS = st.decimals(allow_nan=True, allow_infinity=True) | st.integers().map(Decimal)
TYPED = st.one_of(
    st.builds(Typed, TEXTS, NUMBERS, st.just("number"), st.booleans(), st.booleans()),
    st.builds(Typed, TEXTS, st.dates() | st.datetimes(), st.just("date")),
    st.builds(Typed, TEXTS, st.booleans(), st.just("bool")),
    st.builds(Typed, TEXTS, st.none(), st.sampled_from(["error", "uncomputed"])),
)


@pytest.mark.requirement("F-30")
@settings(max_examples=400, deadline=None)
@given(st.sampled_from(COLUMNS), TEXTS | TYPED)
def test_any_cell_gives_a_value_or_an_error(column, raw):
    found = recognise.cell(column, raw, today=TODAY)
    json.dumps(found.as_json(), ensure_ascii=False).encode()
    assert found.error is None or (found.value is None and found.text)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=300) | st.lists(PIECES, max_size=40).map("".join), st.sampled_from([None, True, False])
)
def test_any_clipboard_gives_rows_or_a_refusal(payload, is_html):
    form = reports.form("f7")
    found = recognise.table(form.table("acts"), clipboard.read(payload, is_html=is_html), layout=form.layout)
    json.dumps(found.as_json(), ensure_ascii=False).encode()
    assert (found.error is None) or not found.rows


def column(kind, **more):
    return Column(name="x", title="x", type=kind, **more)


@pytest.mark.requirement("F-02")
@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_sum_printed_by_excel_comes_back_the_same(value):
    shown = f"{abs(value):,.2f}".replace(",", "\u00a0").replace(".", ",")
    found = recognise.cell(column("dec", digits=18, scale=2), f"-{shown}" if value < 0 else shown)
    assert Decimal(found.value) == value
    stored = Typed("", Decimal(repr(float(value))), "number")
    assert Decimal(recognise.cell(column("dec", digits=18, scale=2), stored).value) == value


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_day_printed_by_excel_comes_back_the_same(value):
    serial = (value - date(1899, 12, 30)).days
    for raw in (
        value.strftime("%d.%m.%Y"),
        value.isoformat(),
        str(serial),
        Typed("", Decimal(serial), "number"),
    ):
        assert recognise.cell(column("date"), raw, today=TODAY).value == value.isoformat()


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 12, 31)).map(
        lambda d: d.replace(second=0, microsecond=0)
    )
)
def test_a_moment_printed_by_excel_comes_back_the_same(value):
    shown = recognise.cell(column("datetime"), value.strftime("%d.%m.%Y %H:%M"), today=TODAY)
    assert shown.value == value.isoformat(timespec="minutes")


@pytest.mark.parametrize("one", COLUMNS, ids=lambda c: c.name)
def test_every_choice_is_known_by_title_and_by_code(one):
    read = {choice.code: recognise.cell(one, choice.title).value for choice in one.choices}
    wanted = {choice.code: [choice.code] if one.type == "menum" else choice.code for choice in one.choices}
    assert read == wanted


@pytest.mark.requirement("F-39")
@pytest.mark.parametrize(
    ("kind", "raw", "value", "told"),
    [
        ("bik", "44525225", "044525225", "zero_restored"),
        ("inn", Typed("3,8E+11", Decimal(381100476549), "number"), "381100476549", "digits_restored"),
        ("inn", "3808641523", None, "checksum"),
        ("acc", Typed("4,07E+19", Decimal("40702810500000000001"), "number"), None, "digits_lost"),
        ("snils", "•••-•••-445 95", None, "bad_format"),
        ("nrs", "C-77-123456", "С-77-123456", "lookalike_fixed"),
        ("month", "ноябрь 2026", "2026-11", None),
        ("month", "13.2026", None, "no_such_date"),
        ("date", "03/04/2026", None, "date_ambiguous"),
        ("str", Typed("05.ноя", date(2026, 11, 5), "date"), "05.ноя", "guessed"),
        ("text", "строка\x07", None, "bad_characters"),
    ],
)
def test_a_requisite_is_mended_only_where_it_can_be_proved(kind, raw, value, told):
    found = recognise.cell(column(kind), raw, today=TODAY)
    assert (found.value, found.error or found.warning) == (value, told)


def test_a_reference_is_found_by_its_title_and_an_unknown_one_is_refused():
    known = {"f2": {"ершов илья петрович": "uid-1"}}
    one = column("ref", target="f2")
    assert recognise.cell(one, "Ершов  Илья Петрович", references=known).value == "uid-1"
    assert recognise.cell(one, "Ершов И. П.", references=known).error == "ref_unknown"


def test_what_the_person_mapped_wins_over_the_headings():
    table = reports.form("f7").table("addenda")
    grid = clipboard.read("Что-то\tСуть изменения\nПродление\t7\n")
    found = recognise.table(table, grid, {0: "essence", 1: "addendum_number"})
    assert found.rows[0]["essence"].value == "Продление"
    assert found.rows[0]["addendum_number"].value == "7"


@pytest.mark.requirement("F-30")
def test_two_thousand_rows_are_taken_and_one_more_refuses_all():
    table = reports.form("f7").table("addenda")
    rows = [[str(number), "05.11.2026"] for number in range(2000)]
    assert len(recognise.table(table, Grid(rows=rows)).rows) == 2000
    refused = recognise.table(table, Grid(rows=[*rows, ["x", "05.11.2026"]]))
    assert (refused.error.code, refused.rows) == ("too_many_rows", [])
    assert "2001" in refused.error.text


def test_several_tables_are_refused_whole():
    grid = clipboard.read("<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>")
    assert grid.error.code == "several_tables"


def test_a_sea_of_colspan_is_refused():
    assert clipboard.read("<table><tr><td colspan=99999>1</td></tr></table>").error.code == "too_many_columns"


def repacked(change):
    source = zipfile.ZipFile(DATA / "xlsx" / "files" / "x015-shared-strings.xlsx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for info in source.infolist():
            book.writestr(info.filename, change(info.filename, source.read(info)))
    return buffer.getvalue()


@pytest.mark.requirement("C-48")
@pytest.mark.parametrize(
    "flood", [b'<row r="9"><c r="A9"/></row>', b'<mergeCell ref="A1:B1"/>'], ids=["rows", "merges"]
)
def test_a_flood_of_elements_is_refused_by_its_budget(tmp_path, flood):
    body = repacked(lambda name, data: data.replace(b"</sheetData>", flood * 550_000 + b"</sheetData>")
                    if name.endswith("sheet1.xml") else data)  # fmt: skip
    path = tmp_path / "flood.xlsx"
    path.write_bytes(body)
    assert workbook.read(reports.form("f10"), path).error.code == "expands_too_much"


@pytest.mark.requirement("F-03")
def test_a_book_of_another_form_is_named(tmp_path):
    found = workbook.read(reports.form("f7"), DATA / "xlsx" / "files" / "x015-shared-strings.xlsx")
    assert found.error.code == "wrong_form"
    assert "форму 10" in found.error.text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_text_table_is_read_in_its_encoding_and_by_its_separator(tmp_path, encoding, separator):
    path = tmp_path / "acts.csv"
    head = ["Вид", "Номер", "Дата подписания", "Сумма, руб. (с НДС)"]
    rows = [[f'"{one}"' for one in head], ["УПД", "1", "05.11.2026", '"1 234,56"']]
    path.write_text("\r\n".join(separator.join(row) for row in rows), encoding=encoding)
    found = workbook.read(reports.form("f7"), path)
    assert found.error is None
    assert [c.as_json() for c in found.tables["acts"].rows[0].values()] == [
        "upd",
        "1",
        "2026-11-05",
        "1234.56",
    ]


@pytest.mark.requirement("F-37")
def test_a_year_without_an_edition_of_its_own_keeps_the_earlier_one():
    assert reports.all_forms(2031) is reports.all_forms(reports.editions()[-1])
    assert [form.number for form in reports.all_forms(2026)] == [
        "1", "2", "3", "4", "5", "6", "7", "7.1", "8", "9", "10", "11"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["dec", "pct", "int", "year", "date", "datetime", "month", "inn", "str", "bool"]
)
@pytest.mark.parametrize("stored", ["1E+999999", "1E-999999", "-9E+400", "NaN", "Infinity"])
def test_an_absurd_number_behind_a_cell_is_an_error_at_once(kind, stored):
    found = recognise.cell(
        column(kind, length=9, scale=2), Typed("много", Decimal(stored), "number", True), today=TODAY
    )
    assert found.error or kind == "str"
