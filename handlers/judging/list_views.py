"""A judge's own list of pieces, and what they set there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.queue import CHOICES
from bot.usecases.judging.judging import Standing
from handlers.commands import Sub
from handlers.ids import Action, Turn
from handlers.judging import views
from handlers.views import blocks as b
from handlers.views.buttons import rate_button
from handlers.views.pages import Page, turns
from handlers.views.text import count, name

if TYPE_CHECKING:
    from bot.usecases.judging.judging import JudgesList, ListedPiece
    from bot.usecases.judging.practice import Practised

TITLE = Sub.JUDGE.row.window
_STANDINGS = {
    Standing.HERE: "🎧 in your messages",
    Standing.LATER: "⏳ comes later",
    Standing.SKIPPED: "⏭️ skipped, comes at the end",
    Standing.FLAGGED: "🚩 flagged, an organizer looks at it",
    Standing.RATED: "✅ rated",
}
_AT_ONCE = {1: "One at a time", 2: "Two at a time", 4: "Four at a time"}


def pieces(listed: JudgesList) -> b.View:
    """The list, a page of it, and below it the switches."""
    blocks = [
        b.section(f"*{name(listed.contest_name)}*\n{_progress(listed)}"),
        *([b.actions(views.practice_buttons(listed.contest_id))] if listed.practice and listed.judging else []),
        *(_line(piece, listed.round) for piece in listed.pieces),
        *_pages(listed),
        b.divider(),
        *_switches(listed),
    ]
    return b.modal(TITLE, blocks)


def told(listed: JudgesList) -> str:
    """The answer to ``judge pause`` and ``judge resume``."""
    left, contest = count(listed.total - listed.done, "piece"), f"*{name(listed.contest_name)}*"
    # Outside of the judging no number of pieces is final, and none is sent.
    if listed.paused:
        waits = f", {left} {'waits' if listed.total - listed.done == 1 else 'wait'}" if listed.judging else ""
        return f"⏸️ You pause in {contest}: I send nothing new{waits}. Go on with `/kantor judge resume`, today or in a week."
    if not listed.judging:
        return (
            f"▶️ You go on in {contest}. The judging does not run now; when it does, the pieces come to your messages."
        )
    return f"▶️ You go on in {contest}: {left} left. What comes next is in your messages."


def _progress(listed: JudgesList) -> str:
    if not listed.judging:
        return "The judging does not run now. When it does, the pieces come to your messages."
    done = f"*{listed.done} of {listed.total}* rated"
    if listed.aside:
        done += f", and {count(listed.aside, 'flagged piece')} with the organizers"
    if listed.paused:
        return f"⏸️ {done}. You pause: nothing new comes until you go on."
    if listed.practice:
        return f"{done}. The practice piece comes first: try it, or skip it."
    rest = listed.total - listed.done
    to_go = f"{count(rest, 'piece')} to go, about {2 * rest} minutes."
    if rest <= 0:
        return f"{done}. Nothing to do right now." if listed.aside else f"{done}. All done, thank you!"
    return f"{done}. {to_go}"


def _line(piece: ListedPiece, round_: str) -> b.Block:
    text = f"*{name(piece.alias)}*  ·  {_STANDINGS[piece.standing]}"
    if piece.mean is not None:
        text += f", {spelled(piece.mean)} of 5"
    if piece.standing is Standing.LATER:
        return b.section(text)
    label = "Change" if piece.standing is Standing.RATED else "Rate"
    return b.section(text, rate_button(piece.submission_id, round_, label, primary=False))


def _pages(listed: JudgesList) -> list[b.Block]:
    return turns(Turn.JUDGE_PAGE, listed.contest_id, Page(listed.pieces, listed.page, listed.pages))


def _switches(listed: JudgesList) -> list[b.Block]:
    where = listed.contest_id
    halt = (
        b.button("Go on", Action.JUDGE_RESUME, where) if listed.paused else b.button("Pause", Action.JUDGE_PAUSE, where)
    )
    leave = b.button("Leave the judging ...", Action.JUDGE_LEAVE, where)
    options = [b.option(_AT_ONCE[number], f"{where}:{number}") for number in CHOICES]
    initial = next(option for option, number in zip(options, CHOICES, strict=True) if number == listed.at_once)
    choose = b.select(options, initial) | {"action_id": Action.JUDGE_AT_ONCE.value}
    return [
        b.section("How I send you pieces", choose),
        b.context("Several: hear them all, then rate them in one go. One: hear it, rate it, and the window closes."),
        b.actions([halt, views.how_to_judge_button(where), leave]),
    ]


def practised(done: Practised) -> str:
    """What a judge reads after the practice piece, tried or skipped."""
    contest = f"*{name(done.contest_name)}*"
    if done.judging:
        return f"✅ That is all there is to it. Your first pieces in {contest} follow here, in a moment."
    if done.begun:
        return f"✅ That is all there is to it. In {contest} nothing waits for you to rate."
    return f"✅ That is all there is to it. When the judging of {contest} begins, I send you the pieces here."
