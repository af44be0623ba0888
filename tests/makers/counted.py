"""Meters that a test can look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.meters import Meters


@dataclass
class Counted(Meters):
    """What was counted, in order: which meter, and what it was told; of seconds only that they are none below zero."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    def of(self, meter: str) -> list[tuple[str, ...]]:
        """What one of them was told."""
        return [told[1:] for told in self.told if told[0] == meter]

    def acked(self, kind: str, seconds: float) -> None:
        """As ``Meters``."""
        self._timed(seconds, "acked", kind)

    def unacked(self, kind: str) -> None:
        """As ``Meters``."""
        self.told.append(("unacked", kind))

    def turned_away(self, reason: str) -> None:
        """As ``Meters``."""
        self.told.append(("turned_away", reason))

    def letter(self, kind: str, lane: str, outcome: str) -> None:
        """As ``Meters``."""
        self.told.append(("letter", kind, str(lane), outcome))

    def refused(self, code: str) -> None:
        """As ``Meters``."""
        self.told.append(("refused", str(code)))

    def limited(self, method: str) -> None:
        """As ``Meters``."""
        self.told.append(("limited", method))

    def judged(self, what: str, seconds: float) -> None:
        """As ``Meters``."""
        self._timed(seconds, "judged", what)

    def job(self, name: str, outcome: str, seconds: float) -> None:
        """As ``Meters``."""
        self._timed(seconds, "job", name, outcome)

    def _timed(self, seconds: float, *words: str) -> None:
        assert seconds >= 0
        self.told.append(words)
