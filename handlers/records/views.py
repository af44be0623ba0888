"""Windows about the data of a contest: exports, and erasing a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Block, Callback
from handlers.views import blocks as b
from handlers.views.text import count, mention, name, sentence
from handlers.views.words import bullets

if TYPE_CHECKING:
    from bot.usecases.records.erasure import ErasureDone, ErasurePreview

ERASE_TITLE = Sub.ERASE.row.window
ASK_TITLE = "Erase my data"


def ordered(contest_name: str) -> str:
    """The file is on its way."""
    return (
        f"📦 I am gathering everything of *{name(contest_name)}*; the file comes to your direct messages in a moment."
    )


def rotation_ordered(contest_name: str) -> b.View:
    """The list is on its way."""
    text = f"🔑 The list of accounts of *{name(contest_name)}* to rotate comes to your direct messages in a moment."
    return b.modal("Accounts", [b.section(text)])


def choosing() -> b.View:
    """Asks whom."""
    hint = "The next window shows what would go; nothing is erased yet."
    who = b.input_block(Block.PERSON, "Whose data shall I erase?", b.user_select(), hint=hint)
    return b.form(ERASE_TITLE, [who], b.Submit("Show", Callback.CHOOSE_ERASED))


def erasing(preview: ErasurePreview) -> b.View:
    """What goes and what stays, before it is confirmed by the name."""
    there = preview.traces
    found = [
        (there.pieces, "composition", "with their files, pictures, sounds and verdicts"),
        (there.ratings, "rating", f"as a judge: the scores stay, nameless; words in {there.comments} of them go"),
        (there.accounts, "account", "back to you, to be rotated"),
        (there.waits, "place", "in the line for accounts"),
        (there.roles, "role", "as judge or organizer"),
        (there.letters, "message", "of mine to them, here in my database"),
    ]
    goes = [f"{count(number, noun)} {more}" for number, noun, more in found if number]
    where = ", ".join(f"*{name(each)}*" for each in preview.contests) or "no contest"
    stays = (
        "The trail keeps what happened, with a random token in the place of the person. The places of others change only "
        "where a composition leaves. What stands in Slack itself (their own messages and files, my answers below them, exports "
        "that you took) I cannot take back: please delete that there."
    )
    typed = b.input_block(
        Block.TYPED_NAME, f"Type their name to confirm: {preview.name}"[:150], b.text_input(max_length=200)
    )
    blocks = [
        b.section(f"🧽 Erase {mention(preview.user_id)}, *{name(preview.name)}*, from {where}? *It cannot be undone.*"),
        b.section(f"*What goes*\n{bullets([*goes, 'their name, wherever I wrote it down'])}"),
        *(
            [b.section(f"*Before you go on*\n{bullets([sentence(each) for each in preview.warnings])}")]
            if preview.warnings
            else []
        ),
        b.section(f"*What stays*\n{stays}"),
        typed,
    ]
    return b.form(ERASE_TITLE, blocks, b.Submit("Erase", Callback.ERASE_PERSON, {"user_id": preview.user_id}))


def erased(done: ErasureDone) -> b.View:
    """It is done."""
    text = (
        f"🧽 *{name(done.name)}* is erased, with {count(done.pieces, 'composition')}; the files follow within minutes. In the "
        f"trail they are `{done.token}` now. Please delete what stands in Slack itself, and tell them."
    )
    return b.modal(ERASE_TITLE, [b.section(text)])


def asking() -> b.View:
    """Before a person's wish is passed on."""
    text = (
        "Shall I ask the organizers to erase what I know of you? Your compositions would leave the contest with their files, "
        "your name and your comments go, and an account goes back. It cannot be undone. An organizer confirms it, and may write to you first."
    )
    return b.form(ASK_TITLE, [b.section(f"🧽 {text}")], b.Submit("Ask them", Callback.ASK_ERASURE))


def asked() -> b.View:
    """The organizers know."""
    return b.modal(ASK_TITLE, [b.section("✉️ The organizers know, and will write to you.")])
