"""Declared fields of a kind: one value says how a datum is asked, checked, shown, indexed and described.

A field turns raw input (from a form, JSON or the command line) into a plain JSON value or says in
Russian what is wrong with it. Forms and the API schema are derived from these; no second list exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

Rule = Callable[[Any, date], str | None]
"""A rule on one value: (value, today) → what is wrong, or None."""


class Wrong(ValueError):
    """A value that cannot be taken; the text is for the person who typed it."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """The common part. `name` is the key in the payload, `label` what the user reads."""

    name: str
    label: str
    required: bool = False
    filter: bool = False
    column: bool = False
    search: bool = True
    staff_only: bool = False
    hint: str = ""
    section: str = ""
    rules: tuple[Rule, ...] = ()
    widget: ClassVar[str] = "text"

    def clean(self, raw: object, today: date) -> object:
        """Raw input → JSON value (None when empty). Raises Wrong."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        value = self.parse(raw)
        for rule in self.rules:
            if problem := rule(value, today):
                raise Wrong(problem)
        return self.dump(value)

    def parse(self, raw: object) -> Any:
        return _text(raw)

    def dump(self, value: Any) -> object:
        return value

    def show(self, value: object) -> str:
        """The value as a person reads it (also what the index reads)."""
        return "" if value is None else str(value)

    def schema(self) -> dict[str, object]:
        """JSON Schema of the value, for the API description."""
        return {"type": ["string", "null"], "title": self.label}

    def missing(self, value: object) -> str | None:
        return f"Заполните поле «{self.label}»." if self.required and value in (None, "", []) else None


def _text(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Wrong("Ожидается текст.")
    text = str(raw).replace("\r\n", "\n").strip()
    if any((c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" for c in text):
        raise Wrong("В тексте есть недопустимые управляющие знаки. Наберите его заново.")
    return text


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    max_length: int = 300

    def parse(self, raw: object) -> str:
        text = _text(raw)
        if "\n" in text:
            text = " ".join(text.split())
        if len(text) > self.max_length:
            raise Wrong(f"Слишком длинно: {len(text)} знаков, можно не больше {self.max_length}.")
        return text

    def schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "title": self.label, "maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class LongText(Text):
    max_length: int = 20_000
    widget: ClassVar[str] = "textarea"

    def parse(self, raw: object) -> str:
        text = _text(raw)
        if len(text) > self.max_length:
            raise Wrong(f"Слишком длинно: {len(text)} знаков, можно не больше {self.max_length}.")
        return text


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a list; `choices` maps a code to its title."""

    choices: Mapping[str, str]
    widget: ClassVar[str] = "select"

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.choices)))

    def parse(self, raw: object) -> str:
        code = _text(raw)
        if code not in self.choices:
            raise Wrong("Выберите значение из списка.")
        return code

    def show(self, value: object) -> str:
        return self.choices.get(str(value), str(value)) if value is not None else ""

    def schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "title": self.label, "enum": [*self.choices, None]}


@dataclass(frozen=True, kw_only=True)
class Choices(Choice):
    """Several of a list."""

    widget: ClassVar[str] = "checkboxes"

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.choices)))

    def clean(self, raw: object, today: date) -> object:
        values = raw if isinstance(raw, list | tuple) else [raw] if raw else []
        return [self.parse(item) for item in values] or None

    def show(self, value: object) -> str:
        items = value if isinstance(value, list) else []
        return ", ".join(self.choices.get(str(item), str(item)) for item in items)

    def schema(self) -> dict[str, object]:
        item = {"type": "string", "enum": list(self.choices)}
        return {"type": ["array", "null"], "title": self.label, "items": item}


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    widget: ClassVar[str] = "checkbox"

    def clean(self, raw: object, today: date) -> object:
        if isinstance(raw, bool):
            return raw
        if raw is None or raw == "":
            return False
        text = str(raw).strip().lower()
        if text in {"1", "true", "on", "y", "yes", "да"}:
            return True
        if text in {"0", "false", "off", "n", "no", "нет"}:
            return False
        raise Wrong("Ожидается «да» или «нет».")

    def show(self, value: object) -> str:
        return "да" if value else "нет"

    def missing(self, value: object) -> str | None:
        return f"Отметьте «{self.label}»." if self.required and not value else None

    def schema(self) -> dict[str, object]:
        return {"type": ["boolean", "null"], "title": self.label}


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    widget: ClassVar[str] = "date"

    def parse(self, raw: object) -> date:
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        text = _text(raw)
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                value = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if value.year < 1900:
                raise Wrong("Проверьте год: он раньше 1900-го.")
            return value
        raise Wrong("Введите дату в виде дд.мм.гггг, например 05.11.2026.")

    def dump(self, value: Any) -> object:
        return value.isoformat()

    def show(self, value: object) -> str:
        return date.fromisoformat(str(value)).strftime("%d.%m.%Y") if value else ""

    def schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "format": "date", "title": self.label}


@dataclass(frozen=True, kw_only=True)
class Integer(Field):
    minimum: int | None = None
    maximum: int | None = None
    widget: ClassVar[str] = "number"

    def parse(self, raw: object) -> int:
        text = _text(raw).replace("\u00a0", "").replace(" ", "")
        if not (text.lstrip("-").isdigit() and text.isascii()):
            raise Wrong("Введите целое число.")
        number = int(text) if len(text) < 19 else 10**18
        if self.minimum is not None and number < self.minimum:
            raise Wrong(f"Не меньше {self.minimum}.")
        if self.maximum is not None and number > self.maximum:
            raise Wrong(f"Не больше {self.maximum}.")
        return number

    def schema(self) -> dict[str, object]:
        return {"type": ["integer", "null"], "title": self.label}


@dataclass(frozen=True, kw_only=True)
class Money(Field):
    """A sum in roubles; kept as a decimal string with two digits, never a float."""

    widget: ClassVar[str] = "money"

    def parse(self, raw: object) -> Decimal:
        text = _text(raw)
        for space in (" ", "\u00a0", "\u202f", "₽", "руб."):
            text = text.replace(space, "")
        try:
            value = Decimal(text.replace(",", "."))
        except InvalidOperation:
            raise Wrong("Введите сумму в рублях, например 1 234,56.") from None
        if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
            raise Wrong("Слишком большая сумма.")
        if value != value.quantize(Decimal("0.01")):
            raise Wrong("Не больше двух знаков после запятой.")
        if value < 0:
            raise Wrong("Сумма не может быть отрицательной.")
        return value

    def dump(self, value: Any) -> object:
        return f"{value:.2f}"

    def show(self, value: object) -> str:
        if value is None:
            return ""
        whole, _, cents = f"{Decimal(str(value)):,.2f}".partition(".")
        return f"{whole.replace(',', chr(0xA0))},{cents}\u00a0₽"

    def schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "pattern": r"^\d+(\.\d{1,2})?$", "title": self.label}


@dataclass(frozen=True, kw_only=True)
class RecordRef(Field):
    """A reference to another record by its id."""

    kinds: tuple[str, ...] = ()
    search: bool = False
    widget: ClassVar[str] = "record"

    def parse(self, raw: object) -> int:
        text = _text(raw)
        if not (text.isdigit() and text.isascii() and len(text) < 16):
            raise Wrong("Укажите документ.")
        return int(text)

    def schema(self) -> dict[str, object]:
        return {"type": ["integer", "null"], "title": self.label}


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A small table inside a record (agenda items, violations, changed values): a list of rows."""

    of: tuple[Field, ...]
    max_rows: int = 200
    widget: ClassVar[str] = "rows"

    def clean(self, raw: object, today: date) -> object:
        if raw in (None, "", []):
            return None
        if not isinstance(raw, list):
            raise Wrong("Ожидается таблица строк.")
        if len(raw) > self.max_rows:
            raise Wrong(f"Не больше {self.max_rows} строк.")
        return [row for row in (self._row(item, n, today) for n, item in enumerate(raw, 1)) if row] or None

    def _row(self, item: object, number: int, today: date) -> dict[str, object]:
        if not isinstance(item, dict):
            raise Wrong(f"Строка {number}: ожидаются поля.")
        row = {}
        for part in self.of:
            try:
                row[part.name] = part.clean(item.get(part.name), today)
            except Wrong as wrong:
                raise Wrong(f"Строка {number}, «{part.label}»: {wrong}") from wrong
        return row if any(v not in (None, "", False) for v in row.values()) else {}

    def show(self, value: object) -> str:
        rows = value if isinstance(value, list) else []
        return "; ".join(
            ", ".join(f"{p.label}: {p.show(row.get(p.name))}" for p in self.of if row.get(p.name))
            for row in rows
        )

    def schema(self) -> dict[str, object]:
        item = {"type": "object", "properties": {p.name: p.schema() for p in self.of}}
        return {"type": ["array", "null"], "title": self.label, "items": item}


@dataclass(frozen=True, kw_only=True)
class Files(Field):
    """A slot for files. Files are not in the payload; the slot says what is expected and required."""

    accept: tuple[str, ...] = ()
    many: bool = True
    signed: bool = False
    open_in: frozenset[str] = frozenset()
    """States in which the other side may add files here (a document request's slot)."""
    open_to: frozenset[str] = frozenset()
    search: bool = False
    widget: ClassVar[str] = "files"

    def clean(self, raw: object, today: date) -> object:
        return None

    def schema(self) -> dict[str, object]:
        return {"type": "null", "title": self.label, "readOnly": True}


def validator(check: Callable[[str], object]) -> Rule:
    """A field rule from an identifier check that answers None or a problem with a Russian text."""

    def rule(value: object, _today: date) -> str | None:
        problem = check(str(value))
        return None if problem is None else str(problem)

    return rule


def not_older_than(days: int) -> Rule:
    """The document's date may be at most so many days back (an ЕГРЮЛ extract, for instance)."""

    def rule(value: date, today: date) -> str | None:
        age = (today - value).days
        return f"Документу {age} дн., принимается не старше {days} дн." if age > days else None

    return rule


def not_in_future(value: date, today: date) -> str | None:
    return "Дата ещё не наступила." if value > today else None
