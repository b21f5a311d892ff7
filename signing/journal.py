"""A journal whose every line holds the digest of the one before: nothing is taken out or put in unnoticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from signing.asn1 import Malformed

FIRST = "0" * 64


def digest_of_entry(entry: Mapping[str, object]) -> str:
    """SHA-256 over the entry without its own digest: JSON, keys in order, no blanks, UTF-8."""
    plain = {name: value for name, value in entry.items() if name != "digest"}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chained(entries: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Number the entries and chain them."""
    lines: list[dict[str, object]] = []
    previous = FIRST
    for seq, entry in enumerate(entries, 1):
        line = {**entry, "seq": seq, "previous": previous}
        previous = digest_of_entry(line)
        lines.append({**line, "digest": previous})
    return lines


def written(lines: Iterable[Mapping[str, object]]) -> bytes:
    """One JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def read(data: bytes) -> list[dict[str, object]]:
    """The entries of a journal whose chain holds; raises Malformed with the line that breaks it."""
    previous, found = FIRST, []
    for number, text in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        try:
            line = json.loads(text)
        except ValueError:
            raise Malformed(f"строка {number} журнала не читается") from None
        if not isinstance(line, dict) or line.get("seq") != number or line.get("previous") != previous:
            raise Malformed(f"цепочка журнала нарушена в строке {number}")
        if line.get("digest") != digest_of_entry(line):
            raise Malformed(f"строка {number} журнала изменена")
        previous = line["digest"]
        found.append(line)
    return found


def head(lines: Iterable[Mapping[str, object]]) -> str:
    """The digest of the last line: it stands for the whole journal."""
    last = FIRST
    for line in lines:
        last = str(line["digest"])
    return last
