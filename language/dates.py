"""Dates and times as Russian papers and screens write them; blanks inside never break a line."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from language.grammar import NBSP
from language.plural import DAY, HOUR, MINUTE, YEAR, counted, plural
from language.zones import in_zone, zone_label

MONTHS: Final = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
MONTHS_GENITIVE: Final = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
WEEKDAYS: Final = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"]
WEEKDAYS_SHORT: Final = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
_QUARTERS: Final = ("I", "II", "III", "IV")
_ON_WEEKDAY: Final = [
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
]
_NEAR_DAYS: Final = {-2: "позавчера", -1: "вчера", 0: "сегодня", 1: "завтра", 2: "послезавтра"}


def short_date(day: date) -> str:
    """«20.11.2026»."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def long_date(day: date, year_word: str = "г.") -> str:
    """«20 ноября 2026 г.»; in solemn papers pass `year_word="года"`."""
    return NBSP.join((str(day.day), MONTHS_GENITIVE[day.month - 1], str(day.year), year_word))


def quoted_date(day: date) -> str:
    """«20» ноября 2026 г. — as letters and contracts have it under the heading."""
    return NBSP.join((f"«{day.day:02d}»", MONTHS_GENITIVE[day.month - 1], str(day.year), "г."))


def month_and_year(day: date) -> str:
    """«ноябрь 2026 г.»."""
    return NBSP.join((MONTHS[day.month - 1], str(day.year), "г."))


def quarter(day: date) -> str:
    """«IV квартал 2026 г.»."""
    return NBSP.join((_QUARTERS[(day.month - 1) // 3], "квартал", str(day.year), "г."))


def with_weekday(day: date) -> str:
    """«пт, 20.11.2026»."""
    return f"{WEEKDAYS_SHORT[day.weekday()]},{NBSP}{short_date(day)}"


def on_weekday(day: date) -> str:
    """«в пятницу», «во вторник»."""
    return _ON_WEEKDAY[day.weekday()].replace(" ", NBSP)


def period(start: date, end: date) -> str:
    """«20–25 ноября 2026 г.», «30 ноября – 2 декабря 2026 г.»; what is equal is said once."""
    if end < start:
        raise ValueError("конец периода раньше начала")
    if start == end:
        return long_date(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{long_date(end)}"
    first = f"{start.day}{NBSP}{MONTHS_GENITIVE[start.month - 1]}"
    if start.year != end.year:
        first = long_date(start)
    return f"{first}{NBSP}– {long_date(end)}"


def clock(moment: datetime) -> str:
    """Hours and minutes of a moment already in its zone: «09:05»."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def zoned_time(moment: datetime, zone: tzinfo, local: tzinfo | None = None) -> str:
    """Time by the organisation's clock and by the reader's: «10:00 МСК (15:00 Иркутск)».

    When the reader's day differs, his date is shown too; when the clocks agree, nothing is said twice.
    """
    own = in_zone(moment, zone)
    text = f"{clock(own)}{NBSP}{zone_label(zone)}"
    if local is None:
        return text
    theirs = in_zone(moment, local)
    if theirs.utcoffset() == own.utcoffset():
        return text
    day = "" if theirs.date() == own.date() else f"{short_date(theirs)},{NBSP}"
    return f"{text} ({day}{clock(theirs)}{NBSP}{zone_label(local)})"


def zoned_datetime(moment: datetime, zone: tzinfo, local: tzinfo | None = None) -> str:
    """«20.11.2026, 10:00 МСК (15:00 Иркутск)»."""
    return f"{short_date(in_zone(moment, zone))},{NBSP}{zoned_time(moment, zone, local)}"


def long_datetime(moment: datetime, zone: tzinfo, local: tzinfo | None = None) -> str:
    """«20 ноября 2026 г. в 10:00 МСК (15:00 Иркутск)»."""
    return f"{long_date(in_zone(moment, zone))} в{NBSP}{zoned_time(moment, zone, local)}"


def full_months_between(start: date, end: date) -> int:
    """Whole months that have passed; the 31st of a short month falls on its last day (п. 3 ст. 192 ГК РФ)."""
    if end < start:
        raise ValueError("конец раньше начала")
    months = (end.year - start.year) * 12 + end.month - start.month
    is_last_day = (end + timedelta(days=1)).month != end.month
    reached = end.day >= start.day or is_last_day
    return months if reached else months - 1


def age(start: date, today: date) -> str:
    """Length of service or age: «6 лет 9 мес.», «9 мес.», «12 дней»."""
    years, months = divmod(full_months_between(start, today), 12)
    if not years and not months:
        return counted((today - start).days, DAY)
    parts = [counted(years, YEAR)] if years else []
    if months:
        parts.append(f"{months}{NBSP}мес.")
    return " ".join(parts)


def full_years(start: date, today: date) -> int:
    """Whole years, for rules such as «не менее пяти лет»."""
    return full_months_between(start, today) // 12


def relative_day(day: date, today: date) -> str:
    """«сегодня», «вчера», «через 3 дня», «5 дней назад»; farther than a week: the date itself."""
    distance = (day - today).days
    if distance in _NEAR_DAYS:
        return _NEAR_DAYS[distance]
    if abs(distance) > 7:
        return short_date(day)
    spoken = counted(abs(distance), DAY)
    return f"через {spoken}" if distance > 0 else f"{spoken} назад"


def relative_moment(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """«только что», «5 минут назад», «сегодня в 10:00 МСК», «вчера в 10:00 МСК», «20.11.2026, 10:00 МСК»."""
    passed = (in_zone(now, zone) - in_zone(moment, zone)).total_seconds()
    if 0 <= passed < 60:
        return "только что"
    if 0 <= passed < 3600:
        return f"{_minutes_accusative(int(passed // 60))} назад"
    there, here = in_zone(moment, zone).date(), in_zone(now, zone).date()
    if abs((there - here).days) > 1:
        return zoned_datetime(moment, zone)
    return f"{relative_day(there, here)} в{NBSP}{zoned_time(moment, zone)}"


def _minutes_accusative(minutes: int) -> str:
    """«1 минуту назад», «2 минуты назад»: the noun stands in the accusative."""
    return f"{minutes}{NBSP}{plural(minutes, 'минуту', 'минуты', 'минут')}"


def countdown(left: timedelta) -> str:
    """Time left on a live screen: «2 дня 3 часа», «3 часа 5 минут», «меньше минуты», «время вышло»."""
    seconds = int(left.total_seconds())
    if seconds <= 0:
        return "время вышло"
    if seconds < 60:
        return "меньше минуты"
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    named = ((days, DAY), (hours, HOUR), (rest // 60, MINUTE))
    parts = [counted(n, forms) for n, forms in named if n]
    return " ".join(parts[:2])
