"""Floors beyond what import-linter can say: no circles, and nothing imported that is not installed."""

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.tree import ROOT, is_standard, named, packages, program, short


def imports(path: Path) -> Iterator[str]:
    """Modules that a file imports; a relative import stays inside its own package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def top(module: str) -> str:
    return module.partition(".")[0]


def distribution(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_packages_do_not_import_in_a_circle():
    arrows = {
        package: {
            top(module)
            for path in named(".py")
            if path.relative_to(ROOT).parts[0] == package
            for module in imports(path)
            if top(module) in packages() and top(module) != package
        }
        for package in packages()
    }
    try:
        circle = None
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        circle = error.args[1]
    assert circle is None


def test_workflows_need_the_standard_library_alone():
    foreign = [
        f"{short(path)}: {module}"
        for path in named(".py")
        if path.relative_to(ROOT).parts[0] == "workflows"
        for module in imports(path)
        if not is_standard(module) and top(module) != "workflows"
    ]
    assert foreign == []


def test_the_program_imports_only_what_requirements_install():
    required = {
        distribution(line.partition("==")[0])
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    ours = {*packages(), *(path.stem for path in ROOT.glob("*.py"))}
    providers = packages_distributions()
    unknown = [
        f"{short(path)}: {module}"
        for path in program()
        for module in imports(path)
        if not is_standard(module)
        and top(module) not in ours
        and not required & {distribution(name) for name in providers.get(top(module), [])}
    ]
    assert unknown == []


def test_every_package_stands_on_a_floor():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(settings["tool"]["importlinter"]["root_packages"]) == set(packages())
