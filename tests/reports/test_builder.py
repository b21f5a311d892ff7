"""The builder: a column with a list, a sum, a formula; published for a year to come, old reports "
"untouched."""

from __future__ import annotations

import io

import openpyxl
import pytest

from records import service
from records.errors import Forbidden, Invalid, NotFound, Refused
from reports import books, builder, editions, filling, formulas, opening, sheets
from tests.reports.filled import ORDER, insert, opened, sheet_of


@pytest.mark.requirement("F-38", "F-37")
def test_a_column_with_a_list_and_a_sum_begins_next_year_and_old_reports_stay(head, curator):
    old = opened(head, "f10", 2026)
    insert(head, old, "orders", ORDER)
    builder.begin(curator, "f10")
    builder.add_column(
        curator,
        "f10",
        "orders",
        title="Кем выявлено",
        kind="enum",
        choices=["Проверкой", "Заказчиком"],
        required=True,
    )
    builder.add_column(curator, "f10", "orders", title="Затраты на устранение", kind="dec", is_summed=True)
    with pytest.raises(Refused, match="с 2027 года"):
        builder.publish(curator, "f10", 2026)
    builder.publish(curator, "f10", 2027, "Решение Совета")
    titles = {c["title"] for c in sheets.declaration(sheet_of(old))["tables"][0]["columns"]}
    assert "Кем выявлено" not in titles
    new = opened(head, "f10", 2027)
    own = {c["title"]: c for c in sheets.declaration(sheet_of(new))["tables"][0]["columns"]}
    assert [c["title"] for c in own["Кем выявлено"]["choices"]] == ["Проверкой", "Заказчиком"]
    values = {own["Кем выявлено"]["name"]: "заказчиком", own["Затраты на устранение"]["name"]: "1 500,50"}
    insert(head, new, "orders", {**ORDER, **values}, {**ORDER, "order_number": "2", **values})
    record, sheet = opening.find(head, new)
    page = openpyxl.load_workbook(io.BytesIO(books.of_form(record, sheet)), data_only=True)["Ф10"]
    texts = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {"Кем выявлено", "Заказчиком", 3001} <= set(texts)
    assert sheets.page(head, old, "orders", 0, 1)["total"] == 1
    assert editions.current("f10", 2026)[1] == 0


@pytest.mark.requirement("F-21", "F-26")
def test_forms_are_renamed_and_get_tables_without_code(head, admin):
    for form in ("f4", "f5", "f6", "f9"):
        builder.begin(admin, form)
        builder.rename(admin, form, title="Свои сведения")
        builder.add_table(admin, form, title="Наша таблица")
        builder.publish(admin, form, 2026)
        declared = sheets.declaration(sheet_of(opened(head, form)))
        assert declared["title"] == "Свои сведения"
        assert declared["tables"][-1]["title"] == "Наша таблица"


@pytest.mark.requirement("F-38")
def test_a_formula_is_counted_in_every_row(head, curator):
    builder.begin(curator, "f10")
    builder.add_column(curator, "f10", "orders", title="Дней просрочки", kind="int")
    builder.add_column(
        curator,
        "f10",
        "orders",
        title="Всего",
        kind="formula",
        formula="[Дней просрочки] * 100,50 + [Штраф, руб.]",
    )
    builder.publish(curator, "f10", 2026)
    record_id = opened(head, "f10")
    columns = {c["title"]: c for c in sheets.declaration(sheet_of(record_id))["tables"][0]["columns"]}
    assert columns["Всего"]["computed"]
    insert(head, record_id, "orders", {**ORDER, columns["Дней просрочки"]["name"]: "2", "fine": "1000"})
    row = sheets.page(head, record_id, "orders", 0, 1)["rows"][0]
    assert row["cells"][columns["Всего"]["name"]]["v"] == "1201.00"
    with pytest.raises(Invalid, match="вычисляется"):
        filling.change_rows(
            head, record_id, "orders", [{"uid": row["uid"], "cell": {columns["Всего"]["name"]: "1"}}]
        )


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "[нет такой]", "1 +", "цена ** 9", "(lambda: 1)()", "'a' * 9", "цена[0]"],
)
def test_a_formula_is_arithmetic_and_nothing_else(text):
    with pytest.raises(Invalid):
        formulas.compiled(text, {"цена": "Цена"})


def test_a_formula_without_its_numbers_says_nothing():
    assert formulas.value("a / b", {"a": "1", "b": "0"}) is None
    assert formulas.value("a / b", {"a": "1"}) is None
    assert formulas.value("-a + 2 * (b - 1)", {"a": "1", "b": "4"}) == "5.00"


def test_columns_move_change_and_go_in_a_draft_alone(curator, head):
    builder.begin(curator, "f10")
    first = editions.current("f10", 2026)[0].tables[0].columns
    builder.move_column(curator, "f10", "orders", first[0].name, 1)
    builder.remove_column(curator, "f10", "orders", "norm")
    builder.change_column(curator, "f10", "orders", "fine", title="Размер штрафа", required=True)
    found = builder.shown(builder.draft_of("f10")).tables[0]
    assert [c.name for c in found.columns][:2] == [first[1].name, first[0].name]
    assert "norm" not in found.by_name
    assert found.column("fine").required
    assert "norm" in editions.current("f10", 2030)[0].tables[0].by_name
    builder.discard(curator, "f10")
    with pytest.raises(NotFound):
        builder.publish(curator, "f10", 2027)


def test_a_list_keeps_the_codes_of_the_titles_that_stay(curator):
    builder.begin(curator, "f10")
    builder.add_column(curator, "f10", "orders", title="Кем", kind="enum", choices=["А", "Б"])
    name = builder.shown(builder.draft_of("f10")).tables[0].columns[-1].name
    builder.change_column(curator, "f10", "orders", name, title="Кем", required=False, choices=["В", "Б"])
    kept = builder.shown(builder.draft_of("f10")).tables[0].columns[-1].choices
    assert [(c.code, c.title) for c in kept] == [
        ("v_3", "В"), ("v_2", "Б"),
    ]  # fmt: skip


def test_who_does_not_keep_forms_does_not_change_them(head, accountant):
    for who in (head, accountant):
        with pytest.raises(Forbidden):
            builder.begin(who, "f10")
    with service.work(head), pytest.raises(Forbidden):
        builder.publish(head, "f10", 2027)
