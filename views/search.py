"""Search over the archive: a page of hits with snippets, and suggestions while one types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from markupsafe import Markup

from language.dates import short_date
from records import indexing, query
from records.kinds import registry
from records.model import Record
from records.search import Filters, Found
from workflows.reference import state_titles

from ._security import actor

bp = Blueprint("search", __name__)

PAGE = 20


@dataclass(frozen=True)
class Hit:
    """A find as the page shows it."""

    url: str
    title: Markup
    snippet: Markup
    number: str
    kind: str
    organisation: str
    file_name: str | None
    file_url: str | None
    state: tuple[str, str]


@bp.get("/search")
@login_required
def page() -> ResponseReturnValue:
    """What was found, with facets; a full number of a record opens the record itself."""
    who = actor()
    text = request.args.get("q", "").strip()[:500]
    if text and (found := _by_number(text)) is not None:
        return redirect(url_for("records.show", record_id=found))
    offset = min(max(request.args.get("offset", 0, type=int), 0), 980)
    kinds = [k for k in request.args.getlist("kind") if k in registry]
    filters = Filters(
        kind=kinds or None,
        date_from=_day("date_from"),
        date_to=_day("date_to"),
    )
    newest = request.args.get("sort") == "newest"
    results = indexing.find(
        who, text, filters=filters, sort="newest" if newest else "relevance", offset=offset, limit=PAGE
    )
    records = {r.id: r for r in query.some(who, [h.id for h in results.hits])}
    hits = [_hit(h, records[h.id]) for h in results.hits if h.id in records]
    facets = [
        (name, registry[name].title, count)
        for name, count in sorted(results.facets.get("kind", {}).items(), key=lambda item: -item[1])
        if name in registry
    ]
    return render_template(
        "search/page.html",
        q=text,
        hits=hits,
        results=results,
        facets=facets,
        kinds=kinds,
        newest=newest,
        filters=filters,
        next_offset=offset + PAGE if offset + PAGE < results.total else None,
        offset=offset,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _by_number(text: str) -> int | None:
    """The one visible record that bears exactly this number."""
    ids = query.with_number(actor(), text.removeprefix("№").strip())
    return ids[0] if len(ids) == 1 else None


def _hit(found: Found, record: Record) -> Hit:
    kind = registry[record.kind]
    number = f"№ {record.number_text} от {short_date(record.registered_on)}" if record.registered_on else ""
    return Hit(
        url=url_for("records.show", record_id=record.id),
        title=Markup(found.title_html),
        snippet=Markup(found.snippet),
        number=number,
        kind=kind.title,
        organisation=record.organisation.short_name if record.organisation else record.correspondent,
        file_name=found.file_name,
        file_url=url_for("files.download", file_id=found.file) if found.file else None,
        state=(record.state, state_titles().get(record.state, record.state)),
    )


@bp.get("/search/suggest")
@login_required
def suggest() -> ResponseReturnValue:
    """At most eight lines under the search box."""
    text = request.args.get("q", "").strip()[:200]
    if len(text) < 3:
        return render_template("search/suggest.html", hits=[], q=text)
    who = actor()
    results = indexing.find(who, text, limit=8)
    records = {r.id: r for r in query.some(who, [h.id for h in results.hits])}
    hits = [_hit(h, records[h.id]) for h in results.hits if h.id in records]
    return render_template("search/suggest.html", hits=hits, q=text)
