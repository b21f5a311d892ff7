"""The code in the QR of a paper: leads to the public check page and cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app

LENGTH = 16


def code_of(record_id: int) -> str:
    """The check code of a record: its id and a keyed digest, readable aloud (base32)."""
    return f"{record_id}-{_digest(record_id)}"


def record_of(code: str) -> int | None:
    """The record of a code, or None when the code is not ours. Compares in constant time."""
    head, _, tail = code.strip().partition("-")
    if not (head.isdigit() and head.isascii() and len(head) < 16):
        return None
    record_id = int(head)
    return record_id if hmac.compare_digest(_digest(record_id), tail.lower()[:64]) else None


def address_of(record_id: int) -> str:
    """The full address a QR holds."""
    return f"{current_app.extensions['settings'].public_url}/check/{code_of(record_id)}"


def _digest(record_id: int) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    raw = hmac.new(key, f"check:{record_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(raw).decode().lower()[:LENGTH]
