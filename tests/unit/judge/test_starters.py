"""Pieces built on the starter melodies are known as such."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.usecases.verdicts.copies import UNCHANGED
from judge.copycheck import index_of, keep, nearest, shipped_index
from judge.melodies import MELODIES, Melody
from judge.midi import Performance, read
from judge.starters import starters_in
from judge.writer import write
from tests.makers.pieces import melody as made_up


def with_bass(melody: Melody, *tones: str) -> Performance:
    """The tune above a bass of one note a bar."""
    beats, unit = melody.score.meter
    bass = " | ".join(f"{tones[bar % len(tones)]}:{beats * 4 / unit}" for bar in range(8))
    return read(write(replace(melody.score, voices=(*melody.score.voices, bass))))


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.key)
def test_two_people_who_harmonize_one_tune_are_told_with_its_name(melody: Melody) -> None:
    """Such pieces raise an alarm against each other, also where they share no note of the bass: it names the tune."""
    ada, ben = with_bass(melody, "C3", "G2", "F2"), with_bass(melody, "A2", "D3", "E3", "B2")
    (found, *_) = nearest(ben, index_of({"ada": keep(ada)}, shipped_index().weight))
    assert found.copied
    assert [[melody.title], [melody.title]] == [[each.work for each in starters_in(piece)] for piece in (ada, ben)]
    assert all(each.coverage < UNCHANGED for piece in (ada, ben) for each in starters_in(piece))


def test_other_pieces_hold_none_of_them() -> None:
    """A melody of ours that nobody was given."""
    assert [()] * 5 == [starters_in(read(made_up(seed, bars=8))) for seed in range(5)]


def test_a_tune_among_many_voices_is_known_too() -> None:
    """Where it is too small a part of the notes for an alarm of its own."""
    tune = MELODIES[0]
    bass = " | ".join(" ".join(f"{tone}:1" for tone in ("C3", "E3", "G3", "D3")) for _ in range(8))
    alto = " | ".join("E4:1 F4:1 D4:2" for _ in range(8))
    piece = read(write(replace(tune.score, voices=(*tune.score.voices, alto, bass))))
    kept = index_of({"the tune": keep(read(write(tune.score)))}, shipped_index().weight)
    assert [False] == [found.copied for found in nearest(piece, kept)]
    assert [tune.title] == [each.work for each in starters_in(piece)]


@pytest.mark.parametrize("melody", MELODIES, ids=lambda melody: melody.key)
def test_a_tune_handed_in_as_it_is_is_known_as_such(melody: Melody) -> None:
    """Nearly all of its notes are the tune's."""
    (found,) = starters_in(read(write(melody.score)))
    assert (melody.title, True) == (found.work, found.coverage >= UNCHANGED)
