"""Word, Excel, PowerPoint (OOXML) and OpenDocument: macros, foreign addresses, entities, hidden parts."""

from __future__ import annotations

import re
import zipfile

from attachments import formats, zips
from attachments.checks import packages, xmlscan
from attachments.content import Content
from attachments.findings import Findings, Refusal

_XML_ENDINGS = (".xml", ".rels", ".vml", ".rdf", ".svg")
# Sheets and styles are long and say nothing about links: parsed for entities only.
_LONG_PARTS = re.compile(
    r"xl/(worksheets/[^/]+|sharedStrings|styles|calcChain|pivotCache/.*|theme/.*)\.xml$"
    r"|word/(styles|stylesWithEffects|numbering|fontTable|webSettings|theme/.*)\.xml$"
    r"|ppt/(theme|slideMasters|slideLayouts)/[^/]+\.xml$",
    re.IGNORECASE,
)
_FAR_ADDRESS = re.compile(r"^\s*([a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_PLAIN_LINK = re.compile(r"^\s*(https?|mailto|tel|ftp|#)", re.IGNORECASE)
_FIELD_DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
_FIELD_FAR = re.compile(
    r"\bINCLUDE(TEXT|PICTURE)?\b[^\"\\]{0,300}\"?\s*(https?:|ftp:|file:|\\\\)", re.IGNORECASE
)
_MACRO_TYPES = re.compile(r"macroEnabled|vbaProject|macrosheet|vbaData", re.IGNORECASE)
_LONGEST_FIELD = 1000
_NESTED_READ = 64 * 1024 * 1024
_DOCUMENT_PARTS = {
    formats.DOCX: "word/document.xml",
    formats.XLSX: "xl/workbook.",
    formats.PPTX: "ppt/presentation.xml",
}


def check_ooxml(content: Content, findings: Findings, media_type: str) -> None:
    """A package of Microsoft Office 2007 and later."""
    parts = packages.opened(content, findings)
    xml_names = _declared_xml(parts, findings)
    has_main = False
    for info in parts.infolist():
        name = info.orig_filename
        if info.is_dir():
            continue
        if zips.is_encrypted(info):
            raise Refusal("encrypted")
        has_main = (
            has_main
            or "main+xml" in xml_names.get(_key(name), "")
            or name.startswith(_DOCUMENT_PARTS[media_type])
        )
        _check_part_name(name, findings)
        if name.lower().endswith(_XML_ENDINGS) or "xml" in xml_names.get(_key(name), ""):
            _scan_ooxml_part(parts, info, findings)
        else:
            _check_binary_part(parts, info, findings)
    if not has_main:
        raise Refusal("corrupt")
    if packages.starts_late(parts):
        findings.flag("polyglot")


def _key(name: str) -> str:
    return name.lstrip("/").lower()


def _declared_xml(parts: zipfile.ZipFile, findings: Findings) -> dict[str, str]:
    """Content types by part; a type that speaks of macros is a refusal."""
    types: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if _MACRO_TYPES.search(declared):
            raise Refusal("macros")
        if xmlscan.local(name) == "Override":
            types[_key(attributes.get("PartName", ""))] = declared.lower()
        if "activeX" in declared:
            findings.flag("active_content")

    info = next((i for i in parts.infolist() if i.orig_filename == "[Content_Types].xml"), None)
    if info is None or zips.is_encrypted(info):
        raise Refusal("corrupt" if info is None else "encrypted")
    _scan(parts, info, findings, start)
    return types


def _scan(parts: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings, start: xmlscan.OnStart) -> None:
    try:
        xmlscan.scan(zips.chunks(parts, info), findings.limits, on_start=start)
    except xmlscan.Malformed as error:
        raise Refusal("corrupt") from error


def _check_part_name(name: str, findings: Findings) -> None:
    lower = name.lower()
    if lower.endswith("vbaproject.bin") or "/macrosheets/" in lower:
        raise Refusal("macros")
    if "/activex/" in lower or "webextension" in lower:
        findings.flag("active_content")
    if lower.endswith("connections.xml") or "/querytables/" in lower:
        findings.flag("external_links")


def _check_binary_part(parts: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings) -> None:
    start = zips.start_of(parts, info.orig_filename, 64)
    if packages.is_program(start):
        raise Refusal("embedded_files")
    lower = info.orig_filename.lower()
    if lower.endswith((".html", ".htm", ".mht", ".rtf", ".txt")) or (
        "/embeddings/" in lower and lower.endswith(".bin")
    ):
        findings.flag("embedded_files")
    is_document = start.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04")) and info.file_size <= _NESTED_READ
    if is_document and packages.holds_macros(b"".join(zips.chunks(parts, info))):
        raise Refusal("macros")


def _scan_ooxml_part(parts: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings) -> None:
    name = info.orig_filename
    try:
        if _LONG_PARTS.match(name):
            xmlscan.scan(zips.chunks(parts, info), findings.limits)
        elif name.lower().endswith(".rels"):
            xmlscan.scan(zips.chunks(parts, info), findings.limits, on_start=_relationship(findings))
        else:
            watch = _FieldWatch(findings)
            xmlscan.scan(zips.chunks(parts, info), findings.limits, on_start=watch.start, on_text=watch.text)
            watch.finish()
    except xmlscan.Malformed as error:
        # Old drawings (VML) are written carelessly by Office itself; a document or a list of links is not.
        if name.lower().endswith(".rels") or name.startswith(tuple(_DOCUMENT_PARTS.values())):
            raise Refusal("corrupt") from error
        findings.flag("corrupt")


def _relationship(findings: Findings) -> xmlscan.OnStart:
    def start(name: str, attributes: dict[str, str]) -> None:
        if xmlscan.local(name) != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        if kind in {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"}:
            raise Refusal("macros")
        if kind == "afchunk":
            findings.flag("embedded_files")
        external = attributes.get("TargetMode", "").lower() == "external"
        if kind == "hyperlink":
            if _FAR_ADDRESS.match(target) and not _PLAIN_LINK.match(target):
                findings.flag("external_links")
        elif external or _FAR_ADDRESS.match(target):
            findings.flag("external_links")

    return start


class _FieldWatch:
    """Elements of a document part that act or reach out; field codes may be cut into many runs."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.in_field = False
        self.code: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = xmlscan.local(name)
        self.in_field = element == "instrText"
        if element == "fldSimple":
            self._judge(xmlscan.attribute(attributes, "instr"))
        elif element == "fldChar":
            if xmlscan.attribute(attributes, "fldCharType") != "separate":
                self.finish()
        elif element in {"ddeLink", "control", "ocx"}:
            self.findings.flag("active_content")
        elif element == "altChunk":
            self.findings.flag("embedded_files")
        elif element in {"oleLink", "dbPr", "webPr"}:
            self.findings.flag("external_links")
        if "imagedata" in element or element in {"image", "fill", "stroke"}:
            source = xmlscan.attribute(attributes, "src") or xmlscan.attribute(attributes, "href")
            if _FAR_ADDRESS.match(source) and not source.startswith("data:"):
                self.findings.flag("external_links")
        if element == "hlinkClick" and xmlscan.attribute(attributes, "action").startswith(
            ("ppaction://program", "ppaction://macro")
        ):
            self.findings.flag("active_content")

    def text(self, piece: str) -> None:
        if self.in_field and len(self.code) < 100:
            self.code.append(piece[:_LONGEST_FIELD])

    def finish(self) -> None:
        self._judge("".join(self.code))
        self.code.clear()

    def _judge(self, code: str) -> None:
        if _FIELD_DDE.search(code):
            self.findings.flag("active_content")
        if _FIELD_FAR.search(code):
            self.findings.flag("external_links")


def check_odf(content: Content, findings: Findings) -> None:
    """An OpenDocument package."""
    parts = packages.opened(content, findings)
    if not any(info.orig_filename == "content.xml" for info in parts.infolist()):
        raise Refusal("corrupt")
    # The manifest first: it says whether the rest is under a password.
    for info in sorted(parts.infolist(), key=lambda item: item.orig_filename != "META-INF/manifest.xml"):
        if info.is_dir():
            continue
        if zips.is_encrypted(info):
            raise Refusal("encrypted")
        if info.orig_filename.lower().startswith("scripts/"):
            raise Refusal("macros")
        if not info.orig_filename.lower().endswith(_XML_ENDINGS):
            _check_binary_part(parts, info, findings)
        elif "encrypted" not in findings.flags:
            _scan_odf_part(parts, info, findings)


def _scan_odf_part(parts: zipfile.ZipFile, info: zipfile.ZipInfo, findings: Findings) -> None:
    name = info.orig_filename

    def start(full: str, attributes: dict[str, str]) -> None:
        odf_element(xmlscan.local(full), attributes, findings)

    try:
        xmlscan.scan(zips.chunks(parts, info), findings.limits, on_start=start)
    except xmlscan.Malformed as error:
        if name == "content.xml":
            raise Refusal("corrupt") from error
        findings.flag("corrupt")


def odf_element(element: str, attributes: dict[str, str], findings: Findings) -> None:
    """One element of OpenDocument; flat files (.fodt) come here too."""
    if element == "encryption-data":
        findings.flag("encrypted")
    elif element == "event-listener":
        if re.match(
            r"(vnd\.sun\.star\.script|macro|javascript):",
            xmlscan.attribute(attributes, "href"),
            re.IGNORECASE,
        ):
            raise Refusal("macros")
    elif (element == "module" and xmlscan.attribute(attributes, "language")) or element == "source-code":
        raise Refusal("macros")
    elif element in {"dde-source", "dde-connection-decl", "dde-connection"} or element in {
        "plugin",
        "applet",
        "floating-frame",
    }:
        findings.flag("active_content")
    elif element == "object-ole":
        findings.flag("embedded_files")
    elif element not in {"a", "bibliography-mark"}:
        target = xmlscan.attribute(attributes, "href")
        if _FAR_ADDRESS.match(target) and not target.startswith(("data:", "urn:")):
            findings.flag("external_links")
