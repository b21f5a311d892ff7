"""Files within files: an attachment of a letter is examined like an upload before it is read."""

from __future__ import annotations

from attachments import formats
from attachments.content import of_bytes
from attachments.extract import readers
from attachments.extract.model import Job, Unreadable
from attachments.inspection import inspect_content

_READ = 64 * 1024 * 1024


def read_inner(data: bytes, name: str, job: Job) -> None:
    """Add the text of a file inside another, if it is one we would have taken."""
    if not data:
        return
    if len(data) > _READ or job.depth >= job.limits.max_archive_depth:
        job.warn("attachment_skipped")
        return
    content = of_bytes(data)
    found = inspect_content(content, name or "file", limits=job.limits)
    if found.is_refused:
        job.warn("attachment_skipped")
        return
    if not readers.is_readable(found.type):
        return
    tool = job.tool
    job.depth += 1
    try:
        readers.read(content, found.type, job)
    except Unreadable:
        job.warn("attachment_skipped")
    finally:
        job.depth -= 1
        job.tool = tool
    job.add("\n")


def is_letter(media_type: str) -> bool:
    """Whether a part is itself a letter."""
    return media_type == formats.EML
