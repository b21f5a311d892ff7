"""Text to terms."""

from __future__ import annotations

import pytest

from records.search import IndexDoc, IndexFile, analyse
from records.search.analysis import ORDERED, label_key
from records.search.terms import BREAK, clean, fold, stem, terms


def main(text: str) -> list[str]:
    return terms(fold(clean(text)))[0]


def extra(text: str) -> set[str]:
    return set(terms(fold(clean(text)))[1])


def test_forms_of_a_word_share_a_stem() -> None:
    assert len(set(main("доверенность доверенности ДОВЕРЕННОСТЬЮ доверенностям"))) == 1


def test_yo_is_ye() -> None:
    assert main("приём ЁЛКИ") == main("прием елки")


def test_combined_accents_are_letters_of_their_own() -> None:
    assert main("и\u0306од е\u0308лка") == main("йод ёлка")


def test_abbreviations_are_not_stemmed() -> None:
    assert [stem(word) for word in ("одо", "нок", "сро")] == ["одо", "нок", "сро"]


def test_a_number_is_known_whole_in_parts_and_by_its_tails() -> None:
    assert main("118-СП/2026") == ["118", "сп", "2026"]
    assert {"n118_сп_2026_", "nсп_2026_"} <= extra("118-СП/2026")


@pytest.mark.parametrize(
    "written", ["118–СП/2026", "118-CП/2026", "118-cп/2026", "118/СП-2026", "118-\nСП/2026"]
)
def test_a_number_is_the_same_however_it_is_typed(written: str) -> None:
    assert "n118_сп_2026_" in extra(written)


def test_zeros_before_a_number_may_be_left_out() -> None:
    assert {"z123", "nвх_2021_123_"} <= extra("ВХ-2021/000123")


def test_a_long_number_is_known_from_its_end() -> None:
    assert "r3714402183" in extra("ИНН 3812044173")


def test_latin_look_alikes_are_russian_inside_russian() -> None:
    assert main("Cоюз") == main("Союз")
    assert extra("A19-12345") == extra("А19-12345")


def test_latin_words_stay_latin() -> None:
    assert main("Revit COMPACT") == ["revit", "compact"]


@pytest.mark.parametrize(
    "written",
    [
        "16.02.2026",
        "16/02/2026",
        "2026-02-16",
        "16 февраля 2026 года",
        "«16» февраля 2026 г.",
        "16 фев. 2026",
        "16-го февраля 2026",
        "16. 02. 2026",
    ],
)
def test_a_date_is_one_term_in_any_writing(written: str) -> None:
    assert "d20260216" in extra(f"от {written}")


@pytest.mark.parametrize("written", ["45.13.2026", "16.02.20261", "1.16.02.2026", "16 марта"])
def test_what_is_no_date_gives_no_date(written: str) -> None:
    assert not any(term.startswith("d") for term in extra(written))


def test_a_sum_in_groups_is_one_number() -> None:
    assert "s1518000" in extra("1\u00a0518\u00a0000 рублей")
    assert "s1518000" in extra("1 518 000,00")


def test_hyphenated_words_are_found_in_parts_and_as_one() -> None:
    assert main("юго-запад") == ["юго", "запад"]
    assert extra("юго-запад") == {"0югозапад"}


def test_a_word_broken_at_the_end_of_a_line_is_whole() -> None:
    assert main("саморегулируемой органи-\nзации") == main("саморегулируемой организации")
    assert main("орга\u00adни\u00ad\nзация") == main("организация")


def test_lower_case_never_moves_places() -> None:
    text = "İ" * 5 + " Договор"
    assert len(fold(clean(text))) == len(clean(text))


def test_texts_of_a_record_are_kept_apart() -> None:
    doc = IndexDoc(id=1, title="акт", body="сверка", files=[IndexFile(1, "скан.pdf", "печать")])
    body = analyse(doc).body
    assert body[body.index("акт") + 1] == BREAK
    assert body[body.index("сверк") + 1] == BREAK


def test_internal_words_are_in_no_common_field() -> None:
    streams = analyse(IndexDoc(id=1, body="письмо", internal="подделка 55-66 12.03.2026"))
    assert set(streams.internal) & {"подделк", "n55_66_", "d20260312"}
    assert not set(streams.body) & set(streams.internal) - {BREAK}
    assert not set(streams.head) & set(streams.internal)


def test_an_endless_text_keeps_its_words_within_bounds() -> None:
    text = " ".join(f"{number} слово" for number in range(200_000))
    body = analyse(IndexDoc(id=1, body=text)).body
    assert "11" in body
    assert sum(len(term) for term in set(body)) < 700_000
    assert len(body) > ORDERED


def test_labels_are_told_apart_exactly() -> None:
    assert len({label_key(label) for label in ("org:1", "org:12", "ORG:1", "org 1", "организация")}) == 5
    assert all(key.isalnum() for key in map(label_key, ("org:1", "тайна и тень")))
