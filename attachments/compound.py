"""Reading OLE compound files (doc, xls, ppt, msg), as [MS-CFB] lays them out; wary of loops and lies."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from attachments.content import Content

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFE
_NONE = 0xFFFFFFFF
_MAX_ENTRIES = 50_000
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")


class BrokenCompound(ValueError):
    """The container contradicts itself."""


@dataclass
class Entry:
    """A storage (folder) or a stream (file) of the container."""

    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    start: int
    size: int
    clsid: bytes
    path: str = ""
    links: tuple[int, int, int] = field(default=(_NONE, _NONE, _NONE))


class Compound:
    """The directory of a compound file and its streams."""

    def __init__(self, content: Content) -> None:
        self.content = content
        head = content.head(512)
        if len(head) < 512 or not head.startswith(MAGIC):
            raise BrokenCompound("no header")
        (shift, mini_shift) = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise BrokenCompound("sector size")
        self.sector = 1 << shift
        (fat_count, directory, _, self.cutoff, mini_start, _, difat, difat_count) = struct.unpack_from(
            "<8I", head, 44
        )
        self.fat = self._read_fat(head, fat_count, difat, difat_count)
        self.entries = self._read_directory(directory)
        self.paths = self._walk()
        root = self.entries[0]
        self._mini = self._chain(root.start, root.size)
        self._minifat = _longs(self._chain(mini_start, None))

    def names(self) -> set[str]:
        """Paths of all entries, lower case, «/» between."""
        return set(self.paths)

    def stream(self, path: str, limit: int = 64 * 1024 * 1024) -> bytes:
        """The bytes of a stream, at most `limit`; empty when there is none."""
        entry = self.paths.get(path.lower())
        if entry is None or entry.kind != 2:
            return b""
        size = min(entry.size, limit)
        if entry.size >= self.cutoff:
            return self._chain(entry.start, size)
        return self._mini_chain(entry.start, size)

    def _at(self, number: int) -> bytes:
        return self.content.at((number + 1) * self.sector, self.sector)

    def _read_fat(self, head: bytes, count: int, difat: int, difat_count: int) -> list[int]:
        most = self.content.size // self.sector + 1
        numbers = [n for n in struct.unpack_from("<109I", head, 76) if n < most]
        seen: set[int] = set()
        while difat < most and difat not in seen and len(seen) <= difat_count:
            seen.add(difat)
            longs = _longs(self._at(difat))
            if not longs:
                break
            numbers += [n for n in longs[:-1] if n < most]
            difat = longs[-1]
        fat: list[int] = []
        for number in dict.fromkeys(numbers[: min(count, most)]):
            fat += _longs(self._at(number))
        return fat[:most]

    def _chain(self, start: int, size: int | None) -> bytes:
        out: list[bytes] = []
        got, seen, number = 0, 0, start
        while number < len(self.fat) and seen <= len(self.fat) and (size is None or got < size):
            piece = self._at(number)
            out.append(piece)
            got += len(piece)
            seen += 1
            number = self.fat[number]
        joined = b"".join(out)
        return joined if size is None else joined[:size]

    def _mini_chain(self, start: int, size: int) -> bytes:
        out: list[bytes] = []
        number, seen = start, 0
        while number < len(self._minifat) and seen <= len(self._minifat) and seen * 64 < size:
            out.append(self._mini[number * 64 : number * 64 + 64])
            seen += 1
            number = self._minifat[number]
        return b"".join(out)[:size]

    def _read_directory(self, start: int) -> list[Entry]:
        data = self._chain(start, _MAX_ENTRIES * 128)
        entries = [_entry(data[i : i + 128]) for i in range(0, len(data) - 127, 128)]
        if not entries or entries[0].kind != 5:
            raise BrokenCompound("no root")
        return entries

    def _walk(self) -> dict[str, Entry]:
        """Paths by the tree of the directory; an entry is visited once."""
        paths: dict[str, Entry] = {}
        seen: set[int] = set()
        todo = [(self.entries[0].links[2], "")]
        while todo:
            number, parent = todo.pop()
            if number >= len(self.entries) or number in seen:
                continue
            seen.add(number)
            entry = self.entries[number]
            entry.path = f"{parent}{entry.name}"
            paths.setdefault(entry.path.lower(), entry)
            todo += [(entry.links[0], parent), (entry.links[1], parent)]
            if entry.kind == 1:
                todo.append((entry.links[2], f"{entry.path}/"))
        return paths


def _entry(raw: bytes) -> Entry:
    (name, length, kind, _, left, right, child, clsid, _, _, _, start, size) = _ENTRY.unpack(raw)
    text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return Entry(text, kind, start, size & 0xFFFFFFFF, clsid, links=(left, right, child))


def _longs(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
