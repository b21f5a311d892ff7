"""Terms as data, control of their keeping, and the pause while a paper is returned."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflows.calendar import WorkingCalendar
from workflows.terms import (
    ControlStatus,
    DeadlineRule,
    Pause,
    Term,
    Unit,
    calendar_days,
    control_status,
    deadline_rules,
    due_on,
    months,
    paused_due_on,
    working_days,
    working_days_before,
)

CALENDAR = WorkingCalendar.load()
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("code", "event", "last"),
    [
        ("DL_REGISTER_IN", date(2026, 11, 20), date(2026, 11, 20)),
        ("DL_REGISTER_IN", date(2026, 11, 21), date(2026, 11, 23)),
        ("DL_EXTRACT", date(2026, 11, 20), date(2026, 11, 25)),
        ("DL_CONTRACT_NOTICE", date(2026, 11, 3), date(2026, 11, 9)),
        ("DL_ODO_CHECK", date(2026, 11, 6), date(2026, 11, 20)),
        ("DL_ODO_PAY", date(2026, 11, 16), date(2026, 11, 23)),
        ("DL_ADM_DECISION", date(2026, 9, 21), date(2026, 11, 23)),
        ("DL_ADM_PAY", date(2026, 1, 12), date(2026, 1, 21)),
        ("DL_EXIT", date(2026, 11, 21), date(2026, 11, 21)),
        ("DL_EXIT_NATIONAL", date(2026, 11, 20), date(2026, 11, 23)),
        ("DL_EXIT_NATIONAL_PAPER", date(2026, 11, 20), date(2026, 11, 25)),
        ("DL_REPORT_ANNUAL", date(2025, 12, 31), date(2026, 3, 2)),
        ("DL_REPORT_ANNUAL", date(2026, 12, 31), date(2027, 3, 1)),
        ("DL_LETTER", date(2026, 11, 20), date(2026, 12, 21)),
        ("DL_MEETING_NOTICE", date(2026, 5, 14), date(2026, 4, 28)),
    ],
)
def test_a_rule_of_the_table_gives_its_last_day(code, event, last):
    assert due_on(deadline_rules()[code], event, CALENDAR) == last


@pytest.mark.parametrize("code", ["DL_VIOLATION_FIX", "DL_AGENDA_CHANGED", "DL_BALLOT_START", "DL_REG_CLOSE"])
def test_where_another_document_sets_the_day_no_day_is_invented(code):
    assert due_on(deadline_rules()[code], FRIDAY, CALENDAR) is None


def test_the_table_holds_every_term_of_the_system_with_title_owner_and_source():
    rules = deadline_rules().values()
    assert len(rules) == 37
    assert all(rule.title_ru and rule.owner and rule.source and rule.counted_from for rule in rules)


def test_the_staff_may_change_a_value_and_the_last_day_follows():
    two_days = deadline_rules()["DL_MEETING_NOTICE"].with_value(2)
    assert due_on(two_days, date(2026, 11, 6), CALENDAR) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("term", "last"),
    [
        (working_days(10), date(2026, 12, 4)),
        (working_days_before(3), date(2026, 11, 17)),
        (calendar_days(8), date(2026, 11, 30)),
        (calendar_days(8, roll=False), date(2026, 11, 28)),
        (months(1), date(2026, 12, 21)),
    ],
)
def test_a_term_declared_by_a_kind_gives_its_last_day(term, last):
    assert due_on(term, FRIDAY, CALENDAR) == last


def test_a_yearly_date_that_is_not_in_the_calendar_is_refused_at_once():
    with pytest.raises(ValueError, match="month"):
        DeadlineRule("X", "Срок", "13-40", Unit.DATE, "год", "член", "положение")


def test_a_negative_term_is_refused():
    with pytest.raises(ValueError, match="отрицательным"):
        Term(-1, Unit.WORKING_DAYS)


# --- control --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 11, 20), ControlStatus.ON_TIME),
        (date(2026, 11, 23), ControlStatus.DUE_SOON),
        (date(2026, 11, 26), ControlStatus.DUE_SOON),
        (date(2026, 11, 27), ControlStatus.OVERDUE),
    ],
)
def test_a_term_is_near_three_working_days_before_its_end(today, status):
    assert control_status(date(2026, 11, 26), today=today, calendar=CALENDAR) is status


@pytest.mark.parametrize(
    ("done", "status"),
    [
        (date(2026, 11, 26), ControlStatus.DONE_IN_TIME),
        (date(2026, 11, 27), ControlStatus.DONE_LATE),
    ],
)
def test_what_is_done_is_judged_by_the_day_it_was_done(done, status):
    found = control_status(date(2026, 11, 26), today=date(2027, 1, 11), calendar=CALENDAR, done=done)
    assert found is status


def test_every_status_has_a_word_for_the_screen():
    assert {status.title_ru for status in ControlStatus} == {
        "В срок",
        "Срок близко",
        "Просрочено",
        "Исполнено в срок",
        "Исполнено с опозданием",
    }


# --- pauses ---------------------------------------------------------------------------------------


def test_the_term_stands_still_while_the_paper_is_returned():
    due = date(2026, 11, 27)
    returned = Pause(date(2026, 11, 23), date(2026, 11, 25))
    assert paused_due_on(due, [returned], today=FRIDAY, calendar=CALENDAR) == date(2026, 12, 1)


def test_a_weekend_spent_returned_does_not_move_the_term():
    weekend = Pause(date(2026, 11, 20), date(2026, 11, 22))
    assert paused_due_on(date(2026, 11, 27), [weekend], today=FRIDAY, calendar=CALENDAR) == date(2026, 11, 27)


def test_a_pause_that_lasts_still_is_counted_up_to_today():
    still = Pause(date(2026, 11, 20))
    moved = paused_due_on(date(2026, 11, 23), [still], today=date(2026, 11, 24), calendar=CALENDAR)
    assert moved == date(2026, 11, 25)


def test_a_return_after_the_term_has_run_out_heals_nothing():
    late = Pause(date(2026, 11, 24), date(2026, 12, 10))
    assert paused_due_on(date(2026, 11, 23), [late], today=FRIDAY, calendar=CALENDAR) == date(2026, 11, 23)


def test_a_second_return_within_the_moved_term_moves_it_again():
    pauses = [Pause(date(2026, 11, 23), date(2026, 11, 24)), Pause(date(2026, 11, 25), date(2026, 11, 26))]
    assert paused_due_on(date(2026, 11, 24), pauses, today=FRIDAY, calendar=CALENDAR) == date(2026, 11, 26)


def test_overlapping_pauses_are_counted_once():
    pauses = [Pause(date(2026, 11, 23), date(2026, 11, 25)), Pause(date(2026, 11, 24), date(2026, 11, 26))]
    assert paused_due_on(date(2026, 11, 27), pauses, today=FRIDAY, calendar=CALENDAR) == date(2026, 12, 2)


def test_a_pause_that_ends_before_it_began_is_refused():
    with pytest.raises(ValueError, match="пауза"):
        Pause(date(2026, 11, 23), date(2026, 11, 20))


@given(
    st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    st.integers(1, 40),
    st.integers(0, 20),
    st.integers(0, 30),
)
def test_after_a_pause_as_many_working_days_are_left_as_there_were_before(registered, term, spent, length):
    due = CALENDAR.add_working_days(registered, term)
    returned = registered + timedelta(days=spent)
    back = CALENDAR.next_working_day(returned + timedelta(days=length))
    assume(returned <= due)
    moved = paused_due_on(due, [Pause(returned, back)], today=back, calendar=CALENDAR)
    assert CALENDAR.working_days_between(back, moved) == CALENDAR.working_days_between(returned, due)
