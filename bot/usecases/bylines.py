"""How people read whose a composition is: its title and its author, instead of the name that it is known by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules.naming import by_author

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.store import Work
    from models.submissions import Submission


def whose(piece: Submission) -> dict[str, Any]:
    """The fields of ``bot.usecases.messages.Whose``."""
    return {"name": piece.name, "title": piece.title, "author": piece.user_id}


def byline(work: Work, piece: Submission) -> str:
    """``Morning Tide by Ada``, where no mention can stand."""
    author = work.people.get(piece.user_id)
    return by_author(piece.title, author.name if author else "")


def bylines(work: Work, pieces: Iterable[Submission]) -> dict[str, str]:
    """The same of many, by submission id."""
    names = work.people.names()
    return {piece.id: by_author(piece.title, names.get(piece.user_id, "")) for piece in pieces}
