"""Features of time: note lengths, places in the beat, syncopation, motoric flow."""

import numpy as np

from judge.constants import UNITS
from judge.grid import Ints, new
from judge.laid import Features, Laid, among, before, share
from judge.melody import Line
from judge.voices import Texture

# Upper ends of the classes of length in grid units: 32nd, 16th triplet, 16th, triplet, 8th, ... longer than a whole note.
_ENDS = np.array([3, 5, 6, 9, 12, 17, 18, 24, 36, 48, 72, 96])
_LENGTHS = len(_ENDS) + 1
_LAGS = np.array([3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96])


def length_class(units: Ints) -> Ints:
    """Class 0-12 of lengths in grid units."""
    classes: Ints = np.searchsorted(_ENDS, units, side="left").astype(np.int64)
    return classes


def _place(time: Ints) -> Ints:
    """0 beat, 1 half, 2 and 3 first and last 16th, 4 triplet, 5 elsewhere."""
    places = np.full(UNITS, 5)
    places[[0, 12, 6, 18, 8, 16]] = [0, 1, 2, 3, 4, 4]
    placed: Ints = places[time % UNITS]
    return placed


def _flow(prefix: str, onset: Ints, laid: Laid) -> Features:
    gap = length_class(onset - before(onset))
    last = before(gap)
    pairs = last * _LENGTHS + gap
    same = laid.third & (gap == last)
    dotted = laid.third & (last >= 6) & (gap <= 4) & (last - gap >= 3)
    steady, jumps, both = laid.sums([same, dotted, laid.third])
    return [
        *laid.histogram(f"{prefix}.gap", gap, _LENGTHS, chosen=laid.second),
        (f"{prefix}.gap_entropy", laid.entropy(gap, laid.second)),
        (f"{prefix}.gap_pair_entropy", laid.entropy(pairs, laid.third)),
        (f"{prefix}.steady", share(steady, both)),
        (f"{prefix}.dotted", share(jumps, both)),
        (f"{prefix}.recurring", laid.recurrence(before(pairs) * _LENGTHS + gap, laid.fourth)),
    ]


def _within_voices(texture: Texture) -> Features:
    order, joined, notes = texture.by_voice, texture.joined, texture.notes
    onset = texture.onset[order]
    begin = before(onset)
    gap = np.where(joined, onset - begin, 0)
    classes = length_class(np.maximum(onset - begin, 0))
    inside = begin % UNITS
    off = inside != 0
    over = joined & (inside + gap > UNITS)
    pairs = before(classes) * _LENGTHS + classes
    syncopated, tied, count = notes.sums([over & off, over & ~off & (gap > UNITS), joined])
    return [
        *notes.histogram("voice.gap", classes, _LENGTHS, chosen=joined),
        ("voice.gap_entropy", notes.entropy(classes, joined)),
        ("voice.gap_pair_entropy", notes.entropy(pairs, joined & notes.after(joined))),
        ("voice.syncopated", share(syncopated, count)),
        ("voice.tied_over", share(tied, count)),
    ]


def _periods(attacks: Ints, time: Ints, slices: Laid) -> Features:
    """How much of the attacks falls again on attacks after a lag: the pulse."""
    earlier = time - _LAGS[:, None]
    again = attacks * among(earlier, time)
    inside = attacks * (earlier >= time[slices.starts][slices.of])
    possible = slices.sums(inside)
    shares = share(slices.sums(again), np.where(possible > 0, possible, slices.sum(attacks)))
    return [(f"pulse.{lag}", row) for lag, row in zip(_LAGS.tolist(), shares, strict=True)]


def _onsets(texture: Texture, line: Line) -> tuple[Ints, Laid]:
    """When the notes of a line begin, each time once."""
    onset = np.sort(texture.onset[line.notes])  # a held note may come back under one that began later
    first = new(onset)
    return onset[first], line.laid.some(first)


def rhythm(texture: Texture, top: Line, bass: Line) -> Features:
    """All features of time."""
    time, slices = texture.time, texture.slices
    attacks = texture.struck
    first, last = time[slices.starts], time[slices.ends]
    beats = np.maximum(1.0, (last + texture.length[slices.ends] - first) / UNITS)
    place = _place(time)
    filled = slices.sum(time % 6 == 0) / (beats * 4)
    found = slices.histogram("place", place, 6) + slices.histogram("place_struck", place, 6, attacks)
    found += _flow("all", time, slices)
    found += _flow("top_rhythm", *_onsets(texture, top)) + _flow("bass_rhythm", *_onsets(texture, bass))
    found += _within_voices(texture) + _periods(attacks, time, slices)
    found += [
        ("rhythm.sixteenths_filled", np.minimum(1.0, filled)),
        ("rhythm.notes_a_beat", slices.sum(attacks) / beats),
        ("rhythm.onsets_a_beat", slices.sizes / beats),
        ("rhythm.bass_share", share(bass.laid.sizes, top.laid.sizes + bass.laid.sizes)),
        ("rhythm.beats_struck", share(slices.sum(time % UNITS == 0), beats)),
    ]
    return found
