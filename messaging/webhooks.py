"""Events for other programs (X-13): signed, in order, tried until they arrive.

Each subscriber has its own queue. One that does not answer holds its queue, not the others; when it comes
back everything arrives in the order it happened. The body tells only what the owner of the subscription
may see at that moment: the same labels as everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from records import outbox, parameters, policy
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, NotFound
from records.kinds import registry
from records.model import History, Number, Outbox, Record, RecordAccess
from records.people import Organisation, User
from records.ports import PostFailed, PostRefused, poster

from . import notify, recipients
from .letters import one_line
from .mail import public_url
from .model import Webhook, WebhookDelivery
from .unit import alone

BACKOFF = (5, 15, 60, 120, 300, 600, 900)
"""Seconds between tries; then every quarter of an hour for as long as GIVE_UP."""
GIVE_UP = timedelta(days=7)
LEASE = timedelta(seconds=90)
PORTION = 50
WARN_AFTER = 5


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature header: HMAC-SHA256 over «timestamp.body», so that an old event cannot be replayed."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def headers_of(hook: Webhook, delivery: WebhookDelivery, moment: datetime) -> dict[str, str]:
    """Headers of a delivery; the id lets the receiver recognise a repeat."""
    timestamp = str(int(moment.timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Veche-Webhook/1",
        "X-Veche-Event": delivery.verb,
        "X-Veche-Delivery": delivery.event_key,
        "X-Veche-Signature": sign(hook.secret, timestamp, delivery.body.encode()),
    }


def event_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "event": put the event into the queue of each subscriber who may see it. Safe to repeat."""
    hooks = list(db.session.scalars(select(Webhook).where(Webhook.is_active.is_(True)).order_by(Webhook.id)))
    db.session.rollback()
    if not hooks:
        return
    for job in jobs:
        with alone():
            _queue_event(hooks, int(str(job.payload["record"])), int(str(job.payload["seq"])))


def _queue_event(hooks: Sequence[Webhook], record_id: int, seq: int) -> None:
    record = db.session.get(Record, record_id)
    entry = db.session.scalars(
        select(History).where(History.record_id == record_id, History.seq == seq)
    ).first()
    if record is None or entry is None or record.trashed_at is not None:
        return
    labels = set(db.session.scalars(select(RecordAccess.label).where(RecordAccess.record_id == record_id)))
    for hook in hooks:
        if hook.kinds and record.kind not in hook.kinds:
            continue
        owner = owner_of(hook)
        if owner is None or not policy.actor_labels(owner) & labels:
            continue
        if not entry.is_public and not policy.may_see_internal(owner):
            continue
        body = json.dumps(
            payload(record, entry, owner), ensure_ascii=False, separators=(",", ":"), default=str
        )
        _queue(hook.id, f"{record_id}:{seq}", entry.verb, record_id, body)


def _queue(webhook_id: int, event_key: str, verb: str, record_id: int | None, body: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(
                WebhookDelivery(
                    webhook_id=webhook_id, event_key=event_key, verb=verb, record_id=record_id, body=body
                )
            )
            db.session.flush()
    except IntegrityError:
        return  # queued by an earlier try of the same event
    outbox.put("webhook", str(webhook_id), {"webhook": webhook_id})


def owner_of(hook: Webhook) -> Actor | None:
    """The actor whose eyes the subscription has; None when he has left or lost his seat."""
    user = db.session.get(User, hook.owner_id)
    if user is None or not user.is_active:
        return None
    people = recipients.seated([hook.owner_id], on=parameters.today())
    wanted = hook.organisation_id or 0
    place = next((p for p in people if p.organisation_id == wanted), None)
    return place.actor() if place else None


def payload(record: Record, entry: History, owner: Actor) -> dict[str, object]:
    """The event as it is told: what happened, when, the record in short. No remarks, no addresses."""
    kind = registry[record.kind]
    organisation = db.session.get(Organisation, record.organisation_id) if record.organisation_id else None
    numbers = db.session.scalars(select(Number).where(Number.record_id == record.id).order_by(Number.id))
    told: dict[str, object] = {
        "id": f"{record.id}:{entry.seq}",
        "event": entry.verb,
        "at": entry.at.isoformat(),
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "record": {
            "id": record.id,
            "kind": record.kind,
            "title": record.title,
            "state": record.state,
            "state_title": kind.state_title(record.state),
            "numbers": [
                {"direction": n.direction, "text": n.text, "date": n.issued_on.isoformat()} for n in numbers
            ],
            "organisation": {"id": organisation.id, "inn": organisation.inn, "name": organisation.short_name}
            if organisation
            else None,
            "url": public_url(notify.record_url(record.id)),
        },
    }
    if owner.is_staff:
        told["by"] = entry.actor_name
    return told


def pump_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "webhook": send what waits for a subscriber, in order, until one delivery fails."""
    for job in jobs:
        pump(int(str(job.payload["webhook"])))


def pump(webhook_id: int) -> int:
    """Send a portion of a subscriber's queue. Returns how many arrived."""
    if not _lease(webhook_id):
        return 0
    sent = 0
    try:
        while sent < PORTION and (found := _next(webhook_id)) is not None:
            if not _deliver(*found):
                return sent
            sent += 1
    finally:
        _release(webhook_id)
    if sent == PORTION:
        with alone():
            outbox.put("webhook", f"{webhook_id}", {"webhook": webhook_id})
    return sent


def _lease(webhook_id: int) -> bool:
    """One sender a subscriber: two would break the order. Held and switched-off ones wait."""
    moment = now()
    free = (
        Webhook.id == webhook_id,
        Webhook.is_active.is_(True),
        (Webhook.leased_until.is_(None)) | (Webhook.leased_until < moment),
        (Webhook.held_until.is_(None)) | (Webhook.held_until <= moment),
    )
    with alone():
        taken = db.session.execute(update(Webhook).where(*free).values(leased_until=moment + LEASE))
        busy = not getattr(taken, "rowcount", 0)
        if busy:
            _look_again(webhook_id, moment)
    return not busy


def _look_again(webhook_id: int, moment: datetime) -> None:
    """Held or busy: come back then, so that nothing waits for the next event to happen."""
    hook = db.session.get(Webhook, webhook_id, populate_existing=True)
    if hook is not None and hook.is_active:
        times = [at for at in (hook.leased_until, hook.held_until) if at is not None and at > moment]
        delay = max(times) - moment if times else timedelta(seconds=1)
        _later(webhook_id, delay)


def _later(webhook_id: int, delay: timedelta) -> None:
    """Come back after a while; one waiting row is enough however many events happen meanwhile."""
    key = f"{webhook_id}:later"
    planned = select(Outbox.id).where(
        Outbox.topic == "webhook", Outbox.key == key, Outbox.state == "ready", Outbox.run_at > now()
    )
    if db.session.scalar(planned.limit(1)) is None:
        outbox.put("webhook", key, {"webhook": webhook_id}, delay=delay)


def _release(webhook_id: int) -> None:
    with alone():
        db.session.execute(update(Webhook).where(Webhook.id == webhook_id).values(leased_until=None))


def _next(webhook_id: int) -> tuple[Webhook, WebhookDelivery] | None:
    db.session.rollback()
    delivery = db.session.scalars(
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == "queued")
        .order_by(WebhookDelivery.id)
        .limit(1)
    ).first()
    hook = db.session.get(Webhook, webhook_id, populate_existing=True)
    if delivery is None or hook is None or not hook.is_active:
        return None
    found = hook, delivery
    db.session.expunge_all()
    db.session.rollback()  # no transaction is held while the receiver thinks
    return found


def _deliver(hook: Webhook, delivery: WebhookDelivery) -> bool:
    moment = now()
    status: int | None = None
    try:
        answer = poster().post(hook.url, delivery.body.encode(), headers_of(hook, delivery, moment))
        status, text = answer.status, answer.text
    except (PostFailed, PostRefused) as error:
        text = str(error)
    arrived = status is not None and 200 <= status < 300
    with alone():
        _note(hook.id, delivery.id, arrived, status, one_line(text, 1000), moment)
    return arrived


def _note(
    webhook_id: int, delivery_id: int, arrived: bool, status: int | None, text: str, moment: datetime
) -> None:
    row = db.session.get(WebhookDelivery, delivery_id, populate_existing=True)
    hook = db.session.get(Webhook, webhook_id, populate_existing=True)
    if row is None or hook is None:
        return
    row.tries += 1
    row.status, row.answer, row.tried_at = status, text, moment
    if arrived:
        row.state, row.sent_at = "sent", moment
        hook.failures, hook.held_until = 0, None
        return
    hook.failures += 1
    if moment - row.created_at > GIVE_UP:
        row.state = "failed"
        hook.held_until = None
        outbox.put("webhook", f"{hook.id}", {"webhook": hook.id})
        return
    wait = timedelta(seconds=BACKOFF[min(hook.failures, len(BACKOFF)) - 1])
    hook.held_until = moment + wait
    _later(hook.id, wait)
    if hook.failures == WARN_AFTER:
        _warn(hook, text)


def _warn(hook: Webhook, text: str) -> None:
    people = recipients.with_role("sro_admin", on=parameters.today())
    notify.tell(
        [p.user_id for p in people],
        f"получатель не отвечает: {text}"[:500],
        f"/webhooks/{hook.id}",
        subject=f"Обмен: {hook.title}",
        group="service",
        key=f"webhook:{hook.id}:{now().date()}",
    )


# --- Administration -----------------------------------------------------------------------------------------


def _administers(actor: Actor) -> None:
    if not policy.may_administer(actor):
        raise Forbidden("Подписки настраивает администратор СРО.")


def register(actor: Actor, values: Mapping[str, object], *, webhook_id: int | None = None) -> Webhook:
    """Add or change a subscription. The secret is made by the program and shown to the administrator."""
    _administers(actor)
    checked = _checked(values)
    with alone():
        hook = db.session.get(Webhook, webhook_id, with_for_update=True) if webhook_id else None
        if webhook_id and hook is None:
            raise NotFound
        if hook is None:
            hook = Webhook(secret=secrets.token_urlsafe(32), created_by=actor.user_id, failures=0)
            db.session.add(hook)
        for name, value in checked.items():
            setattr(hook, name, value)
        hook.held_until = None
        db.session.flush()
        outbox.put("webhook", str(hook.id), {"webhook": hook.id})
    return hook


def _checked(values: Mapping[str, object]) -> dict[str, object]:
    errors: dict[str, list[str]] = {}
    title = one_line(str(values.get("title") or ""), 200)
    url = str(values.get("url") or "").strip()
    if not title:
        errors["title"] = ["Назовите получателя."]
    try:
        poster().check(url)
    except (PostRefused, PostFailed) as error:
        errors["url"] = [str(error)]
    chosen = values.get("kinds")
    kinds = [str(k) for k in chosen if str(k) in registry] if isinstance(chosen, list | tuple) else []
    owner_id, _, organisation = str(values.get("owner") or "").partition(":")
    user = db.session.get(User, int(owner_id)) if owner_id.isdigit() else None
    if user is None or not user.is_active:
        errors["owner"] = ["Выберите, чьими правами видны события."]
    elif not any(
        (s.organisation_id or 0) == (int(organisation) if organisation.isdigit() else 0) for s in user.seats
    ):
        errors["owner"] = ["У этого человека нет такой роли."]
    if errors:
        raise Invalid(errors)
    return {
        "title": title,
        "url": url,
        "kinds": kinds,
        "owner_id": int(owner_id),
        "organisation_id": int(organisation) if organisation.isdigit() and organisation != "0" else None,
        "is_active": bool(values.get("is_active", True)),
    }


def resend(actor: Actor, delivery_id: int) -> WebhookDelivery:
    """Put a delivery back at its place in the queue, and begin at once."""
    _administers(actor)
    with alone():
        row = db.session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if row is None:
            raise NotFound
        row.state, row.created_at = "queued", now()
        db.session.execute(update(Webhook).where(Webhook.id == row.webhook_id).values(held_until=None))
        outbox.put("webhook", str(row.webhook_id), {"webhook": row.webhook_id})
    return row


def dry_run(actor: Actor, delivery_id: int) -> dict[str, object]:
    """What would be sent now: address, headers, body, whether the address may be called. Sends nothing."""
    _administers(actor)
    row = db.session.get(WebhookDelivery, delivery_id)
    hook = db.session.get(Webhook, row.webhook_id) if row else None
    if row is None or hook is None:
        raise NotFound
    try:
        poster().check(hook.url)
        verdict = "Адрес доступен для вызова."
    except (PostRefused, PostFailed) as error:
        verdict = str(error)
    return {"url": hook.url, "headers": headers_of(hook, row, now()), "body": row.body, "verdict": verdict}


def ping(actor: Actor, webhook_id: int) -> None:
    """A trial event, so that the receiver can be set up before the first real one."""
    _administers(actor)
    key = f"ping:{secrets.token_hex(6)}"
    body = json.dumps(
        {"id": key, "event": "ping", "at": now().isoformat(), "record": None}, ensure_ascii=False
    )
    with alone():
        db.session.execute(update(Webhook).where(Webhook.id == webhook_id).values(held_until=None))
        _queue(webhook_id, key, "ping", None, body)


def journal(webhook_id: int, *, before: int = 0, limit: int = 50) -> list[WebhookDelivery]:
    """Deliveries of a subscriber, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if before:
        query = query.where(WebhookDelivery.id < before)
    return list(db.session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit)))
