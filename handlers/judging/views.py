"""What stands in several places of a judge's way: buttons, menus, what judges go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views.text import name, typed
from handlers.views.words import bullets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.usecases.judging.judging import Guidance

HOW_TITLE = "How to judge"
SKIP, FLAG, RECUSE, HOW = "skip", "flag", "recuse", "how"
"""What a piece's menu offers, before ``:`` and the submission's id."""
FLAG_WORDS = {
    "file": "the wrong or a broken file",
    "copy": "seems to be copied",
    "offensive": "is offensive",
    "other": "something else",
}


def piece_menu(submission_id: str) -> b.Block:
    """What can be done with a piece besides rating it."""
    return _menu(
        submission_id,
        (
            ("Skip for now", SKIP),
            ("Flag: something is wrong", FLAG),
            ("Recuse: I should not rate it", RECUSE),
            (HOW_TITLE, HOW),
        ),
    )


def rated_menu(submission_id: str) -> b.Block:
    """The same for one that has been rated."""
    return _menu(submission_id, (("Flag: something is wrong", FLAG), ("Recuse: I should not rate it", RECUSE)))


def _menu(submission_id: str, choices: Sequence[tuple[str, str]]) -> b.Block:
    options = [b.option(text, f"{what}:{submission_id}") for text, what in choices]
    return {"type": "overflow", "action_id": Action.PIECE_MENU.value, "options": options}


def practice_buttons(contest_id: str) -> list[b.Block]:
    """Try the form, or begin."""
    return [
        b.button("Try the form", Action.PRACTISE, contest_id, primary=True),
        b.button("Skip practice", Action.SKIP_PRACTICE, contest_id),
    ]


def how_to_judge_button(contest_id: str) -> b.Block:
    """Opens the tenets and the scale."""
    return b.button("Read how to judge", Action.HOW_TO_JUDGE, contest_id)


def queue_button(contest_id: str) -> b.Block:
    """Opens the judge's own list."""
    return b.button("See my pieces", Action.JUDGE_QUEUE, contest_id)


def how_to_judge(guidance: Guidance) -> b.View:
    """The tenets, the scale, the criteria, and the way through."""
    return b.modal(HOW_TITLE, how_blocks(guidance), close="OK")


def how_blocks(guidance: Guidance) -> list[b.Block]:
    """The same, to stand somewhere else."""
    return [
        b.section(
            f"*What we go by in {name(guidance.contest_name)}*\n{bullets([typed(line) for line in guidance.tenets])}"
        ),
        b.section(scale_block(guidance)),
        b.section(
            "*What you rate*\n"
            + bullets(
                tuple(
                    f"*{name(told)}*  {name(each.question, 300)}"
                    for told, each in zip(guidance.scheme.told, guidance.scheme.criteria, strict=True)
                )
            )
        ),
        b.section(
            "*How it goes*\nPlay the piece in my messages, press *Rate*, save. Four pieces are with you at a time: hear them,"
            " and the form leads from the first to the second. What you fill in is kept if you close the window.\n"
            "`/kantor judge` shows your pieces, and lets you pause."
        ),
    ]


def scale_block(guidance: Guidance) -> str:
    """What the scores mean, a line each, from the best down, as the form has them."""
    lines = [
        f"*{name(guidance.scheme.label(score))}*  {name(meaning, 300)}"
        for score, meaning in enumerate(guidance.meanings, 1)
    ]
    return f"*What 1 to 5 mean*\n{bullets(tuple(reversed(lines)))}"
