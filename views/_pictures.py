"""The small pictures of pages. A page has a hundred of them, so each is drawn once and kept."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup


def picture(name: str, label: str | None = None, cls: str = "") -> Markup:
    """A picture from static/img/icons.svg; without a label it is hidden from screen readers."""
    return _drawn(f"{request.script_root}{current_app.static_url_path}", name, label, cls)


@lru_cache(maxsize=2_000)
def _drawn(static: str, name: str, label: str | None, cls: str) -> Markup:
    seen = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    sheet = f"{static}/img/icons.svg"
    shape = Markup('<svg class="icon {}"{} focusable="false"><use href="{}#{}"></use></svg>')
    return shape.format(cls, seen, sheet, name)
