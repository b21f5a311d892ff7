"""X-12, R-37: a member's key opens that member's records and tells nothing of the others'."""

import pytest

from records import indexing, service


@pytest.fixture
def foreign(program, filed, drain, clerk):
    """A letter of «Ромашка» with a file and an internal remark, already in the index."""
    record = filed(program("head"), b"secret word lighthouse")
    service.remark(clerk, record["id"], "Внутренняя заметка: маяк")
    drain()
    return record


READS = [
    "/records/{id}",
    "/records/{id}/actions",
    "/records/{id}/remarks",
    "/records/{id}/history",
    "/files/{file}",
]
WRITES = [
    ("PATCH", "/records/{id}", {"fields": {"subject": "Чужое"}}),
    ("POST", "/records/{id}/actions/submit", {}),
    ("POST", "/records/{id}/actions/withdraw", {"note": "x"}),
    ("POST", "/records/{id}/remarks", {"text": "Чужое"}),
    ("POST", "/records/{id}/links", {"target": 999, "type": "basis"}),
]


def _at(path, record, *, absent=False):
    shift = 100_000 if absent else 0
    return path.format(id=record["id"] + shift, file=record["files"][0]["id"] + shift)


@pytest.mark.requirement("X-12", "R-37")
@pytest.mark.parametrize("path", READS)
def test_a_strangers_key_gets_the_answer_of_an_absent_record(program, foreign, path):
    stranger = program("stranger")
    hidden, absent = stranger.get(_at(path, foreign)), stranger.get(_at(path, foreign, absent=True))
    assert (hidden.status_code, hidden.content_type) == (404, "application/problem+json")
    assert hidden.data == absent.data


@pytest.mark.requirement("X-12", "R-37")
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_strangers_key_changes_nothing_and_learns_nothing(program, foreign, method, path, body):
    stranger, owner = program("stranger"), program("head")
    hidden = stranger(method, _at(path, foreign), json=body)
    absent = stranger(method, _at(path, foreign, absent=True), json=body)
    assert (hidden.status_code, hidden.data) == (404, absent.data)
    assert owner.get(f"/records/{foreign['id']}").json["version"] >= foreign["version"]


@pytest.mark.requirement("X-12", "R-37")
@pytest.mark.parametrize("path", ["/records/{id}/files", "/files/{file}/signatures"])
def test_a_strangers_file_is_not_taken(program, foreign, path):
    stranger = program("stranger")
    hidden = stranger.upload(_at(path, foreign), name="a.sig")
    absent = stranger.upload(_at(path, foreign, absent=True), name="a.sig")
    assert (hidden.status_code, hidden.data) == (404, absent.data)


@pytest.mark.requirement("R-37")
def test_guessed_files_of_another_member_are_not_found(program, foreign):
    stranger = program("stranger")
    assert {stranger.get(f"/files/{n}").status_code for n in range(1, 21)} == {404}


@pytest.mark.requirement("R-37")
def test_lists_and_counts_do_not_tell_of_another_members_records(program, foreign):
    stranger = program("stranger")
    for query in ("", "?kind=letter", "?organisation=7701677668", "?number=00001", "?q=срок", "?sort=title"):
        page = stranger.get(f"/records{query}").json
        assert (page["items"], page["total"], page["next"]) == ([], 0, None)


@pytest.mark.requirement("R-37")
def test_search_and_its_facets_do_not_tell_of_another_members_records(program, foreign):
    assert program("head").get("/search?q=проверка").json["total"] == 1
    page = program("stranger").get("/search?q=проверка").json
    assert (page["items"], page["total"], page["corrected"]) == ([], 0, None)
    assert all(not counts for counts in page["facets"].values())


@pytest.mark.requirement("R-12", "R-37")
def test_internal_remarks_never_reach_a_members_key(program, foreign):
    owner = program("head")
    told = [owner.get(f"/records/{foreign['id']}{tail}").text for tail in ("", "/remarks", "/history")]
    told.append(owner.get("/search?q=маяк").text)
    assert not any("Внутренняя заметка" in text for text in told)
    assert program("clerk").get(f"/records/{foreign['id']}/remarks").json["items"][0]["public"] is False


def test_a_member_cannot_write_an_internal_remark(program, foreign):
    answer = program("head").post(f"/records/{foreign['id']}/remarks", json={"text": "a", "public": False})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.requirement("R-37")
@pytest.mark.parametrize("organisation", [2, "2", "6732455543", "7707083893", 99, {"id": 2}])
def test_a_member_files_for_his_own_company_alone(program, world, organisation):
    answer = program("head").post(
        "/records", json={"kind": "letter", "organisation": organisation, "fields": {}}
    )
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


@pytest.mark.requirement("X-12")
@pytest.mark.parametrize("organisation", [1, "1", "7701677668", {"id": 1}])
def test_staff_file_for_a_company_by_its_id_or_inn(program, world, organisation):
    made = program("clerk").post(
        "/records", json={"kind": "letter", "organisation": organisation, "fields": {}}
    )
    assert made.status_code == 201
    assert made.json["organisation"] == {"id": 1, "inn": "7701677668", "name": "ООО «Ромашка»"}


def test_a_link_to_a_hidden_record_is_refused_as_to_an_absent_one(program, foreign, filed):
    stranger = program("stranger")
    own = filed(stranger)
    hidden = stranger.post(f"/records/{own['id']}/links", json={"target": foreign["id"], "type": "basis"})
    absent = stranger.post(f"/records/{own['id']}/links", json={"target": 10**14, "type": "basis"})
    assert (hidden.status_code, hidden.data) == (404, absent.data)


@pytest.mark.requirement("X-12")
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer veche_wrong", "Basic YTpi", "Bearer \xff", "bearer " + "x" * 5000]
)
def test_nothing_opens_without_a_good_key(program, foreign, header):
    answer = program(None).get(f"/records/{foreign['id']}", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.requirement("X-12")
def test_a_session_of_the_cabinet_is_no_key(browser_of, foreign):
    assert browser_of("head").raw("get", f"/api/v1/records/{foreign['id']}").status_code == 401


@pytest.mark.requirement("X-12")
def test_a_revoked_key_stops_at_once(program, head):
    from accounts import keys

    mine = program("head")
    assert mine.get("/records").status_code == 200
    keys.revoke(head, keys.of_user(head.user_id)[0].id)
    assert mine.get("/records").status_code == 401


def test_metrics_are_for_this_machine_and_the_administrator(program, world):
    outside = {"X-Forwarded-For": "203.0.113.5"}
    assert program(None).get("/metrics", headers=outside).status_code == 404
    assert program("head").get("/metrics", headers=outside).status_code == 404
    assert "veche_requests_total" in program("admin").get("/metrics", headers=outside).text
    assert "veche_outbox_waiting" in program(None).get("/metrics").text


def test_health_asks_for_no_key(program):
    assert program(None).get("/healthz").json == {"status": "ok"}


def test_the_broken_index_is_told_in_metrics_not_hidden(program, monkeypatch):
    class Broken:
        class backend:
            @staticmethod
            def check():
                raise OSError("no index")

    monkeypatch.setattr(indexing, "engine", lambda: Broken)
    assert "veche_index_ok 0.0" in program(None).get("/metrics").text
