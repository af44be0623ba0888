"""Listeners about the data of a contest: export, audit, erasure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.records.trails import TrailQuestion
from handlers import payloads
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.records import views
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from bot.usecases.records.erasure import Erasure
    from bot.usecases.records.exports import Exports
    from bot.usecases.records.failures import Failures
    from bot.usecases.records.trails import Trails
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class RecordListeners:
    """Take a file, read the trail, erase a person."""

    exports: Exports
    trails: Trails
    erasure: Erasure
    failures: Failures

    @on(Sub.EXPORT)
    def export(self, asked: Asked) -> str:
        """The order for the files."""
        return views.ordered(self.exports.ask(asked.user_id, asked.channel_id))

    @on(Sub.BUNDLE)
    def bundle(self, asked: Asked) -> str:
        """The order for what anyone can check."""
        return views.bundle_ordered(self.exports.ask_bundle(asked.user_id, asked.channel_id))

    @on(Sub.REPORT)
    def report(self, asked: Asked) -> str:
        """The order for the page."""
        return views.report_ordered(self.exports.ask_report(asked.user_id, asked.channel_id))

    @on(Action.ROTATION_LIST)
    def rotation(self, pressed: Pressed, windows: Windows) -> None:
        """The button in the pool's window."""
        window = windows.here()
        ordered = self.exports.ask_rotation(pressed.user_id, pressed.value)
        window.show(lambda: views.rotation_ordered(ordered))

    @on(Action.FETCH_FILE)
    def fetch(self, pressed: Pressed, windows: Windows) -> None:
        """The button below the message about a file that did not come along."""
        window = windows.open(views.FETCH_TITLE)
        found = self.exports.link(pressed.user_id, pressed.value)
        window.show(lambda: views.linked(found))

    @on(Sub.AUDIT)
    def audit(self, asked: Asked) -> View:
        """The trail, perhaps of ``@name`` or of words of a title."""
        person = next(iter(payloads.mentioned(asked.words)), "")
        words = payloads.without_mentions(asked.words)
        return views.page(self.trails.begin(asked.user_id, asked.channel_id, person, words))

    @on(Action.AUDIT_PAGE, Action.AUDIT_BACK)
    def turn(self, pressed: Pressed, windows: Windows) -> None:
        """To another page of the trail."""
        question = trail_page(pressed.value)
        windows.here().show(lambda: views.page(self.trails.page(pressed.user_id, question)))

    @on(Action.FAILED_JOBS)
    def failed(self, pressed: Pressed, windows: Windows) -> None:
        """The button below the status."""
        window = windows.at_hand(views.FAILED_TITLE)
        window.show(lambda: views.failed_jobs(self.failures.listed(pressed.user_id, pressed.value)))

    @on(Action.JOB_AGAIN, Action.JOB_DROP)
    def settle(self, pressed: Pressed, windows: Windows) -> None:
        """The buttons of one that failed."""
        contest_id, job_id = pressed.pair
        do = self.failures.again if pressed.action_id == Action.JOB_AGAIN else self.failures.drop
        window = windows.here()
        do(pressed.user_id, contest_id, job_id)
        window.show(lambda: views.failed_jobs(self.failures.listed(pressed.user_id, contest_id)))

    @on(Sub.ERASE)
    def erase(self, asked: Asked) -> View:
        """What would go of ``@name``, or without a name a menu of people; ``me`` asks the organizers."""
        person = next(iter(payloads.mentioned(asked.words)), None)
        if person is not None:
            return views.erasing(self.erasure.preview(asked.user_id, person))
        if wants_own(asked.words):
            return views.asking()
        self.erasure.desk.who.require_organizer(asked.user_id)
        return views.choosing()

    @submitted(Callback.CHOOSE_ERASED)
    def chosen(self, sent: Sent) -> View:
        """The person that an organizer chose from the menu."""
        return views.erasing(self.erasure.preview(sent.user_id, sent.text(Block.PERSON)))

    @on(Action.ERASE_PERSON)
    def erase_asker(self, pressed: Pressed, windows: Windows) -> None:
        """The button in the letter that passes on somebody's wish."""
        window = windows.open(views.ERASE_TITLE)
        window.show(lambda: views.erasing(self.erasure.preview(pressed.user_id, pressed.value)))

    @submitted(Callback.ERASE_PERSON)
    def erased(self, sent: Sent) -> View:
        """The confirmed preview."""
        done = self.erasure.erase(sent.user_id, sent.facts["user_id"], sent.text(Block.TYPED_NAME))
        return views.erased(done)

    @on(Action.ASK_ERASURE)
    def ask_erasure(self, windows: Windows) -> None:
        """The button in the answer to somebody's plain words."""
        windows.put(views.asking())

    @submitted(Callback.ASK_ERASURE)
    def erasure_asked(self, sent: Sent) -> View:
        """The person's own wish, confirmed."""
        self.erasure.ask(sent.user_id)
        return views.asked()


@payloads.as_we_sent_it()
def trail_page(value: str) -> TrailQuestion:
    """What the button to another page asks for."""
    contest_id, person, words, page = json.loads(value)
    return TrailQuestion(contest_id, person, words, int(page))


def wants_own(words: str) -> bool:
    """Whether ``/kantor erase ...`` is about the person themselves."""
    return words.casefold().split() in (["me"], ["my", "data"])
