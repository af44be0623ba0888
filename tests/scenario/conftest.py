"""A stage for scenarios: a sandbox workspace on a real socket, and the real bot connected to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.adapters.inspector import ProcessInspector
from tests.makers.stage import Stage, Theatre

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def inspector() -> Iterator[ProcessInspector]:
    """The real child process that opens files; shared, since it takes seconds to start."""
    process = ProcessInspector(workers=1, sound_bank="")
    yield process
    process.close()


@pytest.fixture
def stage(tmp_path: Path, inspector: ProcessInspector) -> Iterator[Stage]:
    """The workspace with the bot in it; no contest yet."""
    with Stage.raised(tmp_path, inspector) as raised:
        yield raised


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    """An open contest, with the bot in a process of its own that may be killed."""
    with Theatre.opened(tmp_path) as opened:
        opened.contest()
        yield opened
