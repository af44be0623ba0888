"""What a drawn message is, and the register of how each kind is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from handlers.views import blocks as b
from handlers.views.text import cut_markup


@dataclass(frozen=True)
class Drawn:
    """A message in Slack's terms."""

    text: str
    """What notifications and screen readers get, and what a shared file's comment says."""
    blocks: tuple[b.Block, ...]
    newer: tuple[b.Block, ...] = ()
    """The same with blocks that not every workspace has yet, and that say what pictures said; empty: there is no such form."""


@singledispatch
def draw(message: object) -> Drawn:
    """The message as text and blocks. Raises TypeError for what is no message."""
    raise TypeError(f"no view for {type(message).__name__}")


@singledispatch
def share_comment(message: object) -> str | None:  # noqa: ARG001 - the register's signature
    """The comment (mrkdwn) on the share of a message's files; None where its files go out without words."""
    return None


def plainly(text: str, *more: b.Block) -> Drawn:
    """One section of mrkdwn, and what follows it."""
    return Drawn(cut_markup(text, b.MESSAGE_TEXT), (b.section(text), *more))
