"""Answers: JSON bytes, ETags, pages by cursor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from flask import Response, request

from records.actor import Actor
from records.model import Record

from . import showing


def answer(body: object, status: int = 200) -> Response:
    return Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        status=status,
        content_type="application/json",
    )


def record(actor: Actor, found: Record, status: int = 200) -> Response:
    """A record with its ETag: the version, and a mark of what this actor sees of it."""
    response = answer(showing.record(actor, found), status)
    mark = hashlib.sha256(response.get_data()).hexdigest()[:8]
    response.set_etag(f"{found.version}-{mark}")
    if status == 201:
        response.headers["Location"] = f"/api/v1/records/{found.id}"
    if request.method in ("GET", "HEAD"):
        response.make_conditional(request)
    return response


def page(items: Sequence[object], following: str | None, **more: object) -> Response:
    """A page of a list; `next` is the cursor of the following one, null at the end."""
    return answer({"items": items, "next": following, **more})


def portion(items: Sequence[showing.Json], key: str, after: str, limit: int) -> Response:
    """A page of what hangs on one record, by a key that grows."""
    rest = [item for item in items if not after or int(str(item[key])) > int(after)]
    shown = rest[:limit]
    return page(shown, str(shown[-1][key]) if len(rest) > limit else None)
