"""News of contests, and of trouble."""

from __future__ import annotations

from bot.announcements.contests import PhaseNews, TroubleAlarm
from bot.rules.moments import spoken
from bot.rules.phases import Phase
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.letters.base import Drawn, draw, plainly
from handlers.views.text import count, name, sentence


@draw.register
def _phase_news(message: PhaseNews) -> Drawn:
    text = _NEWS[Phase(message.phase)].format(
        contest=name(message.contest_name),
        deadline=spoken(message.deadline, message.time_zone),
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
def _trouble(message: TroubleAlarm) -> Drawn:
    reference = f" Reference for the log: `{name(message.reference)}`." if message.reference else ""
    return plainly(f"⚠️ *{name(message.contest_name)}*: {sentence(message.what.rstrip('.'))}.{reference}")
