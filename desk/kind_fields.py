"""Fields of a kind on the administrator's screen: what may be changed, a dry run, the publication (R-41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from language.plural import counted
from language.transliterate import slug
from messaging.unit import alone
from records import kind_versions, policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid
from records.kind_versions import Described
from records.kinds import RecordKind, registry
from records.model import Record

from .tuning import DryRun

ADDED_TYPES: Mapping[str, str] = {
    "text": "Строка",
    "long": "Текст",
    "choice": "Выбор из списка",
    "choices": "Несколько из списка",
    "date": "Дата",
    "integer": "Целое число",
    "money": "Сумма",
    "flag": "Да или нет",
}
MOST_FIELDS = 60
DOCUMENT = ("документ", "документа", "документов")
LOOKED_AT = 5000
"""So many newest records a dry run reads; of a larger archive it says so."""


def fields_of(name: str) -> list[Described]:
    """The fields of the newest version with those hidden for new records, as the editor shows them."""
    made = kind_versions.versions(name)
    return (
        [dict(item) for item in made[0].fields] if made else kind_versions.describe(registry.declared(name))
    )


def bound(kind: RecordKind) -> frozenset[str]:
    """Fields the program itself relies on: they cannot be hidden or made optional."""
    heading = {part for _, part, _, _ in Formatter().parse(kind.heading) if part}
    needed = {kind.title_field, kind.audience_field, *kind.route_by, *kind.expected, *heading}
    return frozenset(f.name for f in kind.data_fields if f.required or f.name in needed)


def check(name: str, fields: Sequence[Described]) -> list[Described]:
    """The fields made sound. Raises Invalid with everything that is wrong, by the name of the field."""
    kind = registry.declared(name)
    known = {item["name"]: item for item in fields_of(name)}
    errors: dict[str, list[str]] = {}
    if len(fields) > MOST_FIELDS:
        errors["fields"] = [f"Полей — не больше {MOST_FIELDS}."]
    names = [str(item["name"]) for item in fields]
    if missing := known.keys() - set(names):
        errors["fields"] = [f"Поле не удаляют, а скрывают: {', '.join(sorted(missing))}."]
    made = []
    for item in fields:
        wrong = _wrong(kind, item, known.get(str(item["name"])), names)
        if wrong:
            errors[str(item["name"])] = [f"«{item['label'] or item['name']}»: {text}" for text in wrong]
        made.append(item)
    if errors:
        raise Invalid(errors)
    return made


def _wrong(kind: RecordKind, item: Described, before: Described | None, names: list[str]) -> list[str]:
    name, found = str(item["name"]), []
    if not str(item["label"]).strip() or len(str(item["label"])) > 200:
        found.append("название — от 1 до 200 знаков.")
    if len(str(item["hint"])) > 500:
        found.append("подсказка — не длиннее 500 знаков.")
    if names.count(name) > 1 or (before is None and kind.field(name) is not None):
        found.append("такое поле уже есть.")
    if before is not None and item["type"] != before["type"]:
        found.append("вид поля не меняют: скройте это и добавьте новое.")
    if before is None and item["type"] not in ADDED_TYPES:
        found.append("такого вида поля нет.")
    if name in bound(kind) and (item.get("hidden") or (_required(kind, name) and not item["required"])):
        found.append("программа опирается на это поле: его нельзя скрыть или сделать необязательным.")
    if item.get("hidden") and item["required"] and name not in bound(kind):
        found.append("скрытое поле не может быть обязательным.")
    if item["type"] in ("choice", "choices"):
        found += _wrong_choices(item)
    return found


def _required(kind: RecordKind, name: str) -> bool:
    field = kind.field(name)
    return field is not None and field.required


def _wrong_choices(item: Described) -> list[str]:
    codes = [code for code, _ in item["choices"]]
    if not codes:
        return ["в списке нет ни одного значения."]
    if len(set(codes)) != len(codes):
        return ["коды значений повторяются."]
    return ["у значения нет названия."] if any(not title for _, title in item["choices"]) else []


def new_name(label: str, taken: Sequence[str]) -> str:
    """A name for an added field, made of its title."""
    plain = slug(label, 40).replace("-", "_") or "field"
    name, number = f"x_{plain}", 1  # `x_` keeps clear of the names a later program may ship
    while name in taken:
        number += 1
        name = f"x_{plain}_{number}"
    return name


def try_fields(name: str, fields: Sequence[Described]) -> DryRun:
    """What the publication would do, before it is made. Raises Invalid for what cannot be."""
    made = check(name, fields)
    lines = differences(fields_of(name), made)
    if not lines:
        raise Invalid({"fields": ["Ничего не изменено."]})
    total = _count(Record.kind == name)
    drafts = _count(Record.kind == name, Record.state == "draft", Record.trashed_at.is_(None))
    lines.append(
        f"Уже есть {counted(total, DOCUMENT)}: они останутся на прежней версии полей и не изменятся."
    )
    if drafts:
        lines.append(f"Из них черновиков: {drafts}. Их дозаполнят и подадут по прежней форме.")
    lines += _gaps(name, made, total)
    return DryRun(tuple(lines))


def _count(*conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(Record).where(*conditions)) or 0  # type: ignore[arg-type]


def _gaps(name: str, fields: Sequence[Described], total: int) -> list[str]:
    """How many present records would not fit the new form: what the change asks of people, in figures."""
    before = {item["name"]: item for item in fields_of(name)}
    now_required = [
        f for f in fields if f["required"] and not (before.get(f["name"]) or {"required": False})["required"]
    ]
    gone = {
        f["name"]: {code for code, _ in before[f["name"]]["choices"]} - {code for code, _ in f["choices"]}
        for f in fields
        if f["type"] in ("choice", "choices") and f["name"] in before
    }
    empty = dict.fromkeys((f["name"] for f in now_required), 0)
    used = dict.fromkeys((n for n, codes in gone.items() if codes), 0)
    if not empty and not used:
        return []
    newest = (
        select(Record)
        .where(Record.kind == name)
        .options(undefer(Record.payload))
        .order_by(Record.id.desc())
        .limit(LOOKED_AT)
    )
    for record in db.session.scalars(newest):
        payload = record.payload or {}
        for key in empty:
            empty[key] += payload.get(key) in (None, "", [])
        for key in used:
            value = payload.get(key)
            used[key] += bool(gone[key] & set(value if isinstance(value, list) else [value]))
    labels = {f["name"]: f["label"] for f in fields}
    lines = [
        f"«{labels[key]}» станет обязательным; не заполнено в {count} из имеющихся."
        for key, count in empty.items()
    ]
    lines += [
        f"Убранные значения «{labels[key]}» стоят в {count} из имеющихся." for key, count in used.items()
    ]
    if total > LOOKED_AT:
        lines.append(f"Подсчёт — по {LOOKED_AT} последним документам.")
    return lines


def differences(before: Sequence[Described], after: Sequence[Described]) -> list[str]:
    """The change in words."""
    known = {item["name"]: item for item in before}
    lines = []
    for item in after:
        was = known.get(item["name"])
        if was is None:
            lines.append(f"Добавится поле «{item['label']}» ({ADDED_TYPES[item['type']].lower()}).")
            continue
        if was["label"] != item["label"]:
            lines.append(f"«{was['label']}» будет называться «{item['label']}».")
        if was["hint"] != item["hint"]:
            lines.append(f"Изменится подсказка поля «{item['label']}».")
        if was["required"] != item["required"]:
            words = "обязательным" if item["required"] else "необязательным"
            lines.append(f"«{item['label']}» станет {words}.")
        if bool(was.get("hidden")) != bool(item.get("hidden")):
            words = "не будет в новых документах" if item.get("hidden") else "вернётся в новые документы"
            lines.append(f"«{item['label']}» {words}.")
        if was.get("choices") != item.get("choices"):
            lines.append(f"Изменится список значений «{item['label']}».")
    if [i["name"] for i in after if i["name"] in known] != [i["name"] for i in before]:
        lines.append("Изменится порядок полей.")
    return lines


def publish(actor: Actor, name: str, fields: Sequence[Described], *, seen: int, note: str = "") -> int:
    """Publish the next version: new records are filled under it from now on. Returns its number."""
    if not policy.may_administer(actor):
        raise Forbidden("Поля видов меняет администратор.")
    changed = differences(fields_of(name), check(name, fields))
    if not changed:
        raise Invalid({"fields": ["Ничего не изменено."]})
    with alone():
        words = " ".join([note.strip(), *changed]).strip()
        return kind_versions.publish(actor, registry.declared(name), fields, seen=seen, note=words)
