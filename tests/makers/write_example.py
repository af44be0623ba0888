"""Writes a small MIDI file: ``python -m tests.makers.write_example FILE``."""

import sys
from pathlib import Path

from tests.makers.pieces import melody

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(melody(seed=1, bars=8))
