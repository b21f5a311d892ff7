"""The examination of an uploaded file: what it is, whether it is taken, and what the card must warn of.

Pure: a path and a name in, a verdict out. Bytes are never changed: «neutralise» speaks of names alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from attachments import content as contents
from attachments import formats, messages, names, sniff, zips
from attachments.checks import images, mail, markup, office, ole, packages, pdf
from attachments.content import Content
from attachments.extract.bounded import Failed, run_bounded
from attachments.findings import Findings, Refusal
from attachments.limits import DEFAULT, Limits
from attachments.malware import Scanner, known_sample_scanner

Verdict = Literal["accept", "refuse", "neutralise"]


@dataclass(frozen=True)
class Inspection:
    """The facts about one upload."""

    type: str
    verdict: Verdict
    reason: str | None
    flags: tuple[str, ...]
    name: str
    message_ru: str
    inner_names: tuple[str, ...] = ()
    size: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether the file is not to be stored."""
        return self.verdict == "refuse"


def inspect(
    path: Path, upload_name: str, *, limits: Limits = DEFAULT, scan: Scanner = known_sample_scanner
) -> Inspection:
    """Examine a file under the name the sender gave it."""
    with contents.opened(path) as content:
        return inspect_content(content, upload_name, limits=limits, scan=scan)


def inspect_content(
    content: Content, upload_name: str, *, limits: Limits = DEFAULT, scan: Scanner = known_sample_scanner
) -> Inspection:
    """The same for bytes already open: an upload, or a file within a letter."""
    safe = names.safe_name(upload_name, max_bytes=limits.max_name_bytes)
    if safe.refusal:
        return _refused(formats.UNKNOWN, safe.refusal, safe.name, content.size)
    findings = Findings(limits)
    media_type = formats.UNKNOWN
    try:
        media_type = sniff.sniff(content)
        if scan(content) is not None:
            raise Refusal("malware")
        media_type, name = _agree(content, media_type, safe.name, findings)
        _check_size(content, media_type, limits)
        _examine(content, media_type, findings)
        _doubt_password(content, media_type, findings, limits)
    except Refusal as refusal:
        return _refused(media_type, refusal.code, safe.name, content.size, findings)
    changed = name != upload_name or findings.inner_renamed
    return Inspection(
        media_type,
        "neutralise" if changed else "accept",
        None,
        tuple(findings.flags),
        name,
        _told(name, upload_name, findings),
        tuple(findings.inner_names),
        content.size,
    )


def _agree(content: Content, media_type: str, name: str, findings: Findings) -> tuple[str, str]:
    """Name and content must agree; a mixed-up picture is renamed, anything else is refused."""
    ext = formats.extension(name)
    if media_type == formats.EMPTY:
        raise Refusal("empty_file")
    if ext in formats.DANGEROUS_EXTENSIONS:
        raise Refusal("type_not_allowed")
    by_name = formats.BY_EXTENSION.get(ext)
    if by_name is None:
        if media_type not in formats.BY_TYPE:
            raise Refusal("type_not_allowed")
        return media_type, name
    expected = by_name.media_type
    if media_type == expected:
        return media_type, name
    if media_type in formats.COMPATIBLE.get(expected, frozenset()):
        # Text is text under any of its names; only RTF and locked documents keep their own nature.
        keeps = media_type in (formats.RTF, formats.ENCRYPTED_OFFICE) or expected in (
            formats.SIGNATURE,
            formats.XML,
        )
        return (media_type if keeps else expected), name
    if any(media_type in group and expected in group for group in formats.INTERCHANGEABLE):
        findings.flag("type_mismatch")
        return media_type, f"{name.rpartition('.')[0]}.{formats.PREFERRED_EXTENSION[media_type]}"
    if media_type == formats.OLE and by_name.family == "ole":
        raise Refusal("corrupt")
    if media_type == formats.ZIP and by_name.family in ("ooxml", "odf") and not zips.is_readable(content):
        # A document cut before it could say what it was.
        raise Refusal("corrupt")
    raise Refusal("type_mismatch")


def _check_size(content: Content, media_type: str, limits: Limits) -> None:
    family = formats.BY_TYPE[media_type].family
    if content.size > (limits.max_media_bytes if family == "media" else limits.max_bytes):
        raise Refusal("too_large")


def _examine(content: Content, media_type: str, findings: Findings) -> None:
    """Hand the file to the check of its family; formats that nobody opens here have none."""
    checks: dict[str, Callable[[], None]] = {
        "pdf": lambda: pdf.check_pdf(content, findings),
        "ooxml": lambda: office.check_ooxml(content, findings, media_type),
        "odf": lambda: office.check_odf(content, findings),
        "ole": lambda: ole.check_ole(content, findings, media_type),
        "rtf": lambda: markup.check_rtf(content, findings),
        "mail": lambda: mail.check_mail(content, findings),
        "text": lambda: markup.check_text(content, findings, is_table=media_type == formats.CSV),
        "html": lambda: markup.check_html(content, findings),
        "xml": lambda: markup.check_xml(content, findings),
        "image": lambda: images.check_image(content, findings, media_type),
        "zip": lambda: packages.check_archive(content, findings),
        "archive": lambda: findings.flag("unchecked"),
        "signature": lambda: markup.check_signature(content),
    }
    check = checks.get(formats.BY_TYPE[media_type].family)
    if check is not None:
        check()


def _doubt_password(content: Content, media_type: str, findings: Findings, limits: Limits) -> None:
    """Most encrypted PDFs only forbid printing and open without a password: only a reader can tell."""
    if media_type != formats.PDF or "encrypted" not in findings.flags or content.path.name == "-":
        return
    try:
        answer = run_bounded(content.path, media_type, ocr=False, limits=limits, mode="password")
    except Failed:
        findings.flag("corrupt")
        return
    if not answer["needs_password"]:
        findings.flags.remove("encrypted")


def _refused(
    media_type: str, code: str, name: str, size: int, findings: Findings | None = None
) -> Inspection:
    text = messages.reason_text(code)
    known = formats.BY_TYPE.get(media_type)
    if code == "type_mismatch" and known is not None:
        text = f"По содержимому это {known.title}, а имя файла говорит о другом. {text}"
    flags = list(findings.flags) if findings else []
    if code in messages.FLAGS and code not in ("type_mismatch", *flags):
        flags.append(code)
    return Inspection(media_type, "refuse", code, tuple(flags), name, text, size=size)


def _told(name: str, upload_name: str, findings: Findings) -> str:
    """What the sender and the reader are told of an accepted file."""
    renamed = f"Файл сохранён под именем «{name}»." if name != upload_name else ""
    return " ".join(part for part in (renamed, messages.flag_texts(tuple(findings.flags))) if part)
