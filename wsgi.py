"""The application as a server loads it: `granian --interface wsgi --factory wsgi:create_app`."""

from __future__ import annotations

import gc

from flask import Flask

COLLECT_EVERY = 20_000
"""New objects between two looks for garbage: a page makes some thousands, nearly all freed without them."""


def create_app() -> Flask:
    """Build the application without collecting garbage: what a start loads stays until the end.

    What is loaded is set aside, so that no later collection walks over it while someone waits for a page.
    """
    gc.disable()
    from app import create_app as build

    made = build(commands=False)
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 20)
    gc.enable()
    return made
