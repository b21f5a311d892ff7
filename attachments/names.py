"""Names of uploaded files: kept as the sender wrote them, without what hurts a disk, a header or a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from attachments import formats

MAX_BYTES = 255
UNNAMED = "без имени"

# Device names of Windows: a case exported to a zip is unpacked there too.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"]
)
# Characters that turn the reading direction: the name on the screen is not the name on the disk.
_OVERRIDES = frozenset("\u202d\u202e")
_SLASHES = str.maketrans({c: "_" for c in "\u2044\u2215\u2216\u29f5\u29f8\u29f9\uff0f\uff3c\uff1a"})
_FORBIDDEN_ON_WINDOWS = str.maketrans({c: "_" for c in '<>:"|?*'})
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANKS = re.compile(r"\s{3,}")


@dataclass(frozen=True)
class SafeName:
    """A stored name, what was done to it, and the name as it came; or the code of a refusal."""

    name: str
    original: str
    notes: tuple[str, ...] = ()
    refusal: str | None = None

    @property
    def changed(self) -> bool:
        """Whether the stored name differs from the one that came."""
        return self.name != self.original


def safe_name(upload_name: str, *, max_bytes: int = MAX_BYTES) -> SafeName:
    """Make a name safe for disks, archives, headers and screens, or refuse it.

    A zero byte and a direction override have no honest use: such names are refused, not repaired.
    """
    if "\0" in upload_name:
        return _refused(upload_name, "nul")
    if _OVERRIDES & set(upload_name):
        return _refused(upload_name, "direction")
    notes: list[str] = []
    name = _step(upload_name, unicodedata.normalize("NFC", upload_name), "nfc", notes)
    name = _step(name, _last_segment(name), "path", notes)
    name = _step(name, _visible(name), "invisible", notes)
    name = _step(name, name.translate(_SLASHES).translate(_FORBIDDEN_ON_WINDOWS), "characters", notes)
    name = _step(name, _BLANKS.sub(" ", name), "blanks", notes)
    name = _step(name, _trimmed(name), "edges", notes)
    name = _step(name, _single_extension(name), "extensions", notes)
    name = _step(name, _not_a_device(name), "device", notes)
    name = _step(name, shortened(name, max_bytes), "length", notes)
    if not name.strip("._ -"):
        return _refused(upload_name, "empty")
    return SafeName(name, upload_name, tuple(notes))


def unique_names(names: Iterable[str], *, max_bytes: int = MAX_BYTES) -> list[str]:
    """Names for one archive, in order: none hides another on a disk that ignores case or composition."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        candidate = name
        while _key(candidate) in taken:
            counts[_key(name)] = counts.get(_key(name), 1) + 1
            candidate = _numbered(name, counts[_key(name)], max_bytes)
        taken.add(_key(candidate))
        out.append(candidate)
    return out


def shortened(name: str, max_bytes: int) -> str:
    """A name within a number of UTF-8 bytes; its beginning and its extension stay."""
    if len(name.encode("utf-8")) <= max_bytes:
        return name
    stem, tail = _split(name)
    room = max_bytes - len(tail.encode("utf-8"))
    cut = stem.encode("utf-8")[:room].decode("utf-8", "ignore")
    # Not between a letter and its accent.
    while cut and len(cut) < len(stem) and unicodedata.combining(stem[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" .") + tail


def _step(before: str, after: str, note: str, notes: list[str]) -> str:
    if after != before:
        notes.append(note)
    return after


def _refused(upload_name: str, note: str) -> SafeName:
    return SafeName("", upload_name, (note,), refusal="bad_name")


def _last_segment(name: str) -> str:
    """Old browsers send the whole path; strangers send «../../»."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1]


def _visible(name: str) -> str:
    out = []
    for char in name:
        category = unicodedata.category(char)
        if char in "\r\n\t" or category in {"Zl", "Zp"}:
            out.append(" ")
        elif category == "Cs" or char == "\ufffd" or ord(char) & 0xFFFE == 0xFFFE:
            out.append("_")
        elif category not in _INVISIBLE_CATEGORIES:
            out.append(char)
    return "".join(out)


def _trimmed(name: str) -> str:
    """Windows drops trailing dots and spaces, Unix hides a leading dot."""
    inner = name.strip().rstrip(". \u00a0").lstrip(" \u00a0")
    if inner.startswith("."):
        inner = inner.lstrip(". ")
        if inner and "." not in inner and inner.lower() in formats.BY_EXTENSION:
            return f"{UNNAMED}.{inner}"
    return inner


def _single_extension(name: str) -> str:
    """«shell.php.pdf» becomes «shell_php.pdf»; the last extension is judged by inspection."""
    parts = name.split(".")
    if len(parts) < 3 or not formats.is_known(formats.extension(name)):
        return name
    out = parts[0]
    for part in parts[1:-1]:
        glue = "_" if part.strip().lower() in formats.SERVER_EXTENSIONS else "."
        out += glue + part
    return f"{out}.{parts[-1]}"


def _not_a_device(name: str) -> str:
    return f"_{name}" if name.split(".")[0].strip().lower() in _DEVICES else name


def _split(name: str) -> tuple[str, str]:
    """Stem and extension with its dot; «.tar.gz» is not worth a rule."""
    stem, dot, tail = name.rpartition(".")
    if not dot or not stem or len(tail) > 16:
        return name, ""
    return stem, dot + tail


def _numbered(name: str, n: int, max_bytes: int) -> str:
    stem, tail = _split(name)
    mark = f" ({n}){tail}"
    return shortened(stem, max_bytes - len(mark.encode("utf-8"))) + mark


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
