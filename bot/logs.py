"""What the running bot logs, and where."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.errors import ConfigurationError


def configure_logs(level: str) -> None:
    """Logs to standard error: structlog for ours, the standard library's for others (Slack's at WARNING: at INFO they show payloads)."""
    number = logging.getLevelName(level.upper())
    if not isinstance(number, int):
        raise ConfigurationError("KANTOR_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    logging.basicConfig(
        stream=sys.stderr, level=max(number, logging.WARNING), format="%(asctime)s %(name)s %(message)s"
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
    )
