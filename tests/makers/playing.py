"""Pieces as notes, and the many ways in which the same notes can be played or written to a MIDI file."""

from __future__ import annotations

import io

import mido
import numpy as np

Note = tuple[float, float, int]
"""Onset and length in quarter notes, MIDI pitch."""

_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))
# J. S. Bach, Prelude in C major BWV 846 (1722), bars 1-8: the five tones of each bar.
_PRELUDE = (
    (60, 64, 67, 72, 76),
    (60, 62, 69, 74, 77),
    (59, 62, 67, 74, 77),
    (60, 64, 67, 72, 76),
    (60, 64, 69, 76, 81),
    (60, 62, 66, 69, 74),
    (59, 62, 67, 74, 79),
    (59, 60, 64, 67, 72),
)
_BAR = 4.0


def prelude() -> list[Note]:
    """The first eight bars of Bach's most famous prelude: nothing but broken chords, and what chords."""
    notes: list[Note] = []
    for half in range(2 * len(_PRELUDE)):
        at, tones = 2.0 * half, _PRELUDE[half // 2]
        notes += [(at, 2.0, tones[0]), (at + 0.25, 1.75, tones[1])]
        notes += [(at + 0.5 + 0.25 * i, 0.25, tones[2 + i % 3]) for i in range(6)]
    return notes


def imitation(seed: int, *, quarters: float = 32.0, voices: int = 3) -> list[Note]:
    """Voices in steps, in eighths and quarters, major or minor; each bar begins on the tonic chord. Another piece for each seed."""
    rng = np.random.default_rng(seed)
    scale = _SCALES[seed % 2]
    notes: list[Note] = []
    for voice in range(voices):
        at, degree = 0.0, 0
        while at < quarters:
            length = min(float(rng.choice([0.5, 0.5, 1.0])), quarters - at)
            step = int(rng.choice([-2, -1, -1, 1, 1, 2]))
            degree = int(np.clip(degree + step, -4, 7)) if at % _BAR else 2 * int(rng.integers(3))
            notes.append((at, length, 48 + 12 * voice + 12 * (degree // 7) + scale[degree % 7]))
            at += length
    return notes


def transposed(notes: list[Note], by: int) -> list[Note]:
    """The same a number of semitones higher."""
    return [(at, length, pitch + by) for at, length, pitch in notes]


def humanised(notes: list[Note], seed: int, *, bpm: float, milliseconds: float = 30.0) -> list[Note]:
    """Onsets moved by up to so much either way; no note begins before the piece or lasts beyond its end."""
    rng = np.random.default_rng(seed)
    most = milliseconds / 1000 * bpm / 60
    end = max(at + length for at, length, _ in notes)
    moved = [(max(0.0, at + float(rng.uniform(-most, most))), length, pitch) for at, length, pitch in notes]
    return [(at, min(length, end - at), pitch) for at, length, pitch in moved]


def held(notes: list[Note], part: float) -> list[Note]:
    """Each note held for a part of its length: below 1 staccato, above 1 legato; none lasts beyond the piece's end."""
    end = max(at + length for at, length, _ in notes)
    return [(at, min(length * part, end - at), pitch) for at, length, pitch in notes]


def midi(
    notes: list[Note],
    *,
    bpm: float = 120.0,
    ppq: int = 480,
    meter: tuple[int, int] | None = (4, 4),
    tracks: int = 1,
    drums: bool = False,
) -> bytes:
    """A file of these notes, dealt out to tracks in turn by their height; with drums on every beat if asked for."""
    ordered = sorted(notes, key=lambda note: (note[2], note[0]))
    dealt = [ordered[len(ordered) * i // tracks : len(ordered) * (i + 1) // tracks] for i in range(tracks)]
    written = [_track(part, ppq, channel) for channel, part in enumerate(dealt)]
    written[0].insert(0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
    if meter is not None:
        written[0].insert(0, mido.MetaMessage("time_signature", numerator=meter[0], denominator=meter[1]))
    if drums:
        last = max(at for at, _, _ in notes)
        written.append(_track([(float(beat), 0.25, 36) for beat in range(int(last) + 1)], ppq, 9))
    out = io.BytesIO()
    mido.MidiFile(type=int(len(written) > 1), ticks_per_beat=ppq, tracks=written).save(file=out)
    return out.getvalue()


def _track(notes: list[Note], ppq: int, channel: int) -> mido.MidiTrack:
    events = [(round(at * ppq), 1, pitch) for at, _, pitch in notes]
    events += [(round((at + length) * ppq), 0, pitch) for at, length, pitch in notes]
    track, now = mido.MidiTrack(), 0
    for tick, begins, pitch in sorted(events):
        kind = "note_on" if begins else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=80 * begins, time=tick - now))
        now = tick
    return track
