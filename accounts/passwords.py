"""Passwords: argon2id in a bounded pool, so that a thousand logins at once do not starve the pages."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_LENGTH = 10
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's minimum for argon2id
_room = threading.BoundedSemaphore(2)
"""At most two hashes at once in a process: the rest of the threads keep serving pages."""

_DUMMY = _hasher.hash("нет такого пользователя")


def hash_password(password: str) -> str:
    with _room:
        return _hasher.hash(password)


def verify(password: str, stored: str | None) -> bool:
    """Check a password; takes the same time when there is no account, so that it tells nothing."""
    with _room:
        try:
            _hasher.verify(stored or _DUMMY, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
    return stored is not None


def weakness(password: str, *, forbidden: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a new password, or None."""
    if len(password) < MIN_LENGTH:
        return f"Пароль короче {MIN_LENGTH} знаков. Удобно взять фразу из трёх слов."
    if len(password) > 200:
        return "Пароль длиннее 200 знаков."
    if len(set(password.lower())) < 5:
        return "В пароле слишком мало разных знаков."
    lowered = password.lower()
    if any(word and len(word) > 4 and word.lower() in lowered for word in forbidden):
        return "Пароль не должен содержать ИНН, почту или имя."
    return None
