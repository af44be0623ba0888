"""A call to the outside has an end for us, whatever the other side does."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from bot.attempts import Deadline, attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG, SHORT = 60.0, 0.05


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What is waited for in vain, until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_what_comes_in_time_is_given_back() -> None:
    """The value, or the very exception."""
    failure = ValueError("no")

    def fail() -> None:
        raise failure

    assert "value" == Deadline(LONG).keep(lambda: "value")
    assert failure is attempt(lambda: Deadline(LONG).keep(fail))


def test_what_never_ends_is_left(never: threading.Event) -> None:
    """The caller is free again."""
    with pytest.raises(TimeoutError, match=r"not over after 0\.05 s"):
        Deadline(SHORT).keep(never.wait)


def test_few_are_left_at_a_time(never: threading.Event) -> None:
    """With two that hang a third is not begun; once they have ended, calls are made again."""
    deadline, made = Deadline(SHORT, late=2), list[int]()
    for _ in range(2):
        with pytest.raises(TimeoutError, match="not over after"):
            deadline.keep(never.wait)
    with pytest.raises(TimeoutError, match="2 calls before this one"):
        deadline.keep(lambda: made.append(1))
    assert [] == made
    never.set()
    until = time.monotonic() + LONG
    while attempt(lambda: deadline.keep(lambda: made.append(1))) is not None:
        assert time.monotonic() < until
    assert [1] == made[-1:]


def test_while_the_machine_sleeps_nobody_is_late() -> None:
    """An answer that came during the sleep is there, however long that was: it only has to be read."""
    program = (
        "import sys, time; from bot.attempts import Deadline;"
        "listen = lambda: (print('asked', flush=True), sys.stdin.readline(), time.sleep(0.1))[1];"
        "print(Deadline(2, step=0.1).keep(listen))"
    )
    with subprocess.Popen(
        (sys.executable, "-c", program), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as asker:
        assert asker.stdin is not None
        assert asker.stdout is not None
        assert "asked" == asker.stdout.readline().strip()
        asker.send_signal(signal.SIGSTOP)
        print("the answer", file=asker.stdin, flush=True)
        threading.Event().wait(2.5)  # longer than the deadline: time itself is what is tested
        asker.send_signal(signal.SIGCONT)
        assert "the answer" == asker.stdout.readline().strip()
