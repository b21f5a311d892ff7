"""Word, Excel, OpenDocument and archives that act, reach out, swell or lie."""

import struct
import zipfile

import pytest

from attachments import formats
from tests.attachments import build

LAUGHS = '<!DOCTYPE d [<!ENTITY a "ха"><!ENTITY b "&a;&a;&a;&a;">]>'
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def with_document(document: bytes) -> bytes:
    return build.docx(more={"word/document.xml": document})


def with_relations(*items, body: str = "") -> bytes:
    return build.docx(body, {"word/_rels/document.xml.rels": build.relations(*items)})


def wide(document: bytes) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-16"?>' + document.decode()).encode("utf-16")


ENTITIES = {
    "avalanche": build.docx(more={"word/header1.xml": f"{LAUGHS}<w:hdr {build.W}/>".encode()}),
    "foreign file": with_document(
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + build.document()
    ),
    "foreign address": with_document(
        b'<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd">' + build.document()
    ),
    "parameter entity": with_document(b'<!DOCTYPE d [<!ENTITY % p "x"> %p;]>' + build.document()),
    "two-byte letters": with_document(wide(LAUGHS.encode() + build.document())),
    "links": build.docx(more={"word/_rels/document.xml.rels": LAUGHS.encode() + build.relations()}),
    "types": build.zipped(
        build.docx_parts()
        | {"[Content_Types].xml": LAUGHS.encode() + build.docx_parts()["[Content_Types].xml"]}
    ),
    "property part": build.docx(more={"docProps/core.xml": LAUGHS.encode() + b"<a>&b;</a>"}),
}


@pytest.mark.parametrize("data", ENTITIES.values(), ids=ENTITIES)
def test_entities_are_refused_wherever_they_stand(data, examined):
    assert examined(data, "a.docx").reason == "xml_entities"


def test_entities_in_a_sheet_are_refused(examined):
    parts = build.xlsx_parts()
    parts["xl/worksheets/sheet1.xml"] = LAUGHS.encode() + parts["xl/worksheets/sheet1.xml"]
    assert examined(build.zipped(parts), "a.xlsx").reason == "xml_entities"


def test_entities_in_an_open_document_are_refused(examined):
    data = build.odt(more={"styles.xml": LAUGHS.encode() + b"<a>&b;</a>"})
    assert examined(data, "a.odt").reason == "xml_entities"


def test_the_old_doctype_of_openoffice_is_no_attack(examined):
    doctype = b'<!DOCTYPE m PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
    assert examined(build.odt(more={"META-INF/other.xml": doctype}), "a.odt").verdict == "accept"


MACROS = {
    "project": (build.docx(more={"word/vbaProject.bin": b"x"}), "a.docx"),
    "renamed project": (
        with_relations(("x/vbaProject", "media/data.bin", False), body=""),
        "a.docx",
    ),
    "declared type": (build.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docm"),
    "document within": (
        build.docx(more={"word/embeddings/a.docm": build.docx(more={"word/vbaProject.bin": b"x"})}),
        "a.docx",
    ),
    "excel 4 sheet": (
        build.zipped(build.xlsx_parts() | {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet xmlns:xm='x'/>"}),
        "a.xlsx",
    ),
    "open document library": (
        build.odt(
            more={
                "Basic/Standard/M.xml": b'<s:module xmlns:s="http://openoffice.org/2000/script" '
                b's:language="StarBasic"/>'
            }
        ),
        "a.odt",
    ),
    "open document script": (build.odt(more={"Scripts/python/a.py": b"print(1)"}), "a.odt"),
    "open document event": (
        build.odt('<script:event-listener xlink:href="vnd.sun.star.script:a.b?language=Basic"/>'),
        "a.odt",
    ),
}


@pytest.mark.parametrize(("data", "name"), MACROS.values(), ids=MACROS)
def test_macros_are_refused_however_hidden(data, name, examined):
    assert examined(data, name).reason == "macros"


FAR = {
    "template": with_relations(("attachedTemplate", "https://example.invalid/t.dotm", True)),
    "picture": with_relations(("image", "http://example.invalid/p.png", True)),
    "network folder": with_relations(("oleObject", "\\\\example.invalid\\a\\b.docx", True)),
    "frame": with_relations(("frame", "http://example.invalid/", True)),
    "link to a program's scheme": with_relations(("hyperlink", "ms-msdt:/id", True)),
    "external without the mark": with_relations(("image", "http://example.invalid/p.png", False)),
    "field": build.docx(
        "<w:p><w:fldSimple w:instr=' INCLUDEPICTURE \"http://example.invalid/p.png\" '/></w:p>"
    ),
}


@pytest.mark.parametrize("data", FAR.values(), ids=FAR)
def test_foreign_addresses_are_told_of(data, examined):
    found = examined(data, "a.docx")
    assert (found.verdict, "external_links" in found.flags) == ("accept", True)


def test_an_ordinary_link_is_no_reason_to_warn(examined):
    found = examined(with_relations(("hyperlink", "https://example.invalid/", True)), "a.docx")
    assert found.flags == ()


def test_a_foreign_picture_of_an_open_document_is_told_of(examined):
    found = examined(build.odt('<draw:image xlink:href="http://example.invalid/p.png"/>'), "a.odt")
    assert found.flags == ("external_links",)


def test_a_dde_field_cut_into_runs_is_told_of(examined):
    runs = "".join(
        f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in ("D", "DEA", 'UTO c:\\x "y"')
    )
    data = build.docx(f"<w:p>{FIELD.format('begin')}{runs}{FIELD.format('end')}</w:p>")
    assert "active_content" in examined(data, "a.docx").flags


def test_a_dde_source_of_an_open_document_is_told_of(examined):
    assert "active_content" in examined(build.odt("<office:dde-source/>"), "a.odt").flags


def test_a_workbook_with_a_dde_link_is_told_of(examined):
    link = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    data = build.zipped(build.xlsx_parts() | {"xl/externalLinks/externalLink1.xml": link})
    assert "active_content" in examined(data, "a.xlsx").flags


def test_a_program_inside_a_document_is_refused(examined):
    data = build.docx(more={"word/media/image1.png": b"MZ" + bytes(60)})
    assert examined(data, "a.docx").reason == "embedded_files"


def test_a_document_with_a_page_inside_is_told_of_and_the_page_not_read(examined, text_of):
    data = with_relations(("aFChunk", "c.html", False)) + b""
    parts = build.docx_parts('<w:altChunk r:id="r0"/>') | {"word/c.html": b"<script>alert(1)</script>"}
    assert "embedded_files" in examined(build.zipped(parts), "a.docx").flags
    assert "alert" not in text_of(build.zipped(parts), formats.DOCX)
    assert "embedded_files" in examined(data, "a.docx").flags


def repeated(parts: dict[str, bytes]) -> bytes:
    with pytest.warns(UserWarning):
        return build.zipped([*parts.items(), ("word/document.xml", build.document())])


def test_a_part_given_twice_is_refused(examined):
    assert examined(repeated(build.docx_parts()), "a.docx").reason == "duplicate_parts"


def linked() -> bytes:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = 0o120777 << 16
    return build.zipped([(info, b"/etc/passwd")])


PATHS = {
    "upwards": build.zipped({"../a.txt": b"x"}),
    "upwards inside": build.zipped({"a/../../b.txt": b"x"}),
    "root": build.zipped({"/a.txt": b"x"}),
    "backslash": build.zipped({"a.txt": b"x"}).replace(b"a.txt", b"\\.txt"),
    "drive": build.zipped({"C:a.txt": b"x"}),
    "symbolic link": linked(),
}


@pytest.mark.parametrize("data", PATHS.values(), ids=PATHS)
def test_paths_that_lead_out_of_an_archive_are_refused(data, examined):
    assert examined(data, "a.zip").reason == "unsafe_path"


def test_a_bomb_in_an_archive_is_refused(examined):
    assert examined(build.zipped({"a.txt": bytes(80_000_000)}), "a.zip").reason == "expands_too_much"


def test_a_bomb_behind_many_small_parts_is_refused(examined):
    parts = {f"word/media/{n}.xml": b"<a>" + b" " * 4_000_000 + b"</a>" for n in range(12)}
    assert examined(build.docx(more=parts), "a.docx").reason == "expands_too_much"


def overlapping() -> bytes:
    """Two directory rows that point at the same bytes."""
    data = build.zipped({"a.txt": b"x" * 100, "b.txt": b"y" * 100}, level=zipfile.ZIP_STORED)
    second = data.rfind(b"PK\x01\x02")
    return data[: second + 42] + struct.pack("<I", 0) + data[second + 46 :]


def test_parts_that_share_their_bytes_are_refused(examined):
    assert examined(overlapping(), "a.zip").reason == "expands_too_much"


def test_a_part_that_lies_about_its_size_is_refused(examined):
    data = bytearray(build.docx(more={"word/header1.xml": f"<w:hdr {build.W}>{' ' * 9000}</w:hdr>".encode()}))
    row = data.rfind(b"PK\x01\x02")
    data[row + 24 : row + 28] = struct.pack("<I", 10)
    assert examined(bytes(data), "a.docx").reason == "corrupt"


def test_an_archive_of_too_many_parts_is_refused(examined):
    data = build.zipped({f"{n}.txt": b"" for n in range(10_001)}, level=zipfile.ZIP_STORED)
    assert examined(data, "a.zip").reason == "too_many_parts"


def test_a_directory_too_large_to_read_is_refused_unread(examined):
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 500_000_000, 0, 0)
    assert examined(b"PK\x03\x04" + bytes(100) + end, "a.zip").reason == "too_many_parts"


def test_a_program_in_an_archive_is_refused_by_its_name(examined):
    assert examined(build.zipped({"счёт.pdf.exe": b"x"}), "a.zip").reason == "type_not_allowed"


def test_a_program_in_an_archive_is_refused_by_its_bytes(examined):
    inner = build.zipped({"счёт.pdf": b"\x7fELF" + bytes(60)})
    assert examined(build.zipped({"a.zip": inner}), "b.zip").reason == "type_not_allowed"


def test_archives_in_archives_are_kept_with_a_warning(examined):
    data = build.zipped({"core.txt": b"x"})
    for _ in range(6):
        data = build.zipped({"a.zip": data})
    found = examined(data, "a.zip")
    assert (found.verdict, found.flags) == ("accept", ("nested_too_deep",))


def test_a_java_program_is_no_archive(examined):
    data = build.zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"})
    assert examined(data, "a.zip").reason == "type_mismatch"


def test_an_archive_under_the_name_of_a_document_is_refused(examined):
    assert examined(build.zipped({"a.txt": b"x"}), "a.docx").reason == "type_mismatch"


def test_a_page_before_an_archive_makes_it_a_page(examined):
    assert examined(b"<html><script>1</script>" + build.docx(), "a.docx").reason == "type_mismatch"


def test_a_cut_document_is_refused(examined):
    assert examined(build.docx()[:-40], "a.docx").reason == "corrupt"


def test_an_open_document_under_a_password_is_kept_with_a_warning(examined):
    data = build.odt(manifest="<manifest:encryption-data/>")
    found = examined(data, "a.odt")
    assert (found.verdict, found.flags) == ("accept", ("encrypted",))


def test_a_document_as_deep_as_a_well_is_refused(examined):
    data = build.docx("<w:p>" * 2000 + "</w:p>" * 2000)
    assert examined(data, "a.docx").reason == "nested_too_deep"


@pytest.mark.requirement("R-34")
def test_a_sheet_that_claims_a_billion_cells_still_gives_its_words(extracted):
    parts = build.xlsx_parts()
    parts["xl/worksheets/sheet1.xml"] = build.sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'
    )
    assert build.WORDS in extracted(build.zipped(parts), formats.XLSX).text
