"""Text of RTF: code pages by font, Unicode escapes, tracked deletions left out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from attachments.content import Content
from attachments.extract.model import Job, Unreadable

_TOKEN = re.compile(
    r"\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9A-Fa-f]{2})|(?P<sign>[^A-Za-z']))"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)"
)
# Pictures and objects are megabytes of hexadecimal digits: dropped before anything looks at them.
_HEXADECIMAL = re.compile(r"(?<![0-9A-Fa-f\s])[0-9A-Fa-f\s]{256,}+")
_SKIPPED = frozenset(
    """
    fonttbl colortbl stylesheet info pict object objdata objclass objname themedata colorschememapping
    datastore latentstyles listtable listoverridetable revtbl rsidtbl generator xmlnstbl mmathPr fldinst
    template background bkmkstart bkmkend filetbl pgptbl blipuid nonshppict panose falt datafield docvar
    formfield private ud2 protusertbl wgrffmtfilter fchars lchars
    """.split()
)
_SIGNS = {
    **dict.fromkeys(("par", "line", "sect", "page", "row", "nestrow", "column"), "\n"),
    **dict.fromkeys(("cell", "nestcell", "tab"), "\t"),
    **{"emdash": "—", "endash": "–", "bullet": "•", "emspace": " ", "enspace": " "},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
}
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": "\u00ad", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}"}
_CHARSETS = {
    0: 1252,
    77: 10000,
    128: 932,
    129: 949,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    238: 1250,
}
_MAX_GROUPS = 10_000
_FONT = re.compile(r"\\f(\d{1,5})(?:\\[a-z*]+-?\d*|[\s{}]|\\\*){0,12}?\\fcharset(\d{1,3})")


@dataclass(frozen=True)
class _State:
    hidden: bool = False
    deleted: bool = False
    skip_after_unicode: int = 1
    codec: str = "cp1251"


def read_rtf(content: Content, job: Job) -> None:
    """An RTF document."""
    job.tool = "rtf"
    source = content.head(256 * 1024 * 1024).decode("latin-1")
    if not source.startswith("{\\rt"):
        raise Unreadable
    source = _HEXADECIMAL.sub(" ", source)
    _Parser(source, job).run()


class _Parser:
    """One pass over the tokens with a stack of groups."""

    def __init__(self, source: str, job: Job) -> None:
        self.source, self.job = source, job
        self.state = _State(codec=_main_codec(source))
        self.fonts = _font_codecs(source)
        self.stack: list[_State] = []
        self.to_skip = 0
        self.bytes = bytearray()
        self.halves: list[int] = []
        self.starred = False

    def run(self) -> None:
        for token in _TOKEN.finditer(self.source):
            kind = token.lastgroup
            if kind == "brace":
                self._brace(token["brace"])
            elif kind in ("word", "number"):
                self._word(token["word"], int(token["number"]) if token["number"] else None)
            elif kind == "hex":
                self._byte(bytes([int(token["hex"], 16)]))
            elif kind == "sign":
                self._sign(token["sign"])
            elif token["text"]:
                self._plain(token["text"])
            if self.job.is_full or len(self.stack) > _MAX_GROUPS:
                self.job.warn("truncated")
                break
        self._flush()

    def _brace(self, brace: str) -> None:
        self._flush()
        self.to_skip = 0
        self.starred = False
        if brace == "{":
            self.stack.append(self.state)
        elif self.stack:
            self.state = self.stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word == "u" and number is not None:
            self._unicode(number & 0xFFFF)
            return
        if word == "bin":
            self.to_skip = max(0, number or 0)
            return
        if self.to_skip:
            self.to_skip -= 1
            return
        self._flush()
        if word in _SKIPPED or (starred and word not in {"shptxt", "footnote"}):
            self.state = replace(self.state, hidden=True)
        elif word == "uc":
            self.state = replace(self.state, skip_after_unicode=min(max(number or 0, 0), 16))
        elif word == "deleted":
            self.state = replace(self.state, deleted=number != 0)
        elif word == "plain":
            self.state = replace(self.state, deleted=False)
        elif word == "f" and number in self.fonts:
            self.state = replace(self.state, codec=self.fonts[number])
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.starred = True
            return
        if self.to_skip:
            self.to_skip -= 1
            return
        self._flush()
        self._say(_SYMBOLS.get(sign, ""))

    def _plain(self, text: str) -> None:
        self.starred = False
        if self.to_skip:
            skipped = min(self.to_skip, len(text))
            self.to_skip -= skipped
            text = text[skipped:]
        if text:
            self._byte(text.encode("latin-1"), counted=False)

    def _byte(self, raw: bytes, counted: bool = True) -> None:
        if counted and self.to_skip:
            self.to_skip -= 1
            return
        self._flush_halves()
        self.bytes += raw

    def _unicode(self, unit: int) -> None:
        self._flush_bytes()
        self.halves.append(unit)
        if not 0xD800 <= unit <= 0xDBFF:
            self._flush_halves()
        self.to_skip = self.state.skip_after_unicode

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_halves()

    def _flush_bytes(self) -> None:
        if self.bytes:
            self._say(self.bytes.decode(self.state.codec, "replace"))
            self.bytes.clear()

    def _flush_halves(self) -> None:
        if self.halves:
            raw = b"".join(unit.to_bytes(2, "little") for unit in self.halves)
            self._say(raw.decode("utf-16-le", "replace"))
            self.halves.clear()

    def _say(self, text: str) -> None:
        if text and not self.state.hidden and not self.state.deleted:
            self.job.add(text)


def _main_codec(source: str) -> str:
    found = re.search(r"\\ansicpg(\d{1,5})", source[:4096])
    return _codec(int(found[1])) if found else "cp1251"


def _font_codecs(source: str) -> dict[int, str]:
    """Code pages of fonts; charsets 0 and 1 say nothing and leave the page of the document."""
    at = source.find("\\fonttbl")
    main = _main_codec(source)
    fonts: dict[int, str] = {}
    for found in _FONT.finditer(source, at, at + 200_000) if at >= 0 else ():
        page = _CHARSETS.get(int(found[2])) if int(found[2]) > 2 else None
        fonts[int(found[1])] = main if page is None else _codec(page)
    return fonts


def _codec(page: int) -> str:
    name = {10000: "mac-roman", 10007: "mac-cyrillic", 65001: "utf-8"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1251"
