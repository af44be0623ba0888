"""Listeners about who organizes and judges, and about the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from handlers import payloads
from handlers.commands import Sub
from handlers.contests import staff_views as views
from handlers.ids import Action, Block, Callback
from handlers.routes import on, submitted
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from slack_bolt import Respond

    from bot.usecases.contests.staff import Staff
    from bot.usecases.contests.voiding import Voiding
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked, Screen
    from handlers.views.blocks import View


@dataclass(frozen=True)
class StaffListeners:
    """Commands and buttons were acknowledged before they come here; submissions are acknowledged after the commit."""

    staff: Staff
    voiding: Voiding

    @on(Sub.ORGANIZERS, Sub.JUDGES)
    def show(self, asked: Asked) -> Drawn:
        """Who organizes and who judges."""
        listed = self.staff.listed(asked.user_id, asked.channel_id)
        return Drawn(views.text(listed), tuple(views.people(listed)))

    @on(Sub.ORGANIZERS_ADD)
    def add_organizers(self, asked: Asked) -> str:
        """Everybody who is mentioned."""
        people = _named(asked, Sub.ORGANIZERS_ADD)
        added = views.organizers_added(self.staff.add_organizers(asked.user_id, asked.channel_id, people))
        return "\n".join(filter(None, (added, views.not_mentioned(payloads.without_mentions(asked.words)))))

    @on(Sub.ORGANIZERS_REMOVE)
    def remove_organizers(self, asked: Asked) -> str:
        """Everybody who is mentioned."""
        people = _named(asked, Sub.ORGANIZERS_REMOVE)
        return views.organizers_removed(self.staff.remove_organizers(asked.user_id, asked.channel_id, people))

    @on(Sub.JUDGES_REMOVE)
    def remove_judges(self, asked: Asked) -> Screen:
        """Everybody who is mentioned; about one who has rated a window asks what becomes of that."""
        people = _named(asked, Sub.JUDGES_REMOVE)
        if len(people) == 1 and self.voiding.has_rated(asked.channel_id, asked.user_id, people[0]):
            return views.void_preview(self.voiding.preview(asked.user_id, asked.channel_id, people[0]))
        return views.judges_removed(self.staff.remove_judges(asked.user_id, asked.channel_id, people))

    @submitted(Callback.VOID_RATINGS)
    def void(self, sent: Sent) -> View:
        """The window with the reason."""
        done = self.voiding.void(sent.user_id, sent.contest_id, sent.facts["judge"], sent.text(Block.REASON))
        return views.voided(done)

    @on(Sub.JUDGES_RESTORE)
    def restore(self, asked: Asked) -> str:
        """Everybody who is mentioned."""
        people = _named(asked, Sub.JUDGES_RESTORE)
        done = [self.voiding.restore(asked.user_id, asked.channel_id, judge) for judge in people]
        return "\n".join(map(views.restored, done))

    @on(Action.RESTORE_JUDGE)
    def restore_this(self, pressed: Pressed, respond: Respond) -> None:
        """The button of the letter."""
        contest_id, judge = pressed.pair
        done = self.voiding.restore_in(pressed.user_id, contest_id, judge)
        respond(text=views.restored(done), response_type="ephemeral", replace_original=False)

    @on(Sub.CONTEST_ARCHIVE)
    def archiving(self, asked: Asked) -> View:
        """What putting it away means."""
        return views.archive_preview(self.staff.archiving(asked.user_id, asked.channel_id))

    @submitted(Callback.ARCHIVE_CONTEST)
    def archive(self, sent: Sent) -> View:
        """The confirmed window."""
        name = self.staff.archive(sent.user_id, sent.contest_id)
        return views.archived(name)


def _named(asked: Asked, sub: Sub) -> tuple[str, ...]:
    people = payloads.mentioned(asked.words)
    if not people:
        raise Refusal(views.nobody_mentioned(asked.words, sub))
    return people
