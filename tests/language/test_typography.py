"""Quotes, dashes and blanks that do not break; sorting, letters and keyboard layouts (U-12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.layout import meant_russian, swap_layout, to_latin, to_russian
from language.sorting import flat_key, organisation_key, sort_key
from language.transliterate import slug, transliterate
from language.typography import enumeration, number_sign, quoted, quotes, typeset

texts = st.text(alphabet='абвИОС "«»„“№.,—-0123456789\u00a0\nгст₽%', max_size=40)


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('ООО "Ромашка"', "ООО «Ромашка»"),
        ('"Союз "Яр" и К"', "«Союз „Яр“ и К»"),
        ("от 20 ноября 2026 г.", "от 20·ноября·2026·г."),
        ("сумма 1 234,56 руб.", "сумма 1·234,56·руб."),
        ("взнос 1 234 567 ₽", "взнос 1·234·567·₽"),
        ("№51-17", "№·51-17"),
        ("№ 51-17", "№·51-17"),
        ("Иванов И.И.", "Иванов·И.·И."),
        ("И. И. Иванов", "И.·И.·Иванов"),
        ("ст. 181.2 и п. 1.1", "ст.·181.2 и п.·1.1"),
        ("г. Иркутск, ул. Ленина, д. 5", "г.·Иркутск, ул.·Ленина, д.·5"),
        ("кворум - 51 %", "кворум·— 51·%"),
        ("и т.д., т. е.", "и т.·д., т.·е."),
        ("в 10:00 МСК", "в 10:00·МСК"),
        ("и так далее...", "и так далее…"),
        ('экран 24"', 'экран 24"'),
    ],
)
def test_running_text_is_typeset(typed, shown):
    assert typeset(typed).replace("\u00a0", "·") == shown


def test_prepositions_are_bound_only_when_asked():
    assert typeset("о кворуме в зале") == "о кворуме в зале"
    assert typeset("о кворуме в зале", short_words=True) == "о\u00a0кворуме в\u00a0зале"


@given(texts)
def test_typesetting_twice_changes_nothing_more(text):
    once = typeset(text)
    assert typeset(once) == once


@given(texts)
def test_typesetting_never_loses_a_letter_or_a_digit(text):
    def bare(value):
        return [char for char in value if char.isalnum()]

    assert bare(typeset(text)) == bare(text)


@given(st.text(alphabet='аб "', max_size=20))
def test_quotes_are_all_turned_or_all_left(text):
    turned = quotes(text)
    assert ('"' in turned) == (text.count('"') % 2 == 1)
    assert len(turned) == len(text)


def test_a_name_is_put_in_quotes_once():
    assert quoted("Яр") == quoted("«Яр»") == "«Яр»"
    assert quoted('Союз "Яр"') == "«Союз „Яр“»"


def test_small_phrases():
    assert number_sign("51-17") == "№\u00a051-17"
    assert enumeration(["приём", "отчёт", "выписка"]) == "приём, отчёт и выписка"
    assert enumeration(["приём"]) == "приём"
    assert enumeration([]) == ""


# --- sorting --------------------------------------------------------------------------------------


def test_yo_stands_with_ye():
    assert sorted(["Жуков", "Ёлкин", "Егоров", "Елагин"], key=sort_key) == [
        "Егоров",
        "Елагин",
        "Ёлкин",
        "Жуков",
    ]


def test_numbers_go_by_value():
    assert sorted(["Протокол 10", "протокол 2", "Протокол 1"], key=sort_key) == [
        "Протокол 1",
        "протокол 2",
        "Протокол 10",
    ]


def test_members_go_by_their_proper_names():
    names = ["ООО «Яр»", "АО «Мост»", "ИП Белов", "Ассоциация «Сибирь»"]
    assert sorted(names, key=organisation_key) == ["Ассоциация «Сибирь»", "ИП Белов", "АО «Мост»", "ООО «Яр»"]


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.text(alphabet="абвеёжя ", max_size=4))
def test_numbers_go_by_value_whatever_stands_before_them(one, other, before):
    assert (flat_key(f"{before}№ {one}") < flat_key(f"{before}№ {other}")) == (one < other)
    assert flat_key(f"{before}{one:040d}") == flat_key(f"{before}{one}")
    assert flat_key(f"{one}") < flat_key("а")


# --- letters and layouts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Щёлково", "Shchelkovo"),
        ("Юлия", "Iuliia"),
        ("БОРЩ ЩИТ", "BORSHCH SHCHIT"),
        ("объезд", "obieezd"),
        ("№ 5-а", "№ 5-a"),
    ],
)
def test_letters_are_those_of_the_passport(russian, latin):
    assert transliterate(russian) == latin


def test_a_slug_is_plain_ascii_and_short():
    assert slug("Протокол № 51-17") == "protokol-51-17"
    assert slug("Заявление о приёме в члены", limit=14) == "zaiavlenie-o-p"


def test_text_in_the_wrong_layout_is_read():
    assert meant_russian("ghjnjrjk cj,hfybz") == "протокол собрания"
    assert swap_layout("руддщ") == "hello"
    assert swap_layout("ghbdtn") == "привет"


@pytest.mark.parametrize("text", ["протокол", "51-17", "vvv", "]fhf", "xml"])
def test_what_cannot_be_a_russian_word_is_not_guessed(text):
    assert meant_russian(text) is None


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя АБЮЁ", max_size=20))
def test_the_layouts_are_inverse(text):
    assert to_russian(to_latin(text)) == text
