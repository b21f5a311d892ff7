"""Who signed: the fields of a Russian qualified certificate, and what a forger may write into them."""

from __future__ import annotations

import pytest
from cryptography.x509.oid import NameOID

from signing import certificate_facts
from signing.asn1 import Malformed
from tests.signing.authority import INN, INN_LEGAL, SNILS
from tests.signing.conftest import DATA, MANIFEST

PEOPLE = {name: item for name, item in MANIFEST["certificates"].items() if "stamp" in item}


def facts(name):
    return certificate_facts((DATA / MANIFEST["certificates"][name]["path"]).read_bytes())


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.requirement("S-13")
def test_the_four_lines_of_the_mark(name):
    assert list(facts(name).stamp_lines()) == PEOPLE[name]["stamp"]


@pytest.mark.parametrize("name", PEOPLE)
def test_names_and_numbers_are_read(name):
    known, subject = facts(name), PEOPLE[name]["subject"]
    told = (
        known.surname,
        known.given_name,
        known.title,
        known.organization,
        known.ogrn,
        known.ogrnip,
        known.snils,
    )
    keys = ("surname", "given_name", "title", "organization", "ogrn", "ogrnip", "snils")
    assert told == tuple(subject.get(key) for key in keys)
    assert known.is_seal is ("surname" not in subject)


def test_the_old_form_of_an_organisations_number_is_understood():
    known = facts("oldstyle")
    assert (known.inn, known.inn_legal) == (None, "5099200076")


def test_the_class_of_the_certificate_is_told():
    assert facts("director").policies == ("КС1",)


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ([(INN_LEGAL, "779912000110")], "ИНН ЮЛ в сертификате не из 10 цифр"),
        ([(INN, "7799200011")], "ИНН в сертификате не из 12 цифр"),
        ([(INN_LEGAL, "77992000 1")], "ИНН ЮЛ в сертификате не из 10 цифр"),
        ([(INN_LEGAL, "7799200011"), (INN_LEGAL, "7799200029")], "ИНН ЮЛ указан в сертификате несколько раз"),
        ([(INN, "007799200029"), (INN_LEGAL, "7799200011")], "ИНН организации указан дважды и по-разному"),
    ],
)
@pytest.mark.requirement("S-10")
def test_a_number_in_the_wrong_place_or_form_is_not_believed(authority, fields, warning):
    known = certificate_facts(authority.person(fields=fields).der)
    assert (known.inn, known.inn_legal) == (None, None)
    assert [text for text in known.warnings if text.startswith(warning)]


def test_a_number_in_a_name_is_nobodys_number(authority):
    fields = [(NameOID.ORGANIZATION_NAME, "ООО, ИНН 7799200011"), (NameOID.SERIAL_NUMBER, "7799200011")]
    known = certificate_facts(authority.person(fields=fields).der)
    assert (known.inn, known.inn_legal, known.snils) == (None, None, None)


def test_numbers_of_a_person_are_read(authority):
    known = certificate_facts(authority.person(fields=[(INN, "779912000110"), (SNILS, "99902000125")]).der)
    assert (known.inn, known.snils, known.is_test) == ("779912000110", "99902000125", False)


def test_what_is_not_a_certificate_is_said_to_be_none():
    with pytest.raises(Malformed):
        certificate_facts(b"\x30\x03\x02\x01\x01")
