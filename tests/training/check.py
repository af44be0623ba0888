"""Tries the whole training on a tiny corpus: `python -m tests.training.check` (`make check-train`).

One run is killed half way and started again, another one is left in peace: both must write the same bytes. Then the judge must load and use
what was written.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mido
import numpy as np

from judge.assess import assess
from judge.copycheck import index_of, keep, load_index, nearest
from judge.midi import read
from judge.network import load
from judge.refusals import Limits
from judge.training.pieces import Piece, Rng, sorted_piece
from judge.training.synthetic import PATTERNS

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
    with subprocess.Popen(_command(corpus, out), stdout=subprocess.DEVNULL) as run:
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
        make(corpus)
        with subprocess.Popen(_command(corpus, whole), stdout=subprocess.DEVNULL) as beside:
            _killed_half_way(corpus, killed)
            subprocess.run(_command(corpus, killed), check=True, stdout=subprocess.DEVNULL)
        if beside.returncode:
            sys.exit("The run that was left in peace failed.")
        if _written(killed) != _written(whole):
            differ = [name for name, data in _written(whole).items() if _written(killed).get(name) != data]
            sys.exit(f"A run that was killed and resumed wrote other bytes: {', '.join(differ) or 'more files'}")
        _used(corpus, whole)
        size = sum(map(len, _written(whole).values()))
    took = time.monotonic() - began
    sys.stdout.write(f"training works: {size / 1e6:.1f} MB, the same after a kill, in {took:.0f} s\n")


SEED = 7
WORKS = 3
"""Of each group."""
GROUPS = {
    "bach_chorale": True, "bach_organ": True, "bach_kbd_small": True,
    "handel": False, "hymn": False, "lieder": False, "baroque_other": False, "pop909": False, "scarlatti": False, "m21_folk": False,
}  # fmt: skip
"""Names as in the real corpus, so that every fold has both classes; whether they stand for Bach."""
_TICKS = 480
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))


def make(folder: Path) -> None:
    """Writes `corpus.csv` and a MIDI file for each work. The same bytes every time."""
    rng = np.random.default_rng(SEED)
    (folder / "midi").mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("path", "is_bach", "group", "work", "source", "licence"))
        for group, is_bach in GROUPS.items():
            for number in range(WORKS):
                path = f"midi/{group}-{number}.mid"
                _write(_imitation(number % 2, rng) if is_bach else _other(rng), folder / path)
                writer.writerow((path, int(is_bach), group, f"{group} {number}", "made by code", "none needed"))


def _imitation(mode: int, rng: Rng) -> Piece:
    """Three voices in steps, in eighths and quarters, over 16 bars of C major or minor; each bar begins on the tonic chord."""
    notes, scale = [], _SCALES[mode]
    for voice in range(3):
        at, degree = 0.0, 0
        while at < 64:
            length = float(rng.choice([0.5, 0.5, 1.0]))
            degree = (
                int(np.clip(degree + rng.choice([-2, -1, -1, 1, 1, 2]), -4, 7)) if at % 4 else 2 * int(rng.integers(3))
            )
            notes.append((at, length, 48 + 12 * voice + 12 * (degree // 7) + scale[degree % 7]))
            at += length
    onset, duration, pitch = np.array(notes).T
    return sorted_piece(onset, duration, pitch.astype(np.int64))


def _other(rng: Rng) -> Piece:
    """A cheap pattern, twice."""
    piece = list(PATTERNS.values())[int(rng.integers(len(PATTERNS)))](rng)
    onset, duration = np.concatenate([piece.onset, piece.onset + 32]), np.tile(piece.duration, 2)
    return sorted_piece(onset, duration, np.tile(piece.pitch.astype(np.int64), 2))


def _write(piece: Piece, path: Path) -> None:
    ends = piece.onset + piece.duration
    rows = [(round(at * _TICKS), 1, int(tone)) for at, tone in zip(piece.onset, piece.pitch, strict=True)]
    rows += [(round(at * _TICKS), 0, int(tone)) for at, tone in zip(ends, piece.pitch, strict=True)]
    track, now = mido.MidiTrack(), 0
    for tick, begins, tone in sorted(rows):
        kind = "note_on" if begins else "note_off"
        track.append(mido.Message(kind, note=tone, velocity=80 * begins, time=tick - now))
        now = tick
    mido.MidiFile(type=0, ticks_per_beat=_TICKS, tracks=[track]).save(path)


if __name__ == "__main__":
    main()
