"""The main job from end to end, in Chromium: invited, activated, filed, returned, corrected, answered,
found."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, check_page

pytestmark = pytest.mark.browser

PASSWORDS = {"desktop": "берёза у крыльца", "phone": "рябина под окном"}
DATA = Path(__file__).resolve().parent.parent / "data" / "documents" / "files"


@pytest.mark.requirement("C-09", "C-11", "R-02", "R-09", "R-12", "R-14", "R-20", "R-37", "U-02", "C-48")
@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_filing_travels_from_the_invitation_to_the_answer(
    site: Site, person: Callable[..., Page], screen: str, tmp_path: Path
) -> None:
    address = f"novikova-{screen}@lutik.example"
    invite(person("registrar", screen=screen), site, address)
    director = activate(person(screen=screen), site, address, PASSWORDS[screen])
    number = file_application(director, site, tmp_path, screen)
    work_and_return(person("registrar", screen=screen), site, number)
    correct_and_resubmit(director, site, number)
    approve_and_answer(person("registrar", screen=screen), person("director", screen=screen), site, number)
    read_the_answer(director, site, number)
    find_inside_the_attachment(director, site, number)
    check_nothing_is_seen(person("specialist", screen=screen), site, director.url, number)


def invite(page: Page, site: Site, address: str) -> None:
    page.goto(site.url("/invitations/new"))
    page.get_by_label(re.compile("Организация")).first.fill("6732455543")
    page.get_by_label(re.compile("Фамилия, имя")).fill("Новикова Ольга Петровна")
    page.get_by_label(re.compile("E-mail")).fill(address)
    page.get_by_label(re.compile("Роль")).select_option("member_head")
    check_page(page)
    page.get_by_role("button", name=re.compile("Пригласить|Отправить")).last.click()
    expect(page.get_by_text("Приглашение поставлено в очередь")).to_be_visible()


def activate(page: Page, site: Site, address: str, password: str) -> Page:
    """The link of the letter sets the password; then the login by ИНН works."""
    page.goto(site.letters.link_to(address, r"http://127\.0\.0\.1:\d+/\S+"))
    check_page(page)
    page.locator("input[type=password]").nth(0).fill(password)
    page.locator("input[type=password]").nth(1).fill(password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.goto(site.url("/login"))
    page.get_by_label("ИНН организации или e-mail").fill("6732455543")
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(site.url("/"))
    check_page(page)
    return page


def file_application(page: Page, site: Site, tmp_path: Path, screen: str) -> str:
    """Written with autosave, files dropped on the card, filed, registered at once."""
    page.goto(site.url("/records/new/register_change_application"))
    page.get_by_label("Адрес").check()
    page.get_by_label("Новые сведения").fill("Новый адрес: 664003, г. Иркутск, ул. Карла Маркса, д. 7")
    page.get_by_label("Дата изменения").fill("2026-11-02")
    expect(page.locator("[data-save-state]").first).to_contain_text(re.compile("Сохранено"))
    order = tmp_path / "Приказ о переезде.txt"
    order.write_text(f"Приказ. Переезд в помещение, арендованное у хладокомбината ({screen}).", "utf-8")
    drop(page, [order, DATA / "d01.docx"])
    expect(page.locator(".file")).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Новые сведения")).to_have_value(re.compile("Карла Маркса"))
    check_page(page)
    page.get_by_role("button", name="Отправить").click()
    page.wait_for_url(re.compile(r"/records/\d+$"))
    number = re.search(r"Вх-\d+/\d+", page.content())
    assert number, "the filing shows no incoming number"
    expect(page.locator(".page-meta, .status").first).to_be_visible()
    check_page(page)
    return number.group(0)


def drop(page: Page, files: list[Path]) -> None:
    """Drag and drop of several files at once onto the card."""
    import base64

    payload = [{"name": f.name, "data": base64.b64encode(f.read_bytes()).decode()} for f in files]
    page.evaluate(
        """items => {
            const transfer = new DataTransfer();
            for (const item of items) {
                const bytes = Uint8Array.from(atob(item.data), c => c.charCodeAt(0));
                transfer.items.add(new File([bytes], item.name));
            }
            const place = document.querySelector('.dropzone');
            for (const type of ['dragenter', 'dragover', 'drop'])
                place.dispatchEvent(new DragEvent(
                    type, {bubbles: true, cancelable: true, dataTransfer: transfer}
                ));
        }""",
        payload,
    )


def open_by_number(page: Page, site: Site, number: str) -> None:
    page.goto(site.url(f"/search?q={number}"))
    page.wait_for_url(re.compile(r"/records/\d+"))


def work_and_return(page: Page, site: Site, number: str) -> None:
    """The curator finds it in his list, leaves an internal and a visible remark, returns it."""
    page.goto(site.url("/"))
    expect(page.get_by_text(number).first).to_be_attached()
    open_by_number(page, site, number)
    page.get_by_role("button", name="Взять в работу").click()
    remark(page, "Сверить с ЕГРЮЛ: внутренняя пометка", internal=True)
    remark(page, "Приложите лист записи ЕГРЮЛ", internal=False)
    check_page(page)
    page.get_by_role("link", name="Вернуть").click()
    page.get_by_label(re.compile("Причина")).fill("Нет листа записи ЕГРЮЛ")
    page.get_by_role("button", name="Вернуть").click()
    page.wait_for_url(re.compile(r"/records/\d+$"))


def remark(page: Page, text: str, *, internal: bool) -> None:
    page.locator("#remarks textarea").fill(text)
    page.locator("#remarks .segment label").nth(1 if internal else 0).click()
    page.locator("#remarks").get_by_role("button", name="Добавить").click()
    expect(page.locator("#remarks").get_by_text(text)).to_be_visible()


def correct_and_resubmit(page: Page, site: Site, number: str) -> None:
    page.goto(site.url("/"))
    expect(page.get_by_text("нужны уточнения").first).to_be_visible()
    open_by_number(page, site, number)
    expect(page.get_by_text("Приложите лист записи ЕГРЮЛ").first).to_be_visible()
    assert "внутренняя пометка" not in page.content()
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Пояснение").fill("Лист записи ЕГРЮЛ приложен.")
    page.get_by_role("button", name="Исправить и отправить").click()
    page.wait_for_url(re.compile(r"/records/\d+$"))
    assert number in page.content()


def approve_and_answer(page: Page, head: Page, site: Site, number: str) -> None:
    open_by_number(page, site, number)
    page.get_by_role("button", name="Взять в работу").click()
    page.get_by_role("button", name="Внести в реестр").click()
    page.get_by_role("button", name="Ответить").first.click()
    page.wait_for_url(re.compile(r"/edit$"))
    page.get_by_label("Заголовок").fill("О внесении изменений в реестр")
    page.get_by_label("Текст письма").fill("Сведения о новом адресе внесены в реестр.")
    page.get_by_role("button", name="На подпись").click()
    page.wait_for_url(re.compile(r"/records/\d+$"))
    head.goto(page.url)
    head.get_by_role("button", name="Подписать").click()
    expect(head.get_by_text(re.compile(r"Исх-")).first).to_be_visible()


def read_the_answer(page: Page, site: Site, number: str) -> None:
    """The answer comes as a document and in the chain; every step has a time and a name."""
    for _ in range(60):
        open_by_number(page, site, number)
        if page.get_by_text("Исх-").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("Ответ").first).to_be_visible()
    expect(page.get_by_text("Реестрова Анна Петровна").first).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="О внесении изменений в реестр").last.click()
    page.wait_for_load_state()
    expect(page.get_by_text(re.compile(r"\.pdf")).first).to_be_visible()


def find_inside_the_attachment(page: Page, site: Site, number: str) -> None:
    """A word from inside the attachment, in another inflected form."""
    for _ in range(60):
        page.goto(site.url("/search?q=хладокомбинатами"))
        if page.locator(".search-hit").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".search-hit").first).to_contain_text(number)
    expect(page.locator(".search-hit mark").first).to_contain_text("хладокомбинат")
    check_page(page)
    open_by_number(page, site, number)


def check_nothing_is_seen(page: Page, site: Site, address: str, number: str) -> None:
    """A specialist of another company: no list, no search, no address, no file shows it."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    for path in ("/records", "/search?q=хладокомбинат", f"/search?q={number}", "/"):
        page.goto(site.url(path))
        assert number not in page.locator("main").inner_text()
        assert page.locator(".search-hit").count() == 0
    for file_id in range(1, 12):
        answer = page.request.get(site.url(f"/files/{file_id}"))
        assert answer.status == 404
