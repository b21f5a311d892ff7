"""Russian word forms for queries: the index keeps cheap stems, the query brings every form of the word.

«выписка — выписок» and «человек — люди» have different stems; the dictionary knows that they are one word.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import Final

from language.morphology import analyzer
from records.search.terms import stem

_RUSSIAN: Final = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя")
LONGEST: Final = 40  # letters; beyond it is noise, and the dictionary is slow at noise
_MOST_FORMS: Final = 24
_MOST_WORDS: Final = 4000
_SHARE: Final = 0.2


@lru_cache(maxsize=4096)
def stems(word: str) -> tuple[str, ...]:
    """Stems of all forms of a folded word, its own first; a foreign word has only its own."""
    found = {stem(word): None}
    if not 3 <= len(word) <= LONGEST or not _RUSSIAN.issuperset(word):
        return tuple(found)
    for parse in analyzer().parse(word):
        if parse.is_known or len(word) > 4:
            for form in parse.lexeme:
                if "Cmp2" in form.tag:  # «подоговорнее»: nobody writes so
                    continue
                found[stem(form.word.replace("ё", "е"))] = None
    return tuple(islice(found, _MOST_FORMS))


@lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """Whether the dictionary has the folded word: such a word is no typing mistake."""
    return bool(len(word) <= LONGEST and _RUSSIAN.issuperset(word) and analyzer().word_is_known(word))


@lru_cache(maxsize=512)
def stems_inside(prefix: str) -> tuple[str, ...]:
    """Stems shorter than a prefix, of words that begin with it: «доверенност*» must reach «доверен»."""
    if not 5 <= len(prefix) <= LONGEST or not _RUSSIAN.issuperset(prefix):
        return ()
    found = Counter(
        stem(word.replace("ё", "е"))
        for word, _place in islice(analyzer().dictionary.words.iteritems(prefix), _MOST_WORDS)
    )
    # «страхов» is also a form of «страх»; one word among hundreds is not what was meant.
    least = found.total() * _SHARE
    inside = [s for s, count in found.items() if count >= least and 3 < len(s) < len(prefix)]
    return tuple(s for s in inside if prefix.startswith(s))


@lru_cache(maxsize=512)
def surface(stemmed: str) -> str:
    """A word to show for a stem: the shortest the dictionary has, or the stem."""
    known = islice(analyzer().dictionary.words.iteritems(stemmed), _MOST_WORDS)
    words = [word for word, _place in known if stem(word.replace("ё", "е")) == stemmed]
    if not words:
        return stemmed
    normal = [w for w in words if any(p.normal_form == w and p.is_known for p in analyzer().parse(w))]
    return str(min(normal or words, key=lambda word: (len(word), word)))
