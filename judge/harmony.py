"""Features of what sounds together: chords, consonance by beat, progressions, cadences."""

import numpy as np

from judge.chords import CHORD_QUALITY, QUALITIES, best_triads, masks
from judge.constants import UNITS
from judge.grid import Flags, Floats, Ints, new, numbered
from judge.laid import Features, Laid, before, share
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


def _intervals(texture: Texture, over_bass: Ints, there: Flags) -> Features:
    over = there & (texture.pitch > texture.low[:, None])
    above = np.count_nonzero(over, axis=1)
    cells = Laid(np.repeat(texture.slices.of, over.shape[1]))
    weight = np.repeat(texture.length, over.shape[1])
    found = cells.histogram("over_bass", over_bass.ravel(), 12, weight, over.ravel())
    apart = texture.high - texture.low
    return found + texture.slices.histogram("outer", apart % 12, 12, texture.length, above > 0)


def _dissonance(texture: Texture, over_bass: Ints, there: Flags) -> Features:
    """Clashing pairs by place in the beat, and how clashes with the bass are prepared and resolved."""
    place, slices = _beat_weight(texture.time), texture.slices
    first, second = pairs_of(texture.pitch.shape[1])
    both = there[:, first] & there[:, second]
    apart = np.abs(texture.pitch[:, first] - texture.pitch[:, second]) % 12
    pairs = np.count_nonzero(both, axis=1)
    clashing = np.count_nonzero(both & _DISSONANT[apart], axis=1)
    semitones = both & ((apart == 1) | (apart == 11))
    at = place == _PLACES[:, None]
    each = share(slices.sums(clashing * at), slices.sums(pairs * at))
    found = [(f"clash.{name}", row) for name, row in zip(("beat", "half", "weak"), each, strict=True)]
    found.append(("clash.semitone", share(slices.sum(semitones), slices.sum(pairs))))
    return found + _handling(texture, over_bass, there, place)


_PLACES = np.arange(3)


def _handling(texture: Texture, over_bass: Ints, there: Flags, place: Ints) -> Features:
    came, goes = _neighbours(texture)
    clash = there & _DISSONANT_TO_BASS[over_bass]
    on_beat = (place == 0)[:, None]
    struck = clash & texture.attack
    held = clash & ~texture.attack & on_beat
    from_step = ((np.abs(came) <= 2) & (came != 0))[texture.note]
    to_step = ((np.abs(goes) <= 2) & (goes != 0))[texture.note]
    by_leap = ((np.abs(came) > 2) & (np.abs(came) < 99))[texture.note]
    falls = ((goes < 0) & (goes >= -2))[texture.note]
    kinds = {
        "struck_on_beat": struck & on_beat,
        "by_step": struck & from_step,
        "resolved": struck & to_step,
        "passing": struck & from_step & to_step,
        "by_leap": struck & by_leap,
    }
    total, sounding, falling, holding = texture.slices.sums([struck, there, held & falls, held])
    return [
        ("clash.struck", share(total, sounding)),
        *texture.slices.shares("clash", kinds, total),
        ("suspension", share(falling, sounding)),
        ("held_clash", share(holding, sounding)),
    ]


def _neighbours(texture: Texture) -> tuple[Ints, Ints]:
    """Interval from the voice's note before, and to the one after, for each note; 99 where there is none, and so in the last place, for silence."""
    order, joined = texture.by_voice, texture.joined
    tone = texture.tone[order]
    step = tone - before(tone)
    came = np.full(len(order) + 1, 99)
    goes = np.full(len(order) + 1, 99)
    came[order[joined]] = step[joined]
    goes[order[:-1][joined[1:]]] = step[joined]
    return came, goes


def _beat_profiles(texture: Texture, from_tonic: Ints) -> tuple[Floats, Laid]:
    """Pitch-class weights (float64[beats, 12], from the tonic) of the beats that have notes."""
    row = numbered(texture.time // UNITS)
    weight = np.repeat(np.minimum(texture.length, UNITS), texture.sounding)
    place = np.repeat(row, texture.sounding) * 12 + from_tonic[texture.there]
    count = int(row[-1]) + 1
    profile = np.bincount(place, weight, minlength=12 * count).reshape(count, 12).astype(np.float64)
    return profile, texture.slices.some(new(row))


def _progressions(texture: Texture, from_tonic: Ints) -> Features:
    profile, beats = _beat_profiles(texture, from_tonic)
    triad = best_triads(profile)
    root = triad % 12
    moved = ~beats.second | (triad != before(triad))
    chain, links = triad[moved], beats.some(moved)
    chain_root = chain % 12
    motion = (chain_root - before(chain_root)) % 12
    function = _FUNCTION[root]
    fifths = links.second & (before(chain_root) == 7) & (chain_root == 0)
    two = before(chain) * 24 + chain
    shares = profile / profile.sum(axis=1, keepdims=True)
    each = -(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    found = links.histogram("chord.motion", motion, 12, chosen=links.second)
    found += beats.histogram("chord.root", root, 12)
    found += beats.histogram("chord.function_pair", before(function) * 4 + function, 16, chosen=beats.second)
    found += [
        ("chord.minor", share(beats.sum(triad >= 12), beats.sizes)),
        ("chord.changes", share(links.sizes - 1, beats.sizes - 1)),
        ("chord.entropy", beats.entropy(triad)),
        ("chord.pair_entropy", links.entropy(two, links.second)),
        ("chord.recurring", links.recurrence(before(chain, 2) * 576 + two, links.third)),
        ("chord.authentic", share(links.sum(fifths), beats.sizes)),
        ("chord.tones_a_beat", beats.sum(profile > 0) / beats.sizes),
        ("chord.beat_entropy", beats.mean(each, beats.of >= 0)),
    ]
    return found


def harmony(texture: Texture, tonic: Ints) -> Features:
    """All features of chords and dissonance; `tonic` is a pitch class for each piece."""
    there, slices = texture.there, texture.slices
    from_tonic = (texture.pitch - tonic[slices.of][:, None]) % 12
    over_bass = (texture.pitch - texture.low[:, None]) % 12
    mask = masks(from_tonic, there)
    quality = CHORD_QUALITY[mask]
    sounding = mask > 0
    found = slices.histogram("quality", quality, len(QUALITIES), texture.length, sounding)
    found += slices.histogram("beat_quality", quality, len(QUALITIES), chosen=sounding & (texture.time % UNITS == 0))
    found.append(("quality.sets", slices.entropy(mask, sounding)))
    found += _intervals(texture, over_bass, there) + _dissonance(texture, over_bass, there)
    return found + _progressions(texture, from_tonic)
