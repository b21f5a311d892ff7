"""Copies with the visible mark (S-13, S-16): drawn on a copy, for a changed PDF breaks its detached
signature.

ГОСТ Р 7.0.97-2025 replaced the edition of 2016 on 18.08.2025; the wording is a dated setting with its
edition beside it
(«signatures.mark»), so that the official text is set without a new program.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.paper import Fields, Heading, Paper, Paragraph
from documents.printable import breakable, clean
from documents.printing import as_pdf
from documents.qr import qr_svg
from documents.typesetting import typeset_apart
from language.typography import number_sign
from printing.check_code import address_of
from records import parameters
from records.database import db, now
from records.errors import Invalid, Refused
from records.model import Record, StoredFile
from records.storage import storage
from signing.model import MOSCOW

from . import intake, simple
from .model import Certificate, Signature, SignatureSigner
from .white_space import Rect, corner_is_empty, room_for

MARK: Mapping[str, object] = {
    "edition": "ГОСТ Р 7.0.97-2016, п. 5.23",
    "headline": "Документ подписан электронной подписью",
    "lines": ["Сертификат {serial}", "Владелец {owner}", "Действителен с {since} по {until}"],
}
"""The wording until the office sets its own; to be compared with the official text of the 2025 edition."""
if TYPE_CHECKING:
    import pikepdf

WIDTH_MM, LINE_MM, SIGNS_A_LINE = 86.0, 3.9, 54
TEST_WARNING = "ТЕСТОВАЯ ПОДПИСЬ"
POINTS = 72 / 25.4


@dataclass(frozen=True)
class Mark:
    """One visible mark: the headline and the lines below it."""

    headline: str
    details: tuple[str, ...]
    warning: str = ""


def wording() -> Mapping[str, object]:
    found = parameters.get("signatures.mark", dict(MARK))
    assert isinstance(found, dict)
    return {**MARK, **found}


def check_wording(given: Mapping[str, object]) -> None:
    """Raise Invalid when a wording could not be printed: unknown names, nothing of the certificate."""
    lines = given.get("lines")
    if not given.get("headline") or not given.get("edition") or not isinstance(lines, list) or not lines:
        raise Invalid({"lines": ["Заполните редакцию, заголовок и строки отметки."]})
    sample = {"serial": "00", "owner": "Иванов", "since": "01.01.2026", "until": "01.01.2027"}
    try:
        text = " ".join(str(line).format(**sample) for line in lines)
    except (KeyError, IndexError, ValueError) as error:
        names = ", ".join(f"{{{name}}}" for name in sample)
        raise Invalid({"lines": [f"В строках отметки можно писать только {names}."]}) from error
    if missing := [name for name, value in sample.items() if value not in text]:
        raise Invalid({"lines": [f"В отметке нет обязательного: {', '.join(missing)}."]})


def marks_of(document: StoredFile) -> list[Mark]:
    """One mark for each signer whose last verdict passed and who had the powers."""
    rows = db.session.execute(
        db.select(SignatureSigner, Certificate, Signature.is_test)
        .join(Signature, Signature.id == SignatureSigner.signature_id)
        .join(Certificate, Certificate.sha256 == SignatureSigner.certificate_sha256)
        .where(
            Signature.file_id == document.id,
            Signature.indication == "TOTAL_PASSED",
            SignatureSigner.indication == "TOTAL_PASSED",
        )
        .order_by(Signature.id, SignatureSigner.position)
    )
    text = wording()
    lines = text["lines"]
    assert isinstance(lines, list)
    found: dict[str, Mark] = {}
    for signer, certificate, is_test in rows:
        values = _values(signer, certificate)
        found[certificate.sha256] = Mark(
            str(text["headline"]),
            tuple(clean(str(line).format(**values)) for line in lines),
            TEST_WARNING if is_test else "",
        )
    return list(found.values())


def _values(signer: SignatureSigner, certificate: Certificate) -> dict[str, str]:
    zone = MOSCOW
    return {
        "serial": certificate.serial.upper(),
        "owner": signer.name,
        "since": f"{certificate.not_before.astimezone(zone):%d.%m.%Y}",
        "until": f"{certificate.not_after.astimezone(zone):%d.%m.%Y}",
    }


def copy_of(document: StoredFile, record: Record) -> bytes:
    """The copy as PDF; the original is not touched. Raises Refused when no signature is confirmed."""
    import pikepdf  # loaded where a copy is made: a process that serves pages stays small

    marks = marks_of(document)
    simples = [simple.mark(row) for row in simple.of_record(record.id)]
    if not marks and not simples:
        raise Refused("Копия со штампом делается, когда подпись проверена и действительна.")
    content = storage().path(document.sha256)
    if document.name.lower().endswith(".pdf"):
        try:
            with pikepdf.open(content) as pdf:
                return _over(pdf, content.read_bytes(), marks, simples, document, record)
        except pikepdf.PasswordError as error:
            raise Refused("Файл закрыт паролем: копию со штампом сделать нельзя.") from error
        except pikepdf.PdfError as error:
            raise Refused("Файл PDF повреждён: копию со штампом сделать нельзя.") from error
    return _sheet(marks, simples, document, record)


def foot_of(record: Record) -> str:
    number = f" · {number_sign(record.number_text)}" if record.number_text else ""
    return f"Копия электронного документа. Проверить: {address_of(record.id)}{number}"


def _height(marks: Sequence[Mark]) -> float:
    """Millimetres the tallest frame may take: a long owner wraps and the frame grows, nothing is cut."""
    lines = max((sum(1 + len(line) // SIGNS_A_LINE for line in mark.details) for mark in marks), default=0)
    return LINE_MM * (lines + 3) + 4


def _over(
    pdf: pikepdf.Pdf,
    content: bytes,
    marks: Sequence[Mark],
    simples: Sequence[str],
    document: StoredFile,
    record: Record,
) -> bytes:
    import pikepdf  # see above

    sizes = [_size(page) for page in pdf.pages]
    rooms = room_for(content, len(sizes) - 1, len(marks), WIDTH_MM * POINTS, _height(marks) * POINTS)
    qr = qr_svg(address_of(record.id)) if corner_is_empty(content, 0) else ""  # our own papers bear one
    fits = bool(marks) and len(rooms) == len(marks) and not simples
    last = len(sizes) - 1
    pages = [
        _page(
            size,
            foot_of(record),
            qr if n == 0 else "",
            list(zip(marks, rooms, strict=True)) if n == last and fits else [],
        )
        for n, size in enumerate(sizes)
    ]
    with pikepdf.open(io.BytesIO(typeset_apart("overlay", {"pages": pages}, now()))) as over:
        for page, drawn in zip(pdf.pages, over.pages, strict=True):
            page.add_overlay(drawn, _rect(page))
        if not fits:
            with pikepdf.open(io.BytesIO(_sheet(marks, simples, document, record))) as sheet:
                pdf.pages.extend(sheet.pages)
                return _saved(pdf)
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    if "/AcroForm" in pdf.Root:
        del pdf.Root.AcroForm  # a signature field inside would now be called broken: this is a copy
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _rect(page: pikepdf.Page) -> pikepdf.Rectangle:
    import pikepdf  # see above

    return pikepdf.Rectangle(page.trimbox)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height in millimetres as the page is seen."""
    box = _rect(page)
    width, height = float(box.width) / POINTS, float(box.height) / POINTS
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _page(
    size: tuple[float, float], foot: str, qr: str, placed: Sequence[tuple[Mark, Rect]]
) -> dict[str, object]:
    return {
        "width": size[0],
        "height": size[1],
        "foot": breakable(foot),
        "qr": qr,
        "marks": [
            {
                "x": room.x / POINTS,
                "y": room.y / POINTS,
                "width": WIDTH_MM,
                "headline": mark.headline,
                "details": [breakable(line) for line in mark.details],
                "warning": mark.warning,
            }
            for mark, room in placed
        ],
    }


def _sheet(marks: Sequence[Mark], simples: Sequence[str], document: StoredFile, record: Record) -> bytes:
    """A sheet of signatures of its own: for what is not PDF, or has no room for the marks."""
    blocks: list[Heading | Paragraph | Fields] = [
        Fields(
            (
                ("Файл", document.name),
                ("Размер, байт", str(document.size)),
                ("SHA-256", document.sha256),
                ("Стрибог-256", document.streebog256 or ""),
            )
        )
    ]
    for mark in marks:
        if mark.warning:
            blocks.append(Paragraph(mark.warning, bold=True, indent=False))
        blocks.append(Heading(mark.headline))
        blocks += [Paragraph(line, indent=False) for line in mark.details]
    blocks += [Paragraph(line, indent=False) for line in simples]
    paper = Paper(
        title="Лист электронных подписей",
        subtitle=record.title,
        blocks=tuple(blocks),
        made_at=now().astimezone(parameters.zone()),
        organisation=str(parameters.office().get("short_name") or ""),
        footer=foot_of(record),
        qr_url=address_of(record.id),
    )
    return as_pdf(paper, apart=True)


def is_ready(document: StoredFile) -> bool:
    """Is there a signature whose mark may be drawn?"""
    return any(
        entry.file_id == document.id and entry.indication == "TOTAL_PASSED"
        for entry in intake.of_record(document.record_id)
    )
