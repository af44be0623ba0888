"""Words within Slack's limits: escaping, cutting, mentions, lengths; and those that several views share."""

from __future__ import annotations

import re
from datetime import UTC
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.rules.moments import spoken
from bot.rules.numbers import decimal
from bot.rules.phases import Intake, Phase
from bot.rules.words import lifeless, no_backtick, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.usecases.messages import Whose


_REFERENCE = re.compile(r"&lt;([@#][A-Z0-9]{2,})&gt;")
_PLAIN = (
    (re.compile(r"<#[A-Z0-9]{2,}>"), "its channel"),
    (re.compile(r"<@[A-Z0-9]{2,}>"), "that person"),
    (re.compile(r"(?<!\w)([*`])(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
)
_TORN_ENTITY = re.compile(r"&[a-z]{0,3}$")


def escape(text: str) -> str:
    """A text of ours or of organizers who were offered ``*bold*``: its marks work, and nothing in it mentions, links or calls."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """People's words for mrkdwn, shown as they were typed, with every line break."""
    return escape(lifeless(text))


def sentence(text: str) -> str:
    """A sentence of a use case for mrkdwn: its marks and its mentions of people and channels stay.

    People's words in it came through ``bot.rules.words.quoted``.
    """
    return _REFERENCE.sub(r"<\1>", escape(text))


def without_markup(text: str) -> str:
    """A sentence of a use case for places that show no mrkdwn, such as the error under an input."""
    named = text
    for pattern, word in _PLAIN:
        named = pattern.sub(word, named)
    return named


def cut(text: str, limit: int) -> str:
    """Plain text in at most ``limit`` characters; what was cut ends with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_markup(text: str, limit: int) -> str:
    """The same for mrkdwn, never ending inside an entity."""
    return text if len(text) <= limit else _TORN_ENTITY.sub("", text[: limit - 1]) + "…"


def name(text: str, limit: int = 80) -> str:
    """A name, a title or a reason for mrkdwn: on one line, cut first, so that no entity is torn, and shown as it was typed."""
    return typed(cut(one_line(text), limit))


def code(text: str, limit: int = 80) -> str:
    """A name between backticks: people copy it, so its signs are the true ones."""
    return f"`{escape(no_backtick(cut(one_line(text), limit)))}`"


def mention(user_id: str) -> str:
    """A person, by id; one whose data were erased has a token only."""
    return "_somebody (erased)_" if user_id.startswith("erased") else f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """A channel, by id."""
    return f"<#{channel_id}>"


def whose(piece: Whose, limit: int = 80) -> str:
    """A composition by its title, and its author."""
    by = f" by {mention(piece.author)}" if piece.author else ""
    return f"*{name(piece.title or piece.name, limit)}*{by}"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 piece``, ``3 pieces``; ``3 people`` by a plural of its own."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def no_more(ratings: int, whose: str = "") -> str:
    """``1 rating counts no more``, ``3 ratings of theirs count no more``."""
    return f"{count(ratings, 'rating')}{whose} {'counts' if ratings == 1 else 'count'} no more"


def viewers_time(at: datetime) -> str:
    """A moment that Slack shows in the reader's own zone, with UTC for clients that cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC>"


def how_late(seconds: int) -> str:
    """A time that was missed by so much: ``1 second``, ``5 minutes``, ``3 hours``, ``2 days``; the unit that says it best, rounded."""
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return count(int(decimal(seconds / size, 0)), noun)
    return count(seconds, "second")


def everyones_time(at: datetime, zone_name: str) -> str:
    """A moment for many readers: Slack shows it in the zone of each, with UTC beside it.

    Clients that cannot, and notifications, show the clock of ``zone_name`` (IANA).
    """
    utc = f"{at.astimezone(UTC):%H:%M} UTC"
    fallback = spoken(at, zone_name).partition(" (")[0].removesuffix(" UTC")
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}} at {{time}}|{fallback}> ({utc})"


def clock_length(seconds: float) -> str:
    """A length: ``0:17``."""
    whole = int(decimal(seconds, 0))
    return f"{whole // 60}:{whole % 60:02d}"


PHASES = {
    Phase.DRAFT: "Draft",
    Phase.OPEN: "Open for compositions",
    Phase.JUDGING: "Being judged",
    Phase.FINAL: "The final",
    Phase.CEREMONY: "Results final, ceremony to come",
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
    Phase.CEREMONY: "Finish without the rest ...",
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
