"""`flask serve`: upgrade, fill an empty installation with the demo, print logins, serve with granian and a worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

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
        raise click.ClickException(f"Порт {port} занят другой программой. Выберите иной: make run PORT={port + 1}")
    if not database.is_current():
        click.echo("Готовлю базу данных…")
        database.upgrade()
    if (settings.demo if demo is None else demo) and _empty():
        _seed()
    _say(settings.demo, f"http://{host}:{port}")
    db.session.remove()
    db.engine.dispose()
    _run(host, port, workers, threads)


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
    code = subprocess.call([sys.executable, "-m", "flask", "--app", "app", "seed", "demo"])
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


def _run(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop; the worker is started again if it dies, both end together."""
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "2048"),
        *("--log-level", "warning", "--factory", "app:create_app"),
    ]
    worker = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    background = current_app.extensions["settings"].tasks == "worker"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running = {"web": subprocess.Popen(web, env=os.environ)}
    try:
        while running["web"].poll() is None:
            if background and ("worker" not in running or running["worker"].poll() is not None):
                running["worker"] = subprocess.Popen(worker, env=os.environ)
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("\nОстанавливаю…")
    finally:
        _stop(running)


def _stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


COMMANDS = (serve,)
