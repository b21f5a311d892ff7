"""Secrets at rest: encrypted by a key derived from the installation's secret, so that a copy of the database
alone opens no second factor.
"""

from __future__ import annotations

import base64
import logging
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from records.errors import Refused

log = logging.getLogger(__name__)

MARK = "sealed:"
LOST = (
    "Второй фактор подключён при другом секретном ключе сервера. Войдите по запасному коду "
    "или попросите администратора отключить второй фактор."
)


def seal(text: str) -> str:
    """The text as it is kept."""
    return MARK + _box().encrypt(text.encode()).decode()


def is_sealed(kept: str) -> bool:
    """False for what was kept in the clear before secrets were sealed."""
    return kept.startswith(MARK)


def unseal(kept: str) -> str:
    """The text again. Raises Refused when it was sealed with another secret of the server."""
    if not is_sealed(kept):
        return kept
    try:
        return _box().decrypt(kept.removeprefix(MARK)).decode()
    except InvalidToken as error:
        log.error("a sealed secret does not open: VECHE_SECRET_KEY is not the one it was sealed with")
        raise Refused(LOST) from error


def _box() -> Fernet:
    return _box_of(current_app.extensions["settings"].secret_key)


@lru_cache(maxsize=4)
def _box_of(secret: str) -> Fernet:
    # `info` parts this key from the one that signs cookies, made of the same secret (RFC 5869, 3.2).
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"veche: second factor").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
