"""МЧД, the machine-readable power of attorney (63-ФЗ, ст. 17.2): who, for whom, until when, with what powers.

The unified format EMCHD_1 and its relatives are read by local names: the same elements stand in the forms of
the tax service. The file is one more signed document: its signature is checked by the same verifier, and must
be that of the organisation that gives the powers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from lxml import etree

from signing.asn1 import Malformed
from signing.model import MOSCOW, CertificateFacts, Policy, Report, Revocation
from signing.trust import TrustStore
from signing.verification import verify
from signing.xades.parse import guarded_tree

FORMATS = ("EMCHD_1",)
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y")


@dataclass(frozen=True)
class Person:
    """A natural person as the power of attorney names him."""

    name: str
    inn: str | None
    snils: str | None
    position: str | None = None

    def is_same(self, facts: CertificateFacts) -> bool:
        """By СНИЛС and ИНН, whichever both sides have; never by the name."""
        pairs = [(self.snils, facts.snils), (self.inn, facts.inn)]
        known = [(own, other) for own, other in pairs if own and other]
        return bool(known) and all(own == other for own, other in known)


@dataclass(frozen=True)
class Power:
    """One power: the code of the classifier, or free words."""

    code: str | None
    title: str


@dataclass(frozen=True)
class Attorney:
    """What the file says; whether it is true is `verify_attorney`'s question."""

    number: str
    inner_number: str | None
    format: str
    issued_on: date
    expires_on: date
    may_redelegate: bool
    principal_name: str
    principal_inn: str | None
    principal_ogrn: str | None
    heads: tuple[Person, ...]
    representatives: tuple[Person, ...]
    powers: tuple[Power, ...]
    # More than one representative acts only together with the others.
    is_joint: bool = False
    warnings: tuple[str, ...] = ()

    def is_in_force(self, on: date) -> bool:
        """Both the first and the last day count (ГК РФ, ст. 186, 192)."""
        return self.issued_on <= on <= self.expires_on


@dataclass(frozen=True)
class AttorneyReport:
    """The file, its signature, and everything that speaks against relying on it."""

    attorney: Attorney
    signature: Report
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.reasons


def read_attorney(xml: bytes) -> Attorney:
    """Read the file; raises Malformed when it is not a power of attorney."""
    root = guarded_tree(xml)
    given = _one(root, "СвДов")
    issued, expires = (
        _date(given, "ДатаВыдДовер", "ДатаНач", "ДатаВыд"),
        _date(given, "СрокДейст", "ДатаОкон", "ДатаКон"),
    )
    name, inn, ogrn = _principal(root)
    form = root.get("ВерсФорм") or etree.QName(root).namespace or ""
    number = given.get("НомДовер")
    if not number:
        raise Malformed("в доверенности нет номера")
    powers = tuple(_powers(root))
    if not powers:
        raise Malformed("в доверенности нет полномочий")
    representatives = tuple(_people(_first(root, "СвУпПред")))
    if not representatives:
        raise Malformed("в доверенности нет представителя")
    authority = _first(root, "СвПолн")
    return Attorney(
        number=number,
        inner_number=given.get("ВнНомДовер"),
        format=form,
        issued_on=issued,
        expires_on=expires,
        may_redelegate=given.get("ПрПередов", "1") != "1",
        principal_name=name,
        principal_inn=inn,
        principal_ogrn=ogrn,
        heads=tuple(_people(_first(root, "ЛицоБезДов"))),
        representatives=representatives,
        powers=powers,
        is_joint=authority is not None and authority.get("ПрСовмПолн") == "1" and len(representatives) > 1,
        warnings=() if form in FORMATS else (f"формат доверенности не проверялся: {form or 'не указан'}",),
    )


def verify_attorney(
    xml: bytes,
    signature: bytes | None,
    trust: TrustStore,
    *,
    at: datetime,
    on: date | None = None,
    revocation: Revocation = Revocation(),  # noqa: B008 - immutable
    policy: Policy | None = None,
    zone: tzinfo = MOSCOW,
) -> AttorneyReport:
    """Check the file and its signature (None: the signature is inside). `on`: the day the powers are used."""
    attorney = read_attorney(xml)
    if signature is None:
        report = verify(xml, None, trust, at=at, revocation=revocation, policy=policy)
    else:
        report = verify(signature, xml, trust, at=at, revocation=revocation, policy=policy)
    day = on or at.astimezone(zone).date()
    return AttorneyReport(attorney, report, tuple(_reasons(attorney, report, day)))


def _reasons(attorney: Attorney, report: Report, day: date) -> Iterator[str]:
    if not report.passed:
        yield f"Подпись доверенности: {report.text}."
    yield from _term(attorney, day)
    givers = [item.certificate for item in report.signers if item.certificate is not None]
    if report.passed and not any(_may_give(attorney, facts) for facts in givers):
        yield "Доверенность подписана не доверителем: ИНН в сертификате и в доверенности различаются."


def _term(attorney: Attorney, day: date) -> Iterator[str]:
    if day < attorney.issued_on:
        yield f"Доверенность действует с {attorney.issued_on:%d.%m.%Y}."
    if day > attorney.expires_on:
        yield f"Срок доверенности истёк {attorney.expires_on:%d.%m.%Y}."


def _may_give(attorney: Attorney, facts: CertificateFacts) -> bool:
    """The organisation's own certificate (the head's or the seal), or the entrepreneur himself."""
    if attorney.principal_inn is None:
        return False
    if len(attorney.principal_inn) == 10:
        is_of_organisation = facts.inn_legal == attorney.principal_inn
        is_ogrn = not (facts.ogrn and attorney.principal_ogrn) or facts.ogrn == attorney.principal_ogrn
        return is_of_organisation and is_ogrn
    return facts.inn == attorney.principal_inn


def objections(
    attorney: Attorney, signer: CertificateFacts, *, on: date, powers: Collection[str] = ()
) -> list[str]:
    """Why this signer may not act by this power of attorney; empty when he may.

    `powers`: codes, any one of which suffices; none: any power will do.
    """
    found = list(_term(attorney, on))
    if not any(person.is_same(signer) for person in attorney.representatives):
        found.append("Подписант не назван в доверенности: СНИЛС и ИНН не совпадают.")
    if attorney.is_joint:
        found.append("Представители действуют только совместно: нужна подпись каждого.")
    codes = {power.code for power in attorney.powers}
    if powers and codes.isdisjoint(powers):
        found.append("В доверенности нет нужного полномочия.")
    return found


def _local(root: Any, name: str) -> Iterator[Any]:
    return (item for item in root.iter(etree.Element) if etree.QName(item).localname == name)


def _first(root: Any, name: str) -> Any:
    return next(_local(root, name), None)


def _one(root: Any, name: str) -> Any:
    found = list(_local(root, name))
    if len(found) != 1:
        raise Malformed(f"в доверенности должен быть один элемент {name}")
    return found[0]


def _date(element: Any, *names: str) -> date:
    for name in names:
        text = element.get(name)
        if not text:
            continue
        for form in _DATE_FORMS:
            try:
                # A date of a document has no time zone.
                return datetime.strptime(text.strip(), form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        raise Malformed(f"дата доверенности не читается: {name}")
    raise Malformed(f"в доверенности нет даты: {names[0]}")


def _principal(root: Any) -> tuple[str, str | None, str | None]:
    organisation = _first(root, "СвРосОрг")
    if organisation is not None:
        return (
            organisation.get("НаимОрг", ""),
            _digits(organisation.get("ИННЮЛ")),
            _digits(organisation.get("ОГРН")),
        )
    entrepreneur = _first(root, "СвИП")
    if entrepreneur is not None:
        name = entrepreneur.get("НаимИП") or _name(entrepreneur)
        return name, _digits(entrepreneur.get("ИННФЛ")), _digits(entrepreneur.get("ОГРНИП"))
    raise Malformed("в доверенности нет доверителя")


def _people(root: Any) -> Iterator[Person]:
    if root is None:
        return
    for item in root.iter(etree.Element):
        if item.get("ИННФЛ") or item.get("СНИЛС"):
            inn, snils = _digits(item.get("ИННФЛ")), _digits(item.get("СНИЛС"))
            holder = item if _first(item, "ФИО") is not None else item.getparent()
            yield Person(_name(holder), inn, snils, item.get("Должность"))


def _name(holder: Any) -> str:
    found = _first(holder, "ФИО")
    if found is None:
        return ""
    return " ".join(filter(None, (found.get(part) for part in ("Фамилия", "Имя", "Отчество"))))


def _powers(root: Any) -> Iterator[Power]:
    for item in _local(root, "МашПолн"):
        yield Power(item.get("КодПолн"), item.get("НаимПолн") or item.get("КодПолн") or "")
    for item in _local(root, "ТекстПолн"):
        text = (item.get("ТекстПолн") or "".join(item.itertext())).strip()
        if text:
            yield Power(None, text)


def _digits(value: str | None) -> str | None:
    """Numbers come with dashes and blanks: «123-456-789 64»."""
    found = "".join(sign for sign in value or "" if sign.isdigit())
    return found or None
