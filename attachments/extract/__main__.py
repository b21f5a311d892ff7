"""The reading process: bounds itself, reads one file, prints the answer as JSON.

`python -m attachments.extract` takes one JSON job on standard input;
nothing of a file's name is on its command line.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from attachments import content as contents
from attachments import formats
from attachments.extract import readers
from attachments.extract.model import Job, Unreadable
from attachments.extract.normalise import normalise
from attachments.limits import Limits


def bound(memory: int, cpu_seconds: int) -> None:
    """No more memory, time, processes' leftovers or output than allowed; children inherit it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Tesseract keeps a temporary file; nothing here needs a large one.
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))


def answer(order: dict[str, object]) -> dict[str, object]:
    """Read one file as ordered."""
    limits = Limits(**order["limits"])  # type: ignore[arg-type]
    job = Job(limits, ocr=bool(order["ocr"]))
    with contents.opened(Path(str(order["path"]))) as content:
        try:
            if order["mode"] == "password":
                from attachments.extract import pdf

                return {"needs_password": pdf.needs_password(content)}
            _read(content, str(order["media_type"]), str(order["mode"]), job)
        except Unreadable as error:
            job.warn(error.code)
        except MemoryError:
            job.warn("out_of_memory")
        except RecursionError:
            job.warn("nested_too_deep")
    return {
        "text": normalise(job.text()),
        "tool": job.tool,
        "warnings": job.warnings,
        "ocr_needed": job.ocr_needed,
    }


def _read(content: contents.Content, media_type: str, mode: str, job: Job) -> None:
    if mode == "words" and media_type == formats.XLSX:
        from attachments.extract import packages

        packages.read_shared_strings(content, job)
        return
    readers.read(content, media_type, job)


def main() -> int:
    """One job in, one answer out."""
    order = json.loads(sys.stdin.buffer.read())
    bound(order["memory"], order["cpu_seconds"])
    sys.stdout.write(json.dumps(answer(order), ensure_ascii=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
