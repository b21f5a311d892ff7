"""The PostgreSQL of the tests: one server, a database for each worker."""

import os

import psycopg
import pytest

from tests import postgres

pytestmark = pytest.mark.postgres
NAME = f"house_{os.getpid()}"


def value(database, query):
    with psycopg.connect(postgres.server().dsn(database)) as connection:
        return connection.execute(query).fetchone()[0]


def build(url):
    with psycopg.connect(postgres.server().dsn(url.rpartition("/")[2])) as connection:
        connection.execute("CREATE TABLE paper AS SELECT 417 AS number")


@pytest.fixture
def database():
    yield NAME
    postgres.drop_database(NAME)


@pytest.fixture
def template():
    yield postgres.template(f"{NAME}_template", build)
    with psycopg.connect(postgres.server().dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {NAME}_template")


def test_a_new_database_is_empty(database):
    postgres.create_database(database)
    assert value(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_a_database_is_made_from_a_template(database, template):
    postgres.create_database(database, template)
    assert value(database, "SELECT number FROM paper") == 417


def test_a_template_is_built_once(template):
    built = []
    postgres.template(template, built.append)
    assert built == []


def test_the_server_lowers_russian_letters():
    assert value("postgres", "SELECT lower('ЁЖ')") == "ёж"


def test_the_server_knows_russian_words():
    assert value(
        "postgres", "SELECT to_tsvector('russian', 'заявлениями') @@ to_tsquery('russian', 'заявление')"
    )
