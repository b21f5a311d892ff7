"""The charter's provisions: defaults, what they may be, and their editions by date."""

from datetime import date

import pytest

from meetings.charter import PROVISIONS, Charter, Edition, in_force


def test_every_provision_has_a_title_a_source_and_a_lawful_default():
    assert [p.name for p in PROVISIONS.values() if not p.title or not p.source or p.fault(p.default)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quorum_live", "all"),
        ("quorum_live", "1/2"),
        ("live_base", "everybody"),
        ("notice_working_days", -1),
        ("notice_working_days", True),
        ("code_attempts", 0),
        ("delegation", 3),
        ("unknown", "x"),
    ],
)
def test_a_value_that_cannot_be_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        Charter.of({name: value})


def test_the_edition_of_the_day_binds_and_later_ones_do_not():
    editions = [
        Edition(date(2026, 5, 1), {"ordinary_threshold": ">2/3"}, "протокол № 2"),
        Edition(date(2025, 1, 1), {"ordinary_threshold": ">=3/5", "both_parts": "absentee"}, "протокол № 1"),
    ]
    assert in_force(editions, date(2026, 4, 30)).word("ordinary_threshold") == ">=3/5"
    assert in_force(editions, date(2026, 5, 1)).word("ordinary_threshold") == ">2/3"
    assert in_force(editions, date(2026, 5, 1)).word("both_parts") == "absentee"
    assert in_force(editions, date(2024, 1, 1)).word("ordinary_threshold") == ">1/2"
