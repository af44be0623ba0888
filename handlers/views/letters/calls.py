"""What organizers ask Kantor to tell people."""

from __future__ import annotations

from bot.announcements.calls import Announcement, ComposerNudge, JudgeNudge
from bot.rules.moments import spoken
from handlers.views import blocks as b
from handlers.views import calls
from handlers.views.buttons import starter_button
from handlers.views.judging import queue_button
from handlers.views.letters.base import Drawn, draw, plainly
from handlers.views.text import channel, cut_markup, escape_exactly, name


@draw.register
def _announcement(message: Announcement) -> Drawn:
    text = cut_markup(f"📣 {name(message.contest_name)}: {escape_exactly(message.words)}", b.MESSAGE_TEXT)
    return Drawn(text, tuple(calls.announcement_blocks(message.contest_name, message.sent_by, message.words)))


@draw.register
def _composer(message: ComposerNudge) -> Drawn:
    text = (
        f"👋 *{name(message.contest_name)}* has room for a piece of yours: eight bars are enough, and it takes MIDI files in"
        f" {channel(message.channel_id)} until {spoken(message.deadline, message.time_zone)}."
        " No file yet? The starter kit has melodies to begin with. And if you would rather listen this time, that is fine, too."
    )
    return plainly(text, b.actions([starter_button()]))


@draw.register
def _judge(message: JudgeNudge) -> Drawn:
    text = (
        f"👋 The organizers of *{name(message.contest_name)}* would be glad of your ears: you have rated"
        f" {message.done} of {message.total} pieces so far. Whenever you have a quiet moment, and thank you for what you did already."
    )
    return plainly(text, b.actions([queue_button(message.contest_id)]))
