"""Text of Word, PowerPoint and OpenDocument packages, streamed part by part."""

from __future__ import annotations

import re
import zipfile

from attachments import zips
from attachments.checks import xmlscan
from attachments.content import Content
from attachments.extract.model import Job, Unreadable
from attachments.findings import Refusal

_WORD_PARTS = re.compile(
    r"word/(document\d*|header\d*|footer\d*|footnotes|endnotes|comments|diagrams/data\d+|charts/chart\d+|glossary/document)\.xml$",
    re.IGNORECASE,
)
_SLIDE_PARTS = re.compile(
    r"ppt/(slides/slide\d+|notesSlides/notesSlide\d+|diagrams/data\d+|charts/chart\d+)\.xml$", re.IGNORECASE
)
# Removed text of tracked changes, the old copy of a drawing, field codes, formatting.
_SKIPPED_WORD = frozenset(
    {"del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "rPr", "pPr", "sectPr", "tblPr"}
)
_SKIPPED_ODF = frozenset(
    {"tracked-changes", "scripts", "automatic-styles", "ruby-text", "forms", "title-template"}
)
_SETTINGS_ODF = frozenset({"settings", "styles", "automatic-styles", "font-face-decls", "meta", "scripts"})
_TEXT_ODF = frozenset({"p", "h"})


def read_word(content: Content, job: Job) -> None:
    """A docx: the body, then headers, footers, notes and comments."""
    _read_parts(content, job, _WORD_PARTS, "word/document")


def read_slides(content: Content, job: Job) -> None:
    """A pptx: slides in order, their notes."""
    _read_parts(content, job, _SLIDE_PARTS, "ppt/slides/")


def _read_parts(content: Content, job: Job, wanted: re.Pattern[str], first: str) -> None:
    job.tool = "zip+expat"
    parts = _open(content)
    chosen = [info for info in parts.infolist() if wanted.match(info.orig_filename)]
    if not chosen:
        chosen = [
            info for info in parts.infolist() if re.match(r"[^/]+/document[^/]*\.xml$", info.orig_filename)
        ]
    for info in sorted(
        chosen, key=lambda item: (not item.orig_filename.startswith(first), _natural(item.orig_filename))
    ):
        if job.is_full:
            return
        sink = _WordText(job)
        _scan(parts, info, job, sink)
        job.add("\n")


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"(\d+)", name)]


def _open(content: Content) -> zipfile.ZipFile:
    try:
        return zips.directory(content)
    except (zips.BrokenZip, Refusal) as error:
        raise Unreadable from error


class _Sink:
    """Collects the text of one part; elements in `skipped` are left out with all they hold."""

    skipped: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def __init__(self, job: Job) -> None:
        self.job = job
        self.hidden = 0
        self.wanted = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = xmlscan.local(name)
        if self.hidden or self.is_skipped(name, element):
            self.hidden += 1
            return
        self.opened(element, attributes)

    def end(self, name: str) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        self.closed(xmlscan.local(name))

    def text(self, piece: str) -> None:
        if self.wanted and not self.hidden and not self.job.is_full:
            self.job.add(piece)

    def is_skipped(self, _name: str, element: str) -> bool:
        return element in self.skipped

    def opened(self, element: str, attributes: dict[str, str]) -> None:
        """Count the elements whose text is wanted."""
        self.wanted += element in self.texts

    def closed(self, element: str) -> None:
        """Leave such an element."""
        self.wanted -= element in self.texts


_WORD_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


class _WordText(_Sink):
    skipped = _SKIPPED_WORD
    texts = frozenset({"t"})

    def is_skipped(self, name: str, element: str) -> bool:
        # «del» is a run of deleted text in Word, and nothing of the kind elsewhere.
        return element in self.skipped and ("wordprocessingml" in name or element == "Fallback")

    def opened(self, element: str, attributes: dict[str, str]) -> None:
        super().opened(element, attributes)
        if element in _WORD_SIGNS:
            self.job.add(_WORD_SIGNS[element])

    def closed(self, element: str) -> None:
        super().closed(element)
        if element in {"p", "tr"}:
            self.job.add("\n")
        elif element == "tc":
            self.job.add("\t")


def read_odf(content: Content, job: Job) -> None:
    """An odt, ods or odp: contents, then what stands in headers and footers, then embedded objects."""
    job.tool = "zip+expat"
    parts = _open(content)
    order = {"content.xml": 0, "styles.xml": 1}
    wanted = [info for info in parts.infolist() if info.orig_filename.rpartition("/")[2] in order]
    for info in sorted(
        wanted, key=lambda item: (item.orig_filename.count("/"), order[item.orig_filename.rpartition("/")[2]])
    ):
        if job.is_full:
            return
        sink = _OdfText(job)
        _scan(parts, info, job, sink)
        job.add("\n")


class _OdfText(_Sink):
    skipped = _SKIPPED_ODF
    texts = _TEXT_ODF

    def opened(self, element: str, attributes: dict[str, str]) -> None:
        super().opened(element, attributes)
        if element == "s":
            count = xmlscan.attribute(attributes, "c")
            self.job.add(" " * min(int(count) if count.isdigit() else 1, 100))
        elif element in {"tab", "line-break"} and self.wanted:
            self.job.add("\t" if element == "tab" else "\n")
        elif element in {"note-body", "annotation", "text-box"}:
            self.job.add("\n")

    def closed(self, element: str) -> None:
        super().closed(element)
        if element in self.texts or element in {"creator", "date"}:
            self.job.add("\n")


class _FlatText(_Sink):
    """Any XML: all its text, element by element, without programs, removed passages and digests."""

    skipped = frozenset(
        {"script", "style", "tracked-changes", "SignatureValue", "X509Certificate", "DigestValue"}
    )

    def is_skipped(self, name: str, element: str) -> bool:
        return super().is_skipped(name, element) or ("opendocument" in name and element in _SETTINGS_ODF)

    def closed(self, element: str) -> None:
        self.job.add("\n")

    def text(self, piece: str) -> None:
        if not self.hidden and not self.job.is_full and not piece.isspace():
            self.job.add(piece)


def read_flat_xml(content: Content, job: Job) -> None:
    """Data, drawings and flat office documents in XML."""
    job.tool = "expat"
    sink = _FlatText(job)
    pieces = (content.at(at, 1 << 18) for at in range(0, content.size, 1 << 18))
    try:
        xmlscan.scan(pieces, job.limits, on_start=sink.start, on_end=sink.end, on_text=sink.text)
    except xmlscan.Malformed:
        job.warn("unreadable")


def _scan(parts: zipfile.ZipFile, info: zipfile.ZipInfo, job: Job, sink: _Sink) -> None:
    try:
        xmlscan.scan(
            zips.chunks(parts, info), job.limits, on_start=sink.start, on_end=sink.end, on_text=sink.text
        )
    except (xmlscan.Malformed, Refusal):
        # What was read before the break is worth keeping.
        job.warn("unreadable")


def read_shared_strings(content: Content, job: Job) -> None:
    """The words of an xlsx without its grid: the way out when a sheet claims a billion cells."""
    job.tool = "zip+expat"
    parts = _open(content)
    for info in parts.infolist():
        if re.match(r"xl/(sharedStrings|comments\d*|drawings/drawing\d+)\.xml$", info.orig_filename):
            _scan(parts, info, job, _WordText(job))
