"""Extracted text made searchable: whole words, plain blanks, no invisible signs."""

from __future__ import annotations

import re

# Parts that Russian writes with a hyphen: these keep it when a line ends there.
_AFTER = r"(?:то|либо|нибудь|таки|ка|де|с)\b"
_BEFORE = re.compile(
    r"(?:^|\W)(?:по|во|в|кое|из|пол|юго|северо|вице|экс|обер|унтер|контр|пресс|бизнес|веб|онлайн|счёт|счет)$",
    re.I,
)
_BROKEN = re.compile(
    rf"(\w{{1,12}})[-\u2010\u00ac][ \t\u00a0]*\r?\n[ \t\u00a0]*(?!{_AFTER})([а-яёa-z])", re.IGNORECASE
)
_KEPT = re.compile(rf"(\w)-[ \t\u00a0]*\r?\n[ \t\u00a0]*({_AFTER})", re.IGNORECASE)
# pdfium marks a hyphen at the end of a line with U+FFFE or U+0002.
_PDF_HYPHEN = re.compile("[\ufffe\x02][ \t]*+(?:\r?\n[ \t]*+)?")
_SOFT = re.compile("\u00ad[ \t]*+(?:\r?\n[ \t]*+)?(?=\\w)|[\u00ad\u200b\u2060\ufeff]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\uffff\ud800-\udfff]"
)
_BLANKS = re.compile("[ \t\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Join what the layout broke; one blank between words, at most one empty line."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
        .replace("\x85", "\n")
    )
    text = _PDF_HYPHEN.sub("", text)
    text = _SOFT.sub("", text)
    text = _KEPT.sub(r"\1-\2", text)
    text = _BROKEN.sub(_joined, text)
    text = _UNSEEN.sub("", text)
    text = _BLANKS.sub(" ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return _EMPTY_LINES.sub("\n\n", text).strip()


def _joined(found: re.Match[str]) -> str:
    """«догово-|ров» is one word; «Усть-|Илимск» and «юго-|западный» keep the hyphen."""
    head, first = found[1], found[2]
    keeps = first.isupper() or head[-1].isdigit() or _BEFORE.search(head) is not None
    return f"{head}-{first}" if keeps else head + first
