"""Titles of roles, and which of them belong to members and to the staff."""

from __future__ import annotations

from collections.abc import Iterable

from records.actor import MEMBER_ROLES, STAFF_ROLES
from workflows.reference import role_titles

_MORE = {"sro_auditor": "Аудитор (только чтение)", "public": "Любое лицо (без кабинета)"}
MEMBER_ORDER = ("member_head", "member_proxy", "member_spec")
SHORT = {
    "member_head": "Руководитель",
    "member_proxy": "По доверенности",
    "member_spec": "Специалист",
}


def title(role: str) -> str:
    """The role in words."""
    return role_titles().get(role) or _MORE.get(role, role)


def titles(roles: Iterable[str]) -> str:
    return ", ".join(title(role) for role in sorted(roles))


def staff_choices() -> list[tuple[str, str]]:
    """Staff roles in the order of the reference table, the auditor last."""
    known = [code for code in role_titles() if code in STAFF_ROLES]
    return [(code, title(code)) for code in [*known, *sorted(STAFF_ROLES - set(known))]]


def member_choices() -> list[tuple[str, str]]:
    return [(code, title(code)) for code in MEMBER_ORDER if code in MEMBER_ROLES]
