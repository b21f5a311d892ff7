"""Names of people, positions and organisations in cases (U-12)."""

from __future__ import annotations

import pytest

from language.grammar import Case, Gender
from language.morphology import agree_in_case, noun_forms, noun_gender
from language.names import (
    decline_name,
    gender_of,
    initials_surname,
    parse_name,
    salutation,
    surname_initials,
    surname_initials_in_case,
)
from language.organisations import decline_organisation, full_name, short_name
from language.positions import addressee, decline_position

OBLIQUE = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)

PEOPLE = {
    "Дубинина Наталья Александровна": (
        "Дубининой Натальи Александровны|Дубининой Наталье Александровне|Дубинину Наталью Александровну|"
        "Дубининой Натальей Александровной|Дубининой Наталье Александровне"
    ),
    "Римский-Корсаков Лев Петрович": (
        "Римского-Корсакова Льва Петровича|Римскому-Корсакову Льву Петровичу|"
        "Римского-Корсакова Льва Петровича|"
        "Римским-Корсаковым Львом Петровичем|Римском-Корсакове Льве Петровиче"
    ),
    "Шевченко Пётр Ильич": (
        "Шевченко Петра Ильича|Шевченко Петру Ильичу|Шевченко Петра Ильича|Шевченко Петром Ильичом|"
        "Шевченко Петре Ильиче"
    ),
    "Бондарчук Ирина Сергеевна": (
        "Бондарчук Ирины Сергеевны|Бондарчук Ирине Сергеевне|Бондарчук Ирину Сергеевну|"
        "Бондарчук Ириной Сергеевной|Бондарчук Ирине Сергеевне"
    ),
    "Черных Павел Кузьмич": (
        "Черных Павла Кузьмича|Черных Павлу Кузьмичу|Черных Павла Кузьмича|Черных Павлом Кузьмичом|"
        "Черных Павле Кузьмиче"
    ),
    "Ткач Илья Никитич": (
        "Ткача Ильи Никитича|Ткачу Илье Никитичу|Ткача Илью Никитича|Ткачом Ильёй Никитичем|"
        "Ткаче Илье Никитиче"
    ),
    "Мамедов Рашид Гасан оглы": (
        "Мамедова Рашида Гасан оглы|Мамедову Рашиду Гасан оглы|Мамедова Рашида Гасан оглы|"
        "Мамедовым Рашидом Гасан оглы|Мамедове Рашиде Гасан оглы"
    ),
}


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    ("full", "case", "declined"),
    [
        (full, case, form)
        for full, forms in PEOPLE.items()
        for case, form in zip(OBLIQUE, forms.split("|"), strict=True)
    ],
)
def test_a_name_is_declined_by_its_gender(full, case, declined):
    assert decline_name(full, case) == declined


def test_the_nominative_is_the_name_itself():
    assert decline_name("Шевченко Пётр Ильич", Case.NOMINATIVE) == "Шевченко Пётр Ильич"


@pytest.mark.parametrize(
    ("full", "gender"),
    [
        ("Дубинина Наталья Александровна", Gender.FEMININE),
        ("Бондарчук Ирина Сергеевна", Gender.FEMININE),
        ("Черных Никита Ильич", Gender.MASCULINE),
        ("Мамедов Рашид Гасан оглы", Gender.MASCULINE),
        ("Мамедова Лейла Гасан кызы", Gender.FEMININE),
        ("Ким Хо", None),
    ],
)
def test_gender_is_read_from_the_name(full, gender):
    assert gender_of(full) is gender


@pytest.mark.requirement("U-12")
@pytest.mark.parametrize(
    "written", ["Иванов Иван Иванович", "Иван Иванович Иванов", "Иванов И. И.", "Иванов И.И.", "И.И. Иванов"]
)
def test_surname_and_initials_stay_on_one_line_however_the_name_was_written(written):
    assert surname_initials(written) == "Иванов\u00a0И.\u00a0И."
    assert initials_surname(written) == "И.\u00a0И.\u00a0Иванов"


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("Гарсия Анна-Мария", "Гарсия А.-М."),
        ("Мамедов Рашид Гасан оглы", "Мамедов Р. Г."),
        ("Иванов", "Иванов"),
    ],
)
def test_unusual_names_have_initials_too(full, shown):
    assert surname_initials(full).replace("\u00a0", " ") == shown


def test_an_order_names_its_executor_in_the_dative():
    assert (
        surname_initials_in_case("Дубинина Наталья Александровна", Case.DATIVE) == "Дубининой\u00a0Н.\u00a0А."
    )


def test_a_letter_addresses_people_by_name_and_patronymic():
    assert salutation("Дубинина Наталья Александровна") == "Уважаемая Наталья Александровна!"
    assert salutation("Шевченко Пётр Ильич") == "Уважаемый Пётр Ильич!"
    assert salutation("Ким Хо") == "Здравствуйте, Хо!"


def test_an_empty_name_is_refused():
    with pytest.raises(ValueError, match="не указано"):
        parse_name("  ")


# --- positions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "dative"),
    [
        ("директор", "директору"),
        ("Генеральный директор", "Генеральному директору"),
        ("заместитель генерального директора", "заместителю генерального директора"),
        ("исполняющий обязанности директора", "исполняющему обязанности директора"),
        ("и. о. директора", "и. о. директора"),
        ("врио директора", "врио директора"),
        ("управляющий", "управляющему"),
        ("заведующая канцелярией", "заведующей канцелярией"),
        ("ведущий специалист", "ведущему специалисту"),
        ("вице-президент", "вице-президенту"),
        ("инженер-строитель", "инженеру-строителю"),
        ("главный инженер проекта", "главному инженеру проекта"),
        ("директор и главный бухгалтер", "директору и главному бухгалтеру"),
        ("начальник отдела кадров и снабжения", "начальнику отдела кадров и снабжения"),
        ("директор филиала ООО «Яр»", "директору филиала ООО «Яр»"),
        ("исполнительный директор СРО", "исполнительному директору СРО"),
    ],
)
def test_the_head_of_a_position_changes_and_what_depends_on_it_stays(position, dative):
    assert decline_position(position, Case.DATIVE) == dative


def test_in_the_accusative_a_position_is_animate():
    assert decline_position("генеральный директор", Case.ACCUSATIVE) == "генерального директора"


def test_the_addressee_of_a_letter_stands_in_the_dative():
    assert addressee("директор", "Иванову И. И.") == "Директору Иванову И. И."


# --- organisations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ('Общество с ограниченной ответственностью "Яр"', "ООО «Яр»"),
        ("ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО «Мост»", "ПАО «Мост»"),
        ("Индивидуальный предприниматель Орлов Лев Ильич", "ИП Орлов Лев Ильич"),
        ("Ассоциация «Сибирь»", "Ассоциация «Сибирь»"),
    ],
)
def test_the_legal_form_is_shortened(full, short):
    assert short_name(full) == short


def test_the_legal_form_is_written_out():
    assert full_name('АО "Мост"') == "Акционерное общество «Мост»"
    assert full_name("Союз строителей") == "Союз строителей"


@pytest.mark.parametrize(
    ("name", "case", "declined"),
    [
        (
            'Общество с ограниченной ответственностью "Яр"',
            Case.DATIVE,
            "Обществу с ограниченной ответственностью «Яр»",
        ),
        ("Акционерное общество «Мост»", Case.ACCUSATIVE, "Акционерное общество «Мост»"),
        ("Союз строителей Сибири", Case.GENITIVE, "Союза строителей Сибири"),
        (
            "Ассоциация саморегулируемая организация «Х»",
            Case.GENITIVE,
            "Ассоциации саморегулируемой организации «Х»",
        ),
        ("ООО «Яр»", Case.GENITIVE, "ООО «Яр»"),
        ("ИП Дубинина Наталья Александровна", Case.GENITIVE, "ИП Дубининой Натальи Александровны"),
        (
            "Индивидуальный предприниматель Орлов Лев Ильич",
            Case.INSTRUMENTAL,
            "Индивидуальным предпринимателем Орловым Львом Ильичом",
        ),
    ],
)
def test_of_an_organisation_the_form_changes_and_the_name_in_quotes_stays(name, case, declined):
    assert decline_organisation(name, case) == declined


# --- ordinary nouns -------------------------------------------------------------------------------


def test_the_forms_of_a_noun_come_from_the_dictionary():
    assert noun_forms("выписка") == ("выписка", "выписки", "выписок")
    assert noun_gender("выписка") is Gender.FEMININE
    assert [agree_in_case(n, "голос", Case.INSTRUMENTAL) for n in (1, 5, 21)] == [
        "голосом",
        "голосами",
        "голосом",
    ]


def test_a_word_that_is_no_noun_is_refused():
    with pytest.raises(ValueError, match="не существительное"):
        noun_forms("быстро")
