"""Coming in by a certificate, and tying one to the account (C-06)."""

from __future__ import annotations

import base64
import binascii
import secrets

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from records.errors import Forbidden, RecordsError
from signatures import login, trust

from ._forms import address
from ._security import actor, person
from .auth import begin_session, safe_next

bp = Blueprint("certificate_login", __name__)


def _holder() -> str:
    """The browser's own secret while nobody has come in yet; it lies in the signed cookie."""
    if "holder" not in session:
        session["holder"] = secrets.token_urlsafe(24)
    return str(session["holder"])


def _origin() -> str:
    return str(current_app.extensions["settings"].public_url)


@bp.post("/login/certificate/challenge")
def challenge() -> ResponseReturnValue:
    """The text to be signed: five lines, for this browser alone, for five minutes."""
    text = login.challenge(_holder(), _origin())
    return jsonify(text=text, data=base64.b64encode(text.encode()).decode(), test=trust.is_test_mode())


@bp.post("/login/certificate")
def enter() -> ResponseReturnValue:
    """The signed text: come in, or hear why not."""
    given = request.get_json(silent=True)
    nonce, signature = _given(given)
    try:
        found = login.enter(_holder(), nonce, signature, address())
    except RecordsError as error:
        return jsonify(title="Вход не выполнен", detail=str(error), code=error.code), 422
    following = safe_next(request.args.get("next"))
    begin_session(found.user, method="certificate", seat_id=found.seat_id, names=(found.user.email,))
    return jsonify(url=following, name=found.user.name)


def _given(given: object) -> tuple[str, bytes]:
    """Nonce and signature of a request; what cannot be read proves nothing and is refused by the service."""
    if not isinstance(given, dict):
        return "", b""
    try:
        signature = base64.b64decode("".join(str(given.get("signature") or "").split()), validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    nonce = str(given.get("nonce") or "")
    for line in str(given.get("text") or "").split("\n"):
        if line.startswith("nonce="):
            nonce = nonce or line.removeprefix("nonce=")
    return nonce, signature


@bp.get("/profile/certificates")
@login_required
def certificates() -> ResponseReturnValue:
    """Certificates tied to one's own account."""
    found = person()
    if found is None or found.actor.read_only:
        raise Forbidden("Это личная страница: вернитесь к себе.")
    return render_template(
        "signatures/certificates.html", rows=login.bindings(found.user.id), is_test=trust.is_test_mode()
    )


@bp.post("/profile/certificates/challenge")
@login_required
def bind_challenge() -> ResponseReturnValue:
    text = login.challenge(_holder(), _origin(), purpose="bind")
    return jsonify(text=text, data=base64.b64encode(text.encode()).decode(), test=trust.is_test_mode())


@bp.post("/profile/certificates")
@login_required
def bind() -> ResponseReturnValue:
    """Tie the person of a certificate to the account that is open."""
    nonce, signature = _given(request.get_json(silent=True))
    try:
        row = login.bind(actor(), _holder(), nonce, signature)
    except RecordsError as error:
        return jsonify(title="Сертификат не привязан", detail=str(error), code=error.code), 422
    return jsonify(owner=row.owner, url=url_for("certificate_login.certificates"))


@bp.post("/profile/certificates/<int:binding_id>/remove")
@login_required
def unbind(binding_id: int) -> ResponseReturnValue:
    login.unbind(actor(), binding_id)
    flash("Сертификат отвязан: войти по нему больше нельзя.", "success")
    return redirect(url_for("certificate_login.certificates"))
