"""Word parts that python-docx has no words for: fields, frames, fast tables, the same bytes every time."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from lxml import etree

from documents.paper import Column
from documents.printable import CENTRED, RIGHT_ALIGNED, Cell, Kind, clean, shown

SERIF, SANS, MONO = "Times New Roman", "Arial", "Courier New"
TWIPS_PER_MM = 1440 / 25.4
_CELL_MARGIN = 70  # twips; a table is pushed right by it, otherwise its rule stands outside the text
_TEXT = "{text}"  # where the words of a cell go
_LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_WAITING = "rows"
_BODY = "word/document.xml"
_COMPRESSION = 3  # twice as fast as the usual level for a file a tenth larger
_WAITING_ROWS = re.compile(rb"<\?rows (.*?)\?>", re.DOTALL)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day

# Name, typeface, size in points, bold.
_STYLES = (
    ("Veche Cell", SERIF, 9.0, False),
    ("Veche Letter Cell", SERIF, 11.0, False),
    ("Veche Gap", SERIF, 5.0, False),
    ("Veche Head", SERIF, 9.0, True),
    ("Veche Hash", MONO, 6.5, False),
    ("Veche Small", SERIF, 9.0, False),
    ("Veche Foot", SERIF, 8.0, False),
    ("Veche Mark", SANS, 7.5, False),
    ("Veche Letterhead", SERIF, 10.0, False),
)


def new_document(size: float) -> Document:
    """An empty Russian A4 document whose plain text has the given size in points."""
    document = docx.Document()
    _drop_thumbnail(document)
    _hyphenate(document)
    normal = document.styles["Normal"]
    _set_font(normal, SERIF, size)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    normal.element.get_or_add_rPr().append(language)
    for name, font, points, bold in _STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_font(style, font, points)
        style.font.bold = bold
    return document


def set_page(document: Document, *, landscape: bool, right_mm: float = 10) -> None:
    section = document.sections[0]
    long_side, short_side = Mm(297), Mm(210)
    section.page_width, section.page_height = (
        (long_side, short_side) if landscape else (short_side, long_side)
    )
    section.left_margin = Mm(10 if landscape else 20)
    section.right_margin = Mm(right_mm)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18 if landscape else 20)
    section.header_distance = section.footer_distance = Mm(9)
    if landscape:
        section._sectPr.find(qn("w:pgSz")).set(qn("w:orient"), "landscape")


def save(document: Document, *, title: str, author: str, made_at: datetime) -> bytes:
    """The file; the same document gives the same bytes, so that its digest may be kept."""
    stamp = made_at.astimezone(UTC) if made_at.tzinfo else made_at
    core = document.core_properties
    core.title, core.author, core.last_modified_by = title[:255], author[:255], author[:255]
    core.created = core.modified = stamp.replace(tzinfo=None, microsecond=0)
    core.comments, core.language, core.revision = "", "ru-RU", 1
    raw = io.BytesIO()
    document.save(raw)
    return _without_clock(raw)


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """A number the program counts itself: PAGE, NUMPAGES."""
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    paragraph._p.append(field)


def pin_to_bottom(paragraph: Paragraph, width_mm: float) -> None:
    """Put the paragraph into the lower left corner of its page."""
    frame = OxmlElement("w:framePr")
    width = str(round(width_mm * TWIPS_PER_MM))
    places = {
        "w": width,
        "wrap": "around",
        "vAnchor": "margin",
        "hAnchor": "margin",
        "xAlign": "left",
        "yAlign": "bottom",
    }
    for name, value in places.items():
        frame.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(
        frame, "w:widowControl", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def add_table(
    document: Document,
    columns: Sequence[Column],
    sizes: Sequence[float],
    rows: Iterable[Sequence[Cell]],
    *,
    style: str = "VecheCell",
) -> None:
    """A ruled table with a repeated header.

    The rows of a large table are written as text and join the file when it is saved: a tree of a hundred
    thousand elements costs more than all the rest of a protocol. Until then they wait in an instruction of
    XML, whose end sign cannot occur in them, because `>` inside a value is escaped.
    """
    table = parse_xml(_table_xml(columns, sizes))
    document.element.body.insert_element_before(table, "w:sectPr")
    cells = [_cell_parts(column, size, style) for column, size in zip(columns, sizes, strict=True)]
    kinds = [column.kind for column in columns]
    lines = (_row_xml(row, kinds, cells) for row in rows)
    table.append(etree.ProcessingInstruction(_WAITING, "".join(lines)))


def _row_xml(row: Sequence[Cell], kinds: Sequence[Kind], cells: Sequence[tuple[str, str]]) -> str:
    parts = ["<w:tr>"]
    for value, kind, (before, after) in zip(row, kinds, cells, strict=True):
        text = escape(shown(value, kind))
        parts += (before, text if "\n" not in text else text.replace("\n", _LINE_BREAK), after)
    parts.append("</w:tr>")
    return "".join(parts)


def _cell_parts(column: Column, size: float, style: str) -> tuple[str, str]:
    """What stands before and after the text of every cell of the column."""
    look = "VecheHash" if column.kind == "hash" else style
    before, after = _cell_xml(_twips(size), look, _align(column.kind)).split(_TEXT)
    return before, after


def _table_xml(columns: Sequence[Column], sizes: Sequence[float]) -> str:
    widths = [_twips(size) for size in sizes]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="6E6E6E"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(
        _cell_xml(width, "VecheHead", "center", shade=True).replace(_TEXT, escape(clean(column.title)))
        for width, column in zip(widths, columns, strict=True)
    ).replace("\n", _LINE_BREAK)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblInd w:w="{_CELL_MARGIN}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="{_CELL_MARGIN}" w:type="dxa"/>'
        f'<w:bottom w:w="40" w:type="dxa"/><w:right w:w="{_CELL_MARGIN}" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr></w:tbl>"
    )


def _cell_xml(width: int, style: str, align: str, *, shade: bool = False) -> str:
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="F0F0F0"/>' if shade else ""
    side = "" if align == "left" else f'<w:jc w:val="{align}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{_TEXT}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)


def _align(kind: Kind) -> str:
    if kind in RIGHT_ALIGNED:
        return "right"
    return "center" if kind in CENTRED else "left"


def _set_font(style: Any, name: str, points: float) -> None:
    style.font.name, style.font.size = name, Pt(points)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def _hyphenate(document: Document) -> None:
    """Russian words are long and columns narrow; Word wants the setting in its place in the sequence."""
    settings = document.settings.element
    settings.find(qn("w:defaultTabStop")).addnext(OxmlElement("w:autoHyphenation"))


def _drop_thumbnail(document: Document) -> None:
    """The template carries a picture of itself, which file managers would show for every letter."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def _without_clock(raw: io.BytesIO) -> bytes:
    """The same zip with a fixed time on every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type, member.external_attr, member.create_system = (
                zipfile.ZIP_DEFLATED,
                0o600 << 16,
                3,
            )
            part = source.read(name)
            if name == _BODY:
                part = _WAITING_ROWS.sub(rb"\1", part)
            target.writestr(member, part, compresslevel=_COMPRESSION)
    return out.getvalue()
