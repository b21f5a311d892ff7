import io
import time
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from documents import xlsx
from documents.printing import as_xlsx
from tests.documents.conftest import NOW


def opened(made: bytes):
    return openpyxl.load_workbook(io.BytesIO(made)).active


def one(kind, value):
    return opened(as_xlsx("Список", (("Поле", kind),), ((value,),), made_at=NOW))["A2"]


@pytest.mark.requirement("X-08")
def test_types_are_kept():
    columns = (
        ("ИНН", "text"),
        ("Дата", "date"),
        ("Сумма", "money"),
        ("Листов", "integer"),
        ("Когда", "moment"),
        ("Да", "flag"),
    )
    moment = datetime(2026, 11, 21, 14, 5, 9, tzinfo=ZoneInfo("Europe/Moscow"))
    row = ("0274062111", date(2026, 11, 20), Decimal("1234.56"), 12, moment, True)
    sheet = opened(as_xlsx("Реестр", columns, (row,), made_at=NOW))
    assert [cell.value for cell in sheet[2]] == [
        "0274062111",
        datetime(2026, 11, 20),
        1234.56,
        12,
        datetime(2026, 11, 21, 14, 5, 9),
        "да",
    ]
    assert [cell.number_format for cell in sheet[2]] == [
        "@",
        "dd.mm.yyyy",
        "#,##0.00",
        "#,##0",
        "dd.mm.yyyy hh:mm:ss",
        "@",
    ]


@pytest.mark.requirement("X-08")
@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+7 (3952) 28-12-43", "-5", "@SUM(A1)", '=HYPERLINK("http://evil")', "=cmd|' /C calc'!A0"],
)
def test_what_a_user_typed_never_becomes_a_formula(typed):
    cell = one("text", typed)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (typed, "s", True)
    assert cell.number_format == "@"


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("integer", 12345678901234567890, "12\xa0345\xa0678\xa0901\xa0234\xa0567\xa0890"),
        ("money", "не указано", "не указано"),
        ("money", "", None),
        ("money", None, None),
        ("number", Decimal("NaN"), None),
        ("number", float("inf"), None),
        ("date", date(1899, 12, 31), "31.12.1899"),
        ("date", "ноябрь", "ноябрь"),
        ("text", "строка\x00\x1f", "строка"),
        ("text", "я" * 40_000, "я" * 32_766 + "…"),
        ("text", "http://sro.example", "http://sro.example"),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_not_lost(kind, value, kept):
    assert one(kind, value).value == kept


@pytest.mark.requirement("X-08", "U-10")
def test_the_header_is_repeated_on_a4_and_nothing_is_cut_in_width():
    sheet = opened(as_xlsx("Список", tuple((f"Поле {n}", "text") for n in range(8)), (), made_at=NOW))
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    # An absent width means one page (ECMA-376, 18.3.1.63).
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == "A2"
    assert sheet.oddFooter.right.text == "Страница &P из &N"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Журнал: вх/исх [2026]?", "Журнал  вх исх  2026"),
        ("", "Лист 1"),
        ("Реестр членов саморегулируемой организации", "Реестр членов саморегулируемой"),
    ],
)
def test_a_sheet_gets_a_name_that_excel_allows(title, name):
    assert opened(as_xlsx(title, (("А", "text"),), (), made_at=NOW)).title == name


@pytest.mark.requirement("R-38", "X-08")
def test_a_journal_becomes_a_workbook_with_the_same_rows(journal):
    sheet = opened(xlsx.journal_workbook(journal))
    assert sheet.max_row == 301
    assert [cell.value for cell in sheet[2]][:4] == [
        1,
        "Вх-00001/26",
        datetime(2026, 11, 2),
        journal.rows[0][3],
    ]


def test_the_same_list_gives_the_same_bytes_at_any_hour(journal, monkeypatch):
    first = xlsx.journal_workbook(journal)
    later = time.localtime(time.time() + 400 * 86_400)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert xlsx.journal_workbook(journal) == first


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 2)
    with pytest.raises(xlsx.TooManyRows):
        as_xlsx("Список", (("А", "text"),), (("1",), ("2",), ("3",)), made_at=NOW)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="longer"):
        as_xlsx("Список", (("А", "text"),), (("1", "2"),), made_at=NOW)
