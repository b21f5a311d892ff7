"""`flask signature …`: check a signature file against a folder of trusted certificates."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from signing import Report, Revocation, TrustStore, verify
from signing.asn1 import Malformed
from signing.summary import contract, protocol

signature_group = AppGroup("signature", help="Электронные подписи.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@signature_group.command("verify", with_appcontext=False)
@click.argument("file", type=_FILE)
@click.argument("signature", type=_FILE, required=False)
@click.option("--trust", required=True, type=_FOLDER, help="Папка доверенных сертификатов и policy.json.")
@click.option("--at", "at_text", help="Момент проверки, ISO 8601 (без него — сейчас).")
@click.option("--crl", type=_FOLDER, help="Папка списков отзыва (*.crl) и ответов OCSP (*.ocsp).")
@click.option("--json", "as_json", is_flag=True, help="Ответ для программы.")
def verify_command(
    file: Path, signature: Path | None, trust: Path, at_text: str | None, crl: Path | None, as_json: bool
) -> None:
    """Проверить подпись SIGNATURE под документом FILE; присоединённая подпись и XML — один FILE."""
    try:
        store = TrustStore.from_folder(trust)
    except Malformed as problem:
        raise click.ClickException(f"Папка доверия: {problem}") from problem
    report = verify(
        (signature or file).read_bytes(),
        file if signature else None,
        store,
        at=_moment(at_text),
        revocation=Revocation.from_folder(crl) if crl else Revocation(),
    )
    show(report, as_json=as_json)
    if not report.passed:
        sys.exit(1)


def show(report: Report, *, as_json: bool) -> None:
    """The report for a program, or in words."""
    click.echo(json.dumps(contract(report), ensure_ascii=False) if as_json else protocol(report))


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise click.BadParameter(
            "ожидается ISO 8601, например 2026-03-02T09:00:00Z", param_hint="--at"
        ) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


COMMANDS = (signature_group,)
