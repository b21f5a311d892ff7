"""Formulas of own columns: sums, differences, products and shares of numbers of the same row; nothing else
is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from functools import lru_cache
from typing import Any, Final

from records.errors import Invalid

_CENT: Final = Decimal("0.01")
_LONGEST: Final = 300


def compiled(text: str, numeric: Mapping[str, str]) -> str:
    """A formula as it is kept: «[Цена] * [Количество]» with titles or names of numeric columns.

    Raises Invalid for anything but numbers, columns, + − * / and brackets.
    """
    by_title = {title.casefold(): name for name, title in numeric.items()}

    def named(found: re.Match[str]) -> str:
        said = found[1].strip().casefold()
        name = by_title.get(said) or (said if said in numeric else "")
        if not name:
            raise Invalid({"formula": [f"В таблице нет числовой графы «{found[1].strip()}»."]})
        return name

    plain = re.sub(r"\[([^\]]+)\]", named, text[:_LONGEST].replace("−", "-").replace("×", "*")).strip()
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    for name in _names(plain):
        if name not in numeric:
            raise Invalid({"formula": [f"В таблице нет числовой графы «{name}»."]})
    return plain


@lru_cache(maxsize=500)
def _tree(text: str) -> ast.expr:
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Invalid({"formula": ["Формулу не удалось прочитать. Пример: [Цена] * [Количество]"]}) from error
    for node in ast.walk(tree):
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not is_number and not isinstance(node, _ALLOWED):
            raise Invalid({"formula": ["В формуле допустимы числа, графы, + − * / и скобки."]})
    return tree


_ALLOWED: Final = (
    ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub,
)  # fmt: skip


def _names(text: str) -> list[str]:
    return [node.id for node in ast.walk(_tree(text)) if isinstance(node, ast.Name)]


def value(text: str, row: Mapping[str, Any]) -> str | None:
    """The value of a formula in a row, to the kopeck; nothing when a column it needs is empty or the
    divisor is nought."""
    if any(row.get(name) in (None, "") for name in _names(text)):
        return None
    try:
        return f"{_counted(_tree(text), row).quantize(_CENT, ROUND_HALF_UP)}"
    except DecimalException:
        return None


def _counted(node: ast.expr, row: Mapping[str, Any]) -> Decimal:
    if isinstance(node, ast.Name):
        return Decimal(str(row[node.id]))
    if isinstance(node, ast.UnaryOp):
        return -_counted(node.operand, row)
    if isinstance(node, ast.BinOp):
        left, right = _counted(node.left, row), _counted(node.right, row)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        return left * right if isinstance(node.op, ast.Mult) else left / right
    assert isinstance(node, ast.Constant)
    return Decimal(str(node.value))
