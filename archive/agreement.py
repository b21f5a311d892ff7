"""Does every record agree with its own history (R-26, R-29): number, state, fields, files, remarks, rights.

A chain of digests proves the history, not the card. Whoever writes into the database past the program changes
the card and leaves the history as it was; here each is held against the other.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from records.database import db
from records.history import Fault
from records.kinds import registry
from records.model import (
    Counter,
    History,
    HistoryDetail,
    Hold,
    Link,
    Number,
    Record,
    RecordAccess,
    Remark,
    Snapshot,
    StoredFile,
)
from records.service.filing import named
from records.service.linking import LINK_TYPES
from records.service.unit import visible_labels

BATCH = 200


@dataclass
class Told:
    """What the history of one record says it consists of."""

    state: str = ""
    numbers: list[str] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)
    """Values changed since the latest snapshot."""
    snapshot: str = ""
    files: Tally[str] = field(default_factory=Tally)
    removed: Tally[str] = field(default_factory=Tally)
    remarks: Tally[tuple[str, bool]] = field(default_factory=Tally)
    links: Tally[str] = field(default_factory=Tally)
    holds: int = 0
    lifted: int = 0
    redacted: bool = False

    def hear(self, entry: History, detail: HistoryDetail | None) -> None:
        """Take the next entry in."""
        if detail is not None and detail.redacted_at is not None:
            self.redacted = True
        values = {} if detail is None else detail.values
        self.state = entry.to_state or self.state
        self.holds += entry.verb == "hold.set"
        self.lifted += entry.verb == "hold.lift"
        if "snapshot" in values:
            self.snapshot, self.fields = str(values["snapshot"]["new"]), {}
        elif entry.verb == "record.edit":
            self.fields |= {name: value["new"] for name, value in values.items() if name != "note"}
        if "number" in values and entry.to_state:
            self.numbers.append(str(values["number"]["new"]))
        if entry.verb.endswith(".add") and entry.verb.split(".")[0] in ("remark", "message", "resolution"):
            self.remarks[(str(values.get("note", {}).get("new")), entry.is_public)] += 1
        self._hear_of_parts(values)

    def _hear_of_parts(self, values: dict[str, dict[str, object]]) -> None:
        for name in ("file", "signature"):
            if value := values.get(name):
                self.files[str(value["new"])] += value["new"] is not None
                self.removed[str(value["old"])] += value["old"] is not None
        if value := values.get("link"):
            self.links[str(value["new"])] += value["new"] is not None
            self.links[str(value["old"])] -= value["old"] is not None


@dataclass
class Parts:
    """What hangs on the records of a batch, by record."""

    told: dict[int, Told] = field(default_factory=lambda: defaultdict(Told))
    numbers: dict[int, list[Number]] = field(default_factory=lambda: defaultdict(list))
    files: dict[int, list[StoredFile]] = field(default_factory=lambda: defaultdict(list))
    remarks: dict[int, list[Remark]] = field(default_factory=lambda: defaultdict(list))
    holds: dict[int, list[Hold]] = field(default_factory=lambda: defaultdict(list))
    links: dict[int, Tally[str]] = field(default_factory=lambda: defaultdict(Tally))
    labels: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    snapshots: dict[tuple[int, int], Snapshot] = field(default_factory=dict)


def faults() -> Iterator[Fault]:
    """Every record whose card says something else than its history, and every number that is gone."""
    yield from _gone_numbers()
    last = 0
    while ids := list(
        db.session.scalars(select(Record.id).where(Record.id > last).order_by(Record.id).limit(BATCH))
    ):
        parts = _parts(ids)
        query = select(Record).where(Record.id.in_(ids)).options(undefer(Record.payload)).order_by(Record.id)
        for record in db.session.scalars(query):
            yield from (Fault(record.id, None, record.updated_at, text) for text in _wrong(record, parts))
        db.session.expunge_all()
        last = ids[-1]


def _gone_numbers() -> Iterator[Fault]:
    """A number was given once and is for ever: the counter says how many there must be (records.md §3.2)."""
    present: dict[tuple[str, int], set[int]] = defaultdict(set)
    for series, year, seq in db.session.execute(select(Number.series, Number.year, Number.seq)):
        present[(series, year)].add(seq)
    given = {(c.series, c.year): c.value for c in db.session.scalars(select(Counter))}
    for key in sorted({*present, *given}):
        for seq in sorted(set(range(1, given.get(key, 0) + 1)) ^ present[key]):
            place = f"журнал «{key[0]}»" + (f" за {key[1]} год" if key[1] else "")
            yield Fault(0, None, None, f"{place}: номер по счёту {seq} не сходится со счётчиком")


def _parts(ids: Sequence[int]) -> Parts:
    parts = Parts()
    entries = (
        select(History, HistoryDetail)
        .outerjoin(HistoryDetail, HistoryDetail.history_id == History.id)
        .where(History.record_id.in_(ids))
        .order_by(History.record_id, History.seq)
    )
    for entry, detail in db.session.execute(entries):
        parts.told[entry.record_id].hear(entry, detail)
    for number in db.session.scalars(select(Number).where(Number.record_id.in_(ids)).order_by(Number.id)):
        parts.numbers[number.record_id].append(number)
    for file in db.session.scalars(select(StoredFile).where(StoredFile.record_id.in_(ids))):
        parts.files[file.record_id].append(file)
    for remark in db.session.scalars(select(Remark).where(Remark.record_id.in_(ids))):
        parts.remarks[remark.record_id].append(remark)
    for hold in db.session.scalars(select(Hold).where(Hold.record_id.in_(ids))):
        parts.holds[hold.record_id].append(hold)
    for link in db.session.scalars(select(Link).where(or_(Link.source_id.in_(ids), Link.target_id.in_(ids)))):
        forth, back = LINK_TYPES[link.type]
        parts.links[link.source_id][f"{forth}: № {link.target_id}"] += 1
        parts.links[link.target_id][f"{back}: № {link.source_id}"] += 1
    for label in db.session.scalars(select(RecordAccess).where(RecordAccess.record_id.in_(ids))):
        parts.labels[label.record_id].add(label.label)
    for kept in db.session.scalars(select(Snapshot).where(Snapshot.record_id.in_(ids))):
        parts.snapshots[(kept.record_id, kept.content_version)] = kept
    return parts


def _wrong(record: Record, parts: Parts) -> Iterator[str]:
    told = parts.told[record.id]
    if record.kind not in registry:
        yield f"вид документа изменён: «{record.kind}» программе неизвестен"
        return
    if told.state != record.state:
        yield f"состояние «{record.state}» не сходится с историей («{told.state}»)"
    if parts.labels[record.id] != visible_labels(record):
        yield "метки доступа не те, что следуют из документа"
    holds = parts.holds[record.id]
    if (len(holds), sum(h.lifted_at is not None for h in holds)) != (told.holds, told.lifted):
        yield "удержания не сходятся с историей"
    if record.destroyed_at is not None:
        return  # erased by an act: the values of its history are gone by law, and its content with them
    if told.redacted:
        yield "значения истории стёрты, хотя документ не уничтожен"
        return
    yield from _wrong_number(record, parts.numbers[record.id], told)
    yield from _wrong_content(record, parts, told)
    yield from _wrong_files(parts.files[record.id], told)
    if Tally((r.text, r.is_public) for r in parts.remarks[record.id]) != +told.remarks:
        yield "замечания и сообщения не сходятся с историей"
    if parts.links[record.id] != +told.links:
        yield "связи не сходятся с историей"


def _wrong_number(record: Record, numbers: list[Number], told: Told) -> Iterator[str]:
    if Tally(n.text for n in numbers) != Tally(told.numbers):
        kept, said = ", ".join(n.text for n in numbers) or "нет", ", ".join(told.numbers) or "нет"
        yield f"номера в журнале ({kept}) не сходятся с историей ({said})"
    if record.number_text != (told.numbers[0] if told.numbers else None):
        yield f"номер на карточке ({record.number_text or 'нет'}) не сходится с историей"
    elif numbers and record.registered_on != numbers[0].issued_on:
        yield "дата регистрации на карточке не та, что в журнале"


def _wrong_content(record: Record, parts: Parts, told: Told) -> Iterator[str]:
    """The fields are those of the latest snapshot with the changes the history tells of since."""
    kept = parts.snapshots.get((record.id, record.content_version))
    if not told.snapshot:
        if kept is not None or record.number_text is not None:
            yield "снимок содержания не подтверждён историей"
        return
    latest = max((key for key in parts.snapshots if key[0] == record.id), default=None)
    if latest is None or parts.snapshots[latest].digest != told.snapshot:
        yield "снимок содержания утрачен или подменён"
        return
    content = parts.snapshots[latest].content
    filed = content["fields"]
    assert isinstance(filed, dict)
    wanted, present = filed | told.fields, record.payload or {}
    for name in sorted({*wanted, *present}):
        if wanted.get(name) != present.get(name):
            kind = registry.of(record)
            declared = kind.field(name)
            yield f"поле «{declared.label if declared else name}» изменено в обход истории"
    if (content["kind"], content["organisation"]) != (record.kind, record.organisation_id):
        yield "вид или организация документа изменены в обход истории"
    if not told.fields and content["title"] != record.title:
        yield "заголовок изменён в обход истории"


def _wrong_files(files: list[StoredFile], told: Told) -> Iterator[str]:
    replaced = {f.replaces for f in files if f.origin == "generated"}
    present = Tally(named(f) for f in files)
    removed = Tally(named(f) for f in files if f.removed_at is not None and f.id not in replaced)
    for name in sorted({*present, *told.files}):
        if present[name] > told.files[name]:
            yield f"файла «{name}» нет в истории"
        elif present[name] < told.files[name]:
            yield f"файл «{name}» из истории пропал"
        elif removed[name] != told.removed[name]:
            yield f"пометка об удалении файла «{name}» не сходится с историей"
