"""A member's entry in tabs, for the staff and in the member's own cabinet; changes by application only."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.money import whole_roubles
from records import parameters, policy, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.fields import Date, Wrong
from records.people import Organisation
from register import history, keeping
from register.history import Member
from register.member_fields import FIELDS, MEMBERSHIP, ODO_RIGHT, PARTS, RIGHT, applies, changeable

from . import _menu
from ._register_tabs import TABS
from ._security import actor

bp = Blueprint("register_member", __name__)

MENU = (
    _menu.Item("member", "Данные реестра", "register_member.own", "building", _menu.member, order=4),
    _menu.Item(
        "member",
        "Договоры и остаток ОДО",
        "register_member.own",
        "hardhat",
        _menu.member,
        6,
        {"tab": "contracts"},
    ),
    _menu.Item("member", "Взносы", "register_member.own", "ruble", _menu.member, 7, {"tab": "dues"}),
)


@bp.get("/my/register")
@bp.get("/my/register/<tab>")
@login_required
def own(tab: str = "summary") -> ResponseReturnValue:
    """«Данные реестра» in the cabinet."""
    who = actor()
    if who.organisation_id is None:
        raise Forbidden
    return _page(who, who.organisation_id, tab)


@bp.get("/members/<int:organisation_id>")
@bp.get("/members/<int:organisation_id>/<tab>")
@login_required
def show(organisation_id: int, tab: str = "summary") -> ResponseReturnValue:
    """The same entry for the staff."""
    return _page(actor(), organisation_id, tab)


def _page(who: Actor, organisation_id: int, tab: str) -> ResponseReturnValue:
    company = db.session.get(Organisation, organisation_id)
    if tab not in TABS or company is None or not policy.may_read_member(who, organisation_id):
        raise NotFound
    today = parameters.today()
    asked = _day(request.args.get("on", ""), today)
    member = history.member_on(organisation_id, asked)
    tabs = [
        {"title": title, "url": _address(who, organisation_id, code), "current": code == tab}
        for code, (title, _) in TABS.items()
    ]
    return render_template(
        f"register/{tab}.html",
        **TABS[tab][1](who, member, asked),
        company=company,
        member=member,
        money=whole_roubles,
        tabs=tabs,
        statuses=_statuses(member),
        on=asked if asked != today else None,
        today=today,
        may_keep=policy.may_keep_register(who),
        may_ask=who.may_bind and not who.read_only,
        public_url=url_for("register_public.show", number=member.register_number)
        if member.register_number
        else None,
    )


def _address(who: Actor, organisation_id: int, tab: str) -> str:
    if who.is_staff:
        return url_for("register_member.show", organisation_id=organisation_id, tab=tab)
    return url_for("register_member.own", tab=tab)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        return today


def _statuses(member: Member) -> list[tuple[str, str, str]]:
    """The three statuses in words and tone (C-20)."""
    membership, right, odo = (
        member.get(name) or "none" for name in ("membership_status", "right_status", "odo_right_status")
    )
    tones = {
        "member": "good",
        "active": "good",
        "suspended": "bad",
        "restricted": "waiting",
        "terminated": "closed",
    }
    return [
        (membership, MEMBERSHIP.get(membership, "Не указано"), tones.get(membership, "draft")),
        (right, f"Право: {RIGHT.get(right, 'нет').lower()}", tones.get(right, "draft")),
        (odo, f"Право ОДО: {ODO_RIGHT.get(odo, 'нет').lower()}", tones.get(odo, "draft")),
    ]


# --- the registrar enters facts ---------------------------------------------------------------------------


@bp.route("/members/<int:organisation_id>/enter", methods=["GET", "POST"])
@login_required
def enter(organisation_id: int) -> ResponseReturnValue:
    """New values from a date on, with their ground."""
    who = actor()
    company = db.session.get(Organisation, organisation_id)
    if company is None or not policy.may_keep_register(who):
        raise NotFound
    today = parameters.today()
    member = history.member_on(organisation_id, today)
    errors: dict[str, list[str]] = {}
    typed = {name: request.form.get(name, member.get(name)) for name in FIELDS}
    if request.method == "POST":
        try:
            _enter(who, member, today)
        except Invalid as invalid:
            errors = invalid.errors
        else:
            return redirect(url_for("register_member.show", organisation_id=organisation_id))
    return render_template(
        "register/enter.html",
        company=company,
        parts=[(title, [f for f in FIELDS.values() if f.part == code]) for code, title in PARTS.items()],
        typed=typed,
        errors=errors,
        seen=request.form.get("seen") or keeping.stamp(organisation_id),
        valid_from=request.form.get("valid_from", today.isoformat()),
        ground=request.form.get("ground", ""),
    ), (422 if errors else 200)


def _enter(who: Actor, member: Member, today: date) -> None:
    form = request.form
    try:
        valid_from = Date(name="valid_from", label="С даты").clean(form.get("valid_from"), today)
    except Wrong as wrong:
        raise Invalid({"valid_from": [str(wrong)]}) from wrong
    if valid_from is None:
        raise Invalid({"valid_from": ["Укажите, с какой даты сведения верны."]})
    values = {name: form[name] for name in FIELDS if name in form and form[name] != member.get(name)}
    seen = form.get("seen", "")
    changed = keeping.enter(
        who,
        member.organisation_id,
        values,
        valid_from=date.fromisoformat(str(valid_from)),
        ground=form.get("ground", "").strip(),
        seen=int(seen) if seen.isdecimal() else None,
    )
    flash("Сведения внесены в реестр." if changed else "Ничего не изменилось.", "success")


# --- the member asks for a change where the field stands --------------------------------------------------


@bp.route("/my/register/change", methods=["GET", "POST"])
@login_required
def change() -> ResponseReturnValue:
    """«Передать новые сведения»: what differs becomes a change application (C-22)."""
    who = actor()
    if who.organisation_id is None or not who.may_bind or who.read_only:
        raise Forbidden("Передать новые сведения может руководитель или представитель по доверенности.")
    today = parameters.today()
    member = history.member_on(who.organisation_id, today)
    fields = [f for f in changeable() if applies(f, member.get("member_type"))]
    if request.args.get("part") in PARTS:
        fields = [f for f in fields if f.part == request.args["part"]]
    typed = {f.name: request.form.get(f.name, member.get(f.name)) for f in fields}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            return _apply_for(who, member, today)
        except Invalid as invalid:
            errors = invalid.errors
    parts = [(title, [f for f in fields if f.part == code]) for code, title in PARTS.items()]
    return render_template(
        "register/change.html", parts=[p for p in parts if p[1]], typed=typed, errors=errors
    ), (422 if errors else 200)


def _apply_for(who: Actor, member: Member, today: date) -> ResponseReturnValue:
    errors: dict[str, list[str]] = {}
    items, groups = [], set()
    for declared in changeable():
        raw = request.form.get(declared.name)
        if raw is None or raw.strip() == member.get(declared.name):
            continue
        try:
            now = declared.clean(raw, today)
        except Wrong as wrong:
            errors[declared.name] = [str(wrong)]
            continue
        items.append({"what": declared.label, "was": member.shown(declared.name), "now": now or ""})
        groups.add(declared.change)
    if errors:
        raise Invalid(errors)
    if not items:
        raise Invalid({"": ["Вы ничего не изменили."]})
    told = "\n".join(
        f"{row['what']}: было «{row['was'] or '—'}», стало «{row['now'] or '—'}»" for row in items
    )
    record = service.create(
        who,
        "register_change_application",
        fields={
            "changes": sorted(groups),
            "new_values": told,
            "items": items,
            "changed_on": today.isoformat(),
        },
    )
    flash("Заявление составлено. Приложите подтверждающие документы и отправьте.", "success")
    return redirect(url_for("records.edit", record_id=record.id))
