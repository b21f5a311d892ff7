import pytest

from documents.letters import signed_by, to_person
from documents.marks import SimpleMark, details, headline, serial
from documents.model import Addressee
from tests.documents.conftest import NOW

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.requirement("R-39", "U-12")
def test_an_addressee_stands_in_the_dative():
    to = to_person("Генеральный директор", "ООО «Вега»", "Дубинина Наталья Александровна")
    assert to == Addressee("Генеральному директору", "ООО «Вега»", f"Дубининой{NBSP}Н.{NBSP}А.")


def test_a_signature_has_the_initials_before_the_surname():
    assert signed_by("Директор", "Петров Сергей Павлович").name == f"С.{NBSP}П.{NBSP}Петров"


@pytest.mark.parametrize(("given", "kept"), [("1d:9a:1b", "1D9A1B"), ("abc", "0ABC"), ("00 A1", "00A1")])
def test_the_number_of_a_certificate_is_capital_hexadecimal_of_even_length(given, kept):
    assert serial(given) == kept


@pytest.mark.parametrize("given", ["", "нет", "12G4"])
def test_what_is_no_number_of_a_certificate_is_refused(given):
    with pytest.raises(ValueError, match="шестнадцатеричном"):
        serial(given)


def test_a_simple_signature_names_person_login_and_moment_without_the_frame():
    mark = SimpleMark("Дубинина Наталья Александровна", "dubinina", NOW)
    assert headline(mark) == ()
    assert details(mark) == (
        "Подписано простой электронной подписью: Дубинина Наталья Александровна, dubinina, "
        f"21.11.2026 14:05:09{NBSP}(МСК)",
    )
