"""Text of letters: headers, bodies, attached files, letters within letters."""

from __future__ import annotations

from attachments import mailtree
from attachments.content import Content
from attachments.extract import inner, pages
from attachments.extract.model import Job, Unreadable

_READ = 64 * 1024 * 1024


def read_letter(content: Content, job: Job) -> None:
    """A letter in reading order; the HTML twin of a plain body is left out."""
    job.tool = "email"
    letter = mailtree.parse(content.head(_READ), job.limits)
    for line in letter.headers():
        job.line(line)
    if letter.cut:
        job.warn("nested_too_deep")
    alternatives = _twins(letter)
    for part in letter.parts:
        if job.is_full:
            return
        if part.name is not None:
            job.line(part.name)
            if part.media_type != "message/rfc822":
                inner.read_inner(part.data(), part.name, job)
        elif part.media_type == "text/html":
            if id(part) not in alternatives:
                _add_page(part, job)
        else:
            job.line(part.text())


def _add_page(part: mailtree.Part, job: Job) -> None:
    try:
        pages.add_html(part.text(), job)
    except Unreadable:
        job.warn("unreadable")


def _twins(letter: mailtree.Letter) -> set[int]:
    """HTML parts that stand right after a plain text of the same level and have words in it."""
    pairs = zip(letter.parts, letter.parts[1:], strict=False)
    return {id(second) for first, second in pairs if _is_twin(first, second)}


def _is_twin(first: mailtree.Part, second: mailtree.Part) -> bool:
    kinds = (first.media_type, second.media_type)
    is_pair = kinds == ("text/plain", "text/html") and first.depth == second.depth
    return is_pair and first.name is second.name is None and len(first.text().split()) > 5
