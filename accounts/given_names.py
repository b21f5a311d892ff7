"""What is typed about a person, checked: nothing that could write a second line into a letter's header."""

from __future__ import annotations

import re
from collections.abc import Mapping

from records import identifiers
from records.errors import Invalid

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NAME = re.compile(r"[A-Za-zА-Яа-яЁё.’' -]+")


def line_problem(text: str, limit: int) -> str | None:
    """Why a line cannot be taken, or None."""
    if _CONTROL.search(text):
        return "Уберите переносы строк и невидимые знаки."
    return f"Длиннее {limit} знаков." if len(text) > limit else None


def name_problem(text: str) -> str | None:
    """A person's name is at least two words of letters."""
    if problem := line_problem(text, 200):
        return problem
    if not _NAME.fullmatch(text):
        return "В имени могут быть буквы, пробел, дефис и точка."
    return None if len(text.split()) >= 2 else "Укажите фамилию и имя полностью."


def email_problem(text: str) -> str | None:
    if _CONTROL.search(text.strip()):
        return "Уберите переносы строк и невидимые знаки."
    problem = identifiers.check("email", text)
    return str(problem) if problem is not None and not problem.is_warning else None


def require(problems: Mapping[str, str | None]) -> None:
    """Raise Invalid with everything that is wrong at once, each by its field."""
    found = {name: [text] for name, text in problems.items() if text}
    if found:
        raise Invalid(found)
