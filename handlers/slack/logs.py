"""What Slack's libraries may log: that something happened, never the payload (it can hold a password, or a private note)."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 200


class WithoutPayloads(logging.Filter):
    """Keeps of each record the first line, up to where a payload begins."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record in place; all are kept but Bolt's surprise at a token that its client has already."""
        if record.getMessage().startswith("As you gave `client` as well"):
            return False
        words = record.getMessage().partition("\n")[0]
        for opening in ("{", "b'", "body"):
            words = words.partition(opening)[0]
        record.msg, record.args = words[:LONGEST], None
        return True


def library_logger(name: str = "kantor.slack") -> logging.Logger:
    """The logger for Bolt and the SDK. Below INFO they print whole payloads, so its level is INFO at least."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    if not any(isinstance(each, WithoutPayloads) for each in logger.filters):
        logger.addFilter(WithoutPayloads())
    return logger


@contextlib.contextmanager
def quiet_about_lost_connections() -> Iterator[None]:
    """While we hang up: that the connection is gone is what we wanted, and frightens whoever has just pressed Ctrl-C."""

    def is_news(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Failed to check the state of sock")

    logger = library_logger()
    logger.addFilter(is_news)
    try:
        yield
    finally:
        logger.removeFilter(is_news)


def quieten_libraries() -> None:
    """The same floor for the modules of Slack's libraries that bring their own loggers (``respond`` does)."""
    for name in ("slack_sdk", "slack_bolt"):
        library = logging.getLogger(name)
        library.setLevel(max(logging.INFO, logging.getLogger().level))
