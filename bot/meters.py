"""What a process counts of its own work; ``bot.web.metrics`` is the one that keeps it, for Prometheus."""

from __future__ import annotations


class Meters:
    """Keeps nothing: where nobody asks, and in tests. Every method is quick, raises nothing, and may be called from any thread."""

    def acked(self, kind: str, seconds: float) -> None:
        """Slack was answered, so long after its request had come."""

    def unacked(self, kind: str) -> None:
        """Slack was told that something of that kind failed, or got no answer."""

    def turned_away(self, reason: str) -> None:
        """An HTTP request was refused at the door, before anybody read it."""

    def letter(self, kind: str, lane: str, outcome: str) -> None:
        """A letter was ``sent``, is ``postponed``, was ``dropped`` (an edit that nobody needs), or has ``failed`` for good."""

    def refused(self, code: str) -> None:
        """A file was refused."""

    def limited(self, method: str) -> None:
        """Slack answered 429."""

    def judged(self, what: str, seconds: float) -> None:
        """A child process has looked at a file; ``what`` it was asked for."""

    def job(self, name: str, outcome: str, seconds: float) -> None:
        """A job had a turn: it is ``done``, is tried again (``retried``), waits for an outage to end (``waiting``), or has ``failed`` for good."""
