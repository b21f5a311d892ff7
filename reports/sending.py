"""Sending a form to the curator, its approval, signature and acceptance: guards and what happens on the
moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from records import outbox, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.history import digest_of
from records.model import Record, StoredFile
from records.service import Work
from signatures.model import Signature
from workflows.engine import Context

from .model import ReportExport, ReportFiling, ReportSheet

BOOK_SLOT = "documents"
BOOK_NAME = "Отчёт по форме {number} за {year} год.xlsx"
FOUNDING = "form:charter"


def _sheet(ctx: Context) -> ReportSheet | None:
    return db.session.get(ReportSheet, int(str(ctx.facts["id"])))


def not_ready(ctx: Context) -> str | None:
    """Guard of sending: nothing required is empty, nothing is unread, something is said."""
    sheet = _sheet(ctx)
    return None if sheet is None else (" ".join(reasons(sheet)) or None)


def reasons(sheet: ReportSheet) -> list[str]:
    """Why a form cannot be sent yet, in sentences."""
    if sheet.is_nil:
        return []
    found = []
    if sheet.wanted == 0:
        found.append("Добавьте строки или отметьте «В отчётном периоде сведений нет».")
    if sheet.lacking:
        found.append(f"Не заполнено обязательных ячеек: {sheet.lacking}.")
    if sheet.wrong:
        found.append(f"Ячеек с ошибками: {sheet.wrong}.")
    if sheet.form == "f1" and not _has_founding_documents(sheet):
        found.append("Приложите учредительные документы (устав).")
    return found


def _has_founding_documents(sheet: ReportSheet) -> bool:
    """The charter is handed in once and again when it changes (form 1, attachments): any year's report
    holds it."""
    wanted = (
        select(StoredFile.id)
        .join(ReportSheet, ReportSheet.record_id == StoredFile.record_id)
        .where(
            ReportSheet.organisation_id == sheet.organisation_id,
            StoredFile.slot == FOUNDING,
            StoredFile.removed_at.is_(None),
        )
        .limit(1)
    )
    return db.session.scalar(wanted) is not None


def not_signed(ctx: Context) -> str | None:
    """Guard of «подписать»: a signature lies beside the printed form and is not worthless."""
    signs = _signatures(int(str(ctx.facts["id"])))
    if not signs:
        return "Подпишите печатную форму электронной подписью: кнопка «Подписать» у файла."
    if all(sign.indication == "TOTAL-FAILED" for sign in signs):
        return f"Подпись не принята: {signs[-1].text or 'она недействительна'}."
    return None


def not_verified(ctx: Context) -> str | None:
    """Guard of «проверить подпись»: a signature under the present printed form has passed."""
    if any(sign.indication == "TOTAL-PASSED" for sign in _signatures(int(str(ctx.facts["id"])))):
        return None
    return "Подпись ещё не проверена или не подтверждена."


def _signatures(record_id: int) -> Sequence[Signature]:
    """Signatures of the printed form as it lies now: by the bytes that were signed."""
    return db.session.scalars(
        select(Signature)
        .join(StoredFile, StoredFile.id == Signature.file_id)
        .where(
            StoredFile.record_id == record_id,
            StoredFile.slot == BOOK_SLOT,
            StoredFile.origin == "generated",
            StoredFile.removed_at.is_(None),
        )
        .order_by(Signature.id)
    ).all()


def printed(record_id: int) -> StoredFile | None:
    """The printed form of an approved report."""
    return db.session.scalars(
        select(StoredFile)
        .where(
            StoredFile.record_id == record_id,
            StoredFile.slot == BOOK_SLOT,
            StoredFile.origin == "generated",
            StoredFile.name.endswith(".xlsx"),
            StoredFile.removed_at.is_(None),
        )
        .order_by(StoredFile.id.desc())
    ).first()


# --- effects ----------------------------------------------------------------------------------------------


def on_submit(unit: Work) -> None:
    """Keep what exactly is filed; its digest goes into the history."""
    from . import controls, sheets

    record = unit.record
    assert record is not None
    sheet = db.session.get(ReportSheet, record.id)
    if sheet is None:
        raise Refused("Форма не начата.")
    db.session.flush()
    content: dict[str, object] = {
        "form": sheet.form,
        "year": sheet.year,
        "nil": sheet.is_nil,
        "edition": sheet.edition,
        "rows": sheets.content(sheet),
    }
    last = db.session.scalar(select(func.max(ReportFiling.number)).where(ReportFiling.record_id == record.id))
    digest = digest_of(content)
    db.session.add(
        ReportFiling(
            record_id=record.id,
            number=(last or 0) + 1,
            filed_at=unit.at,
            filed_by=unit.actor.user_id,
            content=content,
            digest=digest,
        )
    )
    unit.history(record, "report.file", changes={"content": (None, digest)}, notify=False)
    controls.refresh(sheet, unit.today)


def on_approve(unit: Work) -> None:
    """The printed form is made after the commit; a signature found worthless asks for no new one."""
    record = unit.record
    assert record is not None
    sheet = db.session.get(ReportSheet, record.id)
    if sheet is None:
        return
    if printed(record.id) is None:
        sheet.approved_at, sheet.approved_by = unit.at, unit.actor.user_id
        outbox.put("report_book", str(record.id), {"record": record.id})


def on_return(unit: Work) -> None:
    """What was approved is approved no more: its printed form stands aside, the next approval makes
    another."""
    record = unit.record
    assert record is not None
    sheet = db.session.get(ReportSheet, record.id)
    if sheet is not None:
        sheet.approved_at = sheet.approved_by = None
    book = printed(record.id)
    if book is not None:
        book.removed_at = unit.at


def on_accept(unit: Work) -> None:
    """An accepted report waits for the next package to 1С (X-01)."""
    record = unit.record
    assert record is not None
    if db.session.get(ReportExport, record.id) is None:
        db.session.add(ReportExport(record_id=record.id, state="waiting", queued_at=unit.at))


# --- sending ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What came of one form: its number, or why it was not sent."""

    record_id: int
    form: str
    number: str = ""
    reasons: tuple[str, ...] = ()


def submit(actor: Actor, record_id: int, *, once: str | None = None) -> Record:
    """Send one form: checks, number, receipt, notice to the curator."""
    return service.act(actor, record_id, "submit", once=once)


def submit_all(actor: Actor, year: int) -> list[Sent]:
    """Send every form that is ready; the others answer why not."""
    from .opening import present

    if actor.organisation_id is None:
        raise Forbidden("Отчёт отправляет представитель члена СРО.")
    found = []
    for sheet in present(actor.organisation_id, year):
        record = db.session.get(Record, sheet.record_id)
        if record is None or record.state not in ("draft", "returned"):
            continue
        number = sheet.form
        record_id = sheet.record_id
        try:
            sent = submit(actor, record_id)
            found.append(Sent(record_id, number, sent.number_text or ""))
        except (Refused, Invalid) as refused:
            told = refused.reasons if isinstance(refused, Refused) else (str(refused),)
            found.append(Sent(record_id, number, reasons=tuple(told)))
    return found
