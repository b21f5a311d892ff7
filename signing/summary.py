"""A report in two forms: the agreed JSON for programs, the protocol of the check for a judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from signing.model import (
    MOSCOW,
    POLICIES,
    CertificateFacts,
    Report,
    SignerReport,
    TimestampReport,
)
from signing.verdict import next_step


def contract(report: Report) -> dict[str, object]:
    """What `signature verify --json` answers: ETSI EN 319 102-1 terms, one entry for every signature."""
    whole = report.as_dict()
    return {
        "indication": report.indication.value,
        "sub_indication": report.sub_indication.value if report.sub_indication else None,
        "text": report.text,
        "format": report.format,
        "level": report.level,
        "policy": report.policy,
        "trust_version": report.trust_version,
        "checked_at": whole["at"],
        "reasons": list(report.reasons),
        "warnings": list(report.warnings),
        "signatures": [
            _signature(item, item_dict) for item, item_dict in zip(report.signers, _dicts(whole), strict=True)
        ],
    }


def _dicts(whole: dict[str, object]) -> list[dict[str, object]]:
    found = whole["signers"]
    assert isinstance(found, list)
    return found


def _signature(item: SignerReport, plain: dict[str, object]) -> dict[str, object]:
    keep = ("text", "level", "digest", "timestamps", "chain", "revocation", "warnings", "signed_element")
    return {
        "indication": item.indication.value,
        "sub_indication": item.sub_indication.value if item.sub_indication else None,
        "signer": plain["certificate"],
        "cert_sha256": item.certificate.sha256 if item.certificate else None,
        "signing_time": plain["claimed_time"],
        "best_signature_time": plain["best_time"],
        "algorithm": item.algorithm,
        "reasons": list(item.reasons),
        **{name: plain[name] for name in keep},
        "countersignatures": [
            _signature(inner, inner_plain)
            for inner, inner_plain in zip(
                item.countersignatures,
                plain["countersignatures"],  # type: ignore[call-overload]
                strict=True,
            )
        ],
    }


def protocol(report: Report, *, zone: tzinfo = MOSCOW, document: str | None = None) -> str:
    """The protocol of the check: one sentence first, the technical part after it (S-14)."""
    return "\n".join(_lines(report, zone, document))


def _lines(report: Report, zone: tzinfo, document: str | None) -> Iterator[str]:
    yield report.text + "."
    step = next_step(report.sub_indication)
    if step:
        yield step
    yield ""
    if document:
        yield f"Документ: {document}"
    policy = POLICIES[report.policy].title if report.policy in POLICIES else report.policy
    yield f"Проверено на момент: {_moment(report.at, zone)}"
    yield f"Вывод (ETSI EN 319 102-1): {_pair(report)}"
    yield f"Правила проверки: {policy}"
    yield f"Список доверия: {report.trust_version}"
    for number, item in enumerate(report.signers, 1):
        yield ""
        yield f"Подпись {number}. {item.text}"
        yield from _signer_lines(item, zone)
    for remark in (*report.reasons, *report.warnings):
        yield f"Замечание: {remark}"


def _signer_lines(item: SignerReport, zone: tzinfo) -> Iterator[str]:
    yield f"  Вывод: {_pair(item)}; уровень {item.level}"
    if item.certificate:
        yield from _owner_lines(item.certificate, zone)
    if item.claimed_time:
        yield f"  Заявленное время подписи: {_moment(item.claimed_time, zone)} (доказательством не служит)"
    if item.best_time:
        yield f"  Подтверждённое время: не позже {_moment(item.best_time, zone)}"
    yield f"  Алгоритмы: {item.algorithm}, {item.digest}"
    for stamp in item.timestamps:
        yield _stamp_line(stamp, zone)
    for link in item.chain:
        until = f"{link.not_after.astimezone(zone):%d.%m.%Y}"
        yield f"  Цепочка: {link.subject_name}, № {link.serial_hex}, до {until}"
    for source in item.revocation:
        until = f", следующий {_moment(source.next_update, zone)}" if source.next_update else ""
        origin = "из подписи" if source.source == "embedded" else "из хранилища"
        yield f"  Статус: {source.kind} от {_moment(source.this_update, zone)}{until} ({origin})"
    if item.revoked_at:
        yield f"  Отозван: {_moment(item.revoked_at, zone)}"
    for remark in (*item.reasons, *item.warnings):
        yield f"  Замечание: {remark}"
    for number, inner in enumerate(item.countersignatures, 1):
        yield f"  Заверяющая подпись {number}: {inner.text}"
        yield from (f"  {line}" for line in _signer_lines(inner, zone))


def _owner_lines(facts: CertificateFacts, zone: tzinfo) -> Iterator[str]:
    yield f"  Владелец: {facts.owner}" + (f", {facts.title}" if facts.title else "")
    if facts.organization and facts.organization != facts.owner:
        yield f"  Организация: {facts.organization}"
    numbers = (
        ("ИНН", facts.inn),
        ("ИНН организации", facts.inn_legal),
        ("ОГРН", facts.ogrn),
        ("ОГРНИП", facts.ogrnip),
        ("СНИЛС", facts.snils),
    )
    known = ", ".join(f"{title} {value}" for title, value in numbers if value)
    if known:
        yield f"  {known}"
    since, until = (f"{item.astimezone(zone):%d.%m.%Y}" for item in (facts.not_before, facts.not_after))
    yield f"  Сертификат {facts.serial_hex}, действителен с {since} по {until}"
    yield f"  Издатель: {facts.issuer_name}"
    if facts.is_test:
        yield "  Сертификат тестовый: подпись юридической силы не имеет"


def _stamp_line(stamp: TimestampReport, zone: tzinfo) -> str:
    verdict = "верен" if stamp.is_valid else f"не принят: {stamp.reason}"
    when = _moment(stamp.time, zone) if stamp.time else "без времени"
    return f"  Штамп времени {when}: {verdict}"


def _pair(item: Report | SignerReport) -> str:
    return f"{item.indication}/{item.sub_indication}" if item.sub_indication else item.indication


def _moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    label = "МСК" if zone == MOSCOW else local.tzname()
    return f"{local:%d.%m.%Y %H:%M:%S} ({label})"
