"""Listeners of contests: new, status, phases and their undoing, settings, staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import zone
from bot.rules.phases import Phase
from bot.usecases.contests.newcontest import NewContest
from bot.usecases.contests.settings import Part
from handlers import payloads
from handlers.commands import Sub
from handlers.contests import editing_views, inputs, views
from handlers.contests.views import nobody_mentioned, not_mentioned
from handlers.ids import Action, Block, Callback
from handlers.people import dutyviews
from handlers.routes import on, submitted
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from slack_bolt import Ack, Respond

    from bot.ports import Clock, Directory
    from bot.usecases.contests.contests import Contests
    from bot.usecases.contests.editing import Editing
    from bot.usecases.contests.staff import Staff
    from bot.usecases.contests.undoing import Undoing
    from bot.usecases.contests.voiding import Voiding
    from bot.usecases.people.home import People
    from bot.usecases.people.recruiting import Recruiting
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked, Screen
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
        return editing_views.new_contest(editing_views.Prefill(time_zone, channel, today))

    @submitted(Callback.NEW_CONTEST)
    def create(self, sent: Sent) -> View:
        """The submitted modal of a new contest."""
        return views.created(self.contests.create(NewContest(sent.user_id, inputs.new(sent.state))))

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
        expected, reason = _phase(sent.facts["expected"]), sent.text(Block.REASON)
        return views.advanced(self.contests.advance(sent.user_id, sent.contest_id, expected, reason))

    @on(Action.FINISH_CONTEST)
    def finish(self, pressed: Pressed, windows: Windows) -> None:
        """The button that ends a contest, after its question."""
        contest_id, expected = pressed.pair
        contest = self.contests.advance(pressed.user_id, contest_id, _phase(expected))
        windows.here().show(lambda: views.advanced(contest))

    @on(Sub.JUDGES_ADD)
    def add_judges(self, asked: Asked) -> str:
        """Everybody who is mentioned."""
        judges = payloads.mentioned(asked.words)
        if not judges:
            raise Refusal(nobody_mentioned(asked.words, Sub.JUDGES_ADD))
        added = views.judges_added(self.contests.add_judges(asked.user_id, asked.channel_id, judges))
        return "\n".join(filter(None, (added, not_mentioned(payloads.without_mentions(asked.words)))))


@dataclass(frozen=True)
class StaffListeners:
    """Commands and buttons were acknowledged before they come here; submissions are acknowledged after the commit."""

    staff: Staff
    voiding: Voiding
    recruiting: Recruiting

    @on(Sub.ORGANIZERS, Sub.JUDGES)
    def show(self, asked: Asked) -> Drawn:
        """Who organizes and who judges; and, for organizers, who was asked."""
        listed = self.staff.listed(asked.user_id, asked.channel_id)
        requests = self.recruiting.listed(asked.user_id, asked.channel_id)
        more = [] if requests is None else dutyviews.requests(requests)
        return Drawn(views.text(listed), (*views.people(listed), *more))

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


@payloads.as_we_sent_it()
def _phase(expected: str) -> Phase:
    return Phase(expected)


def _named(asked: Asked, sub: Sub) -> tuple[str, ...]:
    people = payloads.mentioned(asked.words)
    if not people:
        raise Refusal(views.nobody_mentioned(asked.words, sub))
    return people


@dataclass(frozen=True)
class EditListeners:
    """A menu, a modal a part over it, and over that what it would bring."""

    editing: Editing

    @on(Sub.CONTEST_EDIT)
    def menu(self, asked: Asked) -> View:
        """What there is to change."""
        return editing_views.menu(self.editing.menu(asked.user_id, asked.channel_id))

    @on(Action.EDIT_PART)
    def form(self, pressed: Pressed, windows: Windows) -> None:
        """The button of one part of the menu."""
        named, contest_id = pressed.pair
        with payloads.as_we_sent_it():
            part = Part(named)
        window = windows.open(editing_views.TITLES[part])
        window.show(lambda: editing_views.form(self.editing.form(pressed.user_id, contest_id, part)))

    @on(Callback.EDIT_CONTEST)
    def preview(self, ack: Ack, sent: Sent, windows: Windows) -> None:
        """A filled-in part."""
        windows.answer(ack, editing_views.preview(self.editing.prepare(inputs.edit(sent))), "push")

    @submitted(Callback.APPLY_EDIT)
    def apply(self, sent: Sent) -> View:
        """The confirmed preview."""
        edited = self.editing.apply(sent.user_id, sent.facts["edit_id"])
        return editing_views.edited(edited)


@dataclass(frozen=True)
class UndoListeners:
    """A phase that began by mistake."""

    undoing: Undoing

    @on(Sub.PHASE_UNDO)
    def preview(self, asked: Asked) -> View:
        """What taking it back would bring."""
        return views.undo_preview(self.undoing.preview(asked.user_id, asked.channel_id))

    @submitted(Callback.UNDO_PHASE)
    def undo(self, sent: Sent) -> View:
        """The confirmed preview."""
        undone = self.undoing.undo(sent.user_id, sent.contest_id, _phase(sent.facts["expected"]))
        return views.undone(undone)
