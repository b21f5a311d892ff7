"""The contract of the port, kept by every backend."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from records.search import CAP, WINDOW, Filters, IndexDoc, IndexFile, Page, Search, SearchBackend
from records.search.query import parse

ALL = frozenset({"all"})


def doc(number: int, body: str = "договор", **fields: object) -> IndexDoc:
    given = {"title": f"Запись {number}", "labels": ALL, "kind": "letter", "state": "registered", **fields}
    return IndexDoc(id=number, body=body, **given)  # type: ignore[arg-type]


def ask(backend: SearchBackend, text: str, labels: frozenset[str] = ALL, **options: object) -> Page:
    return backend.search(parse(text), labels, **options)  # type: ignore[arg-type]


def ids(page: Page) -> list[int]:
    return [hit.id for hit in page.hits]


def test_an_empty_index_answers(backend: SearchBackend) -> None:
    page = ask(backend, "договор")
    assert (ids(page), page.total, page.total_capped) == ([], 0, False)
    assert ids(ask(backend, "")) == []


def test_what_is_added_is_found_at_once(backend: SearchBackend) -> None:
    backend.add([doc(1, "выписка из реестра")])
    assert ids(ask(backend, "выписок")) == [1]


def test_a_changed_record_is_found_by_its_new_words_only(backend: SearchBackend) -> None:
    backend.add([doc(1, "выписка", date=date(2026, 1, 1)), doc(2, "справка")])
    backend.add([doc(1, "претензия", date=date(2026, 5, 5), state="accepted")])
    assert ids(ask(backend, "выписка")) == []
    page = ask(backend, "претензия")
    assert ids(page) == [1]
    assert page.facets["state"] == {"accepted": 1}
    assert backend.check()["count"] == 2


def test_the_last_of_one_batch_wins(backend: SearchBackend) -> None:
    backend.add([doc(1, "выписка"), doc(1, "справка")])
    assert ids(ask(backend, "выписка")) == []
    assert ids(ask(backend, "справка")) == [1]


def test_what_is_removed_is_gone(backend: SearchBackend) -> None:
    backend.add([doc(1), doc(2)])
    backend.remove([1, 99])
    page = ask(backend, "договор")
    assert (ids(page), page.total, page.facets["kind"]) == ([2], 1, {"letter": 1})


def test_a_rebuild_replaces_everything(backend: SearchBackend) -> None:
    backend.add([doc(1), doc(2)])
    told: list[int] = []
    assert backend.rebuild([doc(3), doc(4), doc(4)], told.append) == 2
    assert sorted(ids(ask(backend, "договор"))) == [3, 4]
    assert told
    assert backend.check()["due"] is False


def test_a_failed_rebuild_leaves_the_old_index(backend: SearchBackend) -> None:
    backend.add([doc(1)])

    def torn() -> object:
        yield doc(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        backend.rebuild(torn())  # type: ignore[arg-type]
    assert ids(ask(backend, "договор")) == [1]
    backend.add([doc(3)])
    assert sorted(ids(ask(backend, "договор"))) == [1, 3]


def test_the_stamp_changes_with_the_index(backend: SearchBackend) -> None:
    before = backend.stamp()
    backend.add([doc(1)])
    assert backend.stamp() != before


def test_optimize_changes_no_answer(backend: SearchBackend) -> None:
    for number in range(1, 8):
        backend.add([doc(number)])
    backend.remove([3])
    backend.optimize()
    assert sorted(ids(ask(backend, "договор"))) == [1, 2, 4, 5, 6, 7]
    assert backend.check()["segments"] == 1


def test_large_writes_are_joined_without_loss(backend: SearchBackend) -> None:
    for start in (1, 101, 201):
        backend.add(
            [
                doc(number, f"договор аренды {number}", internal="тайна")
                for number in range(start, start + 100)
            ]
        )
    backend.remove(range(1, 51))
    backend.optimize()
    assert ask(backend, '"договоры аренды"').total == 250
    assert ask(backend, "тайна", staff=True).total == 250
    assert ids(ask(backend, "договор 277")) == [277]
    assert backend.check()["count"] == 250


def test_many_small_writes_do_not_pile_up(backend: SearchBackend) -> None:
    for number in range(1, 61):
        backend.add([doc(number)])
    backend.remove(range(1, 11))
    assert ask(backend, "договор").total == 50
    assert int(str(backend.check()["segments"])) <= 30


# --- Order, pages, counts


def test_newest_is_by_the_day_of_the_document_then_by_its_number(backend: SearchBackend) -> None:
    backend.add(
        [doc(1, date=date(2026, 3, 1)), doc(2, date=date(2025, 3, 1)), doc(3, date=date(2026, 3, 1)), doc(4)]
    )
    assert ids(ask(backend, "договор", sort="newest")) == [3, 1, 2, 4]
    assert ids(ask(backend, "договор", sort="newest", offset=1, limit=2)) == [1, 2]


def test_the_title_weighs_more_than_the_text(backend: SearchBackend) -> None:
    backend.add([doc(1, "доверенность приложена к письму"), doc(2, "текст письма", title="Доверенность")])
    assert ids(ask(backend, "доверенность")) == [2, 1]


def test_blank_asks_for_everything_newest_first(backend: SearchBackend) -> None:
    backend.add([doc(1), doc(2), doc(3)])
    assert ids(ask(backend, "", sort="newest")) == [3, 2, 1]


def test_counts_and_pages_past_the_cap(backend: SearchBackend) -> None:
    backend.add(doc(number) for number in range(1, CAP + 101))
    page = ask(backend, "договор")
    assert (page.total, page.total_capped) == (CAP, True)
    assert sum(page.facets["kind"].values()) == CAP
    first = ids(ask(backend, "договор", limit=WINDOW))
    assert sorted(first) == list(range(CAP + 101 - WINDOW, CAP + 101))  # the newest are those that are ranked
    beyond = ids(ask(backend, "договор", offset=CAP - 2, limit=5))
    assert beyond == [102, 101, 100, 99, 98]
    assert ids(ask(backend, "договор", offset=CAP + 98, limit=50)) == [2, 1]
    assert ids(ask(backend, "договор", offset=5000)) == []


def test_a_count_needs_no_hits(backend: SearchBackend) -> None:
    backend.add([doc(1), doc(2)])
    page = ask(backend, "договор", limit=0)
    assert (ids(page), page.total) == ([], 2)


# --- Filters and facets


def test_filters_narrow_hits_counts_and_facets(backend: SearchBackend) -> None:
    backend.add(
        [
            doc(1, kind="letter", state="registered", organisation_id=7, date=date(2026, 1, 10)),
            doc(2, kind="notice", state="registered", organisation_id=8, date=date(2026, 2, 10)),
            doc(3, kind="notice", state="closed", organisation_id=7, date=date(2026, 3, 10)),
        ]
    )
    page = ask(backend, "договор")
    assert page.facets == {"kind": {"letter": 1, "notice": 2}, "state": {"registered": 2, "closed": 1}}
    assert ids(ask(backend, "договор", filters=Filters(kind="letter"))) == [1]
    assert ask(backend, "договор", filters=Filters(kind=["letter", "notice"])).total == 3
    assert ids(ask(backend, "договор", filters=Filters(kind="notice", state="closed"))) == [3]
    assert sorted(ids(ask(backend, "договор", filters=Filters(organisation_id=7)))) == [1, 3]
    assert sorted(ids(ask(backend, "договор", filters=Filters(organisation_id=[7, 8])))) == [1, 2, 3]
    days = Filters(date_from=date(2026, 1, 10), date_to=date(2026, 2, 10))
    assert sorted(ids(ask(backend, "договор", filters=days))) == [1, 2]
    assert ask(backend, "договор", filters=days).facets["kind"] == {"letter": 1, "notice": 1}
    assert ids(ask(backend, "договор", filters=Filters(kind=[]))) == []


def test_words_may_stand_in_different_places_of_a_record(backend: SearchBackend) -> None:
    backend.add([doc(1, "аренда", title="Договор", files=[IndexFile(5, "акт.pdf", "помещение и котельная")])])
    assert ids(ask(backend, "договор аренды котельной")) == [1]


def test_a_phrase_does_not_cross_from_text_to_text(backend: SearchBackend) -> None:
    files = [IndexFile(1, "a.txt", "первый акт"), IndexFile(2, "b.txt", "сверки нет")]
    backend.add([doc(1, "строительный", title="Контроль", files=files)])
    assert ids(ask(backend, '"акт сверки"')) == []
    assert ids(ask(backend, '"контроль строительный"')) == []
    assert ids(ask(backend, '"первый акт"')) == [1]


def test_phrases_of_forms_that_differ_in_stem(backend: SearchBackend) -> None:
    backend.add([doc(1, "копии выписок из реестра")])
    assert ids(ask(backend, "«копия выписки»")) == [1]


def test_a_very_long_text_is_found_by_every_word(backend: SearchBackend) -> None:
    middle = " ".join(f"слово{chr(1072 + i % 32)}{chr(1072 + i // 32 % 32)} {i}" for i in range(30_000))
    backend.add(
        [doc(1, "", files=[IndexFile(1, "устав.docx", f"начало документа {middle} предпоследний конец")])]
    )
    assert ids(ask(backend, "начало конец 29999")) == [1]
    assert ids(ask(backend, '"начало документа"')) == [1]


def test_odd_letters_and_endless_words_do_no_harm(backend: SearchBackend) -> None:
    backend.add([doc(1, "ҮӨҺ İstanbul ﬁn ½ ² Ⅷ \x00 " + "ы" * 5000 + " 'кавычка\\ договор")])
    assert ids(ask(backend, "договор кавычка")) == [1]
    assert ids(ask(backend, "үөһ")) == [1]


# --- Rights


def test_a_record_is_visible_by_any_common_label(backend: SearchBackend) -> None:
    backend.add([doc(1, labels=frozenset({"org:1", "staff"})), doc(2, labels=frozenset({"org:2", "staff"}))])
    assert ids(ask(backend, "договор", frozenset({"org:1"}))) == [1]
    assert sorted(ids(ask(backend, "договор", frozenset({"staff"})))) == [1, 2]
    assert sorted(ids(ask(backend, "договор", frozenset({"org:1", "org:2"})))) == [1, 2]


def test_no_label_sees_nothing(backend: SearchBackend) -> None:
    backend.add([doc(1), doc(2, labels=frozenset())])
    assert ask(backend, "договор", frozenset()) == Page()
    assert ask(backend, "", frozenset()) == Page()
    assert ids(ask(backend, "договор")) == [1]


def test_labels_do_not_match_in_part(backend: SearchBackend) -> None:
    backend.add([doc(1, labels=frozenset({"org:12"})), doc(2, labels=frozenset({"org:1 2"}))])
    assert ask(backend, "договор", frozenset({"org:1"})).total == 0
    assert ask(backend, "договор", frozenset({"org"})).total == 0
    assert ask(backend, "договор", frozenset({"2"})).total == 0


def test_labels_are_no_words_to_search_by(backend: SearchBackend) -> None:
    backend.add([doc(1, labels=frozenset({"тайный"}))])
    assert ask(backend, "тайный", frozenset({"тайный"})).total == 0


@pytest.mark.requirement("R-20")
@pytest.mark.parametrize(
    "text", ["договор", "", "NOT космодром", "договор OR письмо", "дого*", '"договор аренды"']
)
def test_foreign_records_show_neither_in_totals_nor_in_facets(backend: SearchBackend, text: str) -> None:
    backend.add(
        [
            doc(1, "договор аренды", kind="letter", labels=frozenset({"org:1"})),
            doc(2, "договор аренды", kind="complaint", state="secret", labels=frozenset({"org:2"})),
        ]
    )
    page = ask(backend, text, frozenset({"org:1"}))
    assert (ids(page), page.total) == ([1], 1)
    assert page.facets == {"kind": {"letter": 1}, "state": {"registered": 1}}


def test_changed_labels_hide_at_once(backend: SearchBackend) -> None:
    backend.add([doc(1, labels=frozenset({"org:1"}))])
    backend.add([doc(1, labels=frozenset({"org:2"}))])
    assert ask(backend, "договор", frozenset({"org:1"})).total == 0


def test_internal_remarks_are_found_by_the_staff_alone(backend: SearchBackend) -> None:
    backend.add([doc(1, "письмо члена", internal="подозрение на подделку печати")])
    assert ids(ask(backend, "подделка")) == []
    assert ids(ask(backend, '"подделку печати"')) == []
    assert ids(ask(backend, "поддел*")) == []
    assert ids(ask(backend, "подделка", staff=True)) == [1]
    assert ids(ask(backend, '"подделку печати"', staff=True)) == [1]
    assert ids(ask(backend, "письмо подделка", staff=True)) == [1]
    assert ids(ask(backend, "письмо NOT подделка")) == [1]
    assert ids(ask(backend, "письмо NOT подделка", staff=True)) == []


@pytest.mark.requirement("R-20", "U-16")
def test_corrections_know_only_visible_words(backend: SearchBackend) -> None:
    mine, foreign = frozenset({"org:1"}), frozenset({"org:2"})
    docs = {
        1: doc(1, "гидроизоляция кровли", labels=mine, internal="махинация"),
        2: doc(2, "банкротство подрядчика", labels=foreign),
    }
    backend.add(docs.values())
    search = Search(backend, lambda wanted: {number: docs[number] for number in wanted})
    assert search.search("гидраизоляция", mine).corrected == "гидроизоляция"
    hidden = search.search("банкротсво", mine)
    assert (hidden.total, hidden.corrected) == (0, None)
    assert search.search("банкротсво", foreign).corrected == "банкротство"
    assert search.search(",fyrhjncndj", mine).corrected is None
    assert search.search("банкрот", mine).corrected is None
    assert search.search("мохинация", mine).corrected is None
    assert search.search("мохинация", mine, staff=True).corrected == "махинация"


def test_snippets_never_show_internal_remarks_to_members(backend: SearchBackend) -> None:
    docs = {1: doc(1, "письмо о задолженности", internal="о задолженности врут")}
    backend.add(docs.values())
    search = Search(backend, lambda wanted: {number: docs[number] for number in wanted})
    assert "врут" not in search.search("задолженность", ALL).hits[0].snippet
    assert "врут" in search.search("врут", ALL, staff=True).hits[0].snippet


# --- Together


def test_threads_may_search_while_one_writes(backend: SearchBackend) -> None:
    backend.add([doc(number) for number in range(1, 21)])
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                assert ask(backend, "договор").total >= 20
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(21, 41):
        backend.add([doc(number)])
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert ask(backend, "договор").total == 40
