"""A letter taken apart by the standard library, with bounds it does not have: depth and number of parts."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message

from attachments import charset
from attachments.limits import Limits

_NESTED = re.compile(rb"content-type:\s*(message/|multipart/)", re.IGNORECASE)
# The parser of the standard library recurses at every level.
_SAFE_NESTING = 60
_LONGEST_HEADER = 20_000


@dataclass(frozen=True)
class Part:
    """A leaf of a letter: a text, or an attached file with its name."""

    message: Message
    media_type: str
    name: str | None
    depth: int

    def data(self) -> bytes:
        """Its decoded bytes."""
        try:
            payload = self.message.get_payload(decode=True)
        except (ValueError, LookupError, UnicodeError, AssertionError):
            return b""
        return payload if isinstance(payload, bytes) else b""

    def text(self) -> str:
        """Its text in the declared encoding, or in the one its bytes speak of."""
        declared = self.message.get_param("charset")
        return charset.decode(self.data(), declared if isinstance(declared, str) else None)


@dataclass(frozen=True)
class Letter:
    """A parsed letter and what went wrong on the way."""

    root: Message
    parts: tuple[Part, ...]
    cut: bool
    too_many_parts: bool
    broken: bool
    has_headers: bool

    def headers(self) -> list[str]:
        """What a reader looks at first: subject, people, date."""
        return [text for name in ("Subject", "From", "To", "Cc", "Date") if (text := header(self.root, name))]


def parse(data: bytes, limits: Limits) -> Letter:
    """Take a letter apart; what lies deeper than allowed is left out and told of."""
    cut = False
    marks = [found.start() for found in _NESTED.finditer(data)]
    if len(marks) > _SAFE_NESTING:
        deepest = _nesting_cut(data, marks)
        cut = deepest < len(data)
        data = data[:deepest]
    root = email.message_from_bytes(data, policy=email.policy.compat32)
    parts: list[Part] = []
    too_many = False
    for part in _leaves(root, limits):
        if part is None:
            cut = True
        elif len(parts) >= limits.max_mail_parts:
            too_many = True
            break
        else:
            parts.append(part)
    return Letter(root, tuple(parts), cut, too_many, _is_broken(root), bool(root.keys()))


def _nesting_cut(data: bytes, marks: list[int]) -> int:
    """Many side by side are fine; only a chain of openings without a closing boundary is deep."""
    open_now = 0
    at = 0
    for mark in marks:
        open_now += 1 - len(re.findall(rb"\r?\n--[^\r\n]{1,70}--\s*\r?\n", data[at:mark]))
        open_now = max(open_now, 1)
        at = mark
        if open_now > _SAFE_NESTING:
            return mark
    return len(data)


def _leaves(root: Message, limits: Limits) -> Iterator[Part | None]:
    """Leaves in order, without recursion; None stands for a branch left out."""
    todo: list[tuple[Message, int]] = [(root, 0)]
    while todo:
        message, depth = todo.pop()
        payload = message.get_payload()
        if isinstance(payload, list):
            deeper = depth + (message.get_content_maintype() == "message")
            if deeper > limits.max_mail_depth:
                yield None
                continue
            if deeper > depth and (name := file_name(message)):
                yield Part(Message(), "message/rfc822", name, depth)
            todo += [(child, deeper) for child in reversed(payload) if isinstance(child, Message)]
            continue
        name = file_name(message)
        if name is None and message.get_content_maintype() not in ("text", "multipart"):
            name = f"{message.get_content_maintype()}.{message.get_content_subtype()}"
        yield Part(message, message.get_content_type(), name, depth)


def file_name(message: Message) -> str | None:
    """The name of an attached file, decoded however it was encoded, or not at all."""
    plain = Message()
    for name in ("Content-Disposition", "Content-Type"):
        if raw := _raw(message, name):
            plain[name] = raw
    try:
        found = plain.get_filename()
    except (ValueError, LookupError, UnicodeError, TypeError):
        return None
    if found is None:
        return "" if plain.get_content_disposition() == "attachment" else None
    return _decoded(found)


def header(message: Message, name: str) -> str:
    """A decoded header line."""
    return " ".join(_decoded(_raw(message, name)).split())


def _raw(message: Message, name: str) -> str:
    """A header as it stands; eight-bit bytes that somebody left unencoded are read as what they look like."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return charset.decode(str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape"))
    return ""


def _decoded(raw: str) -> str:
    try:
        text = str(make_header(decode_header(raw)))
    except (ValueError, LookupError, UnicodeError, email.errors.MessageError):
        return raw
    return text


def _is_broken(root: Message) -> bool:
    kinds = {type(defect).__name__ for defect in root.defects}
    return bool(
        kinds
        & {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect", "MultipartInvariantViolationDefect"}
    )
