"""МЧД: parties, powers and term are read; an expired or another's power of attorney is refused."""

from __future__ import annotations

from datetime import date

import pytest

from signing import certificate_facts
from signing.asn1 import Malformed
from signing.attorney import Power, objections, read_attorney, verify_attorney
from tests.signing.authority import INN, INN_LEGAL, NOW, SNILS

ORGANISATION = "7799200011"


def power_of_attorney(
    *, until: str = "2027-10-31", inn: str = ORGANISATION, joint: str = "0", more: str = ""
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Доверенность xmlns="urn://x-artefacts/EMCHD_1" ВерсФорм="EMCHD_1" ПрЭлФорм="00000000" ИдФайл="ON_EMCHD_1">
 <Документ><Довер>
  <СвДов ВидДовер="1" ПрПередов="1" ВнНомДовер="МЧД-17" НомДовер="4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
         ДатаВыдДовер="2026-09-01" СрокДейст="{until}"/>
  <СвДоверит ТипДоверит="1"><Доверит><РосОргДовер>
   <СвРосОрг НаимОрг="ООО «Учебный подрядчик»" ИННЮЛ="{inn}" КПП="779901001" ОГРН="1027799200010"/>
   <ЛицоБезДов><СвФЛ ИННФЛ="779912000110" СНИЛС="999-020-001 25" Должность="Генеральный директор">
    <СведФЛ><ФИО Фамилия="Иванов" Имя="Иван" Отчество="Иванович"/></СведФЛ></СвФЛ></ЛицоБезДов>
  </РосОргДовер></Доверит></СвДоверит>
  <СвУпПред ТипПред="1"><Пред><СведФизЛ ИННФЛ="779912000294" СНИЛС="99902000226" Должность="Специалист">
   <СведФЛ><ФИО Фамилия="Петрова" Имя="Мария"/></СведФЛ></СведФизЛ></Пред>{more}</СвУпПред>
  <СвПолн ТипПолн="1" ПрСовмПолн="{joint}">
   <МашПолн КодПолн="SRO_REPORT" НаимПолн="Подписывать отчёты в СРО"/>
   <ТекстПолн>Получать документы</ТекстПолн></СвПолн>
 </Довер></Документ>
</Доверенность>""".encode()


@pytest.fixture
def head(authority):
    return authority.person("Иванов", fields=[(INN_LEGAL, ORGANISATION), (INN, "779912000110")])


@pytest.fixture
def representative(authority):
    holder = authority.person("Петрова", fields=[(INN, "779912000294"), (SNILS, "99902000226")])
    return certificate_facts(holder.der)


def report(authority, holder, xml, **how):
    made = holder.signer().sign_cades(xml)
    return verify_attorney(xml, made, authority.store(), at=NOW, revocation=authority.revocation(), **how)


@pytest.mark.requirement("S-11")
def test_parties_powers_and_term_are_read():
    known = read_attorney(power_of_attorney())
    assert (known.number, known.inner_number) == ("4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f", "МЧД-17")
    assert (known.issued_on, known.expires_on) == (date(2026, 9, 1), date(2027, 10, 31))
    assert (known.principal_name, known.principal_inn) == ("ООО «Учебный подрядчик»", ORGANISATION)
    assert [(one.name, one.inn, one.snils) for one in known.heads] == [
        ("Иванов Иван Иванович", "779912000110", "99902000125")
    ]
    assert [(one.name, one.position) for one in known.representatives] == [("Петрова Мария", "Специалист")]
    assert known.powers == (
        Power("SRO_REPORT", "Подписывать отчёты в СРО"),
        Power(None, "Получать документы"),
    )


@pytest.mark.requirement("S-11")
def test_signed_by_the_head_and_in_force_it_is_good(authority, head):
    assert report(authority, head, power_of_attorney()).reasons == ()


@pytest.mark.requirement("S-11")
@pytest.mark.parametrize(
    ("day", "reasons"),
    [
        (date(2026, 9, 1), ()),
        (date(2027, 10, 31), ()),
        (date(2026, 8, 31), ("Доверенность действует с 01.09.2026.",)),
        (date(2027, 11, 1), ("Срок доверенности истёк 31.10.2027.",)),
    ],
)
def test_the_term_counts_both_its_days(authority, head, day, reasons):
    assert report(authority, head, power_of_attorney(), on=day).reasons == reasons


@pytest.mark.requirement("S-11")
def test_signed_by_another_organisation_it_is_refused(authority):
    stranger = authority.person("Чужой", fields=[(INN_LEGAL, "7799200029")])
    (reason,) = report(authority, stranger, power_of_attorney()).reasons
    assert "не доверителем" in reason


def test_a_changed_file_is_refused(authority, head):
    made = head.signer().sign_cades(power_of_attorney())
    changed = power_of_attorney(until="2030-01-01")
    found = verify_attorney(changed, made, authority.store(), at=NOW, revocation=authority.revocation())
    assert not found.passed and "изменён" in found.reasons[0]


@pytest.mark.requirement("S-10")
def test_the_representative_may_act_by_it(representative):
    known = read_attorney(power_of_attorney())
    assert objections(known, representative, on=date(2026, 11, 21), powers=["SRO_REPORT"]) == []


@pytest.mark.requirement("S-10")
@pytest.mark.parametrize(
    ("day", "powers", "words"),
    [
        (date(2028, 1, 1), [], "истёк"),
        (date(2026, 11, 21), ["SRO_VOTE"], "полномочия"),
    ],
)
def test_what_is_not_in_it_may_not_be_done(representative, day, powers, words):
    (reason,) = objections(read_attorney(power_of_attorney()), representative, on=day, powers=powers)
    assert words in reason


@pytest.mark.requirement("S-10")
def test_a_person_not_named_in_it_may_not_act(authority):
    namesake = certificate_facts(authority.person("Петрова", fields=[(INN, "779912000999")]).der)
    (reason,) = objections(read_attorney(power_of_attorney()), namesake, on=date(2026, 11, 21))
    assert "не назван" in reason


def test_those_who_act_together_do_not_act_alone(representative):
    more = '<Пред><СведФизЛ ИННФЛ="779912000300"><ФИО Фамилия="Второй" Имя="Лев"/></СведФизЛ></Пред>'
    known = read_attorney(power_of_attorney(joint="1", more=more))
    assert known.is_joint and "совместно" in objections(known, representative, on=date(2026, 11, 21))[0]


@pytest.mark.parametrize(
    "xml",
    [
        b"<a/>",
        b"not xml",
        b"<!DOCTYPE a><a/>",
        power_of_attorney(until="31 октября"),
        power_of_attorney().replace("СвРосОрг".encode(), "Другое".encode()),
        power_of_attorney()
        .replace("МашПолн".encode(), "Х".encode())
        .replace("ТекстПолн".encode(), "У".encode()),
    ],
    ids=["other xml", "not xml", "doctype", "no date", "no principal", "no powers"],
)
def test_what_is_not_a_power_of_attorney_is_said_to_be_none(xml):
    with pytest.raises(Malformed):
        read_attorney(xml)
