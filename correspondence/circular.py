"""One paper to many members: a record for each, so each has its own number, delivery and reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from records import service
from records.actor import Actor
from records.model import Record
from records.service.unit import work


def address_to(
    actor: Actor, organisation_ids: Iterable[int], fields: Mapping[str, object], *, kind: str = "notice"
) -> list[Record]:
    """Drafts for every company named, put to sign together; all or none."""
    with work(actor):
        drafts = [service.create(actor, kind, organisation_id=i, fields=fields) for i in organisation_ids]
        return [service.act(actor, draft.id, "to_sign") for draft in drafts]
