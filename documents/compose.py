"""From a document to the blocks of a plain paper; docx and PDF print the same composition."""

from documents.model import (
    Addressee,
    ApprovalSheet,
    ApprovalStep,
    FileLine,
    Inventory,
    Journal,
    PrintForm,
    Receipt,
)
from documents.paper import Block, Column, Fields, Heading, Paper, Paragraph, Table
from documents.printable import Cell, shown
from language.dates import long_date
from language.grammar import Gender
from language.plural import DOCUMENT, FILE, counted
from language.typography import number_sign
from language.words import with_words

PlainDocument = PrintForm | Receipt | Journal | Inventory | ApprovalSheet


def compose(document: PlainDocument) -> Paper:
    """The paper of any document that is not a letter (a letter has a layout of its own)."""
    match document:
        case PrintForm():
            return print_form(document)
        case Receipt():
            return receipt(document)
        case Journal():
            return journal(document)
        case Inventory():
            return inventory(document)
        case ApprovalSheet():
            return approval_sheet(document)


def print_form(form: PrintForm) -> Paper:
    blocks: list[Block] = []
    if form.addressee:
        blocks.append(Paragraph(", ".join(_addressee(form.addressee)), indent=False))
    state: tuple[tuple[str, Cell], ...] = (("Состояние", form.state),) if form.state else ()
    blocks.append(Fields(state + form.fields))
    if form.files:
        blocks += [Heading("Файлы"), files_table(form.files)]
    for section in form.sections:
        blocks += [Heading(section.title), section.table]
    blocks += form.signatures
    return Paper(
        title=form.title,
        subtitle=_numbered(form.number, shown(form.registered_on)),
        organisation=form.organisation.name,
        blocks=tuple(blocks),
        made_at=form.made_at,
        footer=_footer(form.title, form.number),
        qr_url=form.qr_url,
        draft=form.draft,
    )


def receipt(paper: Receipt) -> Paper:
    facts: tuple[tuple[str, Cell], ...] = (
        ("Регистрационный номер", paper.number),
        ("Дата и время приёма", paper.registered_at),
        ("Документ", paper.document),
        ("Заявитель", paper.applicant),
        ("ИНН", paper.applicant_inn),
        ("Подал", paper.filed_by),
        ("Способ подачи", paper.channel),
        ("Срок рассмотрения", paper.due_on),
    )
    files: tuple[Block, ...] = (files_table(paper.files), Paragraph(_HASH_NOTE, indent=False, small=True))
    accepted = Paragraph(f"Принято: {counted(len(paper.files), FILE)}.", indent=False)
    return Paper(
        title="Квитанция о приёме документов",
        subtitle=_numbered(paper.number, shown(paper.registered_at.date())),
        organisation=paper.organisation.name,
        blocks=(Fields(facts), Heading("Принятые файлы"), accepted, *(files if paper.files else ())),
        made_at=paper.registered_at,
        footer=_footer("Квитанция", paper.number),
        qr_url=paper.qr_url,
        is_dated=False,  # the same receipt again, whenever it is downloaded
    )


_HASH_NOTE = (
    "Хеш-сумма SHA-256 однозначно определяет содержание файла: любое его изменение даёт другую сумму. "
    "Сверьте её с суммой своего файла."
)


def journal(paper: Journal) -> Paper:
    """The total is counted over the printed rows themselves, so it cannot disagree with the list."""
    totals: tuple[tuple[str, Cell], ...] = (("Всего записей", len(paper.rows)), *paper.totals)
    period = f"за период с {shown(paper.period_from)} по {shown(paper.period_to)}"
    blocks: list[Block] = [Table(paper.columns, paper.rows), Heading("Итого"), Fields(totals)]
    if paper.keeper:
        blocks.append(paper.keeper)
    return Paper(
        title=paper.title,
        subtitle=period,
        organisation=paper.organisation.name,
        blocks=tuple(blocks),
        made_at=paper.made_at,
        footer=f"{paper.title}, {period}",
        landscape=True,
    )


def inventory(paper: Inventory) -> Paper:
    columns = (
        Column("№ п/п", "integer", 13),
        Column("Индекс", "code", 33),
        Column("Дата", "date"),
        Column("Заголовок"),
        Column("Файл", width=48),
        Column("Хеш-сумма SHA-256", "hash"),
    )
    rows = [
        (number, line.index, line.dated_on, line.title, line.file, line.sha256)
        for number, line in enumerate(paper.lines, 1)
    ]
    count = with_words(len(rows), DOCUMENT, Gender.MASCULINE)
    facts: tuple[tuple[str, Cell], ...] = (("Дело", f"{paper.case_index} {paper.case_title}".strip()),)
    if paper.keep_for:
        facts += (("Срок хранения", paper.keep_for),)
    blocks: list[Block] = [
        Fields(facts),
        Table(columns, rows),
        Paragraph(f"В опись внесено: {count}.", indent=False),
    ]
    if paper.compiler:
        blocks.append(paper.compiler)
    return Paper(
        title="Внутренняя опись документов дела",
        subtitle=f"составлена {long_date(paper.made_at.date())}",
        organisation=paper.organisation.name,
        blocks=tuple(blocks),
        made_at=paper.made_at,
        footer=_footer("Опись дела", paper.case_index),
        landscape=True,
    )


def approval_sheet(paper: ApprovalSheet) -> Paper:
    columns = (
        Column("№", "integer", 10),
        Column("Этап", width=34),
        Column("Кто", width=58),
        Column("Версия", "integer", 17),
        Column("Поступило", "moment"),
        Column("Решено", "moment"),
        Column("Решение", width=32),
        Column("Замечания"),
    )
    rows = [_approval_row(number, step) for number, step in enumerate(paper.steps, 1)]
    return Paper(
        title="Лист согласования",
        subtitle=f"{paper.document} {_numbered(paper.number, shown(paper.registered_on))}".strip(),
        organisation=paper.organisation.name,
        blocks=(Table(columns, rows, empty="Согласование не начато."),),
        made_at=paper.made_at,
        footer=_footer("Лист согласования", paper.number),
        qr_url=paper.qr_url,
        landscape=True,
    )


def files_table(files: tuple[FileLine, ...]) -> Table:
    """Files with their digests; the signatures stand under the name of the file."""
    columns = (
        Column("№", "integer", 9),
        Column("Файл и подписи"),
        Column("Размер, байт", "integer", 22),
        Column("Хеш-сумма SHA-256", "hash"),
    )
    rows = [
        (number, "\n".join((line.name, *line.signatures)), line.size, line.sha256)
        for number, line in enumerate(files, 1)
    ]
    return Table(columns, rows)


def _approval_row(number: int, step: ApprovalStep) -> tuple[Cell, ...]:
    who = f"{step.person}\n{step.position}" if step.position else step.person
    remarks = "\n".join(step.remarks)
    return (number, step.stage, who, step.version, step.received_at, step.decided_at, step.decision, remarks)


def _addressee(to: Addressee) -> list[str]:
    return [part for part in (to.post, to.organisation, to.name, to.address) if part]


def _numbered(number: str, day: str) -> str:
    """«№ Вх-00042/26 от 20.11.2026»; whichever part exists."""
    return " ".join(
        part for part in (number_sign(number) if number else "", f"от {day}" if day else "") if part
    )


def _footer(title: str, number: str) -> str:
    return f"{title} {number_sign(number)}" if number else title
