"""The nearest words of the index."""

from __future__ import annotations

import pytest

from records.search.spelling import Vocabulary, allowed, distance


def vocabulary(*words: str) -> Vocabulary:
    return Vocabulary(lambda: words, lambda: "1")


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("акт", "акт", 0),
        ("акт", "факт", 1),
        ("протакол", "протокол", 1),
        ("уведомелн", "уведомлен", 1),
        ("кот", "пёс", 3),
    ],
)
def test_distance_counts_a_swap_once(a: str, b: str, expected: int) -> None:
    assert distance(a, b, 5) == expected


def test_distance_stops_counting() -> None:
    assert distance("компенсационный", "доверенность", 2) == 3


def test_short_words_are_not_guessed() -> None:
    assert [allowed(length) for length in (3, 4, 7, 8)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("typed", "meant"), [("протакол", "протокол"), ("претезия", "претенз"), ("реконстукция", "реконструкц")]
)
def test_the_nearest_word_comes_first(typed: str, meant: str) -> None:
    words = vocabulary("протокол", "претенз", "реконструкц", "договор")
    assert words.near(typed)[0][0] == meant


@pytest.mark.parametrize("word", ["космодром", "ракета", "собрание"])
def test_a_dictionary_word_is_no_mistake(word: str) -> None:
    assert vocabulary("аэродром", "пакет", "собран", "бракет").near(word) == []


def test_a_mistake_in_the_ending_is_mended_by_the_dictionary() -> None:
    assert ("протокол", 1) in vocabulary("протокол").near("протоколамм")


def test_numbers_are_never_guessed() -> None:
    assert vocabulary("1234567").near("1234568") == []


def test_new_words_are_known_after_the_index_changes() -> None:
    words, stamp = ["договор"], ["1"]
    growing = Vocabulary(lambda: list(words), lambda: stamp[0])
    assert growing.near("протакол") == []
    words.append("протокол")
    stamp[0] = "2"
    assert growing.near("протакол") == [("протокол", 1)]
