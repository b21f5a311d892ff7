"""Webhooks: signed, in order through an outage, telling what the owner may see, never inwards."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from messaging import webhooks
from messaging.model import Webhook, WebhookDelivery
from providers.http_post import HttpPoster, is_public
from records import outbox, ports, service
from records.database import db, gate, now, writing
from records.errors import Forbidden, Invalid
from records.model import Outbox
from records.ports import PostRefused
from tests.messaging.servers import Receiver
from tests.world import submitted


@pytest.fixture
def receiver(ctx):
    found = Receiver()
    before = ports.poster()
    ports.use_poster(HttpPoster(allow_private=True))
    yield found
    ports.use_poster(before)
    found.stop()


def subscribe(admin, receiver, owner, organisation=0, kinds=()):
    values = {
        "title": "1С",
        "url": receiver.url,
        "owner": f"{owner.user_id}:{organisation}",
        "kinds": list(kinds),
    }
    return webhooks.register(admin, values)


def bodies(receiver):
    return [json.loads(body) for _, body in receiver.got]


def an_hour_later():
    """What waited for its time may be tried now."""
    with writing(gate()):
        db.session.query(Outbox).update({"run_at": now() - timedelta(seconds=1)})
        db.session.query(Webhook).update({"held_until": now() - timedelta(seconds=1)})
        db.session.commit()


@pytest.mark.requirement("X-13")
def test_events_arrive_signed_and_in_order(world, head, admin, curator, drain, receiver):
    hook = subscribe(admin, receiver, admin)
    record = submitted(head)
    service.remark(curator, record.id, "Пришлите устав", public=True)
    drain(["event", "webhook"])
    told = bodies(receiver)
    assert [e["event"] for e in told] == ["record.submit", "record.register", "record.assign", "remark.add"]
    headers, body = receiver.got[0]
    stamp, signature = (part.partition("=")[2] for part in headers["X-Veche-Signature"].split(","))
    expected = hmac.new(hook.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, expected)
    assert abs(int(stamp) - now().timestamp()) < 60


@pytest.mark.requirement("X-13")
def test_a_receiver_down_for_an_hour_gets_everything_later_in_order(world, head, admin, drain, receiver):
    subscribe(admin, receiver, admin)
    receiver.status = 503
    ids = []
    for _ in range(5):
        ids.append(submitted(head).id)
        drain(["event", "webhook"])
        an_hour_later()
    assert receiver.got == [] and receiver.refused >= 5
    receiver.status = 200
    an_hour_later()
    drain(["event", "webhook"])
    told = bodies(receiver)
    assert [e["record"]["id"] for e in told if e["event"] == "record.submit"] == ids
    assert len({e["id"] for e in told}) == len(told) == 15


def test_a_dead_receiver_is_not_hammered_at_each_event(world, head, admin, drain, receiver):
    subscribe(admin, receiver, admin)
    receiver.status = 500
    for _ in range(4):
        submitted(head)
        drain(["event", "webhook"])
    assert receiver.refused == 1
    assert db.session.query(Outbox).filter(Outbox.topic == "webhook").count() == 1


def test_one_dead_receiver_does_not_hold_another(world, head, admin, drain, receiver):
    dead = Receiver()
    dead.stop()
    subscribe(admin, dead, admin)
    subscribe(admin, receiver, admin)
    submitted(head)
    drain(["event", "webhook"])
    assert len(receiver.got) == 3


@pytest.mark.requirement("X-13", "R-12")
def test_a_member_subscriber_hears_only_of_his_own_and_never_of_internal_remarks(
    world, head, stranger, admin, curator, drain, receiver
):
    subscribe(admin, receiver, head, head.organisation_id)
    mine, foreign = submitted(head).id, submitted(stranger).id
    service.remark(curator, mine, "СЕКРЕТ", public=False)
    service.remark(curator, foreign, "Чужое", public=True)
    drain(["event", "webhook"])
    assert {e["record"]["id"] for e in bodies(receiver)} == {mine}
    assert "remark.add" not in {e["event"] for e in bodies(receiver)}
    assert not any("by" in e for e in bodies(receiver))


def test_a_person_who_lost_his_seat_hears_nothing_more(world, head, admin, drain, receiver):
    subscribe(admin, receiver, head, head.organisation_id)
    with writing(gate()):
        for seat in world.users["head"].seats:
            db.session.delete(db.session.merge(seat))
        db.session.commit()
    submitted(world.actor("proxy"))
    drain(["event", "webhook"])
    assert receiver.got == []


def test_an_event_handled_twice_is_queued_once(world, head, admin, receiver):
    subscribe(admin, receiver, admin)
    submitted(head)
    rows = db.session.query(Outbox).filter(Outbox.topic == "event").all()
    jobs = [outbox.Job(row.id, row.topic, row.key, row.payload, 0) for row in rows]
    webhooks.event_jobs(jobs)
    webhooks.event_jobs(jobs)
    assert db.session.query(WebhookDelivery).count() == 3


@pytest.mark.requirement("X-17")
def test_a_delivery_is_viewed_dry_and_sent_again(world, head, admin, drain, receiver):
    subscribe(admin, receiver, admin, kinds=["letter"])
    submitted(head)
    drain(["event", "webhook"])
    first = db.session.query(WebhookDelivery).order_by(WebhookDelivery.id).first()
    trial = webhooks.dry_run(admin, first.id)
    assert (trial["url"], trial["body"]) == (receiver.url, first.body) and len(receiver.got) == 3
    webhooks.resend(admin, first.id)
    drain(["webhook"])
    assert receiver.got[3][1] == receiver.got[0][1]


@pytest.mark.requirement("X-13")
def test_a_redirect_is_not_followed(world, head, admin, drain, receiver):
    elsewhere = Receiver()
    receiver.status, receiver.headers = 302, {"Location": elsewhere.url}
    subscribe(admin, receiver, admin)
    submitted(head)
    drain(["event", "webhook"])
    elsewhere.stop()
    assert elsewhere.got == [] and receiver.refused == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "http://user:pw@8.8.8.8/",
        "http://8.8.8.8/\r\nHost: evil",
        "http://8.8.8.8:0/",
        "http://8.8.8.8:99999/",
        "",
    ],
)
@pytest.mark.requirement("X-13")
def test_an_address_of_the_inner_network_or_of_another_kind_is_refused(url):
    with pytest.raises(PostRefused):
        HttpPoster().check(url)


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch, receiver):
    """A name that answers differently the second time (DNS rebinding) gains nothing."""
    answers = iter(["8.8.8.8", "127.0.0.1"])
    called = []
    monkeypatch.setattr(
        "providers.http_post.socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (next(answers), 80))]
    )

    def connect(place, timeout):
        called.append(place)
        raise OSError("stop here")

    monkeypatch.setattr("providers.http_post.socket.create_connection", connect)
    with pytest.raises(ports.PostFailed):
        HttpPoster().post("http://rebind.example/", b"{}", {})
    assert called == [("8.8.8.8", 80)]


def test_public_addresses_are_public():
    assert is_public("8.8.8.8") and is_public("2a00:1450:4010:c0f::71")


@pytest.mark.requirement("X-13")
def test_only_the_administrator_keeps_subscriptions(world, head, clerk, admin, receiver):
    for who in (head, clerk):
        with pytest.raises(Forbidden):
            subscribe(who, receiver, admin)
    with pytest.raises(Invalid):
        webhooks.register(admin, {"title": "", "url": receiver.url, "owner": f"{head.user_id}:0"})
