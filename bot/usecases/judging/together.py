"""Group commit: what many threads ask for at the same moment is done in one transaction."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

MOST = 100
"""Asked for in one go: a transaction should stay short."""


@dataclass(eq=False)
class _Place(Generic[Asked, Answer]):
    """A thread's place in the line."""

    asked: Asked
    called: threading.Event = field(default_factory=threading.Event)
    outcome: Answer | Refusal | None = None
    leads: bool = False
    """It is this thread's turn to do what waits."""


class Together(Generic[Asked, Answer]):
    """Does at once what comes alone; what comes meanwhile waits, and is done in one go after it. Nobody waits for company.

    Args:
        do_all: Does all that it is given, or raises and has done nothing of it. Its outcomes are in the same order; one that is
            a Refusal is raised for the one who asked.
    """

    def __init__(self, do_all: Callable[[Sequence[Asked]], Sequence[Answer | Refusal]]) -> None:
        self._do_all = do_all
        self._desk = threading.Lock()
        self._line: list[_Place[Asked, Answer]] = []
        self._busy = False

    def do(self, asked: Asked) -> Answer:
        """Returns what was asked for once it is done. Raises its Refusal, or what ``do_all`` raised."""
        place: _Place[Asked, Answer] = _Place(asked)
        with self._desk:
            self._line.append(place)
            place.leads, self._busy = not self._busy, True
        if not place.leads:
            place.called.wait()
        if place.leads:
            self._lead(place)
        elif place.outcome is None:
            # Another's transaction failed, perhaps for a reason of its own: once more, alone.
            place.outcome = self._do_all([asked])[0]
        if isinstance(place.outcome, Refusal):
            raise place.outcome
        assert place.outcome is not None
        return place.outcome

    def _lead(self, place: _Place[Asked, Answer]) -> None:
        with self._desk:
            batch, self._line = self._line[:MOST], self._line[MOST:]
        try:
            outcomes = self._do_all([each.asked for each in batch])
            for each, outcome in zip(batch, outcomes, strict=True):
                each.outcome = outcome
        finally:
            self._hand_over()
            for each in batch:
                if each is not place:
                    each.called.set()

    def _hand_over(self) -> None:
        """The first that waits leads next: whoever led has an answer, and should not be kept."""
        with self._desk:
            self._busy = bool(self._line)
            if self._line:
                self._line[0].leads = True
                self._line[0].called.set()
