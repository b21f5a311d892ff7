"""The printed book: every form by the reference layout, types kept, no formula from what a member typed."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from forms import printout, reports, workbook
from forms.printed_cells import years_after
from forms.printout import Card, Filled

CARD = Card(
    sro_short="Ассоциации «Образец»",
    sro_name="Ассоциация «Саморегулируемая организация «Образец»",
    member_name="ООО «Байкалстрой»",
    inn="3808641522",
    ogrn="1083836669245",
    register_number="0286",
    register_date=date(2017, 7, 18),
    year=2026,
    as_of=date(2026, 11, 21),
    incoming="Вх. № 512 от 16.11.2026",
    approved="одобрен 17.11.2026, куратор Рудых Н. Ф.",
    head_position="Генеральный директор",
    head_name="Ершов А. А.",
    executor="Юдина О. П., тел. (3952) 20-11-22",
)
LINKED = {
    "f2": {
        "e1": {"title": "Юдин Илья", "fio": "Юдин И. О.", "position": "Инженер", "nrs_number": "С-38-100200"}
    },
    "f7": {"o1": {"title": "Школа № 5", "name": "Школа № 5"}},
}


def value(column, number):
    """A plausible value of a field, as it is stored."""
    if column.choices:
        code = column.choices[number % len(column.choices)].code
        return [code] if column.type == "menum" else code
    by_type = {
        "dec": f"{1000 + number}.50",
        "pct": "12.50",
        "int": number + 1,
        "year": 2010 + number,
        "bool": number % 2 == 0,
        "date": f"2026-0{1 + number % 9}-15",
        "datetime": f"2026-0{1 + number % 9}-15T09:30",
        "month": "2026-10",
        "list": [],
        "inn": "7701677668",
        "snils": "11223344595",
    }
    if column.type == "ref":
        return {"f2": "e1", "f7": "o1"}.get(column.target)
    return by_type.get(column.type, f"{column.title[:20]} {number}")


def filled(form, count=3):
    return Filled(
        form=form,
        rows={
            table.code: [
                {column.name: value(column, number) for column in table.columns}
                for number in range(1 if table.is_single else count)
            ]
            for table in form.tables
        },
    )


def printed(*forms):
    stream = io.BytesIO()
    printout.write(stream, forms, CARD, LINKED)
    stream.seek(0)
    return stream


def sheet_of(one):
    return openpyxl.load_workbook(printed(one)).worksheets[0]


FORMS = [pytest.param(form, id=form.code) for form in reports.all_forms(2026)]


@pytest.mark.requirement("F-09")
@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_the_page_and_the_headings_of_the_reference(form):
    sheet = sheet_of(filled(form))
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    last = openpyxl.utils.get_column_letter(len(form.layout.columns))
    assert set(form.layout.merges) <= merged
    assert {f"A{row}:{last}{row}" for row in range(1, 9)} <= merged
    assert sheet["A4"].value == f"Форма {form.number}. {form.title}"
    assert sheet.page_setup.paperSize == {"A4": 9, "A3": 8}[form.layout.paper]
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.page_setup.orientation == "landscape") == form.layout.is_landscape
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$10:$12", "A13")
    assert [sheet.cell(12, n).value for n in range(1, len(form.layout.columns) + 1)] == list(
        range(1, len(form.layout.columns) + 1)
    )
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert {"(должность)", "(подпись)", "(расшифровка подписи)", "М. П.", "Ершов А. А."} <= set(told)


@pytest.mark.requirement("F-09", "F-25")
@pytest.mark.parametrize("form", [p for p in FORMS if p.values[0].may_be_nil])
def test_a_nil_form_says_so_and_has_no_rows(form):
    sheet = sheet_of(Filled(form=form, is_nil=True))
    assert sheet["A13"].value == "В отчётном периоде сведений нет"


@pytest.mark.requirement("F-03", "F-09")
def test_sums_and_days_are_typed_and_totals_are_counted():
    form = reports.form("f10")
    sheet = sheet_of(filled(form))
    day, sum_ = sheet["E13"], sheet["L13"]
    assert (day.value, day.number_format) == (datetime(2026, 1, 15), "dd.mm.yyyy")
    assert (sum_.value, sum_.number_format) == (1000.5, "#,##0.00")
    assert sheet["L16"].value == "=SUM(L13:L15)"


@pytest.mark.requirement("C-48")
@pytest.mark.parametrize(
    "text", ["=1+1", "+7 (3952) 20-11-22", "-1+1", "@SUM(1)", "=cmd|'/C calc'!A0", "\t=1"]
)
def test_text_that_looks_like_a_formula_stays_text(text):
    form = reports.form("f10")
    sheet = sheet_of(Filled(form=form, rows={"orders": [{"authority_name": text, "violation": text}]}))
    assert [(c.data_type, c.value) for c in (sheet["B13"], sheet["G13"])] == [("s", text), ("s", text)]


@pytest.mark.requirement("C-48")
def test_a_member_named_like_a_formula_stays_text():
    stream = io.BytesIO()
    card = Card(
        sro_short="", sro_name="=1+1", member_name="=2+2", inn="", ogrn="", year=2026, as_of=date(2026, 1, 1)
    )
    printout.write(stream, [Filled(form=reports.form("f10"), is_nil=True)], card)
    sheet = openpyxl.load_workbook(stream).worksheets[0]
    assert (sheet["A2"].data_type, sheet["A6"].data_type) == ("s", "s")


@pytest.mark.requirement("F-03")
def test_a_printed_form_is_read_back_as_it_was(tmp_path):
    form = reports.form("f10")
    rows = filled(form).rows["orders"]
    path = tmp_path / "printed.xlsx"
    path.write_bytes(printed(filled(form)).getvalue())
    found = workbook.read(form, path)
    assert found.error is None
    back = [{name: cell.as_json() for name, cell in row.items()} for row in found.tables["orders"].rows]
    names = set(back[0]) - {"object"}
    assert [{n: row[n] for n in names} for row in back] == [{n: row[n] for n in names} for row in rows]


@pytest.mark.requirement("F-19")
def test_form_three_prints_four_blocks_and_counts_pieces_not_metres():
    sheet = sheet_of(filled(reports.form("f3")))
    first = [sheet.cell(row, 1).value for row in range(13, sheet.max_row)]
    assert [one for one in first if isinstance(one, str) and one.startswith("3.")] == [
        "3.1 Здания и помещения",
        "3.2 Автомобильный транспорт",
        "3.3 Строительные машины и механизмы",
        "3.4 Оборудование, инструмент, средства измерений, ПО",
    ]
    total = next(row for row in range(13, sheet.max_row) if sheet.cell(row, 2).value == "ИТОГО")
    assert sheet.cell(total, 6).value == 3 * (1 + 2 + 3)


def test_employees_and_objects_are_printed_by_name():
    sheet = sheet_of(filled(reports.form("f4")))
    told = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {"Юдин И. О.", "Инженер", "Школа № 5"} <= told


def test_a_report_is_one_book_with_a_sheet_per_form():
    book = openpyxl.load_workbook(printed(*(filled(form) for form in reports.all_forms(2026))))
    assert book.sheetnames == ["Ф1", "Ф2", "Ф3", "Ф4", "Ф5", "Ф6", "Ф7", "7.1 1", "Ф8", "Ф9", "Ф10", "Ф11"]


def test_five_years_from_the_leap_day_end_on_the_28th():
    assert years_after(date(2024, 2, 29), 5) == date(2029, 2, 28)
