"""Files papers until it is killed, saying each acknowledged one on its output.

The libraries load once: each word on the input starts a fork with an application and connections of its own,
which is killed from outside.
"""

from __future__ import annotations

import io
import os
import sys

import sqlalchemy as sa

from app import create_app
from records import service
from records.actor import Actor
from records.database import db
from records.people import Organisation, User
from tests.world import World, build


def head_of_the_world() -> Actor:
    found = {user.email.partition("@")[0]: user for user in db.session.scalars(sa.select(User))}
    firms = {firm.register_number: firm for firm in db.session.scalars(sa.select(Organisation))}
    return World(firms["0286"], firms["0287"], found).actor("head")


def file_papers(*, first: bool) -> None:
    with create_app().app_context():
        if first:
            build()
        head = head_of_the_world()
        print(f"ready {os.getpid()}", flush=True)
        number = 0
        while True:
            number += 1
            record = service.create(head, "letter", fields={"subject": f"Письмо {number}", "text": "Текст"})
            content = f"вложение {record.id}\n".encode() * 1000
            service.attach(head, record.id, io.BytesIO(content), "вложение.txt")
            filed = service.act(head, record.id, "submit")
            print(f"{filed.id} {filed.number_text}", flush=True)
            db.session.remove()


def main() -> None:
    for word in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            file_papers(first=word.strip() == "first")
        os.waitpid(child, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
