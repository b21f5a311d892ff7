"""Errors of the services as pages: plain words, what to do, a code for support."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from urllib.parse import urlsplit

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from records.database import db
from records.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable

from ._security import ask_to_log_in, person

log = logging.getLogger("views")

PAGES = frozenset({400, 403, 404, 409, 413, 419, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda e: page(404))
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Refused, lambda e: page(422, reasons=e.reasons))
    app.register_error_handler(
        Invalid, lambda e: page(422, reasons=[t for ts in e.errors.values() for t in ts])
    )
    app.register_error_handler(Conflict, lambda e: page(409, detail=str(e)))
    app.register_error_handler(Unavailable, lambda e: page(503, detail=str(e)))
    app.register_error_handler(CSRFError, lambda e: page(419))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(OSError, _storage)
    app.register_error_handler(OverflowError, _out_of_range)
    app.register_error_handler(DataError, _out_of_range)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, **context: object) -> ResponseReturnValue:
    """The error page of a status with a code that support can find in the log."""
    db.session.rollback()  # a failed question leaves PostgreSQL's transaction deaf to the page's own
    code = f"{status}-{secrets.token_hex(3)}"
    log.info("error %s %s %s", code, request.method, request.path)
    if request.accept_mimetypes.best == "application/json":
        reasons = context.get("reasons")
        words = context.get("detail") or (" ".join(reasons) if isinstance(reasons, list | tuple) else None)
        return jsonify(detail=words, code=code), status
    name = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template(f"errors/{name}.html", code=code, back_url=_back(), **context), status


def _back() -> str | None:
    """From a form that was not taken, the way back to it: what was typed waits there in the browser."""
    referrer = urlsplit(request.referrer or "")
    if request.method != "POST" or referrer.netloc != request.host:
        return None
    return referrer.path + (f"?{referrer.query}" if referrer.query else "")


def _forbidden(error: Forbidden) -> ResponseReturnValue:
    if person() is None:
        return ask_to_log_in()
    return page(403, detail=str(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error
    return page(error.code or 500)


def _database(error: OperationalError) -> ResponseReturnValue:
    if isinstance(error.orig, sqlite3.OperationalError):
        log.error("database: %s", error.orig)
        return page(503, detail="База данных сейчас недоступна.")
    return _unexpected(error)


def _out_of_range(error: Exception) -> ResponseReturnValue:
    """A number larger than a database holds names nothing that is there."""
    log.info("out of range: %s", error)
    return page(404)


def _storage(error: OSError) -> ResponseReturnValue:
    log.error("storage: %s", error)
    return page(503, detail="Хранилище файлов сейчас не принимает записи.")


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    code = f"500-{secrets.token_hex(3)}"
    log.exception("error %s %s %s", code, request.method, request.path)
    return render_template("errors/500.html", code=code), 500
