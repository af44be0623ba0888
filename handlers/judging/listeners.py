"""Listeners of judges and of organizers around the ratings: lists, practice, marks, flags, ratings on behalf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.ids import Block, Opens
from handlers.judging import behalf_views as behalf
from handlers.judging import list_views as judgeslist
from handlers.judging import mark_views as marks
from handlers.judging import parsing
from handlers.judging import rating_views as ratings
from handlers.judging import views as judging
from handlers.people import homemenu_views as homemenus
from handlers.views import blocks as b
from handlers.views import guide
from handlers.windows import Window, open_window, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.judging.behalf import Behalf, EntryChoice
    from bot.usecases.judging.judging import JudgesList, Judging
    from bot.usecases.judging.marks import Marks
    from bot.usecases.judging.practice import Practice
    from handlers.payloads import Payload
    from handlers.views.blocks import View


@dataclass(frozen=True)
class JudgeListeners:
    """A judge's own affairs. All of it asks the database only, so windows open with their facts."""

    judging: Judging
    practice: Practice

    def pieces(self, command: Payload, client: WebClient) -> None:
        """``/kantor judge``: the list."""
        asked = payloads.asked(command)
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        client.views_open(
            trigger_id=asked.trigger_id, view=judgeslist.pieces(self.judging.pieces(asked.user_id, contest_id))
        )

    def pause(self, command: Payload, respond: Respond) -> None:
        """``/kantor judge pause``."""
        asked = payloads.asked(command)
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        respond(text=judgeslist.told(self.judging.pause(asked.user_id, contest_id)))

    def resume(self, command: Payload, respond: Respond) -> None:
        """``/kantor judge resume``."""
        asked = payloads.asked(command)
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        respond(text=judgeslist.told(self.judging.resume(asked.user_id, contest_id)))

    def pieces_by_button(self, body: Payload, client: WebClient) -> None:
        """The list, or another page of it."""
        chosen = parsing.chosen(body)
        page = int(chosen.second or 0)
        self._show(client, body, self.judging.pieces(chosen.user_id, chosen.first, page))

    def pause_by_button(self, body: Payload, client: WebClient) -> None:
        """The switch in the list."""
        chosen = parsing.chosen(body)
        self._show(client, body, self.judging.pause(chosen.user_id, chosen.first))

    def resume_by_button(self, body: Payload, client: WebClient) -> None:
        """The same switch, the other way."""
        chosen = parsing.chosen(body)
        self._show(client, body, self.judging.resume(chosen.user_id, chosen.first))

    def at_once(self, body: Payload, client: WebClient) -> None:
        """How many pieces are with the judge at the same time."""
        chosen = parsing.chosen(body)
        listed = self.judging.take_at_once(chosen.user_id, chosen.first, int(chosen.second))
        self._show(client, body, listed)

    def how(self, body: Payload, client: WebClient) -> None:
        """What judges go by."""
        pressed = payloads.pressed(body)
        _over(client, body, judging.how_to_judge(self.judging.guidance(pressed.value)))

    def try_form(self, body: Payload, client: WebClient) -> None:
        """The form of the practice piece."""
        pressed = payloads.pressed(body)
        form = self.practice.form(pressed.user_id, pressed.value)
        _over(client, body, ratings.rating(form, judging.scale_block(self.judging.guidance(pressed.value))))

    def practised(self, ack: Ack, body: Payload) -> None:
        """The practice piece is rated: nothing of it is kept but that it was."""
        done = self.practice.finish(body["user"]["id"], payloads.facts(body)["contest_id"], tried=True)
        ack(
            response_action="update",
            view=guide.notice(ratings.THANKS, judgeslist.practised(done)),
        )

    def skip_practice(self, body: Payload, respond: Respond, client: WebClient) -> None:
        """Begin without it."""
        pressed = payloads.pressed(body)
        done = self.practice.finish(pressed.user_id, pressed.value, tried=False)
        if parsing.is_in_modal(body):
            listed = self.judging.pieces(pressed.user_id, pressed.value)
            self._show(client, body, listed)
        else:
            respond(
                text=judgeslist.practised(done),
                response_type="ephemeral",
                replace_original=False,
            )

    def _show(self, client: WebClient, body: Payload, listed: JudgesList) -> None:
        """The list in the window that it was pressed in; elsewhere in a new one."""

        def again() -> View:
            return judgeslist.pieces(self.judging.pieces(body["user"]["id"], listed.contest_id, listed.page))

        view = judgeslist.pieces(listed)
        if parsing.is_in_modal(body):
            Window(client, body["view"]["id"], body["view"]["hash"]).show(view, again)
        else:
            client.views_open(trigger_id=body["trigger_id"], view=view)


@dataclass(frozen=True)
class MarkListeners:
    """A piece's menu, and what organizers do with flags."""

    marks: Marks
    judging: Judging

    def menu(self, body: Payload, client: WebClient, respond: Respond) -> None:
        """Skip, flag, recuse, how."""
        chosen = parsing.chosen(body)
        if chosen.first == judging.SKIP:
            text = marks.skipped(self.marks.skip(chosen.user_id, chosen.second))
            respond(text=text, response_type="ephemeral", replace_original=False)
        elif chosen.first == judging.FLAG:
            client.views_open(
                trigger_id=chosen.trigger_id, view=marks.flag(self.marks.piece(chosen.user_id, chosen.second))
            )
        elif chosen.first == judging.RECUSE:
            view = marks.recuse(self.marks.piece(chosen.user_id, chosen.second))
            client.views_open(trigger_id=chosen.trigger_id, view=view)
        else:
            view = judging.how_to_judge(self.judging.guidance_for_piece(chosen.second))
            client.views_open(trigger_id=chosen.trigger_id, view=view)

    def undo(self, body: Payload, respond: Respond) -> None:
        """A skip, a flag or a recusal is taken back."""
        chosen = parsing.chosen(body)
        done = self.marks.undo(chosen.user_id, chosen.second, chosen.first)
        respond(text=marks.undone(done), response_type="ephemeral", replace_original=False)

    def flag(self, ack: Ack, body: Payload) -> None:
        """The submitted flag."""
        state, piece = payloads.State.of(body), payloads.facts(body)["submission_id"]
        done = self.marks.flag(body["user"]["id"], piece, state.text(Block.FLAG_KIND), state.text(Block.REASON))
        ack(response_action="update", view=marks.flagged(done))

    def recuse(self, ack: Ack, body: Payload) -> None:
        """The submitted recusal."""
        state, piece = payloads.State.of(body), payloads.facts(body)["submission_id"]
        ack(
            response_action="update",
            view=marks.recused(self.marks.recuse(body["user"]["id"], piece, state.text(Block.REASON))),
        )

    def leaving(self, body: Payload, client: WebClient) -> None:
        """What leaving would mean."""
        pressed = payloads.pressed(body)
        _over(client, body, marks.leave(self.marks.leaving(pressed.user_id, pressed.value)))

    def leave(self, ack: Ack, body: Payload) -> None:
        """The judge leaves."""
        state, contest = payloads.State.of(body), payloads.facts(body)["contest_id"]
        counted = marks.is_yes(state.text(Block.COUNTS))
        done = self.marks.leave(body["user"]["id"], contest, state.text(Block.REASON), counted=counted)
        ack(response_action="update", view=marks.left(done))

    def flags(self, command: Payload, respond: Respond) -> None:
        """``/kantor flags``."""
        asked = payloads.asked(command)
        blocks = marks.flags(self.marks.flags(asked.user_id, asked.channel_id))
        respond(text="🚩 Flags", blocks=blocks)

    def turn_flags(self, body: Payload, client: WebClient, context: BoltContext, respond: Respond) -> None:
        """Another page of the same."""
        turned = payloads.turned(body)
        window = window_here(client, context, body) if turned.in_modal else None
        blocks = marks.flags(self.marks.flags(turned.user_id, turned.about), turned.page)
        if window is not None:
            window.show(guide.window(homemenus.title(Opens.FLAGS), blocks))
        else:
            respond(text="🚩 Flags", blocks=blocks, response_type="ephemeral", replace_original=True)

    def settling(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """An organizer looks at a flag."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, marks.SETTLE_TITLE)
        window.show(marks.settle(self.marks.one_flag(pressed.user_id, pressed.value)))

    def settle(self, ack: Ack, body: Payload) -> None:
        """The decision."""
        state, mark = payloads.State.of(body), payloads.facts(body)["mark_id"]
        comes_back = marks.is_yes(state.text(Block.COMES_BACK))
        done = self.marks.settle(body["user"]["id"], mark, state.text(Block.REASON), comes_back=comes_back)
        ack(response_action="update", view=marks.settled(done))


@dataclass(frozen=True)
class BehalfListeners:
    """An organizer writes down a judge's rating."""

    behalf: Behalf

    def choose(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor rate for @judge``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, behalf.TITLE)
        named = payloads.mentioned(asked.text)
        window.show(behalf.choose(self.behalf.choice(asked.user_id, asked.channel_id, named[0] if named else None)))

    def find_judges(self, ack: Ack, body: Payload) -> None:
        """Somebody types the name of one of many."""
        ack(options=behalf.judge_options(self._found(body))[: b.SELECT_OPTIONS])

    def find_pieces(self, ack: Ack, body: Payload) -> None:
        """The same for a piece."""
        ack(options=behalf.piece_options(self._found(body))[: b.SELECT_OPTIONS])

    def _found(self, body: Payload) -> EntryChoice:
        return self.behalf.search(body["user"]["id"], payloads.facts(body)["contest_id"], body["value"])

    def scores(self, ack: Ack, body: Payload) -> None:
        """Judge and piece are chosen."""
        state = payloads.State.of(body)
        judge = state.text(Block.JUDGE)
        form = self.behalf.form(body["user"]["id"], judge, state.text(Block.PIECE))
        ack(response_action="update", view=behalf.scores(form, judge))

    def enter(self, ack: Ack, body: Payload) -> None:
        """The scores."""
        ack(response_action="update", view=behalf.entered(self.behalf.enter(parsing.enter_rating(body))))


def _over(client: WebClient, body: Payload, view: View) -> None:
    """Over the window that it was pressed in; elsewhere in a new one."""
    if parsing.is_in_modal(body):
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)
