"""For all tests."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes says something of the machine: on a busy one any of them may take Hypothesis's 200 ms.
settings.register_profile("kantor", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kantor")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What there is once all tests are known lives until the end: it is not looked through for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _logs_go_to_pytest() -> None:
    """Log through the standard library, which pytest captures with a lock.

    structlog's own printing to the captured standard output from a thread of the bot's, while pytest takes that output away at
    the end of a test, has crashed the interpreter (a segmentation fault in ``print``, Python 3.11.7). Before each test: a command
    that a test runs in this process (``kantor sandbox``) sets up logs of its own, to a stream that is closed with it.
    """
    structlog.configure(
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
    )
