"""«Архив документов»: registered papers of the cabinet with their files and signatures (R-16)."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import papers
from language.numbers import file_size
from records import parameters
from records.kinds import registry

from . import _menu
from ._list_query import list_query
from ._security import actor

bp = Blueprint("archive_list", __name__)

MENU = (_menu.Item("main", "Архив документов", "archive_list.index", "archive", order=22),)


@bp.get("/archive")
@login_required
def index() -> ResponseReturnValue:
    """Signed documents, or all that have files, with what can be taken away."""
    who = actor()
    q = list_query(request.args, who)
    every = request.args.get("every") == "1"
    found, after = papers.papers(who, q, parameters.today(), signed=not every)
    kinds = [(k.name, k.title) for k in registry if k.listed and (who.is_staff or k.member_sees != "none")]
    return render_template(
        "desk/archive.html",
        rows=[_row(paper) for paper in found],
        q=q,
        every=every,
        kinds=sorted(kinds, key=lambda item: item[1]),
        next_url_after=after,
        company=who.organisation_id,
    )


def _row(paper: papers.Paper) -> dict[str, object]:
    record = paper.record
    kind = registry[record.kind]
    return {
        "id": record.id,
        "title": record.title,
        "kind": kind.title,
        "number": record.number_text,
        "on": record.registered_on,
        "organisation": record.organisation.short_name if record.organisation else record.correspondent,
        "status": (record.state, kind.state_title(record.state)),
        "files": [
            {
                "name": entry.name,
                "url": url_for("files.download", file_id=entry.id),
                "size": file_size(entry.size),
                "signatures": [(s.name, url_for("files.download", file_id=s.id)) for s in signatures],
            }
            for entry, signatures in paper.files
        ],
    }
