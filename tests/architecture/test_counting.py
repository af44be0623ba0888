"""Rows that do not count any more are read by those alone who mean them."""

from __future__ import annotations

import re
from pathlib import Path

USECASES = Path(__file__).parents[2] / "bot" / "usecases"
WHOLE = re.compile(r"\b(?:ratings|roles)\.(?:of_contest|of_round|given|summed|weighed|of_judge|rated_by)\(")
"""Questions whose answers hold ratings that do not count, or people who have left."""
READERS = {
    "boards/bundling.py": "a bundle says of each rating whether it counts",
    "boards/publishing.py": "whose ratings a bundle has, counted or not",
    "judging/counting.py": "says what counts",
    "judging/piles.py": "takes from them what was withdrawn, replaced or recused from",
    "judging/judging.py": "shows of them what is in the pile",
    "judging/following.py": "rewrites the letters of those who have left, too, and tells everybody who rated what is withdrawn",
    "contests/voiding.py": "asks what becomes of everything that a judge rated",
    "judging/marks.py": "takes a judge who leaves off everything that they ever rated",
    "contests/staff.py": "lets nobody go who has rated anything",
    "people/volunteering.py": "lets nobody say no who has rated anything",
    "contests/undoing.py": "takes back no round in which anything was rated",
    "contests/editing.py": "warns of everything that was rated by the old criteria",
    "contests/settings.py": "keeps the criteria of everything that was rated",
    "records/exporting.py": "exports everything, and says of each row whether it counts",
    "records/exports.py": "says how many rows the export has, and how many count",
}


def test_only_these_read_what_does_not_count() -> None:
    """Everybody else asks ``bot.usecases.judging.counting``, so that no two surfaces count differently."""
    found = {
        path.relative_to(USECASES).as_posix()
        for path in USECASES.rglob("*.py")
        if WHOLE.search(path.read_text(encoding="utf-8"))
    }
    assert set(READERS) == found
