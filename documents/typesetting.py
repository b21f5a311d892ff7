"""Typst at work: a template of ours and data in, PDF out; the data never becomes part of the markup.

As a program (`python -m documents.typesetting`) it reads one job from stdin: a worker that must stay small
typesets in a child process, for typst keeps what it has laid out in memory.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

TEMPLATES = Path(__file__).parent / "typst"
TIME_LIMIT = 120.0  # seconds; five thousand rows take about three

Data = Mapping[str, object]


class TypesettingFailed(RuntimeError):
    """The page could not be laid out; carries what typst said."""


def typeset(template: str, data: Data, made_at: datetime) -> bytes:
    """Lay out the template in this process."""
    import typst  # 77 MB: loaded only where something is printed

    try:
        return typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=_stamp(made_at),
        )
    except typst.TypstError as error:
        raise TypesettingFailed(str(error)) from error


def typeset_apart(template: str, data: Data, made_at: datetime, *, time_limit: float = TIME_LIMIT) -> bytes:
    """The same in a child process, which gives its memory back and can be stopped in time."""
    job = json.dumps({"template": template, "data": data, "made_at": _stamp(made_at).isoformat()})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "documents.typesetting"],
            input=job.encode(),
            capture_output=True,
            timeout=time_limit,
            check=False,
            cwd=Path(__file__).parents[1],
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"Вёрстка не уложилась в {time_limit:g} с") from error
    if done.returncode:
        raise TypesettingFailed(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _stamp(moment: datetime) -> datetime:
    """The creation stamp of a PDF, in UTC; a moment without a zone is taken for UTC already."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return utc.replace(microsecond=0)  # typst takes whole seconds only


def main() -> None:
    job = json.load(sys.stdin.buffer)
    try:
        pdf = typeset(job["template"], job["data"], datetime.fromisoformat(job["made_at"]))
    except TypesettingFailed as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
