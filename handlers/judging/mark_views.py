"""Skipping, flagging, recusing, leaving; and the flags as organizers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.judging.marks import FLAGS, MAX_REASON
from handlers.ids import Action, Block, Callback, Turn
from handlers.judging import views
from handlers.views import blocks as b
from handlers.views.pages import page_of, turns
from handlers.views.text import count, mention, name, viewers_time

if TYPE_CHECKING:
    from bot.usecases.judging.marks import Flag, Flags, LeaveAsked, Marked, PieceAsked

SETTLE_TITLE = "Settle a flag"
SHOWN = 20
"""Flags in one answer; those that are open come first."""
_YES, _NO = "yes", "no"


def skipped(marked: Marked) -> str:
    """The answer to a skip."""
    if marked.left <= 1:
        return f"⏭️ *{name(marked.alias)}* is put off, and it is the last one: it comes back now."
    return f"⏭️ *{name(marked.alias)}* is put off: it comes back at the end. The next piece follows."


def undone(marked: Marked) -> str:
    """The answer to taking a mark back."""
    return f"↩️ *{name(marked.alias)}* is yours to rate again, with the button of its message."


def flag(asked: PieceAsked) -> b.View:
    """What is wrong with a piece."""
    kinds = [b.option(views.FLAG_WORDS[kind][:1].upper() + views.FLAG_WORDS[kind][1:], kind) for kind in FLAGS]
    then = (
        "Your rating stays as it is." if asked.rated else "I put the piece aside for you until one of them has looked."
    )
    blocks = [
        b.section(
            f"🚩 *{name(asked.alias)}*  ·  {name(asked.contest_name)}\nThe organizers read this; the author does not. {then}"
        ),
        b.input_block(Block.FLAG_KIND, "What is it?", b.radio(kinds)),
        _why("What did you notice?", "Such as: bars 3 to 6 are the beginning of “Für Elise”."),
    ]
    return b.form(
        "Flag a piece", blocks, b.Submit("Tell them", Callback.FLAG_PIECE, {"submission_id": asked.submission_id})
    )


def flagged(marked: Marked) -> b.View:
    """The answer."""
    text = f"🚩 The organizers know about *{name(marked.alias)}*, and I tell you what comes of it. {_rest(marked)}"
    return b.modal("Thank you", [b.section(text)], close="OK")


def recuse(asked: PieceAsked) -> b.View:
    """What recusing from a piece means."""
    kept = " What you gave it is kept, and counts no more." if asked.rated else ""
    blocks = [
        b.section(
            f"🙋 *{name(asked.alias)}*  ·  {name(asked.contest_name)}\nIf you know whose it is, or cannot be fair to it, leave it to the"
            f" others: it never comes back to you, in no round.{kept} The organizers are told."
        ),
        _why("Why?", "Such as: I helped to write it."),
    ]
    return b.form("Recuse", blocks, b.Submit("Recuse", Callback.RECUSE_PIECE, {"submission_id": asked.submission_id}))


def recused(marked: Marked) -> b.View:
    """The answer."""
    text = f"🙋 *{name(marked.alias)}* is not yours to rate any more. Thank you for being fair. {_rest(marked)}"
    return b.modal("Thank you", [b.section(text)], close="OK")


def leave(asked: LeaveAsked) -> b.View:
    """What leaving the judging means."""
    choices = [
        b.option("Yes, they were fair: they count", _YES),
        b.option("No, I should not have judged here", _NO),
    ]
    question = b.input_block(
        Block.COUNTS,
        f"Shall the {count(asked.rated, 'rating')} that you gave count?",
        b.radio(choices, choices[0]),
        hint="They are kept either way; where they do not count they move nobody on the board.",
    )
    blocks = [
        b.section(
            f"You would judge *{name(asked.contest_name)}* no more: nothing comes to you any more, and the organizers are told."
            " To take a break only, press *Pause* instead."
        ),
        *([question] if asked.rated else []),
        _why("Why?", "Such as: I have no more time."),
    ]
    return b.form(
        "Leave the judging", blocks, b.Submit("Leave", Callback.LEAVE_JUDGING, {"contest_id": asked.contest_id})
    )


def left(asked: LeaveAsked) -> b.View:
    """The answer."""
    text = (
        f"👋 You judge *{name(asked.contest_name)}* no more. Thank you for listening! An organizer can bring you back."
    )
    return b.modal("Thank you", [b.section(text)], close="OK")


def flags(found: Flags, page: int = 0) -> list[b.Block]:
    """The answer to ``/kantor flags``; a page of it."""
    if not found.flags:
        return [b.section(f"🚩 Nothing is flagged in *{name(found.contest_name)}*.")]
    shown = page_of(found.flags, page, SHOWN)
    return [
        b.section(f"🚩 *Flags in {name(found.contest_name)}*"),
        *(_flag_line(each) for each in shown.items),
        *turns(Turn.FLAGS_PAGE, found.channel_id, shown),
    ]


def _flag_line(each: Flag) -> b.Block:
    if each.resolved_by:
        return b.section(f"✅ {_words(each)}\nSettled by {mention(each.resolved_by)}.")
    return b.section(f"🚩 {_words(each)}", b.button("Settle", Action.SETTLE_FLAG, each.mark_id))


def _words(each: Flag) -> str:
    what = views.FLAG_WORDS.get(each.what, each.what)
    called = f"*{name(each.alias)}* ({name(each.name, 120)})" if each.name else f"*{name(each.alias)}*"
    lead = f"{called}: {what}"
    return f"{lead}\n{mention(each.judge)}, {viewers_time(each.at)}: {name(each.reason, 600)}"


def settle(each: Flag) -> b.View:
    """An organizer decides."""
    if each.resolved_by:
        return settled(each)
    choices = [
        b.option("It is fine: the judge rates it", _YES),
        b.option("The judge need not rate it", _NO),
    ]
    note = b.text_input(max_length=MAX_REASON, multiline=True)
    blocks = [
        b.section(f"🚩 {_words(each)}"),
        b.input_block(Block.COMES_BACK, "What shall the judge do?", b.radio(choices)),
        b.input_block(Block.REASON, "A word to the judge", note, hint="The judge reads it.", optional=True),
    ]
    return b.form(SETTLE_TITLE, blocks, b.Submit("Settle", Callback.SETTLE_FLAG, {"mark_id": each.mark_id}))


def settled(each: Flag) -> b.View:
    """The answer."""
    return b.modal(SETTLE_TITLE, [b.section(f"✅ {_words(each)}\nIt is settled, and the judge is told.")], close="OK")


def is_yes(value: str) -> bool:
    """Whether the first of two choices was made; it counts also where there was no question."""
    return value != _NO


def _why(label: str, hint: str) -> b.Block:
    return b.input_block(Block.REASON, label, b.text_input(max_length=MAX_REASON, multiline=True), hint=hint)


def _rest(marked: Marked) -> str:
    if not marked.left:
        return "Nothing else waits for you."
    return f"{count(marked.left, 'piece')} to go; the next one is in your messages."
