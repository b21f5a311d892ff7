"""What the shell shows of accounts: the companies one may act for, and the menu of people and access."""

from __future__ import annotations

from flask import current_app, request, url_for

from accounts import policy
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
    return sorted(choices.values(), key=lambda choice: (choice["id"] != STAFF, str(choice["name"])))


def organisation_name(found: Person) -> str | None:
    """The company one acts for (or looks at) now."""
    if found.actor.organisation_id is None:
        return None
    company = db.session.get(Organisation, found.actor.organisation_id)
    return company.short_name if company else None


def account_sections(found: Person) -> list[dict[str, object]]:
    """Menu sections of people and access, by right."""
    actor = found.actor
    if not actor.is_staff:
        wanted = [
            (not actor.read_only and actor.may_bind, "Представители", "account_representatives.index", "users"),
        ]
        return _section("Организация", wanted)
    wanted = [
        (policy.may_invite_members(actor), "Приглашения", "account_invitations.index", "mail"),
        (policy.may_invite_members(actor), "Заявки на доступ", "account_registrations.index", "inbox"),
        (policy.may_import(actor), "Загрузка членов", "account_import.index", "upload"),
        (policy.may_view_as_member(actor), "Глазами члена", "account_viewing.index", "eye"),
        (policy.may_manage_people(actor), "Сотрудники", "account_people.index", "users"),
        (not actor.read_only, "Замещение", "account_rights.substitutions", "hand"),
        (policy.may_see_matrix(actor), "Матрица прав", "account_rights.matrix", "table"),
        (policy.may_explain(actor), "Проверка прав", "account_rights.explain", "key"),
        (policy.may_read_journal(actor), "Журнал безопасности", "account_rights.journal", "shield"),
        (policy.may_answer_support(actor), "Обращения в поддержку", "account_help.requests", "question"),
    ]
    return _section("Люди и доступ", wanted)


def _section(title: str, wanted: list[tuple[bool, str, str, str]]) -> list[dict[str, object]]:
    items = []
    for allowed, name, endpoint, icon in wanted:
        if allowed and endpoint in current_app.view_functions:
            url = url_for(endpoint)
            items.append({"title": name, "url": url, "icon": icon, "count": None, "current": request.path == url})
    return [{"title": title, "items": items}] if items else []


def support_address() -> str | None:
    """Where one asks support; the page he asks from goes with him."""
    here = "account_help.support" in current_app.view_functions
    return url_for("account_help.support", page=request.path) if here else None
