"""Pictures of boards, made before the letter that shows them is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.ports import Enclosure
from bot.rules import storage

if TYPE_CHECKING:
    from bot.ports import ObjectStore, Posters
    from bot.usecases.boards.letters import BoardPost


@dataclass(frozen=True)
class Gallery:
    """Draws boards, and keeps the pictures under ``boards/``."""

    posters: Posters
    objects: ObjectStore

    def hang(self, snapshot_id: str, board: BoardPost, *, ai: bool = False) -> tuple[Enclosure, ...]:
        """The picture of the top of the board (``ai``: of the AI judge's), as an upload; none where there is nothing to show.

        None, too, where it cannot be stored now: a board without a picture is better than no board.
        """
        rows = (board.ai_rows or ()) if ai else board.rows
        if not rows:
            return ()
        picture = self.posters.draw(board, ai=ai)
        key = storage.poster(snapshot_id, ai=ai)
        try:
            self.objects.put(key, picture.png)
        except Unavailable:
            return ()
        whose = "The AI judge's top" if ai else "The top"
        return (
            Enclosure(key, "ai-top.png" if ai else "top.png", f"{whose} of {board.contest_name}", picture.alt_text),
        )
