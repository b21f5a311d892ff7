"""Staff publish a later version of a kind's fields: new records take it, old ones keep theirs for ever."""

from __future__ import annotations

import json

import pytest

from archive import export
from desk import kind_fields
from forms.derive import form_for
from printing.forms import print_form
from records import kind_versions, query, service
from records.database import db
from records.errors import Conflict, Forbidden, Invalid
from records.kinds import registry
from records.model import KindVersion, Record
from tests.world import draft, submitted

NAME = "reconciliation_request"
URL = f"/settings/kinds/{NAME}"
TERM = {"since": "2026-01-01", "until": "2026-06-30"}


@pytest.fixture(autouse=True)
def _nothing_is_kept(ctx):
    yield
    db.session.remove()


def field(name="x_contract", **more):
    given = {
        "name": name,
        "type": "text",
        "label": "Номер договора",
        "hint": "",
        "required": False,
        "staff_only": False,
        "hidden": False,
    }
    return given | more


def changed(*added, **by_name):
    """The present fields with changes by name and what is added."""
    return [item | by_name.get(item["name"], {}) for item in kind_fields.fields_of(NAME)] + list(added)


def publish(admin, fields, seen=None):
    return kind_fields.publish(
        admin, NAME, fields, seen=registry[NAME].schema_version if seen is None else seen, note="По просьбе"
    )


@pytest.mark.requirement("R-41")
def test_a_field_added_on_the_screen_is_asked_kept_shown_found_and_printed(world, head, admin, browser_of):
    assert publish(admin, changed(field(required=True))) == 2
    browser = browser_of("head")
    page = browser.get(f"/records/new/{NAME}", follow_redirects=True).text
    assert "Номер договора" in page
    record = draft(head, NAME, **TERM, x_contract="А-17")
    assert record.schema_version == 2
    assert query.get(head, record.id).payload["x_contract"] == "А-17"
    assert "А-17" in browser.get(f"/records/{record.id}").text
    assert ("Номер договора", "А-17") in print_form(query.get(head, record.id), for_staff=True).fields


@pytest.mark.requirement("R-41")
def test_an_added_required_field_is_demanded_at_filing(world, head, admin):
    publish(admin, changed(field(required=True)))
    record = draft(head, NAME, **TERM)
    with pytest.raises(Exception, match="Номер договора"):
        service.act(head, record.id, "submit")


@pytest.mark.requirement("R-41")
def test_an_old_record_keeps_its_version_in_form_card_print_api_and_export(
    world, head, admin, browser_of, tmp_path
):
    filed = submitted(head, NAME, **TERM, comment="Как раньше")
    waiting = draft(head, NAME, **TERM, comment="Черновик")
    hidden = changed(field(required=True), comment={"hidden": True}, since={"label": "Начало сверки"})
    publish(admin, hidden)
    browser = browser_of("head")
    for record in (filed, waiting):
        assert registry.of(record).schema_version == 1
        page = browser.get(f"/records/{record.id}").text
        assert "С какой даты" in page
        assert "Пояснение" in page
        assert "Номер договора" not in page
    form = browser.get(f"/records/{waiting.id}/edit").text
    assert "Пояснение" in form
    assert "Номер договора" not in form
    assert service.act(head, waiting.id, "submit").number_text
    labels = [label for label, _ in print_form(query.get(head, filed.id), for_staff=True).fields]
    assert "Пояснение" in labels
    with (tmp_path / "case.zip").open("w+b") as out:
        export.write(head, [filed.id], out, title="Дело")
        assert "С какой даты".encode() in _card(out)


def _card(out):
    import zipfile

    with zipfile.ZipFile(out) as archive:
        name = next(n for n in archive.namelist() if n.endswith("карточка.json"))
        return archive.read(name)


@pytest.mark.requirement("R-41")
def test_a_hidden_field_leaves_new_forms_and_can_come_back(world, head, admin):
    publish(admin, changed(comment={"hidden": True}))
    assert registry[NAME].field("comment") is None
    with pytest.raises(Invalid, match="Нет такого поля"):
        draft(head, NAME, **TERM, comment="Нельзя")
    publish(admin, changed(comment={"hidden": False}))
    assert registry[NAME].field("comment") is not None
    assert registry[NAME].schema_version == 3


@pytest.mark.requirement("R-41")
def test_order_titles_hints_and_choices_follow(world, admin, head, ctx):
    fields = changed(
        field("x_way", type="choice", label="Как получить", choices=[["paper", "На бумаге"], ["edo", "ЭДО"]]),
        since={"label": "Начало", "hint": "Первый день"},
    )
    publish(admin, list(reversed(fields)))
    with ctx.test_request_context():
        form = form_for(registry[NAME], staff=False)
    assert [f.name for f in form.declared][:2] == ["x_way", "comment"]
    assert (form.since.label.text, form.since.description) == ("Начало", "Первый день")
    record = draft(head, NAME, **TERM, x_way="edo")
    assert registry.of(record).field("x_way").show("edo") == "ЭДО"
    with pytest.raises(Invalid):
        draft(head, NAME, **TERM, x_way="pigeon")


@pytest.mark.requirement("R-41")
def test_every_type_of_field_can_be_added_and_filled(world, admin, head):
    values = {
        "text": "слово",
        "long": "много\nслов",
        "choice": "a",
        "choices": ["a"],
        "date": "2026-01-02",
        "integer": 7,
        "money": "12.50",
        "flag": True,
    }
    assert set(values) == set(kind_fields.ADDED_TYPES)
    added = [
        field(
            f"x_{kind}",
            type=kind,
            label=f"Поле {kind}",
            **({"choices": [["a", "А"]]} if "choice" in kind else {}),
        )
        for kind in values
    ]
    publish(admin, changed(*added))
    record = draft(head, NAME, **TERM, **{f"x_{kind}": value for kind, value in values.items()})
    kept = query.get(head, record.id).payload
    assert {kind: kept[f"x_{kind}"] for kind in values} == values


@pytest.mark.requirement("R-41")
def test_the_dry_run_tells_what_records_it_touches_and_changes_nothing(world, head, admin, browser_of):
    submitted(head, NAME, **TERM)
    draft(head, NAME, **TERM)
    browser = browser_of("admin")
    page = browser.post(URL, posted(**{"required-comment": "1", "label-new": "Номер договора"}))
    assert page.status_code == 200
    for words in (
        "Проверка без изменений",
        "Добавится поле «Номер договора» (строка).",
        "«Пояснение» станет обязательным; не заполнено в 2 из имеющихся.",
        "Из них черновиков: 1.",
    ):
        assert words in page.text
    assert 'value="Номер договора"' in page.text, "what was typed stays on the page"
    db.session.rollback()
    assert registry[NAME].schema_version == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(KindVersion)) == 0


def posted(**more):
    """The page's form as the browser would send it, unchanged but for what is given."""
    form = {"seen": str(registry[NAME].schema_version), "verb": "try"}
    for place, item in enumerate(kind_fields.fields_of(NAME), 1):
        key = item["name"]
        form |= {f"label-{key}": item["label"], f"hint-{key}": item["hint"], f"place-{key}": str(place)}
        form |= {f"required-{key}": "1"} if item["required"] else {}
    return form | {"type-new": "text"} | more


@pytest.mark.requirement("R-41")
def test_a_version_is_published_from_the_page_with_who_and_why(world, admin, browser_of):
    browser = browser_of("admin")
    new = {"label-new": "Номер договора", "type-new": "text", "verb": "publish", "note": "Просит бухгалтерия"}
    assert browser.post(URL, posted(**new)).status_code == 302
    db.session.remove()
    assert registry[NAME].schema_version == 2
    page = browser.get(URL).text
    for words in ("Версия 2", "Просит бухгалтерия", "Настройкин", "Добавится поле «Номер договора»"):
        assert words in page
    assert browser.get("/settings/kinds").status_code == 200


@pytest.mark.requirement("R-41", "R-36")
def test_two_administrators_do_not_overwrite_each_other(world, admin):
    publish(admin, changed(field()), seen=1)
    with pytest.raises(Conflict):
        publish(admin, changed(field("x_other", label="Другое")), seen=1)


@pytest.mark.requirement("R-41")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (lambda: changed(since={"hidden": True}), "опирается"),
        (lambda: changed(since={"required": False}), "опирается"),
        (lambda: changed(since={"label": " "}), "название"),
        (lambda: changed(since={"type": "text"}), "вид поля не меняют"),
        (lambda: changed(field("since")), "уже есть"),
        (lambda: changed(field(type="signature")), "такого вида поля нет"),
        (lambda: changed(field(type="choice", choices=[])), "ни одного значения"),
        (lambda: changed(field(type="choice", choices=[["a", "А"], ["a", "Б"]])), "повторяются"),
        (lambda: changed(comment={"hidden": True, "required": True}), "не может быть обязательным"),
        (lambda: changed()[1:], "не удаляют, а скрывают"),
        (lambda: changed(), "Ничего не изменено"),
    ],
)
def test_what_cannot_be_is_refused_in_words(world, admin, fields, words):
    with pytest.raises(Invalid) as refused:
        publish(admin, fields())
    assert words in " ".join(t for texts in refused.value.errors.values() for t in texts)
    assert registry[NAME].schema_version == 1


@pytest.mark.requirement("R-41")
def test_nobody_but_the_administrator_publishes_or_looks(world, director, browser_of):
    with pytest.raises(Forbidden):
        publish(director, changed(field()))
    assert browser_of("director").get(URL).status_code == 403
    assert browser_of("admin").get("/settings/kinds/no_such").status_code == 404


@pytest.mark.requirement("R-41", "X-12")
def test_the_api_describes_the_newest_version_and_answers_by_the_records_own(world, head, admin, ctx):
    from accounts import keys

    old = submitted(head, NAME, **TERM, comment="Как раньше")
    publish(admin, changed(field(), comment={"hidden": True}))
    key = keys.issue(head, "Программа", world.users["head"].seats[0].id)[1]
    client = ctx.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    kinds = json.dumps(client.get("/api/v1/kinds", headers=headers).json, ensure_ascii=False)
    assert "x_contract" in kinds
    fields = client.get(f"/api/v1/records/{old.id}", headers=headers).json["fields"]
    assert fields["comment"] == "Как раньше"
    assert "x_contract" not in fields


@pytest.mark.requirement("R-41")
def test_version_one_is_written_down_with_the_first_publication(world, head, admin):
    old = submitted(head, NAME, **TERM)
    publish(admin, changed(field()))
    kept = db.session.get(KindVersion, (NAME, 1))
    assert kept.fields == kind_versions.describe(registry.declared(NAME))
    assert [f.label for f in registry.of(old).fields] == [f.label for f in registry.declared(NAME).fields]


@pytest.mark.requirement("R-41", "R-20")
def test_a_record_is_found_by_the_value_of_an_added_field(world, head, admin, drain):
    from records import indexing

    publish(admin, changed(field()))
    record = draft(head, NAME, **TERM, x_contract="подводный тоннель")
    service.act(head, record.id, "submit")
    drain()
    assert [h.id for h in indexing.find(head, "тоннеля").hits] == [record.id]


@pytest.mark.requirement("R-41", "U-19")
def test_published_versions_cost_a_page_no_statement(world, head, admin, browser_of):
    from tests.views.test_statements import counted

    submitted(head, NAME, **TERM)
    browser = browser_of("head")
    browser.get("/records?kind=letter")
    with counted() as before:
        browser.get("/records")
    publish(admin, changed(field()))
    browser.get("/records")
    with counted() as after:
        browser.get("/records?x=1")
    assert len(after) <= len(before) + 2  # the two descriptions, whatever the length of the list
    assert db.session.scalar(db.select(db.func.count()).select_from(Record)) == 1
