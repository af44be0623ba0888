"""Reads a corpus: a folder or zip with `corpus.csv` (path, is_bach, group, work, source, licence) and MIDI files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mido
import numpy as np

from judge.training.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Work:
    """One row of the corpus with its notes and bar lines (quarter notes)."""

    path: str
    is_bach: bool
    group: str
    source: str
    licence: str
    piece: Piece
    bars: tuple[float, ...]
    name: str = ""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._zip = zipfile.ZipFile(root) if root.is_file() else None
        self._root = root

    def read(self, name: str) -> bytes:
        return self._zip.read(name) if self._zip else (self._root / name).read_bytes()


def read_corpus(root: Path) -> Iterator[Work]:
    """Each work that has notes, in the order of the CSV; a file that mido cannot read raises its error."""
    folder = _Folder(root)
    rows = csv.DictReader(io.StringIO(folder.read("corpus.csv").decode("utf-8")))
    for row in rows:
        piece, bars = _parse(folder.read(row["path"]))
        if len(piece.onset):
            columns = row["path"], row["is_bach"] == "1", row["group"], row["source"], row["licence"]
            yield Work(*columns, piece, bars, row["work"])


def _parse(data: bytes) -> tuple[Piece, tuple[float, ...]]:
    midi = mido.MidiFile(file=io.BytesIO(data), clip=True)
    notes: list[tuple[float, float, int]] = []
    meters: dict[int, float] = {0: 4.0}
    for number, track in enumerate(midi.tracks):
        now = 0
        open_notes: dict[tuple[int, int], list[int]] = {}
        for message in track:
            now += message.time
            if message.type == "time_signature":
                meters[now] = 4.0 * message.numerator / message.denominator
            elif message.type in ("note_on", "note_off") and message.channel != 9:
                _note(message, now, open_notes, notes, midi.ticks_per_beat)
        del number
    notes.sort()
    table = np.array(notes).reshape(-1, 3)
    piece = Piece(table[:, 0], table[:, 1], table[:, 2].astype(np.int16))
    return piece, _bar_lines(meters, midi.ticks_per_beat, piece.end)


def _note(
    message: mido.Message,
    now: int,
    open_notes: dict[tuple[int, int], list[int]],
    notes: list[tuple[float, float, int]],
    ppq: int,
) -> None:
    key = (message.channel, message.note)
    if message.type == "note_on" and message.velocity:
        open_notes.setdefault(key, []).append(now)
    elif open_notes.get(key):
        begin = open_notes[key].pop(0)
        notes.append((begin / ppq, max(1, now - begin) / ppq, message.note))


def _bar_lines(meters: dict[int, float], ppq: int, end: float) -> tuple[float, ...]:
    changes = [(tick / ppq, length) for tick, length in sorted(meters.items())]
    ends = [begin for begin, _ in changes[1:]] + [end]
    lines: list[float] = []
    for (begin, length), stop in zip(changes, ends, strict=True):
        at = begin
        while at < stop - 1e-6 and length > 0:
            lines.append(at)
            at += length
    return tuple(lines)


def with_part(card: str, title: str, text: str) -> str:
    """The card with the part under that title (``## ...``) anew, before "Limits" or at the end."""
    part = f"{title}\n\n{text}\n\n"
    without = re.sub(rf"{title}\n.*?(?=\n## |\Z)\n?", "", card, flags=re.DOTALL)
    head, limits, tail = without.partition("## Limits")
    return head.rstrip() + "\n\n" + part + limits + tail if limits else without.rstrip() + "\n\n" + part.rstrip() + "\n"
