"""X-12: the life of a record over JSON, repeats, versions, pages."""

import hashlib
from datetime import date

import pytest
from sqlalchemy import event

from records.database import db
from records.service import moving

from .conftest import LETTER

FIELDS = "id kind title state numbers organisation fields files links actions version created_at updated_at"


@pytest.mark.requirement("X-12")
def test_a_record_has_exactly_the_promised_fields(program):
    made = program("head").post("/records", json=LETTER)
    assert made.status_code == 201
    assert list(made.json) == FIELDS.split()
    assert made.headers["Location"] == f"/api/v1/records/{made.json['id']}"
    assert made.json["fields"] == {
        "subject": "О сроках проверки",
        "topic": None,
        "text": "Просим сообщить срок.",
    }


@pytest.mark.requirement("X-12", "R-45")
def test_a_filing_ends_with_a_number_and_the_digests_of_its_files(program, filed):
    done = filed(program("head"), b"bytes of a paper")
    assert done["state"] == "registered"
    number = done["numbers"][0]
    assert number["direction"] == "in" and "00001" in number["text"]
    assert date.fromisoformat(number["date"])
    assert done["files"][0]["sha256"] == hashlib.sha256(b"bytes of a paper").hexdigest()


@pytest.mark.requirement("X-12")
def test_a_file_comes_back_as_it_was_sent(program, filed):
    mine = program("head")
    done = filed(mine, "текст бумаги".encode())
    answer = mine.get(f"/files/{done['files'][0]['id']}")
    assert answer.data == "текст бумаги".encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    part = mine.get(f"/files/{done['files'][0]['id']}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, "те".encode())


@pytest.mark.requirement("X-12")
def test_the_same_moves_are_offered_as_on_the_screen(program, world):
    mine = program("head")
    made = mine.post("/records", json={"kind": "letter", "fields": {}}).json
    submit = next(a for a in made["actions"] if a["verb"] == "submit")
    assert submit["allowed"] is False and "Тема письма" in submit["reasons"][0]
    refused = mine.post(f"/records/{made['id']}/actions/submit", json={})
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert "subject" in refused.json["errors"]


def test_a_move_that_is_not_there_is_refused_with_a_reason(program, filed):
    mine = program("head")
    done = filed(mine)
    answer = mine.post(f"/records/{done['id']}/actions/submit")
    assert (answer.status_code, answer.json["code"]) == (422, "refused")
    assert answer.json["reasons"]


def test_a_registered_record_is_not_changed(program, filed):
    mine = program("head")
    done = filed(mine)
    answer = mine.patch(f"/records/{done['id']}", json={"fields": {"subject": "Другое"}})
    assert (answer.status_code, answer.json["code"]) == (422, "refused")


@pytest.mark.requirement("R-36")
@pytest.mark.parametrize("by_header", [True, False])
def test_a_stale_change_is_refused_with_both_versions(program, by_header):
    mine = program("head")
    made = mine.post("/records", json=LETTER)
    path, etag = f"/records/{made.json['id']}", made.headers["ETag"]
    assert (
        mine.patch(path, json={"fields": {"text": "Первый"}}, headers={"If-Match": etag}).status_code == 200
    )
    body = {"fields": {"text": "Второй"}}
    stale = (
        mine.patch(path, json=body, headers={"If-Match": etag})
        if by_header
        else mine.patch(path, json={**body, "version": made.json["version"]})
    )
    assert (stale.status_code, stale.json["code"]) == (409, "conflict")
    assert (stale.json["your_version"], stale.json["current_version"]) == (1, 2)
    assert mine.get(path).json["fields"]["text"] == "Первый"


@pytest.mark.requirement("R-36")
def test_a_stale_move_is_refused(program, clerk):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    mine.patch(f"/records/{made['id']}", json={"fields": {"text": "Иначе"}})
    answer = mine.post(f"/records/{made['id']}/actions/submit", json={"version": made["version"]})
    assert answer.status_code == 409


def test_an_unchanged_record_is_not_sent_again(program):
    mine = program("head")
    made = mine.post("/records", json=LETTER)
    path = f"/records/{made.json['id']}"
    again = mine.get(path, headers={"If-None-Match": mine.get(path).headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.requirement("X-12")
def test_a_repeated_request_makes_nothing_twice(program):
    mine, key = program("head"), {"Idempotency-Key": "order-17"}
    first, second = (mine.post("/records", json=LETTER, headers=key).json for _ in range(2))
    assert first["id"] == second["id"]
    path = f"/records/{first['id']}"
    files = [mine.upload(f"{path}/files", headers={"Idempotency-Key": "file-1"}).json["id"] for _ in range(2)]
    assert files[0] == files[1]
    notes = [
        mine.post(f"{path}/remarks", json={"text": "Просьба"}, headers={"Idempotency-Key": "n"}).json["id"]
        for _ in range(2)
    ]
    assert notes[0] == notes[1]
    acts = [mine.post(f"{path}/actions/submit", headers={"Idempotency-Key": "act-1"}).json for _ in range(2)]
    assert acts[0]["numbers"] == acts[1]["numbers"] and acts[0]["version"] == acts[1]["version"]
    assert mine.get("/records").json["total"] == 1


@pytest.mark.requirement("X-12")
def test_a_repeat_key_is_refused_for_another_request(program):
    mine, key = program("head"), {"Idempotency-Key": "order-17"}
    made = mine.post("/records", json=LETTER, headers=key).json
    other = mine.post("/records", json={**LETTER, "fields": {"subject": "Иное"}}, headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")
    path = f"/records/{made['id']}/files"
    assert mine.upload(path, b"one", headers={"Idempotency-Key": "f"}).status_code == 201
    assert mine.upload(path, b"two", headers={"Idempotency-Key": "f"}).json["code"] == "idempotency_mismatch"


def test_the_same_repeat_key_of_two_people_does_not_meet(program):
    key = {"Idempotency-Key": "1"}
    mine = program("head").post("/records", json=LETTER, headers=key).json
    theirs = program("stranger").post("/records", json=LETTER, headers=key).json
    assert mine["id"] != theirs["id"]


@pytest.mark.requirement("X-12")
def test_pages_follow_one_another_by_cursor(program):
    mine = program("head")
    ids = [mine.post("/records", json=LETTER).json["id"] for _ in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = mine.get(f"/records?limit=2&cursor={cursor}").json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert (seen, cursor) == (sorted(ids, reverse=True), None)
    assert page["total"] == 5 and page["total_is_exact"] is True


def test_history_pages_by_cursor_too(program, filed):
    mine = program("head")
    path = f"/records/{filed(mine)['id']}/history"
    first = mine.get(f"{path}?limit=2").json
    rest = mine.get(f"{path}?cursor={first['next']}").json
    assert [s["seq"] for s in first["items"] + rest["items"]] == list(range(1, len(rest["items"]) + 3))


def test_a_list_is_filtered_by_a_field_of_its_kind(program):
    mine = program("head")
    for topic in ("dues", "register"):
        mine.post("/records", json={"kind": "letter", "fields": {"subject": topic, "topic": topic}})
    found = mine.get("/records?kind=letter&topic=dues").json["items"]
    assert [item["title"] for item in found] == ["dues"]


@pytest.mark.requirement("X-12")
def test_a_list_takes_the_same_number_of_statements_for_one_and_for_many(program):
    mine = program("head")
    mine.post("/records", json=LETTER)

    def statements():
        seen = []
        event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        before = len(seen)
        assert mine.get("/records?limit=100").status_code == 200
        return len(seen) - before

    mine.get("/records")
    one = statements()
    for _ in range(10):
        mine.post("/records", json=LETTER)
    assert statements() == one <= 9


@pytest.mark.requirement("X-12")
def test_linked_records_are_shown_from_both_ends(program, filed):
    mine = program("head")
    first, second = filed(mine), filed(mine)
    body = {"target": first["id"], "type": "supplements"}
    made = mine.post(f"/records/{second['id']}/links", json=body)
    assert made.status_code == 201 and made.json["label"] == "Дополняет"
    assert mine.post(f"/records/{second['id']}/links", json=body).status_code == 201
    links = mine.get(f"/records/{first['id']}").json["links"]
    assert [(item["label"], item["record"]["id"]) for item in links] == [("Дополнено", second["id"])]


def test_what_is_not_a_signature_is_not_kept_as_one(program):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    file = mine.upload(f"/records/{made['id']}/files").json
    answer = mine.upload(f"/files/{file['id']}/signatures", b"just words", "note.txt")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


@pytest.mark.requirement("R-04")
def test_a_reply_fetched_by_the_addressees_program_is_delivered(program, world):
    mine, lawyer, director = program("head"), program("registrar"), program("director")
    fields = {"subject": "О сроке", "text": "Срок — март."}
    reply = lawyer.post(
        "/records", json={"kind": "reply", "organisation": "7701677668", "fields": fields}
    ).json
    path = f"/records/{reply['id']}"
    assert mine.get(path).status_code == 404
    lawyer.post(f"{path}/actions/to_sign")
    assert director.post(f"{path}/actions/sign").json["numbers"][0]["direction"] == "out"
    moving.continue_as_system(reply["id"], "send")
    assert director.get(path).json["state"] == "sent"
    assert mine.get(path).json["state"] == "delivered"


@pytest.mark.requirement("X-12")
def test_kinds_tell_a_program_what_to_send(program):
    kinds = {k["name"]: k for k in program("head").get("/kinds").json["items"]}
    assert kinds["letter"]["can_create"] is True and kinds["reply"]["can_create"] is False
    subject = kinds["letter"]["fields"][0]
    assert (subject["name"], subject["required"], subject["schema"]["maxLength"]) == ("subject", True, 300)
