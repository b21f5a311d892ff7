"""Headers under which a stored file leaves: always a download, never a page of ours."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from attachments import formats

# A short list of types no browser runs; everything else is bytes. Text is not here: its encoding is unknown,
# and a browser that guesses it may be led astray.
SERVED_AS_IS = frozenset(
    {formats.PDF, formats.DOCX, formats.XLSX, formats.PPTX, formats.ODT, formats.ODS, formats.ODP}
    | {formats.DOC, formats.XLS, formats.PPT, formats.RTF, formats.ZIP}
    | {formats.PNG, formats.JPEG, formats.GIF, formats.TIFF, formats.WEBP, formats.BMP}
    | {formats.SIGNATURE}
)
_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 5987, attr-char


def serving_headers(media_type: str, name: str) -> dict[str, str]:
    """Headers for one download; `name` is the stored name, already safe."""
    content_type = media_type if media_type in SERVED_AS_IS else formats.UNKNOWN
    return {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Download-Options": "noopen",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }


def content_disposition(name: str) -> str:
    """An attachment with its name by RFC 6266: ASCII for old clients, UTF-8 by RFC 5987 for the rest."""
    plain = _ascii(name)
    header = f'attachment; filename="{plain}"'
    if plain != name:
        header += f"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe=_ATTR_CHARS)}"
    return header


def _ascii(name: str) -> str:
    """Letters without accents, underscores for the rest; no quote, backslash, percent or control passes."""
    out = []
    for char in unicodedata.normalize("NFKD", name):
        if unicodedata.combining(char):
            continue
        printable = " " <= char <= "~" and char not in '"\\%;'
        out.append(char if printable else "_")
    return "".join(out).strip() or "file"
