"""Sums of money on screens and in documents: «1 234,56 ₽», never wrapped."""

from __future__ import annotations

from decimal import Decimal

from language.grammar import NBSP
from language.numbers import number, parse_number, rounded


def roubles(amount: int | Decimal) -> str:
    """Sum with kopecks and the rouble sign: «1 234,56 ₽»."""
    return f"{number(amount, 2)}{NBSP}₽"


def whole_roubles(amount: int | Decimal) -> str:
    """Sum without kopecks when there are none: «50 000 ₽»; otherwise with them, for nothing may be lost."""
    exact = rounded(amount, 2)
    return roubles(exact) if exact != int(exact) else f"{number(int(exact))}{NBSP}₽"


def roubles_and_kopecks(amount: int | Decimal) -> str:
    """Sum for papers: «1 234 руб. 56 коп.»."""
    exact = rounded(amount, 2)
    whole, kopecks = divmod(int(abs(exact) * 100), 100)
    signed = -whole if exact < 0 else whole
    text = f"{number(signed)}{NBSP}руб.{NBSP}{kopecks:02d}{NBSP}коп."
    return f"\u2212{text}" if exact < 0 and whole == 0 else text


def parse_roubles(text: str) -> Decimal:
    """Read a sum as people write it: «1 234,56 ₽», «1234.56 руб.»; more than two decimals is an error."""
    bare = text.strip().lower()
    for mark in ("₽", "рублей", "рубля", "рубль", "руб.", "руб", "р."):
        if bare.endswith(mark):
            bare = bare.removesuffix(mark)
            break
    amount = parse_number(bare)
    if amount != rounded(amount, 2):
        raise ValueError(f"«{text}»: в сумме больше двух знаков после запятой")
    return amount
