"""The evidence package: whole it passes, and every way of touching it is found and named."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from signing import Revocation
from signing.asn1 import Malformed
from signing.package import Item, build
from signing.verifier import main, verify_package
from tests.signing.authority import NOW
from tests.signing.conftest import DATA, VECTORS, document, signature, store

AT = datetime.fromisoformat("2026-03-02T09:00:00Z")
ENTRIES = [{"event": "open", "at": "10:00"}, {"event": "vote", "for": 12}, {"event": "close", "at": "11:00"}]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def package(tmp_path):
    """A protocol signed by two, a journal of the meeting."""
    lists = tuple((DATA / f"crls/{name}.crl").read_bytes() for name in ("root", "ca256"))
    item = Item(
        "protokol.txt",
        document("protokol.txt"),
        (signature(VECTORS["parallel-two"]), signature(VECTORS["bes-256-chair"])),
        AT,
        "Протокол № 1",
    )
    path = tmp_path / "package.zip"
    build(
        path,
        [item],
        store("trust/main"),
        made_at=AT,
        revocation=Revocation(lists),
        title="Собрание 1",
        entries=ENTRIES,
        reports={"protocol.txt": "Подпись действительна."},
        others={"lists/roll.json": b"[]"},
    )
    return path


def rewritten(path: Path, change) -> Path:
    """The same package with its files changed; `change` gets and gives a dictionary of them."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in change(files).items():
            archive.writestr(name, data)
    return target


@pytest.mark.requirement("S-17")
def test_one_command_gives_the_verdict_without_the_system(package):
    """A bare interpreter, outside the project's settings, with no Flask and no database imported."""
    script = (
        "import runpy, sys, socket\n"
        "def refused(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refused\n"
        f"sys.argv = ['verifier', {str(package)!r}, '--json']\n"
        "try: runpy.run_module('signing.verifier', run_name='__main__')\n"
        "except SystemExit as end: code = end.code\n"
        "assert not {'flask', 'sqlalchemy', 'settings', 'app', 'records'} & set(sys.modules)\n"
        "sys.exit(code)\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, env={})
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["passed"], len(told["signatures"]), told["journal_entries"]) == (True, 2, 3)


@pytest.mark.requirement("S-17")
def test_the_answer_in_words_ends_with_the_verdict(package, capsys):
    assert main([str(package), "--trust", str(DATA / "trust/main")]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == "ИТОГ: пакет цел, все подписи действительны"
    assert "Петрова Мария Сергеевна" in told and "(ваш)" in told


def test_a_strangers_list_of_trust_decides(package):
    outcome = verify_package(package, trust=store("trust/old-gost"))
    assert (outcome.passed, outcome.is_own_trust, outcome.problems) == (False, True, [])


def spoil(name: str):
    def change(files):
        found = next(key for key in files if key.startswith(name))
        return files | {found: files[found] + b" "}

    return change


def without(name: str):
    return lambda files: {key: data for key, data in files.items() if not key.startswith(name)}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (spoil("documents/"), "файл изменён: documents/001-protokol.txt"),
        (spoil("signatures/"), "файл изменён: signatures/001-01.sig"),
        (spoil("lists/"), "файл изменён: lists/roll.json"),
        (without("report/"), "нет файла из описи: report/protocol.txt"),
        (without("journal"), "журнал не тот, что в описи"),
        (lambda files: files | {"extra.txt": b"x"}, "файла нет в описи: extra.txt"),
    ],
)
def test_every_touched_file_is_named(package, change, problem):
    outcome = verify_package(rewritten(package, change))
    assert problem in outcome.problems and not outcome.passed


def test_a_changed_document_fails_its_signature_even_with_a_changed_list(package):
    def change(files):
        import hashlib

        from signing.gost import streebog

        name = "documents/001-protokol.txt"
        text = files[name] + b" "
        manifest = json.loads(files["manifest.json"])
        running = streebog.new()
        running.update(text)
        manifest["files"][name] |= {
            "sha256": hashlib.sha256(text).hexdigest(),
            "streebog256": running.hexdigest(),
        }
        return files | {name: text, "manifest.json": json.dumps(manifest).encode()}

    outcome = verify_package(rewritten(package, change))
    assert (
        not outcome.problems
        and [report.sub_indication for _t, report in outcome.reports] == ["HASH_FAILURE"] * 2
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[0], lines[1].replace('"for": 12', '"for": 13'), lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
    ],
    ids=["first gone", "middle gone", "a vote changed", "order changed"],
)
def test_the_journal_holds_together(package, change):
    def rewrite(files):
        lines = files["journal.jsonl"].decode().splitlines()
        return files | {"journal.jsonl": "\n".join(change(lines)).encode()}

    problems = verify_package(rewritten(package, rewrite)).problems
    assert [text for text in problems if "журнал" in text and "файл изменён" not in text]


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a/../../evil"])
def test_a_name_that_leads_outside_is_refused(package, name):
    with pytest.raises(Malformed, match="имя"):
        verify_package(rewritten(package, lambda files: files | {name: b"x"}))


def test_a_manifest_may_not_name_a_file_outside(package, tmp_path):
    (tmp_path / "secret").write_bytes(b"x")

    def change(files):
        manifest = json.loads(files["manifest.json"])
        manifest["items"][0]["document"] = "../../secret"
        return files | {"manifest.json": json.dumps(manifest).encode()}

    assert "нет документа: Протокол № 1" in verify_package(rewritten(package, change)).problems


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_said_to_be_none(tmp_path, capsys, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert main([str(path)]) == 2
    assert "пакет" in capsys.readouterr().out


def test_the_organisation_signs_the_whole(tmp_path, authority):
    holder = authority.person("Общество")
    made = holder.signer().sign_cades(b"text")
    path = tmp_path / "p.zip"
    build(
        path,
        [Item("a.txt", b"text", (made,), NOW)],
        authority.store(),
        made_at=NOW,
        revocation=authority.revocation(),
        sign=lambda data: holder.signer().sign_cades(data),
    )
    assert [title for title, _report in verify_package(path).reports] == ["a.txt", "Опись пакета"]
    assert verify_package(path).passed

    def change(files):
        return files | {"manifest.json": files["manifest.json"].replace(b'"title": ""', b'"title": "x"')}

    assert not verify_package(rewritten(path, change)).passed


def test_the_same_input_gives_the_same_package(tmp_path, authority):
    made = authority.person().signer().sign_cades(b"text")
    digests = [
        build(
            tmp_path / name,
            [Item("a.txt", b"text", (made,), NOW)],
            authority.store(),
            made_at=NOW,
            entries=ENTRIES,
        )
        for name in ("a.zip", "b.zip")
    ]
    assert digests[0] == digests[1]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
