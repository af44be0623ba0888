"""What judges go by, in our own words; organizers may write others in their place (``Contest.texts``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TENETS = (
    "Hear each piece twice before you rate it: once for the whole, once for the details.",
    "Rate what you hear, not how hard it was to make, and not who may have made it.",
    "Use the whole scale: a 3 is a good piece. Keep the 5 for what you would play to a friend.",
    "The criteria stand alone: a piece may be original and out of balance.",
    "Rate a style that is not yours as somebody would who loves it.",
    "A comment is a gift: one thing that works, one thing to try.",
    "If you know whose piece it is, or cannot be fair to it, recuse: nobody will ask why twice.",
)
MEANINGS = (
    "It does not hold together as music yet.",
    "There is an idea, and it has gone by the end.",
    "It works: you nod along, and would hear it again.",
    "It is strong and sure; something in it stays with you.",
    "It stops you: you want to hear it once more, now.",
)
"""What the scores 1, 2, 3, 4 and 5 mean."""


def tenets_of(texts: Mapping[str, Any]) -> tuple[str, ...]:
    """The contest's tenets: what its organizers wrote under ``tenets``, a line each, or ours."""
    return _lines(texts.get("tenets")) or TENETS


def meanings_of(texts: Mapping[str, Any]) -> tuple[str, ...]:
    """What 1 to 5 mean: what the organizers wrote under ``meanings``, five lines, or ours."""
    written = _lines(texts.get("meanings"))
    return written if len(written) == len(MEANINGS) else MEANINGS


def _lines(text: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(text or "").splitlines() if line.strip())
