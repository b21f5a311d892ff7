"""Documents against the bare libraries: the price of our types, cleaning and layout over doing it by hand.

CPU time of a child process each, with its own children: typst keeps what it has laid out, so a second run in
the same process would measure its memory and not its work.
"""

import importlib
import io
import os
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

ROWS, PEOPLE, REGISTER = 10_000, 5_000, 1_000
RUNS = 3
MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
COLUMNS = 20
HEAD = ("№", "Член СРО", "Представитель", "Основание", "Голос")
Row = dict[str, object]


def _list_row(number: int) -> tuple[object, ...]:
    day = date(2026, 1, 1) + timedelta(days=number % 365)
    return (
        number,
        f"ООО «СтройПроект-{number}»",
        f"{7700000000 + number:010d}",
        f"Договор № {number}-17",
        number * 1000.5,
        day,
        *[f"примечание {number % 50}"] * (COLUMNS - 6),
    )


def _person(number: int) -> tuple[str, ...]:
    return (
        str(number),
        f"Общество с ограниченной ответственностью «СтройПроект-{number}»",
        "Иванов Пётр Сергеевич",
        f"доверенность № {number}",
        "за" if number % 7 else "против",
    )


LIST = [_list_row(number) for number in range(ROWS)]
PERSONS = [_person(number) for number in range(1, PEOPLE + 1)]


def bare_xlsx() -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
    for place in range(COLUMNS):
        sheet.write_string(0, place, f"Поле {place}")
    for number, row in enumerate(LIST, 1):
        for place, value in enumerate(row):
            if place in (0, 4):
                sheet.write_number(number, place, value)
            elif place == 5:
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write_string(number, place, value)
    book.close()


def our_xlsx() -> None:
    from documents.printing import as_xlsx

    kinds = ["integer", "text", "text", "text", "number", "date", *["text"] * (COLUMNS - 6)]
    columns = [(f"Поле {place}", kind) for place, kind in enumerate(kinds)]
    as_xlsx("Список", columns, LIST, made_at=MADE_AT)  # type: ignore[arg-type]


def bare_docx() -> None:
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    table = document.add_table(rows=2, cols=len(HEAD))
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = name
    for cell in table.rows[1].cells:
        cell.text = "x"
    prototype = table.rows[1]._tr
    table._tbl.remove(prototype)
    for person in PERSONS:
        row = deepcopy(prototype)
        for element, value in zip(row.iter(qn("w:t")), person, strict=True):
            element.text = value
        table._tbl.append(row)
    document.save(io.BytesIO())


def template_docx() -> None:
    import docx
    from docxtpl import DocxTemplate

    document = docx.Document()
    table = document.add_table(rows=3, cols=len(HEAD))
    table.style = "Table Grid"
    table.rows[0].cells[0].text = "{%tr for p in people %}"
    for place, cell in enumerate(table.rows[1].cells):
        cell.text = f"{{{{ p[{place}] }}}}"
    table.rows[2].cells[0].text = "{%tr endfor %}"
    source = io.BytesIO()
    document.save(source)
    template = DocxTemplate(source)
    template.render({"people": PERSONS})
    template.save(io.BytesIO())


def our_docx() -> None:
    from documents.printing import as_docx

    as_docx(_protocol(PEOPLE))


def bare_typst() -> None:
    import typst

    def quoted(value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    cells = ",\n".join(", ".join(map(quoted, person)) for person in PERSONS[:REGISTER])
    heads = ", ".join(f"[{name}]" for name in HEAD)
    source = (
        '#set page(paper: "a4", margin: 15mm)\n#set text(font: "Liberation Serif", lang: "ru", size: 9pt)\n'
        f"= Протокол\n#table(columns: (auto, 1fr, auto, auto, auto), table.header({heads}),\n{cells})\n"
    )
    typst.compile(source.encode())


def our_pdf() -> None:
    from documents.printing import as_pdf

    as_pdf(_protocol(REGISTER))


def _protocol(count: int):  # type: ignore[no-untyped-def]
    from documents.paper import Column, Paper, Table

    columns = (Column("№", "integer"), Column("Член СРО"), *(Column(name, width=34) for name in HEAD[2:]))
    return Paper("Протокол", (Table(columns, PERSONS[:count]),), MADE_AT)


def _cost(work: Callable[[], None]) -> float:
    """CPU seconds of the work in a child process, the least of the runs."""
    return min(_one(work) for _ in range(RUNS))


def _one(work: Callable[[], None]) -> float:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{work.__name__} failed")
    return usage.ru_utime + usage.ru_stime


def _row(name: str, ours: float, reference: float, goal: float) -> Row:
    ratio = ours / reference
    return {
        "name": name,
        "value": round(ours, 3),
        "unit": "s CPU",
        "reference": round(reference, 3),
        "ratio": round(ratio, 3),
        "goal": f"<= {goal:g}x",
        "holds": ratio <= goal,
    }


def _load() -> None:
    """Both sides start with their libraries loaded, as a running process has them."""
    for name in (
        "docx",
        "docxtpl",
        "typst",
        "xlsxwriter",
        "documents.docx",
        "documents.pdf",
        "documents.xlsx",
    ):
        importlib.import_module(name)


def run() -> list[Row]:
    _load()
    docx_cost, pdf_cost = _cost(our_docx), _cost(our_pdf)
    rows = [
        _row("xlsx export 10k x 20 against bare xlsxwriter", _cost(our_xlsx), _cost(bare_xlsx), 1.25),
        _row("docx table of 5,000 against copied rows", docx_cost, _cost(bare_docx), 1.5),
        _row("docx table of 5,000 against docxtpl", docx_cost, _cost(template_docx), 0.6),
        _row("PDF register of 1,000 against bare typst", pdf_cost, _cost(bare_typst), 1.5),
    ]
    return rows


if __name__ == "__main__":
    import json

    print(json.dumps(run(), ensure_ascii=False, indent=1))
