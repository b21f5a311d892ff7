"""Templates of registration numbers and the journals that use them (R-26, records.md §3.1)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.journals import journal_of, journals, kind_mark
from records.number_template import NumberTemplateError, check, read_seq, render, sample

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("letter", "Вх-00042/26"),
        ("reply", "Исх-02-02/00042-26"),
        ("council_decision", "42-26"),
        ("meeting_protocol", "42/2026"),
        ("mandate_protocol", "МК-42/26"),
        ("counting_protocol", "СК-42/26"),
        ("order", "42-од"),
        ("inspection_act", "А-0042/26"),
        ("discipline_decision", "ДК-42/26"),
        ("extract", "В-00042/26"),
        ("invoice", "00042/26"),
        ("reconciliation_act", "АС-42/26"),
        ("power_of_attorney", "Д-42/26"),
        ("registration_sheet", "ЛР-42"),
        ("ballot", "Б-42"),
    ],
)
def test_a_kind_gets_the_number_its_journal_prescribes(kind, shown):
    number = render(journal_of(kind).template, seq=42, on=DAY, case="02-02", kind=kind_mark(kind))
    assert number == shown


@pytest.mark.parametrize("code", sorted(journals()))
def test_the_shipped_template_of_a_journal_is_sound(code):
    journal = journals()[code]
    assert check(journal.template, yearly=journal.yearly, year_in_date=journal.year_in_date) == []


def test_sheets_and_ballots_are_counted_within_their_meeting():
    within = {code for code, journal in journals().items() if journal.scope == "meeting"}
    assert within == {"registration_sheet", "ballot"}
    assert not any(journals()[code].yearly for code in within)


def test_every_token_is_filled():
    template = "{j}.{k}.{reg}.{inn}.{case}.{dd}.{mm}.{yy}.{yyyy}.{seq:03d}"
    assert sample(template) == "in.МК.0286.3808641522.02-02.20.11.26.2026.042"


def test_a_number_wider_than_its_pad_is_not_cut():
    assert render("{seq:02d}/{yy}", seq=1234, on=DAY) == "1234/26"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "пуст"),
        ("Вх/{yy}", "нет порядкового номера"),
        ("Вх-{seq}", "нужен год"),
        ("{seq}-{seq}/{yy}", "дважды"),
        ("{seq}/{year}/{yy}", "Неизвестное обозначение {year}"),
        ("{seq:5d}/{yy}", "Неизвестное обозначение {seq:5d}"),
        ("{seq/{yy}", "скобки не парные"),
        ("{}{seq}/{yy}", "пустые"),
        ("{reg}{seq}/{yy}", "слит"),
        (" {seq}/{yy}", "пробелы по краям"),
        ("Х" * 60 + "{seq}/{yy}", "длиннее 60"),
    ],
)
def test_a_wrong_template_is_refused_with_the_reason(template, words):
    assert any(words in problem for problem in check(template, yearly=True))


def test_a_counter_that_never_restarts_needs_no_year():
    assert check("Вх-{seq}", yearly=False) == []


@pytest.mark.parametrize("template", ["{seq}/{year}", "{seq", "{}{seq}"])
def test_no_number_is_made_from_a_wrong_template(template):
    with pytest.raises(NumberTemplateError, match="В шаблоне"):
        render(template, seq=1, on=DAY)


def test_no_number_is_made_while_a_value_is_missing():
    with pytest.raises(NumberTemplateError, match="индекс дела"):
        render("Исх-{case}/{seq}", seq=1, on=DAY)


def test_the_ordinal_starts_from_one():
    with pytest.raises(NumberTemplateError, match="с единицы"):
        render("{seq}", seq=0, on=DAY)


TEMPLATES = [journal.template for journal in journals().values()] + [
    "{yy}{seq:04d}",
    "{reg}/{inn}/{seq}-{mm}{dd}",
]


@pytest.mark.parametrize("template", TEMPLATES)
@given(seq=st.integers(1, 10**7), on=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_ordinal_is_read_back_from_the_number(template, seq, on):
    number = render(
        template, seq=seq, on=on, case="02-02", kind="МК", register_number="0286", inn="3808641522"
    )
    assert read_seq(template, number) == seq


@pytest.mark.parametrize("number", ["Вх-00042/2026", "Исх-00042/26", "Вх-42/26", "Вх-00042а/26", ""])
def test_a_number_of_another_shape_is_not_read(number):
    assert read_seq("Вх-{seq:05d}/{yy}", number) is None
