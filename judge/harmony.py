"""Features of what sounds together: chords, consonance by beat, progressions, cadences."""

import numpy as np

from judge.chords import CHORD_QUALITY, QUALITIES, best_triads, masks
from judge.constants import UNITS
from judge.grid import Flags, Floats, Ints, numbered, steps
from judge.table import Features, entropy_of, histogram, mean_entropy, recurrence, share
from judge.voices import Texture, pairs_of

_DISSONANT = np.array([0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1], dtype=bool)
_DISSONANT_TO_BASS = np.array([0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1], dtype=bool)
# Tonic, subdominant or dominant by the degree of the root in semitones; 3 is anything else.
_FUNCTION = np.array([0, 3, 1, 0, 0, 1, 3, 2, 0, 0, 3, 2])


def _beat_weight(time: Ints) -> Ints:
    """0 on a beat, 1 on its half, 2 elsewhere."""
    inside = time % UNITS
    weight: Ints = np.where(inside == 0, 0, np.where(inside == UNITS // 2, 1, 2))
    return weight


def _intervals(texture: Texture, low: Ints, there: Flags) -> Features:
    above = (texture.pitch - low[:, None]) % 12
    over = there & (texture.pitch > low[:, None])
    weight = np.repeat(texture.length, np.count_nonzero(over, axis=1))
    found = histogram("over_bass", above[over], 12, weight)
    top = texture.high
    wide = top > low
    return found + histogram("outer", (top - low)[wide] % 12, 12, texture.length[wide])


def _dissonance(texture: Texture, low: Ints, there: Flags) -> Features:
    """Clashing pairs by place in the beat, and how clashes with the bass are prepared and resolved."""
    place = _beat_weight(texture.time)
    first, second = pairs_of(texture.pitch.shape[1])
    both = there[:, first] & there[:, second]
    apart = np.abs(texture.pitch[:, first] - texture.pitch[:, second]) % 12
    pairs = np.count_nonzero(both, axis=1)
    clashing = np.count_nonzero(both & _DISSONANT[apart], axis=1)
    semitones = np.count_nonzero(both & ((apart == 1) | (apart == 11)), axis=1)
    found: Features = []
    for name, at in (("beat", place == 0), ("half", place == 1), ("weak", place == 2)):
        found.append((f"clash.{name}", share(clashing[at].sum(), pairs[at].sum())))
    found.append(("clash.semitone", share(semitones.sum(), pairs.sum())))
    return found + _handling(texture, low, there, place)


def _handling(texture: Texture, low: Ints, there: Flags, place: Ints) -> Features:
    before, after = _neighbours(texture)
    clash = there & _DISSONANT_TO_BASS[(texture.pitch - low[:, None]) % 12]
    struck = clash & texture.attack
    held = clash & ~texture.attack & (place == 0)[:, None]
    from_step = (np.abs(before) <= 2) & (before != 0)
    to_step = (np.abs(after) <= 2) & (after != 0)
    total = np.count_nonzero(struck)
    sounding = np.count_nonzero(there)
    return [
        ("clash.struck", share(total, sounding)),
        ("clash.struck_on_beat", share(np.count_nonzero(struck & (place == 0)[:, None]), total)),
        ("clash.by_step", share(np.count_nonzero(struck & from_step), total)),
        ("clash.resolved", share(np.count_nonzero(struck & to_step), total)),
        ("clash.passing", share(np.count_nonzero(struck & from_step & to_step), total)),
        ("clash.by_leap", share(int((struck & (np.abs(before) > 2) & (np.abs(before) < 99)).sum()), total)),
        ("suspension", share(np.count_nonzero(held & (after < 0) & (after >= -2)), sounding)),
        ("held_clash", share(np.count_nonzero(held), sounding)),
    ]


def _neighbours(texture: Texture) -> tuple[Ints, Ints]:
    """Interval from the voice's note before, and to the one after, for each cell; 99 where there is none."""
    order = texture.by_voice
    joined = texture.joined
    step = steps(texture.tone[order])
    came = np.full(len(order) + 1, 99)
    goes = np.full(len(order) + 1, 99)
    came[order[1:][joined]] = step[joined]
    goes[order[:-1][joined]] = step[joined]
    return came[texture.note], goes[texture.note]


def _beat_profiles(texture: Texture, tonic: int) -> Floats:
    """Pitch-class weights (float64[beats, 12], from the tonic) of the beats that have notes."""
    row = numbered(texture.time // UNITS)
    weight = np.repeat(np.minimum(texture.length, UNITS), texture.sounding)
    place = np.repeat(row, texture.sounding) * 12 + (texture.pitch[texture.there] - tonic) % 12
    count = int(row[-1]) + 1
    return np.bincount(place, weight, minlength=12 * count).reshape(count, 12).astype(np.float64)


def _progressions(texture: Texture, tonic: int) -> Features:
    profile = _beat_profiles(texture, tonic)
    triad = best_triads(profile)
    root = triad % 12
    change = np.flatnonzero(triad[1:] != triad[:-1]) + 1
    chain = triad[np.concatenate(([0], change))]
    chain_root = chain % 12
    motion = steps(chain_root) % 12
    function = _FUNCTION[root]
    pairs = function[:-1] * 4 + function[1:]
    fifths = np.count_nonzero((chain_root[:-1] == 7) & (chain_root[1:] == 0))
    found = histogram("chord.motion", motion, 12) + histogram("chord.root", root, 12)
    found += histogram("chord.function_pair", pairs, 16)
    found += [
        ("chord.minor", share(np.count_nonzero(triad >= 12), len(triad))),
        ("chord.changes", share(len(change), len(triad) - 1)),
        ("chord.entropy", entropy_of(triad)),
        ("chord.pair_entropy", entropy_of(chain[:-1] * 24 + chain[1:])),
        ("chord.recurring", recurrence(chain[:-2] * 576 + chain[1:-1] * 24 + chain[2:])),
        ("chord.authentic", share(fifths, len(triad))),
        ("chord.tones_a_beat", float((profile > 0).sum(axis=1).mean())),
        ("chord.beat_entropy", mean_entropy(profile)),
    ]
    return found


def harmony(texture: Texture, tonic: int) -> Features:
    """All features of chords and dissonance; `tonic` is a pitch class."""
    there = texture.there
    low = texture.low
    mask = masks(texture.pitch, there, tonic)
    quality = CHORD_QUALITY[mask]
    sounding = mask > 0
    found = histogram("quality", quality[sounding], len(QUALITIES), texture.length[sounding])
    on_beat = sounding & (texture.time % UNITS == 0)
    found += histogram("beat_quality", quality[on_beat], len(QUALITIES))
    found.append(("quality.sets", entropy_of(mask[sounding])))
    return found + _intervals(texture, low, there) + _dissonance(texture, low, there) + _progressions(texture, tonic)
