"""Short labels of time zones: a time on screen never stands without one."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale

# The zones of the Russian Federation (107-ФЗ «Об исчислении времени», ст. 5) by the city people know.
_RUSSIAN: Final = {
    "Europe/Kaliningrad": "Калининград",
    "Europe/Moscow": "МСК",
    "Europe/Simferopol": "Симферополь",
    "Europe/Kirov": "Киров",
    "Europe/Volgograd": "Волгоград",
    "Europe/Samara": "Самара",
    "Europe/Saratov": "Саратов",
    "Europe/Ulyanovsk": "Ульяновск",
    "Europe/Astrakhan": "Астрахань",
    "Asia/Yekaterinburg": "Екатеринбург",
    "Asia/Omsk": "Омск",
    "Asia/Novosibirsk": "Новосибирск",
    "Asia/Barnaul": "Барнаул",
    "Asia/Tomsk": "Томск",
    "Asia/Novokuznetsk": "Новокузнецк",
    "Asia/Krasnoyarsk": "Красноярск",
    "Asia/Irkutsk": "Иркутск",
    "Asia/Chita": "Чита",
    "Asia/Yakutsk": "Якутск",
    "Asia/Khandyga": "Хандыга",
    "Asia/Vladivostok": "Владивосток",
    "Asia/Ust-Nera": "Усть-Нера",
    "Asia/Magadan": "Магадан",
    "Asia/Sakhalin": "Сахалин",
    "Asia/Srednekolymsk": "Среднеколымск",
    "Asia/Kamchatka": "Камчатка",
    "Asia/Anadyr": "Анадырь",
}


def russian_zones() -> tuple[tuple[str, str], ...]:
    """Key and label of every Russian zone from west to east, for the choice in the settings."""
    return tuple(_RUSSIAN.items())


def zone_label(zone: tzinfo) -> str:
    """«МСК», «Иркутск», «Берлин», «UTC»; for a bare offset «UTC+3»."""
    key = getattr(zone, "key", None)
    if not isinstance(key, str):
        return _offset_label(zone)
    if key in _RUSSIAN:
        return _RUSSIAN[key]
    if key in ("UTC", "Etc/UTC", "Etc/GMT", "GMT"):
        return "UTC"
    entry = Locale("ru").time_zones.get(key, {})
    city = entry.get("city")
    return str(city) if city else key.rsplit("/", 1)[-1].replace("_", " ")


def _offset_label(zone: tzinfo) -> str:
    offset = zone.utcoffset(None)
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\u2212"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment by the clock of a zone; a moment without a zone could mean anything: refused."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("момент без часового пояса нельзя показать")
    return moment.astimezone(zone)


MOSCOW: Final = ZoneInfo("Europe/Moscow")
