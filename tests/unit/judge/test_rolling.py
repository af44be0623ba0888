"""pypianoroll without matplotlib and scipy (``judge.rolling``)."""

import subprocess
import sys

import pytest

ARRAYS = """
import sys
from judge.midi import read
from judge.pianoroll import multitrack
from tests.makers.pieces import melody

rolls = multitrack(read(melody(1)))
heavy = {name.partition(".")[0] for name in sys.modules} & {"matplotlib", "scipy"}
"""
OWN = (
    ARRAYS
    + """
assert not heavy, heavy
import matplotlib as mpl
mpl.use("Agg")
rolls.plot()
rolls.save("roll.npz")
rolls.write("roll.mid")
import pypianoroll
from matplotlib import pyplot
from matplotlib.axes import Axes
assert isinstance(pyplot.gca(), Axes)
assert (pypianoroll.load("roll.npz").tracks[0].pianoroll == rolls.tracks[0].pianoroll).all()
print("kept")
"""
)


@pytest.mark.processes
def test_arrays_are_made_without_matplotlib_and_scipy() -> None:
    """They would take 38 MB of every child, and most of its start."""
    assert "set()" == _said(ARRAYS + "print(heavy)", ".")


@pytest.mark.processes
def test_what_pypianoroll_does_with_them_it_still_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Plots, its own files and MIDI files; and everybody else gets the real ones."""
    assert "kept" == _said(OWN, str(tmp_path_factory.mktemp("own")))


def _said(code: str, folder: str) -> str:
    command = (
        sys.executable,
        "-W",
        "ignore",
        "-c",
        f"import os, sys; sys.path.insert(0, os.getcwd()); os.chdir({folder!r})\n{code}",
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout.strip()
