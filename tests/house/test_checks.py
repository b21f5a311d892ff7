"""What `make lint` and `make types` say is part of the tests: a red check is a red test."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT

CHECKS = {
    "style": ["ruff", "check", "--no-cache", "--output-format=concise", "."],
    "format": ["ruff", "format", "--no-cache", "--check", "."],
    "types": ["mypy"],
}
IMPORTS = (
    "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True, no_logo=True))"
)


def words_of(command: list[str]) -> str:
    """Empty when the check is content."""
    result = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    return result.stdout + result.stderr if result.returncode else ""


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_code_passes(check):
    words = words_of(["-m", *check])
    assert not words, words


def test_imports_point_down_only():
    words = words_of(["-c", IMPORTS])
    assert not words, words
