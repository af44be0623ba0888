"""Listeners about late files and more time, for organizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.commands import Sub
from handlers.contests import staff_parsing as parsing
from handlers.ids import Action, Block, Callback
from handlers.routes import on, submitted
from handlers.submissions import latefile_views as views
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from slack_bolt import Respond

    from bot.usecases.submissions.extensions import Extensions
    from bot.usecases.submissions.latefiles import LateFiles
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class LateListeners:
    """Decide about late files, and give more time."""

    late_files: LateFiles
    extensions: Extensions

    @on(Sub.LATE)
    def waiting(self, asked: Asked) -> Drawn:
        """What there is to decide."""
        seen = self.late_files.waiting(asked.user_id, asked.channel_id)
        return Drawn(views.late_text(seen), tuple(views.late(seen, asked.page)))

    @on(Action.ACCEPT_LATE)
    def accept(self, pressed: Pressed, respond: Respond) -> None:
        """The button that lets a late file in."""
        done = self.late_files.decide(pressed.user_id, pressed.value, accept=True)
        respond(text=views.decided(done), response_type="ephemeral", replace_original=False)

    @on(Action.DECLINE_LATE)
    def ask_why(self, pressed: Pressed, windows: Windows) -> None:
        """The button that declines one: the window asks for a word to the author."""
        windows.open(views.DECLINE_TITLE).show(lambda: views.decline(pressed.value))

    @submitted(Callback.DECLINE_LATE)
    def decline(self, sent: Sent) -> View:
        """The submitted window."""
        piece, reason = sent.facts["submission_id"], sent.text(Block.REASON)
        done = self.late_files.decide(sent.user_id, piece, accept=False, reason=reason)
        return views.declined(done)

    @on(Sub.EXTEND)
    def extend(self, asked: Asked) -> View:
        """More time, perhaps for ``@ada``."""
        person = next(iter(payloads.mentioned(asked.words)), None)
        return views.extend(self.extensions.form(asked.user_id, asked.channel_id, person))

    @submitted(Callback.EXTEND)
    def extended(self, sent: Sent) -> View:
        """The submitted window."""
        done = self.extensions.extend(parsing.extend(sent))
        return views.extended(done)
