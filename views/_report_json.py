"""Answers of the report's table to its script: JSON, and refusals of the services in the same shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

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

_CODES: dict[type[RecordsError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Refused: 422,
    Invalid: 422,
    Conflict: 409,
    IdempotencyMismatch: 409,
    Unavailable: 503,
}


def answers(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """Give what a view returns as JSON; a refusal is {title, detail, code, errors?, reasons?}."""

    @wraps(view)
    def told(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            found = view(*args, **kwargs)
        except RecordsError as error:
            said: dict[str, object] = {"title": "Не сохранено", "detail": str(error), "code": error.code}
            if isinstance(error, Invalid):
                said["errors"] = error.errors
            if isinstance(error, Refused):
                said["reasons"] = list(error.reasons)
            return jsonify(said), _CODES.get(type(error), 422)
        return jsonify(found) if isinstance(found, dict | list) else found

    return told


def body() -> dict[str, Any]:
    """The JSON object of the request. Raises Invalid for anything else."""
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        raise Invalid({"body": ["Ожидается объект JSON."]})
    return said
