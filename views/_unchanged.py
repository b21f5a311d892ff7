"""A page asked again while nothing has changed is given again as it was.

No rule of invalidation, so none to forget: a page is kept beside the revision of the whole database, and any
commit by anyone (a closed session, a right taken away, a new paper) makes every kept page worthless. It is
given only to the same cookies at the same address, for half a minute at most, since time passes on pages too.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from sqlite3 import Error as SqliteError

from flask import Flask, Response, g, request, session
from sqlalchemy.exc import SQLAlchemyError

from records.database import now
from records.revision import revision

PAGES = frozenset({"home.start", "records.index", "records.show"})
"""Pages made from the database alone and read far more often than it changes."""

SECONDS = 30
MOST = 128
LARGEST = 300_000

Key = tuple[str, ...]


class Kept:
    """The latest pages, in the memory of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key) -> bytes | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: Key, body: bytes) -> None:
        with self._lock:
            self._pages[key] = body
            if len(self._pages) > MOST:
                self._pages.popitem(last=False)


def init_app(app: Flask) -> None:
    """Register before everything that asks who is logged in."""
    kept = Kept()

    def given_again() -> Response | None:
        if request.method != "GET" or request.endpoint not in PAGES or "Cookie" not in request.headers:
            return None
        # Asked before the page is made: what is committed meanwhile makes the page worthless, not stale.
        key = _key()
        body = kept.get(key) if key else None
        if body is not None:
            return Response(body, mimetype="text/html")
        g.keep_as = key
        return None

    def keep(response: Response) -> Response:
        key = g.pop("keep_as", None)
        # A changed session means a cookie of this very answer (a message shown once): not for another time.
        if key and response.status_code == 200 and not session.modified and not response.is_streamed:
            body = response.get_data()
            if response.mimetype == "text/html" and len(body) <= LARGEST:
                kept.put(key, body)
        return response

    app.before_request(given_again)
    app.after_request(keep)


def _key() -> Key | None:
    try:
        present = revision()
    except (OSError, SqliteError, SQLAlchemyError):
        return None  # the page itself will say what is wrong with the database
    if present is None:
        return None
    headers = [request.headers.get(name, "") for name in ("Cookie", "Host", "HX-Request", "Accept")]
    half_minute = int(now().timestamp()) // SECONDS
    return (request.full_path, *headers, request.remote_addr or "", present, str(half_minute))
