"""Login of a request, CSRF, strict headers. The session's person becomes an Actor here and nowhere below."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect, FlaskForm

from accounts import actors, sessions
from accounts.model import LoginSession
from records import parameters
from records.actor import PUBLIC_ACTOR, Actor
from records.errors import Forbidden
from records.people import User

csrf = CSRFProtect()
manager = LoginManager()

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

# The signing plug-in is spoken to through a script of its browser extension: Chrome (two generations), Opera
# and Yandex, Firefox, Safari. Allowed on the pages that sign, and there alone.
PLUGIN = (
    "chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog chrome-extension://pfhgbfnnjiafkhfdkmpiflachepdcjod "
    "chrome-extension://epebfcehmdedogndhlcacafjaacknbcm moz-extension: safari-web-extension:"
)
CSP_SIGNING = CSP.replace("script-src 'self'", f"script-src 'self' {PLUGIN}")
SIGNING_PAGES = frozenset({"signing.page", "auth.login", "certificate_login.certificates"})


@dataclass
class Person(UserMixin):
    """The logged-in person of a request, as flask-login knows him."""

    user: User
    session: LoginSession
    actor: Actor

    def get_id(self) -> str:
        return str(session.get("token", ""))


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    app.config["WTF_I18N_ENABLED"] = False
    FlaskForm.Meta.locales = ["ru"]  # the library's own messages («Not a valid date») in Russian
    manager.init_app(app)
    manager.request_loader(_load)
    manager.unauthorized_handler(ask_to_log_in)
    app.before_request(_keep_view_read_only)
    app.before_request(_refuse_null)
    app.after_request(_headers)


def _load(req: Request) -> Person | None:
    token = session.get("token")
    if not token or req.endpoint == "static":
        return None
    found = sessions.find(token)
    if found is None:
        return None
    user, entry = found
    # A seat that has lapsed ends the session: it must never turn into another company of the same person.
    if entry.seat_id is not None and entry.seat_id not in {
        seat.id for seat in actors.valid_seats(user, parameters.today())
    }:
        return None
    actor = actors.actor_for(user, seat_id=entry.seat_id, address=req.remote_addr or "")
    if entry.view_as is not None and actor.is_staff:
        actor = actors.as_member(actor, entry.view_as)
    sessions.touch(entry)
    return Person(user, entry, actor)


def person() -> Person | None:
    """The person of this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def actor() -> Actor:
    """Who acts in this request."""
    found = person()
    return found.actor if found else PUBLIC_ACTOR


def ask_to_log_in() -> ResponseReturnValue:
    """To the login page and back: a page returns to itself, a posted form to the page it was on (U-20)."""
    if request.accept_mimetypes.best == "application/json" or request.method not in ("GET", "HEAD", "POST"):
        text = "Сеанс завершён. Войдите снова, введённое сохранено на этом компьютере."
        return jsonify(title="Сеанс завершён", detail=text, code="login"), 401
    if request.method == "POST":
        referrer = urlsplit(request.referrer or "")
        here = referrer.netloc == request.host
        target = (
            (referrer.path + (f"?{referrer.query}" if referrer.query else ""))
            if here
            else url_for("home.start")
        )
    else:
        target = request.full_path if request.query_string else request.path
    return redirect(url_for("auth.login", next=target, ended=1 if session.get("token") else None))


FREE_OF_VIEW = frozenset({"auth.logout", "account_viewing.stop", "home.preferences"})
"""What a curator may still do while he looks through a member's eyes."""


def _keep_view_read_only() -> None:
    """«Глазами члена» changes nothing, whatever a page or a feature forgets to ask (C-51)."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint in FREE_OF_VIEW:
        return
    found = person()
    if found is not None and found.actor.read_only:
        raise Forbidden("Вы смотрите глазами члена: изменить ничего нельзя.")


def _refuse_null() -> None:
    """No keyboard types the character 0, and a database keeps none: such a request is not a person's."""
    if request.blueprint == "api":
        return  # it judges its own bodies
    for given in (request.args, request.form):
        if any("\0" in text for values in given.listvalues() for text in values):
            abort(400)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP_SIGNING if request.endpoint in SIGNING_PAGES else CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
    if request.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if g.get("private", True) else "public, max-age=60"
    return response
