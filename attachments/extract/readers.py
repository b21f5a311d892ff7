"""Which reader reads which format; heavy libraries are imported by the reader that needs them."""

from __future__ import annotations

from importlib import import_module

from attachments import formats
from attachments.content import Content
from attachments.extract.model import Job, Reader, Unreadable

# A module and a function: a text file shall not wait for the libraries of pictures.
_READERS: dict[str, tuple[str, str]] = {
    formats.DOCX: ("packages", "read_word"),
    formats.PPTX: ("packages", "read_slides"),
    formats.ODT: ("packages", "read_odf"),
    formats.ODS: ("packages", "read_odf"),
    formats.ODP: ("packages", "read_odf"),
    formats.XML: ("packages", "read_flat_xml"),
    formats.SVG: ("packages", "read_flat_xml"),
    formats.XLSX: ("sheets", "read_sheets"),
    formats.XLS: ("sheets", "read_sheets"),
    formats.DOC: ("oldoffice", "read_word"),
    formats.PPT: ("oldoffice", "read_slides"),
    formats.MSG: ("oldoffice", "read_message"),
    formats.RTF: ("rtf", "read_rtf"),
    formats.PDF: ("pdf", "read_pdf"),
    formats.HTML: ("pages", "read_html"),
    formats.TEXT: ("pages", "read_text"),
    formats.CSV: ("pages", "read_text"),
    formats.JSON: ("pages", "read_text"),
    formats.ICS: ("pages", "read_text"),
    formats.EML: ("letters", "read_letter"),
    formats.ZIP: ("pages", "read_listing"),
    formats.PNG: ("recognise", "read_picture"),
    formats.JPEG: ("recognise", "read_picture"),
    formats.GIF: ("recognise", "read_picture"),
    formats.BMP: ("recognise", "read_picture"),
    formats.TIFF: ("recognise", "read_picture"),
    formats.WEBP: ("recognise", "read_picture"),
}
# Pictures and scans: recognition takes minutes and memory.
RECOGNISED = frozenset(kind for kind, (module, _) in _READERS.items() if module == "recognise") | {
    formats.PDF
}
# Cannot be read by anything: nothing to warn of.
SILENT = frozenset({"signature", "media"})


def is_readable(media_type: str) -> bool:
    """Whether there is text to look for in a format."""
    return media_type in _READERS


def read(content: Content, media_type: str, job: Job) -> None:
    """Read one file into the job."""
    if media_type not in _READERS:
        raise Unreadable("format_unsupported")
    module, function = _READERS[media_type]
    reader: Reader = getattr(import_module(f"attachments.extract.{module}"), function)
    reader(content, job)
