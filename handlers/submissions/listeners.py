"""Listeners of uploads, of the windows in which people hand in and look after compositions, of late files, and of the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Shortcut
from handlers.routes import on, submitted
from handlers.submissions import parsing, views
from handlers.views import guide
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, Respond

    from bot.usecases.submissions.absences import Mishaps
    from bot.usecases.submissions.compositions import Compositions
    from bot.usecases.submissions.corrections import Corrections
    from bot.usecases.submissions.handins import HandIns
    from bot.usecases.submissions.latefiles import Extensions, LateFiles
    from bot.usecases.submissions.search import Search
    from bot.usecases.submissions.submissions import Submissions
    from handlers.payloads import Payload, Pressed, Sent
    from handlers.reception import Asked, Screen
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class SubmissionListeners:
    """What people upload, in the channel or in the direct messages, and what becomes of it in Slack."""

    submissions: Submissions
    mishaps: Mishaps
    missed: Callable[[], None]
    """Called where an upload cannot be written down: Slack may give up telling of it before that works again."""

    def receive(self, body: Payload, next_: Callable[[], None]) -> None:
        """Each file of the message. A middleware: Slack hears of the delivery after the commit, and delivers again otherwise."""
        try:
            for upload in payloads.uploads(body):
                self.submissions.receive(upload)
        except Exception:
            self.missed()
            raise
        next_()

    def file_deleted(self, event: Payload, next_: Callable[[], None]) -> None:
        """A file is gone from Slack."""
        self.mishaps.file_deleted(event["file_id"])
        next_()

    def archived(self, body: Payload, event: Payload, next_: Callable[[], None]) -> None:
        """A channel that the bot is in was archived."""
        self.mishaps.channel_archived(event["channel"], event.get("user"), body["event_id"])
        next_()


@dataclass(frozen=True)
class HandInListeners:
    """Hand in, replace, rename, choose a version, withdraw."""

    hand_ins: HandIns
    compositions: Compositions

    @on(Sub.SUBMIT)
    def submit(self, asked: Asked) -> View:
        """The form with its file."""
        return views.hand_in(self.hand_ins.form(asked.user_id, asked.channel_id))

    @on(Shortcut.NEW_SUBMISSION)
    def submit_by_shortcut(self, body: Payload, windows: Windows) -> None:
        """The same from anywhere in Slack."""
        window = windows.open(views.SUBMIT_TITLE)
        window.show(lambda: views.hand_in(self.hand_ins.form(body["user"]["id"], "")))

    @on(Shortcut.HAND_THIS_IN)
    def hand_this_in(self, body: Payload, windows: Windows) -> None:
        """The same for the file of a message."""
        window = windows.open(views.SUBMIT_TITLE)
        file = parsing.own_file(body)
        window.show(lambda: views.hand_in(self.hand_ins.form(body["user"]["id"], body["channel"]["id"]), file))

    @on(Callback.SUBMIT, Callback.REPLACE_FILE)
    def hand_in(self, ack: Ack, body: Payload, sent: Sent, windows: Windows) -> None:
        """The file of a new composition, or of a new version."""
        windows.answer(ack, views.handed_in(self.hand_ins.hand_in(parsing.hand_in(sent))))
        self._refresh_below(windows, body)

    @on(Sub.MINE)
    def mine(self, asked: Asked) -> View:
        """All that somebody has handed in."""
        return self._mine(asked.user_id, asked.page)

    @on(Action.REPLACE_FILE)
    def replace(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The button that asks for a new file."""
        window = windows.open(views.REPLACE_TITLE)
        form = self.hand_ins.replacement(pressed.user_id, pressed.value)
        window.show(lambda: views.over(views.hand_in(form), parsing.page(body)))

    @on(Action.RENAME_PIECE)
    def ask_title(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The button that asks for another title."""
        window = windows.open(views.RENAME_TITLE)
        title = self.compositions.title(pressed.user_id, pressed.value)
        window.show(lambda: views.over(views.rename(pressed.value, title), parsing.page(body)))

    @on(Callback.RENAME_PIECE)
    def rename(self, ack: Ack, body: Payload, sent: Sent, windows: Windows) -> None:
        """The other title."""
        title = sent.text(Block.TITLE)
        self.compositions.rename(sent.user_id, sent.facts["submission_id"], title)
        windows.answer(ack, views.renamed(title))
        self._refresh_below(windows, body)

    @on(Action.WITHDRAW)
    def withdraw(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The confirmed button of a composition."""
        window = windows.here()
        self.compositions.withdraw(pressed.user_id, pressed.value)
        window.show(lambda: self._mine(pressed.user_id, parsing.page(body)))

    @on(Action.LET_COUNT)
    def let_count(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The menu of versions."""
        window = windows.here()
        self.compositions.let_count(pressed.user_id, pressed.value)
        window.show(lambda: self._mine(pressed.user_id, parsing.page(body)))

    def _mine(self, user_id: str, page: int = 0) -> View:
        return views.mine(self.compositions.mine(user_id), page)

    def _refresh_below(self, windows: Windows, body: Payload) -> None:
        below = windows.below()
        if below is not None:
            below.show(lambda: self._mine(body["user"]["id"], parsing.page(body)))


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


@dataclass(frozen=True)
class SearchListeners:
    """Find, and replace a wrong file."""

    search: Search
    corrections: Corrections

    @on(Sub.FIND)
    def find(self, asked: Asked) -> Screen:
        """What the words find; without words a window asks for some."""
        wanted = parsing.sought(asked.words)
        if not wanted.words and not wanted.people:
            return views.asking()
        seen = self.search.find(asked.user_id, wanted.words, wanted.people)
        return Drawn(views.found_text(seen, wanted.shown), tuple(views.found(seen, wanted.shown)))

    @submitted(Callback.FIND)
    def find_by_window(self, sent: Sent) -> View:
        """The words of that window."""
        words = sent.text(Block.WORDS)
        seen = self.search.find(sent.user_id, words, ())
        return guide.window(views.FIND_TITLE, views.found(seen, words))

    @on(Action.CORRECT_FILE)
    def correct(self, pressed: Pressed, windows: Windows) -> None:
        """The button of a composition."""
        window = windows.open(views.CORRECT_TITLE)
        window.show(lambda: views.correct(self.corrections.form(pressed.user_id, pressed.value)))

    @submitted(Callback.CORRECT_FILE)
    def corrected(self, sent: Sent) -> View:
        """The submitted window."""
        done = self.corrections.correct(parsing.correct(sent))
        return views.corrected(done)
