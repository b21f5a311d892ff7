"""Filling a form: cells, rows, two people, completeness, references, files of rows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import event

from records import history, query, service
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from reports import editions, filling, opening, sheets
from tests.reports.filled import CONTRACT, ORDER, PERSON, insert, opened, sheet_of, text_file, with_order


def cells(actor, record_id, table="employee"):
    return sheets.page(actor, record_id, table, 0, 100)["rows"]


@pytest.mark.requirement("F-01")
def test_every_form_of_the_year_opens_with_all_its_tables(head):
    for code in editions.CODES:
        record_id = opened(head, code)
        declared = sheets.declaration(sheet_of(record_id))
        assert [t["code"] for t in declared["tables"]] == [
            t.code for t in editions.current(code, 2026)[0].tables
        ]
        assert opened(head, code) == record_id  # a second visit is the same report


def test_what_is_typed_is_recognised_and_what_is_wrong_is_kept_as_typed(head):
    record_id = opened(head, "f2")
    insert(head, record_id, "employee", {**PERSON, "snils": "123", "hire_date": "5.3.26"})
    found = cells(head, record_id)[0]["cells"]
    assert found["hire_date"]["v"] == "2026-03-05"
    assert found["snils"]["raw"] == "123"
    assert found["snils"]["error"]
    assert sheet_of(record_id).wrong == 1
    assert any(f["column"] == "snils" for f in sheets.faults(head, record_id))


@pytest.mark.requirement("F-36")
def test_the_bar_moves_with_every_required_cell_and_never_counts_the_table_anew(head):
    record_id = opened(head, "f2")
    (uid,) = insert(head, record_id, "employee", {"last_name": "Юдин"})
    before = sheets.progress(sheet_of(record_id))
    saved = filling.change_rows(head, record_id, "employee", [{"uid": uid, "cell": {"first_name": "Илья"}}])
    assert saved.conflicts == []
    assert sheets.progress(sheet_of(record_id))["done"] == before["done"] + 1
    filling.change_rows(head, record_id, "employee", [{"uid": uid, "cell": PERSON}])
    assert sheets.progress(sheet_of(record_id))["percent"] == 100


@pytest.mark.requirement("F-41")
def test_two_people_in_one_form_keep_both_cells_and_hear_of_the_same_one(head, specialist):
    record_id = opened(head, "f2")
    (uid,) = insert(head, record_id, "employee", {"last_name": "Юдин", "position": "Инженер"})
    seen = cells(head, record_id)[0]["version"]

    def write(who, **values):
        return filling.change_rows(
            who, record_id, "employee", [{"uid": uid, "version": seen, "cell": values}]
        )

    assert write(head, position="Прораб").conflicts == []
    assert write(specialist, first_name="Илья").conflicts == []
    (conflict,) = write(specialist, position="Мастер").conflicts
    assert (conflict["column"], conflict["theirs"]["v"]) == ("position", "Прораб")
    assert conflict["who"].startswith("Иванов")
    now = cells(head, record_id)[0]["cells"]
    assert (now["position"]["v"], now["first_name"]["v"]) == ("Прораб", "Илья")
    filling.change_rows(
        specialist,
        record_id,
        "employee",
        [{"uid": uid, "version": seen, "force": True, "cell": {"position": "Мастер"}}],
    )
    assert cells(head, record_id)[0]["cells"]["position"]["v"] == "Мастер"


@pytest.mark.requirement("F-31")
def test_a_deleted_row_comes_back_to_its_place_with_all_its_cells(head):
    record_id = opened(head, "f10")
    uids = insert(
        head, record_id, "orders", ORDER, {**ORDER, "order_number": "18-П"}, {**ORDER, "order_number": "19"}
    )
    filling.change_rows(head, record_id, "orders", [{"delete": uids[1]}])
    assert [r["uid"] for r in cells(head, record_id, "orders")] == [uids[0], uids[2]]
    filling.change_rows(head, record_id, "orders", [{"insert": {"uid": uids[1]}}])
    rows = cells(head, record_id, "orders")
    assert [r["uid"] for r in rows] == uids
    assert rows[1]["cells"]["order_number"]["v"] == "18-П"
    assert sheet_of(record_id).rows == 3


def test_rows_stand_where_they_are_put(head):
    record_id = opened(head, "f10")
    first, last = insert(head, record_id, "orders", {"order_number": "1"}, {"order_number": "9"})
    for _ in range(30):  # more than a gap holds: the rows are numbered anew
        filling.change_rows(
            head, record_id, "orders", [{"insert": {"after": first, "cells": {"order_number": "5"}}}]
        )
    numbers = [r["cells"]["order_number"]["v"] for r in cells(head, record_id, "orders")]
    assert numbers == ["1", *["5"] * 30, "9"]
    filling.change_rows(head, record_id, "orders", [{"move": {"uid": last, "after": ""}}])
    assert cells(head, record_id, "orders")[0]["uid"] == last


def test_a_batch_is_applied_whole_or_not_at_all(head):
    record_id = opened(head, "f10")
    with pytest.raises(NotFound):
        filling.change_rows(
            head,
            record_id,
            "orders",
            [{"insert": {"cells": ORDER}}, {"uid": str(uuid4()), "cell": {"order_number": "1"}}],
        )
    assert cells(head, record_id, "orders") == []
    with pytest.raises(Invalid):
        filling.change_rows(head, record_id, "orders", [{"insert": {"cells": {"price": "1"}}}])


def test_strangers_find_no_report_and_the_curator_does_not_fill_it(head, stranger, curator):
    record_id = with_order(head)
    with pytest.raises(NotFound):
        sheets.page(stranger, record_id, "orders", 0, 10)
    with pytest.raises(NotFound):
        filling.change_rows(stranger, record_id, "orders", [{"insert": {"cells": ORDER}}])
    with pytest.raises(NotFound):  # a draft is nobody's business but the member's
        sheets.page(curator, record_id, "orders", 0, 10)
    service.act(head, record_id, "submit")
    with pytest.raises((Forbidden, Refused)):
        filling.change_rows(curator, record_id, "orders", [{"insert": {"cells": ORDER}}])
    with pytest.raises(Refused):
        filling.change_rows(head, record_id, "orders", [{"insert": {"cells": ORDER}}])


@pytest.mark.requirement("F-22", "F-23")
def test_a_contract_counts_its_acts_and_other_forms_point_at_it(head):
    record_id = opened(head, "f7")
    insert(
        head,
        record_id,
        "contract",
        CONTRACT,
        {**CONTRACT, "contract_number": "16/2026", "procurement": "direct"},
    )
    act = {"act_kind": "ks2", "act_number": "1", "act_date": "30.06.2026", "amount": "15 000 000,25"}
    insert(head, record_id, "acts", {**act, "parent": "15/2026"})
    first, second = (row["cells"] for row in cells(head, record_id, "contract"))
    assert first["accepted_amount"]["v"] == "15000000.25"
    assert first["remaining"]["v"] == "45000000.25"
    assert (first["counts_for_odo"]["v"], second["counts_for_odo"]["v"]) == (True, False)
    progress = opened(head, "f7_1")
    filling.change_fields(head, progress, {"header.object": "Школа № 5", "period": "10.2026"})
    (uid,) = [r["uid"] for r in cells(head, record_id, "contract")][:1]
    assert cells(head, progress, "header")[0]["cells"]["object"]["v"] == uid


@pytest.mark.requirement("F-24")
def test_the_plan_and_fact_of_a_stage_are_counted(head):
    record_id = opened(head, "f7_1")
    filling.change_fields(head, record_id, {"report_date": "31.10.2026"})
    stage = {
        "stage_code": "1",
        "work_name": "Фундамент",
        "unit": "м3",
        "volume_total": "1000",
        "start_plan": "01.09.2026",
        "end_plan": "30.11.2026",
        "start_fact": "05.09.2026",
        "volume_period": "450",
    }
    insert(head, record_id, "works", stage)
    found = cells(head, record_id, "works")[0]["cells"]
    # Appendix В of the reference.
    assert found["plan_percent"]["v"] == "67.03"
    assert found["lag_percent"]["v"] == "-22.03"
    assert found["lag_days"]["v"] == 20
    assert found["forecast_end"]["v"] == "2027-01-09"


def test_fields_of_cards_are_saved_by_name_and_their_faults_told(head):
    record_id = opened(head, "f1")
    saved, errors, now = filling.change_fields(head, record_id, {"bik": "044525225", "inn": "7701677669"})
    assert "inn" in errors
    assert now["bik"]["v"] == "044525225"
    assert saved.saved_at
    with pytest.raises(Invalid):
        filling.change_fields(head, record_id, {"colour": "red"})
    with pytest.raises(Refused):
        filling.change_fields(head, record_id, {"nil": True})


@pytest.mark.requirement("F-14", "F-05")
def test_files_of_a_row_follow_it_and_are_counted(head):
    record_id = opened(head, "f3")
    (uid,) = insert(head, record_id, "vehicles", {"model": "КамАЗ 65115"})
    service.attach(head, record_id, text_file(), "Договор аренды.txt", slot=f"row:{uid}")
    filling.change_rows(head, record_id, "vehicles", [{"move": {"uid": uid, "after": ""}}])
    assert cells(head, record_id, "vehicles")[0]["files"] == 1
    assert [f.slot for f in query.files(query.get(head, record_id))] == [f"row:{uid}"]


def test_the_pulse_tells_of_newer_rows_and_of_who_is_here(head, specialist):
    record_id = opened(head, "f2")
    (uid,) = insert(head, record_id, "employee", {"last_name": "Юдин"})
    before = sheet_of(record_id).stamp
    sheets.arrive(specialist, record_id)
    assert sheets.pulse(head, record_id, before)["rows"] == {}
    filling.change_rows(specialist, record_id, "employee", [{"uid": uid, "cell": {"first_name": "Илья"}}])
    found = sheets.pulse(head, record_id, before)
    assert [row["uid"] for row in found["rows"]["employee"]] == [uid]
    assert [one["name"] for one in found["here"]] == [specialist.name]


def test_saving_a_cell_asks_the_database_the_same_whatever_the_length_of_the_table(head):
    record_id = opened(head, "f10")

    def statements(uid):
        seen = []
        note = lambda conn, cursor, text, *rest: seen.append(text)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            filling.change_rows(
                head, record_id, "orders", [{"uid": uid, "cell": {"order_number": f"{len(uid)}-Я"}}]
            )
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    uids = insert(head, record_id, "orders", *[{"order_number": str(n)} for n in range(5)])
    few = statements(uids[0])
    insert(head, record_id, "orders", *[{"order_number": str(n)} for n in range(300)])
    assert statements(uids[1]) == few
    assert few < 25


@pytest.mark.requirement("F-06")
def test_an_approved_form_gets_a_new_revision_and_stays_itself(head, curator):
    record_id = with_order(head)
    service.act(head, record_id, "submit")
    with pytest.raises(Refused):
        opening.revise(head, record_id)
    service.act(curator, record_id, "take")
    service.act(curator, record_id, "approve")
    revision = opening.revise(head, record_id)
    assert revision != record_id
    assert opening.revise(head, record_id) == revision
    uid = cells(head, revision, "orders")[0]["uid"]
    filling.change_rows(head, revision, "orders", [{"uid": uid, "cell": {"status": "done"}}])
    assert cells(head, record_id, "orders")[0]["cells"]["status"]["v"] == "open"
    assert sheet_of(revision).revision == 2
    assert list(history.verify()) == []
