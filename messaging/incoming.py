"""A letter that came, read: who, when, what, its files; a bounce or not, a machine's or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from attachments import mailtree
from attachments.limits import DEFAULT

from .letters import address_of, one_line, plain

NO_REPLY = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo)\b", re.I
)
_IDS = re.compile(r"<[^<>\s]{3,200}@[^<>\s]{1,200}>")


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True)
class Bounce:
    """A report that our letter was not delivered."""

    message_ids: tuple[str, ...]
    reason: str
    is_final: bool


@dataclass(frozen=True)
class Incoming:
    """What matters of a letter."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    text: str
    files: tuple[File, ...]
    warnings: tuple[str, ...]
    bounce: Bounce | None
    is_automatic: bool
    answerable: bool
    in_reply_to: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """What the person sent, whatever way it came: the same letter by two routes has the same."""
        parts = [self.sender.lower(), self.subject, " ".join(self.text.split())]
        parts += sorted(hashlib.sha256(f.data).hexdigest() for f in self.files)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def read(raw: bytes) -> Incoming:
    """Read a letter, however broken; what could not be read is said in `warnings`."""
    letter = mailtree.parse(raw, DEFAULT)
    root = letter.root
    sender, name = _sender(root)
    warnings = [
        text
        for text, said in (
            ("письмо вложено слишком глубоко, внутренние письма не разобраны", letter.cut),
            ("частей больше допустимого, остальные только в исходном письме", letter.too_many_parts),
            ("письмо составлено с ошибками, части могли прочитаться не полностью", letter.broken),
        )
        if said
    ]
    automatic = _is_automatic(root)
    return Incoming(
        message_id=one_line(mailtree.header(root, "Message-ID"), 998),
        sender=sender,
        sender_name=name,
        subject=one_line(mailtree.header(root, "Subject"), 500),
        sent_at=_sent_at(root),
        text=_text(letter),
        files=tuple(_files(letter)),
        warnings=tuple(warnings),
        bounce=_bounce(root, sender, raw),
        is_automatic=automatic,
        answerable=not automatic and bool(sender) and not NO_REPLY.match(sender),
        in_reply_to=tuple(
            _IDS.findall(mailtree.header(root, "In-Reply-To") + mailtree.header(root, "References"))
        ),
    )


def _sender(root: Message) -> tuple[str, str]:
    found = getaddresses([mailtree.header(root, "From") or mailtree.header(root, "Sender")])
    name, address = found[0] if found else ("", "")
    return address_of(address) or "", one_line(name, 300)


def _sent_at(root: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(root.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _is_automatic(root: Message) -> bool:
    """Written by a machine or to a list: answering it would start a loop (RFC 3834)."""
    auto = str(root.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    bulk = str(root.get("Precedence", "")).strip().lower() in {"bulk", "list", "junk", "auto_reply"}
    empty_path = str(root.get("Return-Path", "-")).strip() == "<>"
    listed = any(
        root.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Loop")
    )
    return auto not in ("no", "") or bulk or empty_path or listed


def _text(letter: mailtree.Letter) -> str:
    """The words of the letter itself: plain text, or the page without its marks."""
    bodies = [p for p in letter.parts if p.depth == 0 and p.name is None]
    texts = [p.text() for p in bodies if p.media_type == "text/plain"]
    if not any(t.strip() for t in texts):
        texts = [plain(p.text()) for p in bodies if p.media_type == "text/html"]
    words = "\n".join(texts).encode("utf-8", "replace").decode()  # a lone surrogate is no text for a database
    words = words.replace("\x00", "").replace("\r\n", "\n")
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _files(letter: mailtree.Letter) -> Iterator[File]:
    """Attached files, inline ones too, those of forwarded letters, and the forwarded letters themselves."""
    nested = (
        (p for p in letter.root.walk() if p.get_content_type() == "message/rfc822") if not letter.cut else ()
    )
    for number, part in enumerate(nested, 1):
        data = _inner(part)
        if data:
            yield File(mailtree.file_name(part) or f"Вложенное письмо {number}.eml", data)
    for leaf in letter.parts:
        if leaf.name is None or leaf.media_type in {"message/rfc822", "message/delivery-status"}:
            continue
        data = leaf.data()
        if data:
            yield File(leaf.name or "Без имени", data)


def _inner(part: Message) -> bytes:
    payload = part.get_payload()
    if not isinstance(payload, list) or not payload or not isinstance(payload[0], Message):
        return b""
    try:
        return payload[0].as_bytes()
    except (ValueError, LookupError, UnicodeError, AttributeError, TypeError):
        return b""


def _bounce(root: Message, sender: str, raw: bytes) -> Bounce | None:
    """A delivery report (RFC 3464), or a plain word from the mail daemon."""
    report = root.get_content_type() == "multipart/report"
    status = next((p for p in root.walk() if p.get_content_type() == "message/delivery-status"), None)
    daemon = sender.lower().startswith(("mailer-daemon@", "postmaster@"))
    if not (report and status is not None) and not daemon:
        return None
    own = set(_IDS.findall(mailtree.header(root, "Message-ID")))
    ids = tuple(
        dict.fromkeys(i for i in _IDS.findall(raw[:400_000].decode("utf-8", "replace")) if i not in own)
    )
    reason, action = _status(status) if status is not None else ("сервер вернул письмо", "failed")
    return Bounce(ids[:200], reason, action == "failed")


def _status(status: Message) -> tuple[str, str]:
    blocks = status.get_payload()
    reason, action = "", ""
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message):
            reason = one_line(str(block.get("Diagnostic-Code") or block.get("Status") or reason), 900)
            action = str(block.get("Action") or action).strip().lower()
    return reason or "сервер получателя вернул письмо", action or "failed"
