"""The agreed cases of the conformance suite, through the service and its journal."""

import json

import jsonschema_rs
import pytest

from meetings.result import as_bytes
from tests.meetings.scenes import CASES

SCHEMA = jsonschema_rs.validator_for(json.loads((CASES / "result.schema.json").read_text("utf-8")))
NAMES = sorted(path.name.removesuffix(".scenario.json") for path in CASES.glob("*.scenario.json"))


def stripped(value):
    """Without what is only for reading: `text` and `x_…`."""
    if isinstance(value, dict):
        return {
            key: stripped(entry) for key, entry in value.items() if key != "text" and not key.startswith("x_")
        }
    return [stripped(entry) for entry in value] if isinstance(value, list) else value


def replayed(halls, scenario):
    events = scenario.pop("events")
    meeting = halls.open(scenario)
    for row in events:
        halls.record(meeting, row)
    return meeting


@pytest.mark.requirement("M-03", "M-06", "M-07", "M-08", "M-09", "M-10", "M-12", "M-75", "M-93")
@pytest.mark.parametrize("name", NAMES)
def test_case_gives_the_agreed_result_and_its_journal_gives_it_again(halls, name):
    scenario = json.loads((CASES / f"{name}.scenario.json").read_text("utf-8"))
    expected = json.loads((CASES / f"{name}.expected.json").read_text("utf-8"))
    meeting = replayed(halls, scenario)
    found = halls.result(meeting)
    assert stripped(json.loads(as_bytes(found))) == stripped(expected["result"])
    assert [error.message for error in SCHEMA.iter_errors(json.loads(as_bytes(found)))] == []
    assert as_bytes(halls.replayed(meeting)) == as_bytes(found)
    assert halls.faults(meeting) == []
