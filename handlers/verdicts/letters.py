"""The AI judge's verdict: what its score means first, numbers after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.usecases.submissions.letters import VerdictNote
from bot.usecases.verdicts.letters import VerdictChart, VerdictRenewed
from handlers.verdicts.views import made_of, meaning
from handlers.views import blocks as b
from handlers.views.buttons import why_button
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import cut, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@draw.register
def _verdict(message: VerdictNote) -> Drawn:
    text = (
        f"🤖 The AI judge gives *{name(message.title)}* a score of *{spelled(message.score, 1)}* out of 100 for sounding like Bach."
        f" {meaning(message.score)} {sentence(message.standing)}".rstrip()
    )
    numbers = "  ·  ".join((*made_of(message.score, message.probability), f"heard as {name(message.key)}"))
    small = f"{name(message.model_version)} · For your eyes only until the contest is finished, and never mixed into people's ratings."
    why = [b.actions([why_button(message.submission_id)])] if message.submission_id else []
    return plainly(text, *_advice(message), b.context(numbers), *why, b.context(small))


def _advice(message: VerdictNote) -> Iterator[b.Block]:
    """The strongest reason of each kind; the window has them all."""
    if message.reasons_up:
        yield b.section(f"*What it liked most*: {sentence(cut(message.reasons_up[0], 250))}")
    yield from _to_try(message.reasons_down)


def _to_try(reasons: Sequence[str]) -> Iterator[b.Block]:
    if reasons:
        yield b.section(f"*One thing to try, to come closer*: {sentence(cut(reasons[0], 250))}")


@share_comment.register
def _share_chart(message: VerdictChart) -> str:
    return _chart(message)


@draw.register
def _draw_chart(message: VerdictChart) -> Drawn:
    return plainly(_chart(message))


def _chart(message: VerdictChart) -> str:
    return f"📊 *{name(message.title)}* beside Bach's works: {spelled(message.score, 1)} of 100"


@draw.register
def _renewed(message: VerdictRenewed) -> Drawn:
    text = (
        f"🤖 The AI judge was renewed and heard *{name(message.title)}* again: {spelled(message.before, 1)} became"
        f" *{spelled(message.after, 1)}* out of 100. {meaning(message.after)} {sentence(message.standing)}".rstrip()
    )
    small = f"{name(message.model_version)} · People's ratings stay as they are."
    return plainly(
        text, *_to_try(message.reasons_down), b.actions([why_button(message.submission_id)]), b.context(small)
    )
