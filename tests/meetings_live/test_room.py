"""The live room through its pages: the door, the boards, the vote, the receipt; who must see nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from meetings import live
from meetings.preparing import meeting_of
from meetings.service import here
from records.database import db
from records.errors import Forbidden, Invalid
from records.schema import drop_triggers, install_triggers


def key(app):
    return app.config["SECRET_KEY"]


def admitted(app, world, record_id, member, other):
    """Everybody has come in and the list is closed."""
    for name, who in (("head", member), ("stranger", other)):
        live.enter(world.actor(name), record_id, key(app), live.code_of(key(app), record_id, who))
        live.admit(world.actor("secretary"), record_id, "admitted", [who])
    live.lead(world.actor("secretary"), record_id, "list_closed")
    return meeting_of(record_id)


@pytest.mark.requirement("M-37")
def test_only_the_authorised_and_the_officers_enter_the_room(begun, browser_of):
    record_id = begun()
    answers = {
        name: browser_of(name).get(f"/meetings/{record_id}/room").status_code
        for name in ("head", "specialist", "outsider", "secretary", "clerk")
    }
    assert answers["head"] == answers["secretary"] == 200
    assert {answers[name] for name in ("specialist", "outsider", "clerk")} <= {403, 404}


def test_the_code_is_told_to_him_whose_sheet_is_accepted_and_to_nobody_else(app, begun, browser_of, member):
    record_id = begun()
    code = live.code_of(key(app), record_id, member)
    assert code in browser_of("head").get(f"/meetings/{record_id}/code").text
    assert code not in browser_of("stranger").get(f"/meetings/{record_id}/code").text
    assert browser_of("specialist").get(f"/meetings/{record_id}/code").status_code == 403


def test_a_wrong_code_is_journaled_but_not_what_was_typed(app, begun, browser_of):
    record_id = begun()
    page = browser_of("head").post(
        f"/meetings/{record_id}/room/enter", {"code": "31415926"}, follow_redirects=True
    )
    assert "Вход не выполнен" in page.text
    bodies = db.session.execute(text("SELECT body FROM meeting_journal")).scalars().all()
    assert "code_entered" in bodies[-1]
    assert not any("31415926" in body for body in bodies)


@pytest.mark.requirement("M-43")
def test_a_remote_meeting_goes_from_the_door_to_the_receipt(app, begun, browser_of, member, other):
    record_id = begun()
    room, head, secretary = f"/meetings/{record_id}/room", browser_of("head"), browser_of("secretary")
    stranger = browser_of("stranger")
    for person, who in ((head, member), (stranger, other)):
        person.post(f"{room}/enter", {"code": live.code_of(key(app), record_id, who)})
        assert "зале ожидания" in person.get(room).text
        secretary.post(f"{room}/admit", {"verb": "admitted", "member": who})
    secretary.post(f"{room}/lead", {"verb": "list_closed"})
    secretary.post(f"{room}/lead", {"verb": "question_opened", "item": "q1"})
    assert "Отчёт совета" in head.get(room).text
    said = head.post(
        f"{room}/vote", {"item": "q1", "member": member, "mark": "for"}, follow_redirects=True
    ).text
    assert "Принято: 1 голос" in said
    assert "квитанция" in said
    again = head.post(
        f"{room}/vote", {"item": "q1", "member": member, "mark": "against"}, follow_redirects=True
    )
    assert "голос не принят" in again.text
    secretary.post(f"{room}/lead", {"verb": "question_closed", "item": "q1"})
    total = here().result(meeting_of(record_id))["questions"][0]["total"]
    assert (total["for"], total["against"], total["not_voted"]) == (1, 0, 1)
    assert "Журнал не изменён" in secretary.get(f"/meetings/{record_id}/journal").text


def test_a_vote_from_a_session_that_did_not_come_through_the_door_is_unsigned(
    app, world, begun, browser_of, member, other
):
    record_id = begun()
    admitted(app, world, record_id, member, other)
    live.lead(world.actor("secretary"), record_id, "question_opened", item="q1")
    said = browser_of("head").post(
        f"/meetings/{record_id}/room/vote",
        {"item": "q1", "member": member, "mark": "for"},
        follow_redirects=True,
    )
    assert "голос не принят" in said.text
    assert here().room(meeting_of(record_id)).state.questions["q1"].voted == set()


def test_nobody_votes_for_anothers_company_or_with_an_unknown_mark(app, world, begun, member, other):
    record_id = begun()
    admitted(app, world, record_id, member, other)
    live.lead(world.actor("secretary"), record_id, "question_opened", item="q1")
    with pytest.raises(Forbidden):
        live.vote(world.actor("head"), record_id, "q1", {other: "for"}, signature="simple")
    with pytest.raises(Invalid):
        live.vote(world.actor("head"), record_id, "q1", {member: "может быть"}, signature="simple")
    with pytest.raises(Forbidden):
        live.lead(world.actor("head"), record_id, "question_closed", item="q1")


@pytest.mark.requirement("M-75")
def test_a_secret_vote_leaves_no_trace_of_how_in_the_journal(app, world, begun, member, other):
    record_id = begun()
    meeting_id = admitted(app, world, record_id, member, other)
    live.lead(world.actor("secretary"), record_id, "question_opened", item="q2")
    receipt = live.vote(world.actor("head"), record_id, "q2", {member: ["c2"]}, signature="simple")[0]
    assert receipt.accepted == (member,)
    bodies = db.session.execute(
        text("SELECT body FROM meeting_journal WHERE seq = :n"), {"n": receipt.entry}
    ).scalars()
    assert not any("c2" in body for body in bodies)
    assert here().faults(meeting_id) == []


def test_a_break_sends_everybody_to_be_identified_anew(app, world, begun, member, other):
    record_id = begun()
    admitted(app, world, record_id, member, other)
    secretary = world.actor("secretary")
    live.lead(secretary, record_id, "break", reason="Технический перерыв")
    live.lead(secretary, record_id, "resume")
    assert live.pulse(record_id)[1]["present"] == 0
    live.admit(secretary, record_id, "reconnect", [member, other])
    assert live.pulse(record_id)[1]["present"] == 2


def test_the_pulse_is_not_sent_again_while_the_journal_has_not_moved(
    app, world, begun, browser_of, member, other
):
    record_id = begun()
    head = browser_of("head")
    first = head.get(f"/meetings/{record_id}/pulse")
    assert (first.json["stage"], first.json["of"], first.json["waiting"]) == ("registration", 2, 2)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert head.get(f"/meetings/{record_id}/pulse", headers=tag).status_code == 304
    admitted(app, world, record_id, member, other)
    moved = head.get(f"/meetings/{record_id}/pulse", headers=tag)
    assert (moved.status_code, moved.json["stage"], moved.json["present"]) == (200, "session", 2)


@pytest.mark.requirement("M-74")
def test_the_audit_names_the_meeting_whose_journal_was_touched(app, begun):
    record_id = begun()
    run = app.test_cli_runner()
    assert run.invoke(args=["audit", "verify"]).exit_code == 0
    db.session.rollback()  # the reader lets go of the tables before their guards are taken off
    with db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text("UPDATE meeting_journal SET verdict = '{}' WHERE seq = 2"))
        install_triggers(connection)
    said = run.invoke(args=["audit", "verify"])
    assert said.exit_code == 1
    assert f"документ {record_id}: журнал собрания: запись журнала № 2 изменена" in said.output
