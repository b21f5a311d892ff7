"""Does the signer act for the company: head, proxy, stranger (S-10, S-11)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from records import service
from records.database import db, gate, writing
from records.people import Organisation
from signatures import attorneys, intake, reports
from tests.signatures.conftest import head_owner
from tests.world import attach, draft

BODY = b"text of the paper"


def signed_by(authority, head, letter_with, owner):
    _record, file_id = letter_with(BODY)
    return intake.receive(head, file_id, authority.signer(owner).sign_cades(BODY))


@pytest.mark.requirement("S-10")
def test_a_right_signature_without_powers_is_an_outcome_of_its_own(authority, head, letter_with):
    somebody = head_owner(
        name="Прохожий Пётр Петрович", organization="", inn_legal="", ogrn="", inn="500100732260"
    )
    entry = signed_by(authority, head, letter_with, somebody)
    assert (entry.indication, entry.authority) == ("TOTAL_PASSED", "none")
    assert entry.authority_text.startswith("Подпись верна, полномочий нет")
    assert reports.mood(entry) == "unknown"


@pytest.mark.requirement("S-10", "S-09")
def test_a_certificate_of_another_company_gives_no_powers(authority, head, letter_with):
    other = head_owner(organization="АО «Лютик»", inn_legal="6732455543", ogrn="1236753544059")
    entry = signed_by(authority, head, letter_with, other)
    assert entry.authority == "none" and "Лютик" in entry.authority_text


@pytest.mark.requirement("S-10")
def test_a_former_head_of_the_company_has_no_powers(authority, head, letter_with, world):
    with writing(gate()):
        db.session.get(Organisation, world.company.id).head_name = "Иванов Иван Иванович"
        db.session.commit()
    entry = signed_by(authority, head, letter_with, head_owner(name="Бывший Олег Олегович"))
    assert entry.authority == "none" and "руководителем значится Иванов" in entry.authority_text


@pytest.mark.requirement("S-10")
def test_forged_numbers_in_the_names_open_nothing(authority, head, letter_with):
    name = "ООО «Ромашка» ИНН 7701677668"
    forged = head_owner(inn_legal="6732455543", ogrn="1236753544059", organization=name)
    assert signed_by(authority, head, letter_with, forged).authority == "none"


def proxy_of(head, clerk, **fields):
    values = {
        "person": "Петрова Мария Сергеевна",
        "issued_on": "2026-01-10",
        "valid_until": "2027-01-10",
        "powers": ["all"],
        **fields,
    }
    record = draft(head, "power_of_attorney", **values)
    attach(head, record, io.BytesIO(b"scan"), "scan.txt")
    service.act(head, record.id, "submit")
    return record


PERSONAL = {
    "name": "Петрова Мария Сергеевна",
    "organization": "",
    "inn_legal": "",
    "ogrn": "",
    "inn": "770123456703",
}


@pytest.mark.requirement("S-10", "S-01")
def test_a_proxy_signs_by_a_registered_power_of_attorney(authority, head, clerk, letter_with):
    record = proxy_of(head, clerk)
    before = signed_by(authority, head, letter_with, head_owner(**PERSONAL))
    assert before.authority == "none" and "не действует" in before.authority_text
    for verb in ("take", "activate"):
        moves = {m.verb for m in _moves(clerk, record.id)}
        if verb in moves:
            service.act(clerk, record.id, verb)
    after = signed_by(authority, head, letter_with, head_owner(**PERSONAL))
    assert after.authority == "authorised" and "по доверенности" in after.authority_text


def _moves(actor, record_id):
    from records import query

    return [m for m in query.actions(actor, query.get(actor, record_id)) if m.allowed]


@pytest.mark.requirement("S-10")
def test_a_proxy_for_extracts_does_not_sign_letters(authority, head, clerk, letter_with):
    record = proxy_of(head, clerk, powers=["extracts"])
    for verb in ("take", "activate"):
        if verb in {m.verb for m in _moves(clerk, record.id)}:
            service.act(clerk, record.id, verb)
    entry = signed_by(authority, head, letter_with, head_owner(**PERSONAL))
    assert entry.authority == "none" and "таких полномочий не даёт" in entry.authority_text


MCHD = """<?xml version="1.0" encoding="UTF-8"?>
<Доверенность xmlns="urn://x-artefacts/EMCHD_1" ВерсФорм="EMCHD_1"><Документ><Довер>
<СвДов НомДовер="3a7a6a1e-1c1b-4d6e-9a54-000000000001" ВнНомДовер="МЧД-7" ДатаВыдДовер="{since}"
СрокДейст="{until}"/>
<СвДоверит><Доверитель><РосОргДовер><СвРосОрг НаимОрг="ООО «Ромашка»" ИННЮЛ="7701677668"
ОГРН="1157777015945"/>
</РосОргДовер></Доверитель></СвДоверит>
<СвУпПред><Пред><СведФизЛ ИННФЛ="770123456703" СНИЛС="112-233-445 95"><ФИО Фамилия="Петрова" Имя="Мария"
 Отчество="Сергеевна"/></СведФизЛ></Пред></СвУпПред>
<СвПолн ТипПолн="0"><ТекстПолн>Подписывать документы в СРО</ТекстПолн></СвПолн>
</Довер></Документ></Доверенность>"""


@pytest.mark.requirement("S-11")
@pytest.mark.parametrize(
    ("since", "until", "outcome", "words"),
    [(-30, 30, "authorised", "по МЧД № МЧД-7"), (-60, -2, "none", "срок МЧД № МЧД-7 истёк")],
)
def test_a_machine_readable_power_is_read_and_its_term_kept(
    authority, head, letter_with, since, until, outcome, words
):
    day = authority.at.date()
    xml = MCHD.format(since=day + timedelta(days=since), until=day + timedelta(days=until)).encode()
    record, file_id = letter_with(BODY)
    powers = attach(head, record, io.BytesIO(xml), "mchd.xml")
    intake.receive(head, powers, authority.signer(head_owner()).sign_cades(xml))
    entry = intake.receive(head, file_id, authority.signer(head_owner(**PERSONAL)).sign_cades(BODY))
    assert entry.authority == outcome and words in entry.authority_text
    shown = dict(attorneys.shown(attorneys.read(_stored(powers))))
    assert shown["Номер"] == "МЧД-7" and "Петрова" in shown["Представитель"]


@pytest.mark.requirement("S-11")
def test_an_unsigned_machine_readable_power_gives_nothing(authority, head, letter_with):
    day = authority.at.date()
    xml = MCHD.format(since=day - timedelta(days=3), until=day + timedelta(days=3)).encode()
    record, file_id = letter_with(BODY)
    attach(head, record, io.BytesIO(xml), "mchd.xml")
    entry = intake.receive(head, file_id, authority.signer(head_owner(**PERSONAL)).sign_cades(BODY))
    assert entry.authority == "none" and "МЧД № МЧД-7" in entry.authority_text


def _stored(file_id):
    from records.model import StoredFile

    return db.session.get(StoredFile, file_id)
