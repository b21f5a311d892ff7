"""The wording of a letter's requisites (ГОСТ Р 7.0.97), the same in docx and in PDF."""

from documents.marks import SignatureMark
from documents.model import Addressee, Attachment, Letter, Organisation
from documents.paper import Signature
from documents.printable import clean, shown
from language.grammar import NBSP, Case
from language.names import initials_surname, surname_initials_in_case
from language.positions import decline_position
from language.typography import number_sign, typeset

_BLANK_DATE = "_" * 12
_BLANK_NUMBER = "_" * 16


def to_person(position: str, organisation: str, full_name: str, address: str = "") -> Addressee:
    """The addressee in the dative: «Генеральному директору ООО «Вега» Дубининой Н. А.»."""
    name = surname_initials_in_case(full_name, Case.DATIVE)
    return Addressee(decline_position(position, Case.DATIVE), organisation, name, address)


def signed_by(position: str, full_name: str, mark: SignatureMark | None = None) -> Signature:
    """The signature of an official: «Директор … С. П. Петров»."""
    return Signature(position, initials_surname(full_name), mark)


def reference_data(organisation: Organisation) -> list[str]:
    """«Справочные данные об организации»: post address, phone, e-mail, codes."""
    codes = f"{organisation.inn}/{organisation.kpp}" if organisation.kpp else organisation.inn
    code_name = "ИНН/КПП" if organisation.kpp else "ИНН"
    lines = (
        typeset(organisation.address),
        f"Тел.: {', '.join(organisation.phones)}" if organisation.phones else "",
        ", ".join(part for part in (organisation.email, organisation.site) if part),
        f"ОГРН{NBSP}{organisation.ogrn}" if organisation.ogrn else "",
        f"{code_name}{NBSP}{codes}" if codes else "",
    )
    return [clean(line) for line in lines if line]


def dated(letter: Letter) -> str:
    """Date and registration number; a draft shows the empty places of both."""
    day = shown(letter.registered_on) or _BLANK_DATE
    return f"{day} {number_sign(clean(letter.number) or _BLANK_NUMBER)}"


def reference(letter: Letter) -> str:
    """«На № 51-17 от 10.11.2026»: the letter that is answered."""
    if not letter.reference_number:
        return ""
    answered = f"На{NBSP}{number_sign(clean(letter.reference_number))}"
    return f"{answered} от{NBSP}{shown(letter.reference_on)}" if letter.reference_on else answered


def addressee(to: Addressee) -> list[str]:
    """Post, organisation, name, address, each from its own line."""
    return [clean(line) for line in (to.post, to.organisation, to.name, typeset(to.address)) if line]


def subject(letter: Letter) -> str:
    """The heading to the text, which has no full stop."""
    return clean(letter.heading).strip().removesuffix(".")


def attachments(letter: Letter) -> list[str]:
    """One attachment stands by itself, several are numbered."""
    described = [_described(item) for item in letter.attachments]
    if len(described) < 2:
        return described
    return [f"{number}. {text}" for number, text in enumerate(described, 1)]


def _described(item: Attachment) -> str:
    """«Устав на 12 л. в 1 экз.»; an electronic file has no sheets and no copies."""
    if item.sheets is None:
        return clean(item.title)
    return f"{clean(item.title)} на{NBSP}{item.sheets}{NBSP}л. в{NBSP}{item.copies}{NBSP}экз."


def executor(letter: Letter) -> list[str]:
    """The mark of who wrote the letter: name, phone, e-mail."""
    if letter.executor is None:
        return []
    author = letter.executor
    return [clean(part) for part in (author.name, author.phone, author.email) if part]
