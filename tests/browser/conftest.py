"""A real site for a real browser: the server and its worker as processes, a real SMTP server, Chromium."""

from __future__ import annotations

import email
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.programs import chromium

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
WIDTHS = {"desktop": (1366, 900), "phone": (390, 844)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Letters:
    """What the SMTP server has taken."""

    messages: list[Message] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.messages.append(email.message_from_bytes(envelope.content))
        return "250 OK"

    def link_to(self, address: str, pattern: str, *, seconds: float = 20) -> str:
        """The link in the latest letter to an address; waits for the letter to come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                if address in str(message["To"]) and (found := re.search(pattern, body_of(message))):
                    return found.group(0)
            time.sleep(0.2)
        raise AssertionError(
            f"no letter to {address} with {pattern}; came: {[m['To'] for m in self.messages]}"
        )


def body_of(message: Message) -> str:
    parts = [p for p in message.walk() if p.get_content_type() == "text/plain"]
    return "\n".join(p.get_payload(decode=True).decode(p.get_content_charset() or "utf-8") for p in parts)  # type: ignore[union-attr]


@dataclass
class Site:
    """The running site."""

    address: str
    letters: Letters
    instance: Path

    def url(self, path: str) -> str:
        return self.address + path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`make run` without the demo: migrations, server, worker, letters by SMTP."""
    instance = tmp_path_factory.mktemp("site")
    port, letters = free_port(), Letters()
    post = Controller(letters, hostname="127.0.0.1", port=free_port())
    post.start()
    env = os.environ | {
        "VECHE_INSTANCE": str(instance),
        "VECHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "VECHE_MAIL_URL": f"smtp://127.0.0.1:{post.port}",
        "VECHE_MAIL_FROM": "office@baikal.example",
        "VECHE_SECRET_KEY": "browser-tests",
        "PYTHONPATH": str(ROOT),
    }
    for name in ("VECHE_DATABASE_URL", "VECHE_SEARCH"):
        env.pop(name, None)
    run(env, "-m", "flask", "--app", "app", "db", "upgrade")
    run(
        env,
        "-c",
        "from app import create_app; from tests import world\nwith create_app().app_context(): world.build()",
    )
    log = (instance / "serve.log").open("w")
    command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/login", server)
        yield Site(f"http://127.0.0.1:{port}", letters, instance)
    finally:
        server.terminate()
        server.wait(timeout=20)
        post.stop()
        log.close()


def run(env: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer in time")


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ]
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def person(site: Site, chromium_browser: Browser) -> Iterator[Callable[..., Page]]:
    """`person("head")`: a page of that person, logged in, in a context of his own."""
    contexts: list[BrowserContext] = []

    def opened(name: str | None = None, *, screen: str = "desktop") -> Page:
        width, height = WIDTHS[screen]
        context = chromium_browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if name is not None:
            from tests.world import PASSWORD

            address = f"{name}@baikal.example" if name in STAFF_NAMES else f"{name}@member.example"
            page.goto(site.url("/login"))
            page.get_by_label("ИНН организации или e-mail").fill(address)
            page.get_by_label("Пароль", exact=False).first.fill(PASSWORD)
            page.get_by_role("button", name="Войти", exact=True).click()
            page.wait_for_url(site.url("/"))
        return page

    yield opened
    for context in contexts:
        context.close()


STAFF_NAMES = frozenset(
    {
        "clerk",
        "curator",
        "registrar",
        "control",
        "accountant",
        "lawyer",
        "director",
        "secretary",
        "archivist",
        "admin",
    }
)


def check_page(page: Page) -> None:
    """No serious accessibility violation, nothing wider than the screen."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))  # through the debugger: the page's own policy stays strict
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + "
        "v.nodes.map(n => n.target).join(' '))"
    )
    assert found == [], f"{page.url}: {found}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"
