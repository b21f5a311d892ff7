"""The pieces every page is made of, in a real browser under the strict content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bench import Bench, running
from tests.browser.conftest import WIDTHS, check_page


@pytest.fixture
def bench() -> Iterator[Bench]:
    with running() as found:
        yield found


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    context = chromium_browser.new_context(viewport={"width": 1366, "height": 900}, locale="ru-RU")
    opened = context.new_page()
    yield opened
    context.close()


@pytest.mark.requirement("U-13", "U-11")
@pytest.mark.parametrize("mode", ["", "dark", "large", "lowvision", "dark-lowvision"])
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_every_mode_is_legible_and_fits(page: Page, bench: Bench, mode: str, screen: str) -> None:
    width, height = WIDTHS[screen]
    page.set_viewport_size({"width": width, "height": height})
    for name in ("card", "list", "form", "login"):
        page.goto(f"{bench.address}/{name}?mode={mode}")
        check_page(page)


@pytest.mark.requirement("U-13")
def test_a_switch_acts_at_once_and_is_sent_to_be_remembered(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/list")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Вид: цвет и размер").click()
    page.get_by_role("button", name="Тёмный").click()
    expect(page.locator("body")).not_to_have_css("background-color", light)
    page.get_by_role("button", name="Крупный текст").click()
    expect(page.locator("html")).to_have_css("font-size", "20px")
    assert bench.posted.count("preferences") == 2


@pytest.mark.requirement("U-02")
def test_five_files_at_once_and_one_failure_does_not_lose_the_others(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/card")
    names = ["1.pdf", "2.pdf", "bad.pdf", "3.pdf", "4.pdf"]
    files = [{"name": name, "mimeType": "application/pdf", "buffer": b"abc"} for name in names]
    page.set_input_files("#upload", files)  # type: ignore[arg-type]
    expect(page.locator("#files .file")).to_have_count(4)
    failed = page.locator(".uploads .is-bad")
    expect(failed).to_contain_text("Такие файлы не принимаются")
    expect(failed.get_by_role("button", name="Повторить")).to_be_visible()


@pytest.mark.requirement("U-02")
def test_a_file_may_be_dropped_anywhere_on_the_card_or_pasted(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/card")
    page.evaluate(
        """() => {
          const box = new DataTransfer();
          box.items.add(new File(["abc"], "справка.txt"));
          const target = document.querySelector("#files");
          target.dispatchEvent(new DragEvent("drop", {dataTransfer: box, bubbles: true, cancelable: true}));
          const board = new DataTransfer();
          board.items.add(new File(["abc"], "image.png", {type: "image/png"}));
          const paste = {clipboardData: board, bubbles: true, cancelable: true};
          document.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )
    expect(page.locator("#files .file")).to_have_count(2)
    expect(page.locator("#files")).to_contain_text("справка.txt")
    expect(page.locator("#files")).to_contain_text("Снимок")


@pytest.mark.requirement("U-03")
def test_all_found_are_chosen_and_the_question_names_their_number(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/list")
    page.get_by_label("Выбрать все строки на странице").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("Выбрано 6 строк")
    page.get_by_role("button", name="выбрать все найденные: 430").click()
    page.get_by_role("button", name="Одобрить").click()
    expect(page.get_by_role("heading", name="Одобрить: 430?")).to_be_visible()
    with page.expect_request("**/bulk") as sending:
        page.locator("dialog[open]").get_by_role("button", name="Одобрить").click()
    body = sending.value.post_data or ""
    assert ("scope=found" in body, "verb=approve" in body, body.count("ids=")) == (True, True, 6)


@pytest.mark.requirement("U-05")
def test_a_hidden_column_stands_in_the_address(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/list")
    page.get_by_label("Графы таблицы").click()
    page.get_by_label("Сумма", exact=True).uncheck()
    expect(page.locator("th[data-col=sum]")).to_be_hidden()
    assert "columns=about" in page.url and "columns=sum" not in page.url


@pytest.mark.requirement("U-06")
def test_text_of_a_closed_tab_is_back(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/form")
    page.get_by_label("Текст").fill("Просим разъяснить")
    expect(page.locator("[data-save-state]")).to_have_text("Сохранено 12:04")
    assert bench.saved == [{"version": 1, "fields": {"text": "Просим разъяснить"}}]
    page.context.set_offline(True)
    page.get_by_label("Текст").fill("Просим разъяснить порядок")
    expect(page.locator("[data-save-state]")).to_have_text("Нет связи: сохраним, когда появится")
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    other.goto(bench.address + "/form")
    expect(other.locator("form .alert").first).to_contain_text("запись изменили")
    other.get_by_role("button", name="Вернуть мой текст").click()
    expect(other.get_by_label("Текст")).to_have_value("Просим разъяснить порядок")


@pytest.mark.requirement("U-20")
def test_text_typed_when_the_session_ended_waits_for_the_new_login(page: Page, bench: Bench) -> None:
    bench.mode = "ended"
    page.goto(bench.address + "/form")
    page.get_by_label("Текст").fill("Не успел")
    page.get_by_role("link", name="Войти и продолжить").click()
    assert "next=%2Fform" in page.url
    bench.mode = "ok"
    page.goto(bench.address + "/form")
    expect(page.get_by_label("Текст")).to_have_value("Не успел")


@pytest.mark.requirement("U-07")
def test_the_one_who_edits_is_named(page: Page, bench: Bench) -> None:
    bench.mode = "conflict"
    page.goto(bench.address + "/form")
    expect(page.locator("[data-lock-text]")).to_contain_text("Сидоров П. С. с 11:58")
    page.get_by_label("Текст").fill("Моё")
    expect(page.locator("[data-save-state]")).to_contain_text("Сидоров П. С.")


@pytest.mark.requirement("U-01")
def test_a_form_is_not_sent_twice(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/card")
    page.locator("#remark-text").fill("Нет подписи")
    page.locator('form[action="/remarks"] .btn-primary').evaluate(
        "(button) => { button.click(); button.click(); }"
    )
    page.wait_for_url("**/remarks")
    assert bench.posted.count("remarks") == 1


@pytest.mark.requirement("U-01")
def test_a_long_job_ends_with_words(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/card")
    expect(page.locator("[data-progress-result]")).to_contain_text("Назначено 428, отказано 2")


@pytest.mark.requirement("U-15")
def test_the_question_names_the_consequence(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/card")
    page.get_by_role("link", name="Отменить регистрацию").click()
    expect(page.locator("#annul")).to_contain_text("Номер больше никому не достанется.")
    page.get_by_role("button", name="Не сейчас").click()
    expect(page.locator("#annul")).to_be_hidden()
    assert "annul" not in bench.posted


@pytest.mark.requirement("C-15")
def test_a_counter_rises_without_reload(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/list")
    counter = page.locator("[data-counter=incoming]")
    expect(counter).to_have_text("12")
    bench.counters = {"notifications": 0, "messages": 1, "incoming": 13}
    page.evaluate("document.body.dispatchEvent(new CustomEvent('veche:refresh'))")
    expect(counter).to_have_text("13")
    expect(page).to_have_title("(14) Список · СРО «Байкал»")


@pytest.mark.requirement("U-04")
def test_keys_work_in_the_russian_layout(page: Page, bench: Bench) -> None:
    page.goto(bench.address + "/list")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Быстрые клавиши")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Вх-2")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("Выбрана 1 строка")
    for key, code in (("п", "KeyG"), ("ш", "KeyI")):
        press = "(keys) => document.dispatchEvent(new KeyboardEvent('keydown', {...keys, bubbles: true}))"
        page.evaluate(press, {"key": key, "code": code})
    page.wait_for_url("**/incoming")


def test_without_script_everything_can_still_be_pressed(chromium_browser: Browser, bench: Bench) -> None:
    context = chromium_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(bench.address + "/list")
    page.locator("[name=ids]").first.check()
    page.get_by_role("button", name="Одобрить").click()
    page.goto(bench.address + "/card")
    page.set_input_files("#upload", [{"name": "1.pdf", "mimeType": "application/pdf", "buffer": b"abc"}])
    page.get_by_role("button", name="Загрузить").click()
    context.close()
    assert bench.posted == ["bulk", "upload"]
