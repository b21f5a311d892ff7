"""Passages with the words marked."""

from __future__ import annotations

import time

import pytest

from records.search import IndexDoc, IndexFile
from records.search.query import parse
from records.search.snippets import Marker, marked, passage, snippet

FILLER = "Ничего важного здесь не сказано, и дальше тоже. " * 20


def mark(query: str, text: str) -> str:
    return marked(text, Marker(parse(query)))


@pytest.mark.requirement("U-16")
@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("доверенность", "по ДОВЕРЕННОСТЯМ", "по <mark>ДОВЕРЕННОСТЯМ</mark>"),
        ("ёлочка", "Елочки", "<mark>Елочки</mark>"),
        ("выписка", "5 выписок", "5 <mark>выписок</mark>"),
        ("51-17", "№ 51-17 и 51-18", "№ <mark>51-17</mark> и 51-18"),
        ("19-12345", "А19-12345/2026", "А<mark>19-12345/2026</mark>"),
        ("A19-12345", "А19-12345/2026", "<mark>А19-12345/2026</mark>"),
        ("123", "ВХ-2021/000123", "ВХ-2021/<mark>000123</mark>"),
        ("381204", "ИНН 3812044173", "ИНН <mark>3812044173</mark>"),
        ("4173", "ИНН 3812044173", "ИНН <mark>3812044173</mark>"),
        ("16.02.2026", "от «16» февраля 2026", "от <mark>«16» февраля 2026</mark>"),
        ("1518000", "1 518 000 руб.", "<mark>1 518 000</mark> руб."),
        (
            "ОДО",
            "обеспечения договорных обязательств",
            "<mark>обеспечения</mark> <mark>договорных</mark> <mark>обязательств</mark>",
        ),
        ("страхов*", "страховщик и страх", "<mark>страховщик</mark> и страх"),
        ("дисциплинарный", "контрольно-дисциплинарный", "контрольно-<mark>дисциплинарный</mark>"),
        ("договор NOT аренда", "договор аренды", "<mark>договор</mark> аренды"),
        ("акт", "фактура, акт", "фактура, <mark>акт</mark>"),
    ],
)
def test_what_is_found_is_marked(query: str, text: str, expected: str) -> None:
    assert mark(query, text) == expected


def test_everything_else_is_escaped() -> None:
    assert (
        mark("договор", "<b>договор</b> & 'x'")
        == "&lt;b&gt;<mark>договор</mark>&lt;/b&gt; &amp; &#x27;x&#x27;"
    )


def test_the_window_holds_most_different_words() -> None:
    text = "договор. " + FILLER + "договор аренды помещения. " + FILLER
    score, html = passage(text, Marker(parse("договор аренда помещение")))
    assert score == 3
    assert "<mark>договор</mark> <mark>аренды</mark> <mark>помещения</mark>" in html
    assert html.startswith("… ")
    assert html.endswith(" …")


def test_the_file_with_the_best_passage_is_named() -> None:
    files = [IndexFile(7, "a.pdf", FILLER + "договор"), IndexFile(8, "b.pdf", FILLER + "договор аренды")]
    cut = snippet(IndexDoc(id=1, body="письмо о договоре", files=files), Marker(parse("договор аренды")))
    assert (cut.file_id, cut.file_name) == (8, "b.pdf")


def test_the_card_comes_before_an_equal_file() -> None:
    doc = IndexDoc(id=1, body="договор", files=[IndexFile(7, "a.pdf", "договор")])
    assert snippet(doc, Marker(parse("договор"))).file_id is None


def test_a_file_found_by_its_name_is_named() -> None:
    doc = IndexDoc(id=1, body="письмо", files=[IndexFile(7, "Доверенность.pdf", "скан")])
    assert snippet(doc, Marker(parse("доверенность"))).file_id == 7


def test_a_hit_in_the_title_shows_how_the_card_begins() -> None:
    assert (
        snippet(IndexDoc(id=1, title="Акт", body="Текст письма"), Marker(parse("акт"))).html == "Текст письма"
    )


def test_internal_remarks_are_cut_for_the_staff_alone() -> None:
    doc = IndexDoc(id=1, body="письмо", internal="подозрение на подделку")
    marker = Marker(parse("подделка"))
    assert snippet(doc, marker).html == "письмо"
    assert "<mark>подделку</mark>" in snippet(doc, marker, staff=True).html


def test_a_long_file_is_searched_quickly() -> None:
    doc = IndexDoc(id=1, files=[IndexFile(1, "устав.pdf", FILLER * 1000 + "кворум собрания")])
    started = time.perf_counter()
    assert "<mark>кворум</mark>" in snippet(doc, Marker(parse("кворум"))).html
    assert time.perf_counter() - started < 1
