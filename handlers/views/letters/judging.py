"""What judges read in their direct messages."""

from __future__ import annotations

from bot.announcements.judging import JudgeWelcome, RatingInvitation, RatingsDone
from handlers.views import blocks as b
from handlers.views.buttons import rate_button
from handlers.views.letters.base import Drawn, draw, plainly
from handlers.views.text import channel, mention, name


@draw.register
def _invitation(message: RatingInvitation) -> Drawn:
    alias = name(message.alias)
    progress = f"{message.done} of {message.total} rated"
    ears = "Listen to it above" if message.has_sound else "This machine cannot play it, so read its picture above"
    text = f"🎧 *{alias}* is your next piece in *{name(message.contest_name)}* ({progress}). {ears}, then rate it."
    return plainly(text, b.actions([rate_button(message.submission_id, f"Rate {message.alias}")]))


@draw.register
def _ratings_done(message: RatingsDone) -> Drawn:
    pieces = f"{message.total} of {message.total}"
    return plainly(
        f"🎉 That was the last one: you have rated {pieces} in *{name(message.contest_name)}*. Thank you for listening!"
        " You can change a rating with its button above until the judging closes."
    )


@draw.register
def _judge_welcome(message: JudgeWelcome) -> Drawn:
    soon = (
        "Your first piece follows in a moment."
        if message.judging
        else "When the judging begins I send you the pieces here, one by one. Nothing to do until then."
    )
    return plainly(
        f"👋 {mention(message.added_by)} made you a judge of *{name(message.contest_name)}* in {channel(message.channel_id)}."
        f" You will not see who wrote what, and never get a piece of your own. {soon}"
    )
