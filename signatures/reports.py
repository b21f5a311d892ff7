"""What a person and a judge are told of a signature: the protocol of its check and the signing log (S-14,
S-15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from documents.paper import Block, Column, Fields, Heading, Items, Paper, Paragraph, Table
from language.zones import zone_label
from printing.check_code import address_of
from records import parameters
from records.database import db, now
from records.model import Record, StoredFile
from records.people import User
from signing import POLICIES

from .log import TITLES
from .model import Signature, SigningEvent, Verification

TITLE = {
    "TOTAL_PASSED": "Подпись действительна",
    "TOTAL_FAILED": "Подпись недействительна",
    "INDETERMINATE": "Подпись не подтверждена",
    "": "Подпись проверяется",
}
SOURCES = {
    "plugin": "подписано в браузере",
    "test": "подписано в браузере, учебный режим",
    "upload": "файл подписи загружен",
    "server": "подписано ключом СРО",
    "import": "загружено из архива",
    "api": "передано программой",
}
WHY = {
    "intake": "при приёме",
    "night": "ночная перепроверка",
    "crl": "новый список отзыва",
    "store": "изменены доверенные УЦ",
    "person": "по запросу сотрудника",
    "stamp": "получен штамп времени",
}
NEXT_STEPS = {
    "TRY_LATER": "Дождитесь нового списка отзыва: проверка повторится сама.",
    "NO_CERTIFICATE_CHAIN_FOUND": "Пришлите подпись сертификатом аккредитованного удостоверяющего центра.",
    "REVOKED_NO_POE": "Подпишите документ действующим сертификатом.",
    "REVOKED_CA_NO_POE": "Подпишите документ действующим сертификатом.",
    "OUT_OF_BOUNDS_NO_POE": "Подпишите документ действующим сертификатом.",
    "OUT_OF_BOUNDS_NOT_REVOKED": "Подпишите документ действующим сертификатом.",
    "NO_SIGNING_CERTIFICATE_FOUND": "Подпишите заново, включив сертификат в подпись.",
    "CRYPTO_CONSTRAINTS_FAILURE": "Подпишите сертификатом ГОСТ Р 34.10-2012.",
    "CHAIN_CONSTRAINTS_FAILURE": "Подпишите сертификатом, предназначенным для подписи документов.",
}
TEST = "Тестовая подпись: юридической силы не имеет."
UNCERTIFIED = (
    "Проверка выполнена программой технически, без сертифицированного средства (63-ФЗ, ст. 5); при споре её "
    "повторяют сертифицированным средством по этим же файлам."
)


def mood(entry: Signature) -> str:
    """valid, invalid or unknown: the colour. What is not confirmed is never green, and neither is no
    authority."""
    if entry.indication == "TOTAL_FAILED":
        return "invalid"
    return "valid" if entry.indication == "TOTAL_PASSED" and entry.authority == "authorised" else "unknown"


def sentence(entry: Signature) -> str:
    """The whole verdict in one sentence."""
    if not entry.indication:
        return "Подпись принята и проверяется."
    head = TITLE[entry.indication]
    if entry.indication == "TOTAL_PASSED":
        text = f"{head}. {entry.authority_text}"
    else:
        text = f"{head}: {entry.text[:1].lower()}{entry.text[1:]}."
    step = NEXT_STEPS.get(entry.sub_indication, "")
    return " ".join(part for part in (text, step, TEST if entry.is_test else "") if part)


def moment(value: object) -> str:
    """A moment of a report (ISO) or of a row, in the office's zone with its label."""
    if not value:
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    zone = parameters.zone()
    return f"{at.astimezone(zone):%d.%m.%Y %H:%M:%S} ({zone_label(zone)})"


def facts(entry: Signature, document: StoredFile) -> list[tuple[str, str]]:
    """What was signed and how it came."""
    user = db.session.get(User, entry.uploaded_by) if entry.uploaded_by else None
    return [
        ("Документ", document.name),
        ("Размер, байт", str(document.size)),
        ("SHA-256 документа", document.sha256),
        ("Стрибог-256 документа", document.streebog256 or "не вычислялся"),
        ("Получена", moment(entry.received_at)),
        ("Как получена", SOURCES.get(entry.source, entry.source)),
        ("Кем передана", user.name if user else "Система"),
        ("SHA-256 файла подписи", entry.sha256),
        ("Формат", f"{entry.format} {entry.level}".strip()),
    ]


def signer_rows(report: Mapping[str, Any], position: int) -> list[tuple[str, str]]:
    """The technical part about one signer."""
    item: Mapping[str, Any] = report["signers"][position]
    owner: Mapping[str, Any] = item.get("certificate") or {}
    powers: Sequence[Mapping[str, str]] = report.get("authorities") or []
    rows = [
        (
            "Итог",
            TITLE[item["indication"]] + (f" ({item['sub_indication']})" if item["sub_indication"] else ""),
        ),
        ("Пояснение", item["text"]),
        ("Полномочия", powers[position]["text"] if position < len(powers) else ""),
        ("Владелец", owner.get("owner") or ""),
        ("Организация", owner.get("organization") or ""),
        ("Должность", owner.get("title") or ""),
        ("ИНН организации", owner.get("inn_legal") or ""),
        ("ОГРН", owner.get("ogrn") or ""),
        ("ИНН", owner.get("inn") or ""),
        ("СНИЛС", owner.get("snils") or ""),
        ("Сертификат", owner.get("serial_hex") or ""),
        ("Кем выдан", owner.get("issuer_name") or ""),
        ("Действителен", _term(owner)),
        ("Алгоритм", item.get("algorithm") or ""),
        ("Заявленное время подписи", moment(item.get("claimed_time"))),
        ("Доказанное время подписи", moment(item.get("best_time"))),
        ("Цепочка", " → ".join(link["subject_name"] for link in item.get("chain") or ())),
        ("Сведения об отзыве", "; ".join(_source(one) for one in item.get("revocation") or ())),
        ("Штампы времени", "; ".join(_stamp(one) for one in item.get("timestamps") or ())),
        ("Предупреждения", "; ".join([*(item.get("warnings") or ()), *(owner.get("warnings") or ())])),
        ("Ход проверки", "; ".join(item.get("reasons") or ())),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _term(owner: Mapping[str, Any]) -> str:
    if not owner.get("not_before"):
        return ""
    return f"с {moment(owner['not_before'])} по {moment(owner['not_after'])}"


def _source(one: Mapping[str, Any]) -> str:
    until = f", следующий {moment(one['next_update'])}" if one.get("next_update") else ""
    return f"{one['kind']} {one['issuer_name']} от {moment(one['this_update'])}{until}".replace("  ", " ")


def _stamp(one: Mapping[str, Any]) -> str:
    state = "действителен" if one["is_valid"] else f"не принят: {one.get('reason') or ''}"
    return f"{moment(one.get('time'))} {state}".strip()


def protocol(entry: Signature, document: StoredFile, record: Record, made: Verification | None) -> Paper:
    """The protocol of the check as a paper: one sentence first, the technical part after it."""
    blocks: list[Block] = [Paragraph(sentence(entry), bold=True, indent=False)]
    blocks += [Heading("Что подписано"), Fields(tuple(facts(entry, document)))]
    if made is not None:
        report: Mapping[str, Any] = made.report
        for position in range(len(report["signers"])):
            title = "Подписант" if len(report["signers"]) == 1 else f"Подписант {position + 1}"
            blocks += [Heading(title), Fields(tuple(signer_rows(report, position)))]
        blocks += [Heading("Как проверено"), Fields(tuple(how(made)))]
        if warnings := report.get("warnings"):
            blocks.append(Items(tuple(warnings)))
    blocks.append(Paragraph(UNCERTIFIED, small=True, indent=False))
    number = f" № {record.number_text}" if record.number_text else ""
    return Paper(
        title="Протокол проверки электронной подписи",
        subtitle=f"{record.title}{number}",
        blocks=tuple(blocks),
        made_at=now().astimezone(parameters.zone()),
        organisation=str(parameters.office().get("short_name") or ""),
        qr_url=address_of(record.id) if record.number_text else "",
        footer=TEST if entry.is_test else "",
    )


def how(made: Verification) -> list[tuple[str, str]]:
    """When, by what and against which data a verification was made."""
    return [
        ("Проверено на момент", moment(made.control_time)),
        ("Когда проверено", moment(made.made_at)),
        ("Почему", WHY.get(made.why, made.why)),
        ("Политика", POLICIES[made.policy].title if made.policy in POLICIES else made.policy),
        ("Версия хранилища доверия", made.trust_version),
        ("Версия сведений об отзыве", made.revocation_version),
        ("Программа проверки", made.engine),
        ("Итог в терминах ETSI EN 319 102-1", f"{made.indication} {made.sub_indication}".strip()),
    ]


def log_paper(record: Record, lines: Sequence[SigningEvent]) -> Paper:
    """The signing log as a paper: events, times, digests (S-15)."""
    columns = (
        Column("Время", "text", 30),
        Column("Событие", "text", 26),
        Column("Кто", "text"),
        Column("Файл и контрольные суммы", "text"),
        Column("Примечание", "text"),
    )
    rows = [
        (
            moment(line.at),
            TITLES[line.verb],
            line.person + (f", {line.address}" if line.address else ""),
            _digests(line),
            line.note,
        )
        for line in lines
    ]
    number = f" № {record.number_text}" if record.number_text else ""
    return Paper(
        title="Журнал подписания",
        subtitle=f"{record.title}{number}",
        blocks=(Table(columns, rows, empty="Событий нет."),),
        made_at=now().astimezone(parameters.zone()),
        organisation=str(parameters.office().get("short_name") or ""),
        landscape=True,
        qr_url=address_of(record.id) if record.number_text else "",
    )


def _digests(line: SigningEvent) -> str:
    return "\n".join(_digest_lines(line))


def _digest_lines(line: SigningEvent) -> Iterator[str]:
    yield line.document
    if line.sha256:
        yield f"SHA-256 {line.sha256}"
    if line.streebog256:
        yield f"Стрибог-256 {line.streebog256}"
