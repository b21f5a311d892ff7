"""`flask meeting replay`: the contract of the command."""

import json
import time

import pytest

from tests.meetings.scenes import CASES, admitted, closed, listed, opened, scene, vote


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["meeting", "replay", *map(str, words)])


def written(tmp_path, value):
    path = tmp_path / "scenario.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@pytest.mark.requirement("M-03")
def test_one_json_object_and_nothing_else_on_stdout(run):
    done = run(CASES / "005-absentee-exclusive-barred.scenario.json", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["outcome"]["state"] == "held"


def test_an_unlawful_meeting_is_replayed_all_the_same(run, tmp_path):
    done = run(written(tmp_path, scene("remote", meeting={"basis": {"kind": "none"}})), "--json")
    assert (done.exit_code, json.loads(done.stdout)["outcome"]["state"]) == (0, "not_lawful")


@pytest.mark.parametrize(
    "value", ["{", '{"format": 1}', json.dumps(scene("in_person", colour="red")), "null"]
)
def test_a_broken_scenario_is_an_error_of_its_own(run, tmp_path, value):
    done = run(written(tmp_path, value), "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["code"]) == (2, "bad_scenario")
    assert error["text"]


def test_a_file_that_is_not_there_is_told_so(run, tmp_path):
    done = run(tmp_path / "nothing.json", "--json")
    assert (done.exit_code, json.loads(done.stdout)["error"]["code"]) == (2, "bad_scenario")


@pytest.mark.requirement("M-03")
def test_a_reader_is_told_the_numbers_and_the_norms(run):
    told = run(CASES / "003-in-person-abstentions-in-base.scenario.json").stdout
    assert "нужно 6 из 10 (7-ФЗ ст. 29 п. 4)" in told
    assert "состоялось" in told


def test_five_thousand_members_are_replayed_in_seconds(run, tmp_path):
    everybody = "m1..m5000"
    scenario = scene(
        "in_person",
        admitted(everybody),
        listed(),
        opened(),
        vote(everybody),
        closed(),
        members=[{"ids": everybody}],
        detail="totals",
    )
    began = time.monotonic()
    done = run(written(tmp_path, scenario), "--json")
    assert json.loads(done.stdout)["questions"][0]["total"]["for"] == 5000
    assert time.monotonic() - began < 20
