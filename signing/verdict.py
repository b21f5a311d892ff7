"""Indications into sentences for people, and the worst of several into one."""

from __future__ import annotations

from collections.abc import Sequence

from signing.model import Indication, SubIndication

_ORDER = (Indication.TOTAL_FAILED, Indication.INDETERMINATE, Indication.TOTAL_PASSED)
Verdict = tuple[Indication, SubIndication | None]
PASSED: Verdict = (Indication.TOTAL_PASSED, None)

_OUT_OF_TERM = "Подпись создана вне срока действия сертификата"
_EXPIRED = "Срок действия сертификата истёк; нет доказательства, что подпись сделана вовремя"
_REVOKED = "Сертификат отозван; нет доказательства, что подпись сделана раньше"
_UNFIT = "Сертификат не предназначен для подписания документов"
TEXTS: dict[SubIndication | None, str] = {
    None: "Подпись действительна",
    SubIndication.FORMAT_FAILURE: "Файл не является электронной подписью или повреждён",
    SubIndication.HASH_FAILURE: "Документ изменён после подписания или подпись относится к другому файлу",
    SubIndication.SIG_CRYPTO_FAILURE: "Подпись искажена",
    SubIndication.NOT_YET_VALID: _OUT_OF_TERM,
    SubIndication.REVOKED: "Подпись создана после отзыва сертификата",
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: "Не найден сертификат подписанта",
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: "Удостоверяющий центр не входит в число доверенных",
    SubIndication.REVOKED_NO_POE: _REVOKED,
    SubIndication.REVOKED_CA_NO_POE: "Сертификат удостоверяющего центра отозван; нет доказательства, "
    "что подпись сделана раньше",
    SubIndication.OUT_OF_BOUNDS_NOT_REVOKED: _EXPIRED,
    SubIndication.OUT_OF_BOUNDS_NO_POE: _EXPIRED,
    SubIndication.TRY_LATER: "Статус сертификата пока не установлен: нет свежего списка отзыва",
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: _UNFIT,
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: "Сертификат или его цепочка не отвечают требованиям",
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: "Алгоритм подписи не допускается",
    SubIndication.SIG_CONSTRAINTS_FAILURE: "Подпись не отвечает требованиям формата",
    SubIndication.SIGNED_DATA_NOT_FOUND: "Приложите документ, к которому относится подпись",
}
_NEXT_STEPS = {
    SubIndication.FORMAT_FAILURE: "Загрузите файл подписи (.sig, .p7s) ещё раз, без изменений.",
    SubIndication.HASH_FAILURE: "Приложите тот файл, который подписывали, или подпишите этот заново.",
    SubIndication.SIG_CRYPTO_FAILURE: "Подпишите документ заново.",
    SubIndication.NOT_YET_VALID: "Подпишите документ действующим сертификатом.",
    SubIndication.REVOKED: "Подпишите документ действующим сертификатом.",
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: "При подписании включите в подпись сертификат подписанта.",
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: "Нужен сертификат аккредитованного удостоверяющего центра.",
    SubIndication.REVOKED_NO_POE: "Подпишите документ действующим сертификатом.",
    SubIndication.REVOKED_CA_NO_POE: "Получите сертификат в действующем удостоверяющем центре.",
    SubIndication.OUT_OF_BOUNDS_NOT_REVOKED: "Подпишите документ действующим сертификатом.",
    SubIndication.OUT_OF_BOUNDS_NO_POE: "Подпишите документ действующим сертификатом.",
    SubIndication.TRY_LATER: "Проверка повторится, когда выйдет новый список отзыва.",
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: "Подпишите документ сертификатом для электронной подписи.",
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: "Обратитесь в выдавший сертификат центр.",
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: "Нужна подпись по ГОСТ Р 34.10-2012.",
    SubIndication.SIG_CONSTRAINTS_FAILURE: "При подписании выберите формат CAdES-BES.",
    SubIndication.SIGNED_DATA_NOT_FOUND: "Загрузите документ вместе с файлом подписи.",
}


def text_of(verdict: Verdict) -> str:
    """One sentence; what is not proven is called that, never «недействительна»."""
    indication, sub = verdict
    text = TEXTS[sub]
    if indication is Indication.INDETERMINATE:
        return f"Не подтверждена: {text[0].lower()}{text[1:]}"
    return text


def next_step(sub: SubIndication | None) -> str | None:
    """What a person can do about it."""
    return None if sub is None else _NEXT_STEPS[sub]


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The file takes the worst of its signatures; of equals the first."""
    return min(verdicts, key=lambda verdict: _ORDER.index(verdict[0]))


def failed(sub: SubIndication) -> Verdict:
    return Indication.TOTAL_FAILED, sub


def undecided(sub: SubIndication) -> Verdict:
    return Indication.INDETERMINATE, sub
