"""Rights over accounts, decided in one place: who invites, who administers, who looks as another."""

from __future__ import annotations

from records.actor import HEAD, PROXY, SPECIALIST, Actor
from records.errors import Forbidden

INVITERS = frozenset({"sro_admin", "sro_clerk", "sro_curator", "sro_registrar"})
VIEWERS = frozenset({"sro_curator", "sro_director", "sro_registrar", "sro_clerk"})
REVIEWERS = frozenset({"sro_admin", "sro_auditor"})
GIVEN_BY_HEAD = (SPECIALIST, PROXY)
"""Seats the head of a member company gives to his own people (records.md §9)."""


def may_invite_members(actor: Actor) -> bool:
    """Invite the head of any member company (C-09)."""
    return not actor.read_only and bool(actor.roles & INVITERS)


def may_manage_representatives(actor: Actor) -> bool:
    """The head names a specialist and a proxy of his own company, and nobody else's (C-03)."""
    return not actor.read_only and HEAD in actor.roles and actor.organisation_id is not None


def may_manage_people(actor: Actor) -> bool:
    """Give staff roles, block and unblock: the administrator alone."""
    return not actor.read_only and "sro_admin" in actor.roles


def may_import(actor: Actor) -> bool:
    return not actor.read_only and bool(actor.roles & {"sro_admin", "sro_registrar"})


def may_view_as_member(actor: Actor) -> bool:
    """«Глазами члена» (C-51)."""
    return not actor.read_only and actor.user_id is not None and bool(actor.roles & VIEWERS)


def may_read_journal(actor: Actor) -> bool:
    return not actor.read_only and bool(actor.roles & REVIEWERS)


def may_explain(actor: Actor) -> bool:
    """Ask why somebody sees or does not see a document (R-43)."""
    return may_read_journal(actor)


def may_see_matrix(actor: Actor) -> bool:
    return actor.is_staff and not actor.read_only


def may_substitute(actor: Actor, user_id: int) -> bool:
    """Name a substitute: for oneself any employee, for another the director or the administrator (R-31)."""
    if actor.read_only or not actor.is_staff:
        return False
    return user_id == actor.user_id or bool(actor.roles & {"sro_admin", "sro_director"})


def may_answer_support(actor: Actor) -> bool:
    return not actor.read_only and bool(actor.roles & {"sro_admin", "sro_clerk"})


def may_edit_help(actor: Actor) -> bool:
    return not actor.read_only and bool(actor.roles & {"sro_admin", "sro_clerk"})


def require(holds: bool, text: str = "У вашей роли нет права на это действие.") -> None:
    """Raise Forbidden unless the right is there."""
    if not holds:
        raise Forbidden(text)
