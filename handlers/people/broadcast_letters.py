"""What organizers ask Kantor to tell people."""

from __future__ import annotations

from bot.usecases.people.broadcast_letters import Announcement, ComposerNudge, JudgeNudge
from handlers.commands import Sub
from handlers.judging.views import queue_button
from handlers.people import broadcast_views as calls
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly
from handlers.views.text import cut_markup, escape, name


@draw.register
def _announcement(message: Announcement) -> Drawn:
    text = cut_markup(f"📣 {name(message.contest_name)}: {escape(message.words)}", b.MESSAGE_TEXT)
    return Drawn(text, tuple(calls.announcement_blocks(message.contest_name, message.sent_by, message.words)))


@draw.register
def _composer(message: ComposerNudge) -> Drawn:
    return plainly(calls.reminder(message), b.actions([opening(Sub.STARTER)]))


@draw.register
def _judge(message: JudgeNudge) -> Drawn:
    return plainly(calls.reminder(message), b.actions([queue_button(message.contest_id)]))
