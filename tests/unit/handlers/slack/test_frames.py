"""Socket Mode, frame by frame, and who answers in which thread."""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener.listener_completion_handler import CustomListenerCompletionHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin.internals import _build_data_frame_for_sending, _receive_messages

from bot.waiting import Waiting
from handlers.slack.frames import FrameSocket
from handlers.slack.prompt import PromptApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 20.0


@pytest.fixture
def wire() -> Iterator[tuple[socket.socket, FrameSocket]]:
    """Slack's end of a connection, and ours."""
    theirs, ours = socket.socketpair()
    ours.settimeout(0.05)
    with closing(theirs), closing(ours):
        yield theirs, FrameSocket(ours)


def frame(payload: bytes) -> bytes:
    """As Slack sends it: not masked."""
    if len(payload) < 126:
        return bytes([0x81, len(payload)]) + payload
    wide = len(payload) > 65_535
    return bytes([0x81, 127 if wide else 126]) + len(payload).to_bytes(8 if wide else 2, "big") + payload


def heard(ours: FrameSocket) -> list[bytes]:
    """What slack_sdk makes of one read."""
    read: Any = ours
    return [data for _, data in _receive_messages(read, threading.Lock(), logging.getLogger("test"), 65_536)]


def test_a_message_is_there_before_the_next_one_is_whole(wire: tuple[socket.socket, FrameSocket]) -> None:
    """Who submitted first is served first, however many others come behind; half a message is waited for, and not lost."""
    theirs, ours = wire
    short, middle, long = b"hello", b"x" * 6_000, b"y" * 70_000
    theirs.sendall(b"\n" + frame(short) + frame(middle) + frame(long)[:1_000])
    assert [[short], [middle]] == [heard(ours), heard(ours)]
    with pytest.raises(TimeoutError):
        heard(ours)
    sending = threading.Thread(target=theirs.sendall, args=(frame(long)[1_000:],))
    sending.start()
    ours.settimeout(PATIENCE)
    assert [long] == heard(ours)
    sending.join(PATIENCE)


def test_the_other_side_hangs_up(wire: tuple[socket.socket, FrameSocket]) -> None:
    """The end of a connection is told as a socket tells it."""
    theirs, ours = wire
    theirs.sendall(frame(b"half")[:3])
    theirs.shutdown(socket.SHUT_RDWR)
    assert b"" == ours.recv(65_536)


def test_all_of_an_answer_is_sent(wire: tuple[socket.socket, FrameSocket]) -> None:
    """An answer that is larger than what the machine takes at once arrives whole."""
    theirs, ours = wire
    answer = _build_data_frame_for_sending("z" * 60_000, 1) * 20
    ours.settimeout(PATIENCE)
    sending = threading.Thread(target=ours.send, args=(answer,))
    sending.start()
    arrived = b""
    while len(arrived) < len(answer):
        arrived += theirs.recv(65_536)
    sending.join(PATIENCE)
    assert answer == arrived


class AtOnce(Executor):
    """Does what it gets before it says that it has it: as quick as a thread may ever be."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **named))
        return future


def app(executor: Executor | None = None) -> tuple[PromptApp, dict[str, str], threading.Event, threading.Event]:
    """An app that notes who works in which thread; what comes after its listeners waits until it is let go."""
    where: dict[str, str] = {}
    go_on, done = threading.Event(), threading.Event()

    def afterwards() -> None:
        assert go_on.wait(PATIENCE)
        where["afterwards"] = threading.current_thread().name
        done.set()

    def submitted(ack: Any) -> None:
        where["submitted"] = threading.current_thread().name
        ack(response_action="clear")

    def pressed(ack: Any) -> None:
        where["pressed"] = threading.current_thread().name
        if executor is not None:
            raise RuntimeError("no disk")

    def at_once(ack: Any, next_: Any) -> None:
        ack()
        next_()

    us = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-x", bot_id="B1", bot_user_id="U2")
    made = PromptApp(
        executor=executor or ThreadPoolExecutor(4, "listener"), client=WebClient("xoxb-x"), authorize=lambda: us
    )
    made.listener_runner.listener_completion_handler = CustomListenerCompletionHandler(made.logger, afterwards)
    made.view("form")(submitted)
    made.action("button", middleware=[at_once])(pressed)
    return made, where, go_on, done


def test_whoever_submits_is_answered_by_the_thread_that_heard_them() -> None:
    """The answer is there as soon as the listener is done, and does not wait for what comes after it."""
    made, where, go_on, done = app()
    view = {"type": "view_submission", "view": {"type": "modal", "callback_id": "form"}, "user": {"id": "U1"}}
    answer = made.dispatch(BoltRequest(mode="socket_mode", body=view))
    assert ({"submitted": threading.current_thread().name}, 200) == (where, answer.status)
    go_on.set()
    assert done.wait(PATIENCE)
    assert where["afterwards"].startswith("listener")


def test_what_is_acknowledged_at_once_is_done_elsewhere() -> None:
    """A press is acknowledged before its listener runs, however long that takes."""
    made, where, go_on, _ = app()
    button = {"type": "block_actions", "actions": [{"action_id": "button", "block_id": "b"}], "user": {"id": "U1"}}
    assert 200 == made.dispatch(BoltRequest(mode="socket_mode", body=button)).status
    go_on.set()
    made.listener_runner.listener_executor.shutdown()
    assert where["pressed"].startswith("listener")


def test_whoever_fails_at_once_was_acknowledged_all_the_same() -> None:
    """A listener that raises before Bolt looks whether it was acknowledged: the person reads our sentence, and not Slack's error, too."""
    made, where, go_on, _ = app(AtOnce())
    told = []
    made.error(lambda error: told.append(str(error)))
    go_on.set()
    button = {"type": "block_actions", "actions": [{"action_id": "button", "block_id": "b"}], "user": {"id": "U1"}}
    assert 200 == made.dispatch(BoltRequest(mode="socket_mode", body=button)).status
    assert (["no disk"], {"pressed", "afterwards"}) == (told, set(where))


def test_letters_let_people_go_first() -> None:
    """While somebody waits what runs by itself waits, too, but not for ever."""
    waiting, passed = Waiting(longest=PATIENCE), threading.Event()

    def letters() -> None:
        waiting.let_pass()
        passed.set()

    behind = threading.Thread(target=letters)
    with waiting.somebody(), waiting.somebody():
        behind.start()
        assert not passed.wait(0.05)
        Waiting(longest=0.01).let_pass()
    assert passed.wait(PATIENCE)
    behind.join(PATIENCE)
    impatient = Waiting(longest=0.01)
    with impatient.somebody():
        impatient.let_pass()
