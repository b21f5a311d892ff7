"""`flask signature verify`: the agreed answer for programs, words for people, exit code for scripts."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli.signature import signature_group
from tests.signing.conftest import DATA, MANIFEST, VECTORS

PICKED = (
    "bes-256",
    "t-256",
    "bes-ocsp",
    "bes-attached",
    "other-document",
    "revoked",
    "xades-gost256",
    "xsw-new-root",
)


def run(vector, folder, *extra):
    """The command as vectors/tools/run_cli.py calls it."""
    for name in vector["crls"] + vector["ocsps"]:
        (folder / name.split("/")[-1]).write_bytes((DATA / name).read_bytes())
    files = [DATA / MANIFEST["documents"][vector["document"]]["path"]] if vector["document"] else []
    files.append(DATA / vector["signature"])
    options = ["--trust", DATA / vector["trust_dir"], "--at", vector["validation_time"], "--crl", folder]
    return CliRunner().invoke(signature_group, ["verify", *map(str, [*files, *options]), *extra])


@pytest.mark.parametrize("name", PICKED)
@pytest.mark.requirement("S-09")
def test_a_program_gets_the_agreed_answer(name, tmp_path):
    vector = VECTORS[name]
    answer = run(vector, tmp_path, "--json")
    told = json.loads(answer.stdout)
    expected = vector["expected"]
    assert (told["indication"], told["sub_indication"]) == (
        expected["indication"],
        expected.get("sub_indication"),
    )
    assert answer.exit_code == (0 if expected["indication"] == "TOTAL_PASSED" else 1)
    keys = {"signer", "signing_time", "algorithm", "reasons"}
    assert [keys <= set(item) for item in told["signatures"]] == [True] * len(expected["signatures"])


@pytest.mark.requirement("S-14")
def test_a_person_gets_a_sentence_and_what_to_do(tmp_path):
    lines = run(VECTORS["other-document"], tmp_path).stdout.splitlines()
    assert lines[:2] == [
        "Документ изменён после подписания или подпись относится к другому файлу.",
        "Приложите тот файл, который подписывали, или подпишите этот заново.",
    ]


@pytest.mark.parametrize(
    ("extra", "words"),
    [(["--at", "вчера"], "ISO 8601"), (["--trust", str(DATA / "docs")], "нет сертификатов")],
)
def test_a_mistake_in_the_question_is_explained(tmp_path, extra, words):
    answer = run(VECTORS["bes-256"], tmp_path, *extra)
    assert answer.exit_code != 0 and words in answer.output
