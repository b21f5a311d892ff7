"""`flask meeting …`: replay a meeting's scenario through the real rules and services."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import create_engine

from meetings.reading import BadScenario
from meetings.rules import RULES
from meetings.scenario import read_scenario
from meetings.service import Meetings
from records.database import Model, WriteGate, prepare_engine
from records.schema import install_triggers

meeting_group = AppGroup("meeting", help="Общие собрания.")

_BATCH = 500
"""How many events one transaction takes: as many as the voters of a burst."""


@meeting_group.command("replay")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Результат для программы, одним объектом JSON.")
def replay_command(scenario: Path, as_json: bool) -> None:
    """Провести собрание по сценарию SCENARIO в отдельной временной базе и показать, что вышло по праву."""
    try:
        written = _load(scenario)
    except BadScenario as error:
        click.echo(json.dumps({"error": {"code": "bad_scenario", "text": str(error)}}, ensure_ascii=False))
        sys.exit(2)
    outcome = _replayed(written)
    click.echo(json.dumps(outcome, ensure_ascii=False) if as_json else _told(outcome))


def _load(path: Path) -> dict[str, Any]:
    """The scenario as written, once it is known to be sound."""
    try:
        written = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadScenario(f"файл не читается: {error.strerror}") from error
    except ValueError as error:  # not JSON, or not UTF-8
        raise BadScenario(f"это не JSON: {error}") from error
    read_scenario(written)
    return dict(written)


def _replayed(written: dict[str, Any]) -> dict[str, Any]:
    events = written.pop("events")
    with tempfile.TemporaryDirectory(prefix="meeting-") as folder:
        path = Path(folder) / "scratch.db"
        engine = create_engine(f"sqlite:///{path}")
        try:
            prepare_engine(engine)
            with engine.begin() as connection:
                Model.metadata.create_all(connection)
                install_triggers(connection)
            meetings = Meetings(engine, WriteGate(Path(folder) / "scratch.writer"))
            meeting_id = meetings.open(written)
            for start in range(0, len(events), _BATCH):
                meetings.record(meeting_id, *events[start : start + _BATCH])
            return meetings.result(meeting_id)
        finally:
            engine.dispose()


_ENDINGS = {
    "held": "состоялось",
    "failed": "не состоялось",
    "not_lawful": "неправомерно",
    "unfinished": "не окончено",
}


def _told(outcome: dict[str, Any]) -> str:
    """The result for a reader: the ending, the checks of quorum and the questions, each with its norm."""
    ending = outcome["outcome"]
    lines = [f"Собрание {outcome['id']}: {_ENDINGS[ending['state']]}"]
    lines += [
        f"  {RULES[row['code']].text} ({row['norm']})" for row in (*ending["reasons"], *outcome["plan"])
    ]
    lines += [
        f"Кворум, событие {row['n']}: {row['have']} из {row['of']}, нужно {row['needed']} ({row['norm']})"
        for row in outcome["quorum"]
    ]
    for row in outcome["questions"]:
        total = row["total"]
        figures = ""
        if total:
            figures = (
                f": за {total['for']}, против {total['against']}, воздержались {total['abstained']}, "
                f"недействительны {total['invalid']}, не голосовали {total['not_voted']}; "
                f"нужно {row['needed']} из {row['base']}"
            )
        lines.append(f"Вопрос {row['item']}: {_OUTCOMES[row['outcome']]}{figures} ({row['norm']})")
    return "\n".join(lines)


_OUTCOMES = {
    "adopted": "решение принято",
    "not_adopted": "решение не принято",
    "elected": "избраны",
    "partly_elected": "избраны не все",
    "not_elected": "никто не избран",
    "barred": "не может быть поставлен",
    "no_quorum": "нет кворума",
    "not_counted": "подсчёт не производился",
    "not_put": "не ставился",
}

COMMANDS = (meeting_group,)
