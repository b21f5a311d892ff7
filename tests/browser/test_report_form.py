"""The report form's page in a browser: paste with its preview, undo, keys, a killed browser, a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, check_page

pytestmark = pytest.mark.browser

_PASTE = """([place, text]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.querySelector(place).dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def opened(site: Site, page: Page, form: str = "f10") -> Page:
    """The form begun and its tables drawn."""
    page.goto(site.url(f"/reports/begin/{form}/2026"))
    expect(page.locator("[data-report-form][data-ready]")).to_be_attached()
    return page


def rows(page: Page) -> str:
    return page.locator("[data-table=orders] [data-count]").inner_text().split()[0]


def paste(page: Page, text: str) -> None:
    page.evaluate(_PASTE, ["[data-table=orders] .tabulator-tableholder", text])
    expect(page.locator("#rf-preview")).to_be_visible()


@pytest.mark.requirement("F-31")
def test_a_block_is_pasted_after_a_preview_and_taken_back_by_ctrl_z(
    site: Site, person: Callable[..., Page]
) -> None:
    page = opened(site, person("head"))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    was = int(rows(page))
    paste(page, "17-П\t05.11.2026\n18-П\t31.02.2026\n")
    expect(page.locator("#rf-preview [data-sum]")).to_contain_text("2 строки")
    check_page(page)
    page.locator("[data-accept]").click()
    expect(page.locator("[data-table=orders] [data-count]")).to_contain_text(str(was + 2))
    expect(page.locator("[data-grid]")).to_contain_text("17-П")
    page.locator("[data-table=orders] [data-undo]").click()
    expect(page.locator("[data-table=orders] [data-count]")).to_contain_text(f"{was} ")
    expect(page.locator("[data-saved]")).to_contain_text("Сохранено в")
    assert errors == []


@pytest.mark.requirement("F-29")
def test_a_row_is_filled_from_the_keyboard_and_is_there_after_reopening(
    site: Site, person: Callable[..., Page]
) -> None:
    page = opened(site, person("head"))
    page.locator("[data-table=orders] [data-add]").click()
    expect(page.locator("[data-grid] .tabulator-row").first).to_be_visible()
    page.locator("[data-grid] .tabulator-cell[tabulator-field=f_authority_name]").last.click()
    page.keyboard.press("F2")
    page.keyboard.type("Служба надзора")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Сохранено в")
    page.reload()
    expect(page.locator("[data-grid]")).to_contain_text("Служба надзора")
    check_page(page)


@pytest.mark.requirement("F-29")
def test_what_was_typed_without_a_line_is_kept_until_the_next_opening(
    site: Site, person: Callable[..., Page]
) -> None:
    page = opened(site, person("head"))
    page.route("**/rows", lambda route: route.abort())
    page.locator("[data-table=orders] [data-add]").click()
    page.locator("[data-grid] .tabulator-cell[tabulator-field=f_authority_name]").last.click()
    page.keyboard.press("F2")
    page.keyboard.type("Инспекция труда")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).to_contain_text("Не сохранено")
    context = page.context
    page.close()
    again = opened(site, context.new_page())
    expect(again.locator("[data-grid]")).to_contain_text("Инспекция труда")
    expect(again.locator("[data-saved]")).to_contain_text("Сохранено в")


def test_on_a_phone_rows_are_cards(site: Site, person: Callable[..., Page]) -> None:
    page = opened(site, person("head", screen="phone"))
    page.locator("[data-table=orders] [data-add]").click()
    dialog = page.locator("#rf-card")
    expect(dialog).to_be_visible()
    dialog.locator("[data-name=order_number]").fill("99-П")
    page.locator("[data-close-card]").click()
    expect(page.locator("[data-cards]")).to_contain_text("99-П")
    check_page(page)
