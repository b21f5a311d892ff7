"""The answer of `files inspect`: one inspection and the extracted text, ready for JSON."""

from __future__ import annotations

from pathlib import Path

from attachments import messages
from attachments.extract import extract_text
from attachments.inspection import inspect
from attachments.limits import DEFAULT, Limits


def inspect_report(
    path: Path, name: str | None = None, *, ocr: bool = True, limits: Limits = DEFAULT
) -> dict[str, object]:
    """Examine a file and read its text; a refused file is not read."""
    found = inspect(path, path.name if name is None else name, limits=limits)
    report: dict[str, object] = {
        "type": found.type,
        "verdict": found.verdict,
        "reason": found.reason,
        "text": "",
        "name": found.name,
        "flags": list(found.flags),
        "message": found.message_ru,
        "attachments": list(found.inner_names),
        "size": found.size,
    }
    if found.is_refused:
        return report
    extracted = extract_text(path, found.type, ocr=ocr, limits=limits)
    report |= {
        "text": extracted.text,
        "tool": extracted.tool,
        "warnings": [messages.warning_text(code) for code in extracted.warnings],
        "ocr_needed": extracted.ocr_needed,
    }
    return report
