"""Coming in by a certificate, and the public check of a file, in a real browser."""

from __future__ import annotations

from hashlib import sha256

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, check_page
from tests.browser.signing.conftest import Opened, SigningSite
from tests.browser.signing.site import DATA

pytestmark = pytest.mark.browser


@pytest.mark.requirement("C-06", "S-20")
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_a_bound_certificate_opens_the_cabinet(signing_site: SigningSite, head: Opened, screen: str) -> None:
    page = head(screen=screen)
    page.goto(f"{signing_site.address}/profile/certificates")
    with page.expect_navigation():
        page.get_by_role("button", name="Привязать сертификат").click()
    expect(page.get_by_role("button", name="Отвязать")).to_be_visible()
    check_page(page)
    page.context.clear_cookies()
    page.goto(f"{signing_site.address}/login?next=/profile")
    page.get_by_role("button", name="Войти по сертификату").click()
    expect(page.locator(".certificate")).to_contain_text("Иванов Иван Иванович")
    check_page(page)
    page.locator(".sign-login").get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(f"{signing_site.address}/profile")


@pytest.mark.requirement("C-06")
def test_a_certificate_of_nobody_here_is_told_what_to_do(signing_site: SigningSite, head: Opened) -> None:
    page = head({"certificates": [signing_site.key("other")]}, known=False)
    page.goto(f"{signing_site.address}/login")
    page.get_by_role("button", name="Войти по сертификату").click()
    expect(page.locator("[data-trouble]")).to_contain_text("ещё нет тестового сертификата")
    page.locator(".sign-login").get_by_text("КриптоПро", exact=True).click()
    page.locator(".certificate input").check()
    page.locator(".sign-login").get_by_role("button", name="Войти", exact=True).click()
    expect(page.locator("[data-trouble]")).to_contain_text("СНИЛС")


def asked(page: Page) -> list[str]:
    """What leaves the browser on the check page: addresses, and bodies if there were any."""
    found: list[str] = []
    page.on("request", lambda one: found.append(f"{one.method} {one.url} {one.post_data or ''}".strip()))
    return found


@pytest.mark.requirement("S-16")
@pytest.mark.parametrize("screen", list(WIDTHS))
def test_a_file_is_checked_without_leaving_the_browser(
    signing_site: SigningSite, head: Opened, screen: str
) -> None:
    page = head(screen=screen, known=False)
    page.goto(f"{signing_site.address}/check")
    sent = asked(page)
    content = (DATA / "d07.pdf").read_bytes()
    page.set_input_files("#file", {"name": "Чужой.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(page.get_by_text("изменён или выдан не этой системой")).to_be_visible()
    digest = sha256(content).hexdigest()
    expect(page.locator(".hashes code").first).to_have_text(digest)
    expect(page.locator(".hashes code").last).to_have_text(streebog(content))
    asked_for = [one for one in sent if "/static/" not in one]
    assert asked_for == [f"GET {signing_site.address}/check/digest/{digest}"]
    check_page(page)


def streebog(content: bytes) -> str:
    """By another implementation than the browser's."""
    from signing.gost.streebog import new

    counted = new(256)
    counted.update(content)
    return counted.hexdigest()
