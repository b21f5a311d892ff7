"""A letter as bytes: addresses checked, headers kept to one line, text beside the page, attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html.parser import HTMLParser

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str, limit: int = 300) -> str:
    """A header's value: no line breaks, no control characters, so that nothing can be written under it."""
    return " ".join(_CONTROL.sub(" ", text).split())[:limit]


def address_of(text: str) -> str | None:
    """The address as servers take it (RFC 5321), a Cyrillic domain in punycode; None when it is none."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or ".." in local or local[0] == "." or local[-1] == ".":
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(ascii_domain) > 253:
        return None
    return f"{local}@{ascii_domain}"


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with a letter."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """Everything of a letter but its way."""

    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    in_reply_to: str = ""
    auto: str = "auto-generated"
    files: Sequence[Enclosed] = ()


def compose(letter: Outgoing) -> bytes:
    """The letter as it goes to the server. Machines are told not to answer it (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(letter.sender_name, letter.sender)
    message["To"] = _mailbox(letter.to_name, letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = letter.auto
    message["X-Auto-Response-Suppress"] = "All"
    if letter.in_reply_to:
        message["In-Reply-To"] = message["References"] = one_line(letter.in_reply_to, 900)
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for file in letter.files:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(
            file.data,
            maintype=main or "application",
            subtype=sub or "octet-stream",
            filename=one_line(file.name, 200),
        )
    return message.as_bytes()


def _mailbox(name: str, address: str) -> Address:
    return Address(display_name=one_line(name, 200), addr_spec=address)


class _Plain(HTMLParser):
    """The words of a page, for readers that show no HTML: links keep their addresses."""

    BREAKS = frozenset({"p", "div", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table", "br"})
    SILENT = frozenset({"style", "title", "head"})

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.silent = 0
        self.link = ""
        self.link_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag == "li":
            self.out.append("\n— ")
        elif tag in self.BREAKS:
            self.out.append("\n")
        if tag == "a":
            self.link, self.link_from = dict(attrs).get("href") or "", len(self.out)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT
        if tag == "a" and self.link and self.link not in "".join(self.out[self.link_from :]):
            self.out.append(f": {self.link}")
        if tag in self.BREAKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(re.sub(r"[ \t\n]+", " ", data))


def plain(html: str) -> str:
    """A page as plain text."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(reader.out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
