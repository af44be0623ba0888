"""Listeners of announcements and reminders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Callback
from handlers.people import broadcast_parsing as parsing
from handlers.people import broadcast_views as views
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from bot.usecases.people.broadcasts import Calls
    from bot.usecases.people.nudges import Nudges
    from handlers.payloads import Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View


@dataclass(frozen=True)
class CallListeners:
    """First a look at what goes out, then the sending."""

    calls: Calls
    nudges: Nudges

    @on(Sub.ANNOUNCE)
    def announce(self, asked: Asked) -> View:
        """The form, with what was typed behind the command."""
        return views.announcement(self.calls.begin(asked.user_id, asked.channel_id, asked.words))

    @submitted(Callback.ANNOUNCE)
    def send(self, sent: Sent) -> View:
        """The filled-in form: a preview, or, where its words were in the one that stands there, the sending."""
        command, known = parsing.announce(sent), sent.facts
        if known["seen"] and known["seen"] == views.looked_at(command.words, command.audience):
            done = self.calls.send(command, known["announcement_id"])
            return views.announced(done)
        return views.announcement(self.calls.preview(command))

    @on(Sub.NUDGE)
    def nudge(self, asked: Asked) -> View:
        """Whom it would go to."""
        return views.nudge(self.nudges.preview(asked.user_id, asked.channel_id))

    @submitted(Callback.NUDGE)
    def nudged(self, sent: Sent) -> View:
        """The confirmed preview."""
        judges = sent.facts["judges"] == "yes"
        done = self.nudges.send(sent.user_id, sent.contest_id, sent.facts["nudge_id"], judges=judges)
        return views.nudged(done)
