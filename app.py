"""The wiring: settings → database → providers → kinds → blueprints → commands. No rules here."""

from __future__ import annotations

import logging

from flask import Flask
from sqlalchemy.engine import make_url

import accounts.model
import correspondence
import exchange.model
import meetings.kinds
import meetings.model
import messaging.model
import records.model
import register
import register.model
import reports
import reports.model
import signatures.model
from accounts import wiring as account_wiring
from api import register as register_api
from archive import wiring as archive_wiring
from cli import register as register_commands
from desk import wiring as desk_wiring
from messaging import handlers
from providers import wiring
from records import database
from records.journals import journals
from records.kinds import registry
from register import wiring as register_wiring
from reports import wiring as report_wiring
from settings import Settings, load
from signatures import wiring as signature_wiring
from views import register as register_views

__all__ = ["create_app"]

KNOWN_TABLES = (
    accounts.model,
    exchange.model,
    meetings.model,
    messaging.model,
    records.model,
    register.model,
    reports.model,
    signatures.model,
)


def create_app(settings: Settings | None = None, *, commands: bool = True) -> Flask:
    """Build the application. Raises SettingsError or ValueError when anything declared contradicts itself."""
    chosen = settings or load()
    app = Flask(__name__, instance_path=str(chosen.instance))
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        SQLALCHEMY_DATABASE_URI=chosen.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(chosen),
        MAX_CONTENT_LENGTH=chosen.max_upload + 2**20,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["settings"] = chosen
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    database.db.init_app(app)
    with app.app_context():
        database.prepare_engine(database.db.engine)
    if not list(registry):
        registry.add(*correspondence.kinds(), *register.kinds(), *reports.kinds(), *meetings.kinds.kinds())
    registry.check(frozenset(journals()))
    wiring.connect(app, chosen)
    handlers.connect(takes_letters=bool(chosen.intake_url))
    account_wiring.connect()
    desk_wiring.connect()
    archive_wiring.connect()
    signature_wiring.connect()
    register_wiring.connect()
    report_wiring.connect()
    register_views(app)
    register_api(app)
    if commands:
        register_commands(app)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.is_sqlite:
        return {"connect_args": {"timeout": 15}}
    make_url(settings.database_url)
    return {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}


if __name__ == "__main__":
    create_app().run(host="127.0.0.1", port=8000)
