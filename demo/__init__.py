"""A believable СРО of builders, all of it invented: people, companies, two years of papers."""

from __future__ import annotations

from .people import logins

__all__ = ["logins"]
