"""Rights, decided in one place.

A record carries access labels; an actor holds labels; a record is visible when the two sets meet. The
same rule answers "may he?", "which rows?" and "which hits?". What one may *do* is the workflow's answer
(role and guards); this module only says who sees, who edits, who remarks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .actor import AUTHORISED_ROLES, MEMBER_ROLES, STAFF_ROLES, Actor
from .kinds import RecordKind
from .model import Record

PRIVATE_STATES = frozenset({"draft", "to_sign"})
"""States before a paper leaves its author's side."""

BY_MEMBER = frozenset({"cabinet", "api"})
"""Channels of papers that the member makes with its own hands: in the cabinet or by its own program."""

ALWAYS_READ = frozenset({"sro_director", "sro_lawyer", "sro_auditor"})
"""Staff who read restricted records of any kind by office."""


def actor_labels(actor: Actor) -> frozenset[str]:
    """The labels an actor holds."""
    labels = {"public"} if "public" in actor.roles else {"public", "everyone"}
    if actor.is_system:
        return frozenset({*labels, "staff", "system"})
    if actor.user_id is not None:
        labels.add(f"user:{actor.user_id}")
        labels |= {f"user:{absent}" for absent in actor.substitutes}
    for role in actor.roles & STAFF_ROLES:
        labels |= {"staff", f"role:{role}"}
    if actor.roles & MEMBER_ROLES and actor.organisation_id is not None:
        labels |= {"members", f"org:{actor.organisation_id}"}
        labels |= {f"members:{role}" for role in actor.roles & MEMBER_ROLES}
        labels.add(f"org:{actor.organisation_id}:user:{actor.user_id}")
        if actor.roles & AUTHORISED_ROLES:
            labels.add(f"org:{actor.organisation_id}:authorised")
    return frozenset(labels)


def sees(actor: Actor, labels: frozenset[str]) -> bool:
    """May the actor see a record with these labels; the program itself sees everything."""
    return actor.is_system or bool(labels & actor_labels(actor))


def record_labels(record: Record, kind: RecordKind, payload: dict[str, object]) -> frozenset[str]:
    """The labels a record carries in its present state."""
    if record.trashed_at is not None:
        return frozenset({_author_label(record, kind)})
    labels = set(_staff_labels(record, kind)) | set(_member_labels(record, kind, payload))
    if record.author_id is not None:
        labels.add(_author_label(record, kind))
    if record.assignee_id is not None:
        labels.add(f"user:{record.assignee_id}")
    return frozenset(labels)


def _author_label(record: Record, kind: RecordKind) -> str:
    """What a person wrote for a company he reads in that company's seat alone,
    and while he holds it (C-28)."""
    if record.organisation_id is not None and record.channel in BY_MEMBER and kind.created_by & MEMBER_ROLES:
        return f"org:{record.organisation_id}:user:{record.author_id}"
    return f"user:{record.author_id}"


def _staff_labels(record: Record, kind: RecordKind) -> Iterable[str]:
    made_by_member = record.direction == "in" and record.channel in BY_MEMBER
    if made_by_member and record.state == "draft":
        return ()
    if record.access == "normal":
        return ("staff",)
    involved = {role for t in kind.workflow.transitions for role in t.by} & STAFF_ROLES
    return [f"role:{role}" for role in involved | ALWAYS_READ]


def _member_labels(record: Record, kind: RecordKind, payload: dict[str, object]) -> Iterable[str]:
    if kind.member_sees == "none":
        return ()
    if kind.audience_field and record.state in kind.member_sees_from:
        roles = payload.get(kind.audience_field)
        chosen = roles if isinstance(roles, list) and roles else sorted(MEMBER_ROLES)
        return [f"members:{role}" for role in chosen]
    if record.organisation_id is None:
        return ()
    if record.direction != "in" and record.state not in kind.member_sees_from:
        return ()
    narrow = kind.member_sees == "authorised"
    return [f"org:{record.organisation_id}:authorised" if narrow else f"org:{record.organisation_id}"]


def is_authors_side(actor: Actor, record: Record) -> bool:
    """The side that writes the paper: the company for an incoming one, the staff for the rest."""
    if record.direction == "in" and record.channel in BY_MEMBER:
        return actor.organisation_id is not None and actor.organisation_id == record.organisation_id
    return actor.is_staff


def may_create(actor: Actor, kind: RecordKind) -> bool:
    return not actor.read_only and bool(actor.roles & kind.created_by)


def may_edit(actor: Actor, record: Record, kind: RecordKind) -> bool:
    """May the content be changed now: right state, right side, a role that may create the kind."""
    if actor.read_only or record.trashed_at is not None:
        return False
    if actor.is_system:
        return True
    if record.state not in kind.editable_in or not is_authors_side(actor, record):
        return False
    return bool(actor.roles & kind.created_by) or record.author_id == actor.user_id


def may_sign(actor: Actor, record: Record, kind: RecordKind) -> bool:
    """May a signature be put beside the files: by its author while he writes, by staff on papers of their
    side and
    registered ones, by the head or the proxy of the company on its own papers at any time. It changes no
    file."""
    if actor.read_only or record.trashed_at is not None or record.destroyed_at is not None:
        return False
    if actor.is_system or may_edit(actor, record, kind):
        return True
    if actor.may_handle:
        return record.number_text is not None or is_authors_side(actor, record)
    own = record.organisation_id is not None and record.organisation_id == actor.organisation_id
    return own and actor.may_bind


def may_remark(actor: Actor, record: Record, *, public: bool) -> bool:
    """Staff remark on what has been filed; a member may only write visibly, to its own record."""
    if actor.read_only or record.trashed_at is not None:
        return False
    own = record.organisation_id is not None and record.organisation_id == actor.organisation_id
    return actor.may_handle or actor.is_system or (public and own)


def may_assign(actor: Actor) -> bool:
    return not actor.read_only and bool(
        actor.roles & {"sro_clerk", "sro_director", "sro_curator", "sro_registrar", "system"}
    )


def may_see_internal(actor: Actor) -> bool:
    """Internal remarks, routing and staff notes are for staff only (R-12), never in the member's view."""
    return (actor.is_staff or actor.is_system) and not actor.read_only


def may_keep_post(actor: Actor) -> bool:
    """The journals of outgoing and incoming mail: addresses of people stand there."""
    return (
        bool(actor.roles & {"sro_clerk", "sro_director", "sro_admin", "sro_auditor"}) and not actor.read_only
    )


def may_keep_register(actor: Actor) -> bool:
    """Who enters facts of members: the registrar and the program that applies an approved application."""
    return actor.is_system or ("sro_registrar" in actor.roles and not actor.read_only)


def may_keep_contracts(actor: Actor) -> bool:
    """Contracts, purchases, inspections, policies, specialists: the department of control and the
    registrar."""
    return actor.is_system or (
        bool(actor.roles & {"sro_registrar", "sro_control", "sro_curator"}) and not actor.read_only
    )


def may_keep_dues(actor: Actor) -> bool:
    """Charges, payments and bank statements: the accounts."""
    return actor.is_system or ("sro_accountant" in actor.roles and not actor.read_only)


def may_read_member(actor: Actor, organisation_id: int) -> bool:
    """The whole entry of a member, dues and contracts with it: staff, and the company's own
    representatives."""
    return actor.is_staff or actor.is_system or actor.organisation_id == organisation_id


def may_administer(actor: Actor) -> bool:
    return "sro_admin" in actor.roles and not actor.read_only


@dataclass(frozen=True)
class Explanation:
    """One step of "why do I see / not see this document" (R-43)."""

    rule: str
    holds: bool
    detail: str


LABEL_TITLES = {
    "staff": "документ открыт всем сотрудникам СРО",
    "everyone": "документ открыт всем вошедшим",
    "public": "документ открыт всем",
    "members": "документ открыт всем членам СРО",
}


def label_title(label: str) -> str:
    """An access label in words."""
    head, _, rest = label.partition(":")
    if head == "user":
        return f"автор, исполнитель или тот, кого он замещает (пользователь № {rest})"
    if head == "role":
        return f"роль сотрудника «{rest}» участвует в движении документа"
    if head == "members" and rest:
        return f"документ адресован роли «{rest}» у членов СРО"
    if head == "org" and ":user:" in rest:
        organisation, _, user = rest.partition(":user:")
        return f"автор в организации № {organisation} (пользователь № {user})"
    if head == "org":
        narrow = rest.endswith(":authorised")
        who = "руководитель или представитель по доверенности" if narrow else "представитель"
        return f"{who} организации № {rest.split(':')[0]}"
    return LABEL_TITLES.get(label, label)


def explain(actor: Actor, record: Record, labels: frozenset[str]) -> list[Explanation]:
    """The chain of rules that opens a record to an actor, or shuts it."""
    held = actor_labels(actor)
    return [
        Explanation(label_title(label), label in held, f"метка «{label}»")
        for label in sorted(labels, key=lambda item: (item not in held, item))
    ]
