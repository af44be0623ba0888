"""The driver of ``make faults`` still works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.processes
def test_a_quick_look() -> None:
    """Three kills in the middle of an upload: nothing is lost, nothing is doubled. A process of its own: what it imports warns."""
    done = subprocess.run([sys.executable, "-m", "tests.faults", "--smoke"], cwd=ROOT, check=False)
    assert 0 == done.returncode
