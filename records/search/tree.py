"""A parsed query: what every backend translates to its own tongue. Terms are those of analysis.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """Any of these terms, or any term that begins with one of the prefixes."""

    terms: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """Terms side by side; each slot lists its alternatives."""

    slots: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class And:
    """All of `nodes` and none of `without`; no nodes mean every record."""

    nodes: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Or:
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Everything:
    """No words, only filters: every visible record."""


@dataclass(frozen=True)
class Nothing:
    """Signs without a word in them: no record."""


Node = Word | Phrase | And | Or | Everything | Nothing


def positive(node: Node) -> Iterator[Word | Phrase]:
    """The leaves that a hit may show; what is excluded is never highlighted."""
    match node:
        case Word() | Phrase():
            yield node
        case And(nodes=nodes) | Or(nodes=nodes):
            for child in nodes:
                yield from positive(child)
        case Everything() | Nothing():
            return
