"""Names of uploads: kept as they are where possible, harmless everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attachments.names import safe_name, unique_names


@pytest.mark.parametrize(
    "name",
    [
        "Договор № 51-17.pdf",
        "Устав.PDF",
        "-rf.pdf",
        "%2e%2e%2fsecret.pdf",
        "Акт от 12.11.2026",
        "Протокол №5 (копия).docx",
        "архив.tar.gz",
        "Письмо ООО «Ромашка», исх. 15.pdf",
        "README",
        "日本語.pdf",
    ],
)
def test_an_honest_name_is_kept(name):
    assert safe_name(name).name == name


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("../../../etc/cron.d/x.pdf", "x.pdf"),
        ("C:\\Users\\buh\\Отчёт.pdf", "Отчёт.pdf"),
        ("\\\\server\\share\\a.pdf", "a.pdf"),
        ("папка/", "папка"),
        ("Заи\u0306мище.pdf", "Займище.pdf"),
        ("договор.pdf. ", "договор.pdf"),
        ("договор.pdf...", "договор.pdf"),
        ("договор.pdf\u00a0", "договор.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("com1 .pdf", "_com1 .pdf"),
        ("LPT¹.txt", "_LPT¹.txt"),
        (".htaccess", "htaccess"),
        (".pdf", "без имени.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a  Set-Cookie_ x=1.pdf"),
        ("x.pdf:evil.pdf", "x.pdf_evil.pdf"),
        ("shell.php.pdf", "shell_php.pdf"),
        ("\u200eсправка.pdf", "справка.pdf"),
        ("спра\u00adвка.pdf", "справка.pdf"),
        ("акт\uff0f2026.pdf", "акт_2026.pdf"),
        ("<b>.pdf", "_b_.pdf"),
        ("отчёт\udcff.pdf", "отчёт_.pdf"),
        ("договор.pdf                    .txt", "договор.pdf .txt"),
    ],
)
def test_a_harmful_name_is_made_harmless(sent, stored):
    assert safe_name(sent).name == stored


@pytest.mark.parametrize(
    "sent", ["", " ", "..", ".", "...", "/", "\\", "\u200b", "отчёт\0.pdf", "счёт\u202efdp.exe", "_"]
)
def test_a_name_that_says_nothing_or_lies_is_refused(sent):
    assert safe_name(sent).refusal == "bad_name"


def test_a_long_name_keeps_its_beginning_and_its_extension():
    stored = safe_name("Акт " + "очень " * 60 + "длинный.pdf").name
    assert (len(stored.encode()) <= 255, stored[:9], stored[-4:]) == (True, "Акт очень", ".pdf")


def test_a_long_name_is_not_cut_between_a_letter_and_its_accent():
    stored = safe_name("а\u0301" * 100 + ".pdf", max_bytes=60).name
    assert stored[: -len(".pdf")] == "а\u0301" * 14


def test_names_of_one_archive_differ_whatever_the_disk():
    names = ["Устав.PDF", "устав.pdf", "Займище.pdf", "Заи\u0306мище.pdf", "УСТАВ.pdf"]
    assert unique_names(names) == [
        "Устав.PDF",
        "устав (2).pdf",
        "Займище.pdf",
        "Заи\u0306мище (2).pdf",
        "УСТАВ (3).pdf",
    ]


def test_a_numbered_name_yields_to_one_that_is_there():
    assert unique_names(["а.pdf", "а (2).pdf", "а.pdf"]) == ["а.pdf", "а (2).pdf", "а (3).pdf"]


def test_ten_thousand_equal_names_are_numbered_quickly():
    assert unique_names(["скан.pdf"] * 10_000)[-1] == "скан (10000).pdf"


@given(st.text(max_size=400))
def test_whatever_is_sent_the_stored_name_is_one_harmless_segment(sent):
    name = safe_name(sent).name
    assert len(name.encode("utf-8")) <= 255
    assert not set(name) & set('/\\\0\r\n\t<>:"|?*\u202e')
    assert name == name.strip() and not name.startswith(".")


@given(st.text(max_size=200))
def test_a_stored_name_is_already_safe(sent):
    once = safe_name(sent)
    assert once.refusal or safe_name(once.name).name == once.name


@given(
    st.lists(st.sampled_from(["а.pdf", "А.PDF", "а (2).pdf", "б", "Б", "x" * 255, "X" * 255]), max_size=30)
)
def test_unique_names_are_unique_without_regard_to_case(names):
    made = unique_names(names)
    assert len({name.casefold() for name in made}) == len(names)
    assert all(len(name.encode()) <= 255 for name in made)
