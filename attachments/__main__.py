"""`python -m attachments FILE [--name NAME] [--no-ocr]`: the inspection of one file as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from attachments.report import inspect_report


def main() -> int:
    """Print the report; a refusal is an answer, not a failure."""
    parser = argparse.ArgumentParser(prog="python -m attachments", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--name", help="the name the sender gave; by default that of the file")
    parser.add_argument("--no-ocr", action="store_true", help="do not recognise pictures")
    parser.add_argument("--json", action="store_true", help="the only form of the answer there is")
    options = parser.parse_args()
    report = inspect_report(options.file, options.name, ocr=not options.no_ocr)
    sys.stdout.write(json.dumps(report, ensure_ascii=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
