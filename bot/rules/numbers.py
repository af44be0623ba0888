"""Numbers as people read them: decimal, and a half goes up, everywhere; and what is counted."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_NOISE = 9
"""Digits after the point that are meant: what a sum of thirds leaves behind them is noise."""


@lru_cache(maxsize=8192)  # boards ask at each look for what few ratings have changed since
def decimal(value: float, places: int = 2) -> Decimal:
    """The nearest number with so many places: 3.125 is 3.13, and so is what binary floats hold for it after a sum of thirds."""
    return Decimal(repr(round(float(value), _NOISE) + 0.0)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(share: float) -> str:
    """A share of 1 in whole percent: ``13%``."""
    return f"{decimal(100 * share, 0)}%"


def spelled(value: float, places: int = 2) -> str:
    """The same as words hold it: ``3.13``. Two places where it ranks, one for what only describes."""
    return f"{decimal(value, places):f}"


def counted(number: int, noun: str) -> str:
    """``1 judge``, ``3 judges``, ``no judges``."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
