"""What one who knocks at our servers may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one who knocks may take."""

    head_seconds: float = 5.0
    """From the opening of a connection, or the first byte of another request on it, until its headers are here."""
    head_bytes: int = 32_768
    connections: int = 800
    """At once; one more is answered 503. Many systems let a process open 1,024 files, and the rest is for all else."""
    idle_seconds: int = 30
    """That a connection is kept for another request; a balancer in front keeps its own a little shorter."""
