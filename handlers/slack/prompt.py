"""The Bolt app, without its waiting: Bolt looks every 10 ms whether a listener in another thread has acknowledged.

Fifty threads that look take the processor from the one that works, just when many people submit at once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from slack_bolt import App
from slack_bolt.listener.listener_completion_handler import ListenerCompletionHandler
from slack_bolt.listener.thread_runner import ThreadListenerRunner

from bot.rules.causes import caused
from handlers import payloads

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future

    from slack_bolt import BoltRequest, BoltResponse
    from slack_bolt.listener import Listener

T = TypeVar("T")
log = structlog.get_logger()


class PromptApp(App):
    """Who acknowledges only after a commit is served in the thread that brought the request, and that answers as soon as it returns."""

    def __init__(self, *, executor: Executor, **settings: Any) -> None:
        super().__init__(listener_executor=executor, **settings)
        self._listener_runner = _Runner(**vars(self._listener_runner))

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """As Bolt's; whatever comes of it bears one name in the log."""
        with caused(payloads.cause(req.body)):
            what, is_talk = payloads.heard(req.body)
            (log.debug if is_talk else log.info)("heard", what=what)
            return super().dispatch(req)


class Hands(ThreadPoolExecutor):
    """Threads that know, as whoever asks them does, what it is that they work for."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """In the context of whoever asks."""
        return super().submit(copy_context().run, fn, *args, **kwargs)


AFTERWARDS = 2
"""Threads for what comes after an acknowledgement: each that is begun keeps somebody waiting, so in a rush there are no fifty of them."""


class _Runner(ThreadListenerRunner):
    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._parts, self.afterwards = parts, Hands(AFTERWARDS, thread_name_prefix="listener-afterwards")

    def run(
        self,
        request: BoltRequest,
        response: BoltResponse,
        listener_name: str,
        listener: Listener,
        starting_time: float | None = None,
    ) -> BoltResponse | None:
        """What is acknowledged already is answered so at once, and its listener may take its time, in a thread of its own.

        Bolt would look at the acknowledgement again after it has begun that thread, and forgets it where the listener raises before
        that (a refusal takes no millisecond): the person would read that Kantor did not answer.
        """
        asked = (request, response, listener_name, listener, starting_time)
        if listener.auto_acknowledgement:
            return super().run(*asked)
        answered: BoltResponse | None = request.context.ack.response
        if answered is not None:
            self.listener_executor.submit(self._here(self.listener_completion_handler).run, *asked)
            return answered
        return self._here(_Afterwards(self.afterwards, self.listener_completion_handler)).run(*asked)

    def _here(self, completion: ListenerCompletionHandler) -> ThreadListenerRunner:
        """Runs a listener in the thread that asks for it."""
        here = {"process_before_response": True, "listener_completion_handler": completion}
        here["listener_error_handler"] = self.listener_error_handler  # was set since, as the one before
        return ThreadListenerRunner(**self._parts | here)


@dataclass(frozen=True)
class _Afterwards(ListenerCompletionHandler):
    """What comes after a listener comes after its acknowledgement, too."""

    executor: Executor
    behind: ListenerCompletionHandler

    def handle(self, request: BoltRequest, response: BoltResponse | None) -> None:
        """Begin it."""
        self.executor.submit(self.behind.handle, request, response)
