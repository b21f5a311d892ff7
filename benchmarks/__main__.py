"""`python -m benchmarks [--only NAME]`: measure, show each row beside its goal, keep all in results.json.

A module NAME_bench.py has `run()` and gives rows of one shape: both sides of a ratio come from the same run
on the same machine, so that a slow or busy machine does not decide whether a goal holds.
"""

import argparse
import importlib
import json
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
KEYS = ("name", "value", "unit", "reference", "ratio", "goal", "holds")


def names() -> list[str]:
    return sorted(path.stem.removesuffix("_bench") for path in HERE.glob("*_bench.py"))


def measure(name: str) -> list[dict[str, object]]:
    """Rows of one module, refused when they have not the agreed shape."""
    rows: list[dict[str, object]] = importlib.import_module(f"benchmarks.{name}_bench").run()
    for row in rows:
        if set(row) != set(KEYS):
            raise ValueError(f"{name}_bench: a row has {sorted(row)}, expected {sorted(KEYS)}")
    return rows


def show(row: dict[str, object]) -> str:
    verdict = {True: "holds", False: "MISSED", None: "no goal"}[row["holds"]]  # type: ignore[index]
    return (
        f"  {row['name']}: {_number(row['value'])} {row['unit']}, reference {_number(row['reference'])}, "
        f"ratio {_number(row['ratio'])}, goal {row['goal']}: {verdict}"
    )


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure against the goals.")
    parser.add_argument("--only", metavar="NAME", help="one measurement: " + ", ".join(names()))
    only = parser.parse_args(arguments).only
    if only and only not in names():
        parser.error(f"no measurement {only!r}; there are: {', '.join(names())}")
    results: list[dict[str, object]] = []
    broken = []
    for name in [only] if only else names():
        print(f"{name}…", flush=True)
        started = time.perf_counter()
        try:
            rows = measure(name)
        except Exception:
            # One broken measurement must not cost the others; it is told at the end and by the exit code.
            traceback.print_exc()
            broken.append(name)
            continue
        results += rows
        print("\n".join(map(show, rows)), f"  {time.perf_counter() - started:.0f} s", sep="\n", flush=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    missed = sum(row["holds"] is False for row in results)
    print(f"{len(results)} rows, {missed} goals missed; broken: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
