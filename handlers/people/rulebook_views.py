"""The rules of a contest: the organizers' own words, or ours, and the facts beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import until
from bot.rules.phases import Intake, Phase
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.text import channel, count, cut, escape, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.people.letters import RulesReply

# Ours, in plain words: the original event's own rules are lost.
OURS = (
    "A piece is a MIDI file of at most eight bars, in any style, made with any tool or AI",
    "It is yours: old melodies may be changed and harmonized, pieces of living composers or of other entrants may not",
    "You can replace it until the deadline, and the last version that was accepted counts; you can withdraw it until the judging ends",
    "Judges never rate a piece of their own",
    "The AI judge has its own board; its score never counts for people's places",
    "Be kind: people will hear what you upload",
)


def lead(rules: RulesReply) -> str:
    """Until when, in one sentence."""
    contest = f"*{name(rules.contest_name)}*"
    when = until(rules.deadline, rules.time_zone, rules.left)
    if rules.phase == Phase.DRAFT:
        return f"⏰ {contest} is not open yet. It will take compositions until {when}."
    if rules.phase != Phase.OPEN and not rules.extended:
        return f"⏰ {contest} takes no more compositions. It is {words.phase(rules.phase).lower()} now."
    more = " That is later than for others: you have an extension." if rules.extended else ""
    return f"⏰ {contest} takes compositions until *{when}*.{more}"


def rules_blocks(rules: RulesReply) -> list[b.Block]:
    """All of them."""
    own = escape(cut(rules.text.strip(), 2800)) if rules.text.strip() else words.bullets(OURS)
    return [
        b.section(f"📜 *The rules of {name(rules.contest_name)}*\n{own}"),
        b.section(words.bullets(list(_facts(rules)))),
        b.section(lead(rules)),
    ]


def _facts(rules: RulesReply) -> Iterator[str]:
    there = f"the MIDI file goes into {channel(rules.channel_id)}"
    here = "the MIDI file goes to me, in a direct message"
    yield {
        Intake.CHANNEL: f"Handing in: {there}",
        Intake.DM: f"Handing in: {here}",
    }.get(rules.intake, f"Handing in: {there}, or to me in a direct message")
    yield f"Up to {count(rules.limit, 'composition')} a person"
    yield f"Judges rate {', '.join(name(title) for title in rules.criteria)}, from 1 to 5 each" + (
        "; they do not see whose a piece is" if rules.blind else ""
    )
    if rules.rounds > 1:
        yield f"Two rounds: the best {rules.finalists} go on to the final, with all that tie with the last of them"
    yield f"The first {rules.winners} win" if rules.winners > 1 else "The first wins"
    if not rules.prizes:
        yield "No prizes have been named"
    for prize in rules.prizes:
        yield f"🎁 {name(prize, 200)}"
