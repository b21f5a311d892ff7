"""Where a page is empty: the mark must not touch the text or other marks (ГОСТ Р 7.0.97)."""

from __future__ import annotations

from dataclasses import dataclass

WHITE = 250
STEP = 6
EDGE = 40
"""Points kept free at the edges: the file's margin, the foot line."""
MARGIN = 56
"""The left margin of a paper by ГОСТ Р 7.0.97: 20 mm."""
QR_CORNER = 75
"""Points of the lower right corner, where the QR of the first sheet stands."""


@dataclass(frozen=True)
class Rect:
    """A place on a page in points from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: Rect) -> bool:
        return not (
            self.x + self.width <= other.x
            or other.x + other.width <= self.x
            or self.y + self.height <= other.y
            or other.y + other.height <= self.y
        )


def room_for(content: bytes, page_number: int, wanted: int, width: float, height: float) -> list[Rect]:
    """Empty places for so many boxes on a page, the first right below the text; fewer when there is no
    room."""
    if not wanted:
        return []
    rows = _rows(content, page_number)
    tall, wide = len(rows), len(rows[0]) if rows else 0
    found: list[Rect] = []
    corner = Rect(wide - QR_CORNER, tall - QR_CORNER, QR_CORNER, QR_CORNER)
    top = _end_of_text(rows)
    for y in range(max(top + STEP, EDGE), int(tall - EDGE - height), STEP):
        for x in range(MARGIN, int(wide - EDGE - width) + 1, STEP * 2):
            place = Rect(x, y, width, height)
            if place.touches(corner) or any(place.touches(other) for other in found):
                continue
            if _is_empty(rows, place):
                found.append(place)
                if len(found) == wanted:
                    return found
    return found


def _rows(content: bytes, page_number: int) -> list[bytes]:
    """The page as rows of grey, one sample a point."""
    import pypdfium2  # loaded where a copy is made

    document = pypdfium2.PdfDocument(content)
    try:
        bitmap = document[page_number].render(scale=1, grayscale=True)
        data, stride = bytes(bitmap.buffer), bitmap.stride
        return [data[n * stride : n * stride + bitmap.width] for n in range(bitmap.height)]
    finally:
        document.close()


def _end_of_text(rows: list[bytes]) -> int:
    """The row where the tallest empty band begins: below the text and its signature, above the foot.

    The corner of the QR is not text.
    """
    is_empty = [min(row[: max(len(row) - 2 * QR_CORNER, 1)], default=255) >= WHITE for row in rows]
    best, begun, longest = 0, 0, 0
    for n, empty in enumerate([*is_empty[EDGE:], False], EDGE):
        if not empty:
            if n - begun > longest and begun >= EDGE:
                best, longest = begun, n - begun
            begun = n + 1
    return best


def corner_is_empty(content: bytes, page_number: int) -> bool:
    """Is there room for a QR in the lower right corner?"""
    rows = _rows(content, page_number)
    wide = len(rows[0]) if rows else 0
    return _is_empty(rows, Rect(wide - QR_CORNER - 10, len(rows) - QR_CORNER - 20, QR_CORNER, QR_CORNER + 15))


def _is_empty(rows: list[bytes], place: Rect) -> bool:
    left, right = int(place.x), int(place.x + place.width)
    return all(
        min(rows[y][left:right], default=255) >= WHITE
        for y in range(int(place.y), int(place.y + place.height))
    )
