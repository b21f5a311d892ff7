"""What the shell shows of accounts: the companies one may act for, help for this page, support."""

from __future__ import annotations

from flask import current_app, g, request, url_for

from accounts import help_topics
from accounts.actors import valid_seats
from accounts.viewing import STAFF
from records import parameters
from records.actor import STAFF_ROLES
from records.database import db
from records.people import Organisation

from ._security import Person


def organisations(found: Person) -> list[dict[str, object]]:
    """The companies of a person, and the СРО itself for an employee who also represents a member."""
    if found.actor.read_only:
        return []
    choices: dict[object, dict[str, object]] = {}
    for seat in valid_seats(found.user, parameters.today()):
        if seat.organisation is not None:
            current = seat.organisation_id == found.actor.organisation_id
            choices[seat.organisation_id] = {
                "id": seat.organisation_id,
                "name": seat.organisation.short_name,
                "current": current,
            }
        elif seat.role in STAFF_ROLES:
            name = parameters.office().get("short_name") or "СРО"
            choices[STAFF] = {"id": STAFF, "name": name, "current": found.actor.is_staff}
    if set(choices) <= {STAFF}:
        return []
    return sorted(choices.values(), key=lambda choice: (choice["id"] != STAFF, str(choice["name"])))


def organisation_name(found: Person) -> str | None:
    """The company one acts for (or looks at) now; the СРО for an employee who has companies to switch to."""
    if found.actor.organisation_id is None:
        several = organisations(found)
        return str(several[0]["name"]) if several else None
    company = db.session.get(Organisation, found.actor.organisation_id)
    return company.short_name if company else None


def support_address() -> str | None:
    """Where one asks support; the page he asks from goes with him."""
    here = "account_help.support" in current_app.view_functions
    return url_for("account_help.support", page=request.path) if here else None


def help_address() -> str:
    """The help of this very page, or the list of topics."""
    view = request.view_args or {}
    kind = str(view.get("kind") or request.args.get("kind") or g.get("help_kind", ""))
    found = help_topics.topic_of(request.endpoint or "", kind)
    return url_for("account_help.topic", code=found.code) if found else url_for("account_help.index")
