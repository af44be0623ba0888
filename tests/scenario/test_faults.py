"""The driver of ``make faults`` still works."""

from __future__ import annotations

import pytest

from tests.faults.__main__ import main


@pytest.mark.slow
@pytest.mark.processes
def test_a_quick_look() -> None:
    """Three kills in the middle of an upload: nothing is lost, nothing is doubled."""
    assert 0 == main(["--smoke"])
