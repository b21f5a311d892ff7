"""Settings with history: what was in force on a date stays known for ever.

Names used by the core: `numbering.<journal>` (template), `term.<DL_CODE>` (days), `routing` (rules),
`office` (requisites of the СРО, time zone, hours). A feature may add its own.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from .actor import Actor
from .database import db, now
from .model import Setting

DEFAULT_ZONE = "Europe/Moscow"
_DEFAULT_ZONE = ZoneInfo(DEFAULT_ZONE)


def get(name: str, default: object = None, *, on: date | None = None) -> object:
    """The value in force on a date (today when none is given)."""
    day = on or now().astimezone(_DEFAULT_ZONE).date()
    known = _known()
    found = known.get((name, day))
    if found is not None and found is not _ABSENT:
        return found
    if (name, day) not in known:
        if name in _TOGETHER or name.startswith(_FAMILIES):
            if (_LOADED, day) not in known:
                known.update(_read_together(day))
            known.setdefault((name, day), _ABSENT)
        else:
            known[name, day] = _read(name, day)
    found = known[name, day]
    return default if found is _ABSENT else found


_ABSENT = object()
_LOADED = "*"
_TOGETHER = ("office", "routing", "fields")
_FAMILIES = ("term.", "numbering.")
"""What every act of the core asks for is read in one statement;
large settings of features are not among it."""


_TOGETHER_ON = (
    select(Setting.name, Setting.value)
    .where(
        or_(
            Setting.name.in_(_TOGETHER),
            *(Setting.name.startswith(family, autoescape=True) for family in _FAMILIES),
        ),
        Setting.valid_from <= bindparam("day"),
    )
    .order_by(Setting.valid_from, Setting.id)
)


def _known() -> dict[tuple[str, date], object]:
    """Values read in this session: a request or an act asks for the time zone many times."""
    known: dict[tuple[str, date], object] = db.session().info.setdefault("parameters", {})
    return known


def _read_together(day: date) -> dict[tuple[str, date], object]:
    """The core's settings in force on a day."""
    rows = db.session.execute(_TOGETHER_ON, {"day": day})
    found: dict[tuple[str, date], object] = {(name, day): value for name, value in rows}
    found[_LOADED, day] = True
    return found


def _read(name: str, day: date) -> object:
    row = db.session.execute(
        select(Setting.value)
        .where(Setting.name == name, Setting.valid_from <= day)
        .order_by(Setting.valid_from.desc(), Setting.id.desc())
        .limit(1)
    ).first()
    return _ABSENT if row is None else row[0]


def put(actor: Actor, name: str, value: object, *, valid_from: date, note: str = "") -> Setting:
    """Set a value from a date on; earlier values stay. The caller commits (within the unit of work)."""
    setting = Setting(name=name, value=value, valid_from=valid_from, set_by=actor.user_id, note=note)
    db.session.add(setting)
    _known().clear()
    return setting


def history(name: str) -> list[Setting]:
    return list(
        db.session.scalars(
            select(Setting).where(Setting.name == name).order_by(Setting.valid_from, Setting.id)
        )
    )


def office() -> dict[str, object]:
    """The requisites of the СРО itself; empty before set-up."""
    value = get("office", {})
    return value if isinstance(value, dict) else {}


def zone() -> ZoneInfo:
    """The СРО's time zone: dates of registration and terms are counted in it (records.md §3.2)."""
    return ZoneInfo(str(office().get("zone") or DEFAULT_ZONE))


def today() -> date:
    return now().astimezone(zone()).date()
