"""Programs of the operating system that the project can use: what is missing and what it gives."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


def _on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _file(*patterns: str) -> Callable[[], bool]:
    return lambda: any(next(Path("/").glob(pattern), None) for pattern in patterns)


@dataclass(frozen=True)
class Program:
    """One optional program: the packages that bring it, in order of preference, and what a person gets."""

    gives: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


RUNNING = (
    Program("распознавание сканов", ("tesseract-ocr",), _on_path("tesseract")),
    Program(
        "русский язык распознавания",
        ("tesseract-ocr-rus",),
        _file("usr/share/tesseract-ocr/*/tessdata/rus.traineddata", "usr/share/tessdata/rus.traineddata"),
    ),
    Program("текст старых файлов Word (.doc)", ("catdoc",), _on_path("catdoc")),
    Program("быстрый Стрибог (ГОСТ Р 34.11-2012)", ("libgcrypt20",), _file("usr/lib/*/libgcrypt.so.20*")),
    Program("подпись СРО по ГОСТ: программа", ("openssl",), _on_path("openssl")),
    Program("подпись СРО по ГОСТ: модуль", ("libengine-gost-openssl",), _file("usr/lib/*/engines-3/gost.so")),
    Program("шрифты Liberation", ("fonts-liberation",), _file("usr/share/fonts/truetype/liberation*")),
    Program("шрифты ПТ", ("fonts-paratype",), _file("usr/share/fonts/truetype/paratype")),
)
# Where `playwright install chromium` puts its own when the system has none (Ubuntu packages it by snap only).
PLAYWRIGHT_BROWSERS = Path.home() / ".cache" / "ms-playwright"
TESTING = (
    Program(
        "проверки в браузере",
        ("chromium",),
        lambda: chromium() is not None or any(PLAYWRIGHT_BROWSERS.glob("chromium-*")),
    ),
    Program("проверки на PostgreSQL", ("postgresql",), _file("usr/lib/postgresql/*/bin/initdb")),
)


def chromium() -> str | None:
    """The system's browser; None leaves the choice to Playwright."""
    found = map(shutil.which, ("chromium", "google-chrome-stable", "google-chrome"))
    return next((path for path in found if path), None)


def absent(programs: Iterable[Program]) -> list[Program]:
    return [program for program in programs if not program.present()]


def may_install() -> bool:
    """Only root of a Debian or Ubuntu machine; nobody is asked for a password behind the owner's back."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> str | None:
    """Install Debian packages, waiting for another apt to finish; None, or what apt said when it failed."""
    command = [
        "apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3",
        "install", "-y", "--no-install-recommends", *packages,
    ]  # fmt: skip
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        # A bare container has no package lists yet; a stale machine has old ones.
        subprocess.run(["apt-get", "update"], env=environment, capture_output=True)
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
    return (result.stdout + result.stderr)[-1500:] if result.returncode else None
