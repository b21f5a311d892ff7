"""The papers the office prints, as values; every word is already decided, only the layout is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from documents.marks import SignatureMark
from documents.paper import Column, Fields, Items, Paragraph, Signature, Table
from documents.printable import Cell


@dataclass(frozen=True)
class Organisation:
    """The author of a letter: name and reference data of the letterhead."""

    full_name: str
    short_name: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    site: str = ""
    ogrn: str = ""
    inn: str = ""
    kpp: str = ""
    emblem: bytes | None = None  # PNG or JPEG; the state emblem is not allowed here

    @property
    def name(self) -> str:
        return self.short_name or self.full_name


@dataclass(frozen=True)
class Addressee:
    """To whom: post and organisation («Генеральному директору ООО «Вега»»), name, address; in the dative."""

    post: str = ""
    organisation: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Attachment:
    """«Приложение: Устав на 12 л. в 1 экз.»"""

    title: str
    sheets: int | None = None
    copies: int = 1


@dataclass(frozen=True)
class Executor:
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Letter:
    """An outgoing letter with the requisites of ГОСТ Р 7.0.97."""

    organisation: Organisation
    made_at: datetime
    addressees: tuple[Addressee, ...]
    heading: str  # «О предоставлении сведений», without a full stop
    body: tuple[Paragraph | Items | Table, ...]
    signature: Signature
    number: str = ""
    registered_on: date | None = None
    reference_number: str = ""
    reference_on: date | None = None
    salutation: str = ""
    attachments: tuple[Attachment, ...] = ()
    executor: Executor | None = None
    qr_url: str = ""
    draft: bool = False


@dataclass(frozen=True)
class FileLine:
    """A file as a paper names it: by its digest, which anyone can compute again."""

    name: str
    size: int
    sha256: str
    signatures: tuple[str, ...] = ()  # «УКЭП: Иванов И. И., проверена 20.11.2026»


@dataclass(frozen=True)
class Section:
    """A titled table of a card: links, remarks, history."""

    title: str
    table: Table


@dataclass(frozen=True)
class PrintForm:
    """The print form of a record: an application, a report, a card of registration."""

    title: str
    made_at: datetime
    organisation: Organisation
    fields: tuple[tuple[str, Cell], ...]
    number: str = ""
    registered_on: date | None = None
    state: str = ""
    addressee: Addressee | None = None
    files: tuple[FileLine, ...] = ()
    sections: tuple[Section, ...] = ()
    signatures: tuple[Signature, ...] = ()
    qr_url: str = ""
    draft: bool = False


@dataclass(frozen=True)
class Receipt:
    """Proof of filing for the member: number, moment, digests of the files."""

    organisation: Organisation
    number: str
    registered_at: datetime
    document: str
    applicant: str
    applicant_inn: str
    filed_by: str
    files: tuple[FileLine, ...]
    channel: str = ""
    due_on: date | None = None
    qr_url: str = ""


@dataclass(frozen=True)
class Journal:
    """A registration journal for a period; one row a document, annulled ones stay in it."""

    title: str
    organisation: Organisation
    period_from: date
    period_to: date
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    made_at: datetime
    totals: tuple[tuple[str, Cell], ...] = ()
    keeper: Signature | None = None


@dataclass(frozen=True)
class InventoryLine:
    index: str
    dated_on: date | None
    title: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Inventory:
    """The inner inventory of a case: what lies in it, with the digest of every file."""

    organisation: Organisation
    case_index: str
    case_title: str
    lines: Sequence[InventoryLine]
    made_at: datetime
    keep_for: str = ""
    compiler: Signature | None = None


@dataclass(frozen=True)
class ApprovalStep:
    stage: str
    person: str
    position: str
    version: int
    received_at: datetime | None
    decided_at: datetime | None
    decision: str  # «Согласовано», «Возвращено», «На рассмотрении»
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApprovalSheet:
    """Who agreed to what: every step, version and person with the decision and the remarks."""

    organisation: Organisation
    document: str
    steps: tuple[ApprovalStep, ...]
    made_at: datetime
    number: str = ""
    registered_on: date | None = None
    qr_url: str = ""


@dataclass(frozen=True)
class Label:
    """The sticker of a paper original: our number, a bar code the scanner types, the shelf."""

    organisation: str
    number: str
    registered_on: date
    code: str  # Latin letters and digits only: Code 128 has no Cyrillic
    place: str = ""
    qr_url: str = ""
    width_mm: float = 58.0
    height_mm: float = 40.0


Document = Letter | PrintForm | Receipt | Journal | Inventory | ApprovalSheet
__all__ = [
    "Addressee",
    "ApprovalSheet",
    "ApprovalStep",
    "Attachment",
    "Column",
    "Document",
    "Executor",
    "Fields",
    "FileLine",
    "Inventory",
    "InventoryLine",
    "Items",
    "Journal",
    "Label",
    "Letter",
    "Organisation",
    "Paragraph",
    "PrintForm",
    "Receipt",
    "Section",
    "Signature",
    "SignatureMark",
    "Table",
]
