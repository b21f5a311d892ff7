"""Case export (R-40, X-19): a zip that opens on any computer, without the system and without a network.

Inside: an index page with the inventory, every document with its files and digests, metadata as JSON,
and a list of SHA-256 sums that standard programs check. Only what the asking person may see.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import IO, Any

from attachments.names import safe_name
from records import parameters, policy, query
from records.actor import Actor
from records.database import now
from records.errors import Invalid
from records.kinds import registry
from records.model import Record, StoredFile
from records.storage import storage

MOST = 2000

READ_ME = """Выгрузка дела из системы «Вече».

Откройте index.html в любом браузере: это опись, документы открываются по ссылкам.
Проверить целостность: sha256sum -c SHA256SUMS (Linux, macOS) или certutil -hashfile ФАЙЛ SHA256 (Windows).
Сведения о каждом документе — в папке документа, файл карточка.json.
"""


def write(actor: Actor, ids: Sequence[int], out: IO[bytes], *, title: str) -> int:
    """Write the export of records into a stream; returns how many went in.

    Raises Invalid when nothing chosen is visible or too much was asked.
    """
    if len(ids) > MOST:
        raise Invalid({"ids": [f"За один раз выгружается не больше {MOST} документов."]})
    records = [query.get(actor, i) for i in sorted(query.visible_ids(actor, ids))]
    if not records:
        raise Invalid({"ids": ["Выгружать нечего: документы не выбраны или недоступны."]})
    sums: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        at = now().astimezone(parameters.zone())
        entries = [_document(actor, record, archive, sums, at) for record in records]
        _text(archive, "index.html", _index(title, entries, at), sums, at)
        _text(archive, "ПРОЧТИ.txt", READ_ME, sums, at)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        _text(archive, "SHA256SUMS", lines, None, at)
    return len(entries)


def _document(
    actor: Actor, record: Record, archive: zipfile.ZipFile, sums: dict[str, str], at: datetime
) -> dict[str, Any]:
    folder = _folder(record)
    kind = registry.of(record)
    payload = record.payload or {}
    files = []
    for name, entry in _named(query.files(record)):
        path = f"{folder}/{name}"
        digest = hashlib.sha256()
        with (
            storage().open(entry.sha256) as source,
            archive.open(_info(path, at), "w", force_zip64=True) as target,
        ):
            while chunk := source.read(1 << 20):
                digest.update(chunk)
                target.write(chunk)
        sums[path] = digest.hexdigest()
        files.append({"имя": name, "размер": entry.size, "sha256": entry.sha256, "путь": path})
    card = {
        "вид": kind.title,
        "заголовок": record.title,
        "номер": record.number_text,
        "дата": str(record.registered_on or ""),
        "организация": record.organisation.full_name if record.organisation else record.correspondent,
        "состояние": kind.state_title(record.state),
        "поля": {
            f.label: f.show(payload.get(f.name))
            for f in kind.data_fields
            if not f.staff_only or policy.may_see_internal(actor)
        },
        "файлы": files,
        "связи": [
            {"связь": ln.label, "номер": ln.record.number_text, "заголовок": ln.record.title}
            for ln in query.links(actor, record)
        ],
        "замечания": [
            {
                "кто": r.author.name if r.author else "Система",
                "когда": r.created_at.isoformat(),
                "текст": r.text,
            }
            for r in query.remarks(actor, record)
        ],
        "история": [
            {
                "когда": s.at.isoformat(),
                "кто": s.actor,
                "что": s.verb,
                "из": s.from_state,
                "в": s.to_state,
                "дайджест": s.digest,
            }
            for s in query.history(actor, record)
        ],
    }
    _text(archive, f"{folder}/карточка.json", json.dumps(card, ensure_ascii=False, indent=1), sums, at)
    return card | {"папка": folder, "индекс": record.case_index}


def _folder(record: Record) -> str:
    number = (record.number_text or f"черновик {record.id}").replace("/", "-").replace("\\", "-")
    return f"документы/{record.id:06d} {safe_name(number).name or record.id}"


def _named(files: Iterable[StoredFile]) -> Iterator[tuple[str, StoredFile]]:
    """Files under names that differ on every disk (case and Unicode form aside)."""
    taken: set[str] = {"карточка.json"}
    for entry in files:
        stem, dot, tail = entry.name.rpartition(".")
        name, count = entry.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem or entry.name} ({count}){dot}{tail if stem else ''}"
        taken.add(name.casefold())
        yield name, entry


def _info(path: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, date_time=at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _text(archive: zipfile.ZipFile, path: str, text: str, sums: dict[str, str] | None, at: datetime) -> None:
    raw = text.encode()
    archive.writestr(_info(path, at), raw)
    if sums is not None:
        sums[path] = hashlib.sha256(raw).hexdigest()


PAGE = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title><style>
body{{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b2530}}
table{{border-collapse:collapse;width:100%}}
th,td{{border:1px solid #c8d0d9;padding:.4rem .6rem;text-align:left;vertical-align:top}}
th{{background:#eef2f6}}code{{font-size:.8em;word-break:break-all}}
@media print{{thead{{display:table-header-group}}}}
</style></head><body><h1>{title}</h1><p>Опись составлена {at}. Документов: {count}.</p>
<table><thead><tr><th>№</th><th>Индекс дела</th><th>Номер и дата</th><th>Документ</th>
<th>Файлы и SHA-256</th></tr></thead>
<tbody>{rows}</tbody></table></body></html>"""


def _index(title: str, entries: list[dict[str, Any]], at: datetime) -> str:
    rows = []
    for position, entry in enumerate(entries, 1):
        files = "<br>".join(
            f'<a href="{escape(f["путь"], quote=True)}">{escape(f["имя"])}</a> <code>{f["sha256"]}</code>'
            for f in entry["файлы"]
        )
        card = f'<a href="{escape(entry["папка"], quote=True)}/карточка.json">карточка</a>'
        number = f"{entry['номер'] or 'без номера'}{' от ' + entry['дата'] if entry['дата'] else ''}"
        cells = (str(position), escape(entry["индекс"]), escape(number))
        name = f"{escape(entry['вид'])}: {escape(entry['заголовок'])}<br>{escape(entry['организация'])}"
        rows.append(
            "<tr>"
            + "".join(f"<td>{c}</td>" for c in cells)
            + f"<td>{name}<br>{card}</td><td>{files or '—'}</td></tr>"
        )
    return PAGE.format(title=escape(title), at=f"{at:%d.%m.%Y %H:%M}", count=len(entries), rows="".join(rows))
