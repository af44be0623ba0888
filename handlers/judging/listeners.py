"""Listeners of judges, and of organizers around the ratings: the form, lists, practice, marks, flags, ratings on behalf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.judging.ratings import RatingForm
from handlers import payloads
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Search, Turn
from handlers.judging import panelviews, parsing, views
from handlers.judging import views as judging
from handlers.routes import on, submitted
from handlers.views import blocks as b
from handlers.views.drawn import Drawn
from handlers.views.text import name

if TYPE_CHECKING:
    from slack_bolt import Ack, Respond

    from bot.usecases.judging.behalf import Behalf, EntryChoice
    from bot.usecases.judging.conflicts import Conflicts
    from bot.usecases.judging.judging import JudgesList, Judging
    from bot.usecases.judging.marks import Marks
    from bot.usecases.judging.panels import Panels
    from bot.usecases.judging.practice import Practice
    from bot.usecases.judging.ratings import Ratings
    from handlers.payloads import Payload, Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class JudgeListeners:
    """A judge's own affairs. All of it asks the database only, so windows open with their facts."""

    judging: Judging
    practice: Practice

    @on(Sub.JUDGE)
    def pieces(self, asked: Asked) -> View:
        """The list."""
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        return views.pieces(self.judging.pieces(asked.user_id, contest_id))

    @on(Sub.JUDGE_PAUSE)
    def pause(self, asked: Asked) -> str:
        """A break."""
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        return views.told(self.judging.pause(asked.user_id, contest_id))

    @on(Sub.JUDGE_RESUME)
    def resume(self, asked: Asked) -> str:
        """Its end."""
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        return views.told(self.judging.resume(asked.user_id, contest_id))

    @on(Action.JUDGE_QUEUE, Turn.JUDGE_PAGE)
    def list_here(self, pressed: Pressed, windows: Windows) -> None:
        """The list, or another page of it."""
        contest_id, page = pressed.pair
        with payloads.as_we_sent_it():
            number = int(page or 0)
        self._show(windows, pressed, self.judging.pieces(pressed.user_id, contest_id, number))

    @on(Sub.JUDGE_RATINGS)
    def ratings(self, asked: Asked) -> View:
        """All that the judge gave in this round."""
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        return views.own_ratings(self.judging.ratings(asked.user_id, contest_id))

    @on(Action.JUDGE_RATINGS, Turn.RATINGS_PAGE)
    def ratings_here(self, pressed: Pressed, windows: Windows) -> None:
        """The same, or another page of it, in the window that it was pressed in; elsewhere in a new one."""
        contest_id, page = pressed.pair
        with payloads.as_we_sent_it():
            number = int(page or 0)

        def draw() -> View:
            return views.own_ratings(self.judging.ratings(pressed.user_id, contest_id, number))

        if pressed.in_modal:
            windows.here().show(draw)
        else:
            windows.put(draw())

    @on(Action.JUDGE_PAUSE)
    def pause_here(self, pressed: Pressed, windows: Windows) -> None:
        """The switch in the list."""
        self._show(windows, pressed, self.judging.pause(pressed.user_id, pressed.value))

    @on(Action.JUDGE_RESUME)
    def resume_here(self, pressed: Pressed, windows: Windows) -> None:
        """The same switch, the other way."""
        self._show(windows, pressed, self.judging.resume(pressed.user_id, pressed.value))

    @on(Action.JUDGE_AT_ONCE)
    def at_once(self, pressed: Pressed, windows: Windows) -> None:
        """How many pieces are with the judge at the same time."""
        contest_id, chosen = pressed.pair
        with payloads.as_we_sent_it():
            number = int(chosen)
        self._show(windows, pressed, self.judging.take_at_once(pressed.user_id, contest_id, number))

    @on(Action.HOW_TO_JUDGE)
    def how(self, pressed: Pressed, windows: Windows) -> None:
        """What judges go by."""
        windows.put(judging.how_to_judge(self.judging.guidance(pressed.user_id, pressed.value)))

    @on(Action.PRACTISE)
    def try_form(self, pressed: Pressed, windows: Windows) -> None:
        """The form of a practice piece."""
        form = self.practice.form(pressed.user_id, pressed.value)
        windows.put(views.rating(form, judging.scale_block(self.judging.guidance(pressed.user_id, pressed.value))))

    @submitted(Callback.PRACTISE)
    def practised(self, sent: Sent) -> View:
        """A practice piece is rated: the next one follows, or what the others gave."""
        piece, values = sent.facts.get("piece", ""), parsing.values(sent.state)
        done = self.practice.rate(sent.user_id, sent.contest_id, piece, values)
        if isinstance(done, RatingForm):
            return views.rating(done, judging.scale_block(self.judging.guidance(sent.user_id, sent.contest_id)))
        return views.compared(done, views.practised(done))

    @on(Action.COMPARE_PRACTICE)
    def compare(self, pressed: Pressed, windows: Windows) -> None:
        """The same once more, when the others have rated it."""
        windows.put(views.compared(self.practice.compared(pressed.user_id, pressed.value)))

    @on(Action.SKIP_PRACTICE)
    def skip_practice(self, pressed: Pressed, respond: Respond, windows: Windows) -> None:
        """Begin without it."""
        done = self.practice.finish(pressed.user_id, pressed.value, tried=False)
        if pressed.in_modal:
            listed = self.judging.pieces(pressed.user_id, pressed.value)
            self._show(windows, pressed, listed)
        else:
            respond(
                text=views.practised(done),
                response_type="ephemeral",
                replace_original=False,
            )

    def _show(self, windows: Windows, pressed: Pressed, listed: JudgesList) -> None:
        """The list in the window that it was pressed in; elsewhere in a new one."""

        def draw() -> View:
            return views.pieces(self.judging.pieces(pressed.user_id, listed.contest_id, listed.page))

        if pressed.in_modal:
            windows.here().show(draw)
        else:
            windows.put(views.pieces(listed))


@dataclass(frozen=True)
class MarkListeners:
    """A piece's menu, and what organizers do with flags."""

    marks: Marks
    judging: Judging

    @on(Action.PIECE_MENU)
    def menu(self, pressed: Pressed, windows: Windows, respond: Respond) -> None:
        """Skip, flag, recuse, how."""
        choice, piece = pressed.pair
        if choice == judging.SKIP:
            text = views.skipped(self.marks.skip(pressed.user_id, piece))
            respond(text=text, response_type="ephemeral", replace_original=False)
        elif choice == judging.FLAG:
            windows.put(views.flag(self.marks.piece(pressed.user_id, piece)))
        elif choice == judging.RECUSE:
            windows.put(views.recuse(self.marks.piece(pressed.user_id, piece)))
        else:
            windows.put(judging.how_to_judge(self.judging.guidance_for_piece(pressed.user_id, piece)))

    @on(Action.UNDO_MARK)
    def undo(self, pressed: Pressed, respond: Respond) -> None:
        """A skip, a flag or a recusal is taken back."""
        standing, piece = pressed.pair
        done = self.marks.undo(pressed.user_id, piece, standing)
        respond(text=views.undone(done), response_type="ephemeral", replace_original=False)

    @submitted(Callback.FLAG_PIECE)
    def flag(self, sent: Sent) -> View:
        """The submitted flag."""
        piece = sent.facts["submission_id"]
        done = self.marks.flag(sent.user_id, piece, sent.text(Block.FLAG_KIND), sent.text(Block.REASON))
        return views.flagged(done)

    @submitted(Callback.RECUSE_PIECE)
    def recuse(self, sent: Sent) -> View:
        """The submitted recusal."""
        piece = sent.facts["submission_id"]
        return views.recused(self.marks.recuse(sent.user_id, piece, sent.text(Block.REASON)))

    @on(Action.JUDGE_LEAVE)
    def leaving(self, pressed: Pressed, windows: Windows) -> None:
        """What leaving would mean."""
        windows.put(views.leave(self.marks.leaving(pressed.user_id, pressed.value)))

    @submitted(Callback.LEAVE_JUDGING)
    def leave(self, sent: Sent) -> View:
        """The judge leaves."""
        counted = views.is_yes(sent.text(Block.COUNTS))
        done = self.marks.leave(sent.user_id, sent.contest_id, sent.text(Block.REASON), counted=counted)
        return views.left(done)

    @on(Sub.FLAGS)
    def flags(self, asked: Asked) -> Drawn:
        """What was flagged."""
        return Drawn("🚩 Flags", tuple(views.flags(self.marks.flags(asked.user_id, asked.channel_id), asked.page)))

    @on(Action.SETTLE_FLAG)
    def settling(self, pressed: Pressed, windows: Windows) -> None:
        """An organizer looks at a flag."""
        window = windows.open(views.SETTLE_TITLE)
        window.show(lambda: views.settle(self.marks.one_flag(pressed.user_id, pressed.value)))

    @submitted(Callback.SETTLE_FLAG)
    def settle(self, sent: Sent) -> View:
        """The decision."""
        comes_back = views.is_yes(sent.text(Block.COMES_BACK))
        done = self.marks.settle(sent.user_id, sent.facts["mark_id"], sent.text(Block.REASON), comes_back=comes_back)
        return views.settled(done)


@dataclass(frozen=True)
class PanelListeners:
    """Who hears what, and who should not."""

    panels: Panels
    conflicts: Conflicts
    judging: Judging

    @on(Sub.PANEL)
    def panel(self, asked: Asked) -> View:
        """How the round is shared out."""
        return panelviews.panel(self.panels.look(asked.user_id, asked.channel_id))

    @on(Sub.CONFLICTS)
    def own(self, asked: Asked) -> View:
        """A judge's own."""
        contest_id = self.judging.contest_judged(asked.user_id, asked.channel_id)
        return panelviews.conflicts(self.conflicts.listed(asked.user_id, contest_id))

    @on(Action.CONFLICTS)
    def listed(self, pressed: Pressed, windows: Windows) -> None:
        """The button of the welcome, of a judge's list, and of the panel."""
        window = windows.open(panelviews.CONFLICTS_TITLE)
        window.show(lambda: panelviews.conflicts(self.conflicts.listed(pressed.user_id, pressed.value)))

    @submitted(Callback.DECLARE_CONFLICT)
    def declare(self, sent: Sent) -> View:
        """One judge, and whom they should not judge."""
        judge = sent.facts["judge"] or sent.text(Block.JUDGE)
        people, kind = sent.state.people(Block.PEOPLE), sent.text(Block.CONFLICT)
        return panelviews.declared(self.conflicts.declare(sent.user_id, sent.contest_id, judge, people, kind))

    @on(Action.WITHDRAW_CONFLICT)
    def withdraw(self, pressed: Pressed, windows: Windows) -> None:
        """It was a mistake, or is over."""
        contest_id, rest = pressed.pair
        judge, _, author = rest.partition(":")
        listed = self.conflicts.withdraw(pressed.user_id, contest_id, judge, author)
        windows.here().show(lambda: panelviews.conflicts(listed))


@dataclass(frozen=True)
class BehalfListeners:
    """An organizer writes down a judge's rating."""

    behalf: Behalf

    @on(Sub.RATE_FOR)
    def choose(self, asked: Asked) -> View:
        """For whom, and which piece."""
        named = next(iter(payloads.mentioned(asked.words)), None)
        return views.choose(self.behalf.choice(asked.user_id, asked.channel_id, named))

    @on(Search.JUDGE)
    def find_judges(self, ack: Ack, body: Payload) -> None:
        """Somebody types the name of one of many."""
        ack(options=b.offered(views.judge_options(self._found(body))))

    @on(Search.PIECE)
    def find_pieces(self, ack: Ack, body: Payload) -> None:
        """The same for a piece."""
        ack(options=b.offered(views.piece_options(self._found(body))))

    def _found(self, body: Payload) -> EntryChoice:
        return self.behalf.search(body["user"]["id"], payloads.sent(body).contest_id, body["value"])

    @submitted(Callback.RATE_FOR)
    def scores(self, sent: Sent) -> View:
        """Judge and piece are chosen."""
        judge = sent.text(Block.JUDGE)
        form = self.behalf.form(sent.user_id, judge, sent.text(Block.PIECE))
        return views.scores(form, judge)

    @submitted(Callback.RATE_FOR_SCORES)
    def enter(self, sent: Sent) -> View:
        """The scores."""
        return views.entered(self.behalf.enter(parsing.on_behalf(sent)))


@dataclass(frozen=True)
class RatingListeners:
    """Show the form, keep what is begun, take the rating."""

    ratings: Ratings
    judging: Judging

    @on(Action.RATE)
    def form(self, pressed: Pressed, windows: Windows) -> None:
        """The Rate button. The form asks the database only, so it opens with its facts."""
        submission_id, round_ = pressed.pair
        windows.put(views.rating(self.ratings.form(pressed.user_id, submission_id, round_)))

    @on(Action.RATE_AGAIN)
    def again(self, pressed: Pressed, windows: Windows) -> None:
        """The same form in the place of the judge's ratings, which come back when it is saved."""
        submission_id, rest = pressed.pair
        round_, _, page = rest.partition(":")
        form = self.ratings.form(pressed.user_id, submission_id, round_)
        windows.here().show(lambda: views.rating(form, back=page))

    def keep(self, pressed: Pressed, sent: Sent) -> None:
        """Something was chosen or typed in the form."""
        self.ratings.keep_draft(parsing.draft(sent, pressed.wish))

    @submitted(Callback.RATE)
    def rate(self, sent: Sent) -> View | None:
        """The submitted form turns into the next one; it closes for those who hear each piece just before."""
        saved = self.ratings.rate(parsing.rate(sent))
        if "page" in sent.facts:
            with payloads.as_we_sent_it():
                page = int(sent.facts["page"])
            listed = self.judging.ratings(sent.user_id, sent.contest_id, page)
            return views.own_ratings(listed, f"✅ Saved: *{name(saved.alias)}*.")
        return None if saved.one_by_one and saved.following is None else views.saved(saved)
