"""A person's own places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.phases import JUDGED, Phase
from handlers.views import blocks as b
from handlers.views import words
from handlers.views.text import count, name, sentence, viewers_time

if TYPE_CHECKING:
    from bot.usecases.boards.letters import OwnPlace, PlacesReply

SHOWN = 20


def places(reply: PlacesReply) -> list[b.Block]:
    """All of the person's compositions, and where they stand."""
    lines = [_line(place, reply) for place in reply.places]
    return [
        b.section(f"*Your place in {name(reply.contest_name)}*\n{_lead(reply)}"),
        *([b.section("\n".join(words.fitting(lines, SHOWN)))] if lines else []),
        *_standings(reply),
        b.context("For your eyes only."),
    ]


def fallback(reply: PlacesReply) -> str:
    """In one line, for notifications and screen readers."""
    found = [f"{name(each.title)}: {_where(each, reply)}" for each in reply.places[:3]]
    return f"Your place in {name(reply.contest_name)}: {'; '.join(found) or _lead(reply)}"


def _lead(reply: PlacesReply) -> str:
    if not reply.places:
        return "You have no composition on the board yet. `/kantor help` says how to take part."
    if reply.phase not in {*JUDGED, Phase.FINISHED}:
        return "The judging has not begun. Your place is known once judges have listened."
    if reply.phase == Phase.FINISHED:
        return "The contest is finished, and this is how it ended for you."
    if reply.mode == "hidden":
        return "The places stay hidden until the contest is finished. Then I tell everybody in its channel, and you can ask me here."
    return _as_of(reply)


def _as_of(reply: PlacesReply) -> str:
    if reply.frozen_at is not None:
        return f"❄️ The board is frozen since {viewers_time(reply.frozen_at)}; that is how you stood then."
    if reply.seen_as == "judge":
        stands = f"That was on {viewers_time(reply.taken_at)}." if reply.was_posted else "No board was posted yet."
        return f"You judge this contest blind, so I go by the board that was posted last, and not by the one of now. {stands}"
    return f"As of {viewers_time(reply.taken_at)}; it moves with every rating."


def _line(place: OwnPlace, reply: PlacesReply) -> str:
    return f"•  *{name(place.title)}*: {_where(place, reply)}"


def _where(place: OwnPlace, reply: PlacesReply) -> str:
    rated = count(place.ratings, "rating")
    ai = [] if place.ai_score is None else [_ai(place, reply)]
    if place.place is None and reply.seen_as == "judge" and not reply.was_posted:
        return words_of(["in the final" if place.in_final else "", "known once a board is posted", *ai])
    if place.place is None:
        known = "in the final" if place.in_final else ""
        nothing = "no rating" if reply.phase == Phase.FINISHED else "no rating yet"
        return words_of([known, f"{rated} so far" if place.ratings else nothing, *ai])
    score = "" if place.score is None else f"{spelled(place.score)} of 5"
    if place.by_first_round:
        score, rated = " from ".join(part for part in (score, f"{rated} in the first round") if part), ""
    first = "" if place.first_round is None else f"{spelled(place.first_round)} in the first round"
    final = "in the final" if place.in_final else ""
    final += ", not rated there" if place.by_first_round else ""
    standing = words.standing(place.place, reply.total, so_far=reply.phase != Phase.FINISHED, bold=True)
    return words_of([standing, score, first, final, rated, *ai])


def _ai(place: OwnPlace, reply: PlacesReply) -> str:
    if place.ai_place is None:
        return f"the AI judge gave it {spelled(place.ai_score or 0, 1)} of 100"
    where = "the only one" if reply.ai_total == 1 else f"place {place.ai_place} of {reply.ai_total}"
    return f"AI judge's own board: {where} with {spelled(place.ai_score or 0, 1)} of 100"


def _standings(reply: PlacesReply) -> list[b.Block]:
    """What the AI judge's scores mean, a line a composition."""
    told = [f"{name(each.title)}: {sentence(each.standing)}" for each in reply.places if each.standing]
    return [b.context("\n".join(["*The AI judge*", *words.fitting(told, SHOWN)]))] if told else []


def words_of(parts: list[str]) -> str:
    """Those that say something."""
    return "  ·  ".join(part for part in parts if part)
