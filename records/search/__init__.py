"""Full-text search: analysis, query language, rights, spelling, snippets; backends stand behind the port."""

from records.search.analysis import analyse
from records.search.engine import Found, Results, Search
from records.search.port import (
    CAP,
    WINDOW,
    Filters,
    Hit,
    IndexBroken,
    IndexBusy,
    IndexDoc,
    IndexFile,
    Page,
    SearchBackend,
)

__all__ = [
    "CAP",
    "WINDOW",
    "Filters",
    "Found",
    "Hit",
    "IndexBroken",
    "IndexBusy",
    "IndexDoc",
    "IndexFile",
    "Page",
    "Results",
    "Search",
    "SearchBackend",
    "analyse",
]
