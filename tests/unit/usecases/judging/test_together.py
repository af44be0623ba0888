"""Group commit: threads that ask at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.usecases.judging.together import MOST, Together

if TYPE_CHECKING:
    from collections.abc import Sequence


class Doubler:
    """Doubles numbers; the first go waits until it is told to end, odd goes fail as they are told."""

    def __init__(self, *, gate: threading.Event | None = None, broken: frozenset[int] = frozenset()) -> None:
        self.gate, self.broken = gate, broken
        self.goes: list[list[int]] = []

    def do_all(self, numbers: Sequence[int]) -> list[int | Refusal]:
        self.goes.append(list(numbers))
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.broken.intersection(numbers):
            raise OSError("the disk is full")
        return [Refusal(f"{number} is too much.") if number > 900 else 2 * number for number in numbers]


def crowd_behind(doubler: Doubler, numbers: Sequence[int]) -> list[int | Exception]:
    """The first number goes alone, the others wait for it together; what each got or raised."""
    together = Together(doubler.do_all)

    def ask(number: int) -> int | Exception:
        try:
            return together.do(number)
        except (Refusal, OSError) as error:
            return error

    with ThreadPoolExecutor(len(numbers)) as threads:
        first = threads.submit(ask, numbers[0])
        while not doubler.goes:
            threading.Event().wait(0.001)
        rest = [threads.submit(ask, number) for number in numbers[1:]]
        while len(together._line) < len(rest):
            threading.Event().wait(0.001)
        assert doubler.gate is not None
        doubler.gate.set()
        return [first.result(10), *(each.result(10) for each in rest)]


def test_alone_it_is_done_at_once() -> None:
    """Nobody waits for company."""
    doubler = Doubler()

    assert (6, [[3]]) == (Together(doubler.do_all).do(3), doubler.goes)


def test_those_who_come_meanwhile_are_done_together() -> None:
    """Everybody gets their own answer, in two goes."""
    doubler = Doubler(gate=threading.Event())

    answers = crowd_behind(doubler, range(40))

    assert [2 * number for number in range(40)] == answers
    assert [[0], 39] == [doubler.goes[0], len(doubler.goes[1])]


def test_one_go_has_an_end() -> None:
    """More than fit into one go are done in several."""
    doubler = Doubler(gate=threading.Event())

    crowd_behind(doubler, range(MOST + 21))

    assert [1, MOST, 20] == [len(go) for go in doubler.goes]


def test_a_refusal_is_for_one() -> None:
    """Who is refused reads why, the others are served."""
    answers = crowd_behind(Doubler(gate=threading.Event()), [1, 2, 901, 3])

    assert [2, 4, "901 is too much.", 6] == [getattr(answer, "sentence", answer) for answer in answers]


def test_a_failure_is_for_who_caused_it() -> None:
    """Where a go fails, each of the others is done alone: one poisonous wish does not spoil theirs."""
    answers = crowd_behind(Doubler(gate=threading.Event(), broken=frozenset({7})), [1, 2, 7, 3])

    others = [answer for answer in answers if isinstance(answer, int)]
    assert {OSError} == {type(answer) for answer in answers if not isinstance(answer, int)}
    assert {2, 4, 6} >= set(others)
    assert len(others) >= 2


def test_after_a_failure_the_line_moves_on() -> None:
    """A failed go does not keep the next one waiting."""
    together = Together(Doubler(broken=frozenset({7})).do_all)
    with pytest.raises(OSError, match="full"):
        together.do(7)

    assert 4 == together.do(2)
