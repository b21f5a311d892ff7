"""Text of every format: what a reader sees comes out, what was deleted or hidden does not."""

import pytest

from attachments import formats
from attachments.extract import bounded, extract_text
from attachments.extract.normalise import normalise
from attachments.limits import Limits
from tests.attachments import build

pytestmark = pytest.mark.requirement("R-34")

PHRASE = "Съёмщик ещё не вернул подписанный экземпляр договора подряда № 118-СП"


def test_tracked_changes_of_word_leave_what_was_inserted(text_of):
    body = (
        "<w:p><w:r><w:t>Срок </w:t></w:r><w:del><w:r><w:delText>пять</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>десять</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>прочь</w:t></w:r></w:moveFrom>"
        "<w:r><w:t> дней</w:t></w:r></w:p>"
    )
    assert text_of(build.docx(body), formats.DOCX) == f"{build.WORDS} Срок десять дней"


def test_tracked_changes_of_an_open_document_are_left_out(text_of):
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>пять</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>десять<text:s text:c='2'/>дней</text:p>"
    )
    assert text_of(build.odt(body), formats.ODT) == f"{build.WORDS} десять дней"


def test_deleted_runs_of_rich_text_are_left_out(text_of):
    data = "{\\rtf1\\ansi\\ansicpg1251 Срок {\\deleted пять }десять\\par дней}".encode("cp1251")
    assert text_of(data, formats.RTF) == "Срок десять дней"


def test_headers_notes_tables_and_boxes_of_word_are_read_once(text_of):
    box = (
        '<mc:AlternateContent xmlns:mc="x"><mc:Choice><w:p><w:r><w:t>Врезка</w:t></w:r></w:p></mc:Choice>'
        "<mc:Fallback><w:p><w:r><w:t>Врезка</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    )
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Ячейка</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    part = f"<w:hdr {build.W}><w:p><w:r><w:t>{{}}</w:t></w:r></w:p></w:hdr>"
    more = {
        "word/header1.xml": part.format("Колонтитул").encode(),
        "word/footnotes.xml": part.format("Сноска").encode(),
    }
    words = text_of(build.docx(box + table, more), formats.DOCX).removeprefix(build.WORDS).split()
    assert sorted(words) == ["Врезка", "Колонтитул", "Сноска", "Ячейка"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_plain_text_is_read_in_any_encoding(encoding, text_of):
    phrase = PHRASE.replace("№", "N")  # not in KOI8-R
    assert text_of(phrase.encode(encoding), formats.TEXT) == phrase


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "cp866"])
def test_a_page_is_read_in_the_encoding_it_declares(encoding, text_of):
    head = f'<html><head><meta charset="{encoding}"><style>p</style></head>'
    page = f"{head}<body><p>Договор</p>подряда<br>118</body></html>"
    assert text_of(page.encode(encoding), formats.HTML) == "Договор подряда 118"


def test_a_page_that_declares_nonsense_is_read_by_its_bytes(text_of):
    assert (
        text_of('<meta charset="x-нет"><p>Договор подряда'.encode("cp1251"), formats.HTML)
        == "Договор подряда"
    )


@pytest.mark.parametrize(
    "hidden", ["<script>alert</script>", "<style>alert</style>", "<!-- alert -->", "<del>alert</del>"]
)
def test_what_a_page_does_not_show_is_not_read(hidden, text_of):
    assert text_of(f"<html><body>Письмо{hidden}</body></html>".encode(), formats.HTML) == "Письмо"


def test_rich_text_of_windows_and_of_unicode_reads_alike(text_of):
    escaped = "".join(char if char < "\x80" else f"\\u{ord(char)}?" for char in PHRASE)
    coded = "".join(char if char < "\x80" else f"\\'{char.encode('cp1251').hex()}" for char in PHRASE)
    fonts = "{\\fonttbl{\\f0\\fcharset204 Times;}{\\f1\\fcharset0 Arial;}}"
    sources = [f"{{\\rtf1\\ansi\\ansicpg1251{fonts}\\f0 {text}}}".encode() for text in (escaped, coded)]
    assert [text_of(source, formats.RTF) for source in sources] == [PHRASE, PHRASE]


def test_pictures_and_styles_of_rich_text_are_no_text(text_of):
    data = b"{\\rtf1{\\stylesheet{\\s1 Heading;}}{\\pict\\pngblip " + b"89504e47" * 100_000 + b"}x}"
    assert text_of(data, formats.RTF) == "x"


def test_a_workbook_is_read_as_people_write_numbers(text_of):
    parts = build.xlsx_parts()
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>22500</v></c><c r="C1"><v>0.5</v></c>'
        '<c r="D1" t="b"><v>1</v></c>'
    )
    parts["xl/worksheets/sheet1.xml"] = build.sheet(f'<row r="1">{cells}</row>')
    assert text_of(build.zipped(parts), formats.XLSX) == f"Лист {build.WORDS} 22500 0,5 да"


def test_a_letter_is_read_with_its_attachments(text_of):
    body = "Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    attached = 'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nвнутри'
    data = build.letter(body + "тело", attached).replace(
        "тело".encode(), "Прошу рассмотреть".encode("koi8-r")
    )
    assert text_of(data, formats.EML) == "x a@example.invalid Прошу рассмотреть a.txt внутри"


def test_a_hostile_attachment_of_a_letter_is_not_read(extracted):
    attached = (
        'Content-Type: text/html\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\n<html><p>секрет'
    )
    found = extracted(build.letter(attached), formats.EML)
    assert ("секрет" in found.text, found.warnings) == (False, ("attachment_skipped",))


@pytest.mark.parametrize("media_type", sorted(formats.BY_TYPE))
def test_noise_under_any_type_gives_an_answer(media_type, extracted):
    found = extracted(b"\x93\x00noise" * 50, media_type, limits=Limits(cpu_seconds=20, ocr_seconds=20))
    assert isinstance(found.text, str)


def test_a_text_too_long_is_cut_and_that_is_told(extracted):
    found = extracted("слово ".encode() * 1000, formats.TEXT, limits=Limits(max_text_chars=100))
    assert (len(found.text) <= 100, found.warnings) == (True, ("truncated",))


def test_a_reader_that_does_not_come_back_is_ended(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    monkeypatch.setattr(bounded, "_BASE_SECONDS", -1)
    found = extract_text(path, formats.TEXT, limits=Limits(cpu_seconds=1))
    assert found.warnings == ("timed_out",)


def test_a_reader_that_wants_too_much_memory_is_refused_it(extracted):
    data = ("<html>" + "<p>слово" * 400_000).encode()
    found = extracted(data, formats.HTML, limits=Limits(memory_bytes=64 * 1024 * 1024))
    assert found.warnings in (("out_of_memory",), ("unreadable",))


def test_a_machine_without_a_recogniser_says_so(extracted, monkeypatch):
    monkeypatch.setenv("PATH", "")
    found = extracted(build.png(8, 8), formats.PNG)
    assert (found.ocr_needed, found.warnings) == (True, ("ocr_unavailable",))


def test_old_word_without_catdoc_says_what_is_missing(extracted, monkeypatch):
    monkeypatch.setenv("PATH", "")
    old = bytearray(build.word_stream())
    old[2:4] = b"\x65\x00"
    assert extracted(build.ole({"WordDocument": bytes(old)}), formats.DOC).warnings == ("no_program",)


def test_a_signature_needs_no_text_and_no_warning(extracted):
    assert extracted(b"\x30\x82\x01\x00\x06", formats.SIGNATURE).warnings == ()


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("дого-\nвора", "договора"),
        ("дого\u00ad\nвора", "договора"),
        ("до\u00adго\u00adвора", "договора"),
        ("дого\ufffe\nвора", "договора"),
        ("Усть-\nИлимске", "Усть-Илимске"),
        ("юго-\nзападный", "юго-западный"),
        ("кто-\nлибо", "кто-либо"),
        ("51-\n17", "51-\n17"),
        ("12\u00a0500\u202fрублей", "12 500 рублей"),
        ("Сумма \u202e000 001\u202c рублей", "Сумма 000 001 рублей"),
        ("а\r\n\r\n\r\n\r\nб", "а\n\nб"),
        ("а\0б\x07", "аб"),
    ],
)
def test_words_broken_by_the_layout_are_joined(broken, whole):
    assert normalise(broken) == whole
