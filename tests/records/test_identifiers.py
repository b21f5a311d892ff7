"""Requisites: every published vector, precise words, and advice that helps (F-39)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random

import pytest
import stdnum.ru.inn
import stdnum.ru.ogrn
from hypothesis import given
from hypothesis import strategies as st

from records import bank_numbers, invented, tax_numbers
from records.identifiers import (
    CHECKS,
    Person,
    accept,
    check,
    check_account,
    check_corr_account,
    check_inn,
    check_kpp,
    check_nrs,
    check_snils,
    format_snils,
    masked_snils,
    normalise,
    parse_phone,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "identifiers-vectors.json").read_text("utf-8"))
PAIRED = {"account": check_account, "corr_account": check_corr_account}
SINGLE = [kind for kind in VECTORS if kind not in PAIRED]
seeds = st.integers(0, 10**9)


def vectors(kinds, verdict):
    return [
        pytest.param(kind, value, id=f"{kind}:{value}") for kind in kinds for value in VECTORS[kind][verdict]
    ]


@pytest.mark.parametrize(("kind", "value"), vectors(SINGLE, "valid"))
def test_a_right_number_passes(kind, value):
    assert check(kind, value) is None


@pytest.mark.requirement("F-39")
@pytest.mark.parametrize(("kind", "value"), vectors(SINGLE, "invalid"))
def test_a_wrong_number_is_caught_with_words_and_advice(kind, value):
    problem = check(kind, value)
    assert problem is not None
    assert problem.message
    assert problem.hint
    assert not problem.is_warning


@pytest.mark.parametrize(("kind", "pair"), vectors(PAIRED, "valid"))
def test_a_right_account_passes_with_its_bik(kind, pair):
    assert PAIRED[kind](*pair) is None


@pytest.mark.requirement("F-39")
@pytest.mark.parametrize(("kind", "pair"), vectors(PAIRED, "invalid"))
def test_a_wrong_account_is_caught_with_words_and_advice(kind, pair):
    problem = PAIRED[kind](*pair)
    assert problem is not None
    assert problem.message
    assert problem.hint


# --- words and advice -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("inn", "3808641523", "контрольная цифра не сходится: в конце «3», по остальным цифрам — «2»"),
        ("inn", "77O1677668", "3-й знак «O» — не цифра"),
        ("inn", "673245554", "введено 9 цифр, а нужно 10 или 12"),
        ("inn", "0000000000", "региона 00 не существует"),
        ("inn", "5401-0075-6784", "5-й знак «-» — не цифра"),
        ("inn", "", "ИНН не указан"),
        ("ogrn", "2083836669247", "Похоже на ГРН"),
        ("ogrn", "315384520464271", "ОГРНИП предпринимателя"),
        ("ogrnip", "1083836669245", "ОГРН организации"),
        ("snils", "112-233-445 96", "в конце «96», по остальным цифрам — «95»"),
        ("bik", "144525225", "начинается с «14»"),
        ("sro_number", "СРО-С-999-32012010", "даты 32.01.2010 не может быть"),
        ("plate", "Ы123ВС38", "АВЕКМНОРСТУХ"),
        ("phone", "212-34-56", "цифр 7, а нужно 10"),
        ("email", "office.example.ru", "нужен один знак @"),
    ],
)
def test_the_message_says_what_is_wrong(kind, value, words):
    assert words in str(check(kind, value))


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("inn", "7701677686", "7701677668"),
        ("inn", "77O1677668", "7701677668"),
        ("sro_number", "CPO-С-174-14012010", "СРО-С-174-14012010"),
        ("nrs", "C-77-123456", "С-77-123456"),
        ("nrs", "BY-260757", "С-BY-260757"),
        ("nrs", "С77123456", "С-77-123456"),
        ("arbitration_case", "A19-12345/2026", "А19-12345/2026"),
        ("kpp", "3808ab001", "3808AB001"),
        ("kpp", "3808АВ001", "3808AB001"),
        ("plate", "a123bc38", "А123ВС38"),
        ("email", "ivаnov@example.ru", "ivanov@example.ru"),
        ("email", "ivanov@mail.ry", "ivanov@mail.ru"),
        ("email", "ivanov@example,ru", "ivanov@example.ru"),
    ],
)
def test_what_was_probably_meant_is_proposed(kind, value, meant):
    assert check(kind, value).suggestion == meant


def test_what_is_proposed_passes_the_check_itself():
    proposed = [
        (kind, problem.suggestion)
        for kind in SINGLE
        for value in VECTORS[kind]["invalid"]
        if (problem := check(kind, value)) and problem.suggestion
    ]
    assert len(proposed) > 5
    assert [pair for pair in proposed if check(*pair)] == []


def test_an_organisation_may_not_have_the_number_of_a_person_nor_the_reverse():
    assert check_inn("381100476549", Person.LEGAL).code == "person"
    assert check_inn("3808641522", Person.INDIVIDUAL).code == "person"


def test_a_foreign_sole_trader_account_of_a_firm_is_a_warning_not_an_error():
    problem = check_account("40802810732378234171", "046614632", Person.LEGAL)
    assert problem.is_warning


def test_a_treasury_account_is_not_checked_by_key_but_warned_about():
    problem = check_account("03224643250000003400", "017501500")
    assert (problem.code, problem.is_warning) == ("treasury", True)


def test_an_account_in_a_cash_centre_given_with_a_bank_bik_is_recognised():
    assert "расчётно-кассовом центре" in check_account("40703810806322853561", "042520607").hint


@pytest.mark.parametrize(
    ("kind_of_sro", "number", "right"),
    [
        ("build", "С-77-123456", True),
        ("build", "П-122864", False),
        ("design", "ПИ-083721", True),
        ("design", "И-000123", False),
        ("survey", "И-000123", True),
    ],
)
def test_the_register_of_specialists_must_suit_the_kind_of_sro(kind_of_sro, number, right):
    assert (check_nrs(number, kind_of_sro) is None) is right


# --- normal form ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("inn", " 3808\u00a0641\u202f522 ", "3808641522"),
        ("inn", "274822098", "0274822098"),
        ("inn", "27400113290", "027400113290"),
        ("inn", "673245554", "673245554"),
        ("snils", "112-233-445 95", "11223344595"),
        ("snils", "112.233.445.95", "112.233.445.95"),
        ("nrs", "c-by-260757", "С-BY-260757"),
        ("phone", "8 (3952) 12-34-56 доб. 12", "+73952123456,12"),
        ("phone", "9021234567", "+79021234567"),
        ("email", " Office@Example.RU ", "office@example.ru"),
        ("account", "4070 3810 5310 9136 6019", "40703810531091366019"),
        ("kpp", "3808 01 001", "380801001"),
    ],
)
def test_a_value_is_stored_in_one_form(kind, typed, stored):
    assert normalise(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed"), [("nrs", "C-77-123456"), ("inn", "274822098"), ("phone", "8 902 1234567")]
)
def test_what_is_surely_meant_is_mended_before_the_check(kind, typed):
    assert accept(kind, typed)[1] is None


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_an_empty_value_is_named_as_empty(kind):
    assert check(kind, " ").code == "empty"


@pytest.mark.parametrize("kind", ["inn", "ogrn", "bik", "notice_44"])
def test_digits_of_other_scripts_are_not_digits(kind):
    assert check(kind, "٣" * 13) is not None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "+7 (395) 212-34-56"),
        ("phone", "+73952123456,12"),
        ("email", "office@стройка.рф"),
        ("email", "a.b+c@sub.example.org"),
        ("vin", "X9FXXEEDXAS123456".replace("XAS", "AAS")),
        ("plate", "А123ВС138"),
        ("plate", "АВ123438"),
        ("notice_44", "0134200000126000123"),
        ("notice_223", "32615123456"),
        ("contract_44", "2380000000126000012"),
    ],
)
def test_other_right_values_pass(kind, value):
    assert check(kind, value) is None


@pytest.mark.parametrize(
    "value", ["+1 202 555 01 00", "8-800", "телефон", "+7 (095) 123-45-67", "+8 902 123 45 67"]
)
def test_what_is_not_a_russian_telephone_is_refused(value):
    assert parse_phone(value) is None
    assert check("phone", value) is not None


def test_a_telephone_is_shown_with_its_extension_apart():
    assert str(parse_phone("8(395)2123456, доб. 12")) == "+7\u00a0(395)\u00a0212-34-56, доб.\u00a012"


def test_snils_is_shown_in_groups_and_masked_in_lists():
    assert format_snils("11223344595") == "112-233-445\u00a095"
    assert masked_snils("112-233-445 95") == "***-***-445\u00a095"


def test_a_snils_issued_before_check_numbers_is_not_checked():
    assert check_snils("001-001-998 77") is None
    assert check_snils("001-001-999 77") is not None


def test_kpp_of_a_sole_trader_is_told_to_stay_empty():
    assert "оставьте поле пустым" in check_kpp("").hint


# --- against an independent library, and the invented ones ----------------------------------------


@given(st.from_regex(r"[1-9][0-9]{9}", fullmatch=True) | st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
def test_inn_agrees_with_the_independent_library(value):
    assert (check_inn(value) is None) == stdnum.ru.inn.is_valid(value)


@given(st.from_regex(r"[15][0-9]{12}", fullmatch=True))
def test_ogrn_agrees_with_the_independent_library(value):
    assert (check("ogrn", value) is None) == stdnum.ru.ogrn.is_valid(value)


@given(seeds)
def test_exactly_one_check_digit_suits_an_ogrnip(seed):
    body = invented.make_ogrnip(Random(seed))[:-1]
    assert sum(check("ogrnip", f"{body}{digit}") is None for digit in range(10)) == 1


MAKERS = {
    "inn_legal": invented.make_inn,
    "inn_individual": invented.make_inn_individual,
    "ogrn": invented.make_ogrn,
    "ogrnip": invented.make_ogrnip,
    "snils": invented.make_snils,
    "bik": invented.make_bik,
    "nrs": invented.make_nrs,
    "phone": invented.make_phone,
    "cadastral": invented.make_cadastral,
    "plate": invented.make_plate,
    "vin": invented.make_vin,
    "kpp": lambda rng: invented.make_kpp(invented.make_inn(rng)),
    "email": lambda rng: invented.make_email(f"office{rng.randrange(100)}"),
    "sro_number": lambda rng: invented.make_sro_number(rng, date(2010, 1, 14)),
    "arbitration_case": lambda rng: invented.make_arbitration_case(rng, 2026),
}


@pytest.mark.parametrize("kind", sorted(MAKERS))
@given(seed=seeds)
def test_invented_numbers_pass_their_checks_and_repeat_with_the_seed(kind, seed):
    value = MAKERS[kind](Random(seed))
    assert check(kind, value) is None
    assert MAKERS[kind](Random(seed)) == value


@given(seeds)
def test_invented_accounts_pass_with_their_bik(seed):
    rng = Random(seed)
    bik = invented.make_bik(rng)
    assert check_account(invented.make_account(rng, bik), bik) is None
    assert check_account(invented.make_trader_account(rng, bik), bik) is None
    assert check_account(invented.make_non_profit_account(rng, bik), bik) is None
    assert check_corr_account(invented.make_corr_account(bik), bik) is None


@pytest.mark.requirement("F-39")
@given(seeds, st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_of_an_inn_is_caught(seed, place, shift):
    right = invented.make_inn(Random(seed))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    if tax_numbers.inn_check_digits(wrong[:9]) == wrong[9]:
        # Eleven remainders fall on ten digits: a remainder of 10 and one of 0 look alike, the one blind spot.
        remainders = {_remainder(number) for number in (right, wrong)}
        assert remainders == {0, 10}
    else:
        assert check_inn(wrong).code in ("checksum", "region")


def _remainder(inn):
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return sum(int(digit) * weight for digit, weight in zip(inn, weights, strict=False)) % 11


@given(seeds, st.integers(0, 19), st.integers(1, 9))
def test_any_one_wrong_digit_of_an_account_is_caught(seed, place, shift):
    rng = Random(seed)
    bik = invented.make_bik(rng)
    right = invented.make_account(rng, bik)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert bank_numbers.account_key_sum(bank_numbers.account_prefix(bik), wrong) != 0
    assert check_account(wrong, bik).code == "checksum"
