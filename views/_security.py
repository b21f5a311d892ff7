"""Login of a request, CSRF, strict headers. The session's person becomes an Actor here and nowhere below."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Request, Response, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect

from accounts import actors, sessions
from accounts.model import LoginSession
from records.actor import PUBLIC_ACTOR, Actor
from records.people import User

csrf = CSRFProtect()
manager = LoginManager()

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


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
    manager.init_app(app)
    manager.login_view = "auth.login"
    manager.login_message = "Войдите, чтобы продолжить. Введённое сохранено."
    manager.login_message_category = "info"
    manager.request_loader(_load)
    app.after_request(_headers)


def _load(req: Request) -> Person | None:
    token = session.get("token")
    if not token or req.endpoint == "static":
        return None
    found = sessions.find(token)
    if found is None:
        return None
    user, entry = found
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


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
    if request.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store" if g.get("private", True) else "public, max-age=60"
    return response
