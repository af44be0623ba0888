"""Tries the whole training on a tiny corpus: `python -m judge.training.smoke` (`make check-train`).

One run is killed half way and started again, another one is left in peace: both must write the same bytes. Then the judge must load and use
what was written.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from judge.assess import assess
from judge.copycheck import index_of, keep, load_index, nearest
from judge.midi import read
from judge.network import load
from judge.refusals import Limits
from judge.training import tiny

SCALE = "0.03"
HALF_WAY = "folds-by-source.pickle"
"""A step in the middle: the run is killed as soon as its result is there."""
DEADLINE = 300.0


def _command(corpus: Path, out: Path) -> list[str]:
    module = ("-m", "judge.training.fit")
    return [sys.executable, *module, "--corpus", str(corpus), "--out", str(out), "--scale", SCALE]


def _killed_half_way(corpus: Path, out: Path) -> None:
    """Starts a run and kills it. Raises SystemExit where it ends before that, or does not come so far."""
    began = time.monotonic()
    half_way = out / "fit.resume" / HALF_WAY
    with subprocess.Popen(_command(corpus, out), stdout=subprocess.DEVNULL) as run:  # noqa: S603 - our own command
        while not half_way.exists():
            if run.poll() is not None or time.monotonic() - began > DEADLINE:
                run.kill()
                sys.exit("The first run did not come half way.")
            time.sleep(0.05)
        run.kill()
    if (out / "CARD.md").exists():
        sys.exit("The first run was over before it was killed.")


def _written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _used(corpus: Path, out: Path) -> None:
    """The judge judges with what was written, and finds a made-up work in its own index."""
    data = (corpus / "midi" / "bach_chorale-0.mid").read_bytes()
    limits = Limits(max_bars=100)
    verdict = assess(data, limits=limits, network=load(out))
    piece, index = read(data, limits), load_index(out)
    found = nearest(piece, index)[0]
    again = nearest(piece, index_of({"itself": keep(piece)}, index.weight))[0]
    if not (0 <= verdict.score <= 100 and found.work == "bach_chorale 0" and again.copied):
        sys.exit(f"The judge does not work with what was written: {verdict.score}, {found}, {again}")


def main() -> None:
    """Ends with a sentence and status 1 where something is wrong."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        corpus, killed, whole = (Path(folder) / name for name in ("corpus", "killed", "whole"))
        tiny.make(corpus)
        with subprocess.Popen(_command(corpus, whole), stdout=subprocess.DEVNULL) as beside:  # noqa: S603 - our own command
            _killed_half_way(corpus, killed)
            subprocess.run(_command(corpus, killed), check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        if beside.returncode:
            sys.exit("The run that was left in peace failed.")
        if _written(killed) != _written(whole):
            differ = [name for name, data in _written(whole).items() if _written(killed).get(name) != data]
            sys.exit(f"A run that was killed and resumed wrote other bytes: {', '.join(differ) or 'more files'}")
        _used(corpus, whole)
        size = sum(map(len, _written(whole).values()))
    print(f"training works: {size / 1e6:.1f} MB, the same after a kill, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
