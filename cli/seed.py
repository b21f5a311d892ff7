"""`flask seed demo`: a believable invented СРО, made through the services, the same for the same seed."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup

from records import outbox
from records.errors import Refused

group = AppGroup("seed", help="Наполнить новую установку.")


@group.command("demo")
@click.option(
    "--members", default=120, show_default=True, type=click.IntRange(5, 5000), help="Сколько членов."
)
@click.option(
    "--records", default=1500, show_default=True, type=click.IntRange(1, 500_000), help="Сколько документов."
)
@click.option("--seed", default=1, show_default=True, help="Зерно: с тем же зерном выйдет то же.")
@click.option("--logins/--no-logins", "with_logins", default=True, help="Назвать входы.")
@click.option("--index/--no-index", default=True, help="Сразу извлечь тексты и построить индекс.")
def demo(members: int, records: int, seed: int, index: bool, with_logins: bool) -> None:
    """Создать демонстрационную СРО строителей: люди, компании, документы за два года (всё вымышлено)."""
    from demo import builder, logins  # a site that serves pages never seeds: its memory need not hold this

    if builder.is_loaded():
        click.echo("Демо уже загружено.")
        return
    began = time.monotonic()
    with click.progressbar(length=records, label="Документы", show_pos=True) as bar:
        try:
            made = builder.build(
                members=members,
                records=records,
                seed=seed,
                say=lambda n: bar.update(max(0, min(n, records) - bar.pos)),
            )
        except Refused as refused:
            raise click.ClickException(str(refused)) from refused
    if index:
        click.echo("Тексты и индекс…")
        outbox.drain(["extract", "index"], limit=100_000)
    click.echo(f"Готово: документов {made}, за {time.monotonic() - began:.0f} с.")
    for role, login, password in logins() if with_logins else ():
        click.echo(f"  {role:<48} {login:<32} {password}")


COMMANDS = (group,)
