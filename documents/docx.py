"""Word files of every paper: the same compositions as in PDF, with the requisites of ГОСТ Р 7.0.97."""

import io
from collections.abc import Sequence

from docx.document import Document as WordFile
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from documents import letters
from documents.compose import compose
from documents.docx_parts import add_field, add_table, new_document, pin_to_bottom, save, set_page
from documents.marks import QualifiedMark, SignatureMark, details, headline
from documents.model import Document, Letter, Organisation
from documents.paper import Block, Fields, Heading, Items, Paper, Paragraph, Signature, Table, widths
from documents.printable import clean, shown
from documents.qr import qr_png

LETTER_SIZE, PAPER_SIZE = 13.0, 11.0
LETTER_WIDTH = 175.0
_GREY = RGBColor(0x46, 0x46, 0x46)
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FRAME = "".join(
    f'<w:{edge} w:val="single" w:sz="6" w:space="0" w:color="3C3C3C"/>'
    for edge in ("top", "left", "bottom", "right")
)
_RULES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="6E6E6E"/>' for edge in ("bottom", "insideH")
)


def render(document: Document | Paper) -> bytes:
    """The document as a docx file."""
    match document:
        case Letter():
            return _letter(document)
        case Paper():
            return _paper(document)
        case _:
            return _paper(compose(document))


def _paper(paper: Paper) -> bytes:
    word = new_document(PAPER_SIZE)
    set_page(word, landscape=paper.landscape)
    _paper_feet(word, paper)
    _line(word, paper.organisation, align="center", size=10)
    title = _line(word, paper.title, align="center", size=14, bold=True)
    title.paragraph_format.space_before = Pt(6)
    _line(word, paper.subtitle, align="center").paragraph_format.space_after = Pt(8)
    for block in paper.blocks:
        _add(word, block, paper.width)
    return save(word, title=clean(paper.title), author=clean(paper.organisation), made_at=paper.made_at)


def _paper_feet(word: WordFile, paper: Paper) -> None:
    """«Страница X из Y» on every page; the code in the lower right corner of the first one."""
    section = word.sections[0]
    if paper.draft:
        _draft_line(section.header.paragraphs[0])
    _page_line(section.footer.paragraphs[0], paper)
    if not paper.qr_url:
        return
    section.different_first_page_header_footer = True
    if paper.draft:
        _draft_line(section.first_page_header.paragraphs[0])
    code = section.first_page_footer.paragraphs[0]
    _put_code(code, paper.qr_url, caption=True)
    _page_line(section.first_page_footer.add_paragraph(), paper)


def _page_line(paragraph: WordParagraph, paper: Paper) -> None:
    paragraph.style = "Veche Foot"
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(paper.width), WD_TAB_ALIGNMENT.RIGHT)
    made = f" · Сформировано {shown(paper.made_at)}" if paper.is_dated else ""
    paragraph.add_run(f"{clean(paper.footer)}{made}\tСтраница ")
    add_field(paragraph, "PAGE")
    paragraph.add_run(" из ")
    add_field(paragraph, "NUMPAGES")


def _draft_line(paragraph: WordParagraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run("ПРОЕКТ")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(14), _GREY


def _put_code(paragraph: WordParagraph, url: str, *, caption: bool) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.style = "Veche Foot"
    if caption:
        paragraph.add_run(f"Проверить документ: {clean(url)}   ")
    paragraph.add_run().add_picture(io.BytesIO(qr_png(url)), width=Mm(22))


def _letter(letter: Letter) -> bytes:
    word = new_document(LETTER_SIZE)
    set_page(word, landscape=False, right_mm=15)
    _letter_feet(word, letter)
    corner, right = _bare_row(word, (80.0, 95.0))
    _letterhead(corner, letter)
    _addressees(right, letter)
    subject = _line(word, letters.subject(letter))
    subject.paragraph_format.space_before = Pt(18)
    subject.paragraph_format.right_indent = Mm(LETTER_WIDTH - 85)
    _salutation(word, letter)
    for block in letter.body:
        _add(word, block, LETTER_WIDTH, cells="VecheLetterCell")
    _attachments(word, letter)
    _signature(word, letter.signature, LETTER_WIDTH)
    _executor(word, letter)
    return save(
        word, title=letters.subject(letter), author=clean(letter.organisation.name), made_at=letter.made_at
    )


def _letter_feet(word: WordFile, letter: Letter) -> None:
    """Pages are numbered from the second, in the middle of the upper margin."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(number, "PAGE")
    if letter.draft:
        _draft_line(section.first_page_header.paragraphs[0])
        _draft_line(section.header.add_paragraph())
    if letter.qr_url:
        _put_code(section.first_page_footer.paragraphs[0], letter.qr_url, caption=False)


def _letterhead(cell: _Cell, letter: Letter) -> None:
    organisation: Organisation = letter.organisation
    if organisation.emblem:
        picture = _cell_line(cell, "", align="center")
        picture.add_run().add_picture(io.BytesIO(organisation.emblem), height=Mm(17))
    _cell_line(cell, organisation.full_name, align="center", bold=True, size=11)
    if organisation.short_name:
        _cell_line(cell, f"({organisation.short_name})", align="center")
    for line in letters.reference_data(organisation):
        _cell_line(cell, line, align="center")
    number = _cell_line(cell, letters.dated(letter), size=12)
    number.paragraph_format.space_before = Pt(10)
    if letters.reference(letter):
        _cell_line(cell, letters.reference(letter), size=12)


def _addressees(cell: _Cell, letter: Letter) -> None:
    for to in letter.addressees:
        for order, line in enumerate(letters.addressee(to)):
            paragraph = _cell_line(cell, line, size=LETTER_SIZE)
            paragraph.paragraph_format.left_indent = Mm(12)
            paragraph.paragraph_format.space_before = Pt(0 if order else 14)


def _salutation(word: WordFile, letter: Letter) -> None:
    paragraph = _line(word, letter.salutation, align="center")
    paragraph.paragraph_format.space_before = Pt(18)
    paragraph.paragraph_format.space_after = Pt(8)


def _attachments(word: WordFile, letter: Letter) -> None:
    lines = letters.attachments(letter)
    if not lines:
        return
    for order, line in enumerate(lines):
        paragraph = word.add_paragraph(f"\t{line}" if order else f"Приложение:\t{line}")
        paragraph.paragraph_format.space_before = Pt(0 if order else 16)
        _hanging(paragraph, 30)


def _executor(word: WordFile, letter: Letter) -> None:
    lines = letters.executor(letter)
    if lines:
        paragraph = word.add_paragraph("\n".join(lines), style="Veche Small")
        pin_to_bottom(paragraph, 100)


def _add(word: WordFile, block: Block, width: float, *, cells: str = "VecheCell") -> None:
    match block:
        case Heading(text):
            heading = _line(word, text, bold=True)
            heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(6)
            heading.paragraph_format.keep_with_next = True
        case Paragraph():
            _paragraph(word, block)
        case Items(items, numbered):
            for number, item in enumerate(items, 1):
                _item(word, f"{number})" if numbered else "–", item)
        case Fields():
            _fields(word, block, width)
        case Table():
            _table(word, block, width, cells)
        case Signature():
            _signature(word, block, width)


def _paragraph(word: WordFile, block: Paragraph) -> None:
    paragraph = word.add_paragraph(style="Veche Small" if block.small else "Normal")
    paragraph.add_run(clean(block.text)).bold = block.bold or None
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.space_after = Pt(4)
    if block.indent:
        paragraph.paragraph_format.first_line_indent = Mm(12.5)


def _item(word: WordFile, sign: str, text: str) -> None:
    paragraph = word.add_paragraph(f"{sign}\t{clean(text)}")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.left_indent = Mm(20.5)
    paragraph.paragraph_format.first_line_indent = Mm(-8)


def _fields(word: WordFile, block: Fields, width: float) -> None:
    """Read as «name – value» lines under hair rules; the rules are those of the paragraphs' cells."""
    table = _bare_table(word, len(block.rows), (width * 0.32, width * 0.68), ruled=True)
    cells = table._cells  # all at once: asking row by row lists every cell anew
    for number, (name, value) in enumerate(block.rows):
        left = _cell_line(cells[2 * number], name, size=PAPER_SIZE)
        left.runs[0].font.color.rgb = _GREY
        right = _cell_line(cells[2 * number + 1], shown(value) or "–", size=PAPER_SIZE)
        for paragraph in (left, right):
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2.5)


def _table(word: WordFile, block: Table, width: float, style: str) -> None:
    _gap(word)
    add_table(word, block.columns, widths(block.columns, width), block.rows, style=style)
    if block.rows:
        _gap(word)  # Word wants a paragraph between two tables
    else:
        _line(word, block.empty)


def _signature(word: WordFile, block: Signature, width: float) -> None:
    gap = _gap(word)
    gap.paragraph_format.space_before, gap.paragraph_format.keep_with_next = Pt(14), True
    post, middle, name = _bare_row(word, (width - 122, 77, 45))
    for cell in (post, middle, name):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
    _cell_line(post, block.position, size=None)
    _mark(middle, block.mark)
    _cell_line(name, block.name, align="right", size=None)


def _mark(cell: _Cell, mark: SignatureMark | None) -> None:
    """The frame of a qualified signature is the border of its cell; a simple signature is a plain line."""
    if mark is None:
        return
    if isinstance(mark, QualifiedMark):
        width = cell._tc.get_or_add_tcPr().get_or_add_tcW()
        width.addnext(parse_xml(f"<w:tcBorders {nsdecls('w')}>{_FRAME}</w:tcBorders>"))
    for line in headline(mark):
        _cell_line(cell, line, align="center", bold=True, size=8.5, style="Veche Mark")
    for line in details(mark):
        # A serial number of forty digits must stay on its line.
        is_long_serial = isinstance(mark, QualifiedMark) and len(line) > 46 and line.count(" ") == 1
        _cell_line(cell, line, align="center", size=6.5 if is_long_serial else 7.5, style="Veche Mark")


def _bare_row(word: WordFile, sizes: Sequence[float]) -> Sequence[_Cell]:
    """Cells side by side without rules, kept on one page."""
    row = _bare_table(word, 1, sizes).rows[0]
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    return list(row.cells)


def _bare_table(word: WordFile, rows: int, sizes: Sequence[float], *, ruled: bool = False) -> WordTable:
    """Cells without frames and side margins, so that their text keeps to the edges of the page's text."""
    table: WordTable = word.add_table(rows=rows, cols=len(sizes))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    properties = table._tbl.tblPr
    rules = f"<w:tblBorders {nsdecls('w')}>{_RULES}</w:tblBorders>"
    margins = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    layout = properties.find(qn("w:tblLayout"))
    layout.addnext(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))
    if ruled:
        layout.addprevious(parse_xml(rules))
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = Mm(size)
    for number, cell in enumerate(table._cells):
        cell.width = Mm(sizes[number % len(sizes)])
    return table


def _line(
    word: WordFile, text: str, *, align: str = "left", size: float | None = None, bold: bool = False
) -> WordParagraph:
    return _styled(word.add_paragraph(), text, align, size, bold)


def _cell_line(
    cell: _Cell,
    text: str,
    *,
    align: str = "left",
    size: float | None = 10,
    bold: bool = False,
    style: str = "Normal",
) -> WordParagraph:
    """The first line of a cell uses the paragraph that every cell has."""
    first = cell.paragraphs[0]
    is_untouched = len(cell.paragraphs) == 1 and not first.runs
    paragraph = first if is_untouched else cell.add_paragraph()
    paragraph.style = style
    return _styled(paragraph, text, align, size, bold)


def _styled(paragraph: WordParagraph, text: str, align: str, size: float | None, bold: bool) -> WordParagraph:
    run = paragraph.add_run(clean(text))
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = _ALIGN[align]
    return paragraph


def _hanging(paragraph: WordParagraph, indent_mm: float) -> None:
    paragraph.paragraph_format.left_indent = Mm(indent_mm)
    paragraph.paragraph_format.first_line_indent = Mm(-indent_mm)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(indent_mm))


def _gap(word: WordFile) -> WordParagraph:
    return word.add_paragraph(style="Veche Gap")
