"""The audit trail is for people: what the bot itself has to know stands in columns."""

from __future__ import annotations

import re
from pathlib import Path

USE_CASES = Path(__file__).parents[2] / "bot" / "usecases"
WRITES = {"note", "append"}
SHOWS = {
    "trails.py": {"newest_first"},
    "exporting.py": {"of_contest"},
    "sealing.py": {"head"},
    "bundling.py": {"entries"},
    "auditing.py": {"entries"},
    "reporting.py": {"entries"},
}
"""Who hands it, or its end, to people."""


def test_nothing_is_read_back_out_of_the_trail() -> None:
    """A fact that decides something is a column, which an erasure, a rename or another word of the trail cannot take away."""
    asked = {
        path.name: set(re.findall(r"\baudit\.(\w+)", path.read_text(encoding="utf-8"))) - WRITES
        for path in USE_CASES.rglob("*.py")
    }
    assert SHOWS == {name: questions for name, questions in asked.items() if questions}
