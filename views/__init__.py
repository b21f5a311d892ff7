"""Floor 3: pages. Parse, call a service, render; no rules here."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask

from . import _context, _errors, _menu, _security, _unchanged


def register(app: Flask) -> None:
    """Add login, context, errors, headers and every blueprint (a module with a `bp`),
    and the menu lines (`MENU`)."""
    _unchanged.init_app(app)
    _security.init_app(app)
    _context.init_app(app)
    _errors.init_app(app)
    for name in sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")):
        module = importlib.import_module(f"{__name__}.{name}")
        if hasattr(module, "bp"):
            app.register_blueprint(module.bp)
        _menu.add(getattr(module, "MENU", ()))
