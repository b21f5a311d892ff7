"""The door of the API: who comes with which key, how often, and with how large a body."""

from __future__ import annotations

import hashlib
import math
import threading
import time

from flask import Blueprint, Flask, Response, current_app, g, request
from limits import RateLimitItem, parse

from accounts import keys
from records.actor import Actor

from .errors import Problem

MAX_JSON = 2**20
OPEN = frozenset({"api.healthz", "api.metrics", "api.openapi"})
"""Endpoints that ask for no key; metrics judges for itself."""

MOST_COUNTED = 100_000
"""Made-up keys must not fill the memory: past so many different ones a window counts afresh."""

STRANGERS = "60 per minute"
"""Requests without a good key, from one address."""


class Limits:
    """Requests counted by key in the memory of this process; several processes count each for itself.

    Windows are fixed and begin together, so forgetting the old one is dropping one dictionary: the
    memory storage of `limits` starts a thread for it at nearly every request.
    """

    def __init__(self, allowed: str) -> None:
        self.known, self.unknown = parse(allowed), parse(STRANGERS)
        self._lock = threading.Lock()
        self._windows: dict[RateLimitItem, tuple[int, dict[str, int]]] = {}

    def take(self, item: RateLimitItem, who: str) -> None:
        """Count a request. Raises Problem 429 with the time to wait."""
        moment, length = time.time(), item.get_expiry()
        number = int(moment // length)
        with self._lock:
            began, counts = self._windows.get(item, (0, {}))
            if began != number or len(counts) > MOST_COUNTED:
                counts = {}
                self._windows[item] = (number, counts)
            counts[who] = taken = counts.get(who, 0) + 1
        if taken > item.amount:
            wait = max(1, math.ceil((number + 1) * length - moment))
            raise Problem(
                429, "too_many_requests", f"Повторите через {wait} с.", headers={"Retry-After": str(wait)}
            )


def init_app(app: Flask, bp: Blueprint) -> None:
    app.extensions["api_limits"] = Limits(app.extensions["settings"].api_rate)
    bp.before_request(_enter)
    bp.after_request(_leave)


def _enter() -> None:
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_JSON
    if request.endpoint in OPEN:
        return
    g.api_actor = _actor()


def _actor() -> Actor:
    limits: Limits = current_app.extensions["api_limits"]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        limits.take(limits.unknown, request.remote_addr or "")
        raise _unauthorized("Передайте ключ в заголовке Authorization: Bearer …")
    limits.take(limits.known, hashlib.sha256(token.encode()).hexdigest())
    found = keys.actor_of_key(token, request.remote_addr or "")
    if found is None:
        limits.take(limits.unknown, request.remote_addr or "")
        raise _unauthorized("Ключ неизвестен, отозван или его полномочия истекли.")
    return found


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="api"'})


def actor() -> Actor:
    """Who acts in this request."""
    found: Actor = g.api_actor
    return found


def optional_actor() -> Actor | None:
    """Who acts, when a key was sent to an endpoint that is open without one."""
    return _actor() if request.headers.get("Authorization") else None


def _leave(response: Response) -> Response:
    response.headers.setdefault(
        "Cache-Control", "private, no-cache" if response.headers.get("ETag") else "no-store"
    )
    response.headers.add("Vary", "Authorization")
    return response
