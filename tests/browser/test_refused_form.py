"""A form the server could not take: the page says what to do, and the way back leads to what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, check_page

pytestmark = pytest.mark.browser

WORDS = "Просим сверить и пени за второй квартал."


@contextmanager
def writes_refused(instance: Path) -> Iterator[None]:
    """The gate of writers cannot be opened: every write is refused, everything is still read."""
    gate, aside = instance / "veche.db.writer", instance / "veche.db.writer.aside"
    gate.rename(aside)
    gate.mkdir()
    try:
        yield
    finally:
        gate.rmdir()
        aside.rename(gate)


@pytest.mark.requirement("U-06", "U-17")
@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_text_of_a_refused_form_is_there_on_the_way_back(
    site: Site, person: Callable[..., Page], screen: str
) -> None:
    page = person("head", screen=screen)
    page.goto(site.url("/records/new/reconciliation_request"))
    page.get_by_label("С какой даты").fill("2026-01-01")
    expect(page.locator("[data-save-state]").first).to_contain_text("Сохранено")
    with writes_refused(site.instance):
        page.get_by_label("Пояснение").fill(WORDS)
        page.locator("button[name=verb][value=submit]").click()
        expect(page.get_by_role("heading", name="Система временно недоступна")).to_be_visible()
        expect(page.get_by_text("Введённый текст остался на этом компьютере")).to_be_visible()
        check_page(page)
    page.get_by_role("link", name="Вернуться назад").click()
    expect(page.get_by_label("Пояснение")).to_have_value(WORDS)
    expect(page.locator("[data-save-state]").first).to_contain_text("Сохранено")
