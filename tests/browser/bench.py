"""A bench for the components: real layouts, macros and scripts over invented data, under a strict policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from jinja2 import FileSystemLoader
from werkzeug.serving import make_server

from tests.browser.conftest import ROOT
from views._pictures import picture

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"
ACTIONS = (
    {"verb": "approve", "title": "Одобрить", "allowed": True, "reasons": []},
    {"verb": "sign", "title": "Подписать", "allowed": False, "reasons": ["Не снято замечаний: 2"]},
)
COLUMNS = (
    {"key": "number", "title": "Номер", "sort": True, "primary": True, "kind": "code"},
    {"key": "about", "title": "Содержание", "width": "wide"},
    {"key": "sum", "title": "Сумма", "kind": "money"},
    {"key": "state", "title": "Состояние", "kind": "status"},
)
STATES = (
    ("draft", "Черновик"),
    ("in_review", "Рассматривается"),
    ("returned", "На доработке"),
    ("approved", "Одобрено"),
    ("rejected", "Отказано"),
    ("archived", "В архиве"),
)
ROWS = tuple(
    {
        "id": number,
        "url": f"/records/{number}",
        "cells": {
            "number": f"Вх-{number}",
            "about": "О взносах",
            "sum": "1 234,56",
            "state": STATES[number % 6],
        },
    }
    for number in range(1, 7)
)
PAGES = ("card", "list", "form", "login")


@dataclass
class Bench:
    """The running bench: how it answers, and what it was sent."""

    address: str = ""
    mode: str = "ok"
    counters: dict[str, int] = field(
        default_factory=lambda: {"notifications": 0, "messages": 1, "incoming": 12}
    )
    saved: list[dict[str, Any]] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    done: int = 0


def site(bench: Bench) -> Flask:
    app = Flask("bench", root_path=str(ROOT), static_folder="static")
    app.secret_key = "bench"
    app.jinja_loader = FileSystemLoader([ROOT / "tests" / "browser" / "bench_pages", ROOT / "templates"])
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.jinja_env.globals["picture"] = picture
    app.context_processor(lambda: context(bench))
    app.after_request(strict)
    for name in PAGES:
        app.add_url_rule(f"/{name}", name, page(name))
    app.add_url_rule("/<path:path>", "sent", lambda path: sent(bench, path), methods=["GET", "POST", "PATCH"])
    return app


def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def context(bench: Bench) -> dict[str, object]:
    chosen = request.args.get("mode", "")
    person = {"id": 1, "name": "Петрова Анна Ивановна", "short_name": "Петрова А. И.", "initials": "ПА"}
    menu = [{"title": "Работа", "items": [{"title": "Список", "url": "/list", "icon": "list", "count": 3}]}]
    theme = {"dark": "dark" in chosen, "large": "large" in chosen, "lowvision": "lowvision" in chosen}
    office = {"name": "СРО «Байкал»", "phone": "+7 3952 00-00-00"}
    return {"me": person, "menu": menu, "counters": bench.counters, "site": office, "theme": theme}


def page(name: str) -> Any:
    return lambda: render_template(f"{name}.html", actions=ACTIONS, columns=COLUMNS, rows=ROWS)


def sent(bench: Bench, path: str) -> Any:
    """Every other address of the bench."""
    if request.method != "GET":
        bench.posted.append(path)
    match path:
        case "pulse":
            answer = jsonify(bench.counters)
            answer.add_etag()
            return answer.make_conditional(request)
        case "upload":
            name = request.files["file"].filename or ""
            if name.startswith("bad"):
                return jsonify(title="Отказано", detail="Такие файлы не принимаются."), 422
            return jsonify(id=len(bench.posted), name=name, size=3, sha256="00")
        case "autosave":
            return autosave(bench)
        case "lock":
            return jsonify(by="Сидоров П. С.", since="11:58"), 423
        case "progress":
            bench.done = min(bench.done + 215, 430)
            state = "done" if bench.done == 430 else "running"
            return jsonify(done=bench.done, total=430, state=state, text="Назначено 428, отказано 2")
        case "preferences":
            return "", 204
        case _:
            return render_template("login.html")


def autosave(bench: Bench) -> Any:
    if bench.mode == "ended":
        return jsonify(title="Сеанс завершён"), 401
    if bench.mode == "conflict":
        return jsonify(title="Изменено", by="Сидоров П. С."), 409
    bench.saved.append(request.get_json())
    return jsonify(version=len(bench.saved) + 1, saved_at="12:04")


@contextmanager
def running() -> Iterator[Bench]:
    bench = Bench()
    server = make_server("127.0.0.1", 0, site(bench), threaded=True)
    bench.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bench
    finally:
        server.shutdown()
        thread.join(timeout=10)
