"""What runs out, the minimum of specialists, the length of membership in words."""

from datetime import date, timedelta

import pytest

from register.terms import (
    Specialist,
    expiry_mark,
    extract_valid_until,
    is_warning_day,
    membership_length,
    next_planned_inspection,
    qualification_until,
    specialists_short,
)

TODAY = date(2026, 11, 21)
NBSP = "\u00a0"


@pytest.mark.requirement("C-35")
@pytest.mark.parametrize(
    ("left", "mark"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0)]
)
def test_an_end_is_marked_at_sixty_thirty_and_seven_days(left, mark):
    assert expiry_mark(TODAY + timedelta(days=left), TODAY) == mark


@pytest.mark.requirement("C-35")
def test_each_warning_goes_out_on_one_day():
    told = [left for left in range(-5, 100) if is_warning_day(TODAY + timedelta(days=left), TODAY)]
    assert told == [-1, 7, 30, 60]


@pytest.mark.requirement("C-21")
@pytest.mark.parametrize(
    ("since", "today", "words"),
    [
        (date(2013, 12, 5), date(2020, 9, 7), "6 лет 9 мес"),
        (date(2025, 11, 21), TODAY, "1 год"),
        (date(2024, 10, 21), TODAY, "2 года 1 мес"),
        (date(2005, 11, 21), TODAY, "21 год"),
        (date(2026, 11, 10), TODAY, "11 дней"),
        (date(2026, 8, 31), date(2026, 11, 30), "3 мес"),
    ],
)
def test_the_length_of_membership_is_said_by_the_rules_of_russian(since, today, words):
    assert membership_length(since, today).replace(NBSP, " ") == words


@pytest.mark.requirement("C-21")
def test_membership_that_ended_is_counted_to_its_end():
    words = membership_length(date(2013, 12, 5), TODAY, date(2020, 9, 7))
    assert words.replace(NBSP, " ") == "6 лет 9 мес"


def person(**more):
    return Specialist(**{"is_listed": True, "main_work": True, "assessed_on": date(2023, 1, 10), **more})


@pytest.mark.requirement("C-36")
def test_the_minimum_counts_listed_qualified_people_at_their_main_work():
    people = [
        person(),
        person(is_listed=False),
        person(main_work=False),
        person(assessed_on=date(2021, 11, 20)),
        person(assessed_on=None),
        person(employed_to=date(2026, 11, 20)),
        person(employed_from=date(2026, 11, 22)),
    ]
    assert specialists_short(people, TODAY) == 1
    assert specialists_short([*people, person()], TODAY) == 0


def test_an_assessment_holds_five_years_to_the_day():
    assert qualification_until(date(2024, 2, 29)) == date(2029, 2, 28)
    assert person(assessed_on=date(2021, 11, 21)).is_qualified(TODAY)


@pytest.mark.parametrize(
    ("issued", "until"), [(date(2026, 10, 15), date(2026, 11, 15)), (date(2026, 1, 31), date(2026, 2, 28))]
)
def test_an_extract_holds_a_month_without_a_roll(issued, until):
    assert extract_valid_until(issued, 1) == until
    assert extract_valid_until(issued, None) is None


def test_a_planned_inspection_comes_within_one_to_three_years():
    assert next_planned_inspection(date(2024, 5, 10), date(2020, 1, 1)) == (
        date(2025, 5, 10),
        date(2027, 5, 10),
    )
    assert next_planned_inspection(None, date(2026, 1, 1)) == (date(2026, 1, 2), date(2029, 1, 1))
