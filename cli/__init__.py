"""Floor 3: commands. Parse, call the service, print; the same verbs as the pages."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the commands to the application."""
