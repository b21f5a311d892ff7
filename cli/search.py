"""`flask search …` and `flask index …`: ask the archive, look after the index."""

from __future__ import annotations

import json
import sys
from datetime import date

import click
from flask.cli import AppGroup
from rich.progress import Progress
from sqlalchemy import func, select

from accounts.actors import actor_for
from desk import index_switch
from records import indexing, outbox
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.model import Record
from records.people import Organisation, Seat, User
from records.search import Filters
from settings import SEARCH_BACKENDS

search_group = AppGroup("search", help="Поиск по архиву.")
index_group = AppGroup("index", help="Поисковый индекс.")


def person_named(login: str) -> Actor:
    """The actor of a login (e-mail, or ИНН of a company: its first person)."""
    query = select(User).where(func.lower(User.email) == login.lower())
    if login.isdigit():
        query = (
            select(User)
            .join(Seat, Seat.user_id == User.id)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .where(Organisation.inn == login)
            .order_by(Seat.id)
        )
    user = db.session.scalars(query.limit(1)).first()
    if user is None:
        raise click.ClickException(f"Нет пользователя с логином {login}.")
    return actor_for(user)


@search_group.command("query")
@click.argument("text")
@click.option("--as", "login", help="Логин: искать с правами этого человека (без него — с правами системы).")
@click.option("--kind", multiple=True, help="Только документы этого вида.")
@click.option("--state", multiple=True, help="Только в этом состоянии.")
@click.option("--from", "since", help="Дата документа не раньше (ГГГГ-ММ-ДД).")
@click.option("--to", "until", help="Дата документа не позже (ГГГГ-ММ-ДД).")
@click.option("--limit", default=20, show_default=True, help="Сколько находок показать.")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def query_command(
    text: str,
    login: str | None,
    kind: tuple[str, ...],
    state: tuple[str, ...],
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Найти документы по словам TEXT."""
    outbox.drain(["extract", "reindex", "index"])
    filters = Filters(
        kind=list(kind) or None,
        state=list(state) or None,
        date_from=date.fromisoformat(since) if since else None,
        date_to=date.fromisoformat(until) if until else None,
    )
    actor = person_named(login) if login else SYSTEM_ACTOR
    found = indexing.find(actor, text, filters=filters, limit=limit)
    hits = [{"id": h.id, "title": h.title, "snippet": h.snippet, "file": h.file_name} for h in found.hits]
    if as_json:
        answer = {"hits": hits, "total": found.total, "facets": found.facets, "corrected": found.corrected}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if found.corrected:
        click.echo(f"Показано для «{found.corrected}»")
    for hit in hits:
        click.echo(f"{hit['id']:>7}  {hit['title']}\n         {hit['snippet']}")
    click.echo(f"Найдено: {'более ' if found.total_capped else ''}{found.total}")


@index_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def status(as_json: bool) -> None:
    """Показать состояние индекса."""
    facts = dict(indexing.engine().backend.check())
    facts["records"] = db.session.scalar(
        select(func.count()).select_from(Record).where(Record.trashed_at.is_(None))
    )
    facts["waiting"] = outbox.waiting()
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
    else:
        for name, value in facts.items():
            click.echo(f"{name}: {value}")
    if not facts.get("ok", True):
        sys.exit(1)


@index_group.command("rebuild")
def rebuild() -> None:
    """Построить индекс заново по всем документам."""
    total = db.session.scalar(select(func.count()).select_from(Record)) or 0
    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Индексация", total=total)
        done = indexing.rebuild(lambda count: bar.update(task, completed=count))
    click.echo(f"Проиндексировано документов: {done}")


@index_group.command("switch")
@click.argument("backend", type=click.Choice(sorted(SEARCH_BACKENDS)))
def switch(backend: str) -> None:
    """Перейти на другой поисковый движок BACKEND и построить его индекс."""
    if backend not in (*indexing.backends().others(), indexing.backends().chosen()):
        raise click.ClickException(
            "Этот движок здесь не годится: postgresql работает только с базой PostgreSQL, "
            "а заданный в VECHE_SEARCH меняют там же."
        )
    total = db.session.scalar(select(func.count()).select_from(Record)) or 0
    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Индексация", total=total)
        done = index_switch.switch(backend, lambda count: bar.update(task, completed=count))
    click.echo(f"Движок {backend}: проиндексировано {done}. Сайт уже ищет через него.")


COMMANDS = (search_group, index_group)
