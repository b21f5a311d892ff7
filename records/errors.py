"""What may go wrong below the interface. HTTP codes are chosen in views/errors.py and api/errors.py only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class RecordsError(Exception):
    """The root of everything a service refuses; `code` is stable for programs."""

    code = "error"


class NotFound(RecordsError):
    """No such thing, or the actor may not know that it exists (the two look the same)."""

    code = "not_found"

    def __str__(self) -> str:
        return "Документ не найден или у вас нет к нему доступа."


class Forbidden(RecordsError):
    """The actor sees the record but this act is not his."""

    code = "forbidden"

    def __init__(self, text: str = "У вашей роли нет права на это действие.") -> None:
        super().__init__(text)


class Refused(RecordsError):
    """The act is the actor's, but conditions are not met; `reasons` are sentences for a person."""

    code = "refused"

    def __init__(self, reasons: Sequence[str] | str) -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))


class Invalid(RecordsError):
    """The input is wrong; `errors` maps a field to sentences."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {name: list(texts) for name, texts in errors.items()}
        super().__init__(" ".join(text for texts in self.errors.values() for text in texts))


class Conflict(RecordsError):
    """Somebody else changed the record meanwhile; carries both versions so that nothing is lost."""

    code = "conflict"

    def __init__(
        self, text: str, *, current_version: int | None = None, asked_version: int | None = None
    ) -> None:
        super().__init__(text)
        self.current_version, self.asked_version = current_version, asked_version


class IdempotencyMismatch(RecordsError):
    """The same token came with another request: answering with the earlier result would be a lie."""

    code = "idempotency_mismatch"


class Unavailable(RecordsError):
    """The storage or the database cannot write now (disk full, read-only instance)."""

    code = "unavailable"
