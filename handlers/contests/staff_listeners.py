"""Listeners about who organizes and judges, and about the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from handlers import payloads
from handlers.contests import staff_views as views
from handlers.ids import Block, Sub
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.contests.staff import Staff
    from bot.usecases.judging.voiding import Voiding
    from handlers.payloads import Payload


@dataclass(frozen=True)
class StaffListeners:
    """Commands and buttons were acknowledged before they come here; submissions are acknowledged after the commit."""

    staff: Staff
    voiding: Voiding

    def show(self, command: Payload, respond: Respond) -> None:
        """``/kantor organizers`` and ``/kantor judges``."""
        asked = payloads.asked(command)
        listed = self.staff.listed(asked.user_id, asked.channel_id)
        respond(text=views.text(listed), blocks=views.people(listed))

    def show_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(guide.window(views.TITLE, views.people(self.staff.listed(pressed.user_id, pressed.about))))

    def add_organizers(self, command: Payload, respond: Respond) -> None:
        """``/kantor organizers add @...``."""
        asked = payloads.asked(command)
        changed = self.staff.add_organizers(asked.user_id, asked.channel_id, _named(asked.text, Sub.ORGANIZERS_ADD))
        respond(text=views.organizers_added(changed))

    def remove_organizers(self, command: Payload, respond: Respond) -> None:
        """``/kantor organizers remove @...``."""
        asked = payloads.asked(command)
        people = _named(asked.text, Sub.ORGANIZERS_REMOVE)
        respond(text=views.organizers_removed(self.staff.remove_organizers(asked.user_id, asked.channel_id, people)))

    def remove_judges(self, command: Payload, respond: Respond, client: WebClient, context: BoltContext) -> None:
        """``/kantor judges remove @...``; about one who has rated a window asks what becomes of that."""
        asked = payloads.asked(command)
        people = _named(asked.text, Sub.JUDGES_REMOVE)
        if len(people) == 1 and self.voiding.has_rated(asked.channel_id, asked.user_id, people[0]):
            window = open_window(client, context, asked.trigger_id, views.VOID_TITLE)
            window.show(views.void_preview(self.voiding.preview(asked.user_id, asked.channel_id, people[0])))
            return
        respond(text=views.judges_removed(self.staff.remove_judges(asked.user_id, asked.channel_id, people)))

    def void(self, ack: Ack, body: Payload) -> None:
        """The window with the reason."""
        known, reason = payloads.facts(body), payloads.State.of(body).text(Block.REASON)
        done = self.voiding.void(body["user"]["id"], known["contest_id"], known["judge"], reason)
        ack(response_action="update", view=views.voided(done))

    def restore(self, command: Payload, respond: Respond) -> None:
        """``/kantor judges restore @judge``."""
        asked = payloads.asked(command)
        for judge in _named(asked.text, Sub.JUDGES_RESTORE):
            respond(text=views.restored(self.voiding.restore(asked.user_id, asked.channel_id, judge)))

    def restore_by_button(self, body: Payload, respond: Respond) -> None:
        """The button of the letter."""
        pressed = payloads.pressed(body)
        contest_id, _, judge = pressed.value.partition(":")
        done = self.voiding.restore_in(pressed.user_id, contest_id, judge)
        respond(text=views.restored(done), response_type="ephemeral", replace_original=False)

    def archiving(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor contest archive``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.ARCHIVE_TITLE)
        window.show(views.archive_preview(self.staff.archiving(asked.user_id, asked.channel_id)))

    def archiving_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.ARCHIVE_TITLE)
        window.show(views.archive_preview(self.staff.archiving(pressed.user_id, pressed.about)))

    def archive(self, ack: Ack, body: Payload) -> None:
        """The confirmed window."""
        name = self.staff.archive(body["user"]["id"], payloads.facts(body)["contest_id"])
        ack(response_action="update", view=views.archived(name))


def _named(text: str, sub: Sub) -> tuple[str, ...]:
    people = payloads.mentioned(text)
    if not people:
        raise Refusal(views.nobody_mentioned(text, sub))
    return people
