"""Packages for the books of the СРО: our XML (format 1.0), a zip with files and digests, receipts, sending
again (X-01).

There is no public format of «1С:Реестр СРО»; this one is the cabinet's own and is published as an XSD.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree
from sqlalchemy import func, select

from forms.reports.model import Column, Form, Table
from records import parameters, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.model import Record, StoredFile
from records.people import Organisation, User
from records.service import work
from records.service.filing import MAX_BYTES
from records.storage import storage
from register import decisions
from signatures.model import Signature

from . import campaign, editions
from .model import ReportExport, ReportFiling, ReportPackage, ReportSheet
from .sending import BOOK_SLOT

NAMESPACE: Final = "urn:sro-cabinet:exchange:1.0"
_SCHEMA: Final = Path(__file__).parent / "data" / "sro-exchange-1.0.xsd"
_SPACE: Final = uuid.UUID("6d3a2f0e-5b7c-4e55-9d43-8a1f6f0c2b11")
_PERSONAL: Final = frozenset({"snils"})
"""Left out unless the setting `reports.include_pd` says otherwise (the format, «Персональные данные»)."""
_NESTED: Final[Mapping[str, tuple[str, ...]]] = {"contract": ("addenda", "acts", "subcontractors")}
MOST: Final = 200


@cache
def schema() -> etree.XMLSchema:
    """The published scheme."""
    return etree.XMLSchema(etree.parse(str(_SCHEMA)))


def scheme_text() -> bytes:
    """The scheme as it is published."""
    return _SCHEMA.read_bytes()


def uid_of(what: str, key: object) -> str:
    """The permanent uid of a thing of this installation."""
    return str(uuid.uuid5(_SPACE, f"{parameters.office().get('inn', '')}:{what}:{key}"))


def may_export(actor: Actor) -> bool:
    """Who makes packages and takes receipts."""
    return actor.is_system or (
        bool(actor.roles & (campaign.KEEPERS | {"sro_registrar", "sro_clerk"})) and not actor.read_only
    )


def waiting() -> list[int]:
    """Accepted reports that no package has taken yet."""
    wanted = select(ReportExport.record_id).where(ReportExport.state == "waiting")
    return list(db.session.scalars(wanted.order_by(ReportExport.queued_at, ReportExport.record_id)))


def packages() -> list[ReportPackage]:
    """Packages, the newest first."""
    return list(db.session.scalars(select(ReportPackage).order_by(ReportPackage.number.desc()).limit(200)))


def pack(actor: Actor) -> ReportPackage | None:
    """Put everything that waits into the next package; None when nothing waits."""
    if not may_export(actor):
        raise Forbidden("Выгрузку готовит сотрудник СРО.")
    with work(actor) as unit:
        ids = waiting()[:MOST]
        if not ids:
            return None
        number = (db.session.scalar(select(func.max(ReportPackage.number))) or 0) + 1
        package_id = str(uuid.uuid4())
        content = _archive(_Package(number, package_id, unit.at, ids))
        received = storage().receive(io.BytesIO(content), limit=MAX_BYTES)
        storage().keep(received)
        office = parameters.office()
        stamp = unit.at.astimezone(parameters.zone())
        entry = ReportPackage(
            number=number,
            package_id=package_id,
            name=f"sro_{office.get('inn', '')}_{number:06d}_{stamp:%Y%m%d%H%M}.zip",
            state="ready",
            sha256=received.sha256,
            size=len(content),
            sends=0,
            made_at=unit.at,
            errors=[],
        )
        db.session.add(entry)
        db.session.flush()
        for export in db.session.scalars(select(ReportExport).where(ReportExport.record_id.in_(ids))):
            export.package, export.state, export.error = number, "packed", ""
        return entry


def content(actor: Actor, number: int) -> tuple[ReportPackage, Path]:
    """The package's bytes, the same at every sending; taking them is noted."""
    if not may_export(actor):
        raise Forbidden
    with work(actor):
        entry = db.session.get(ReportPackage, number)
        if entry is None:
            raise NotFound
        entry.sends += 1
        if entry.state == "ready":
            entry.state = "sent"
        return entry, storage().path(entry.sha256)


class _Package:
    """One package while it is written."""

    def __init__(self, number: int, package_id: str, at: datetime, ids: Sequence[int]) -> None:
        self.number, self.package_id, self.at, self.ids = number, package_id, at, ids
        self.files: dict[str, StoredFile] = {}
        self.with_personal = bool(parameters.get("reports.include_pd"))

    def xml(self) -> bytes:
        """The package as XML, checked against the scheme. Raises Refused when the data do not fit it."""
        root = etree.Element(f"{{{NAMESPACE}}}Package", nsmap={None: NAMESPACE}, version="1.0")
        self._header(_add(root, "Header"))
        reports = _add(root, "Reports")
        for record_id in self.ids:
            self._report(reports, record_id)
        checked = etree.fromstring(etree.tostring(root))
        if not schema().validate(checked):
            error = schema().error_log[0]
            raise Refused(f"Выгрузка не соответствует схеме: {error.message}")
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

    def _header(self, header: Any) -> None:
        office = parameters.office()
        _text(header, "PackageId", self.package_id)
        _text(header, "Number", str(self.number))
        _text(header, "CreatedAt", self._moment(self.at))
        _text(header, "Mode", "delta")
        _text(header, "Sender", "Кабинет члена СРО")
        _text(header, "SroName", str(office.get("full_name") or office.get("short_name") or "СРО")[:1000])
        _text(header, "SroNumber", str(office.get("sro_number") or "СРО-С-000-01012009"))
        _text(header, "SroInn", str(office.get("inn") or ""))
        _text(header, "SroKind", decisions.sro_kind())

    def _moment(self, at: datetime) -> str:
        return at.astimezone(parameters.zone()).isoformat(timespec="seconds")

    def _report(self, parent: Any, record_id: int) -> None:
        record = db.session.scalars(select(Record).where(Record.id == record_id)).one()
        sheet = db.session.get(ReportSheet, record_id)
        assert sheet is not None
        company = db.session.get(Organisation, sheet.organisation_id)
        assert company is not None
        curator = db.session.get(User, sheet.approved_by) if sheet.approved_by else None
        node = _add(parent, "Report", uid=uid_of("record", record_id))
        _text(node, "MemberInn", company.inn or "")
        _text(node, "Kind", "annual")
        _text(node, "Year", str(sheet.year))
        _text(node, "Number", record.number_text or "")
        _text(node, "Date", (record.registered_on or self.at.date()).isoformat())
        _text(node, "Status", record.state)
        _text(node, "ApprovedAt", self._moment(sheet.approved_at or record.state_at))
        _text(node, "Curator", curator.name if curator else "Система")
        form = editions.of(sheet)
        body = _add(node, "Form", num=form.number)
        if sheet.is_nil:
            body.set("nil", "true")
        else:
            self._sections(body, form, _filed_rows(record_id), record_id)
        for file in _files(record_id):
            self._file(node, file)

    def _sections(
        self, body: Any, form: Form, rows: Mapping[str, Sequence[Mapping[str, Any]]], record_id: int
    ) -> None:
        nested = {code for codes in _NESTED.values() for code in codes}
        refs = _row_files(record_id)
        for table in form.tables:
            if table.code in nested and form.code == "f7":
                continue
            listed = rows.get(table.code, ())
            if listed:
                section = _add(body, "Section", code=table.code)
                for number, row in enumerate(listed, start=1):
                    node = self._row(section, table, row, number, refs)
                    for code in _NESTED.get(table.code, ()):
                        self._sub(node, form.table(code), rows, row, len(listed) == 1, refs)
                    self._refs(node, row, refs)

    def _sub(
        self,
        node: Any,
        table: Table,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        owner: Mapping[str, Any],
        is_sole: bool,
        refs: Mapping[str, Sequence[StoredFile]],
    ) -> None:
        """Rows that belong to a contract."""
        own = [
            row
            for row in rows.get(table.code, ())
            if row.get("parent") == owner["uid"] or (is_sole and not row.get("parent"))
        ]
        if own:
            sub = _add(node, "Sub", code=table.code)
            for number, row in enumerate(own, start=1):
                self._refs(self._row(sub, table, row, number, refs), row, refs)

    def _row(
        self,
        parent: Any,
        table: Table,
        row: Mapping[str, Any],
        number: int,
        refs: Mapping[str, Sequence[StoredFile]],
    ) -> Any:
        node = _add(parent, "Row", no=str(number), uid=str(row["uid"]))
        for column in table.columns:
            if column.name == "parent" or (column.name in _PERSONAL and not self.with_personal):
                continue
            value = row.get(column.name)
            if value not in (None, "", []):
                _add(node, "F", id=column.name).text = _plain(column, value)
        return node

    def _refs(self, node: Any, row: Mapping[str, Any], refs: Mapping[str, Sequence[StoredFile]]) -> None:
        for file in refs.get(str(row["uid"]), ()):
            _add(node, "FileRef", kind="row", ref=uid_of("file", file.id))

    def _file(self, parent: Any, file: StoredFile) -> None:
        uid = uid_of("file", file.id)
        path = f"files/{uid}{Path(file.name).suffix[:12]}"
        self.files[path] = file
        node = _add(parent, "File", uid=uid)
        _text(node, "Name", file.name)
        _text(node, "Path", path)
        _text(node, "Size", str(file.size))
        _text(node, "Sha256", file.sha256)
        signs = db.session.execute(
            select(Signature, StoredFile)
            .join(StoredFile, StoredFile.id == Signature.stored_id)
            .where(Signature.file_id == file.id)
            .order_by(Signature.id)
        ).all()
        for number, (sign, stored) in enumerate(signs):
            own = f"{path}.sig" if number == 0 else f"{path}.{number}.sig"
            self.files[own] = stored
            one = _add(node, "Signature")
            _text(one, "Kind", "ukep")
            _text(one, "Path", own)
            _text(one, "Owner", sign.signer_name or "не указан")
            _text(one, "SignedAt", self._moment(sign.received_at))
            _text(one, "CheckResult", "valid" if sign.indication == "TOTAL-PASSED" else "invalid")


def _archive(package: _Package) -> bytes:
    """package.xml, files, manifest.sha256."""
    xml = package.xml()
    stream = io.BytesIO()
    digests = {"package.xml": hashlib.sha256(xml).hexdigest()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("package.xml", xml)
        for path, file in sorted(package.files.items()):
            archive.write(storage().path(file.sha256), path)
            digests[path] = file.sha256
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
        archive.writestr("manifest.sha256", lines)
    return stream.getvalue()


def _filed_rows(record_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was filed last: an approved form is sent as it was approved."""
    filed = db.session.scalars(
        select(ReportFiling)
        .where(ReportFiling.record_id == record_id)
        .order_by(ReportFiling.number.desc())
        .limit(1)
    ).one()
    rows: Any = filed.content["rows"]
    return rows  # type: ignore[no-any-return]


def _files(record_id: int) -> Iterator[StoredFile]:
    wanted = select(StoredFile).where(
        StoredFile.record_id == record_id,
        StoredFile.removed_at.is_(None),
        StoredFile.signature_of.is_(None),
    )
    for file in db.session.scalars(wanted.order_by(StoredFile.id)):
        if file.slot == BOOK_SLOT or file.slot.startswith(("row:", "form:")):
            yield file


def _row_files(record_id: int) -> dict[str, list[StoredFile]]:
    found: dict[str, list[StoredFile]] = {}
    for file in _files(record_id):
        head, _, uid = file.slot.partition(":")
        if head == "row":
            found.setdefault(uid, []).append(file)
    return found


def _plain(column: Column, value: object) -> str:
    """Codes, not words; truth as true/false; lists by «; »."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _add(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _text(parent: Any, name: str, text: str) -> None:
    _add(parent, name).text = text


# --- receipts ---------------------------------------------------------------------------------------------


def take_receipt(actor: Actor, data: bytes) -> ReportPackage:
    """Read the answer of the other side: accepted reports go on, the wrong ones wait for a new package.

    A receipt that was read already changes nothing. Raises Invalid, NotFound.
    """
    if not may_export(actor):
        raise Forbidden
    root = _receipt(data)
    name = {"r": NAMESPACE}
    package_id = root.findtext("r:PackageId", namespaces=name)
    result = root.findtext("r:Result", namespaces=name) or ""
    errors = [
        {"uid": one.get("uid") or "", "code": one.get("code") or "", "text": (one.text or "").strip()}
        for one in root.findall("r:Error", namespaces=name)
    ]
    with work(actor) as unit:
        entry = db.session.scalars(
            select(ReportPackage).where(ReportPackage.package_id == package_id)
        ).first()
        if entry is None:
            raise NotFound
        if entry.state in ("accepted", "partial", "rejected"):
            return entry
        entry.state, entry.answered_at, entry.errors = result, unit.at, errors
        exports = db.session.scalars(select(ReportExport).where(ReportExport.package == entry.number)).all()
        for export in exports:
            _answer(export, result, errors)
        return entry


def _answer(export: ReportExport, result: str, errors: Sequence[Mapping[str, str]]) -> None:
    mine = _uids(export.record_id)
    wrong = [error for error in errors if error["uid"] in mine]
    if result == "rejected" or wrong:
        told = wrong or errors
        export.state = "failed"
        export.error = "; ".join(f"{e['code']}: {e['text']}" for e in told)[:500] or "Пакет отклонён"
        return
    export.state, export.error = "accepted", ""
    record = db.session.get(Record, export.record_id)
    if record is not None and record.state == "accepted":
        service.act(SYSTEM_ACTOR, export.record_id, "export")
        service.act(SYSTEM_ACTOR, export.record_id, "close")


def _uids(record_id: int) -> set[str]:
    """Uids of a report and of everything in it."""
    rows = _filed_rows(record_id)
    own = {str(row["uid"]) for listed in rows.values() for row in listed}
    return own | {uid_of("record", record_id)} | {uid_of("file", file.id) for file in _files(record_id)}


def _receipt(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid({"file": ["Это не XML-квитанция."]}) from error
    if root.tag != f"{{{NAMESPACE}}}Receipt" or not schema().validate(root):
        said = schema().error_log[0].message if len(schema().error_log) else "другой документ"
        raise Invalid({"file": [f"Квитанция не соответствует схеме: {said}"]})
    return root


def again(actor: Actor, record_id: int) -> None:
    """Put a report that was not taken back into the queue."""
    if not may_export(actor):
        raise Forbidden
    with work(actor) as unit:
        export = db.session.get(ReportExport, record_id)
        if export is None:
            raise NotFound
        if export.state != "failed":
            raise Refused("Повторно отправляется то, что не принято.")
        export.state, export.package, export.queued_at = "waiting", None, unit.at


def failed() -> list[tuple[ReportExport, Record]]:
    """Reports the other side did not take."""
    wanted = (
        select(ReportExport, Record)
        .join(Record, Record.id == ReportExport.record_id)
        .where(ReportExport.state == "failed")
        .order_by(ReportExport.record_id)
    )
    return [(export, record) for export, record in db.session.execute(wanted).all()]
