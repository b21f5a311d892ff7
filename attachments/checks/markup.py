"""Pages, drawings, XML with signatures, RTF and plain text: what acts, what reaches out, what lies."""

from __future__ import annotations

import re

from attachments import charset
from attachments.checks import office, xmlscan
from attachments.content import Content
from attachments.findings import Findings, Refusal

# What is beyond is kept all the same, only no warning is looked for.
_READ = 8 * 1024 * 1024
_CHUNK = 256 * 1024
_ACTIVE_HTML = re.compile(
    r"<(script|iframe|frame|object|embed|applet|form|portal|base)[\s>/]|[\s/\"']on[a-z]{3,24}\s*=|javascript:|vbscript:|"
    r"http-equiv\s*=\s*[\"']?refresh|data:text/html",
    re.IGNORECASE,
)
_FAR_HTML = re.compile(
    r"<(img|link|video|audio|source|iframe|image|use|input|body|table|td)\b[^<>]{0,2000}?\b(src|href|background|poster|srcset)"
    r"\s*=\s*[\"']?\s*(https?:|//|file:|\\\\)|url\(\s*[\"']?(https?:|//)|@import",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"(?:^|[;,\t])[ \u00a0]{0,8}\"?(=[^=\s]|@\w|[+-](?![\d\s.,(+-]))", re.MULTILINE)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_XSLT = "http://www.w3.org/1999/XSL/Transform"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
# What a signature may do to the document before the digest: nothing that runs, fetches or cuts pieces out.
_TRANSFORMS = frozenset(
    {
        _DSIG + "enveloped-signature",
        _DSIG + "base64",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
        "urn://smev-gov-ru/xmldsig/transform",
    }
)


def check_html(content: Content, findings: Findings) -> None:
    """A page: kept as bytes, never shown as a page."""
    text = charset.decode(content.head(_READ))
    if "<!ENTITY" in text:
        raise Refusal("xml_entities")
    if _ACTIVE_HTML.search(text):
        findings.flag("active_content")
    if _FAR_HTML.search(text):
        findings.flag("external_links")


def check_text(content: Content, findings: Findings, *, is_table: bool) -> None:
    """Plain text and tables of text."""
    text = charset.decode(content.head(_READ))
    if _BIDI.search(text):
        findings.flag("bidi")
    if is_table and _FORMULA.search(text):
        findings.flag("formulas")
    if _ACTIVE_HTML.search(text[:65536]) and "<" in text[:65536]:
        findings.flag("active_content")


def check_xml(content: Content, findings: Findings) -> None:
    """XML of any kind: data, a drawing, a flat office document, a signature."""
    watch = _XmlWatch(findings)
    pieces = (content.at(at, _CHUNK) for at in range(0, content.size, _CHUNK))
    try:
        xmlscan.scan(pieces, findings.limits, on_start=watch.start, on_instruction=watch.instruction)
    except xmlscan.Malformed:
        findings.flag("corrupt")
        # What a careless parser would still expand is refused by the letter.
        if re.search(rb"<!ENTITY", content.head(_READ).replace(b"\0", b"")):
            raise Refusal("xml_entities") from None


class _XmlWatch:
    """Elements of an XML document that act or reach out."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.references = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if space == _DSIG:
            self._signature(element, attributes)
        elif space == _XSLT and element in {"stylesheet", "transform"}:
            self.findings.flag("active_content")
        elif space == _XINCLUDE:
            self.findings.flag("external_links")
        elif "oasis:names:tc:opendocument" in space or "openoffice.org" in space:
            office.odf_element(element, attributes, self.findings)
        elif space.endswith("/svg") or element == "svg":
            self._drawing(element, attributes)
        elif element == "script" or element == "foreignObject":
            self.findings.flag("active_content")
        elif (element == "wordDocument" and xmlscan.attribute(attributes, "macrosPresent") == "yes") or (
            element == "part" and "vbaProject" in xmlscan.attribute(attributes, "contentType")
        ):
            raise Refusal("macros")

    def instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet" and re.search(r"href\s*=\s*[\"'](https?:|//|file:|\\\\)", data):
            self.findings.flag("external_links")

    def _signature(self, element: str, attributes: dict[str, str]) -> None:
        if element == "Reference":
            self.references += 1
            if self.references > self.findings.limits.max_signature_references:
                raise Refusal("too_many_references")
        if element in {"Reference", "RetrievalMethod"}:
            address = attributes.get("URI", "")
            if address and not address.startswith("#"):
                raise Refusal("external_reference")
            if address.startswith("#xpointer(") and not re.match(
                r"#xpointer\((/|id\(['\"][\w.-]+['\"]\))\)$", address
            ):
                raise Refusal("transform_not_allowed")
        if element == "Transform" and attributes.get("Algorithm", "") not in _TRANSFORMS:
            raise Refusal("transform_not_allowed")

    def _drawing(self, element: str, attributes: dict[str, str]) -> None:
        if element in {"script", "foreignObject", "handler", "set"}:
            self.findings.flag("active_content")
        for key, value in attributes.items():
            name = xmlscan.local(key).lower()
            if name.startswith("on") or value.strip().lower().startswith(("javascript:", "data:text/html")):
                self.findings.flag("active_content")
            elif (
                name in {"href", "src"}
                and element != "a"
                and re.match(r"\s*(https?:|//|file:|\\\\)", value, re.IGNORECASE)
            ):
                self.findings.flag("external_links")


_RTF_TEMPLATE = re.compile(rb"\\\*?\s*\\template\b([^{}]{0,1000})", re.IGNORECASE)
_RTF_FAR = re.compile(rb"https?:|ftp:|file:|\\\\\\\\|\\'5c\\'5c|//", re.IGNORECASE)
_RTF_OBJECT = re.compile(rb"\\obj(data|ect|class|emb|html)\b", re.IGNORECASE)
_RTF_SELF_ACTING = re.compile(
    rb"\\obj(autlink|update|ocx|link|sub)\b|Equation\.\d|\\ddeauto|objclass\s+Package", re.IGNORECASE
)
_RTF_FIELD = re.compile(rb"\\fldinst\b(.{0,1500})", re.DOTALL)
_RTF_CONTROL = re.compile(rb"\\[a-z]{1,32}-?\d{0,10} ?|[{}\r\n]")


def check_rtf(content: Content, findings: Findings) -> None:
    """RTF: embedded objects, far templates, fields that fetch or start something."""
    if not content.tail(1024).rstrip(b"\0\r\n\t \x1a").endswith(b"}"):
        findings.flag("corrupt")
    for found in content.matches(_RTF_TEMPLATE):
        if _RTF_FAR.search(found[1]):
            findings.flag("external_links")
    if content.contains(_RTF_OBJECT):
        findings.flag("embedded_files")
    if content.contains(_RTF_SELF_ACTING):
        findings.flag("active_content")
    for found in content.matches(_RTF_FIELD):
        code = _RTF_CONTROL.sub(b"", found[1]).lstrip()[:600]
        if re.match(rb"DDE(AUTO)?\b", code, re.IGNORECASE):
            findings.flag("active_content")
        elif re.match(rb"INCLUDE", code, re.IGNORECASE) and _RTF_FAR.search(code):
            findings.flag("external_links")


_SIGNATURE_START = re.compile(rb"\s*(-----BEGIN |MI[A-Za-z0-9+/])")


def check_signature(content: Content) -> None:
    """A detached signature or a certificate: DER, or the same in Base64; its verdict is not given here."""
    head = content.head(64)
    if head[:1] == b"\x30" or _SIGNATURE_START.match(head):
        return
    raise Refusal("corrupt")
