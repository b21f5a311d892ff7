"""Fixtures: one application a worker, a fresh database a test, people as actors,
browsers without a network."""

from __future__ import annotations

import contextvars
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from records import indexing, storage
from records.actor import Actor
from records.database import db
from records.schema import install_triggers
from tests import world as people
from tests.world import World

ON_POSTGRES = os.environ.get("VECHE_TEST_DATABASE") == "postgresql"


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def database_url(instance: Path, worker_id: str) -> Iterator[str]:
    """The database of this worker: a file, or one of the test server's databases."""
    if not ON_POSTGRES:
        yield f"sqlite:///{instance / 'veche.db'}"
        return
    from tests import postgres

    name = f"veche_{worker_id}"
    postgres.drop_database(name)
    yield postgres.create_database(name)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which xdist worker this is; `main` when pytest runs alone."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def application(instance: Path, database_url: str) -> Iterator[Flask]:
    """The application with an empty schema and, beside it, the filled world as a template."""
    from app import create_app
    from settings import load

    settings = load(
        {
            "VECHE_INSTANCE": str(instance),
            "VECHE_DATABASE_URL": database_url,
            "VECHE_TASKS": "apart",
            "VECHE_SECRET_KEY": "test-key",
            "VECHE_DEMO": "1",
        }
    )
    app = create_app(settings)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            install_triggers(connection)
        _keep_template(instance)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _keep_template(instance: Path) -> None:
    people.build()
    db.session.remove()
    if not ON_POSTGRES:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(instance / "veche.db", instance / "template.db")


@pytest.fixture
def app(application: Flask, instance: Path) -> Iterator[Flask]:
    """The application over a database as fresh as on the first day."""
    from providers import wiring

    # Another test may have built an application of its own: the ports are one set for the process.
    wiring.connect(application, application.extensions["settings"])
    with application.app_context():
        db.session.remove()
        _forget_index(instance)
        if ON_POSTGRES:
            _empty_tables()
            people.build()
        else:
            db.engine.dispose()
            for tail in ("", "-wal", "-shm"):
                (instance / f"veche.db{tail}").unlink(missing_ok=True)
            shutil.copy(instance / "template.db", instance / "veche.db")
        db.session.remove()
    yield application


def _forget_index(instance: Path) -> None:
    """An index that an earlier test has filled knows records that are no more."""
    if ON_POSTGRES and indexing._search:
        indexing.engine().backend.rebuild([])
    indexing.close()
    if (instance / "index").exists():
        shutil.rmtree(instance / "index")


def _empty_tables() -> None:
    engine = create_engine(db.engine.url)
    names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """Inside the application, for tests that call services."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def world(ctx: Flask) -> World:
    """The small СРО: `world.actor("head")`, `world.company`, `world.users[…]`."""
    users = {u.email.partition("@")[0]: u for u in db.session.scalars(db.select(people.User))}
    found = {o.register_number: o for o in db.session.scalars(db.select(people.Organisation))}
    return World(found["0286"], found["0287"], users)


def _person(name: str) -> Any:
    def fixture(world: World) -> Actor:
        return world.actor(name)

    return pytest.fixture(name=name)(fixture)


for _name in [*people.STAFF, "head", "proxy", "specialist", "stranger", "outsider"]:
    globals()[f"_fixture_{_name}"] = _person(_name)


@pytest.fixture
def drain(ctx: Flask) -> Any:
    """Do the work of the outbox now, as the worker would."""
    from records import outbox

    return outbox.drain


class Browser:
    """A test client whose requests run apart from the test's own application context."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, **options: Any) -> Any:
        return self._apart("get", url, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """Post a form with the page's CSRF token."""
        if "json" in options:
            options.setdefault("headers", {})["X-CSRFToken"] = self.token()
        else:
            data = {"csrf_token": self.token(), **(data or {})}
        return self._apart("post", url, data=data, **options)

    def patch(self, url: str, **options: Any) -> Any:
        options.setdefault("headers", {})["X-CSRFToken"] = self.token()
        return self._apart("patch", url, **options)

    def raw(self, method: str, url: str, **options: Any) -> Any:
        """A request as it is, without a token."""
        return self._apart(method, url, **options)

    def token(self) -> str:
        page = self._apart("get", "/login", follow_redirects=True).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(
            r'name="csrf-token"[^>]*content="([^"]+)"', page
        )
        assert found, "the page has no CSRF token"
        return found.group(1)

    def login(self, name: str, password: str = people.PASSWORD) -> Any:
        return self.post("/login", {"name": name, "password": password})

    def _apart(self, method: str, url: str, **options: Any) -> Any:
        return contextvars.Context().run(getattr(self.client, method), url, **options)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has logged in with."""
    return Browser(app.test_client())


@pytest.fixture
def browser_of(app: Flask, ctx: Flask) -> Any:
    """`browser_of("head")`: a browser where that person is logged in (a session opened by the service)."""

    def logged_in(name: str) -> Browser:
        from accounts import sessions

        user = db.session.scalars(
            db.select(people.User).where(people.User.email.startswith(f"{name}@"))
        ).one()
        _, token = sessions.open_session(user, method="password", address="127.0.0.1", agent="tests")
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = token
        return Browser(client)

    return logged_in


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """A handler named for one test must not serve the next."""
    before = list(storage._storage)
    yield
    storage._storage[:] = before
