"""The order of signers, declining, forwarding, the paper path, the log (S-06, S-07, S-15, S-21)."""

from __future__ import annotations

import io

import pytest

from messaging.model import Notification
from records import query
from records.database import db
from records.errors import Invalid, NotFound, Refused
from signatures import intake, log, queue
from tests.signatures.conftest import head_owner

BODY = b"text of the paper"


def proxy_owner():
    return head_owner(name="Петрова Мария Сергеевна", inn="770123456703")


@pytest.mark.requirement("S-06")
def test_the_next_signer_is_asked_only_after_the_one_before(authority, head, proxy, letter_with, world):
    record, file_id = letter_with(BODY)
    ids = [world.users["proxy"].id, world.users["head"].id]
    queue.set_order(head, record.id, ids)
    assert [t.state for t in queue.tasks(record.id)] == ["asked", "waiting"]
    with pytest.raises(Refused, match="сначала подписывает Петрова"):
        intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    intake.receive(proxy, file_id, authority.signer(proxy_owner()).sign_cades(BODY))
    assert [t.state for t in queue.tasks(record.id)] == ["signed", "asked"]
    assert [r.id for _t, r in queue.asked_of(ids[1])] == [record.id]
    intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    assert [t.state for t in queue.tasks(record.id)] == ["signed", "signed"]


@pytest.mark.requirement("S-21")
def test_declining_with_a_reason_returns_to_the_author(authority, head, proxy, letter_with, world):
    record, _file_id = letter_with(BODY)
    task = queue.set_order(head, record.id, [world.users["proxy"].id])[0]
    with pytest.raises(Invalid):
        queue.decline(proxy, task.id, "  ")
    with pytest.raises(NotFound):
        queue.decline(head, task.id, "не моё")
    queue.decline(proxy, task.id, "Не тот договор")
    db.session.expire_all()
    assert queue.tasks(record.id)[0].state == "declined"
    told = db.session.scalars(
        db.select(Notification).where(Notification.user_id == world.users["head"].id)
    ).all()
    assert any("отказ" in line.text.lower() for line in told)
    assert "sign.decline" in {s.verb for s in query.history(head, query.get(head, record.id))}


@pytest.mark.requirement("S-21")
def test_forwarding_asks_for_authority(authority, head, proxy, letter_with, world):
    record, file_id = letter_with(BODY)
    task = queue.set_order(head, record.id, [world.users["proxy"].id])[0]
    with pytest.raises(Refused, match="нет полномочий"):
        queue.forward(proxy, task.id, world.users["stranger"].id)
    queue.forward(proxy, task.id, world.users["head"].id, "в отпуске")
    intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    assert [t.state for t in queue.tasks(record.id)] == ["signed"]


@pytest.mark.requirement("S-07")
def test_the_paper_path_keeps_the_scan_and_the_place(head, clerk, letter_with, ctx):
    from records import service

    record, _ = letter_with(BODY)
    service.act(head, record.id, "submit")
    scan = service.attach(clerk, record.id, io.BytesIO(b"scan"), "scan.txt", replaces=_).file
    queue.on_paper(clerk, record.id, scan.id, "Шкаф 3, папка 02-15")
    assert query.get(clerk, record.id).original_place == "Шкаф 3, папка 02-15"
    assert "paper" in [line.verb for line in log.lines(clerk, record.id)]


@pytest.mark.requirement("S-15")
def test_the_log_lists_events_with_times_and_digests(authority, head, letter_with, world, browser_of):
    record, file_id = letter_with(BODY)
    queue.set_order(head, record.id, [world.users["head"].id])
    page = browser_of("head")
    assert page.get(f"/sign/{record.id}").status_code == 200
    intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    lines = log.lines(head, record.id)
    assert [line.verb for line in lines] == ["created", "sent", "viewed", "signed"]
    assert {line.sha256 for line in lines if line.verb != "sent"} == {query.files(record)[0].sha256}
    shown = page.get(f"/records/{record.id}/signing-log")
    assert query.files(record)[0].sha256 in shown.text
    pdf = page.get(f"/records/{record.id}/signing-log?format=pdf")
    assert pdf.data.startswith(b"%PDF")
    assert page.get(f"/records/{record.id}").text.count("Подпись верна") == 1


def test_a_file_beside_is_not_signed_again(authority, head, letter_with):
    _record, file_id = letter_with(BODY)
    entry = intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    with pytest.raises(NotFound):
        intake.receive(head, entry.stored_id, b"\x30\x00")
