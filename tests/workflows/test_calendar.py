"""The production calendar and the counting of terms (ГК РФ ст. 190–194, ТК РФ ст. 112)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import DayOverride, WorkingCalendar

CALENDAR = WorkingCalendar.load()
MOSCOW = ZoneInfo("Europe/Moscow")
IRKUTSK = ZoneInfo("Asia/Irkutsk")

days = st.dates(date(2020, 1, 1), date(2027, 12, 31))
counts = st.integers(0, 400)


def d(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC).date()


TERMS_IN_WORKING_DAYS = (
    ("20.11.2026", 3, "25.11.2026"),
    ("21.11.2026", 3, "25.11.2026"),
    ("03.11.2026", 2, "06.11.2026"),
    ("30.04.2026", 3, "06.05.2026"),
    ("08.05.2026", 3, "14.05.2026"),
    ("20.02.2026", 10, "10.03.2026"),
    ("12.01.2026", 7, "21.01.2026"),
    ("29.12.2025", 3, "13.01.2026"),
    ("30.12.2025", 3, "14.01.2026"),
    ("29.12.2026", 3, "12.01.2027"),
    ("31.10.2025", 5, "10.11.2025"),
    ("30.04.2025", 7, "15.05.2025"),
    ("26.04.2024", 3, "03.05.2024"),
    ("27.12.2024", 3, "10.01.2025"),
    ("04.03.2022", 3, "10.03.2022"),
    ("19.02.2021", 3, "25.02.2021"),
)


@pytest.mark.parametrize(("event", "count", "last"), TERMS_IN_WORKING_DAYS)
def test_a_term_in_working_days_skips_holidays_and_counts_working_saturdays(event, count, last):
    assert CALENDAR.add_working_days(d(event), count) == d(last)


@pytest.mark.parametrize(
    ("event", "count", "last"),
    [
        ("24.11.2026", 3, "19.11.2026"),
        ("14.05.2026", 10, "28.04.2026"),
        ("15.01.2026", 5, "29.12.2025"),
    ],
)
def test_a_notice_before_an_event_is_counted_back_in_favour_of_the_notified(event, count, last):
    assert CALENDAR.sub_working_days(d(event), count) == d(last)


@pytest.mark.parametrize(
    ("last_day", "rolled"),
    [
        ("01.03.2026", "02.03.2026"),
        ("01.03.2025", "03.03.2025"),
        ("01.03.2024", "01.03.2024"),
        ("01.03.2027", "01.03.2027"),
        ("09.05.2026", "12.05.2026"),
        ("29.12.2024", "09.01.2025"),
        ("31.12.2026", "11.01.2027"),
    ],
)
def test_a_last_day_off_yields_to_the_next_working_day(last_day, rolled):
    assert CALENDAR.next_working_day(d(last_day)) == d(rolled)


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        ("31.01.2025", 1, "28.02.2025"),
        ("31.01.2024", 1, "29.02.2024"),
        ("20.09.2026", 2, "20.11.2026"),
        ("31.12.2025", 2, "02.03.2026"),
        ("15.11.2026", 2, "15.01.2027"),
    ],
)
def test_a_term_in_months_ends_on_the_same_number_or_on_the_last_day(event, months, last):
    assert CALENDAR.add_months(d(event), months) == d(last)


def test_a_term_in_years_from_29_february_ends_on_the_28th():
    assert CALENDAR.add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_calendar_days_may_be_counted_without_rolling():
    saturday = date(2026, 11, 21)
    assert CALENDAR.add_calendar_days(date(2026, 11, 18), 3, roll=False) == saturday
    assert CALENDAR.add_calendar_days(date(2026, 11, 18), 3) == date(2026, 11, 23)


def test_calendar_days_before_an_event_roll_back_not_forward():
    assert CALENDAR.sub_calendar_days(date(2026, 11, 24), 3) == date(2026, 11, 20)


# --- the table ------------------------------------------------------------------------------------

QUARTERS = (
    (2020, 248, (57, 60, 66, 65)),
    (2021, 247, (56, 62, 66, 63)),
    (2022, 247, (57, 60, 66, 64)),
    (2023, 247, (57, 61, 65, 64)),
    (2024, 248, (57, 60, 66, 65)),
    (2025, 247, (58, 59, 66, 64)),
    (2026, 247, (55, 62, 66, 64)),
    (2027, 247, (56, 62, 66, 63)),
)


@pytest.mark.parametrize(("year", "total", "quarters"), QUARTERS)
def test_working_days_of_year_and_quarters_match_the_published_norm(year, total, quarters):
    working = CALENDAR.working_days_of(year)
    counted = tuple(sum((day.month - 1) // 3 == quarter for day in working) for quarter in range(4))
    assert (len(working), counted) == (total, quarters)


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_agrees_with_the_independent_library(year):
    library = holidays.country_holidays("RU", years=year)
    decree = {date(2020, 6, 24), date(2020, 7, 1)}
    day, differing = date(year, 1, 1), []
    while day.year == year:
        if CALENDAR.is_working(day) != library.is_working_day(day):
            differing.append(day)
        day += timedelta(days=1)
    assert set(differing) <= decree


def test_days_of_the_decrees_are_working_unless_the_setting_says_otherwise():
    by_decree = WorkingCalendar.load(decree_days=True)
    assert CALENDAR.is_working(date(2021, 5, 4))
    assert not by_decree.is_working(date(2021, 5, 4))
    assert CALENDAR.is_working(date(2020, 6, 24))
    assert not by_decree.is_working(date(2020, 6, 24))


@pytest.mark.parametrize(
    ("year", "short"),
    [
        (2024, ["22.02.2024", "07.03.2024", "08.05.2024", "11.06.2024", "02.11.2024"]),
        (2025, ["07.03.2025", "30.04.2025", "11.06.2025", "01.11.2025"]),
        (2026, ["30.04.2026", "08.05.2026", "11.06.2026", "03.11.2026"]),
    ],
)
def test_the_eve_of_a_holiday_is_an_hour_shorter(year, short):
    found = [day for day in CALENDAR.working_days_of(year) if CALENDAR.is_short(day)]
    assert found == [d(text) for text in short]


def test_a_year_without_an_act_is_not_confirmed_and_terms_in_it_are_preliminary():
    assert CALENDAR.confirmed(2026)
    assert not CALENDAR.confirmed(2027)
    assert CALENDAR.preliminary(date(2026, 12, 29), date(2027, 1, 12))
    assert not CALENDAR.preliminary(date(2026, 11, 20), date(2026, 11, 25))


def test_an_unknown_year_moves_a_holiday_from_the_weekend_by_itself():
    assert date(2028, 6, 12).weekday() == 0
    assert date(2029, 5, 9).weekday() == 2
    assert date(2028, 11, 4).weekday() == 5
    assert not CALENDAR.is_working(date(2028, 11, 6))
    assert CALENDAR.is_working(date(2028, 11, 7))


def test_days_entered_by_the_staff_win_and_confirm_the_year():
    entered = CALENDAR.with_overrides(
        [DayOverride(date(2028, 5, 8), False, "перенос с 8 января", "ПП РФ № 1")], confirmed=[2028]
    )
    assert not entered.is_working(date(2028, 5, 8))
    assert entered.confirmed(2028)
    assert CALENDAR.is_working(date(2028, 5, 8))


def test_a_change_of_the_calendar_changes_the_version_of_that_year_alone():
    entered = CALENDAR.with_overrides([DayOverride(date(2026, 12, 30), False)])
    assert entered.version(2026) != CALENDAR.version(2026)
    assert entered.version(2025) == CALENDAR.version(2025)


# --- receipt --------------------------------------------------------------------------------------


def test_what_came_through_the_cabinet_at_night_is_received_on_the_same_day():
    late = datetime(2026, 11, 20, 23, 59, 59, tzinfo=MOSCOW)
    assert CALENDAR.legal_receipt_date(late, MOSCOW) == date(2026, 11, 20)


def test_the_day_is_read_by_the_clock_of_the_organisation_not_by_utc():
    night_in_irkutsk = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert CALENDAR.legal_receipt_date(night_in_irkutsk, IRKUTSK) == date(2026, 11, 20)
    assert CALENDAR.legal_receipt_date(night_in_irkutsk, MOSCOW) == date(2026, 11, 19)


def test_what_came_on_a_day_off_is_received_on_the_next_working_day():
    saturday = datetime(2026, 11, 21, 12, 0, tzinfo=MOSCOW)
    assert CALENDAR.legal_receipt_date(saturday, MOSCOW) == date(2026, 11, 23)


def test_a_paper_brought_after_closing_is_received_on_the_next_working_day():
    evening = datetime(2026, 11, 20, 18, 0, tzinfo=MOSCOW)
    assert CALENDAR.legal_receipt_date(evening, MOSCOW, closes_at=time(18)) == date(2026, 11, 23)
    assert CALENDAR.legal_receipt_date(evening, MOSCOW, closes_at=time(18, 1)) == date(2026, 11, 20)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="пояс"):
        CALENDAR.legal_receipt_date(datetime(2026, 11, 20, 10, 0), MOSCOW)


# --- properties -----------------------------------------------------------------------------------


def slow_add(event: date, count: int) -> date:
    day = event
    while count:
        day += timedelta(days=1)
        count -= CALENDAR.is_working(day)
    return day


@given(days, st.integers(1, 60))
def test_adding_agrees_with_counting_day_by_day(event, count):
    assert CALENDAR.add_working_days(event, count) == slow_add(event, count)


@given(days, counts)
def test_a_term_always_ends_on_a_working_day_not_before_the_event(event, count):
    last = CALENDAR.add_working_days(event, count)
    assert CALENDAR.is_working(last)
    assert last >= event


@given(days, st.integers(1, 400))
def test_as_many_working_days_lie_between_event_and_last_day_as_the_term_has(event, count):
    last = CALENDAR.add_working_days(event, count)
    assert CALENDAR.working_days_between(event, last) == count
    assert CALENDAR.working_days_between(last, event) == -count


@given(days, st.integers(1, 400))
def test_counting_back_from_a_working_day_undoes_counting_forward(event, count):
    start = CALENDAR.next_working_day(event)
    assert CALENDAR.sub_working_days(CALENDAR.add_working_days(start, count), count) == start


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_a_longer_term_never_ends_earlier(event, one, more):
    assert CALENDAR.add_working_days(event, one) <= CALENDAR.add_working_days(event, one + more)


@given(days, st.integers(0, 120))
def test_a_term_in_months_keeps_the_number_of_the_day_or_takes_the_last(event, months):
    last = CALENDAR.add_months(event, months, roll=False)
    assert last.day == event.day or (last + timedelta(days=1)).day == 1
    assert (last.year - event.year) * 12 + last.month - event.month == months


@pytest.mark.parametrize(
    "method", ["add_working_days", "add_calendar_days", "add_months", "sub_working_days"]
)
def test_a_negative_term_is_refused(method):
    with pytest.raises(ValueError, match="не бывает"):
        getattr(CALENDAR, method)(date(2026, 11, 20), -1)
