"""Runs every test on SQLite with Whoosh, then those that touch the database again on PostgreSQL.

`python -m tools.run_tests [arguments of pytest]`. The last line sums up both passes in pytest's own form.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
# Floor 0 and the house rules know no database, the browser's pages none of their own: the second pass
# would only repeat the first.
WITHOUT_DATABASE = (
    "house",
    "workflows",
    "language",
    "attachments",
    "documents",
    "signing",
    "forms",
    "browser",
)
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|warnings?|deselected)")
NO_TESTS = 5
MOST_UNSTABLE = 5


def main(arguments: Sequence[str]) -> int:
    started = time.monotonic()
    first = settled_pass("SQLite", ["-m", "not postgres", *arguments], {"VECHE_TEST_DATABASE": "sqlite"})
    try:
        variables = {"VECHE_TEST_DATABASE": "postgresql"} | _server()
    except postgres.NoServer as reason:
        print(reason, file=sys.stderr)
        second = (1, "1 error: no server")
    else:
        second = settled_pass("PostgreSQL", _second(arguments), variables)
    passes = (first, second)
    for name, (_code, closing) in zip(("SQLite", "PostgreSQL"), passes, strict=True):
        print(f"{name}: {closing}")
    print(summary([closing for _code, closing in passes], time.monotonic() - started))
    # A pass whose selection is empty is no failure when the other had something to run.
    codes = [code for code, _closing in passes if code != NO_TESTS]
    return max(codes, default=NO_TESTS)


def _second(arguments: Sequence[str]) -> list[str]:
    ignored = [f"--ignore=tests/{name}" for name in WITHOUT_DATABASE]
    return ["-m", "not browser", *ignored, *arguments]


def _server() -> dict[str, str]:
    """Started here, so that it is one for all workers; it goes when this process goes."""
    return {postgres.VARIABLE: postgres.server().dsn()}


def settled_pass(name: str, arguments: Sequence[str], variables: dict[str, str]) -> tuple[int, str]:
    """A pass; the few tests that failed under load are asked once more, alone, and named as unstable."""
    code, closing = run_pass(name, arguments, variables)
    failed = sum(int(count) for count, word in COUNT.findall(closing) if word.startswith(("failed", "error")))
    if code != 1 or not 0 < failed <= MOST_UNSTABLE:
        return code, closing
    again, told = run_pass(
        f"{name}: {failed} once more, alone", ["--last-failed", "-n", "0", *arguments], variables
    )
    if again != 0:
        return code, closing
    print(f"Unstable: {failed} failed at first and passed alone ({told}).", flush=True)
    passed = sum(int(count) for count, word in COUNT.findall(closing) if word == "passed")
    return 0, f"{passed + failed} passed in {closing.rpartition(' in ')[2]}"


def run_pass(name: str, arguments: Sequence[str], variables: dict[str, str]) -> tuple[int, str]:
    """One run of pytest, shown as it goes; its exit code and its closing line."""
    print(f"\n=== {name} ===", flush=True)
    options = ["-q", "-n", "auto", "--maxprocesses=8", "--dist=worksteal"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    closing = "1 error: pytest did not finish"
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | variables, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if (COUNT.search(line) and " in " in line) or line.startswith("no tests ran"):
                closing = line.strip().strip("= ")
    return process.returncode, closing


def summary(closings: Sequence[str], seconds: float) -> str:
    """Both closing lines added up: «812 passed, 3 skipped in 120.10s»."""
    total: Counter[str] = Counter()
    for closing in closings:
        for count, word in COUNT.findall(closing):
            total[word.rstrip("s") if word.startswith(("error", "warning")) else word] += int(count)
    order = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning", "error")
    parts = ", ".join(f"{total[word]} {word}" for word in order if total[word]) or "no tests ran"
    return f"{f' {parts} in {seconds:.2f}s ':=^100}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
