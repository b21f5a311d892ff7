"""Packages for 1С: XML by the published scheme, numbers without gaps, receipts, sending again."""

from __future__ import annotations

import hashlib
import zipfile

import pytest
from lxml import etree

from records import service
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.model import Record
from reports import export_1c, sheets
from reports.model import ReportExport
from tests.reports.filled import CONTRACT, ORDER, insert, opened, text_file, with_order
from tests.reports.test_sending import approved, signed

NS = {"r": export_1c.NAMESPACE}


def accepted(head, curator, drain, record_id):
    approved(head, curator, record_id, drain)
    signed(record_id)
    service.act(head, record_id, "sign")
    return record_id


def package_of(entry, curator):
    _, path = export_1c.content(curator, entry.number)
    archive = zipfile.ZipFile(path)
    return archive, etree.fromstring(archive.read("package.xml"))


def receipt(package_id, result="accepted", errors=()):
    lines = "".join(f'<Error uid="{uid}" code="E_INN">Нет такого ИНН</Error>' for uid in errors)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Receipt xmlns="{export_1c.NAMESPACE}" version="1.0">'
        f"<PackageId>{package_id}</PackageId><ReceivedAt>2026-11-21T18:06:10+03:00</ReceivedAt>"
        f"<Result>{result}</Result>{lines}</Receipt>"
    ).encode()


@pytest.mark.requirement("X-01")
def test_accepted_reports_go_out_in_a_package_of_the_published_scheme(head, curator, drain):
    first = with_order(head)
    second = opened(head, "f7")
    uids = insert(head, second, "contract", CONTRACT)
    act = {"act_kind": "ks2", "act_number": "1", "act_date": "30.06.2026", "amount": "15000000.25"}
    insert(head, second, "acts", act)
    service.attach(head, second, text_file(), "Договор.txt", slot=f"row:{uids[0]}")
    for record_id in (first, second):
        accepted(head, curator, drain, record_id)
    assert export_1c.waiting() == [first, second]
    entry = export_1c.pack(curator)
    assert (entry.number, export_1c.waiting()) == (1, [])
    archive, root = package_of(entry, curator)
    assert export_1c.schema().validate(root)
    (row,) = root.findall(".//r:Section[@code='contract']/r:Row", NS)
    assert row.findtext("r:F[@id='remaining']", namespaces=NS) == "45000000.25"
    assert row.findtext("r:F[@id='procurement']", namespaces=NS) == "fz44"
    assert row.findtext("r:Sub[@code='acts']/r:Row/r:F[@id='amount']", namespaces=NS) == "15000000.25"
    assert len(row.findall("r:FileRef", NS)) == 1
    for line in archive.read("manifest.sha256").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert export_1c.pack(curator) is None


@pytest.mark.requirement("X-01")
def test_a_receipt_closes_what_was_taken_and_the_rest_is_sent_again(head, curator, drain):
    good = accepted(head, curator, drain, with_order(head))
    bad = opened(head, "f10", 2025)
    (uid,) = insert(head, bad, "orders", ORDER)
    accepted(head, curator, drain, bad)
    entry = export_1c.pack(curator)
    export_1c.content(curator, entry.number)
    taken = export_1c.take_receipt(curator, receipt(entry.package_id, "partial", [uid]))
    assert taken.state == "partial"
    assert db.session.get(Record, good, populate_existing=True).state == "closed"
    assert db.session.get(Record, bad, populate_existing=True).state == "accepted"
    ((export, record),) = export_1c.failed()
    assert (record.id, export.error) == (bad, "E_INN: Нет такого ИНН")
    export_1c.take_receipt(curator, receipt(entry.package_id))  # read once: nothing changes
    assert db.session.get(ReportExport, bad, populate_existing=True).state == "failed"
    export_1c.again(curator, bad)
    following = export_1c.pack(curator)
    assert following.number == 2
    export_1c.take_receipt(curator, receipt(following.package_id))
    assert db.session.get(Record, bad, populate_existing=True).state == "closed"


def test_a_package_is_the_same_bytes_at_every_sending(head, curator, drain):
    accepted(head, curator, drain, with_order(head))
    entry = export_1c.pack(curator)
    digests = {hashlib.sha256(export_1c.content(curator, 1)[1].read_bytes()).hexdigest() for _ in range(2)}
    assert digests == {entry.sha256}
    assert (entry.sends, entry.state) == (2, "sent")
    from datetime import timedelta

    from archive import integrity

    integrity.sweep(older_than=timedelta(0))
    assert export_1c.content(curator, 1)[1].exists()


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"not xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>']
)
def test_a_receipt_of_another_kind_is_refused(curator, data):
    with pytest.raises(Invalid):
        export_1c.take_receipt(curator, data)


def test_a_receipt_of_an_unknown_package_is_refused(curator, head):
    with pytest.raises(NotFound):
        export_1c.take_receipt(curator, receipt("0f6f7a52-6d5b-4a6b-9a0e-5d3f0a1b2c3d"))
    with pytest.raises(Forbidden):
        export_1c.pack(head)


def test_snils_stays_at_home_unless_the_setting_lets_it_go(head, curator, drain):
    from tests.reports.filled import PERSON

    record_id = opened(head, "f2")
    insert(head, record_id, "employee", {**PERSON, "snils": "112-233-445 95"})
    assert sheets.page(head, record_id, "employee", 0, 1)["rows"][0]["cells"]["snils"]["v"]
    accepted(head, curator, drain, record_id)
    _, root = package_of(export_1c.pack(curator), curator)
    assert root.find(".//r:F[@id='last_name']", NS) is not None
    assert root.find(".//r:F[@id='snils']", NS) is None
