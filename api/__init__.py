"""Floor 3: the JSON API /api/v1. Parse, call the service, render; no rules here."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the API to the application."""
