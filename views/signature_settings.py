"""Settings of signatures: whom we trust, lists of revoked certificates, the organisation's own key,
wording."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.dates import short_date
from records import parameters, policy
from records.errors import Forbidden, Invalid, Refused
from records.service import work
from signatures import ours, reports, stamped, trust
from signatures.ports import timestamper
from signing import POLICIES

from . import _menu
from ._security import actor

bp = Blueprint("signature_settings", __name__, url_prefix="/settings/signatures")

MENU = (
    _menu.Item("settings", "Подпись", "signature_settings.show", "seal", _menu.roles("sro_admin"), order=18),
)
MOST_BYTES = 40 * 1024 * 1024


@bp.before_request
@login_required
def only_admin() -> None:
    if not policy.may_administer(actor()):
        raise Forbidden("Настройки подписи меняет администратор.")


@bp.get("")
def show() -> ResponseReturnValue:
    return _page()


def _page(problems: tuple[str, ...] = (), change: trust.Change | None = None) -> ResponseReturnValue:
    versions = trust.versions()
    key = ours.active()
    context = {
        "versions": [
            {
                "name": v.name,
                "at": reports.moment(v.set_at),
                "note": v.note,
                "roots": [{**root, "until_text": _day(root["until"])} for root in v.roots],
                "is_test": v.is_test,
                "policy": POLICIES[v.policy].title,
            }
            for v in versions
        ],
        "lists": trust.revocation_lists(),
        "moment": reports.moment,
        "policies": [(p.code, p.title) for p in POLICIES.values()],
        "key": key,
        "health": ours.health(),
        "has_clock": timestamper() is not None,
        "auto_sign": bool(parameters.get("signatures.auto_sign")),
        "wording": stamped.wording(),
        "problems": problems,
        "change": change,
    }
    return render_template("signatures/settings.html", **context), 422 if problems else 200


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))


@bp.post("/trust")
def put_trust() -> ResponseReturnValue:
    """A new version of the trust store: looked at first, then set."""
    sent = [f.stream.read(MOST_BYTES) for f in request.files.getlist("certificates") if f.filename]
    chosen = request.form.get("policy", "")
    try:
        found = trust.read(sent)
        if request.form.get("keep") == "1":
            found = list({c.sha256: c for c in (*trust.current().store.certificates, *found)}.values())
        if request.form.get("verb") != "save":
            return _page(change=trust.preview(found, chosen))
        trust.put(actor(), found, policy_code=chosen, note=request.form.get("note", ""))
    except (Invalid, Refused) as problem:
        return _page((str(problem),))
    flash("Доверенные удостоверяющие центры обновлены. Все подписи проверяются заново.", "success")
    return redirect(url_for("signature_settings.show"))


@bp.post("/lists")
def put_lists() -> ResponseReturnValue:
    """Lists of revoked certificates brought by hand."""
    problems = []
    taken = 0
    for item in request.files.getlist("lists"):
        if not item.filename:
            continue
        try:
            trust.add_list(
                actor(),
                item.stream.read(MOST_BYTES),
                is_ocsp=item.filename.lower().endswith((".ocsp", ".ors")),
            )
            taken += 1
        except Invalid as invalid:
            problems.append(f"{item.filename}: {invalid}")
    if problems:
        return _page(tuple(problems))
    flash(f"Принято списков отзыва: {taken}.", "success")
    return redirect(url_for("signature_settings.show"))


@bp.post("/key")
def put_key() -> ResponseReturnValue:
    """The organisation's key: PKCS#12, tried on a sample and sealed."""
    item, certificate = request.files.get("file"), request.files.get("certificate")
    if item is None or not item.filename:
        return _page(("Выберите файл ключа PKCS#12 (.p12, .pfx).",))
    try:
        ours.install(
            actor(),
            item.stream.read(1024 * 1024),
            request.form.get("password", ""),
            title=request.form.get("title", ""),
            responsible=request.form.get("responsible", ""),
            certificate=certificate.stream.read(1024 * 1024) if certificate and certificate.filename else b"",
        )
    except (Invalid, Refused) as problem:
        return _page((str(problem),))
    flash("Ключ принят: проба подписана.", "success")
    return redirect(url_for("signature_settings.show"))


@bp.post("/key/try")
def try_key() -> ResponseReturnValue:
    found = ours.try_key(actor())
    flash(found.text, "success" if found.is_ready else "error")
    return redirect(url_for("signature_settings.show"))


@bp.post("/key/<int:key_id>/retire")
def retire_key(key_id: int) -> ResponseReturnValue:
    ours.retire(actor(), key_id)
    flash("Ключ больше не используется, файл ключа уничтожен.", "success")
    return redirect(url_for("signature_settings.show"))


@bp.post("/options")
def options() -> ResponseReturnValue:
    """Signing at once after printing, and the wording of the mark with its edition, from today on."""
    lines = [line.strip() for line in request.form.get("lines", "").splitlines() if line.strip()]
    mark = {
        "edition": request.form.get("edition", "").strip(),
        "headline": request.form.get("headline", "").strip(),
        "lines": lines,
    }
    try:
        stamped.check_wording(mark)
    except Invalid as invalid:
        return _page((str(invalid),))
    with work(actor()) as unit:
        parameters.put(
            actor(), "signatures.auto_sign", request.form.get("auto_sign") == "1", valid_from=unit.today
        )
        parameters.put(actor(), "signatures.mark", mark, valid_from=unit.today)
    flash("Сохранено.", "success")
    return redirect(url_for("signature_settings.show"))
