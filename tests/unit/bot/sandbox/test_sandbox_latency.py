"""The histogram of acknowledgements."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.control import latencies


def line(ms: float | None, state: str = "acked", name: str = "message", **more: Any) -> dict[str, Any]:
    """A line of the log."""
    return {"kind": "delivery", "name": name, "state": state, "ms": ms, **more}


def test_numbers_of_acknowledgements() -> None:
    """Acknowledged ones are spread by their milliseconds; what was missed is counted, and how much of it came late."""
    lines = [line(ms) for ms in (1.0, 5.0, 5.01, 80.0, 3000.0)]
    lines += [line(3000.5, "timed_out", late_ms=4000.0), line(3000.1, "lost"), line(None, "open")]
    lines += [line(0.1, "not_connected"), {**line(1.0), "kind": "api"}]
    found = latencies(lines)["message"]

    assert (found["count"], found["acked"], found["missed"], found["late"]) == (7, 5, 2, 1)
    assert (found["p50"], found["p99"], found["worst"]) == (5.01, 3000.0, 3000.0)
    assert {"5": 2, "10": 1, "100": 1, "3000": 1} == {key: n for key, n in found["histogram"].items() if n}


@pytest.mark.parametrize("state", ["timed_out", "failed", "lost"])
def test_nothing_was_acknowledged(state: str) -> None:
    """Where nothing was, there is no time to tell."""
    found = latencies([line(3000.0, state, name="slash_command")])["slash_command"]
    assert (found["missed"], found["p50"], found["worst"]) == (1, None, None)
