"""Cheap patterns that must never win: scales, broken chords, chord blocks, random walks, noise."""

from collections.abc import Callable

import numpy as np

from judge.training.pieces import Piece, Rng, sorted_piece

_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9))
_CHEAP = ((0,), (0, 4), (0, 3), (0, 3, 4, 0), (0, 4, 5, 3), (5, 3, 0, 4), (0, 0, 3, 4), (0, 5, 3, 4))
"""Loops for broken chords: longer progressions, broken well, are what Bach's figuration preludes are made of."""
_LOOPS = (
    (0, 3, 4, 0),
    (0, 4, 5, 3),
    (0, 5, 3, 4),
    (1, 4, 0, 0),
    (0, 3, 0, 4),
    (5, 3, 0, 4),
    (0, 0, 3, 4),
    (0, 3, 6, 2, 5, 1, 4, 0),
)


def _tone(scale: tuple[int, ...], step: int, tonic: int) -> int:
    octave, degree = divmod(step, len(scale))
    return tonic + 12 * octave + scale[degree]


def _scale_of(rng: Rng) -> tuple[tuple[int, ...], int]:
    return _SCALES[int(rng.choice(4, p=[0.5, 0.25, 0.15, 0.1]))], int(rng.integers(48, 65))


def _length(rng: Rng) -> float:
    return float(rng.choice([8, 12, 16, 24, 32], p=[0.1, 0.1, 0.15, 0.25, 0.4]))


def _build(notes: list[tuple[float, float, int]]) -> Piece:
    table = np.array(notes)
    return sorted_piece(table[:, 0], table[:, 1], table[:, 2].astype(np.int64))


def _wave(index: int, span: int, shape: int) -> int:
    if shape == 0:
        return index % span
    if shape == 1:
        return span - 1 - index % span
    return min(index % (2 * span - 2), 2 * span - 2 - index % (2 * span - 2))


def scales(rng: Rng) -> Piece:
    """A scale up, down or both, alone or doubled at a third, sixth, octave or tenth."""
    scale, tonic = _scale_of(rng)
    step = float(rng.choice([0.25, 0.5, 1.0]))
    span, shape = int(rng.choice([8, 8, 15])), int(rng.integers(3))
    doubled = rng.choice([0, 0, 2, 5, 7, 9, 9, 14])
    notes = []
    for i in range(round(_length(rng) / step)):
        degree = _wave(i, span, shape)
        notes.append((i * step, step, _tone(scale, degree, tonic)))
        if doubled:
            notes.append((i * step, step, _tone(scale, degree + int(doubled), tonic)))
    return _build(notes)


def alberti(rng: Rng) -> Piece:
    """Broken chords below, long or simple notes above (or nothing)."""
    scale, tonic = _scale_of(rng)
    loop = _LOOPS[int(rng.integers(len(_LOOPS)))]
    figure = ((0, 4, 2, 4), (0, 2, 4, 2), (0, 2, 4, 7), (0, 4, 7, 4))[int(rng.integers(4))]
    step, above = float(rng.choice([0.25, 0.5])), rng.random() < 0.75
    pace = float(rng.choice([0.5, 1, 2, 4]))
    notes, length = [], _length(rng)
    for i in range(round(length / step)):
        root = loop[int(i * step // 4) % len(loop)] - 7 * int(rng.random() < 0.0)
        notes.append((i * step, step, _tone(scale, root + figure[i % 4], tonic - 12)))
    walk = 7
    for j in range(round(length / pace) if above else 0):
        root = loop[int(j * pace // 4) % len(loop)]
        walk = int(np.clip(walk + rng.integers(-2, 3), 4, 14))
        notes.append(
            (j * pace, pace, _tone(scale, walk if rng.random() < 0.5 else root + 7 + 2 * int(rng.integers(3)), tonic))
        )
    return _build(notes)


def blocks(rng: Rng) -> Piece:
    """Chord blocks over a loop, sometimes with the bass doubled, a pulse, or a seventh."""
    scale, tonic = _scale_of(rng)
    loop = _LOOPS[int(rng.integers(len(_LOOPS)))]
    held, pulse = float(rng.choice([1, 2, 4])), float(rng.choice([0.5, 1, 1, 4]))
    sizes = (0, 2, 4, 6) if rng.random() < 0.2 else (0, 2, 4)
    near = rng.random() < 0.5
    notes, pulse = [], min(held, pulse)
    for i in range(round(_length(rng) / pulse)):
        root = loop[int(i * pulse // held) % len(loop)]
        tones = [_tone(scale, root + size, tonic) for size in sizes]
        notes += [(i * pulse, pulse, 60 + (tone - 60) % 12 if near else tone) for tone in tones]
        notes.append((i * pulse, pulse, tones[0] - 12))
    return _build(notes)


def walks(rng: Rng) -> Piece:
    """One to five voices that each walk at random, in a scale or in semitones, together or each in its own rhythm."""
    scale, tonic = _scale_of(rng)
    chromatic, own = rng.random() < 0.35, rng.random() < 0.4
    voices = int(rng.choice([1, 2, 3, 4, 4, 4, 5]))
    common = float(rng.choice([0.25, 0.5, 0.5, 1, 1]))
    widest = int(rng.choice([1, 2, 2, 3, 5]))
    notes, length = [], _length(rng)
    for voice in range(voices):
        at, degree = 0.0, 0
        low = 36 + tonic % 12 + voice * int(rng.integers(5, 10))
        while at < length - 1e-6:
            step = float(rng.choice([0.25, 0.5, 0.5, 1, 1, 2])) if own else common
            degree = int(np.clip(degree + rng.integers(-widest, widest + 1), -7, 7))
            notes.append(
                (at, step, low + degree if chromatic else _tone(scale, degree + 2 * voice, low - low % 12 + tonic % 12))
            )
            at += step
    return _build(notes)


def repeats(rng: Rng) -> Piece:
    """One note or one chord again and again."""
    step = float(rng.choice([0.25, 0.5, 1, 2]))
    base = int(rng.integers(45, 75))
    chord = ((0,), (0,), (0, 12), (0, 4, 7), (0, 7), (0, 3, 7))[int(rng.integers(6))]
    return _build([(i * step, step, base + tone) for i in range(round(_length(rng) / step)) for tone in chord])


def melodies(rng: Rng) -> Piece:
    """Random tones of a scale (or of all twelve) in random or even rhythm, sometimes over a drone."""
    scale, tonic = _scale_of(rng)
    any_tone, even = rng.random() < 0.3, rng.random() < 0.4
    length, at, notes = _length(rng), 0.0, []
    while at < length - 1e-6:
        step = 0.5 if even else float(rng.choice([0.25, 0.5, 0.5, 1, 1, 1.5, 2]))
        notes.append(
            (at, step, tonic + int(rng.integers(0, 18)) if any_tone else _tone(scale, int(rng.integers(0, 11)), tonic))
        )
        at += step
    if rng.random() < 0.3:
        notes += [(float(bar), 4.0, tonic - 12 + int(rng.choice([0, 7]))) for bar in range(0, int(length), 4)]
    return _build(notes)


def arpeggios(rng: Rng) -> Piece:
    """Chords broken over two or three octaves, in a loop: a prelude's surface without its harmony."""
    scale, tonic = _scale_of(rng)
    loop = _CHEAP[int(rng.integers(len(_CHEAP)))]
    step, span, shape = float(rng.choice([0.25, 0.5])), int(rng.choice([3, 6, 9])), int(rng.integers(3))
    bass, pace = rng.random() < 0.4, float(rng.choice([2, 4, 4]))
    notes = []
    for i in range(round(_length(rng) / step)):
        root = loop[int(i * step // pace) % len(loop)]
        notes.append((i * step, step, _tone(scale, root + 2 * _wave(i, span + 1, shape), tonic - 12)))
        if bass and (i * step) % 4 == 0:
            notes.append((i * step, 4.0, _tone(scale, root, tonic - 24)))
    return _build(notes)


def counterfeits(rng: Rng) -> Piece:
    """Four parts of right chords in random inversions, or a random canon: the form without the craft."""
    scale, tonic = _scale_of(rng)
    length = _length(rng)
    if rng.random() < 0.5:
        steps = np.cumsum(rng.integers(-2, 3, round(length * 2)))
        delay, apart = int(rng.choice([2, 4, 8])), int(rng.choice([-7, -4, 4, 7]))
        notes = [(i * 0.5, 0.5, _tone(scale, int(np.clip(s, -7, 9)), tonic + 12)) for i, s in enumerate(steps)]
        notes += [
            ((i + delay) * 0.5, 0.5, _tone(scale, int(np.clip(s, -7, 9)) + apart, tonic)) for i, s in enumerate(steps)
        ]
        return _build(notes)
    notes = []
    for beat in range(round(length)):
        root = int(rng.integers(0, 7))
        tones = [_tone(scale, root + 2 * int(rng.integers(3)), tonic + 6 * voice - 12) for voice in range(1, 4)]
        notes += [(float(beat), 1.0, tone) for tone in (_tone(scale, root, tonic - 24), *tones)]
    return _build(notes)


PATTERNS: dict[str, Callable[[Rng], Piece]] = {
    "scale": scales,
    "alberti": alberti,
    "blocks": blocks,
    "walk": walks,
    "repeat": repeats,
    "melody": melodies,
    "arpeggio": arpeggios,
    "counterfeit": counterfeits,
}
