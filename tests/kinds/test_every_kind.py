"""What every kind gets for free: form, list, card, workflow, rights, numbers, terms, index text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

import correspondence
import register
from forms.derive import form_class
from records import history, indexing, policy, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.journals import journals
from records.kinds import registry
from records.model import History, Record
from records.query import ListQuery
from records.service.moving import continue_as_system
from tests.kinds.sample import actor_with, author_of, made, put_into, values
from workflows.engine import SYSTEM
from workflows.reference import table

KINDS = [*correspondence.kinds(), *register.kinds()]
MOVES = [(kind, t) for kind in KINDS for t in kind.workflow.transitions]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
in_table = pytest.mark.parametrize(
    "kind", [k for k in KINDS if k.name in table()["by_code"]], ids=lambda k: k.name
)
every_move = pytest.mark.parametrize(
    ("kind", "step"), MOVES, ids=[f"{k.name}-{t.source}-{t.verb}" for k, t in MOVES]
)

# Facts a guard asks of the paper: «нарушений нет» closes only an act that names none.
WITHOUT_VIOLATIONS = {("inspection_act", "agreed", "close")}


@in_table
@pytest.mark.requirement("R-10")
def test_states_and_moves_are_those_of_the_reference_table(kind):
    row = table()["by_code"][kind.name]
    assert list(kind.workflow.states) == row["states"]
    assert {(t.source, t.target, t.by) for t in kind.workflow.transitions} == {
        (t["frm"], t["to"], frozenset(t["roles"])) for t in row["transitions"]
    }
    assert (kind.case_index, kind.retention) == (row["case"], row["retention"])
    for code in kind.numbers.values():
        assert code == row["journal"] or journals()[code].direction == row["journal"]


@every_kind
def test_the_declaration_is_whole(kind, application):
    assert kind.problems(frozenset(journals())) == []
    assert kind.title
    assert kind.description
    assert kind.group != "Прочее"
    assert kind.case_index
    assert all(reply in registry for reply in kind.replies)


@every_kind
@pytest.mark.requirement("R-01")
def test_a_draft_keeps_what_was_written_and_has_a_title(kind, world):
    record = made(world, kind)
    kept = query.get(author_of(world, kind), record.id)
    assert {name: kept.payload[name] for name in values(kind)} == values(kind)
    assert kept.title
    assert "{" not in kept.title
    assert kept.state == kind.workflow.initial
    assert kept.number_text is None
    assert list(history.verify()) == []


@every_kind
def test_every_field_is_in_the_form_and_in_the_schema(kind, ctx):
    inputs = set(form_class(kind, staff=True)(meta={"csrf": False})._fields)
    for field in kind.data_fields:
        assert field.name in inputs
        assert field.schema()["title"] == field.label


@every_kind
@pytest.mark.requirement("R-37")
def test_strangers_find_nothing_of_it(kind, world):
    record = made(world, kind)
    for state in kind.workflow.states:
        put_into(record, state)
        if not (kind.audience_field and state in kind.member_sees_from):
            for who in ("stranger", "outsider"):
                with pytest.raises(NotFound):
                    query_fresh(world.actor(who), record.id)


def query_fresh(actor: Actor, record_id: int) -> Record:
    """Seen as a service sees it: by the labels of the state it stands in."""
    with service.work(actor) as unit:
        return unit.lock(record_id)


@every_kind
def test_the_member_sees_it_in_the_states_that_are_named(kind, world):
    if kind.direction == "in" or kind.audience_field:
        assert kind.direction == "in" or kind.member_sees_from
        return
    record = made(world, kind)
    head = policy.actor_labels(world.actor("head"))
    for state in kind.workflow.states:
        record.state = state
        seen = bool(policy.record_labels(record, kind, dict(record.payload or {})) & head)
        assert seen == (state in kind.member_sees_from and kind.member_sees != "none")


@every_kind
def test_kept_labels_are_those_the_policy_gives(kind, world):
    record = made(world, kind)
    assert query.labels(record) == policy.record_labels(record, kind, dict(record.payload or {}))


@every_kind
def test_it_is_listed_filtered_and_indexed(kind, world):
    author, record = author_of(world, kind), made(world, kind)
    rows = query.listing(author, ListQuery(kind=(kind.name,)), date(2026, 11, 21)).rows
    assert [row.id for row in rows] == [record.id]
    assert [document.title for document in indexing.documents([record.id])] == [record.title]


@every_kind
def test_its_pages_open(kind, world, browser_of):
    author, record = author_of(world, kind), made(world, kind)
    name = next(n for n, user in world.users.items() if user.id == author.user_id)
    if author.roles <= world.actor(name).roles:
        browser = browser_of(name)
        assert record.title[:30] in browser.get(f"/records/{record.id}").text
        assert browser.get(f"/records/{record.id}/edit").status_code == 200
        assert browser.get(f"/records?kind={kind.name}").status_code == 200
    else:
        assert query.get(author, record.id).id == record.id


@pytest.mark.parametrize(
    "kind", [k for k in KINDS if any(f.required for f in k.fields)], ids=lambda k: k.name
)
def test_an_empty_paper_does_not_leave_its_author(kind, world):
    author = author_of(world, kind)
    company = None if author.organisation_id or kind.audience_field else world.company.id
    record = service.create(author, kind.name, organisation_id=company)
    leaving = next(t for t in kind.workflow.leaving("draft") if t.target != "annulled")
    with pytest.raises((Invalid, Refused)):
        service.act(actor_with(world, leaving.by), record.id, leaving.verb)


@every_move
@pytest.mark.requirement("R-10")
def test_a_move_is_made_by_those_who_may_and_refused_to_the_rest(kind, step, world):
    record = made(world, kind)
    bare = {**(record.payload or {}), "violations": None}
    put_into(record, step.source, bare if (kind.name, step.source, step.verb) in WITHOUT_VIOLATIONS else None)
    auditor = replace(world.actor("secretary"), roles=frozenset({"sro_auditor"}))
    with pytest.raises((Forbidden, NotFound)):
        service.act(auditor, record.id, step.verb, note="Причина")
    if step.needs_note:
        with pytest.raises(Refused, match="причину"):
            service.act(actor_with(world, step.by), record.id, step.verb)
    if step.by == {SYSTEM}:
        assert continue_as_system(record.id, step.verb)
    else:
        service.act(actor_with(world, step.by), record.id, step.verb, note="Причина")
    assert step.target in entered(record.id)
    assert list(history.verify()) == []
    numbered(kind, step.verb, record.id)
    timed(kind, step.verb, record.id)


def entered(record_id: int) -> set[str]:
    return set(db.session.scalars(select(History.to_state).where(History.record_id == record_id)))


def numbered(kind, verb: str, record_id: int) -> None:
    """A move that registers leaves a number of the journal's shape, and nothing else does."""
    record = db.session.get(Record, record_id)
    done = {
        v.removeprefix("record.")
        for v in db.session.scalars(select(History.verb).where(History.record_id == record_id))
    }
    if not (done & set(kind.numbers)):
        assert record.number_text is None
        return
    template = journals()[next(iter(kind.numbers.values()))].template
    shape = re.sub(r"\\\{[^}]*\\\}", r"[\\w-]+", re.escape(template))
    assert re.fullmatch(shape, record.number_text), record.number_text


def timed(kind, verb: str, record_id: int) -> None:
    """A declared term starts with its move; DL_VIOLATION_FIX stands in the act itself."""
    if verb in kind.term:
        record = db.session.get(Record, record_id)
        assert record.due_on is not None
        assert record.due_rule
