from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from documents.printable import breakable, clean, shown

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (date(2026, 11, 20), "date", "20.11.2026"),
        (Decimal("1234.56"), "money", f"1{NBSP}234,56"),
        (Decimal("24000"), "money", f"24{NBSP}000,00"),
        (-5, "integer", "−5"),
        (1_204_513, "integer", f"1{NBSP}204{NBSP}513"),
        (Decimal("0.125"), "number", "0,125"),
        (True, "flag", "да"),
        (False, "flag", "нет"),
        (None, "date", ""),
        (float("nan"), "number", ""),
        ("0274062111", "text", "0274062111"),
    ],
)
def test_a_value_is_shown_as_a_russian_reader_expects(value, kind, expected):
    assert shown(value, kind) == expected


def test_a_moment_carries_the_label_of_its_zone():
    moment = datetime(2026, 11, 21, 9, 5, 7, tzinfo=ZoneInfo("Asia/Irkutsk"))
    assert shown(moment) == f"21.11.2026 09:05:07{NBSP}(Иркутск)"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("строка\x00\x01\x1f", "строка"),
        ("первая\r\nвторая", "первая\nвторая"),
        ("\ud800пара", "пара"),
        ("акт\u202efdp.exe", "актfdp.exe"),
        ("\ufffe\ufeffметка", "метка"),
        ("слово\tслово", "слово слово"),
        ("Ёж «ёлочка» № 5", "Ёж «ёлочка» № 5"),
    ],
)
def test_characters_that_break_a_file_are_dropped(typed, printed):
    assert clean(typed) == printed


def test_an_endless_word_may_be_broken_and_loses_nothing():
    name = "Выписка_из_ЕГРЮЛ_" * 10 + ".pdf"
    broken = breakable(name)
    assert broken.replace("\u200b", "") == name
    assert max(map(len, broken.split("\u200b"))) <= 9


def test_ordinary_words_stay_whole():
    sentence = "Предпринимательской «строительно-монтажными» саморегулируемой организации"
    assert breakable(sentence) == sentence
