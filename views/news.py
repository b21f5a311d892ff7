"""«Информирование»: news and announcements by topic; staff see who has read."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import boards
from records.fields import Choice
from records.kinds import registry

from . import _menu
from ._security import actor

bp = Blueprint("news", __name__)

MENU = (_menu.Item("main", "Информирование", "news.index", "book", order=30),)


@bp.get("/news")
@login_required
def index() -> ResponseReturnValue:
    """The feed, by topic."""
    topic = request.args.get("topic", "")
    return render_template(
        "desk/news.html", items=boards.news(actor(), topic=topic, limit=60), topics=topics(), topic=topic
    )


def topics() -> list[tuple[str, str]]:
    """Topics of the news kind, when it declares them."""
    kind = registry.get(boards.NEWS)
    field = kind.field("topic") if kind else None
    return list(field.choices.items()) if isinstance(field, Choice) else []
