"""The outbox topic «print»: when a number has been given, the program makes the paper and sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from documents.printing import DOCX, PDF, as_docx, as_pdf
from records import outbox, query, service
from records.actor import SYSTEM_ACTOR
from records.errors import NotFound
from records.kinds import registry
from records.model import Record
from records.service.moving import continue_as_system

from .forms import print_form
from .letters import letter

_before_sending: list[Callable[[int], None]] = []


def before_sending(step: Callable[[int], None]) -> None:
    """Name what is done with a printed paper before it goes out (the organisation's signature)."""
    if step not in _before_sending:
        _before_sending.append(step)


def print_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Make the papers of the records named; run twice, they are the same bytes and are not doubled."""
    for job in jobs:
        make_papers(int(str(job.payload["record"])))


def make_papers(record_id: int) -> None:
    """An outgoing or internal record gets its docx and PDF; a letter is sent with them."""
    try:
        record = query.get(SYSTEM_ACTOR, record_id)
    except NotFound:
        return
    kind = registry[record.kind]
    if record.number_text is None:
        return
    if kind.direction == "in":
        return  # a receipt is the same bytes whenever it is asked for: nothing to keep
    paper = letter(record, draft=False) if kind.prints == "letter" else print_form(record, for_staff=False)
    name = file_name(record)
    _attach(record, as_docx(paper), f"{name}.docx", DOCX)
    _attach(record, as_pdf(paper, apart=True), f"{name}.pdf", PDF)
    for step in _before_sending:
        step(record_id)
    continue_as_system(record_id, "publish" if kind.workflow.find(record.state, "publish") else "send")


def _attach(record: Record, content: bytes, name: str, media_type: str) -> None:
    service.attach_bytes(SYSTEM_ACTOR, record.id, content, name, media_type=media_type)


def file_name(record: Record) -> str:
    """A name for the paper: kind, number and date, safe on any disk."""
    number = (record.number_text or "проект").replace("/", "-")
    day = f" от {record.registered_on:%d.%m.%Y}" if record.registered_on else ""
    return f"{registry[record.kind].title} {number}{day}"[:120]
