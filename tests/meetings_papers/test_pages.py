"""Pages of a meeting: the plan with its checks, the member's page, the ballot, proxies, documents."""

from __future__ import annotations

from datetime import date

import pytest

from meetings import preparing, taking
from records.database import db
from records.model import Record


def test_the_secretary_writes_a_plan_and_sees_what_is_wrong(app, world, plan, browser_of):
    page = browser_of("secretary")
    form = {
        "subject": "Собрание",
        "form": "absentee",
        "basis": "none",
        "item_0_title": "Устав",
        "item_0_class": "exclusive",
    }
    made = page.post("/meetings/new", data=form, follow_redirects=True)
    assert made.status_code == 200
    text = made.get_data(as_text=True)
    assert "Проверка правомочности" in text
    assert "Номер решения совета" in text


@pytest.mark.requirement("M-138")
def test_the_timeline_is_counted_anew_from_what_is_on_the_screen(ctx, plan):
    from meetings.planning import timeline

    _, case, _ = preparing.examined(plan, on=date(2026, 11, 23))
    assert case is not None
    early = timeline(case, date(2026, 11, 23))
    late = timeline(case, date(2026, 11, 30))
    assert [mark.title for mark in early if not mark.is_good] == []
    assert [mark.title for mark in late if not mark.is_good] == ["Начало приёма бюллетеней"]
    assert len(early) == 5


@pytest.mark.requirement("M-03")
def test_checks_answer_with_norms(app, world, browser_of):
    got = browser_of("secretary").post(
        "/meetings/checks", data={"form": "absentee", "item_0_title": "О смете"}
    )
    assert "M-13" not in got.get_data(as_text=True)
    assert "004 п. 2.3, 3.2" in got.get_data(as_text=True)


@pytest.mark.parametrize("who", ["head", "specialist", "secretary", "clerk"])
def test_those_who_may_see_a_called_meeting_open_its_page(app, called, browser_of, who):
    page = browser_of(who).get(f"/meetings/{called}")
    assert page.status_code == 200
    assert "Утверждение отчёта совета" in page.get_data(as_text=True)


def test_a_draft_is_not_shown_to_members(app, ctx, world, plan, browser_of):
    record = preparing.begin(world.actor("secretary"), plan)
    assert browser_of("head").get(f"/meetings/{record.id}").status_code == 404


@pytest.mark.requirement("M-133", "M-139")
def test_the_ballot_on_the_screen_and_on_paper(app, called, browser_of):
    page = browser_of("head")
    text = page.get(f"/meetings/{called}/ballot").get_data(as_text=True)
    assert "ВОЗДЕРЖАЛСЯ" in text
    assert page.get(f"/meetings/{called}/ballot.pdf").data.startswith(b"%PDF")


def test_a_draft_of_a_ballot_stays_with_the_company(app, called, browser_of):
    page = browser_of("head")
    page.post(f"/meetings/{called}/ballot", data={"verb": "draft", "mark_q1": "against"})
    assert 'value="against" checked' in page.get(f"/meetings/{called}/ballot").get_data(as_text=True)
    assert 'value="against" checked' not in browser_of("stranger").get(f"/meetings/{called}/ballot").get_data(
        as_text=True
    )


@pytest.mark.requirement("M-19")
def test_members_read_the_decision_and_the_notice(app, called, browser_of):
    page = browser_of("head")
    for name in ("decision", "notice"):
        assert page.get(f"/meetings/{called}/papers/{name}.docx").data.startswith(b"PK")
    assert page.get(f"/meetings/{called}/papers/protocol.docx").status_code == 404


@pytest.mark.requirement("M-143")
def test_a_head_gives_a_proxy_in_the_browser(app, called, browser_of, world):
    page = browser_of("head")
    page.post(f"/meetings/{called}/proxies", data={"holder": world.users["proxy"].id, "items": "q1"})
    text = page.get(f"/meetings/{called}/proxies").get_data(as_text=True)
    assert "Д-1" in text
    assert "Петрова Мария Сергеевна" in text


@pytest.mark.requirement("M-149")
def test_each_figure_opens_the_ballots_it_is_made_of(app, called, on, browser_of):
    on("12-03", taking.send_ballot, "head", called, {"q1": "for", "q2": "against"})
    on("12-15", taking.count, "counter0", called, clock="11:00")
    text = browser_of("secretary").get(f"/meetings/{called}/protocol").get_data(as_text=True)
    assert "ООО «Ромашка»" in text
    assert "бюллетень Б-1" in text


@pytest.mark.requirement("M-125", "M-126")
def test_a_provision_set_from_a_day_changes_the_checks(app, ctx, world, plan, browser_of):
    page = browser_of("admin")
    page.post(
        "/meetings/charter",
        data={"notice_working_days": "30", "since": "2026-11-01", "document": "Протокол № 2"},
    )
    found, _, _ = preparing.examined(plan, on=date(2026, 11, 23))
    assert [row for row in found if not row.is_passed and "Извещение" in row.title]
    assert page.get("/meetings/regulation.pdf").data.startswith(b"%PDF")


def test_the_list_leads_to_the_meeting(app, called, browser_of):
    assert f"/meetings/{called}" in browser_of("head").get("/meetings").get_data(as_text=True)
    assert db.session.get(Record, called) is not None
