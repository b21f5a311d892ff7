"""What may stand in the repository: sizes, names, pins, and no trace of the machine it was written on."""

import json
import re

from tests.house.tree import ROOT, files, named, short

LONGEST = 450
TEXT = {
    ".py",
    ".js",
    ".css",
    ".html",
    ".md",
    ".toml",
    ".json",
    ".txt",
    ".sh",
    ".cfg",
    ".ini",
    ".yml",
    ".yaml",
    "",
}
NAMELESS = {"utils", "helpers", "common", "misc", "manager", "managers"}
REGISTRY = re.compile(r"registry\.npmjs|pypi\.org|pythonhosted\.org|index[-]url|\"resolved\": ?\"http")
MACHINE_PATH = re.compile(r"""[\s"'`=(:]/(?:home|root|tmp|work|Users)/[\w.-]""")


def ours_to_read():
    """Text written by us; the data of the tests came from elsewhere."""
    data = ROOT / "tests" / "data"
    return [path for path in files() if path.suffix in TEXT and data not in path.parents]


def lines_with(pattern):
    return [
        f"{short(path)}:{number}: {line.strip()[:80]}"
        for path in ours_to_read()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_too_long_to_read():
    lengths = {
        short(path): len(path.read_text("utf-8").splitlines())
        for path in named(".py", ".js", ".html")
        # The whole schema in one step, written by Alembic; and what strangers' programs wrote for the tests.
        if path.parent.name != "versions" and ROOT / "tests" / "data" not in path.parents
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_registry_is_named():
    assert lines_with(REGISTRY) == []


def test_no_path_of_a_machine_is_named():
    assert lines_with(MACHINE_PATH) == []


def test_every_module_says_by_its_name_what_it_is_for():
    assert [short(path) for path in named(".py") if path.stem in NAMELESS] == []


def test_every_python_package_is_pinned():
    loose = [
        f"{path.name}: {line}"
        for path in ROOT.glob("requirements*.txt")
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "-r ")) and not re.match(r"[a-z0-9-]+==[\w.]+(\s+#.*)?$", line)
    ]
    assert loose == []


def test_no_python_package_is_pinned_twice():
    names = [
        line.partition("==")[0]
        for path in ROOT.glob("requirements*.txt")
        for line in path.read_text("utf-8").splitlines()
        if "==" in line
    ]
    assert sorted(names) == sorted(set(names))


def test_the_lock_file_holds_exact_digests_and_no_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    entries = {name: entry for name, entry in lock["packages"].items() if name}
    wrong = [name for name, entry in entries.items() if "integrity" not in entry or "resolved" in entry]
    assert wrong == []


def test_browser_packages_are_pinned_to_one_version():
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    wanted = package["dependencies"] | package["devDependencies"]
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)} == {}


def test_files_of_others_are_left_out_of_the_repository():
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert {"node_modules/", "static/vendor/", "tests/vendor/", ".venv/"} <= set(ignored)
