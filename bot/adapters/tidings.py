"""What others commit on the same PostgreSQL is heard at once: LISTEN, on a connection of its own.

Whoever waits for it looks for themselves now and then, too. So nothing is lost where nobody can be heard: the server is being restarted, or a
pooler stands before it that hands connections from one to the other (PgBouncer by transactions).
"""

from __future__ import annotations

import select
import socket
import threading
from typing import TYPE_CHECKING

import psycopg
import structlog
from psycopg.sql import SQL, Identifier

from models.engines import conninfo
from models.postgres import connected

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

AGAIN = 5.0


class Tidings:
    """A thread that hears a bell (a channel, as PostgreSQL calls it), from ``start`` to ``stop``.

    Args:
        url: The database's.
        bell: Where it rings.
        heard: Called at each ring, and whenever it may have rung unheard: quick, and it must not raise.
        again: Seconds until the next try to be connected.
    """

    def __init__(self, url: str, bell: str, heard: Callable[[], None], again: float = AGAIN) -> None:
        self._info, self._bell, self._heard, self._again = conninfo(url), bell, heard, again
        self._stopped, self._hears = threading.Event(), True
        self._thread = threading.Thread(target=self._loop, name=f"kantor-hears-{bell}", daemon=True)

    def start(self) -> None:
        """Begin. Not to be started twice."""
        self._wake, self._woken = socket.socketpair()
        self._thread.start()

    def stop(self) -> None:
        """Nothing more is heard."""
        self._stopped.set()
        if self._thread.is_alive():
            self._wake.close()
            self._thread.join(AGAIN)

    def _loop(self) -> None:
        with self._woken:
            self._listen_again_and_again()

    def _listen_again_and_again(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                if self._hears:
                    log.info("others are not heard for a while, and looked for", reason=type(error).__name__)
                self._hears = False
                self._stopped.wait(self._again)

    def _listen(self) -> None:
        with connected(self._info) as connection:
            connection.autocommit = True
            connection.execute(SQL("LISTEN {}").format(Identifier(self._bell)))
            self._hears = True
            self._heard()  # it may have rung before
            while not self._stopped.is_set():
                select.select([connection.fileno(), self._woken.fileno()], [], [])
                if not self._stopped.is_set() and list(connection.notifies(timeout=0)):
                    self._heard()
