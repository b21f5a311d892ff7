"""Tables people send: xlsx or CSV in any of the usual encodings → rows of texts with their line numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zipfile import BadZipFile

from records.errors import Refused

MAX_ROWS = 200_000
ENCODINGS = ("utf-8-sig", "cp1251")


@dataclass(frozen=True)
class Line:
    """A row of the file: its number as the person sees it, and the cells by meaning."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True)
class Fault:
    """Why a row was not taken."""

    number: int
    text: str


class Unreadable(ValueError):
    """A cell that says nothing we know; the text is for the person."""


def read(content: bytes, name: str, columns: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    """Rows of a table whose head names the columns (`meaning → titles it may bear`).

    Raises Refused when it is no table, or the head lacks a column.
    """
    rows = _sheet(content) if content[:2] == b"PK" else _csv(content, name)
    head, first = _head(rows, columns)
    for number, row in enumerate(rows, first + 1):
        if number > MAX_ROWS:
            raise Refused(f"В файле больше {MAX_ROWS} строк: разделите его.")
        cells = {meaning: row[place] if place < len(row) else None for meaning, place in head.items()}
        if any(value not in (None, "") for value in cells.values()):
            yield Line(number, cells)


def _sheet(content: bytes) -> Iterator[Sequence[object]]:
    # Loaded with the first workbook someone sends: numpy and all, it would be a third of the program's start.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Refused("Книга Excel не читается: сохраните её заново в формате xlsx.") from error
    sheet = book.worksheets[0]
    return (tuple(row) for row in sheet.iter_rows(values_only=True))


def _csv(content: bytes, name: str) -> Iterator[Sequence[object]]:
    text = decoded(content)
    if "\0" in text:
        raise Refused(f"Файл «{name}» не таблица: нужен xlsx или CSV.")
    sample = text[:4000]
    mark = max(";\t,", key=sample.count)
    return iter(list(csv.reader(io.StringIO(text), delimiter=mark)))


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8 or windows-1251. Raises Refused when it is neither."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("Кодировка файла не распознана: сохраните его в UTF-8 или windows-1251.")


def _head(
    rows: Iterator[Sequence[object]], columns: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], int]:
    """Where each meaning stands; the head may be preceded by a few lines of a report's title."""
    wanted = {_plain(title): meaning for meaning, titles in columns.items() for title in titles}
    for number, row in enumerate(rows, 1):
        found = {wanted[_plain(cell)]: place for place, cell in enumerate(row) if _plain(cell) in wanted}
        if len(found) >= 2:
            return found, number
        if number >= 10:
            break
    names = ", ".join(f"«{titles[0]}»" for titles in columns.values())
    raise Refused(f"В первых строках нет заголовков граф. Ожидаются: {names}.")


def _plain(cell: object) -> str:
    return re.sub(r"[\s_.]+", " ", str(cell or "").casefold().replace("ё", "е")).strip()


def text(value: object) -> str:
    """A cell as text: a number keeps no «.0»."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value if value is not None else "").split())


def money(value: object) -> Decimal | None:
    """«до 90 млн», «1 234,56», 45000000.25; empty and «отсутствует» are None. Raises Unreadable."""
    said = text(value).casefold().replace("\u00a0", " ")
    if said in ("", "-", "—", "нет", "отсутствует"):
        return None
    scale = Decimal(1)
    for word, times in (("млрд", 10**9), ("млн", 10**6), ("тыс", 1000)):
        if word in said:
            scale = Decimal(times)
            said = said.split(word)[0]
    bare = re.sub(r"(не более|свыше|до|руб\.?|₽|\s)", "", said).replace(",", ".")
    try:
        amount = Decimal(bare) * scale
    except InvalidOperation:
        raise Unreadable(f"сумма «{text(value)}» не читается") from None
    if amount < 0 or not amount.is_finite() or amount >= 10**15 or amount != round(amount, 2):
        raise Unreadable(f"сумма «{text(value)}» не подходит")
    return amount.quantize(Decimal("0.01"))


def day(value: object) -> date | None:
    """A date of a sheet or a text дд.мм.гггг. Raises Unreadable."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    said = text(value)
    if not said:
        return None
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"):
        try:
            found = datetime.strptime(said, pattern).date()
        except ValueError:
            continue
        if 1990 <= found.year <= 2100:
            return found
    raise Unreadable(f"дата «{said}» не читается")
