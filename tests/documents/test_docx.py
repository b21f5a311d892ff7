import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import docx as word
import pytest
from docx.oxml.ns import qn

from documents import docx
from documents.model import Organisation
from documents.paper import Column, Fields, Paper, Paragraph, Signature, Table
from tests.documents.conftest import CHECK_URL, NOW, SHA256


def opened(made: bytes):
    return word.Document(io.BytesIO(made))


def body_text(document) -> str:
    """All words of the body in reading order."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    ).replace("\N{NO-BREAK SPACE}", " ")


def foot_text(section) -> str:
    return "".join(node.text or "" for node in section.footer._element.iter(qn("w:t")))


def fields(element) -> list[str]:
    return [field.get(qn("w:instr")) for field in element.iter(qn("w:fldSimple"))]


@pytest.mark.requirement("R-39")
def test_a_letter_has_the_requisites_in_the_order_of_the_standard(letter):
    text = body_text(opened(docx.render(letter)))
    requisites = [
        "Ассоциация «Саморегулируемая организация «Объединение строителей Прибайкалья»",
        "664025, г. Иркутск, ул. Степана Разина, д. 6",
        "Тел.: +7 (3952) 28-12-43",
        "ОГРН 1093800000123",
        "ИНН/КПП 3808123456/380801001",
        "21.11.2026 № Исх-02-02/00042-26",
        "На № 51-17 от 10.11.2026",
        "Генеральному директору\nООО «СтройПроект»\nДубининой Н. А.\n119019",
        "О предоставлении отчёта за 2026 год\n",
        "Уважаемая Наталья Александровна!",
        "Просим представить отчёт",
        "Приложение:1. Форма отчёта на 12 л. в 1 экз.\n2. Разъяснения на 3 л. в 2 экз.",
        "Директор\nДОКУМЕНТ ПОДПИСАН\nЭЛЕКТРОННОЙ ПОДПИСЬЮ\n"
        "Сертификат 01D9A1B2C3D4E5F60718293A4B5C6D7E8F901234\nВладелец Иванов Иван Иванович\n"
        "Действителен с 10.01.2026 по 10.04.2027\nС. П. Петров",
        "Сидорова Анна Павловна+7 (3952) 28-12-44",
    ]
    places = [text.index(requisite) for requisite in requisites]
    assert places == sorted(places)


@pytest.mark.requirement("R-39")
def test_a_letter_has_the_margins_and_page_numbers_of_the_standard(letter):
    section = opened(docx.render(letter)).sections[0]
    edges = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(edge.mm) for edge in edges] == [20, 15, 20, 20]
    assert section.different_first_page_header_footer
    assert fields(section.header._element) == ["PAGE"]
    assert fields(section.first_page_header._element) == []


@pytest.mark.requirement("R-39")
def test_the_code_stands_in_the_foot_of_the_first_page_at_the_right(letter):
    section = opened(docx.render(letter)).sections[0]
    (paragraph,) = section.first_page_footer.paragraphs
    assert len(list(paragraph._p.iter(qn("w:drawing")))) == 1
    assert paragraph.alignment == 2
    assert not list(section.footer._element.iter(qn("w:drawing")))


def test_the_executor_is_pinned_to_the_lower_left_corner(letter):
    *_, last = opened(docx.render(letter)).paragraphs
    frame = last._p.pPr.find(qn("w:framePr"))
    assert (frame.get(qn("w:yAlign")), frame.get(qn("w:xAlign"))) == ("bottom", "left")


def test_a_draft_says_so_on_every_page(letter):
    section = opened(docx.render(replace(letter, draft=True))).sections[0]
    for header in (section.first_page_header, section.header):
        assert "ПРОЕКТ" in "".join(paragraph.text for paragraph in header.paragraphs)


def test_a_letter_without_optional_requisites_is_written(letter):
    bare = replace(
        letter,
        organisation=Organisation("Ассоциация"),
        number="",
        registered_on=None,
        reference_number="",
        salutation="",
        attachments=(),
        executor=None,
        qr_url="",
        signature=Signature("Директор", "С. П. Петров"),
    )
    text = body_text(opened(docx.render(bare)))
    assert "____________ № ________________" in text
    assert "Приложение" not in text
    assert "ПОДПИСАН" not in text


@pytest.mark.requirement("R-38", "U-10")
def test_a_journal_has_all_rows_under_a_repeated_header(journal):
    document = opened(docx.render(journal))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    table = document.tables[0]._tbl
    head, *rows = table.findall(qn("w:tr"))
    assert head.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    numbers = [list(row.iter(qn("w:t")))[1].text for row in rows]
    assert numbers == [row[1] for row in journal.rows]
    assert "Всего записей\n300" in body_text(document)
    assert foot_text(section).endswith("Страница 1 из 1")  # the program puts its own figures in
    assert fields(section.footer._element) == ["PAGE", "NUMPAGES"]


@pytest.mark.requirement("R-38", "U-10")
def test_the_table_keeps_to_the_width_of_the_sheet(journal):
    document = opened(docx.render(journal))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    grid = document.tables[0]._tbl.tblGrid.findall(qn("w:gridCol"))
    assert sum(column.w for column in grid) == pytest.approx(room, rel=0.01)


@pytest.mark.requirement("R-45")
def test_a_receipt_names_number_moment_and_digests(receipt):
    text = body_text(opened(docx.render(receipt)))
    assert "Регистрационный номер\nВх-00042/26" in text
    assert "21.11.2026 14:05:09 (МСК)" in text
    assert re.findall(r"\b[0-9a-f]{64}\b", text) == [SHA256, SHA256[::-1]]


@pytest.mark.requirement("R-42")
def test_an_approval_sheet_shows_steps_versions_persons_and_remarks(approval):
    table = opened(docx.render(approval)).tables[0]
    assert [cell.text for cell in table.rows[1].cells][1:4] == [
        "Проверка",
        "Кузнецова Мария Ивановна\nкуратор",
        "1",
    ]
    assert [row.cells[6].text for row in table.rows[1:]] == ["Возвращено", "Согласовано", "На рассмотрении"]
    assert table.rows[1].cells[7].text == "Нет печати.\nСумма не та."


def test_an_inventory_lists_every_file_with_its_digest(inventory):
    text = body_text(opened(docx.render(inventory)))
    assert re.findall(r"\b[0-9a-f]{64}\b", text) == [f"{n:064x}" for n in range(1, 41)]
    assert "В опись внесено: 40 (сорок) документов." in text


def test_control_characters_and_markup_are_plain_text():
    evil = "<w:p>&amp; ]]> \x00\x0b\x1f\ud800\ufffe{{ 7*7 }}"
    table = Table((Column(evil),), ((evil,),))
    paper = Paper(
        evil, (Paragraph(evil), Fields(((evil, evil),)), table), NOW, organisation=evil, footer=evil
    )
    text = body_text(opened(docx.render(paper)))
    # A vertical tab is a line end, the rest of the forbidden is dropped.
    assert text.count("<w:p>&amp; ]]>") == 7
    assert text.count("{{ 7*7 }}") == 7


def test_an_empty_table_says_so():
    paper = Paper("Проба", (Table((Column("Номер"),), (), empty="Замечаний нет."),), NOW)
    assert "Замечаний нет." in body_text(opened(docx.render(paper)))


def test_the_file_names_its_author_and_moment(letter):
    core = opened(docx.render(letter)).core_properties
    assert (core.author, core.title) == ("АСРО «ОСП»", "О предоставлении отчёта за 2026 год")
    assert core.created.isoformat() == "2026-11-21T11:05:09+00:00"
    assert core.comments == ""


def test_the_same_document_gives_the_same_bytes_at_any_hour(any_document, monkeypatch):
    first = docx.render(any_document)
    import time

    later = time.localtime(time.time() + timedelta(days=400).total_seconds())
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert docx.render(any_document) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()


def test_the_check_address_is_printed_beside_the_code_of_a_form(form):
    section = opened(docx.render(form)).sections[0]
    assert CHECK_URL in "".join(paragraph.text for paragraph in section.first_page_footer.paragraphs)
