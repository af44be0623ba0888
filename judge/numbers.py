"""Numbers as people read them: decimal, and a half goes up."""

from decimal import ROUND_HALF_UP, Decimal


def decimal(value: float, places: int) -> Decimal:
    """The nearest number with so many places: 80.25 is 80.3. Nine digits after the point are meant, the rest is a float's noise."""
    return Decimal(repr(round(float(value), 9))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(share: float) -> str:
    """A share of 1 in whole percent: `13%`."""
    return f"{decimal(100 * share, 0)}%"
