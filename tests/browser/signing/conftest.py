"""The signing site as a running server, and the company's head in a browser of his own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.conftest import ROOT, WIDTHS, free_port, run, wait_for
from tests.world import PASSWORD

DOUBLE = Path(__file__).with_name("cryptopro_double.js")

Opened = Callable[..., Page]


@dataclass
class SigningSite:
    """The running site with its papers and the keys for the double."""

    address: str
    instance: Path
    papers: dict[str, Any]

    def sign(self, paper: str) -> str:
        return f"{self.address}/sign/{self.papers[paper]}"

    def key(self, name: str) -> dict[str, str]:
        return dict(self.papers["certificates"][name])


@pytest.fixture(scope="session")
def signing_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningSite]:
    instance = tmp_path_factory.mktemp("signing")
    port = free_port()
    env = os.environ | {
        "VECHE_INSTANCE": str(instance),
        "VECHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "VECHE_SECRET_KEY": "browser-tests",
        "PYTHONPATH": str(ROOT),
    }
    for name in ("VECHE_DATABASE_URL", "VECHE_SEARCH"):
        env.pop(name, None)
    run(env, "-m", "tests.browser.signing.site")
    script = DOUBLE.read_bytes()
    folder = instance / "cryptopro"
    folder.mkdir()
    (folder / "cadesplugin_api.js").write_bytes(script)
    (folder / "cadesplugin_api.js.sha256").write_text(f"{sha256(script).hexdigest()}  cadesplugin_api.js\n")
    with (instance / "serve.log").open("w") as log:
        command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/login", server)
            papers = json.loads((instance / "papers.json").read_text("utf-8"))
            yield SigningSite(f"http://127.0.0.1:{port}", instance, papers)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def logged_in(signing_site: SigningSite, chromium_browser: Browser) -> StorageState:
    """One login for all tests of a file: a password is slow by design."""
    context = chromium_browser.new_context(locale="ru-RU")
    page = context.new_page()
    page.goto(f"{signing_site.address}/login")
    page.get_by_label("ИНН организации или e-mail").fill("head@member.example")
    page.get_by_label("Пароль", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(f"{signing_site.address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def head(chromium_browser: Browser, logged_in: StorageState) -> Iterator[Opened]:
    """`head(double={…})`: a page of the company's head; the policy of the page must not be broken once."""
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def opened(
        double: dict[str, Any] | None = None,
        *,
        screen: str = "desktop",
        script: bool = True,
        known: bool = True,
    ) -> Page:
        width, height = WIDTHS[screen]
        context = chromium_browser.new_context(
            viewport={"width": width, "height": height},
            locale="ru-RU",
            java_script_enabled=script,
            storage_state=logged_in if known else None,
        )
        contexts.append(context)
        if double is not None:
            context.add_init_script(f"window.cadesDouble = {json.dumps(double)}")
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert broken == []
