"""A process that files papers until it is killed, saying each acknowledged one on its output."""

from __future__ import annotations

import io
import sys

from app import create_app
from records import service
from records.database import db
from tests.world import World, build


def main(first: bool) -> None:
    with create_app().app_context():
        world: World | None = build() if first else None
        if world is None:
            from records.people import Organisation, User

            people = {u.email.partition("@")[0]: u for u in db.session.query(User)}
            companies = {o.register_number: o for o in db.session.query(Organisation)}
            world = World(companies["0286"], companies["0287"], people)
        head = world.actor("head")
        print("ready", flush=True)
        number = 0
        while True:
            number += 1
            record = service.create(head, "letter", fields={"subject": f"Письмо {number}", "text": "Текст"})
            content = f"вложение {record.id}\n".encode() * 1000
            service.attach(head, record.id, io.BytesIO(content), "вложение.txt")
            filed = service.act(head, record.id, "submit")
            print(f"{filed.id} {filed.number_text}", flush=True)
            db.session.remove()


if __name__ == "__main__":
    main(sys.argv[1] == "first")
