"""Listeners about contests: new, status, next phase, judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import zone
from bot.rules.phases import Phase
from handlers import payloads
from handlers.commands import Sub
from handlers.contests import parsing, views
from handlers.contests.staff_views import nobody_mentioned, not_mentioned
from handlers.ids import Action, Callback
from handlers.routes import on, submitted
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from bot.ports import Clock, Directory
    from bot.usecases.contests.contests import Contests
    from bot.usecases.people.people import People
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class ContestListeners:
    """Commands and buttons were acknowledged before they come here; submissions are acknowledged after the commit."""

    contests: Contests
    people: People
    directory: Directory
    clock: Clock

    @on(Sub.CONTEST_NEW)
    def new(self, asked: Asked) -> View:
        """The form of a new contest."""
        self.people.desk.who.require_organizer(asked.user_id)
        time_zone = self.directory.profile(asked.user_id).time_zone
        today = self.clock.now().astimezone(zone(time_zone) or UTC).date()
        # A contest lives in a channel: a command from a direct message leaves the choice open.
        channel = None if asked.channel_id.startswith("D") else asked.channel_id or None
        return views.new_contest(views.Prefill(time_zone, channel, today))

    @submitted(Callback.NEW_CONTEST)
    def create(self, sent: Sent) -> View:
        """The submitted modal of a new contest."""
        return views.created(self.contests.create(parsing.new_contest(sent)))

    @on(Sub.STATUS)
    def status(self, asked: Asked) -> Drawn:
        """How the contest stands."""
        status = self.contests.status(asked.user_id, asked.channel_id, is_there=asked.typed)
        return Drawn(views.status_text(status), tuple(views.status(status)))

    @on(Sub.PHASE_NEXT)
    def preview(self, asked: Asked) -> View:
        """What the next phase brings."""
        return views.phase_preview(self.contests.preview_next(asked.user_id, asked.channel_id))

    @submitted(Callback.ADVANCE_PHASE)
    def advance(self, sent: Sent) -> View:
        """The confirmed preview."""
        contest = self.contests.advance(sent.user_id, sent.contest_id, Phase(sent.facts["expected"]))
        return views.advanced(contest)

    @on(Action.FINISH_CONTEST)
    def finish(self, pressed: Pressed, windows: Windows) -> None:
        """The button that ends a contest, after its question."""
        contest_id, expected = pressed.pair
        contest = self.contests.advance(pressed.user_id, contest_id, Phase(expected))
        windows.here().show(lambda: views.advanced(contest))

    @on(Sub.JUDGES_ADD)
    def add_judges(self, asked: Asked) -> str:
        """Everybody who is mentioned."""
        judges = payloads.mentioned(asked.words)
        if not judges:
            raise Refusal(nobody_mentioned(asked.words, Sub.JUDGES_ADD))
        added = views.judges_added(self.contests.add_judges(asked.user_id, asked.channel_id, judges))
        return "\n".join(filter(None, (added, not_mentioned(payloads.without_mentions(asked.words)))))
