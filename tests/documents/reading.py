"""Reading back what was printed: text, places on the page, picture of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Place:
    """Where a text stands, in millimetres from the left and upper edges of its page."""

    left: float
    top: float
    right: float
    bottom: float


def pages(pdf: bytes) -> list[str]:
    """Text of every page; blanks of all kinds and line ends are single spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


def text(pdf: bytes) -> str:
    return " ".join(pages(pdf))


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page in whole millimetres."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            (round(page.get_width() / POINTS_PER_MM), round(page.get_height() / POINTS_PER_MM))
            for page in document
        ]


def characters(pdf: bytes, number: int) -> Iterator[tuple[str, Place]]:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number]
        height = page.get_height()
        textpage = page.get_textpage()
        for index, char in enumerate(textpage.get_text_range()):
            left, bottom, right, top = textpage.get_charbox(index)
            yield (
                char,
                Place(*(value / POINTS_PER_MM for value in (left, height - top, right, height - bottom))),
            )


def place(pdf: bytes, words: str, number: int = 0) -> Place:
    """The box of the first occurrence of the words on a page."""
    found = list(characters(pdf, number))
    whole = "".join(char for char, _ in found).replace("\N{NO-BREAK SPACE}", " ")
    start = whole.index(words)
    boxes = [box for char, box in found[start : start + len(words)] if not char.isspace()]
    return Place(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def picture(pdf: bytes, number: int = 0, dots_per_mm: float = 12) -> Image.Image:
    """The page as the eye sees it, in grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=dots_per_mm / POINTS_PER_MM).to_pil().convert("L")


def dark_box(image: Image.Image) -> tuple[int, int, int, int]:
    """The smallest box around everything dark."""
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None, "nothing is printed here"
    return box
