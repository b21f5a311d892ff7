"""Letters as people find them in their boxes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from messaging.model import MailMessage
from records import outbox
from records.database import db


@pytest.fixture
def letters(ctx) -> Callable[[str], list[MailMessage]]:
    """`letters("a@b")`: what was written to an address, oldest first; the queue is done first."""

    def found(address: str) -> list[MailMessage]:
        db.session.rollback()
        outbox.drain(["invite", "password_reset"])
        query = db.select(MailMessage).where(MailMessage.to_address == address).order_by(MailMessage.id)
        return list(db.session.scalars(query))

    return found


@pytest.fixture
def link_to(letters) -> Callable[[str], str]:
    """`link_to("a@b")`: the path of the link in the latest letter."""

    def path(address: str) -> str:
        found = re.search(r"https?://[^/\s]+(/(?:activate|password/reset)/[\w-]+)", letters(address)[-1].text)
        assert found, letters(address)[-1].text
        return found.group(1)

    return path
