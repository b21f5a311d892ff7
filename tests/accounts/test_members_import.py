"""Members from Excel and CSV: good rows load, bad ones say why, a second run makes no doubles."""

from __future__ import annotations

import csv
import io
import random

import openpyxl
import pytest

from accounts import members_file, members_import
from records import invented
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.people import Organisation, Seat, User

HEAD = [
    "№ п/п",
    "Полное наименование",
    "Краткое наименование",
    "ИНН",
    "ОГРН",
    "E-mail",
    "Телефон",
    "Руководитель",
]
NAMES = ("Ильин", "Петров", "Смирнов", "Кузнецов", "Попов")


def rows(count=300, bad=7):
    """An invented list; the first `bad` rows have each a fault of its own."""
    rng = random.Random(11)
    found = []
    for number in range(count):
        name = f"{NAMES[number % 5]} Иван Петрович"
        found.append(
            [
                number + 1,
                f"Общество «Строй {number}»",
                f"ООО «Строй {number}»",
                invented.make_inn(rng),
                invented.make_ogrn(rng),
                f"office{number}@stroy.example",
                "+7 (395) 212-34-56",
                name,
            ]
        )
    faults = [
        (3, "3808641523"),
        (3, "123"),
        (2, ""),
        (5, "почта"),
        (6, "5"),
        (4, "1083836669246"),
        (7, "Ильин"),
    ]
    for row, (column, value) in zip(found, faults[:bad], strict=False):
        row[column] = value
    return found


def workbook(table):
    book = openpyxl.Workbook()
    book.active.append(["Список членов СРО"])
    book.active.append(HEAD)
    for row in table:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return io.BytesIO(out.getvalue())


def sheet(table, encoding, separator=";"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([HEAD, *table])
    return io.BytesIO(out.getvalue().encode(encoding))


def members():
    return db.session.scalar(db.select(db.func.count()).select_from(Organisation))


@pytest.mark.requirement("X-07")
def test_300_rows_of_which_7_are_bad(world, registrar):
    before = members()
    run = members_import.preview(registrar, workbook(rows()), "члены.xlsx")
    assert members_import.counts(run)["bad"] == 7
    assert members() == before
    members_import.load(registrar, run.id, invite=False)
    assert members() == before + 293
    again = members_import.preview(registrar, workbook(rows()), "члены.xlsx")
    members_import.load(registrar, again.id, invite=False)
    assert members() == before + 293
    assert members_import.counts(again)[members_import.SAME] == 293


@pytest.mark.requirement("X-07")
def test_each_bad_row_says_what_is_wrong(registrar):
    run = members_import.preview(registrar, workbook(rows(20)), "члены.xlsx")
    said = [" ".join(row["problems"]) for row in run.rows if row["problems"]]
    expected = ("ИНН", "ИНН", "наименование", "E-mail", "Телефон", "ОГРН", "ФИО руководителя")
    assert all(word in text for word, text in zip(expected, said, strict=True))
    assert [row["line"] for row in run.rows][:2] == [3, 4]


@pytest.mark.requirement("X-07")
@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ";"), ("utf-8-sig", ","), ("cp1251", ";"), ("cp1251", "\t")]
)
def test_csv_is_read_in_both_encodings(encoding, separator):
    columns, found = members_file.read(sheet(rows(5, 0), encoding, separator), "члены.csv")
    assert columns["head_name"] == "Руководитель"
    assert found[0]["values"]["short_name"] == "ООО «Строй 0»"
    assert not any(row["problems"] for row in found)


def test_a_zero_lost_by_excel_is_put_back():
    rng = random.Random(3)
    inn = invented.make_inn(rng, region="02")
    table = rows(1, 0)
    table[0][3] = int(inn)
    _, found = members_file.read(workbook(table), "члены.xlsx")
    assert found[0]["values"]["inn"] == inn


def test_the_same_inn_twice_in_one_list_is_a_fault():
    table = rows(3, 0)
    table[2][3] = table[0][3]
    _, found = members_file.read(workbook(table), "члены.xlsx")
    assert "уже есть в строке 3" in found[2]["problems"][0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "пуст"),
        ("Название;Город\nРомашка;Москва\n".encode(), "не найдена графа «ИНН»"),
        ("ИНН;Город\n1;2\n".encode(), "«Краткое наименование»"),
        ("ИНН;Наименование\n".encode(), "ни одной строки"),
        (b"PK\x03\x04broken", "прочитать не удалось"),
        (b"MZ\x00\x00program", "не таблица"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data, said):
    with pytest.raises(Invalid) as error:
        members_file.read(io.BytesIO(data), "файл")
    assert said.lower() in str(error.value).lower()


@pytest.mark.requirement("X-07")
def test_heads_become_representatives_once(world, registrar):
    table = rows(5, 0)
    for _ in range(2):
        run = members_import.preview(registrar, workbook(table), "члены.xlsx")
        members_import.load(registrar, run.id, invite=False)
    people = db.session.scalars(db.select(User).where(User.email.endswith("@stroy.example"))).all()
    assert len(people) == 5
    assert (
        db.session.scalar(db.select(db.func.count()).select_from(Seat).where(Seat.user_id == people[0].id))
        == 1
    )


@pytest.mark.requirement("X-07", "C-09")
def test_heads_may_be_invited_with_the_loading(registrar, letters):
    run = members_import.preview(registrar, workbook(rows(2, 0)), "члены.xlsx")
    members_import.load(registrar, run.id, invite=True)
    assert "/activate/" in letters("office1@stroy.example")[0].text


def test_what_the_register_says_is_not_overwritten(world, registrar):
    table = rows(1, 0)
    table[0][3] = world.company.inn
    run = members_import.preview(registrar, workbook(table), "члены.xlsx")
    members_import.load(registrar, run.id, invite=False)
    company = db.session.get(Organisation, world.company.id, populate_existing=True)
    assert company.short_name == "ООО «Ромашка»"
    assert company.email == "office0@stroy.example"


def test_a_list_is_loaded_once(registrar):
    run = members_import.preview(registrar, workbook(rows(2, 0)), "члены.xlsx")
    members_import.load(registrar, run.id, invite=False)
    with pytest.raises(Refused):
        members_import.load(registrar, run.id, invite=False)


@pytest.mark.parametrize("who", ["clerk", "head", "curator"])
def test_others_load_nothing(world, who):
    with pytest.raises(Forbidden):
        members_import.preview(world.actor(who), workbook(rows(1, 0)), "члены.xlsx")


@pytest.mark.requirement("X-07")
def test_the_pages_show_load_and_give_the_result_back(browser_of):
    browser = browser_of("admin")
    data = {"file": (workbook(rows(10, 2)), "члены.xlsx")}
    shown = browser.post("/members/import", data, content_type="multipart/form-data")
    page = browser.get(shown.location).text
    assert "Строки с ошибками" in page
    assert "Загрузить годные: 8" in page
    browser.post(f"{shown.location}/load")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{shown.location}/result.xlsx").data))
    results = [row[-2] for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert results.count("Добавлена") == 8
    assert results.count("Не загружена") == 2


def test_the_sample_can_be_loaded_as_it_is(registrar):
    run = members_import.preview(registrar, io.BytesIO(members_import.sample()), "образец.xlsx")
    assert members_import.counts(run)["bad"] == 0
    assert set(run.columns) == set(members_file.TITLES)
