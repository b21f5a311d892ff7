"""A list of members from Excel or CSV: found columns, read rows, and what is wrong with each (X-07)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import IO

import python_calamine

from records import identifiers
from records.errors import Invalid

from . import given_names

MOST_ROWS = 5000
MOST_BYTES = 10 * 2**20

TITLES: Mapping[str, str] = {
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "kpp": "КПП",
    "short_name": "Краткое наименование",
    "full_name": "Полное наименование",
    "register_number": "№ в реестре",
    "joined_on": "Дата вступления",
    "address": "Адрес",
    "email": "E-mail",
    "phone": "Телефон",
    "head_name": "ФИО руководителя",
    "head_position": "Должность руководителя",
}

_HEADERS: Mapping[str, str] = {
    "inn": r"инн",
    "ogrn": r"огрн(ип)?|огрн/огрнип",
    "kpp": r"кпп",
    "short_name": r"(краткое|сокращенное) наименование.*|наименование|организация|название|член сро",
    "full_name": r"полное наименование.*",
    "register_number": r"(№|номер)( в| по)? реестр[еу].*|(рег|реестровый|регистрационный).*номер.*|№ члена",
    "joined_on": r"дата (вступления|приема|регистрации).*",
    "address": r"(юридический )?адрес.*|место нахождения",
    "email": r"e-?mail.*|эл.* (почта|адрес).*|почта",
    "phone": r"тел.*",
    "head_name": r"фио.*|руководитель|(директор|представитель)( фио)?|фамилия.*",
    "head_position": r"должность.*",
}


def read(stream: IO[bytes], name: str) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Read a file into checked rows: `{line, values, problems}`. Raises Invalid when it is no such list."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Invalid({"file": ["Файл больше 10 МБ: разделите список на части."]})
    if not data:
        raise Invalid({"file": ["Файл пуст."]})
    table = _workbook(data) if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0" else _csv(data, name)
    position, columns = _header(table)
    rows = [
        (number, _values(row, columns))
        for number, row in enumerate(table[position + 1 :], position + 2)
        if any(str(cell).strip() for cell in row)
    ]
    if not rows:
        raise Invalid({"file": ["Под заголовком нет ни одной строки."]})
    if len(rows) > MOST_ROWS:
        raise Invalid({"file": [f"Строк больше {MOST_ROWS}: разделите список на части."]})
    return {key: str(table[position][index]) for key, index in columns.items()}, check(rows)


def _workbook(data: bytes) -> list[list[object]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [list(row) for row in book.get_sheet_by_index(0).to_python()]
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        raise Invalid(
            {"file": ["Книгу Excel прочитать не удалось. Сохраните её заново как .xlsx."]}
        ) from error


def _csv(data: bytes, name: str) -> list[list[object]]:
    if b"\x00" in data[:4096]:
        raise Invalid({"file": [f"«{name[:80]}» — не таблица. Нужен файл .xlsx или .csv."]})
    text = _decoded(data)
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise Invalid({"file": [f"CSV прочитать не удалось: {error}."]}) from error


def _decoded(data: bytes) -> str:
    """UTF-8, else the encoding in which Russian Excel saves CSV."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def _header(table: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    """The line of headings is the first of twenty that names the ИНН; headings may stand in any order."""
    for position, row in enumerate(table[:20]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(row):
            key = _column(str(cell))
            if key is not None:
                columns.setdefault(key, index)
        if "inn" in columns:
            missing = [TITLES[key] for key in ("short_name",) if key not in columns]
            if missing:
                raise Invalid({"file": [f"Не найдена графа «{missing[0]}»."]})
            return position, columns
    raise Invalid({"file": ["Не найдена графа «ИНН»: в первой строке таблицы должны быть заголовки."]})


def _column(heading: str) -> str | None:
    text = " ".join(heading.lower().replace("ё", "е").replace("*", "").split()).rstrip(":.")
    return next((key for key, pattern in _HEADERS.items() if re.fullmatch(pattern, text)), None)


def _values(row: Sequence[object], columns: Mapping[str, int]) -> dict[str, str]:
    return {key: _text(row[index]) if index < len(row) else "" for key, index in columns.items()}


def _text(cell: object) -> str:
    """A cell as typed: Excel turns an ИНН into a float and a date into a moment."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def check(rows: Iterable[tuple[int, dict[str, str]]]) -> list[dict[str, object]]:
    """Check every row, and that no ИНН stands twice in the list."""
    seen: dict[str, int] = {}
    found: list[dict[str, object]] = []
    for line, values in rows:
        problems = _mend(values)
        inn = values["inn"]
        if inn in seen and inn:
            problems.append(f"Этот ИНН уже есть в строке {seen[inn]}")
        seen.setdefault(inn, line)
        found.append({"line": line, "values": values, "problems": problems, "result": ""})
    return found


def _mend(values: dict[str, str]) -> list[str]:
    """Put requisites into the form they are stored in; returns what is wrong."""
    problems: list[str] = []
    kinds = {"inn": "inn", "kpp": "kpp", "email": "email", "phone": "phone"}
    if values.get("ogrn"):
        kinds["ogrn"] = "ogrnip" if len(values["ogrn"]) == 15 else "ogrn"
    for name, kind in kinds.items():
        if name == "inn" or values.get(name):
            values[name], problem = identifiers.accept(kind, values.get(name, ""))
            if problem is not None and not problem.is_warning:
                problems.append(str(problem))
    if not values.get("short_name"):
        problems.append("Не указано наименование")
    for name, limit in (("short_name", 300), ("full_name", 1000), ("address", 1000), ("register_number", 30)):
        if text := given_names.line_problem(values.get(name, ""), limit):
            problems.append(f"{TITLES[name]}: {text.lower()}")
    if values.get("joined_on") and parsed_day(values["joined_on"]) is None:
        problems.append(f"Дата вступления «{values['joined_on']}» не похожа на дату дд.мм.гггг")
    if values.get("head_name") and (text := given_names.name_problem(values["head_name"])):
        problems.append(f"ФИО руководителя: {text.lower()}")
    return problems


def parsed_day(text: str) -> date | None:
    """дд.мм.гггг or ISO."""
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None
