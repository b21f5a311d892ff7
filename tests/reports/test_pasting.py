"""Paste and upload: a preview first, then the whole of it."""

from __future__ import annotations

import pytest

from forms import reports as declared
from records.errors import Invalid, NotFound, Refused
from reports import books, filling, pasting, sheets
from tests.reports.filled import ORDER, PERSON, insert, opened, sheet_of


def rows(actor, record_id, table="employee"):
    return sheets.page(actor, record_id, table, 0, 3000)["rows"]


@pytest.mark.requirement("F-02", "F-32")
def test_two_hundred_rows_are_previewed_and_pasted_whole(head):
    record_id = opened(head, "f9")
    (below,) = insert(head, record_id, "disputes", {"case_number": "А19-1/2026"})
    lines = ["Номер дела\tДата подачи\tСумма требований, руб."]
    title = {c.title: c.name for c in declared.form("f9").table("disputes").columns}
    heads = [t for t, n in title.items() if n in ("case_number", "filed_date", "claim_amount")]
    lines = ["\t".join(heads)]
    names = [title[t] for t in heads]
    values = {"case_number": "А19-{n}/2026", "filed_date": "05.11.2026", "claim_amount": "1 234,56"}
    lines += ["\t".join(values[n].format(n=i) for n in names) for i in range(200)]
    found = pasting.preview_paste(head, record_id, "disputes", "\n".join(lines))
    assert found["header"]
    assert (len(found["rows"]), found["errors"]) == (200, [])
    assert len(rows(head, record_id, "disputes")) == 1  # nothing is written before the person says so
    _, saved, added, _ = pasting.apply(head, record_id, "disputes", found["token"])
    assert len(added) == 200 == len(saved.rows)
    kept = rows(head, record_id, "disputes")
    assert kept[0]["uid"] == below
    assert {r["cells"]["claim_amount"]["v"] for r in kept[1:]} == {"1234.56"}
    assert {r["cells"]["filed_date"]["v"] for r in kept[1:]} == {"2026-11-05"}
    with pytest.raises(NotFound):  # a preview is used once
        pasting.apply(head, record_id, "disputes", found["token"])


@pytest.mark.requirement("F-31")
def test_a_paste_over_rows_tells_what_it_overwrites_and_gives_it_back(head):
    record_id = opened(head, "f10")
    uids = insert(
        head, record_id, "orders", ORDER, {**ORDER, "order_number": "18-П"}, {**ORDER, "order_number": "19-П"}
    )
    at = {"uid": uids[0], "column": "order_number"}
    found = pasting.preview_paste(head, record_id, "orders", "100\n101\n", at=at)
    assert found["targets"] == uids[:2]
    assert [(c["was"], c["now"]) for c in found["conflicts"]] == [("17-П", "100"), ("18-П", "101")]
    _, _, added, before = pasting.apply(head, record_id, "orders", found["token"])
    assert added == []
    assert [r["cells"]["order_number"]["v"] for r in rows(head, record_id, "orders")] == [
        "100",
        "101",
        "19-П",
    ]
    undo = [{"uid": uid, "cell": values} for uid, values in before.items()]
    filling.change_rows(head, record_id, "orders", undo)
    assert [r["cells"]["order_number"]["v"] for r in rows(head, record_id, "orders")] == [
        "17-П",
        "18-П",
        "19-П",
    ]


@pytest.mark.requirement("F-30")
def test_a_wrong_cell_is_named_and_kept_as_it_was_pasted(head):
    record_id = opened(head, "f2")
    found = pasting.preview_paste(
        head, record_id, "employee", "Фамилия\tИмя\tДата приёма\nЮдин\tИлья\t32.13.2026\n"
    )
    (error,) = found["errors"]
    assert (error["row"], error["column"], error["raw"]) == (0, "hire_date", "32.13.2026")
    pasting.apply(head, record_id, "employee", found["token"])
    assert rows(head, record_id)[0]["cells"]["hire_date"]["raw"] == "32.13.2026"
    assert sheet_of(record_id).wrong == 1


def test_columns_are_mapped_by_hand_and_an_unknown_one_is_refused(head):
    record_id = opened(head, "f2")
    found = pasting.preview_paste(
        head, record_id, "employee", "Илья\tЮдин\n", mapping={0: "first_name", 1: "last_name"}
    )
    assert found["rows"][0]["last_name"]["v"] == "Юдин"
    with pytest.raises(Invalid):
        pasting.preview_paste(head, record_id, "employee", "x\n", mapping={0: "shoe_size"})


def test_what_cannot_be_taken_is_refused_whole_without_a_token(head):
    record_id = opened(head, "f2")
    found = pasting.preview_paste(
        head, record_id, "employee", "\n".join(f"Юдин{n}\tИлья" for n in range(2001))
    )
    assert found["token"] == ""
    assert found["error"]["code"] == "too_many_rows"
    assert rows(head, record_id) == []


def test_only_the_one_who_saw_the_preview_applies_it(head, specialist):
    record_id = opened(head, "f2")
    token = pasting.preview_paste(head, record_id, "employee", "Юдин\tИлья\n")["token"]
    with pytest.raises(NotFound):
        pasting.apply(specialist, record_id, "employee", token)


@pytest.mark.requirement("F-03")
def test_a_table_goes_out_as_a_workbook_and_comes_back_with_differences_shown(head, tmp_path):
    record_id = opened(head, "f2")
    insert(head, record_id, "employee", PERSON, {**PERSON, "last_name": "=Рудых", "diploma_number": "7"})
    content, name = books.of_table(head, record_id, "employee")
    assert name.endswith(".xlsx")
    path = tmp_path / "book"
    path.write_bytes(content)
    found = pasting.preview_upload(head, record_id, "employee", path, name)
    assert found["error"] is None
    assert (found["errors"], found["conflicts"]) == ([], [])
    assert [row["last_name"]["v"] for row in found["rows"]] == ["Юдин", "=Рудых"]
    assert None not in found["targets"]
    filling.change_rows(
        head, record_id, "employee", [{"uid": found["targets"][0], "cell": {"position": "Прораб"}}]
    )
    again = pasting.preview_upload(head, record_id, "employee", path, name)
    assert [(c["was"], c["now"]) for c in again["conflicts"]] == [("Прораб", PERSON["position"])]


def test_a_report_on_its_way_takes_no_paste(head):
    record_id = opened(head, "f8")
    filling.change_fields(head, record_id, {"nil": True})
    from reports import sending

    sending.submit(head, record_id)
    with pytest.raises(Refused):
        pasting.preview_paste(head, record_id, "incidents", "x\n")
