"""Starting the reading process, and what to say when it does not come back."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from attachments import formats
from attachments.extract import readers
from attachments.extract.model import Extracted
from attachments.limits import DEFAULT, Limits

_ROOT = Path(__file__).resolve().parent.parent.parent
# pdfium and the recogniser reserve more address space than they use.
_BASE_SECONDS = 10


class Failed(Exception):
    """The reading process gave no answer; `code` is the warning."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def extract_text(path: Path, media_type: str, *, ocr: bool = True, limits: Limits = DEFAULT) -> Extracted:
    """The text of a file of a known type; never raises for what the file holds."""
    if media_type == formats.ENCRYPTED_OFFICE:
        return Extracted("", "", ("encrypted",))
    if not readers.is_readable(media_type):
        known = formats.BY_TYPE.get(media_type)
        is_silent = known is not None and known.family in readers.SILENT
        return Extracted("", "", () if is_silent else ("format_unsupported",))
    try:
        return _extracted(run_bounded(path, media_type, ocr=ocr, limits=limits))
    except Failed as failed:
        code = failed.code
    if media_type == formats.XLSX:
        try:
            found = _extracted(run_bounded(path, media_type, ocr=False, limits=limits, mode="words"))
            return dataclasses.replace(found, warnings=(*found.warnings, code))
        except Failed as failed:
            code = failed.code
    return Extracted("", "", (code,))


def _extracted(answer: dict[str, object]) -> Extracted:
    warnings = answer["warnings"]
    codes = tuple(str(code) for code in warnings) if isinstance(warnings, list) else ()
    return Extracted(str(answer["text"]), str(answer["tool"]), codes, bool(answer["ocr_needed"]))


def run_bounded(
    path: Path, media_type: str, *, ocr: bool, limits: Limits = DEFAULT, mode: str = "text"
) -> dict[str, object]:
    """One job in a process of its own: bounded in memory, processor time and clock time."""
    recognises = ocr and (media_type in readers.RECOGNISED or media_type in (formats.EML, formats.MSG))
    seconds = limits.ocr_seconds if recognises else limits.cpu_seconds
    order = {
        "path": str(path.resolve()),
        "media_type": media_type,
        "mode": mode,
        "ocr": ocr,
        "limits": dataclasses.asdict(limits),
        "memory": limits.ocr_memory_bytes if recognises else limits.memory_bytes,
        "cpu_seconds": seconds,
    }
    return json.loads(_talk(json.dumps(order).encode(), seconds + _BASE_SECONDS))  # type: ignore[no-any-return]


def _talk(order: bytes, seconds: float) -> bytes:
    environment = {
        key: os.environ[key] for key in ("PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH") if key in os.environ
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "attachments.extract"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment | {"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(order, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Failed("timed_out") from error
    finally:
        _end(process)
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Failed("timed_out")
    if process.returncode < 0 or not output:
        # Out of memory, or a library fell over the file: the file is at fault either way.
        raise Failed("out_of_memory" if process.returncode in (-signal.SIGABRT, 1) else "unreadable")
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        # It has ended by itself, and so have its children.
        process.wait()
        return
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
