"""Dates, zones, ages and periods on screens and in papers (U-12, U-14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import dates
from language.zones import russian_zones, zone_label

MOSCOW = ZoneInfo("Europe/Moscow")
IRKUTSK = ZoneInfo("Asia/Irkutsk")
FRIDAY = date(2026, 11, 20)
TEN = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (dates.short_date(FRIDAY), "20.11.2026"),
        (dates.short_date(date(2026, 3, 1)), "01.03.2026"),
        (dates.long_date(FRIDAY), "20\u00a0ноября\u00a02026\u00a0г."),
        (dates.long_date(FRIDAY, "года"), "20\u00a0ноября\u00a02026\u00a0года"),
        (dates.quoted_date(date(2026, 5, 4)), "«04»\u00a0мая\u00a02026\u00a0г."),
        (dates.month_and_year(FRIDAY), "ноябрь\u00a02026\u00a0г."),
        (dates.quarter(FRIDAY), "IV\u00a0квартал\u00a02026\u00a0г."),
        (dates.with_weekday(FRIDAY), "пт,\u00a020.11.2026"),
        (dates.on_weekday(date(2026, 11, 24)), "во\u00a0вторник"),
    ],
)
def test_a_date_is_written_the_russian_way_and_never_wraps(shown, expected):
    assert shown == expected


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2026, 11, 20), date(2026, 11, 25), "20–25 ноября 2026 г."),
        (date(2026, 11, 30), date(2026, 12, 2), "30 ноября – 2 декабря 2026 г."),
        (date(2026, 12, 29), date(2027, 1, 12), "29 декабря 2026 г. – 12 января 2027 г."),
        (FRIDAY, FRIDAY, "20 ноября 2026 г."),
    ],
)
def test_a_period_says_once_what_is_equal(start, end, shown):
    assert dates.period(start, end).replace("\u00a0", " ") == shown


def test_a_period_may_not_end_before_it_begins():
    with pytest.raises(ValueError, match="раньше"):
        dates.period(FRIDAY, FRIDAY - timedelta(days=1))


# --- zones ----------------------------------------------------------------------------------------


def test_a_reader_in_irkutsk_sees_the_organisations_time_and_his_own():
    assert dates.zoned_time(TEN, MOSCOW, IRKUTSK).replace("\u00a0", " ") == "10:00 МСК (15:00 Иркутск)"


def test_a_reader_with_the_same_clock_sees_one_time():
    assert dates.zoned_time(TEN, MOSCOW, ZoneInfo("Europe/Kirov")).replace("\u00a0", " ") == "10:00 МСК"


def test_where_the_readers_day_differs_his_date_is_shown():
    night = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    shown = dates.zoned_datetime(night, MOSCOW, IRKUTSK).replace("\u00a0", " ")
    assert shown == "20.11.2026, 23:00 МСК (21.11.2026, 04:00 Иркутск)"


def test_a_moment_in_a_letter():
    shown = dates.long_datetime(TEN, MOSCOW).replace("\u00a0", " ")
    assert shown == "20 ноября 2026 г. в 10:00 МСК"


def test_a_moment_without_a_zone_is_never_shown():
    with pytest.raises(ValueError, match="без часового пояса"):
        dates.zoned_time(datetime(2026, 11, 20, 10, 0), MOSCOW)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        (MOSCOW, "МСК"),
        (IRKUTSK, "Иркутск"),
        (ZoneInfo("Asia/Yekaterinburg"), "Екатеринбург"),
        (ZoneInfo("Europe/Berlin"), "Берлин"),
        (ZoneInfo("UTC"), "UTC"),
        (UTC, "UTC"),
        (timezone(timedelta(hours=8)), "UTC+8"),
        (timezone(-timedelta(hours=3, minutes=30)), "UTC−3:30"),
    ],
)
def test_every_zone_has_a_label(zone, label):
    assert zone_label(zone) == label


def test_the_russian_zones_exist():
    assert {key for key, _ in russian_zones()} <= available_timezones()


# --- age and distance -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "today", "shown"),
    [
        (date(2020, 2, 10), FRIDAY, "6 лет 9 мес."),
        (date(2026, 2, 20), FRIDAY, "9 мес."),
        (date(2025, 11, 20), FRIDAY, "1 год"),
        (date(2005, 11, 21), FRIDAY, "20 лет 11 мес."),
        (date(2026, 11, 8), FRIDAY, "12 дней"),
        (FRIDAY, FRIDAY, "0 дней"),
        (date(2026, 1, 31), date(2026, 2, 28), "1 мес."),
        (date(2024, 2, 29), date(2025, 2, 28), "1 год"),
    ],
)
def test_age_and_length_of_service(start, today, shown):
    assert dates.age(start, today).replace("\u00a0", " ") == shown


def test_five_years_are_full_only_on_the_day():
    assert dates.full_years(date(2021, 11, 20), FRIDAY) == 5
    assert dates.full_years(date(2021, 11, 21), FRIDAY) == 4


@pytest.mark.parametrize(
    ("distance", "shown"),
    [
        (-8, "12.11.2026"),
        (-5, "5 дней назад"),
        (-2, "позавчера"),
        (-1, "вчера"),
        (0, "сегодня"),
        (1, "завтра"),
        (2, "послезавтра"),
        (3, "через 3 дня"),
        (8, "28.11.2026"),
    ],
)
def test_near_days_are_named(distance, shown):
    assert dates.relative_day(FRIDAY + timedelta(days=distance), FRIDAY).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=30), "только что"),
        (timedelta(minutes=1), "1 минуту назад"),
        (timedelta(minutes=22), "22 минуты назад"),
        (timedelta(hours=5), "сегодня в 10:00 МСК"),
        (timedelta(days=1), "вчера в 10:00 МСК"),
        (-timedelta(days=1), "завтра в 10:00 МСК"),
        (timedelta(days=2), "20.11.2026, 10:00 МСК"),
    ],
)
def test_near_moments_are_named(passed, shown):
    assert dates.relative_moment(TEN, TEN + passed, MOSCOW).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=2, hours=3, minutes=5), "2 дня 3 часа"),
        (timedelta(hours=21, minutes=5), "21 час 5 минут"),
        (timedelta(minutes=1, seconds=59), "1 минута"),
        (timedelta(seconds=59), "меньше минуты"),
        (timedelta(0), "время вышло"),
    ],
)
def test_the_countdown_names_the_two_greatest_parts(left, shown):
    assert dates.countdown(left).replace("\u00a0", " ") == shown


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 30000))
def test_full_months_never_go_back_as_time_passes(start, days):
    end = start + timedelta(days=days)
    assert dates.full_months_between(start, end) <= dates.full_months_between(start, end + timedelta(days=1))
