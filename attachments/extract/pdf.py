"""Text of PDF pages by pdfium; pages that are only pictures are rendered and recognised."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from attachments.content import Content
from attachments.extract import recognise
from attachments.extract.model import Job, Unreadable

_RESOLUTION = 300 / 72
# A page number or a stamp over a scan is not its text.
_FEW_LETTERS = 25
_MISSING_IN_A_ROW = 20


def read_pdf(content: Content, job: Job) -> None:
    """A PDF: page by page within the limits."""
    job.tool = "pdfium"
    document = _opened(content)
    try:
        _read_pages(document, job)
    finally:
        document.close()


def needs_password(content: Content) -> bool:
    """Whether the document cannot be read without a password."""
    try:
        _opened(content).close()
    except Unreadable as error:
        return error.code == "encrypted"
    return False


def _opened(content: Content) -> pypdfium2.PdfDocument:
    try:
        source = content.path if content.path.name != "-" else bytes(content.data)
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("encrypted" if "assword" in str(error) else "unreadable") from error


def _read_pages(document: pypdfium2.PdfDocument, job: Job) -> None:
    count = len(document)
    missing = 0
    for number in range(count):
        if number >= job.limits.max_text_pages or job.is_full:
            job.warn("page_limit")
            return
        try:
            _read_page(document[number], job)
            missing = 0
        except pypdfium2.PdfiumError:
            missing += 1
            job.warn("unreadable")
        # The declared number of pages is only a claim.
        if missing >= _MISSING_IN_A_ROW:
            return


def _read_page(page: pypdfium2.PdfPage, job: Job) -> None:
    try:
        text_page = page.get_textpage()
        try:
            text = text_page.get_text_bounded()
        finally:
            text_page.close()
        job.line(text)
        if (
            sum(char.isalnum() for char in text) < _FEW_LETTERS
            and _has_picture(page)
            and recognise.may_recognise(job)
        ):
            recognise.recognise(_rendered(page, job), job)
            job.tool = "pdfium+tesseract"
    finally:
        page.close()


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    """A picture, or letters drawn as curves."""
    count = pdfium.FPDFPage_CountObjects(page)
    for n in range(min(count, 2000)):
        kind = pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, n))
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            return True
    return bool(count > 200)


def _rendered(page: pypdfium2.PdfPage, job: Job) -> bytes:
    """The page as a grey picture (PGM), small enough whatever size the page claims."""
    width, height = page.get_size()
    area = max(width * height, 1.0)
    scale = min(_RESOLUTION, (job.limits.ocr_pixels / area) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    try:
        raw = ctypes.string_at(bitmap.buffer, bitmap.stride * bitmap.height)
        rows = (raw[n * bitmap.stride : n * bitmap.stride + bitmap.width] for n in range(bitmap.height))
        return b"P5\n%d %d\n255\n" % (bitmap.width, bitmap.height) + b"".join(rows)
    finally:
        bitmap.close()
