"""Two years of an invented СРО, event by event in the order of time, so that numbers grow with dates."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete

from records import parameters
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.errors import Refused
from records.kinds import registry
from records.model import Outbox
from records.people import Organisation, User
from records.service.unit import work
from workflows.calendar import WorkingCalendar

from . import meetings, register_life, reports
from .people import Town, settle
from .signed_papers import sign_some
from .story import Story, Teller

YEARS = 2
FRESH = timedelta(days=12)
"""Notices and printed papers are made of the last days alone: nobody waits for older ones."""
SOON = timedelta(days=1)
BATCH = 250  # events in one commit
SHARES = {
    "letter": 22, "register_change_application": 10, "extract_request": 8, "contract_notice": 8,
    "invoice_request": 6, "reconciliation_request": 4, "level_change_application": 4, "power_of_attorney": 3,
    "notice": 6, "document_request": 5, "internal_memo": 3, "order": 2, "council_decision": 2,
    "inspection_act": 5, "warning_odo": 1.5, "discipline_decision": 1, "announcement": 2, "news": 2.5,
    "sample": 1, "chat_topic": 4, "membership_application": 0, "withdrawal_application": 0, "invoice": 2,
}  # fmt: skip
WITH_ANSWERS = 0.7
"""Answers to requests are records too: about this share of the records begin on their own."""
OF_OFFICE = frozenset({"internal_memo", "order", "council_decision", "announcement", "news", "sample"})

Tell = Callable[[Teller], Story]


def is_loaded() -> bool:
    return parameters.get("demo") is not None


def build(*, members: int, records: int, seed: int, say: Callable[[int], None]) -> int:
    """Make it all; returns how many records. Raises Refused when the database is not empty."""
    if db.session.query(User.id).first() is not None:
        raise Refused("База не пуста: демонстрация ставится только в новую установку.")
    rng = Random(seed)
    end = now().replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=365 * YEARS)
    with writing(gate()):
        town = settle(rng, members, start.date())
        db.session.commit()
    with writing(gate()):
        register_life.fill(Random(seed), town, end.astimezone(parameters.zone()).date())
        db.session.commit()
    held = meetings.past(town, start)
    _forget_old_notices(start, end)
    plan = _plan(rng, town, records, start, end)
    told = reports.stories(Random(seed), town, end)
    plan += [(moment, len(plan) + n, tell) for n, (moment, tell) in enumerate(told)]
    heapq.heapify(plan)
    made = _run(rng, town, plan, end, say)
    made += held + meetings.coming(town, end)
    sign_some(town)
    with writing(gate()):
        parameters.put(SYSTEM_ACTOR, "demo", {"seed": seed}, valid_from=start.date())
        db.session.commit()
    return made


def _plan(
    rng: Random, town: Town, records: int, start: datetime, end: datetime
) -> list[tuple[datetime, int, Tell]]:
    """When each story begins: a heap of (moment, order, story)."""
    order = itertools.count()
    kinds = [name for name in SHARES if name in registry and SHARES[name]]
    weights = [SHARES[name] for name in kinds]
    begun = max(1, round(records * WITH_ANSWERS))
    once = [name for name in kinds if begun > 100]
    chosen = once + rng.choices(kinds, weights=weights, k=max(0, begun - len(once)))
    span = (end - start).total_seconds()
    heap = [
        (
            _at_work(start + timedelta(seconds=rng.random() ** 0.6 * span)),
            next(order),
            _story(name, rng.choice(town.companies)),
        )
        for name in chosen
    ]
    for name, companies in (
        ("membership_application", town.candidates),
        ("withdrawal_application", town.leavers),
    ):
        for n, company in enumerate(companies):
            heap.append((_at_work(end - timedelta(days=20 + 70 * n)), next(order), _story(name, company)))
    heapq.heapify(heap)
    return heap


def _story(name: str, company: Organisation) -> Tell:
    kind = registry[name]
    if name == "chat_topic":
        return lambda teller: teller.talk(kind, company)
    return lambda teller: teller.tell(kind, None if name in OF_OFFICE else company)


def _at_work(moment: datetime) -> datetime:
    """The same time on the next working day, inside office hours."""
    local = moment.astimezone(parameters.zone())
    calendar, day = WorkingCalendar.load(), local.date()
    if not calendar.is_working(day):
        day = calendar.next_working_day(day)
    hour = 9 + local.hour % 9
    return local.replace(year=day.year, month=day.month, day=day.day, hour=hour).astimezone(moment.tzinfo)


def _run(
    rng: Random, town: Town, heap: list[tuple[datetime, int, Tell]], end: datetime, say: Callable[[int], None]
) -> int:
    """Take events in the order of time until today; stories that have not ended stay as they stand."""
    stories: dict[int, Story] = {}
    teller: Teller | None = None
    while heap:
        with work(SYSTEM_ACTOR, at=heap[0][0]) as unit:
            teller = teller or Teller(rng, town, unit)
            teller.unit = unit
            last = _slice(heap, stories, teller, end)
        _forget_old_notices(last, end)
        say(teller.made)
    return teller.made if teller is not None else 0


def _slice(
    heap: list[tuple[datetime, int, Tell]], stories: dict[int, Story], teller: Teller, end: datetime
) -> datetime:
    moment = heap[0][0]
    for _ in range(BATCH):
        if not heap:
            break
        moment, number, begin = heapq.heappop(heap)
        if moment > end:
            continue
        teller.unit.at = moment
        story = stories.get(number) or begin(teller)
        stories[number] = story
        pause = next(story, None)
        for spawned in teller.spawned:
            stories[-len(stories) - 1] = spawned
            heapq.heappush(heap, (_at_work(moment + SOON), -len(stories), begin))
        teller.spawned.clear()
        if pause is not None:
            heapq.heappush(heap, (max(_at_work(moment + pause), moment), number, begin))
    return moment


def _forget_old_notices(moment: datetime, end: datetime) -> None:
    if moment > end - FRESH:
        return
    with writing(gate()):
        db.session.execute(delete(Outbox).where(Outbox.topic.in_(("event", "print"))))
        db.session.commit()
