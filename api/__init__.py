"""Floor 3: the JSON API /api/v1. Parse, call the service, render; no rules here."""

from __future__ import annotations

from flask import Blueprint, Flask

from . import describing, door, errors, files, health, meetings, records, search
from .reading import IdConverter


def register(app: Flask) -> None:
    """Add the API to the application."""
    app.url_map.converters["id"] = IdConverter
    bp = Blueprint("api", __name__, url_prefix="/api/v1")
    door.init_app(app, bp)
    errors.init_blueprint(bp)
    errors.init_app(app)
    health.init_app(app)
    for part in (records, files, search, meetings, health, describing):
        part.init_blueprint(bp)
    if "csrf" in app.extensions:
        app.extensions["csrf"].exempt(bp)  # keys, never cookies: nothing to forge
    app.register_blueprint(bp)
