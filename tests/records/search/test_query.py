"""What a clerk types, as a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.search.query import MAX_NODES, chunks, parse
from records.search.tree import And, Everything, Node, Nothing, Or, Phrase, Word, positive


def terms(node: Node) -> set[str]:
    found: set[str] = set()
    for leaf in positive(node):
        found |= (
            {*leaf.terms, *leaf.prefixes} if isinstance(leaf, Word) else {t for s in leaf.slots for t in s}
        )
    return found


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u00ad"])
def test_blank_asks_for_everything(text: str) -> None:
    assert parse(text) == Everything()


@pytest.mark.parametrize("text", ["***", '"*:()[]~^/\\ ', "№", "-", "☃", "«»"])
def test_signs_alone_ask_for_nothing(text: str) -> None:
    assert parse(text) == Nothing()


def test_words_mean_all_of_them() -> None:
    node = parse("договор подряда")
    assert isinstance(node, And)
    assert len(node.nodes) == 2
    assert node.without == ()


@pytest.mark.parametrize("text", ["жалоба OR претензия", "жалоба ИЛИ претензия", "жалоба | претензия"])
def test_or_in_two_languages(text: str) -> None:
    assert isinstance(parse(text), Or)


@pytest.mark.parametrize(
    "text", ["договор NOT аренда", "договор НЕ аренда", "договор -аренда", "-аренда договор"]
)
def test_not_in_three_writings(text: str) -> None:
    node = parse(text)
    assert isinstance(node, And)
    assert (len(node.nodes), len(node.without)) == (1, 1)


def test_a_phrase_may_be_excluded() -> None:
    node = parse('протокол -"общее собрание"')
    assert isinstance(node, And)
    assert isinstance(node.without[0], Phrase)


def test_brackets_group() -> None:
    node = parse("договор (аренды OR страхования)")
    assert isinstance(node, And)
    assert isinstance(node.nodes[1], Or)


def test_and_binds_closer_than_or() -> None:
    node = parse("акт проверки OR выписка")
    assert isinstance(node, Or)
    assert isinstance(node.nodes[0], And)


@pytest.mark.parametrize("text", ['"акт сверки"', "«акт сверки»", "“акт сверки”", "„акт сверки“"])
def test_quotes_of_all_kinds_make_a_phrase(text: str) -> None:
    assert isinstance(parse(text), Phrase)


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert "юго" in terms(parse("юго-запад"))


def test_an_unpaired_quote_is_no_quote() -> None:
    assert parse('доверенность" (') == parse("доверенность")


def test_forms_with_other_stems_come_from_the_dictionary() -> None:
    assert {"выписк", "выписок"} <= terms(parse("выписки"))
    assert {"люд", "человек"} <= terms(parse("человек"))


def test_stop_words_count_only_when_alone() -> None:
    assert parse("о приёме в члены") == parse("приёме члены")
    assert isinstance(parse("и в на"), And)


def test_an_abbreviation_and_its_reading_meet() -> None:
    assert "одо" in terms(parse("обеспечения договорных обязательств"))
    assert "обязательств" in terms(parse("ОДО"))


def test_a_reading_in_quotes_meets_its_abbreviation() -> None:
    assert "нрс" in terms(parse("«национальный реестр специалистов»"))


def test_a_number_is_asked_as_a_whole() -> None:
    assert parse("51-17") == Word((), ("n51_17_",))
    assert parse("№51-17") == parse("51-17") == parse("51–17")


def test_few_digits_are_no_beginning() -> None:
    assert parse("118") == Word(("118", "z118", "s118"))


def test_four_digits_are_a_beginning_and_an_end() -> None:
    node = parse("4173")
    assert isinstance(node, Word)
    assert node.prefixes == ("4173", "r3714")


def test_a_label_before_a_number_is_not_a_word() -> None:
    assert parse("ИНН 3812044173") == parse("3812044173")
    assert parse("ИНН") != parse("3812044173")


def test_a_beginning_longer_than_its_stem_reaches_the_stem() -> None:
    assert "доверен" in terms(parse("доверенност*"))


def test_repeated_words_count_once() -> None:
    assert parse("договор подряда " * 600) == parse("договор подряда")


def test_long_queries_are_bounded() -> None:
    node = parse(" ".join(f"слово{chr(1072 + n % 30)}{chr(1072 + n // 30)}" for n in range(200)))
    assert isinstance(node, And)
    assert len(node.nodes) <= MAX_NODES


def test_deep_brackets_are_bounded() -> None:
    assert parse("(" * 700 + "договор" + ")" * 700) in (Nothing(), parse("договор"))


@given(st.text(max_size=80))
def test_anything_is_a_query(text: str) -> None:
    assert isinstance(parse(text), Word | Phrase | And | Or | Everything | Nothing)


def test_words_to_mend_are_the_wanted_ones() -> None:
    _cleaned, words = chunks('протакол и "компенсационый фонд" NOT жалоба -письмо OR акт')
    assert [word.text for word in words] == ["протакол", "компенсационый", "фонд", "акт"]
