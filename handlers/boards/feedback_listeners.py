"""Listeners of the feedback to authors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.boards.feedback import FeedbackPage
from handlers.boards import feedback_parsing as parsing
from handlers.boards import feedback_views as views
from handlers.commands import Sub
from handlers.ids import Action, Callback
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from bot.usecases.boards.feedback import Feedback, FeedbackPreview
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class FeedbackListeners:
    """Read the comments page by page, look at an example, send."""

    feedback: Feedback

    @on(Sub.FEEDBACK)
    def begin(self, asked: Asked) -> View:
        """The first page of comments, or the preview where all are read."""
        return _view(self.feedback.begin(asked.user_id, asked.channel_id))

    @on(Action.FEEDBACK_AGAIN)
    def again(self, pressed: Pressed, windows: Windows) -> None:
        """The preview's button back to the comments."""
        windows.here().show(lambda: _view(self.feedback.again(pressed.user_id, pressed.value)))

    @submitted(Callback.FEEDBACK_PAGE)
    def decide(self, sent: Sent) -> View:
        """A page of comments, read."""
        read = parsing.decided(sent)
        return _view(self.feedback.decide(read.actor, read.contest_id, read.page, read.shown))

    @submitted(Callback.SEND_FEEDBACK)
    def send(self, sent: Sent) -> View:
        """The confirmed preview."""
        return views.sent(self.feedback.send(sent.user_id, sent.contest_id))


def _view(seen: FeedbackPage | FeedbackPreview) -> View:
    return views.page(seen) if isinstance(seen, FeedbackPage) else views.preview(seen)
