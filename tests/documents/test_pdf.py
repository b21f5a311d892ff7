import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import segno

from documents import pdf
from documents.marks import QualifiedMark, SimpleMark
from documents.model import FileLine, Organisation, PrintForm
from documents.paper import PORTRAIT_WIDTH, Column, Paper, Paragraph, Signature, Table, widths
from documents.typesetting import TypesettingFailed, typeset_apart
from tests.documents import reading
from tests.documents.conftest import CHECK_URL, NOW, SHA256

EVIL = '#panic("x") *b* _i_ $x$ `c` <l> @ref #read("/etc/passwd") \\ "]] } {{ 7*7 }} & <w:p> // /* end'


@pytest.mark.requirement("R-39")
def test_a_letter_has_the_requisites_in_the_order_of_the_standard(letter):
    printed = reading.text(pdf.render(letter))
    requisites = [
        "Ассоциация «Саморегулируемая организация «Объединение строителей Прибайкалья»",
        "664025, г. Иркутск, ул. Степана Разина, д. 6",
        "Тел.: +7 (3952) 28-12-43",
        "info@sro-osp.example",
        "ОГРН 1093800000123",
        "ИНН/КПП 3808123456/380801001",
        "21.11.2026 № Исх-02-02/00042-26",
        "На № 51-17 от 10.11.2026",
        "Генеральному директору",
        "О предоставлении отчёта за 2026 год",
        "Уважаемая Наталья Александровна!",
        "Просим представить отчёт",
        "Приложение: 1. Форма отчёта на 12 л. в 1 экз.",
        "2. Разъяснения на 3 л. в 2 экз.",
        "Директор",
        "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ",
        "С. П. Петров",
        "Сидорова Анна Павловна +7 (3952) 28-12-44",
    ]
    places = [
        printed.index(requisite, printed.index("Приложение:") if n > 13 else 0)
        for n, requisite in enumerate(requisites)
    ]
    assert places == sorted(places)


@pytest.mark.requirement("R-39")
def test_the_requisites_of_a_letter_stand_where_the_standard_wants_them(letter):
    made = pdf.render(letter)
    assert reading.place(made, "Ассоциация").left >= 20
    assert reading.place(made, "ИНН/КПП").right <= 100  # corner requisites are at most 80 mm wide
    assert reading.place(made, "Генеральному директору").left > 105
    assert reading.place(made, "О предоставлении отчёта").left == pytest.approx(20, abs=1)
    assert reading.place(made, "С. П. Петров").right == pytest.approx(195, abs=1)
    assert reading.place(made, "Сидорова Анна").bottom > reading.place(made, "С. П. Петров").bottom + 10


@pytest.mark.requirement("R-39")
def test_the_code_in_the_lower_right_corner_opens_the_check_page(letter):
    image = reading.picture(pdf.render(letter))
    corner = image.crop((image.width * 3 // 4, image.height * 4 // 5, image.width, image.height))
    code = corner.crop(reading.dark_box(corner))
    expected = [list(map(bool, row)) for row in segno.make_qr(CHECK_URL, error="m").matrix]
    step = code.width / len(expected)
    seen = [
        [code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128 for x in range(len(expected))]
        for y in range(len(expected))
    ]
    assert seen == expected


@pytest.mark.requirement("R-39")
def test_the_signature_mark_stands_between_post_and_name_and_covers_nothing(letter):
    made = pdf.render(letter)
    post, name = reading.place(made, "Директор\r"), reading.place(made, "С. П. Петров")
    mark = reading.place(made, "Сертификат 01D9A1B2C3D4E5F60718293A4B5C6D7E8F901234")
    assert post.right < mark.left < mark.right < name.left
    assert mark.bottom - mark.top < 4  # the number of the certificate keeps to one line
    printed = reading.text(made)
    assert "Владелец Иванов Иван Иванович" in printed
    assert "Действителен с 10.01.2026 по 10.04.2027" in printed


def test_a_simple_signature_does_not_take_the_frame_of_the_qualified_one(form):
    printed = reading.text(pdf.render(form))
    assert "Подписано простой электронной подписью: Дубинина Наталья Александровна, dubinina" in printed
    assert "ДОКУМЕНТ ПОДПИСАН" not in printed


@pytest.mark.requirement("R-39")
def test_pages_of_a_letter_are_numbered_from_the_second_in_the_middle_of_the_top(letter):
    long = Paragraph("Текст письма с предложением представить документы. " * 120)
    made = pdf.render(replace(letter, body=(long, long)))
    first, second, *_ = reading.pages(made)
    assert not first.startswith("1 ")
    assert second.startswith("2 ")
    number = reading.place(made, "2", 1)
    assert number.top < 20
    assert number.left == pytest.approx(20 + 175 / 2, abs=2)


def test_the_executor_stands_on_the_last_page_only(letter):
    long = Paragraph("Текст письма с предложением представить документы. " * 120)
    *others, last = reading.pages(pdf.render(replace(letter, body=(long, long))))
    assert "Сидорова Анна Павловна" in last
    assert "Сидорова Анна Павловна" not in " ".join(others)


def test_a_letter_without_optional_requisites_is_printed(letter):
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
        draft=True,
    )
    printed = reading.text(pdf.render(bare))
    assert "ПРОЕКТ" in printed
    assert "____________ № ________________" in printed
    assert "Приложение" not in printed
    assert "ОГРН" not in printed


@pytest.mark.requirement("R-38", "U-10")
def test_a_journal_of_300_rows_repeats_its_header_and_counts_its_pages(journal):
    made = pdf.render(journal)
    found = reading.pages(made)
    assert len(found) > 5
    with_rows = [page for page in found if re.search(r"Вх-\d{5}/26", page)]
    assert all("№ п/п Рег. номер Дата Корреспондент Заголовок Отметка" in page for page in with_rows)
    assert [f"Страница {n} из {len(found)}" in page for n, page in enumerate(found, 1)] == [True] * len(found)
    assert set(reading.sizes(made)) == {(297, 210)}


@pytest.mark.requirement("R-38")
def test_the_total_of_a_journal_equals_its_list(journal):
    printed = reading.text(pdf.render(journal))
    assert re.findall(r"Вх-\d{5}/26", printed) == [row[1] for row in journal.rows]
    assert "Всего записей 300" in printed
    assert "из них аннулировано 6" in printed
    assert "за период с 01.11.2026 по 30.11.2026" in printed


def test_an_empty_journal_says_so(journal):
    printed = reading.text(pdf.render(replace(journal, rows=(), totals=())))
    assert "Записей нет." in printed
    assert "Всего записей 0" in printed


@pytest.mark.requirement("U-10")
def test_nothing_leaves_the_sheet(any_document):
    made = pdf.render(any_document)
    for number, (width, height) in enumerate(reading.sizes(made)):
        boxes = [box for char, box in reading.characters(made, number) if not char.isspace()]
        # The draft mark is the only thing allowed in the margins; these papers are no drafts.
        assert min(box.left for box in boxes) >= 9
        assert max(box.right for box in boxes) <= width - 9
        assert max(box.bottom for box in boxes) <= height - 5


@pytest.mark.requirement("U-10")
def test_the_longest_value_of_every_kind_stays_in_its_column():
    columns = (
        Column("№", "integer"),
        Column("Номер", "code"),
        Column("Сумма", "money"),
        Column("Дата", "date"),
        Column("Время", "moment"),
        Column("Да", "flag"),
        Column("Текст"),
    )
    row = (99_999, "Исх-02-02/00042-26", Decimal("999999999.99"), date(2026, 11, 20), NOW, False, "Й" * 60)
    widest = ("99 999", "Исх-02-02/00042-26", "999 999 999,99", "20.11.2026", "14:05:09 (МСК)", "нет", "Й")
    made = pdf.render(Paper("Проба", (Table(columns, (row,)),), NOW))
    left = 20.0
    for column, size, words in zip(columns, widths(columns, PORTRAIT_WIDTH), widest, strict=True):
        found = reading.place(made, words)
        assert left <= found.left and found.right <= left + size, column.title
        left += size
    boxes = [box for char, box in reading.characters(made, 0) if char == "Й"]
    assert len(boxes) == 60
    assert max(box.right for box in boxes) <= 200


@pytest.mark.requirement("U-10")
def test_a_table_of_twenty_columns_still_fits_the_sheet():
    columns = tuple(Column(f"Столбец {n}") for n in range(20))
    made = pdf.render(
        Paper(
            "Широкая", (Table(columns, (tuple("саморегулируемая" for _ in columns),)),), NOW, landscape=True
        )
    )
    assert max(box.right for char, box in reading.characters(made, 0) if not char.isspace()) <= 288


def test_a_cell_longer_than_a_page_goes_on_to_the_next_one():
    long = "12345 " * 4000
    made = pdf.render(Paper("Замечания", (Table((Column("Текст"),), ((long,),)),), NOW))
    assert reading.text(made).count("12345") == 4000


@pytest.mark.requirement("R-45")
def test_a_receipt_names_number_moment_and_digest_of_every_file(receipt):
    made = pdf.render(receipt)
    printed = reading.text(made)
    assert "Регистрационный номер Вх-00042/26" in printed
    assert "Дата и время приёма 21.11.2026 14:05:09 (МСК)" in printed
    assert re.findall(r"\b[0-9a-f]{64}\b", printed) == [SHA256, SHA256[::-1]]
    assert "ИНН 0274062111" in printed
    assert CHECK_URL in printed


@pytest.mark.requirement("R-45")
def test_the_digests_of_a_receipt_are_those_a_member_computes(receipt, tmp_path):
    charter = tmp_path / "Устав.pdf"
    charter.write_bytes(b"%PDF-1.7 charter")
    digest = hashlib.sha256(charter.read_bytes()).hexdigest()
    line = FileLine(charter.name, charter.stat().st_size, digest)
    made = pdf.render(replace(receipt, files=(line,)))
    program = ["sha256sum", str(charter)]
    told = subprocess.run(program, capture_output=True, text=True, check=True).stdout.split()[0]
    assert re.findall(r"\b[0-9a-f]{64}\b", reading.text(made)) == [told]


@pytest.mark.requirement("R-42")
def test_an_approval_sheet_shows_all_steps_versions_and_persons(approval):
    printed = reading.text(pdf.render(approval))
    assert "Отчёт по форме 7 № Вх-00051/26 от 21.11.2026" in printed
    assert printed.count("Кузнецова Мария Ивановна куратор") == 2
    steps = re.findall(r"(Возвращено|Согласовано|На рассмотрении)", printed)
    assert steps == ["Возвращено", "Согласовано", "На рассмотрении"]
    assert "Нет печати. Сумма не та." in printed


def test_an_inventory_lists_every_file_with_its_digest_and_counts_them_in_words(inventory):
    printed = reading.text(pdf.render(inventory))
    assert re.findall(r"\b[0-9a-f]{64}\b", printed) == [f"{n:064x}" for n in range(1, 41)]
    assert "В опись внесено: 40 (сорок) документов." in printed
    assert "Дело 02-02 Переписка с членами" in printed


def test_what_a_user_typed_is_text_and_never_a_program(sro):
    organisation = Organisation(EVIL)
    mark = SimpleMark(EVIL, EVIL, NOW)
    table = Table((Column(EVIL),), ((EVIL,),), empty=EVIL)
    fields = ((EVIL, EVIL),)
    evil = PrintForm(EVIL, NOW, organisation, fields, EVIL, signatures=(Signature(EVIL, EVIL, mark),))
    made = pdf.render(evil)
    dense = reading.text(made).replace(" ", "")
    assert dense.count(EVIL.replace(" ", "")) >= 7
    assert "root:" not in dense
    assert EVIL.replace(" ", "") in reading.text(pdf.render(Paper(EVIL, (table,), NOW))).replace(" ", "")


def test_control_characters_do_not_stop_the_printer(letter):
    printed = reading.text(pdf.render(replace(letter, heading="О\x00 деле\x1f \ud800№ 5")))
    assert "О деле № 5" in printed


def test_a_long_name_of_an_organisation_is_not_cut(letter):
    name = "Союз «" + "Межрегиональное объединение строителей и проектировщиков" + "»"
    assert len(name) >= 60
    assert name in reading.text(pdf.render(replace(letter, organisation=Organisation(name))))


def test_an_emblem_is_printed_above_the_name(letter):
    emblem = segno.make_qr("эмблема").png_data_uri().partition(",")[2]
    with_emblem = replace(letter, organisation=replace(letter.organisation, emblem=base64.b64decode(emblem)))
    moved = (
        reading.place(pdf.render(with_emblem), "Ассоциация").top
        - reading.place(pdf.render(letter), "Ассоциация").top
    )
    assert moved > 15


def test_the_same_document_gives_the_same_bytes(any_document):
    assert pdf.render(any_document) == pdf.render(any_document)


def test_a_child_process_lays_out_the_same_bytes(receipt):
    assert pdf.render(receipt, apart=True) == pdf.render(receipt)


def test_a_layout_that_takes_too_long_is_stopped():
    with pytest.raises(TypesettingFailed, match="не уложилась"):
        typeset_apart("paper", {}, NOW, time_limit=0.001)


def test_a_failed_layout_says_why(letter):
    broken = replace(letter, organisation=replace(letter.organisation, emblem=b"not a picture"))
    with pytest.raises(TypesettingFailed, match="image"):
        pdf.render(broken)
    with pytest.raises(TypesettingFailed, match="image"):
        pdf.render(broken, apart=True)


def test_a_row_of_another_length_is_refused(journal):
    with pytest.raises(ValueError, match="longer"):
        pdf.render(replace(journal, rows=((1, "Вх-00001/26"),)))


def test_the_number_of_a_certificate_is_normalised(letter):
    mark = QualifiedMark("1d:9a:1b", "Иванов И. И.", date(2026, 1, 1), date(2027, 1, 1))
    assert "Сертификат 1D9A1B" in reading.text(
        pdf.render(replace(letter, signature=Signature("Директор", "И.", mark)))
    )


def test_opening_the_door_loads_no_engine():
    program = (
        "import sys, documents.printing\n"
        "heavy = {'typst', 'docx', 'xlsxwriter', 'segno', 'barcode', 'lxml'} & set(sys.modules)\n"
        "print(*sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
