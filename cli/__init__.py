"""Floor 3: commands. Parse, call the service, print; the same verbs as the pages."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask


def register(app: Flask) -> None:
    """Add every command: a module with a `COMMANDS` tuple brings its own."""
    for name in sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")):
        module = importlib.import_module(f"{__name__}.{name}")
        for command in getattr(module, "COMMANDS", ()):
            app.cli.add_command(command)
