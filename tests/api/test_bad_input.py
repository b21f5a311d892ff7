"""X-12: whatever comes in, the answer is a problem with a code, never a page and never a fault of ours."""

import json

import pytest

from .conftest import LETTER


def _refused(answer, status, code=None):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert code is None or answer.json["code"] == code
    return True


BODIES = [
    b"{",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b'{"kind": 1e999}',
    b'{"kind": NaN}',
    b'{"kind": Infinity}',
    b'{"kind":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"kind":"letter","fields":' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}",
    b'{"kind":"letter","fields":{"subject":"a\\u0000b"}}',
    b'{"kind":"letter","fields":{"subject":"\\ud800"}}',
    b'{"kind":"letter","fields":{"\\udfff":"a"}}',
    b'{"kind":' + b"9" * 5000 + b"}",
]


@pytest.mark.requirement("X-12")
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_json_that_cannot_be_read_is_a_bad_request(program, body):
    answer = program("head").post("/records", data=body, content_type="application/json")
    assert _refused(answer, 400, "bad_request")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": 5},
        {"kind": None},
        {"kind": "no_such"},
        {"kind": "letter", "fields": []},
        {"kind": "letter", "fields": {"subject": 5}},
        {"kind": "letter", "fields": {"subject": ["a"]}},
        {"kind": "letter", "fields": {"subject": "x" * 301}},
        {"kind": "letter", "fields": {"topic": "nothing"}},
        {"kind": "letter", "fields": {"no_such": 1}},
        {"kind": "letter", "fields": {"files": "a"}},
        {"kind": "letter", "extra": 1},
        {"kind": "letter", "organisation": True},
        {"kind": "letter", "organisation": -1},
        {"kind": "letter", "organisation": "И" * 10},
        {"kind": "letter", "organisation": {"id": {}}},
        {"kind": "letter", "organisation": 10**30},
    ],
    ids=str,
)
def test_wrong_values_are_named_field_by_field(program, given):
    answer = program("clerk").post("/records", json=given)
    assert _refused(answer, 422, "invalid")
    assert answer.json["errors"]


@pytest.mark.parametrize("id_", ["-1", "0", "9223372036854775808", "9" * 400, "1e5", "١", "1%00", "%2e%2e"])
@pytest.mark.parametrize("path", ["/records/{}", "/files/{}", "/records/{}/history"])
def test_an_impossible_id_is_simply_not_there(program, path, id_):
    assert _refused(program("head").get(path.format(id_)), 404, "not_found")


@pytest.mark.parametrize("target", [-1, 0, 2**63, 10**40])
def test_an_impossible_link_is_simply_not_there(program, target):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    answer = mine.post(f"/records/{made['id']}/links", json={"target": target, "type": "basis"})
    assert _refused(answer, 404)


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/nothing", "/v2/records", "/v1/records/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_under_api_is_no_page(program, method, path):
    assert _refused(program("head")(method, f"/api{path}"), 404, "not_found")


def test_a_doubled_slash_is_not_answered_with_a_page(program):
    assert _refused(program("head").get("/api/v1//records"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/records/1"), ("PUT", "/records"), ("POST", "/search")]
)
def test_a_method_that_is_not_there_names_those_that_are(program, method, path):
    answer = program("head")(method, path)
    assert _refused(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_a_body_of_another_type_is_refused(program, content_type):
    answer = program("head").post("/records", data=json.dumps(LETTER), content_type=content_type)
    assert _refused(answer, 415, "unsupported_media_type")


def test_a_file_must_come_as_a_part_of_a_form(program):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    assert _refused(mine.post(f"/records/{made['id']}/files", json={}), 415)
    empty = mine.post(f"/records/{made['id']}/files", data={"a": "b"}, content_type="multipart/form-data")
    assert _refused(empty, 422, "invalid")
    broken = mine.post(
        f"/records/{made['id']}/files", data=b"rubbish", content_type="multipart/form-data; boundary=x"
    )
    assert broken.status_code in (400, 422)


@pytest.mark.parametrize("name", ["a.exe", "../../etc/passwd", "", "\0.txt", "a" * 5000 + ".txt"])
def test_a_file_with_a_bad_name_never_breaks_the_service(program, name):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    answer = mine.upload(f"/records/{made['id']}/files", b"words", name)
    assert answer.status_code in (201, 400, 422)
    assert answer.status_code != 201 or "/" not in answer.json["name"]


def test_a_huge_body_is_refused_before_it_is_read(program):
    answer = program("head").post("/records", data=b" " * (2**20 + 1), content_type="application/json")
    assert _refused(answer, 413, "payload_too_large")


@pytest.mark.parametrize(
    "query",
    [
        "kind=no_such", "state=gone", "sort=payload", "limit=0", "limit=101", "limit=x", "cursor=zz",
        "cursor=o99999999", "date_from=20.11.2026", "open=perhaps", "organisation=Ромашка", "assignee=-1",
        "assignee=" + "9" * 30, "knid=letter", "topic=dues", "number=" + "1" * 400,
    ],
)  # fmt: skip
def test_a_filter_that_is_not_understood_never_returns_everything(program, query):
    answer = program("head").get(f"/records?{query}")
    assert _refused(answer, 422, "invalid")
    assert list(answer.json["errors"]) == [query.split("=")[0]]


@pytest.mark.parametrize("path", ["/records?q=%00", "/search?q=%00", "/records?kind=letter&topic=%00"])
def test_a_zero_in_an_address_is_a_bad_request(program, path):
    assert _refused(program("head").get(path), 400)


@pytest.mark.parametrize("etag", ["abc", '"x"', "W/", '"1", "2"', "9" * 40])
def test_a_strange_if_match_is_a_bad_request(program, etag):
    mine = program("head")
    made = mine.post("/records", json=LETTER).json
    answer = mine.patch(f"/records/{made['id']}", json={"fields": {}}, headers={"If-Match": etag})
    assert _refused(answer, 400, "bad_request")


@pytest.mark.requirement("X-12")
def test_too_many_requests_are_told_when_to_come_again(program, app):
    from api.door import Limits

    app.extensions["api_limits"] = Limits("3 per minute")
    mine, other = program("head"), program("clerk")
    codes = [mine.get("/records").status_code for _ in range(8)]
    assert codes[:3] == [200, 200, 200] and 429 in codes[3:]
    refused = mine.get("/records")
    assert _refused(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.get("/records").status_code == 200


def test_a_fault_of_ours_is_a_problem_with_a_code_for_support(program, monkeypatch):
    from records import query

    def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(query, "get", broken)
    answer = program("head").get("/records/1")
    assert _refused(answer, 500, "internal")
    assert "secret" not in answer.text and answer.json["support_code"].startswith("500-")
