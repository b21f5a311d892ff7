"""The catalogue of applications: what can be filed, with what, by when, and what comes of it."""

from __future__ import annotations

import pytest

from desk import tuning
from records import parameters
from tests.world import World


@pytest.mark.requirement("C-24")
def test_the_head_sees_ten_kinds_each_with_description_term_and_result(world: World, browser_of):
    page = browser_of("head").get("/catalogue").text
    cards = page.split('<section class="card">')[1:]
    told = [c for c in cards if "Срок ответа" in c and "Результат" in c and "Заполнить" in c]
    assert len(told) >= 10


@pytest.mark.requirement("C-24")
def test_a_card_names_its_documents_and_marks_the_required_ones(world: World, browser_of):
    page = browser_of("head").get("/catalogue").text
    assert "Подтверждающие документы (обязательно)" in page


@pytest.mark.requirement("C-24")
def test_the_term_in_the_catalogue_is_the_one_in_force(world: World, admin, browser_of):
    assert "27\u00a0рабочих дней" not in browser_of("head").get("/catalogue").text
    tuning.set_term(admin, "DL_REGISTER_UPDATE", 27, valid_from=parameters.today())
    assert "27\u00a0рабочих дней" in browser_of("head").get("/catalogue").text


@pytest.mark.requirement("C-24")
def test_a_specialist_is_offered_only_what_he_may_file(world: World, browser_of):
    page = browser_of("specialist").get("/catalogue").text
    assert "/records/new/reconciliation_request" in page
    assert "/records/new/membership_application" not in page


@pytest.mark.requirement("C-24")
def test_a_card_leads_straight_to_its_form(world: World, browser_of):
    browser = browser_of("head")
    assert "/records/new/reconciliation_request" in browser.get("/catalogue").text
    assert "С какой даты" in browser.get("/records/new/reconciliation_request", follow_redirects=True).text
