"""A site with the test authority and papers to sign: made in a process of its own, served to Chromium."""

from __future__ import annotations

import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from records.actor import Actor
    from signatures.test_root import Owner

DATA = ROOT / "tests" / "data" / "documents" / "files"
MANY = 100


def build() -> dict[str, object]:
    """Fill the database of VECHE_INSTANCE; gives the ids of the papers."""
    from app import create_app
    from records.actor import SYSTEM_ACTOR
    from records.database import db, now
    from records.schema import install_triggers
    from signatures import test_root, trust
    from tests import world

    with create_app().app_context():
        db.create_all()
        with db.engine.begin() as connection:
            install_triggers(connection)
            # The whole schema of the models is there: the server need not bring it up to date.
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
            newest = max(
                p.name.partition("_")[0] for p in (ROOT / "migrations" / "versions").glob("[0-9]*.py")
            )
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{newest}')")
        found = world.build()
        head = found.actor("head")
        root = test_root.make(now())
        trust.put(SYSTEM_ACTOR, trust.read([root.der]), note="Учебный режим")
        trust.add_list(SYSTEM_ACTOR, root.crl(at=now()))
        one = _paper(head, "Письмо с договором", [("Договор.pdf", _pdf("d03.pdf"))])
        many = _paper(
            head, "Пакет документов", [(f"Документ {n:03d}.txt", _text(n)) for n in range(1, MANY + 1)]
        )
        three = [
            ("Договор.pdf", _pdf("d04.pdf")),
            ("Справка.txt", _text(0)),
            ("Большой.txt", b"0\n" * 5_300_000),
        ]
        plugin = _paper(head, "Для плагина", three)
        two = [("Акт.pdf", _pdf("d06.pdf")), ("Смета.txt", _text(7))]
        # Papers of their own, so that no test needs another one to go first.
        papers = {name: _paper(head, name, two) for name in ("upload", "untouched", "lost")}
        papers |= {"one": one, "many": many, "plugin": plugin}
        return {**papers, "certificates": _certificates(head)}


def _certificates(person: Actor) -> dict[str, dict[str, str]]:
    """Certificates with their keys for the plug-in's double: one that fits and several that do not."""
    from datetime import timedelta

    from records.database import now
    from signatures import test_authority
    from signatures.test_root import Owner

    head = test_authority.owner_of(person)
    other = Owner(name="Чужой Роман Олегович", organization="АО «Лютик»", inn_legal="6732455543")
    return {
        "head": _issued(head, now()),
        "expired": _issued(head, now() - timedelta(days=800)),
        "other": _issued(other, now()),
    }


def _issued(owner: Owner, at: datetime) -> dict[str, str]:
    from base64 import b64encode

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from signatures import test_root

    root = test_root.load()
    assert root is not None
    key = ec.generate_private_key(ec.SECP256R1())
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    der = root.issue(key.public_key(), owner, at=at)
    return {"der": b64encode(der).decode(), "pkcs8": b64encode(plain).decode()}


def _pdf(name: str) -> bytes:
    return (DATA / name).read_bytes()


def _text(number: int) -> bytes:
    return f"Справка № {number}. Взнос уплачен полностью.\n".encode()


def _paper(actor: Actor, subject: str, files: list[tuple[str, bytes]]) -> int:
    from tests import world

    record = world.draft(actor, subject=subject, text="Просим принять.")
    for name, content in files:
        world.attach(actor, record, io.BytesIO(content), name)
    return record.id


if __name__ == "__main__":
    Path(os.environ["VECHE_INSTANCE"], "papers.json").write_text(json.dumps(build()), "utf-8")
