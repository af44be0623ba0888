"""Words that several views share: phases, states, the length of lists."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from bot.rules.phases import Intake, Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

PHASES = {
    Phase.DRAFT: "Draft",
    Phase.OPEN: "Open for compositions",
    Phase.JUDGING: "Being judged",
    Phase.FINAL: "The final",
    Phase.FINISHED: "Finished",
}

DOORS = {
    Intake.BOTH: "in the channel or in direct messages",
    Intake.CHANNEL: "in the channel only",
    Intake.DM: "in direct messages only",
}

STATES = {
    "received": "⏳ waiting to be checked",
    "checking": "⏳ being checked",
    "accepted": "✅ accepted",
    "refused": "✋ not accepted",
    "failed": "⚠️ stuck on our side",
    "late": "🕰️ late, an organizer decides",
    "superseded": "an earlier version",
    "withdrawn": "withdrawn",
}

NEXT_PHASE_BUTTON = {
    Phase.DRAFT: "Open for compositions ...",
    Phase.OPEN: "Begin the judging ...",
    Phase.JUDGING: "End the round ...",
    Phase.FINAL: "Finish the contest ...",
}


def phase(value: str) -> str:
    """The phase in a person's words."""
    return PHASES[Phase(value)]


def folded(tries: int) -> str:
    """What is said of earlier tries that are not listed."""
    if tries == 1:
        return "1 earlier try that I could not take is not listed; it uses up no place."
    return f"{tries} earlier tries that I could not take are not listed; they use up no place."


def standing(place: int, total: int, *, so_far: bool = False, bold: bool = False) -> str:
    """A place, and among how many: those that were rated, which need not be all. The only one of them is not the first of one."""
    yet = " so far" if so_far else ""
    if total == 1:
        return f"the only one rated{yet}"
    mark = "*" if bold else ""
    return f"{mark}place {place}{mark} of the {total} rated{yet}"


def bullets(lines: Sequence[str]) -> str:
    """A list, a line each."""
    return "\n".join(f"•  {line}" for line in lines)


def fitting(lines: Sequence[str], shown: int = 100, room: int = 2800) -> list[str]:
    """As many of the lines as fit into so many characters, each with a bullet, and how many more there are."""
    used = list(accumulate(len(line) + 4 for line in lines))
    return at_most(lines, min(shown, max(1, sum(each <= room for each in used))))


def packed(lines: Sequence[str], room: int = 2800) -> list[str]:
    """The lines with a bullet each, in as few texts as it takes: none longer than so many characters, no line torn."""
    texts: list[str] = []
    for line in lines:
        bullet = f"•  {line}"
        if texts and len(texts[-1]) + len(bullet) < room:
            texts[-1] += f"\n{bullet}"
        else:
            texts.append(bullet)
    return texts


def at_most(lines: Sequence[str], shown: int) -> list[str]:
    """The first lines, and how many more there are."""
    rest = len(lines) - shown
    return [*lines[:shown], f"… and {rest} more"] if rest > 0 else list(lines)
