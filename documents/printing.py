"""The door to the printer: one function a format, engines loaded at the first print.

docx, typst and xlsxwriter weigh tens of megabytes; a web process that prints nothing must not carry them,
hence the imports inside.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from documents.model import Document, Journal, Label
from documents.paper import Paper
from documents.printable import Cell, Kind

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_pdf(document: Document | Paper | Label, *, apart: bool = False) -> bytes:
    """The document as PDF; a web process passes `apart=True` and lets a child process do the layout."""
    from documents import pdf

    return pdf.render(document, apart=apart)


def as_docx(document: Document | Paper) -> bytes:
    """The document as a Word file."""
    from documents import docx

    return docx.render(document)


def as_xlsx(
    title: str, columns: Sequence[tuple[str, Kind]], rows: Iterable[Sequence[Cell]], *, made_at: datetime
) -> bytes:
    """A list as an Excel workbook; `columns` are (title, type)."""
    from documents import xlsx

    return xlsx.table_workbook(title, columns, rows, made_at=made_at)


def journal_as_xlsx(journal: Journal) -> bytes:
    """A registration journal as an Excel workbook."""
    from documents import xlsx

    return xlsx.journal_workbook(journal)
