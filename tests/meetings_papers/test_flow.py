"""An absentee meeting in the browser, over simulated days: plan, call, ballots, count, protocol."""

from __future__ import annotations

from typing import Any

import pytest

from records.database import db
from records.model import Record

from .conftest import at


@pytest.mark.requirement("M-01", "M-139", "M-142", "M-121", "M-131")
def test_an_absentee_meeting_from_the_plan_to_the_protocol(app, world, plan, browser_of, monkeypatch):
    def day(text: str, clock: str = "12:00") -> None:
        monkeypatch.setattr("records.service.unit.now", lambda: at(text, clock))

    day("11-23")
    secretary = browser_of("secretary")
    secretary.post("/meetings/new", data=_form(plan))
    record_id = db.session.query(Record.id).filter_by(kind="meeting").scalar()
    called = secretary.post(
        f"/meetings/{record_id}/plan", data={**_form(plan), "verb": "call"}, follow_redirects=True
    )
    assert "Собрание созвано" in called.get_data(as_text=True)

    day("12-03")
    sent = browser_of("head").post(
        f"/meetings/{record_id}/ballot",
        data={"verb": "send", "mark_q1": "for", "mark_q2": "for"},
        follow_redirects=True,
    )
    assert "Бюллетень принят: Б-1" in sent.get_data(as_text=True)
    taken = browser_of("clerk").post(
        f"/meetings/{record_id}/intake",
        data={
            "organisation": world.other_company.id,
            "channel": "paper",
            "signed": "1",
            "seal": "1",
            "mark_q1": ["for", "against"],
            "mark_q2": "for",
        },
        follow_redirects=True,
    )
    assert "Б-2 принят" in taken.get_data(as_text=True)

    counter = browser_of("counter0")
    early = counter.post(f"/meetings/{record_id}/count", follow_redirects=True)
    assert "W.10" in early.get_data(as_text=True)
    day("12-15", "11:30")
    assert "подсчитаны" in counter.post(f"/meetings/{record_id}/count", follow_redirects=True).get_data(
        as_text=True
    )
    protocol = secretary.get(f"/meetings/{record_id}/protocol").get_data(as_text=True)
    assert "2 из 2" in protocol
    assert "Недействительно – 1" in protocol
    assert secretary.get(f"/meetings/{record_id}/papers/protocol.pdf").data.startswith(b"%PDF")


def _form(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan as the page sends it."""
    form = {name: value for name, value in plan.items() if name != "agenda"}
    for n, row in enumerate(plan["agenda"]):
        form |= {f"item_{n}_{name}": value for name, value in row.items()}
    return form
