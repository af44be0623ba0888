"""Listeners of leaderboards, places, freezing, and of the feedback after the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.boards.feedback import FeedbackPage
from handlers.boards import coverageviews, parsing, views
from handlers.boards.letters import drawn_board
from handlers.commands import Sub
from handlers.ids import Action, Callback
from handlers.payloads import as_we_sent_it
from handlers.routes import on, submitted
from handlers.views import guide
from handlers.views.drawn import draw

if TYPE_CHECKING:
    from slack_bolt import Respond

    from bot.usecases.boards.boards import Boards
    from bot.usecases.boards.coverage import CoverageBoards
    from bot.usecases.boards.feedback import Feedback, FeedbackPreview
    from bot.usecases.boards.freezing import Freezing
    from handlers.payloads import Payload, Pressed, Sent
    from handlers.reception import Asked
    from handlers.slack.newer import NewerBlocks
    from handlers.views.blocks import View
    from handlers.views.drawn import Drawn
    from handlers.windows import Windows


@dataclass(frozen=True)
class BoardListeners:
    """The board on request."""

    boards: Boards
    freezing: Freezing
    newer: NewerBlocks

    @on(Sub.BOARD)
    def show(self, asked: Asked) -> Drawn:
        """The first page, or the third for ``/kantor board 3``."""
        page = parsing.page_asked(asked.words)
        return drawn_board(self.boards.show(asked.user_id, asked.channel_id, page, is_there=asked.typed))

    @on(Action.BOARD_BACK, Action.BOARD_ON, Action.BOARD_PAGE)
    def turn(self, body: Payload, pressed: Pressed, windows: Windows, respond: Respond) -> None:
        """Another page: in the person's own board where that is what they look at, else as an answer of their own."""
        turned = parsing.turned(body)
        window = windows.here() if pressed.in_modal else None
        post = self.boards.page(turned.user_id, turned.contest_id, turned.snapshot_id, turned.page)
        if window is not None:
            window.show(lambda: guide.window(views.TITLE, views.board(post)))
            return
        self.newer.answer(respond, drawn_board(post), response_type="ephemeral", replace_original=turned.in_place)

    @on(Sub.PLACE)
    def place(self, asked: Asked) -> Drawn:
        """Where somebody's own compositions stand."""
        return draw(self.boards.place_of(asked.user_id, asked.channel_id))

    @on(Sub.BOARD_FREEZE)
    def preview_freeze(self, asked: Asked) -> View:
        """What freezing would bring."""
        return views.preview(self.freezing.preview(asked.user_id, asked.channel_id, freeze=True))

    @on(Sub.BOARD_THAW)
    def preview_thaw(self, asked: Asked) -> View:
        """What thawing would bring."""
        return views.preview(self.freezing.preview(asked.user_id, asked.channel_id, freeze=False))

    @submitted(Callback.FREEZE_BOARD)
    def freeze(self, sent: Sent) -> View:
        """The confirmed preview of either."""
        with as_we_sent_it():
            change = {"yes": self.freezing.thaw, "no": self.freezing.freeze}[sent.facts["frozen"]]
        return views.done(change(sent.user_id, sent.contest_id))


@dataclass(frozen=True)
class CoverageListeners:
    """What lacks ratings."""

    coverage: CoverageBoards

    @on(Sub.COVERAGE)
    def look(self, asked: Asked) -> View:
        """A page of it."""
        return coverageviews.coverage(self.coverage.look(asked.user_id, asked.channel_id, asked.page))


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
        return views.feedback_sent(self.feedback.send(sent.user_id, sent.contest_id))


def _view(seen: FeedbackPage | FeedbackPreview) -> View:
    return views.page(seen) if isinstance(seen, FeedbackPage) else views.feedback_preview(seen)
