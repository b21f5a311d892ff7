"""Letters: how deep they nest, what they carry, whether they are whole."""

from __future__ import annotations

import re

from attachments import mailtree
from attachments.checks import ole
from attachments.content import Content
from attachments.findings import Findings, Refusal

_READ = 64 * 1024 * 1024
_ACTIVE_HTML = re.compile(
    rb"<(script|iframe|object|embed|form)[\s>/]|\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE
)


def check_mail(content: Content, findings: Findings) -> None:
    """An electronic letter as a file."""
    letter = mailtree.parse(content.head(_READ), findings.limits)
    if not letter.has_headers:
        raise Refusal("corrupt")
    if letter.cut:
        findings.flag("nested_too_deep")
    if letter.too_many_parts:
        findings.flag("too_many_parts")
    if letter.broken or content.size > _READ:
        findings.flag("corrupt")
    for part in letter.parts:
        if part.name is not None:
            ole.note_attachment(part.name, findings)
        elif part.media_type == "text/html" and _ACTIVE_HTML.search(part.data()):
            findings.flag("active_content")
