"""«Создать по образцу» and a new edition of a sample (R-21)."""

from __future__ import annotations

from records import service
from records.actor import Actor
from records.errors import Invalid
from records.fields import LongText
from records.kinds import RecordKind, registry
from records.model import Record
from records.service.unit import glance, work


def begin(actor: Actor, sample_id: int) -> Record:
    """A prefilled draft of the kind that the sample is for."""
    sample = glance(actor, sample_id)
    payload = dict(sample.payload or {})
    kind = registry.get(str(payload.get("for_kind") or ""))
    if sample.kind != "sample" or kind is None:
        raise Invalid({"sample": ["По этому образцу черновик не создаётся: скачайте файл."]})
    return service.create(actor, kind.name, fields=_prefilled(kind, payload))


def _prefilled(kind: RecordKind, sample: dict[str, object]) -> dict[str, object]:
    values: dict[str, object] = {}
    body = next((f for f in kind.data_fields if isinstance(f, LongText)), None)
    if body is not None and sample.get("text"):
        values[body.name] = sample["text"]
    if kind.title_field:
        values[kind.title_field] = sample.get("subject")
    return values


def replace(actor: Actor, old_id: int, new_id: int) -> None:
    """Publish a new edition: the old one is closed, stays readable, and the two are tied."""
    with work(actor):
        service.link(actor, new_id, old_id, "replaces")
        service.act(actor, new_id, "publish")
        service.act(actor, old_id, "close")
