"""Programs that come with a key: the key is issued as in the cabinet, requests run without a network."""

from __future__ import annotations

import contextvars
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from accounts import keys
from tests.world import World

API = "/api/v1"


class Program:
    """A client of the API with a bearer key (or none)."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client, self.token = app.test_client(), token

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        address = path if path.startswith("/api") else API + path
        # Apart from the test's own application context, as a request of a stranger would be.
        return contextvars.Context().run(
            self.client.open, address, method=method, headers=headers, buffered=True, **options
        )

    def get(self, path: str, **options: Any) -> Any:
        return self("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        return self("POST", path, **options)

    def patch(self, path: str, **options: Any) -> Any:
        return self("PATCH", path, **options)

    def upload(
        self, path: str, content: bytes = b"text of a paper", name: str = "paper.txt", **options: Any
    ) -> Any:
        slot = options.pop("slot", None)
        data: dict[str, Any] = {"file": (io.BytesIO(content), name)}
        if slot is not None:
            data["slot"] = slot
        return self("POST", path, data=data, content_type="multipart/form-data", **options)


@pytest.fixture(autouse=True)
def _fresh_limits(application: Flask) -> Iterator[None]:
    """Requests of one test do not use up the next one's share."""
    from api.door import Limits

    application.extensions["api_limits"] = Limits(application.extensions["settings"].api_rate)
    yield


@pytest.fixture
def program(app: Flask, world: World) -> Callable[[str | None], Program]:
    """`program("head")`: that person's program, with a key of his own; `program(None)`: nobody's."""

    def of(name: str | None) -> Program:
        if name is None:
            return Program(app, None)
        who = world.actor(name)
        seat = world.users[name].seats[0].id
        return Program(app, keys.issue(who, "учётная программа", seat)[1])

    return of


LETTER = {"kind": "letter", "fields": {"subject": "О сроках проверки", "text": "Просим сообщить срок."}}


@pytest.fixture
def filed(program: Any) -> Callable[..., dict[str, Any]]:
    """A letter of «Ромашка» filed through the API, with a file."""

    def file(owner: Program, content: bytes = b"text of a paper") -> dict[str, Any]:
        made = owner.post("/records", json=LETTER).json
        owner.upload(f"/records/{made['id']}/files", content)
        done = owner.post(f"/records/{made['id']}/actions/submit")
        assert done.status_code == 200, done.text
        return done.json

    return file
