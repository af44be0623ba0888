"""News of contests, and of trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.announcements.contests import ContestNews, PhaseNews, TroubleAlarm
from bot.rules.phases import Door, Phase
from handlers.views import blocks as b
from handlers.views import guide, words
from handlers.views.letters.base import Drawn, draw, plainly
from handlers.views.text import count, everyones_time, name, sentence

if TYPE_CHECKING:
    from collections.abc import Callable


@draw.register
def _phase_news(message: PhaseNews) -> Drawn:
    text = _NEWS[Phase(message.phase)].format(
        contest=name(message.contest_name),
        deadline=everyones_time(message.deadline, message.time_zone),
        limit=count(message.limit, "composition"),
    )
    return plainly(text, *([b.actions([guide.help_button()])] if message.phase == Phase.OPEN else []))


_NEWS = {
    Phase.OPEN: (
        "🎼 *{contest}* is open! Drop a MIDI file of at most eight bars here, or send it to me in a direct message."
        " Up to {limit} each, until {deadline}."
    ),
    Phase.JUDGING: "🎧 *{contest}* is closed for compositions, and the judges are listening. Thank you all!",
    Phase.FINAL: "🎺 The final of *{contest}* begins: the judges hear the best pieces once more. Good luck!",
    Phase.FINISHED: "🏁 *{contest}* is finished. Here is how it ended:",
}


@draw.register
def _contest_news(message: ContestNews) -> Drawn:
    lines = words.bullets([_CHANGED[field](message) for field in message.changed])
    return plainly(f"📌 The organizers have changed something in *{name(message.contest_name)}*:\n{lines}")


def _moved(message: ContestNews) -> str:
    before, now = (everyones_time(at, message.time_zone) for at in (message.deadline_before, message.deadline))
    longer = "You have more time" if message.deadline > message.deadline_before else "There is less time"
    return f"*{longer}*: compositions count until {now}. Before it was {before}."


_CHANGED: dict[str, Callable[[ContestNews], str]] = {
    "deadline": _moved,
    "submission_limit": lambda message: f"Everybody can send in up to {count(message.limit, 'composition')}.",
    "intake": lambda message: f"I take compositions {words.DOORS[Door(message.intake)]}.",
    "blind": lambda message: (
        "Judges see made-up names instead of who wrote a piece." if message.blind else "Judges see who wrote each piece."
    ),
    "rounds": lambda message: (
        f"There are two rounds: after the first one the best {message.finalists} go on to a final."
        if message.rounds > 1
        else "There is one round of judging, and no final."
    ),
    "finalists": lambda message: f"The best {message.finalists} go on to the final, with all that tie for the last of these places.",
    "winners": lambda message: f"There {'is' if message.winners == 1 else 'are'} {count(message.winners, 'winner')}.",
    "criteria": lambda message: f"The judges rate: {', '.join(name(each) for each in message.criteria)}.",
    "rules": lambda _: "The rules have new words.",
}
"""How each field is told; the fields are those of ``bot.usecases.editeffects.NEWS``."""


@draw.register
def _trouble(message: TroubleAlarm) -> Drawn:
    reference = f" Reference for the log: `{name(message.reference)}`." if message.reference else ""
    return plainly(f"⚠️ *{name(message.contest_name)}*: {sentence(message.what.rstrip('.'))}.{reference}")
