"""The staff: roles given and taken, blocks, the matrix, substitutions, «почему я это вижу»."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from accounts import explain, keys, matrix, staff, substitution
from accounts.actors import actor_for
from records import parameters, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.kinds import registry
from records.people import User
from tests.world import attach, draft, submitted


def roles_now(world, name):
    return actor_for(db.session.get(User, world.users[name].id, populate_existing=True)).roles


@pytest.mark.requirement("C-02")
def test_the_administrator_adds_an_employee(world, admin, letters):
    user = staff.add(admin, "Новосёлов Иван Львович", "new@baikal.example", "эксперт", "", ["sro_curator"])
    assert actor_for(user).roles == {"sro_curator"}
    assert "/activate/" in letters("new@baikal.example")[0].text


@pytest.mark.requirement("C-02")
def test_roles_are_given_and_taken(world, admin):
    staff.set_roles(admin, world.users["clerk"].id, ["sro_clerk", "sro_archivist"])
    assert roles_now(world, "clerk") == {"sro_clerk", "sro_archivist"}
    staff.set_roles(admin, world.users["clerk"].id, ["sro_archivist"])
    assert roles_now(world, "clerk") == {"sro_archivist"}
    staff.set_roles(admin, world.users["clerk"].id, ["sro_clerk"])
    assert roles_now(world, "clerk") == {"sro_clerk"}


def test_new_papers_no_longer_go_to_one_who_lost_the_role(world, admin, head):
    staff.set_roles(admin, world.users["clerk"].id, ["sro_archivist"])
    assert submitted(head).assignee_id != world.users["clerk"].id


@pytest.mark.requirement("C-02")
def test_blocking_closes_sessions_and_keys(world, admin, browser_of):
    theirs = browser_of("clerk")
    _, token = keys.issue(world.actor("clerk"), "Обмен", None)
    staff.block(admin, world.users["clerk"].id, "Уволен")
    assert theirs.get("/").status_code == 302
    db.session.expire_all()
    assert keys.actor_of_key(token, "") is None


def test_a_blocked_person_cannot_log_in_until_unblocked(world, admin, browser):
    staff.block(admin, world.users["clerk"].id, "Уволен")
    assert browser.login("clerk@baikal.example").status_code == 422
    staff.unblock(admin, world.users["clerk"].id)
    assert browser.login("clerk@baikal.example").status_code == 302


def test_a_block_needs_a_reason(world, admin):
    with pytest.raises(Invalid):
        staff.block(admin, world.users["clerk"].id, " ")


def test_the_administrator_does_not_shut_himself_out(world, admin):
    with pytest.raises(Refused):
        staff.block(admin, admin.user_id, "Ошибка")
    with pytest.raises(Invalid):
        staff.set_roles(admin, admin.user_id, ["sro_clerk"])


@pytest.mark.parametrize("who", ["clerk", "director", "head"])
def test_only_the_administrator_manages_staff(world, who):
    with pytest.raises(Forbidden):
        staff.set_roles(world.actor(who), world.users["clerk"].id, ["sro_admin"])


def test_member_roles_are_not_given_as_staff_roles(world, admin):
    with pytest.raises(Invalid):
        staff.set_roles(admin, world.users["clerk"].id, ["member_head"])


@pytest.mark.requirement("C-02")
def test_the_matrix_says_what_the_workflow_does():
    rights = matrix.of_kind(registry["letter"])
    assert rights.rows[0].roles == registry["letter"].created_by
    moves = {t.title for t in registry["letter"].workflow.transitions}
    assert {row.move.split(":")[0] for row in rights.rows[1:]} == moves


@pytest.mark.requirement("C-02")
def test_the_matrix_is_written_for_review():
    text = matrix.as_markdown()
    assert text.startswith("# Матрица прав")
    assert all(f"## {kind.title}" in text for kind in registry)
    assert "member_head" not in text


def test_the_matrix_narrows_to_a_role():
    kinds = matrix.everything("member_spec")
    assert all("member_spec" in row.roles for kind in kinds for row in kind.rows)
    assert "letter" in {kind.name for kind in kinds}


def away(world, actor, who, by, **more):
    today = parameters.today()
    given = {"starts_on": today, "ends_on": today + timedelta(days=7), **more}
    return substitution.set_(actor, world.users[who].id, world.users[by].id, **given)


@pytest.mark.requirement("R-31")
def test_new_papers_go_to_the_substitute_and_history_says_for_whom(world, director, head):
    away(world, director, "registrar", "curator")
    record = draft(
        head,
        "register_change_application",
        changes=["address"],
        new_values="Новый адрес",
        changed_on="2026-11-02",
    )
    attach(head, record, io.BytesIO("Приказ".encode()), "приказ.txt")
    service.act(head, record.id, "submit")
    found = query.get(world.actor("curator"), record.id)
    assert found.assignee_id == world.users["curator"].id
    curator = world.actor("curator")
    assert curator.acting_for == world.users["registrar"].name
    service.remark(curator, record.id, "Проверяю", public=False)
    assert any(step.acting_for == world.users["registrar"].name for step in query.history(curator, found))


@pytest.mark.requirement("R-31")
def test_papers_in_hand_are_passed_on_when_asked(world, director, head):
    record = submitted(head)
    holder = next(name for name, user in world.users.items() if user.id == record.assignee_id)
    away(world, director, holder, "archivist", hand_over=True, reason="Отпуск")
    assert query.get(director, record.id).assignee_id == world.users["archivist"].id


@pytest.mark.requirement("R-31")
def test_an_ended_substitution_gives_the_papers_back(world, director):
    entry = away(world, director, "registrar", "curator")
    substitution.end(director, entry.id)
    assert world.actor("curator").acting_for == ""


@pytest.mark.parametrize(
    ("who", "by", "more", "field"),
    [
        ("registrar", "registrar", {}, "substitute"),
        ("registrar", "head", {}, "substitute"),
        ("registrar", "curator", {"ends_on": date(2020, 1, 1)}, "ends_on"),
    ],
)
def test_a_substitution_that_makes_no_sense_is_refused(world, director, who, by, more, field):
    with pytest.raises(Invalid) as error:
        away(world, director, who, by, **more)
    assert field in error.value.errors


def test_terms_of_one_person_do_not_overlap(world, director):
    away(world, director, "registrar", "curator")
    with pytest.raises(Invalid):
        away(world, director, "registrar", "clerk")


def test_one_who_is_away_does_not_substitute(world, director):
    away(world, director, "registrar", "curator")
    with pytest.raises(Invalid):
        away(world, director, "clerk", "registrar")


def test_an_employee_names_a_substitute_for_himself_alone(world, registrar, clerk):
    away(world, registrar, "registrar", "curator")
    with pytest.raises(Forbidden):
        away(world, clerk, "curator", "lawyer")


@pytest.mark.requirement("R-31")
def test_the_page_names_a_substitute(world, browser_of):
    today = parameters.today()
    answer = browser_of("director").post(
        "/substitutions",
        {
            "user": world.users["registrar"].id,
            "substitute": world.users["curator"].id,
            "starts_on": today.isoformat(),
            "ends_on": f"{today + timedelta(days=3):%d.%m.%Y}",
            "reason": "Отпуск",
        },
    )
    assert answer.status_code == 302
    assert (
        "Реестрова Анна Петровна → Кураторова Нина Львовна"
        in browser_of("director").get("/substitutions").text
    )


@pytest.mark.requirement("R-43")
def test_why_a_clerk_sees_a_filed_letter(world, admin, head):
    record = submitted(head)
    answer = explain.explain(admin, world.users["clerk"].id, record.number_text)
    assert answer.sees
    assert any(step.holds and "всем сотрудникам" in step.rule for step in answer.seats[0].chain)
    assert {a.verb for a in answer.seats[0].actions} == {
        a.verb for a in query.actions(world.actor("clerk"), record)
    }


@pytest.mark.requirement("R-43")
def test_why_nobody_of_the_staff_sees_a_draft(world, admin, head):
    record = draft(head)
    answer = explain.explain(admin, world.users["clerk"].id, str(record.id))
    assert not answer.sees
    assert any("черновик" in reason for reason in answer.reasons)


@pytest.mark.requirement("R-43")
def test_why_another_company_does_not_see_it(world, admin, head):
    answer = explain.explain(admin, world.users["stranger"].id, submitted(head).number_text)
    assert not answer.sees
    assert not any(step.holds for step in answer.seats[0].chain)


@pytest.mark.requirement("R-43")
def test_the_explanation_agrees_with_what_the_register_does(world, admin, head):
    records = [draft(head), submitted(head)]
    for record in records:
        for name in world.users:
            answer = explain.explain(admin, world.users[name].id, str(record.id))
            assert answer.sees == bool(query.visible_ids(world.actor(name), [record.id])), (name, record.id)


def test_an_explanation_does_not_show_the_text_of_a_paper(world, browser_of, head):
    record = submitted(head, subject="Тайна о зарплате", text="Текст")
    page = browser_of("admin").get(f"/rights/explain?person=stranger@member.example&record={record.id}").text
    assert "не видит документ" in page
    assert "зарплате" not in page


def test_a_blocked_person_sees_nothing_and_it_is_said(world, admin, head):
    record = submitted(head)
    staff.block(admin, world.users["clerk"].id, "Уволен")
    answer = explain.explain(admin, world.users["clerk"].id, str(record.id))
    assert not answer.sees
    assert "заблокирована" in answer.reasons[0]


@pytest.mark.parametrize("who", ["clerk", "director", "head"])
def test_others_do_not_ask_about_rights(world, head, who):
    record = submitted(head)
    with pytest.raises(Forbidden):
        explain.explain(world.actor(who), world.users["clerk"].id, str(record.id))


def test_an_unknown_document_is_said_so(world, admin):
    with pytest.raises(NotFound):
        explain.explain(admin, world.users["clerk"].id, "Вх-99999/26")


@pytest.mark.requirement("R-43")
def test_an_auditor_reads_the_journal_and_asks(world, head):
    auditor = Actor(user_id=world.users["archivist"].id, name="Аудиторов", roles=frozenset({"sro_auditor"}))
    record = submitted(head)
    assert explain.explain(auditor, world.users["clerk"].id, str(record.id)).sees
