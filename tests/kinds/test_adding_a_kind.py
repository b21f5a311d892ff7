"""One more kind costs one module: declared at run time, it has form, list, number, rights, search and API."""

from __future__ import annotations

import pytest

from records import indexing, query, service
from records.errors import Forbidden, NotFound
from records.fields import Choice, Files, Integer, Text
from records.journals import journals
from records.kinds import RecordKind, registry
from tests.api.conftest import program  # noqa: F401 - the same programs with keys
from workflows.reference import moves

TRAINING = RecordKind(
    name="training_request",
    title="Заявка на обучение",
    workflow=moves(
        ("draft", "submitted", "Отправить", ("member_head", "member_spec")),
        ("submitted", "registered", "Зарегистрировать", ("system",)),
        ("registered", "approved", "Записать на курс", ("sro_curator",)),
        ("registered", "refused", "Отказать", ("sro_curator",)),
        name="training_request",
    ),
    direction="in",
    heading="Обучение: {course}",
    description="Запишите специалиста на курс повышения квалификации.",
    group="Обучение",
    created_by=frozenset({"member_head", "member_spec"}),
    fields=(
        Choice(
            name="course",
            label="Курс",
            choices={"safety": "Охрана труда", "nok": "Подготовка к НОК"},
            required=True,
            filter=True,
        ),
        Text(name="person", label="Кого учим", required=True),
        Integer(name="hours", label="Часов", minimum=1),
        Files(name="files", label="Диплом"),
    ),
    columns=("number", "title", "course", "state", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_RESOLUTION"},
    auto={"submitted": "register"},
    route_to="sro_curator",
    member_menu=True,
)
FIELDS = {"course": "nok", "person": "Иванов Иван", "hours": 72}


@pytest.fixture
def training(world):
    registry.add(TRAINING)
    registry.check(frozenset(journals()))
    yield TRAINING
    registry.remove(TRAINING.name)


def filed(specialist):
    record = service.create(specialist, "training_request", fields=FIELDS)
    return service.act(specialist, record.id, "submit")


def test_it_is_numbered_timed_and_given_to_the_curator(training, specialist, world):
    record = filed(specialist)
    assert (record.state, record.title) == ("registered", "Обучение: Подготовка к НОК")
    assert record.number_text.startswith("Вх-00001/")
    assert record.due_on is not None
    assert record.assignee_id == world.users["curator"].id


def test_its_rights_follow_from_the_declaration(training, specialist, proxy, stranger, curator, clerk):
    record = filed(specialist)
    with pytest.raises(Forbidden):
        service.create(proxy, "training_request", fields=FIELDS)
    with pytest.raises(NotFound):
        query.get(stranger, record.id)
    with pytest.raises(Forbidden):
        service.act(clerk, record.id, "approve")
    assert service.act(curator, record.id, "approve").state == "approved"


def test_it_has_a_form_a_list_with_a_filter_and_a_card(training, specialist, browser_of):
    browser = browser_of("specialist")
    page = browser.get("/records/new/training_request", follow_redirects=True)
    assert page.status_code == 200
    assert "Кого учим" in page.text
    record = filed(specialist)
    assert record.number_text in browser.get("/records?kind=training_request").text
    assert "Иванов Иван" in browser.get(f"/records/{record.id}").text
    assert "Заявка на обучение" in browser.get("/catalogue").text


def test_it_is_searched_by_what_was_written(training, specialist):
    record = filed(specialist)
    assert "Иванов Иван" in str(indexing.documents([record.id])[0])


@pytest.mark.requirement("R-01")
def test_programs_create_and_file_it(training, program):  # noqa: F811
    owner = program("specialist")
    made = owner.post("/records", json={"kind": "training_request", "fields": FIELDS})
    assert made.status_code == 201, made.text
    done = owner.post(f"/records/{made.json['id']}/actions/submit").json
    assert done["state"] == "registered"
    assert done["numbers"][0]["text"].startswith("Вх-")
    assert "training_request" in [kind["name"] for kind in owner.get("/kinds").json["items"]]
