"""Errors of the services as `application/problem+json` (RFC 9457), each with a stable code. Never HTML."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from records.errors import (
    Conflict,
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    NotFound,
    RecordsError,
    Refused,
    Unavailable,
)
from records.search.port import IndexBroken, IndexBusy

log = logging.getLogger("api")

STATUS: Mapping[type[RecordsError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Refused: 422,
    Invalid: 422,
    Conflict: 409,
    IdempotencyMismatch: 422,
    Unavailable: 503,
}

TITLES = {
    "bad_request": "Запрос составлен неверно",
    "conflict": "Документ изменён другим",
    "error": "Действие не выполнено",
    "forbidden": "Нет права на это действие",
    "idempotency_mismatch": "Ключ повтора использован с другим запросом",
    "internal": "Внутренняя ошибка",
    "invalid": "Данные заполнены неверно",
    "method_not_allowed": "Такого действия по этому адресу нет",
    "not_found": "Не найдено",
    "payload_too_large": "Слишком большой запрос",
    "refused": "Условия не выполнены",
    "too_many_requests": "Слишком много запросов",
    "unauthorized": "Нужен ключ доступа",
    "unavailable": "Сейчас недоступно",
    "unsupported_media_type": "Не тот тип содержимого",
}

_HTTP_CODES = {
    400: ("bad_request", "Запрос не читается: проверьте его составление."),
    404: ("not_found", "По этому адресу ничего нет."),
    405: ("method_not_allowed", "Этот адрес не принимает такой метод; годные названы в заголовке Allow."),
    413: ("payload_too_large", "Запрос больше допустимого."),
    415: ("unsupported_media_type", "Содержимое этого типа здесь не принимается."),
    416: ("bad_request", "Такой части у файла нет."),
}


class Problem(Exception):
    """A fault of the request itself, found before any service is asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = errors, headers


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """The answer of every failure: what happened, a code for programs, a sentence for a person."""
    body = {
        "type": "about:blank",
        "title": TITLES[code],
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    response = Response(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json"
    )
    response.headers.update(headers or {})
    return response


def init_blueprint(bp: Blueprint) -> None:
    """Choose an answer for each error that a handler of the API may raise."""
    bp.register_error_handler(Problem, _own)
    bp.register_error_handler(RecordsError, _records)
    bp.register_error_handler(HTTPException, _http)
    bp.register_error_handler(OperationalError, _database)
    bp.register_error_handler(IndexBroken, _index)
    bp.register_error_handler(IndexBusy, _index)
    bp.register_error_handler(OSError, _storage)
    bp.register_error_handler(Exception, _unexpected)


def init_app(app: Flask) -> None:
    """Answer for addresses and methods that no route of the API has; pages keep their own errors."""
    app.before_request(_unrouted)


def _unrouted() -> Response | None:
    fault = request.routing_exception
    if fault is None or not (request.path == "/api" or request.path.startswith("/api/")):
        return None
    if isinstance(fault, RequestRedirect):
        return problem(404, "not_found", _HTTP_CODES[404][1])
    return _http(fault)


def _own(error: Problem) -> Response:
    more: dict[str, object] = {"errors": dict(error.errors)} if error.errors else {}
    return problem(error.status, error.code, error.detail, headers=error.headers, **more)


def _records(error: RecordsError) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["errors"] = error.errors
    if isinstance(error, Refused):
        more["reasons"] = list(error.reasons)
    if isinstance(error, Conflict):
        more["current_version"] = error.current_version
        more["your_version"] = error.asked_version
    code = error.code if error.code in TITLES else "error"
    return problem(STATUS.get(type(error), 422), code, str(error), **more)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = _HTTP_CODES.get(
        status, ("bad_request" if status < 500 else "internal", error.description or "")
    )
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return problem(status, code, detail, headers=headers)


def _database(error: OperationalError) -> Response:
    log.error("database: %s", error.orig)
    return problem(503, "unavailable", "База данных сейчас недоступна.", headers={"Retry-After": "5"})


def _index(error: Exception) -> Response:
    log.error("index: %s", error)
    return problem(
        503, "unavailable", "Поиск сейчас недоступен: индекс строится заново.", headers={"Retry-After": "30"}
    )


def _storage(error: OSError) -> Response:
    log.error("storage: %s", error)
    return problem(503, "unavailable", "Хранилище файлов сейчас недоступно.", headers={"Retry-After": "5"})


def _unexpected(error: Exception) -> Response:
    support = f"500-{secrets.token_hex(3)}"
    log.exception("error %s %s %s", support, request.method, request.path)
    return problem(500, "internal", f"Ошибка записана в журнал под кодом {support}.", support_code=support)
