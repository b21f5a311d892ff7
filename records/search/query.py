"""The query language: what a clerk types, forgiven and read as a tree.

Words mean all of them; OR (ИЛИ, |), NOT (НЕ, -слово), brackets; «фраза в кавычках»; начал*; numbers whole and
in part; dates in any writing. Whatever cannot be read as syntax is read as words; nothing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from records.search import abbreviations
from records.search.morphology import stems, stems_inside
from records.search.terms import (
    COMPOUND,
    DATE,
    GROUPED,
    MAX_PARTS,
    MOST_LETTERS,
    RUNS,
    clean,
    cyrillic,
    date_term,
    fold,
    joined,
    stem,
)
from records.search.tree import And, Everything, Node, Nothing, Or, Phrase, Word

MAX_CHARACTERS: Final = 1500
MAX_NODES: Final = 24
MAX_DEPTH: Final = 8
MAX_SLOTS: Final = 10
MAX_PHRASES: Final = 128
SHORTEST_PREFIX: Final = 3
SHORTEST_PART: Final = 4  # digits of a number that find it by its beginning or its end

_TOKEN: Final = re.compile(
    rf"(?P<date>{DATE.pattern})(?:\s+(?:гг?\.?|года)(?!\w))?|(?P<sum>{GROUPED.pattern})"
    r"|\"(?P<q1>[^\"]*)\"|«(?P<q2>[^»]*)»|“(?P<q3>[^”]*)”|„(?P<q4>[^“”]*)[“”]"
    r"|(?P<open>\()|(?P<close>\))|(?P<chunk>[^\s\"«»“”„()]+)"
)
_STOP: Final = frozenset(
    "а без бы в во вот да для до же за и из или их к как ко ли между на над не ни но о об обо от по под при "
    "про с со так то у через что это этот n no".split()
)
# «ИНН 3812044173»: the word names what the number is; a card may hold the number without it.
_LABELS: Final = frozenset("инн огрн огрнип кпп снилс номер".split())
_OPERATORS: Final = {"OR": "or", "ИЛИ": "or", "|": "or", "||": "or", "AND": "and", "И": "and", "&": "and"}
_NEGATIONS: Final = frozenset({"NOT", "НЕ"})


def parse(text: str) -> Node:
    """The tree of a query. A blank text asks for everything, signs without a word for nothing."""
    cleaned = clean(text[:MAX_CHARACTERS])
    if not cleaned.strip():
        return Everything()
    return _parse(cleaned)


@lru_cache(maxsize=256)
def _parse(cleaned: str) -> Node:
    return _Parser(cleaned).whole() or Nothing()


@dataclass(frozen=True)
class _Plain:
    """A word outside quotes, still to be joined with its neighbours."""

    text: str
    node: Node


class _Parser:
    def __init__(self, cleaned: str) -> None:
        self.cleaned = cleaned
        self.tokens = list(_TOKEN.finditer(fold(cleaned)))
        self.place = 0
        self.left = MAX_NODES

    def whole(self) -> Node | None:
        """The tree; a bracket that closes nothing is skipped."""
        nodes = []
        while self.place < len(self.tokens):
            node = self.either(0)
            if node is not None:
                nodes.append(node)
            self.place += 1
        return _all(nodes, [])

    def either(self, depth: int) -> Node | None:
        """Alternatives between OR."""
        nodes = []
        while True:
            node = self.together(depth)
            if node is not None:
                nodes.append(node)
            if self._operator() != "or":
                break
            self.place += 1
        unique = list(dict.fromkeys(nodes))
        return unique[0] if len(unique) == 1 else Or(tuple(unique)) if unique else None

    def together(self, depth: int) -> Node | None:
        """Everything up to OR or a bracket: all of it, and none of what is negated."""
        wanted: list[Node | _Plain] = []
        unwanted: list[Node] = []
        while self.place < len(self.tokens) and self._operator() != "or":
            token = self.tokens[self.place]
            if token["close"]:
                break
            if self._operator() == "and":
                self.place += 1
                continue
            negated = self._negation()
            if self.place >= len(self.tokens):
                break
            node = self._factor(depth)
            if node is None:
                continue
            if negated:
                unwanted.append(node.node if isinstance(node, _Plain) else node)
            else:
                wanted.append(node)
        return _all(_join(wanted), unwanted)

    def _operator(self) -> str | None:
        if self.place >= len(self.tokens):
            return None
        chunk = self._chunk()
        # «И» and «НЕ» in capitals are operators only inside a query, never alone at its end.
        last = self.place == len(self.tokens) - 1 or self.place == 0
        return None if last and chunk in ("И", "ИЛИ") else _OPERATORS.get(chunk)

    def _chunk(self) -> str:
        token = self.tokens[self.place]
        return self.cleaned[token.start() : token.end()] if token["chunk"] else ""

    def _negation(self) -> bool:
        chunk = self._chunk()
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        if following is None or following["close"]:
            return False
        if chunk in _NEGATIONS or (chunk == "-" and following.start() == self.tokens[self.place].end()):
            self.place += 1
            return True
        return False

    def _factor(self, depth: int) -> Node | _Plain | None:
        token = self.tokens[self.place]
        self.place += 1
        if token["open"]:
            return self._bracket(depth)
        if token["close"] or self.left <= 0:
            return None
        self.left -= 1
        if token["date"]:
            return _date(token)
        if token["sum"]:
            return _sum(token["sum"])
        quoted = next((token[name] for name in ("q1", "q2", "q3", "q4") if token[name] is not None), None)
        return phrase(quoted) if quoted is not None else self._word(token["chunk"])

    def _bracket(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            return None
        node = self.either(depth + 1)
        if self.place < len(self.tokens) and self.tokens[self.place]["close"]:
            self.place += 1
        return node

    def _word(self, chunk: str) -> Node | _Plain | None:
        text = chunk.lstrip("+")
        if len(text) > 1 and text[0] == "-" and text[1].isalnum():
            node = chunk_node(text[1:])
            return And((), (node,)) if node else None
        node = chunk_node(text)
        return _Plain(text, node) if node else None


def _all(wanted: Iterable[Node], unwanted: Iterable[Node]) -> Node | None:
    """One tree of all; «-слово» brings its own exclusion."""
    nodes: dict[Node, None] = {}
    without = dict.fromkeys(unwanted)
    for node in wanted:
        if isinstance(node, And) and node.without:
            without.update(dict.fromkeys(node.without))
            nodes.update(dict.fromkeys(node.nodes))
        else:
            nodes[node] = None
    if len(nodes) == 1 and not without:
        return next(iter(nodes))
    return And(tuple(nodes), tuple(without)) if nodes or without else None


def _join(items: list[Node | _Plain]) -> list[Node]:
    """Neighbouring words that spell an abbreviation out find it too; stop words count only when alone."""
    items = [item for item, following in pairwise([*items, None]) if item and not _names(item, following)]
    kept = [item for item in items if not (isinstance(item, _Plain) and item.text in _STOP)]
    items = kept if any(not _excludes(item) for item in kept) else items
    nodes: list[Node] = []
    place = 0
    while place < len(items):
        item = items[place]
        if not isinstance(item, _Plain):
            nodes.append(item)
            place += 1
            continue
        run = 0
        while place + run < len(items) and isinstance(items[place + run], _Plain):
            run += 1
        nodes += _abbreviated([i for i in items[place : place + run] if isinstance(i, _Plain)])
        place += run
    return nodes


def _names(item: Node | _Plain, following: Node | _Plain | None) -> bool:
    """A label before a number."""
    return (
        isinstance(item, _Plain)
        and item.text in _LABELS
        and isinstance(following, _Plain)
        and following.text[0].isdecimal()
    )


def _excludes(item: Node | _Plain) -> bool:
    return isinstance(item, And) and not item.nodes


def _abbreviated(words: list[_Plain]) -> Iterator[Node]:
    parts = [(word, stems(run)) for word in words for run in _runs(word.text.rstrip("*")) or [""]]
    place = 0
    while place < len(parts):
        found = abbreviations.abbreviation_at([p[1] for p in parts], place)
        if found:
            length, short = found
            spelt = dict.fromkeys(word.node for word, _ in parts[place : place + length])
            yield Or((And(tuple(spelt)), Word((stem(short), "0" + stem(short)))))
            place += length
        else:
            yield parts[place][0].node
            place += 1


def _date(token: re.Match[str]) -> Node | None:
    """A date in any writing, or the same words side by side."""
    term = date_term(token)
    literal = phrase(token["date"])
    if term is None:
        return literal
    return Or((Word((term,)), literal)) if literal else Word((term,))


def _sum(text: str) -> Node | None:
    literal = phrase(text)
    whole = Word(("s" + text.replace(" ", ""), text.replace(" ", "")))
    return Or((whole, literal)) if literal else whole


def phrase(text: str) -> Node | None:
    """Words side by side, each in any form; a phrase of one word is the word."""
    if "*" in text:  # a beginning cannot stand in a phrase of every backend; its words are asked for together
        return _all([node for word in text.split() if (node := chunk_node(word))], [])
    runs: list[str] = []
    for match in COMPOUND.finditer(text):
        has_digits = any(map(str.isdecimal, match.group()))
        runs += [cyrillic(run, in_number=has_digits) for run in _runs(match.group())]
    runs = runs[:MAX_SLOTS]
    if len(runs) < 2:
        return chunk_node(text)
    slots = _bounded([(run,) if run.isdecimal() else _exact(run) for run in runs])
    whole = Phrase(tuple(slots))
    found = abbreviations.abbreviation_at([stems(run) for run in runs], 0)
    if found and found[0] == len(runs):
        return Or((whole, Word((stem(found[1]),))))
    return whole


def _exact(word: str) -> tuple[str, ...]:
    return (stem(word),) if abbreviations.readings(word) else stems(word)


def _bounded(slots: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """FTS5 has no alternatives inside a phrase and asks for each combination, so their number is bounded."""
    slots = list(slots)
    while True:
        product = 1
        for slot in slots:
            product *= len(slot)
        if product <= MAX_PHRASES:
            return slots
        longest = max(range(len(slots)), key=lambda i: len(slots[i]))
        slots[longest] = slots[longest][:-1]


def chunk_node(text: str) -> Node | None:
    """The node of a stretch without spaces: usually one word or one number."""
    begins = text.endswith("*")
    matches = list(COMPOUND.finditer(text))[:MAX_PARTS]
    nodes = [_compound(m.group(), begins=begins and m is matches[-1]) for m in matches]
    return _all(nodes, [])


def _compound(text: str, *, begins: bool) -> Node:
    if any(map(str.isdecimal, text)):
        return _number([cyrillic(run, in_number=True) for run in _runs(text)], begins=begins)
    runs = [cyrillic(run, in_number=False) for run in _runs(text)]
    if len(runs) == 1:
        return _single(runs[0], begins=begins)
    if begins or "." in text or "/" in text or "\\" in text:
        return And(tuple(_single(run, begins=begins and run is runs[-1]) for run in runs))
    whole = stem("".join(runs))
    return Or((Phrase(tuple(_bounded([stems(run) for run in runs[:MAX_SLOTS]]))), Word((whole, "0" + whole))))


def _single(word: str, *, begins: bool) -> Node:
    if begins and len(word) >= SHORTEST_PREFIX:
        inside = stems_inside(word)
        return Word((*inside, *("0" + s for s in inside)), (word, "0" + word))
    several = abbreviations.readings(word)
    if several:
        slots = [tuple(_bounded([stems(part) for part in reading])) for reading in several]
        return Or((Word((stem(word), "0" + stem(word))), *(Phrase(s) for s in slots)))
    own = stems(word)
    alike = cyrillic(word, in_number=True)  # «CPO» typed in Latin letters
    if alike != word:
        own = tuple(dict.fromkeys((*own, *stems(alike))))
    return Word((*own, "0" + own[0]))


def _number(parts: list[str], *, begins: bool) -> Node:
    if len(parts) == 1:
        return _digits(parts[0], begins=begins)
    if len(parts) > MAX_PARTS:
        return Phrase(tuple((part if part.isdecimal() else stem(part),) for part in parts[:MAX_SLOTS]))
    forms = [parts]
    bare = [part.lstrip("0") or "0" if part.isdecimal() and len(part) > 2 else part for part in parts]
    if bare != parts:
        forms.append(bare)
    prefixes = [joined(form) for form in forms]
    if begins or (parts[-1].isdecimal() and len(parts[-1]) >= SHORTEST_PART):
        prefixes += [joined(form)[:-1] for form in forms]
    number = Word((), tuple(prefixes))
    named = any(not part.isdecimal() and len(part) > 3 for part in parts)
    if named or (len(parts) > 2 and not all(map(str.isdecimal, parts))):
        # «Мостоотрядом-51» is declined; «118-СП / 2026» comes so from recognition.
        slots = [(part,) if part.isdecimal() else stems(part) for part in parts]
        return Or((number, Phrase(tuple(_bounded(slots)))))
    return number


def _digits(digits: str, *, begins: bool) -> Node:
    exact = (digits, "z" + digits, "s" + digits)
    if len(digits) < SHORTEST_PART:
        return Word(exact, (digits,) if begins and len(digits) > 1 else ())
    return Word(exact, (digits, "r" + digits[::-1]) if not begins else (digits,))


def _runs(text: str) -> list[str]:
    """Runs of letters and of digits. Endless ones are cut, still too long for the index."""
    return [run[: 2 * MOST_LETTERS] for run in RUNS.findall(text)]


# --- For the spelling -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Chunk:
    """A word of the query with its place in the cleaned text."""

    start: int
    end: int
    text: str


def chunks(text: str) -> tuple[str, list[Chunk]]:
    """The cleaned query and its wanted words: not the operators, not what is excluded."""
    cleaned = clean(text[:MAX_CHARACTERS])
    found = []
    negated = False
    for match in re.finditer(r"[^\s\"«»“”„()]+", cleaned):
        word = match.group()
        if word in _OPERATORS or word in _NEGATIONS or word == "-":
            negated = word in _NEGATIONS or word == "-"
            continue
        skip = negated or word[0] == "-"
        negated = False
        if not skip and fold(word) not in _STOP:
            found.append(Chunk(match.start(), match.end(), word))
    return cleaned, found
