"""Who acts: a plain value. Below the interface nobody asks the session,
and a command builds one as easily."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from workflows.engine import SYSTEM

HEAD, PROXY, SPECIALIST = "member_head", "member_proxy", "member_spec"
MEMBER_ROLES = frozenset({HEAD, PROXY, SPECIALIST})
AUTHORISED_ROLES = frozenset({HEAD, PROXY})
STAFF_ROLES = frozenset(
    {
        "sro_clerk",
        "sro_curator",
        "sro_registrar",
        "sro_control",
        "sro_accountant",
        "sro_lawyer",
        "sro_director",
        "council_secretary",
        "council",
        "comm_mandate",
        "comm_counting",
        "comm_discipline",
        "sro_archivist",
        "sro_admin",
        "sro_auditor",
    }
)


@dataclass(frozen=True)
class Actor:
    """A person (or the program) at the moment of an act.

    `roles` are role codes of the chosen seat: staff roles, or the roles held for `organisation_id`.
    A person of several companies acts for one at a time (C-28).
    """

    user_id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    organisation_id: int | None = None
    address: str = ""
    acting_for: str = ""
    channel: str = "cabinet"
    read_only: bool = False
    substitutes: frozenset[int] = field(default_factory=frozenset)
    """Ids of the absent colleagues whose items this actor handles now."""

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_system(self) -> bool:
        return SYSTEM in self.roles

    @property
    def may_handle(self) -> bool:
        """May do the office's work: any employee but the auditor, who only reads."""
        return bool(self.roles & STAFF_ROLES - {"sro_auditor"}) and not self.read_only

    @property
    def may_bind(self) -> bool:
        """May act for the company itself: its head or a representative by proxy."""
        return bool(self.roles & AUTHORISED_ROLES)

    @property
    def main_role(self) -> str:
        return min(self.roles, default="")

    def as_system(self) -> Actor:
        """The program continuing what this person began (automatic registration and the like)."""
        return replace(self, roles=frozenset({SYSTEM}), user_id=None, name="Система", acting_for="")


SYSTEM_ACTOR = Actor(user_id=None, name="Система", roles=frozenset({SYSTEM}), channel="system")
PUBLIC_ACTOR = Actor(user_id=None, name="Посетитель сайта", roles=frozenset({"public"}), channel="site")
