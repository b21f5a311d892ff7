"""The office documents of tests/data/documents as records, and the judging of search results over them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from records.search import Filters, IndexDoc, IndexFile, Search

FOLDER = Path(__file__).parents[2] / "data" / "documents"
SRO = "sro"


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def documents() -> tuple[IndexDoc, ...]:
    """Each document as a record with its file; the text is what extraction and recognition gave."""
    texts = load("texts.json")
    return tuple(
        _doc(number, entry, texts[entry["id"]]) for number, entry in enumerate(load("documents.json"), 1)
    )


def _doc(number: int, entry: Mapping[str, str], text: str) -> IndexDoc:
    return IndexDoc(
        id=number,
        title=entry["title"],
        numbers=[entry["number"]] if entry["number"] else [],
        organisation=f"{entry['organisation']} ИНН {entry['organisation_inn']}",
        files=[IndexFile(number, Path(entry["file"]).name, text)],
        kind=entry["kind"],
        state="registered",
        organisation_id=int(entry["organisation_inn"]),
        date=date.fromisoformat(entry["date"]),
        labels=frozenset({SRO, f"org:{entry['organisation_inn']}"}),
    )


def originals(ids: Sequence[int]) -> dict[int, IndexDoc]:
    return {number: documents()[number - 1] for number in ids}


def ask(search: Search, query: Mapping[str, Any], limit: int = 20) -> list[str]:
    """Ids («d01») in order."""
    chosen = dict(query.get("filters", {}))
    for name in ("date_from", "date_to"):
        if name in chosen:
            chosen[name] = date.fromisoformat(chosen[name])
    results = search.search(query["q"], {SRO}, filters=Filters(**chosen), limit=limit)
    return [f"d{hit.id:02d}" for hit in results.hits]


@dataclass
class Verdict:
    recall: float | None
    rank: float | None
    errors: list[str]
    notes: list[str]


def judge(query: Mapping[str, Any], found: Sequence[str]) -> Verdict:
    """Figures and complaints of one query."""
    wrong = [d for d in query.get("must_not", []) if d in found]
    errors = [f"must not be found: {wrong}"] if wrong else []
    if query.get("expect"):
        if query["expect"] == "none" and found:
            errors.append(f"expected nothing, found {found[:5]}")
        return Verdict(None, None, errors, [])
    must = query["must"]
    first = query.get("first", must)
    missed = [d for d in must if d not in found]
    rank = next((1 / place for place, d in enumerate(found, 1) if d in first), 0.0)
    notes = [f"missed {missed}"] if missed else []
    if rank < 1:
        notes.append(f"first should be {first}, found {found[:4]}")
    return Verdict(1 - len(missed) / len(must), rank, errors, notes)


@dataclass
class Score:
    recall: float
    rank: float
    broken: list[str]
    weak: list[str]


def score(search: Search, queries: Sequence[Mapping[str, Any]]) -> Score:
    """Mean recall and MRR over the judged queries, and every rule that is broken."""
    recalls, ranks, broken, weak = [], [], [], []
    for query in queries:
        verdict = judge(query, ask(search, query))
        label = f"{query.get('id', '')} {query['q'][:40]!r}"
        broken += [f"{label}: {error}" for error in verdict.errors]
        weak += [f"{label}: {note}" for note in verdict.notes]
        if verdict.recall is not None and verdict.rank is not None:
            recalls.append(verdict.recall)
            ranks.append(verdict.rank)
    return Score(sum(recalls) / len(recalls), sum(ranks) / len(ranks), broken, weak)
