"""Paper that comes by post or by hand: registered on one screen with the place of the original (R-23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from records import parameters, policy, service
from records.actor import Actor
from records.errors import Forbidden, Invalid
from records.kinds import RecordKind, registry
from records.model import Record
from records.service import work
from records.service.moving import move

WAYS = {"post": "Почта", "courier": "Нарочно", "edo": "ЭДО", "email": "E-mail", "site": "Сайт"}


def kinds() -> list[RecordKind]:
    """Kinds that may come on paper."""
    return [k for k in registry if k.direction == "in" and k.workflow.find(k.workflow.initial, "submit")]


def receive(
    actor: Actor,
    kind_name: str,
    *,
    card: Mapping[str, object],
    fields: Mapping[str, object],
    organisation_id: int | None = None,
    once: str | None = None,
) -> Record:
    """Make the draft of a paper that lies on the clerk's desk. Raises Invalid with errors by field."""
    if "sro_clerk" not in actor.roles:
        raise Forbidden("Бумажную почту регистрирует канцелярия.")
    errors: dict[str, list[str]] = {}
    if card.get("channel") not in WAYS:
        errors["channel"] = ["Укажите, как документ поступил."]
    if organisation_id is None and not str(card.get("correspondent") or "").strip():
        errors["correspondent"] = ["Выберите члена СРО или напишите корреспондента."]
    received = card.get("received_on")
    if not isinstance(received, date):
        errors["received_on"] = ["Укажите дату поступления."]
    elif received > parameters.today():
        errors["received_on"] = ["Дата поступления ещё не наступила."]
    if errors:
        raise Invalid(errors)
    assert isinstance(received, date)
    taken = dict(card) | {"received_at": datetime.combine(received, time(12), parameters.zone())}
    taken.pop("received_on")
    return service.create(
        actor, kind_name, organisation_id=organisation_id, fields=fields, card=taken, once=once
    )


def register(actor: Actor, record_id: int) -> Record:
    """Register a paper in the clerk's hands: filed and numbered at once, whatever its form lacks.

    A paper on the desk is a fact: required fields of the electronic form do not stop its number.
    """
    with work(actor) as unit:
        record = unit.lock(record_id)
        kind = registry[record.kind]
        if "sro_clerk" not in actor.roles or not policy.may_edit(actor, record, kind):
            raise Forbidden("Зарегистрировать этот документ может канцелярия.")
        transition = kind.workflow.find(record.state, "submit")
        if transition is None:
            raise Invalid({"kind": ["Этот документ уже зарегистрирован."]})
        move(unit, record, kind, transition)
        return record
