"""The starter melodies: files that the contest would take, and that are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.melodies import MELODIES, Melody
from judge.midi import read
from judge.writer import parse_voice, write

BY_KEY = {melody.key: melody for melody in MELODIES}


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.key)
def test_each_is_eight_bars_of_one_voice(melody: Melody) -> None:
    """Our own gate takes the file: eight bars, whole ones, in the meter that it names."""
    (voice,) = melody.score.voices
    found = read(write(melody.score))
    beats, unit = melody.score.meter
    assert (8, False, ((0.0, beats, unit),), ()) == (found.bars, found.pickup, found.meters, found.warnings)
    quarters = [sum(length for _, length in parse_voice(bar)) for bar in _timed(voice)]
    assert [beats * 4 / unit] * 8 == quarters


def _timed(voice: str) -> list[str]:
    """The bars, each note with its length written out: a bar may lean on the one before."""
    bars, length = [], "1"
    for bar in voice.split("|"):
        notes = []
        for note in bar.split():
            pitch, _, own = note.partition(":")
            length = own or length
            notes.append(f"{pitch}:{length}")
        bars.append(" ".join(notes))
    return bars


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("ode-to-joy", [64, 64, 65, 67, 67, 65, 64, 62]),
        ("frere-jacques", [65, 67, 69, 65, 65, 67, 69, 65]),
        ("greensleeves", [72, 74, 76, 78, 76, 74, 71, 67]),
        ("sakura", [69, 69, 71, 69, 69, 71, 69, 71]),
        ("amazing-grace", [67, 71, 67, 71, 69, 67, 64, 62]),
    ],
)
def test_they_begin_as_everybody_knows_them(key: str, begins: list[int]) -> None:
    """The first eight notes, in half steps; an octave more or less does not matter."""
    notes = [pitch for pitch, _ in parse_voice(BY_KEY[key].score.voices[0]) if pitch is not None][:8]
    assert [pitch % 12 for pitch in begins] == [pitch % 12 for pitch in notes]


def test_their_sources_are_told() -> None:
    """NOTICE names each of them."""
    notice = (Path(__file__).parents[3] / "NOTICE").read_text(encoding="utf-8")
    assert [] == [melody.title for melody in MELODIES if melody.title.replace("è", "e") not in notice]
