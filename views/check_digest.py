"""The public check by a digest: the file itself never leaves the browser (S-16)."""

from __future__ import annotations

import re

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue

from signatures import public

bp = Blueprint("check_digest", __name__)

_SHA256 = re.compile(r"[0-9a-f]{64}")


@bp.get("/check/digest/<sha256>")
def by_digest(sha256: str) -> ResponseReturnValue:
    """Are these bytes kept here, and who signed them. Whoever knows the digest has had the file."""
    g.private = True
    if not _SHA256.fullmatch(sha256):
        return jsonify(title="Запрос не понят", detail="Ожидается SHA-256 файла."), 400
    found = public.by_digest(sha256)
    return jsonify(known=found is not None, signatures=found or [])
