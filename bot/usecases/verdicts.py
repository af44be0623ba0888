"""The check of a composition: download, gate, verdict, picture and sound, card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, FileSource, Ids, Inspector, ObjectStore
    from models.store import Store


@dataclass(frozen=True)
class Verdicts:
    """Bring a submission from *received* to *accepted* or *refused*."""

    store: Store
    files: FileSource
    objects: ObjectStore
    inspector: Inspector
    clock: Clock
    ids: Ids

    def check(self, submission_id: str) -> None:
        """Check one submission. Safe to repeat after a crash at any point. Raises Unavailable: try again later."""
        raise NotImplementedError

    def give_up(self, submission_id: str, reference: str) -> None:
        """After the last try: mark it *failed*, tell the author and the organizers, with the reference of the log."""
        raise NotImplementedError
