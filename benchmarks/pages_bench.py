"""Reading pages: rate beside a bare Flask on the same server, flat with the archive, constant in statements.

Rates are of the server's processor time, so that neighbours on a busy machine do not decide; both sides come
from the same run. A page «made anew» is drawn from the database; one «unchanged» is asked again while nothing
has been committed. VECHE_BENCH_PAGES makes the large archive smaller (default 100,000 records).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from benchmarks.site import Client, Site, reference

SMALL = 1_000
LARGE = int(os.environ.get("VECHE_BENCH_PAGES", "100000"))
TIMES = 120
UNCHANGED_TIMES = 1_000
HELLO_TIMES = 3_000
READS = 2_000
GOAL, FLAT, MEGABYTES = 0.25, 1.3, 300.0
PLONE_PAGES, PLONE_MEMORY = 18.0, 950.0
Row = dict[str, object]
Costs = dict[str, float]


def run() -> list[Row]:
    hello = _hello()
    with Site(records=SMALL) as site:
        small, memory = _costs(site), _memory(site)
    with Site(records=LARGE) as site:
        large, unchanged = _costs(site), _unchanged(site)
    rows = [_rate(f"{name}, made anew, {LARGE} records", cost, hello) for name, cost in large.items()]
    rows += [_rate(f"{name}, unchanged, {LARGE} records", cost, hello) for name, cost in unchanged.items()]
    rows += [_flat(name, small[name], large[name]) for name in small]
    return [*rows, memory]


def _hello() -> float:
    """Seconds of processor for the least that Flask can do."""
    with reference() as (port, processor):
        client = Client(port)
        return _each(processor, HELLO_TIMES, lambda number: client.get("/").body == b"hello")


def _each(processor: Callable[[], float], times: int, ask: Callable[[int], bool]) -> float:
    """Seconds of processor for one request; every answer is looked at."""
    for number in range(10):
        ask(number)
    before = processor()
    good = sum(ask(number) for number in range(times))
    if good != times:
        raise ValueError(f"{times - good} wrong answers of {times}")
    return (processor() - before) / times


def _pages(site: Site) -> dict[str, Callable[[int], str]]:
    """Addresses that differ at every request, so that each page is made anew."""
    ids = site.known["ids"]
    return {
        "list of 25 rows": lambda number: f"/records?once={number}",
        "worklist of 25 rows": lambda number: f"/records?mine=1&open=1&sort=due_on&once={number}",
        "record page": lambda number: f"/records/{ids[number % len(ids)]}?once={number}",
    }


def _costs(site: Site) -> Costs:
    browser = _settled(site)
    return {
        name: _each(site.processor, TIMES, lambda number, page=page: _good(browser, page(number)))
        for name, page in _pages(site).items()
    }


def _unchanged(site: Site) -> Costs:
    browser = _settled(site)
    return {
        name: _each(site.processor, UNCHANGED_TIMES, lambda number, page=page: _good(browser, page(0)))
        for name, page in _pages(site).items()
    }


def _settled(site: Site) -> Client:
    """A browser that has its cookie and has opened every record it is going to read."""
    browser = site.browser("curator")
    browser.get("/")
    for record_id in site.known["ids"]:
        browser.get(f"/records/{record_id}")
    return browser


def _good(browser: Client, path: str) -> bool:
    """A whole page of a logged-in person, with its layout and, in a list, all its rows."""
    answer = browser.get(path)
    rows = len(re.findall(rb"<tr role=\"row\" data-row", answer.body))
    whole = (
        answer.status == 200 and b"data-user=" in answer.body and answer.body.rstrip().endswith(b"</html>")
    )
    return whole and (not path.startswith("/records?") or rows == 25)


def _memory(site: Site) -> Row:
    browser = _settled(site)
    pages = list(_pages(site).values())
    for number in range(READS):
        _good(browser, pages[number % len(pages)](number % 400))
    megabytes = site.memory()
    return {
        "name": f"memory of all processes after {READS} page reads",
        "value": megabytes,
        "unit": "MB",
        "reference": PLONE_MEMORY,
        "ratio": megabytes / PLONE_MEMORY,
        "goal": f"≤ {MEGABYTES:.0f} MB",
        "holds": megabytes <= MEGABYTES,
    }


def _rate(name: str, cost: float, hello: float) -> Row:
    return {
        "name": f"{name} ({1 / cost / PLONE_PAGES:.1f} × Plone's 18/s)",
        "value": 1 / cost,
        "unit": "pages/s of one core",
        "reference": 1 / hello,
        "ratio": hello / cost,
        "goal": f"≥ {GOAL} of a bare Flask",
        "holds": hello / cost >= GOAL,
    }


def _flat(name: str, small: float, large: float) -> Row:
    return {
        "name": f"{name}: {LARGE} records against {SMALL}",
        "value": large * 1000,
        "unit": "ms of processor",
        "reference": small * 1000,
        "ratio": large / small,
        "goal": f"≤ {FLAT}",
        "holds": large / small <= FLAT,
    }
