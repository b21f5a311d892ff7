"""The files of the repository as the house rules see them: ours alone, nothing installed or generated."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOREIGN = {
    ".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache",
    "__pycache__", "instance", "node_modules", "vendor", "test-results",
}  # fmt: skip
BESIDE_THE_PROGRAM = {"tests", "tools", "benchmarks", "migrations"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of ours. Walked, not asked of git: a copy without .git obeys the same rules."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - FOREIGN)
        found += [Path(folder, name) for name in sorted(names)]
    return tuple(found)


def named(*suffixes: str) -> Iterator[Path]:
    return (path for path in files() if path.suffix in suffixes)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def packages() -> tuple[str, ...]:
    """The packages of the running program: the floors and what stands on them."""
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    return tuple(sorted(found - BESIDE_THE_PROGRAM))


def program() -> Iterator[Path]:
    """The Python of the running program."""
    for path in named(".py"):
        top = path.relative_to(ROOT).parts[0]
        if top in packages() or path.parent == ROOT:
            yield path


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
