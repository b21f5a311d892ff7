"""Every page on a wide screen and on a phone: nothing wider than it, no serious accessibility fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Site, check_page

LONG = (
    "О порядке представления сведений о совокупном размере обязательств "
    "по договорам строительного подряда за 2026 год"
)
FILL = f"""
import io, json
from app import create_app
from records import service
from records.database import db
from records.people import User
from tests import world as w
LONG = {LONG!r}
with create_app().app_context():
    users = {{u.email.partition("@")[0]: u for u in db.session.scalars(db.select(User))}}
    world = w.World(None, None, users)
    head, clerk = world.actor("head"), world.actor("clerk")
    made = {{"draft": w.draft(head, subject="Черновик", text="").id}}
    for number in range(12):
        text = "Просим разъяснить порядок. " * 20
        record = w.draft(head, subject=f"{{LONG}}, письмо {{number}}", text=text)
        name, content = f"Справка о договорах {{number}}.txt", f"Файл {{number}}".encode()
        service.attach(head, record.id, io.BytesIO(content), name)
        last = service.act(head, record.id, "submit").id
        made.setdefault("letter", last)
    service.link(head, last, made["letter"], "supplements")
    service.act(clerk, last, "take")
    service.remark(clerk, last, "Приложите лист записи ЕГРЮЛ", public=True, blocking=True)
    service.remark(clerk, last, "Сверить с реестром", public=False)
    service.act(world.actor("curator"), last, "return", note="Нет листа записи")
    made["returned"] = last
    news = {{"subject": "Совет утвердил план", "text": "План на 2027 год.", "topic": "law"}}
    service.act(clerk, service.create(clerk, "news", fields=news).id, "publish")
    notice = {{**news, "subject": "Собрание 15 декабря", "pinned": True, "event_on": "2026-12-15"}}
    made["notice"] = service.create(clerk, "announcement", fields=notice).id
    service.act(clerk, made["notice"], "publish")
    asked = {{"subject": "Можно ли менять уровень?", "topic": "law"}}
    chat = service.create(head, "chat_topic", fields=asked)
    service.act(head, chat.id, "activate")
    service.remark(head, chat.id, "Мы сменили адрес, что подать?", public=True, purpose="message")
    made["chat"] = chat.id
    from desk import samples
    from records import query
    made["sample"] = samples.keep(clerk, query.get(clerk, made["letter"]), "Письмо о договорах")
    print("\\n" + json.dumps(made))
"""

COMMON = (
    "/",
    "/records",
    "/records?kind=letter&due=soon",
    "/records?number=нет-такого",
    "/records/{letter}",
    "/records/{returned}",
    "/records/{notice}",
    "/records/{letter}/chain",
    "/archive?every=1",
    "/archive",
    "/calendar",
    "/calendar?view=list",
    "/catalogue",
    "/chat",
    "/chat/{chat}",
    "/news",
    "/reference",
    "/samples",
    "/samples/{sample}",
    "/search?q=договорам",
    "/search?q=ъъъ",
    "/trash",
    "/workflows",
    "/workflows/letter",
    "/workflows/membership_application",
    "/notifications",
    "/help",
    "/profile",
    "/meetings",
    "/no-such-page",
)
MEMBER = (
    "/records/{draft}/edit",
    "/records/{returned}/edit",
    "/records/new/register_change_application",
)
STAFF = (
    "/desk",
    "/desk?at={letter}&ready=0",
    "/intake",
    "/intake/paper",
    "/journals",
    "/keeping/plan",
    "/keeping/expired",
    "/reply-templates",
    "/records/{letter}/sample",
    "/records/{letter}/act/annul",
    "/mail",
)
ADMIN = (
    "/settings/office",
    "/settings/numbering",
    "/settings/terms",
    "/settings/routing",
    "/meetings/charter",
)
PAGES = {"head": COMMON + MEMBER, "clerk": COMMON + STAFF, "admin": ("/", *ADMIN)}


@pytest.fixture(scope="module")
def filled(site: Site) -> dict[str, object]:
    """Papers of every look: long titles, a returned one, news, a talk, a sample."""
    env = os.environ | {
        "VECHE_INSTANCE": str(site.instance),
        "VECHE_SECRET_KEY": "browser-tests",
        "PYTHONPATH": str(ROOT),
    }
    for name in ("VECHE_DATABASE_URL", "VECHE_SEARCH"):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", FILL], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    made: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return made


@pytest.mark.requirement("U-11", "U-09")
@pytest.mark.parametrize("screen", ["desktop", "phone"])
@pytest.mark.parametrize("name", list(PAGES))
def test_no_page_is_wider_than_the_screen_or_unreadable(
    person: Callable[..., Page], site: Site, filled: dict[str, object], name: str, screen: str
) -> None:
    page = person(name, screen=screen)
    faults = [fault for path in PAGES[name] if (fault := fault_of(page, site, path.format(**filled)))]
    assert faults == []


def fault_of(page: Page, site: Site, path: str) -> str | None:
    """What is wrong with a page, or None; so that one run tells of every page."""
    answer = page.goto(site.url(path))
    expected = 404 if path == "/no-such-page" else 200
    if answer is None or answer.status != expected:
        return f"{path}: {answer.status if answer else 'no answer'}"
    try:
        check_page(page)
    except AssertionError as error:
        return f"{path}: {error}"
    if folder := os.environ.get("VECHE_SHOTS"):
        name = path.strip("/").replace("/", "_").replace("?", "-").replace("&", "-") or "home"
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=f"{folder}/{width}-{name}.png", full_page=True)
    return None


@pytest.mark.requirement("C-46")
def test_the_queue_is_walked_without_leaving_the_page(
    person: Callable[..., Page], site: Site, filled: dict[str, object]
) -> None:
    page = person("clerk")
    page.goto(site.url("/desk"))
    place = page.locator("#preview .split-steps .muted")
    place.filter(has_text="1 из").wait_for()
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Следующий").click()
    place.filter(has_text="2 из").wait_for()
    page.keyboard.press("]")
    place.filter(has_text="3 из").wait_for()
    assert page.evaluate("window.sameDocument") is True
    assert "at=" in page.url
    page.reload()
    place.filter(has_text="3 из").wait_for()
