"""What a composition asks of the database, counted in statements: no clock, and the same on each machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.makers.world import ADA, small_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.submissions import Submission

UPLOAD, CHECK, COMPARE = 36, 29, 5
"""So many at the most; what is more has a reason, and is written down here."""


def statements(action: Callable[[], object]) -> list[str]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return asked


def test_a_composition_takes_few_statements(tmp_path: Path) -> None:
    """From the file to the card, for somebody who has their checklist: in a rush there are hundreds of them."""
    with small_world(tmp_path) as world:
        world.contest()
        world.accepted(ADA, "F1")
        world.inspector.score(b"bytes of F2", 50)
        pieces: list[Submission | None] = []
        taken = statements(lambda: pieces.append(world.upload(ADA, "F2")))
        (piece,) = pieces
        assert piece is not None
        checked = statements(lambda: world.verdicts.check(piece.id))
        compared = statements(lambda: world.copies.compare(piece.id))
    for asked, most in ((taken, UPLOAD), (checked, CHECK), (compared, COMPARE)):
        assert len(asked) <= most, "\n".join(asked)
