"""Search over the archive: the same engine and the same rights as the page."""

from __future__ import annotations

from flask import Blueprint, Response

from records import indexing, query
from records.errors import Invalid
from records.kinds import registry
from records.search import Filters
from workflows.reference import state_titles

from . import answering, reading, showing
from .door import actor

PAGE, MOST, DEEPEST = 20, 100, 1000


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/search", "search", search)


def search() -> Response:
    """Hits in order, with snippets (escaped HTML with <mark>), a total and counts by kind and state."""
    who = actor()
    asked = reading.Parameters()
    text = asked.text("q", longest=500)
    filters = Filters(
        kind=asked.many_of("kind", {k.name for k in registry}) or None,
        state=asked.many_of("state", set(state_titles())) or None,
        date_from=asked.day("date_from"),
        date_to=asked.day("date_to"),
    )
    newest = asked.one_of("sort", {"relevance", "newest"}) == "newest"
    limit = asked.number("limit", most=MOST) or PAGE
    offset = int(asked.cursor(r"[0-9]{1,4}") or 0)
    asked.refuse()
    if offset >= DEEPEST:
        raise Invalid({"cursor": ["Так далеко поиск не листается: уточните запрос."]})
    sort = "newest" if newest else "relevance"
    found = indexing.find(who, text, filters=filters, sort=sort, offset=offset, limit=limit)  # type: ignore[arg-type]
    records = {r.id: r for r in query.some(who, [hit.id for hit in found.hits])}
    numbers = query.numbers_of(list(records))
    hits = [
        {
            "id": hit.id,
            "title": hit.title,
            "snippet": hit.snippet,
            "file": {"id": hit.file, "name": hit.file_name} if hit.file is not None else None,
            "record": showing.row(records[hit.id], numbers[hit.id]),
        }
        for hit in found.hits
        if hit.id in records
    ]
    further = offset + limit < min(found.total, DEEPEST)
    return answering.page(
        hits,
        str(offset + limit) if further else None,
        total=found.total,
        total_is_exact=not found.total_capped,
        facets={name: dict(counts) for name, counts in found.facets.items()},
        corrected=found.corrected,
    )
