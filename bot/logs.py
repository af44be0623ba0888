"""What the running bot logs, and where."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING

import structlog

from bot.errors import ConfigurationError
from bot.rules.causes import cause

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _one_line_each(_: object, __: str, event: EventDict) -> EventDict:
    """Nothing that somebody typed begins a line of its own, or tells a terminal anything; values are written with escapes anyway."""
    event["event"] = _CONTROLS.sub(_escaped, str(event["event"]))
    if "exception" in event:
        lines = str(event["exception"]).split("\n")
        event["exception"] = "\n".join(f"  {_CONTROLS.sub(_escaped, line)}" for line in lines)
    return event


def _escaped(control: re.Match[str]) -> str:
    return control[0].encode("unicode_escape").decode()


def _with_cause(_logger: object, _name: str, event: EventDict) -> EventDict:
    """What it came of; whoever looks for that name finds all of it."""
    if (name := cause()) is not None:
        event["cause"] = name
    return event


_BEFORE: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    _with_cause,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _one_line_each,
)


def configure_logs(level: str) -> None:
    """Logs to standard error, ours and those of libraries in one format (Slack's at WARNING: at INFO they show payloads).

    A terminal reads words, a file ``key='value'``.
    """
    number = logging.getLevelName(level.upper())
    if not isinstance(number, int):
        raise ConfigurationError("KANTOR_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_BEFORE],
        )
    )
    logging.basicConfig(handlers=[others], level=max(number, logging.WARNING))
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[*_BEFORE, renderer],
    )
