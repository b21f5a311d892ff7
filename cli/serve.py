"""`flask serve`: upgrade, fill an empty installation with the demo, print logins,
serve with granian and a worker."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app

from records.database import db
from records.people import User

from . import database


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Адрес, на котором слушать.")
@click.option("--port", default=8000, show_default=True, help="Порт.")
@click.option("--workers", default=1, show_default=True, help="Процессов, отвечающих на запросы.")
@click.option("--threads", default=8, show_default=True, help="Потоков в каждом процессе.")
@click.option("--demo/--no-demo", default=None, help="Наполнить пустую базу демонстрационной СРО.")
def serve(host: str, port: int, workers: int, threads: int, demo: bool | None) -> None:
    """Запустить «Вече»: сайт и обработчик фоновых работ."""
    settings = current_app.extensions["settings"]
    if not _free(host, port):
        raise click.ClickException(
            f"Порт {port} занят другой программой. Выберите иной: make run PORT={port + 1}"
        )
    if not database.is_current():
        click.echo("Готовлю базу данных…")
        database.upgrade()
    if (settings.demo if demo is None else demo) and _empty():
        _seed()
    _say(settings.demo, f"http://{host}:{port}")
    db.session.remove()
    db.engine.dispose()
    _become_supervisor(host, port, workers, threads)


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _empty() -> bool:
    return db.session.query(User.id).first() is None


def _seed() -> None:
    click.echo("Первый запуск: создаю демонстрационную СРО…")
    code = subprocess.call([sys.executable, "-m", "flask", "--app", "app", "seed", "demo", "--no-logins"])
    if code:
        raise click.ClickException("Не удалось создать демонстрационную СРО (см. выше).")


def _say(demo: bool, address: str) -> None:
    if not shutil.which("tesseract"):
        click.echo("Распознавание сканов выключено: нет программы tesseract (пакет tesseract-ocr-rus).")
    if demo:
        from demo import logins

        click.echo("\nДемонстрационные входы (люди вымышлены):")
        for role, login, password in logins():
            click.echo(f"  {role:<42} {login:<34} {password}")
    click.echo(f"\n«Вече» открыто на {address}  (остановить: Ctrl+C)")


def web_command(
    host: str, port: int, *, workers: int, threads: int, factory: str = "wsgi:create_app"
) -> list[str]:
    """The web server as a program; measurements serve their reference with the very same."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "2048"),
        *("--log-level", "warning", "--factory", factory),
    ]


def _become_supervisor(host: str, port: int, workers: int, threads: int) -> None:
    """Turn into the small program that keeps the site and its worker; this one has done its part."""
    script = Path(__file__).with_name("supervisor.py")
    command = [sys.executable, str(script), "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--threads", str(threads)]
    if current_app.extensions["settings"].tasks != "worker":
        command.append("--no-worker")
    sys.stdout.flush()
    os.execv(sys.executable, command)


COMMANDS = (serve,)
