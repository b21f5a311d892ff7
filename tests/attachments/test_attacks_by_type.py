"""Files that are not what they say: programs, scripts, pages, letters, signatures, old office."""

import struct

import pytest

from attachments import formats
from attachments.limits import Limits
from attachments.messages import REASONS, reason_text
from tests.attachments import build

PROGRAMS = {
    "windows": b"MZ" + bytes(62),
    "linux": b"\x7fELF" + bytes(60),
    "mac": b"\xcf\xfa\xed\xfe" + bytes(60),
    "java": b"\xca\xfe\xba\xbe" + bytes(60),
    "shortcut": b"L\0\0\0\x01\x14\x02\0" + bytes(60),
    "help": b"ITSF" + bytes(60),
    "cabinet": b"MSCF" + bytes(60),
    "flash": b"CWS" + bytes(60),
    "installer": build.ole({"a": b"x"}, bytes.fromhex("84100c0000000000c000000000000046")),
    "notebook": bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(60),
}


@pytest.mark.parametrize("data", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.jpg", "a.txt"])
def test_a_program_under_a_false_name_is_refused(data, name, examined):
    assert examined(data, name).reason == "type_mismatch"


@pytest.mark.parametrize("data", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_without_a_name_is_refused(data, examined):
    assert examined(data, "письмо").reason == "type_not_allowed"


@pytest.mark.parametrize(
    "extension",
    "exe js url lnk hta scr bat vbs iso reg jar ps1 xll mht slk pdf.ехе".split(),
)
def test_what_runs_by_a_double_click_is_refused_whatever_is_inside(extension, examined):
    assert examined(build.pdf(), f"договор.{extension}").reason == "type_not_allowed"


@pytest.mark.parametrize(
    "start", ["#!/bin/sh\n", "<?php x", "@echo off\r\n", "[InternetShortcut]\r\nURL=x", "%!PS-Adobe"]
)
def test_a_script_without_an_extension_is_refused(start, examined):
    assert examined(start.encode(), "файл").reason == "type_not_allowed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.png", "a.doc", "a.xls"])
def test_a_page_under_a_false_name_is_refused(name, encoding, examined):
    page = "<!-- письмо -->\n<HTML><body><script>alert(1)</script>письмо</body></HTML>"
    assert examined(page.encode(encoding), name).reason == "type_mismatch"


def test_noise_under_the_name_of_a_document_is_refused(examined):
    assert examined(bytes(range(256)) * 20, "a.pdf").reason == "type_mismatch"


def test_an_honest_file_without_an_extension_is_accepted(examined):
    assert examined(build.pdf(), "Договор").verdict == "accept"


def test_a_rich_text_under_the_name_of_word_is_accepted_as_what_it_is(examined):
    found = examined(b"{\\rtf1 x}", "a.doc")
    assert (found.type, found.verdict) == (formats.RTF, "accept")


def test_the_test_string_of_antiviruses_is_found(examined):
    string = "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-" + "FILE!$H+H*"
    assert examined(string.encode(), "a.txt").reason == "malware"


def test_an_antivirus_is_asked_when_there_is_one(examined):
    assert examined(build.pdf(), "a.pdf", scan=lambda content: "Worm").reason == "malware"


def test_a_file_above_the_limit_is_refused(examined):
    assert examined(b"x" * 2000, "a.txt", limits=Limits(max_bytes=1000)).reason == "too_large"


@pytest.mark.parametrize("code", REASONS)
def test_every_refusal_ends_with_advice(code):
    assert reason_text(code).count(".") >= 2


SIGNATURES = {
    "address": (build.signature(reference="http://example.invalid/a"), "external_reference"),
    "file": (build.signature(reference="file:///etc/hostname"), "external_reference"),
    "key elsewhere": (
        build.signature(inner='<ds:RetrievalMethod URI="http://example.invalid/"/>'),
        "external_reference",
    ),
    "xslt": (
        build.signature(transform="http://www.w3.org/TR/1999/REC-xslt-19991116"),
        "transform_not_allowed",
    ),
    "xpath": (
        build.signature(transform="http://www.w3.org/TR/1999/REC-xpath-19991116"),
        "transform_not_allowed",
    ),
    "filter": (
        build.signature(transform="http://www.w3.org/2002/06/xmldsig-filter2"),
        "transform_not_allowed",
    ),
    "pointer": (build.signature(reference="#xpointer(//a[1])"), "transform_not_allowed"),
    "hundreds": (build.signature(references=500), "too_many_references"),
    "entity": (build.signature(head='<!DOCTYPE d [<!ENTITY x "y">]>'), "xml_entities"),
    "foreign dtd": (build.signature(head='<!DOCTYPE d SYSTEM "http://example.invalid/d">'), "xml_entities"),
}


@pytest.mark.requirement("S-05")
@pytest.mark.parametrize("name", ["a.xml", "a.sig"])
@pytest.mark.parametrize(("text", "reason"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_that_wants_too_much_is_refused(text, reason, name, examined):
    assert examined(text.encode(), name).reason == reason


def test_an_attack_in_two_byte_letters_is_seen(examined):
    text = '<?xml version="1.0" encoding="UTF-16"?>' + SIGNATURES["entity"][0]
    assert examined(text.encode("utf-16"), "a.xml").reason == "xml_entities"


def test_an_honest_xml_signature_is_accepted(examined):
    text = build.signature(transform="http://www.w3.org/2000/09/xmldsig#enveloped-signature")
    assert examined(text.encode(), "a.xml").verdict == "accept"


DRAWINGS = {
    "script": ("<script>alert(1)</script>", "active_content"),
    "event": ('<rect onclick="alert(1)"/>', "active_content"),
    "page within": ("<foreignObject/>", "active_content"),
    "link that runs": ('<a href="javascript:alert(1)"/>', "active_content"),
    "far picture": ('<image href="http://example.invalid/p.png"/>', "external_links"),
}


@pytest.mark.parametrize(("inside", "flag"), DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_that_acts_is_told_of(inside, flag, examined):
    data = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    assert examined(data.encode(), "a.svg").flags == (flag,)


def test_entities_of_a_drawing_are_refused(examined):
    data = '<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
    assert examined(data.encode(), "a.svg").reason == "xml_entities"


OLD = {
    "macro project": ({"WordDocument": build.word_stream(), "_VBA_PROJECT": b"x"}, "a.doc", "macros"),
    "excel 4 sheet": (
        {
            "Workbook": build.record(0x809, bytes(16))
            + build.record(0x85, struct.pack("<IBB", 0, 0, 1) + b"\0\0")
        },
        "a.xls",
        "macros",
    ),
    "no document": ({"WordDocument": b"zzz"}, "a.doc", "corrupt"),
    "nothing known": ({"Something": b"zzz"}, "a.doc", "corrupt"),
}


@pytest.mark.parametrize(("streams", "name", "reason"), OLD.values(), ids=OLD)
def test_old_office_files_are_refused_for_what_they_hold(streams, name, reason, examined):
    assert examined(build.ole(streams), name).reason == reason


OLD_FLAGS = {
    "word password": ({"WordDocument": build.word_stream(flags=0x0100)}, "a.doc", "encrypted"),
    "excel password": (
        {"Workbook": build.record(0x809, bytes(16)) + build.record(0x2F, bytes(4))},
        "a.xls",
        "encrypted",
    ),
    "new office password": ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, "a.docx", "encrypted"),
    "dde": ({"WordDocument": build.word_stream(tail=b"\x13 DDEAUTO c:\\x\x15")}, "a.doc", "active_content"),
    "far template": (
        {"WordDocument": build.word_stream(), "0Table": "http://example.invalid/t.dot".encode("utf-16-le")},
        "a.doc",
        "external_links",
    ),
    "other book": (
        {"Workbook": build.record(0x809, bytes(16)) + build.record(0x1AE, b"\1\0\7\0http")},
        "a.xls",
        "external_links",
    ),
    "package": ({"WordDocument": build.word_stream(), "\1Ole10Native": b"x"}, "a.doc", "embedded_files"),
}


@pytest.mark.parametrize(("streams", "name", "flag"), OLD_FLAGS.values(), ids=OLD_FLAGS)
def test_old_office_files_are_kept_with_a_warning(streams, name, flag, examined):
    found = examined(build.ole(streams), name)
    assert (found.verdict, found.flags) == ("accept", (flag,))


RICH = {
    "template": ("{\\*\\template http://example.invalid/t.dot}", "external_links"),
    "network template": ("{\\*\\template \\\\\\\\example.invalid\\\\t.dot}", "external_links"),
    "object": ("{\\object\\objemb{\\*\\objdata 0105}}", "embedded_files"),
    "object that updates": ("{\\object\\objautlink\\objupdate{\\*\\objdata 0105}}", "active_content"),
    "dde field": ('{\\field{\\*\\fldinst {DDEAUTO c:\\\\x "y"}}{\\fldrslt x}}', "active_content"),
    "far picture": (
        '{\\field{\\*\\fldinst INCLUDEPICTURE "http://example.invalid/p"}{\\fldrslt x}}',
        "external_links",
    ),
}


@pytest.mark.parametrize(("inside", "flag"), RICH.values(), ids=RICH)
def test_rich_text_that_acts_is_told_of(inside, flag, examined):
    assert flag in examined(f"{{\\rtf1 {inside} x}}".encode(), "a.rtf").flags


PLAIN = "Content-Type: text/plain\r\n\r\nhello"


def test_a_letter_a_thousand_levels_deep_is_read_from_the_top(examined, text_of):
    data = b""
    for n in range(3000, -1, -1):
        head = "From: a@example.invalid\r\nMIME-Version: 1.0\r\n"
        head += f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n'
        part = f"--b{n}\r\nContent-Type: text/plain\r\n\r\nlevel {n}\r\n"
        inner = f"--b{n}\r\nContent-Type: message/rfc822\r\n\r\n".encode() + data + b"\r\n" if data else b""
        data = head.encode() + part.encode() + inner + f"--b{n}--\r\n".encode()
    assert "nested_too_deep" in examined(data, "a.eml").flags
    assert "level 0" in text_of(data, formats.EML)


def test_a_letter_of_ten_thousand_parts_is_told_of(examined):
    assert "too_many_parts" in examined(build.letter(*[PLAIN] * 10_000), "a.eml").flags


def test_a_program_in_a_letter_is_told_of_and_its_name_kept_safe(examined):
    part = (
        'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="..\\\\счёт.exe"\r\n\r\nx'
    )
    found = examined(build.letter(PLAIN, part), "a.eml")
    assert (found.verdict, found.inner_names, "active_content" in found.flags) == (
        "neutralise",
        ("счёт.exe",),
        True,
    )


def test_text_under_the_name_of_a_letter_is_refused(examined):
    assert examined("Просто текст без заголовков".encode(), "a.eml").reason == "corrupt"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|x", '"=HYPERLINK(""a"")"'])
def test_a_formula_in_a_table_of_text_is_told_of(cell, examined):
    assert examined(f"Номер;Имя\r\n1;{cell}\r\n".encode("cp1251"), "a.csv").flags == ("formulas",)


@pytest.mark.parametrize("cell", ["-15,5", "+7 902 111-22-33", "a=b", "- прочерк", "2+2"])
def test_a_number_or_a_telephone_is_no_formula(cell, examined):
    assert examined(f"Номер;Имя\r\n1;{cell}\r\n".encode("cp1251"), "a.csv").flags == ()
