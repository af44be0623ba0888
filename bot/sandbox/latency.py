"""How fast the app acknowledged: a histogram for each kind of delivery, from the lines of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.shapes import Json

# Upper ends in milliseconds; 3000 is Slack's limit, and what is later was seen by nobody.
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2000, 3000)


def latencies(lines: Iterable[Json]) -> dict[str, Json]:
    """Give by name: count, acked, missed (timed out, failed or lost), late, p50, p99 and worst in ms, and a histogram.

    The histogram counts acknowledged deliveries up to each end of BUCKETS ("10": those between 5 and 10 ms).
    """
    by_name: dict[str, list[Json]] = {}
    for line in lines:
        if line["kind"] == "delivery" and line["ms"] is not None and line["state"] != "not_connected":
            by_name.setdefault(line["name"], []).append(line)
    return {name: _described(some) for name, some in sorted(by_name.items())}


def _described(lines: list[Json]) -> Json:
    acked = sorted(line["ms"] for line in lines if line["state"] == "acked")
    counts = {"count": len(lines), "acked": len(acked), "missed": len(lines) - len(acked)}
    late = sum("late_ms" in line for line in lines)
    spread = {"p50": _at(acked, 0.5), "p99": _at(acked, 0.99), "worst": acked[-1] if acked else None}
    return counts | {"late": late} | spread | {"histogram": _histogram(acked)}


def _at(ordered: list[float], part: float) -> float | None:
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else None


def _histogram(acked: list[float]) -> dict[str, int]:
    lower = (-1, *BUCKETS[:-1])
    return {str(high): sum(low < ms <= high for ms in acked) for low, high in zip(lower, BUCKETS, strict=True)}
