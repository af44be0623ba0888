"""Features of harmony at a slow pace: what windows of two and four beats hold, however their chords are broken or figured."""

import numpy as np

from judge.chords import best_triads, triad_fit
from judge.constants import UNITS
from judge.grid import Flags, Floats, Ints, new, numbered
from judge.laid import Features, Laid, before, share
from judge.voices import Texture

_WINDOWS = (2, 4)
_SILENT = 999
_ALIKE = 0.98
"""Cosine from which two windows hold the same harmony."""
_HEARD = 0.08
"""Share of a window's weight from which a pitch class counts."""


def _profiles(texture: Texture, window: int, sounding: Ints) -> tuple[Floats, Ints, Laid]:
    """Pitch-class weights (float64[windows, 12], each a unit vector) and lowest pitch of the windows that have notes.

    `sounding` are the pitches of all cells that sound, from their piece's tonic.
    """
    row = numbered(texture.time // window)
    at = np.repeat(row, texture.sounding)
    weight = np.repeat(np.minimum(texture.length, window), texture.sounding)
    count = int(row[-1]) + 1
    profile = np.bincount(at * 12 + sounding % 12, weight, minlength=count * 12).reshape(count, 12)
    low = np.full(count, _SILENT)
    np.minimum.at(low, at, sounding)
    norm = np.linalg.norm(profile, axis=1, keepdims=True)
    windows = texture.slices.some(new(row))
    return profile / np.maximum(norm, 1e-9), low, windows


def _returned(profile: Floats, windows: Laid) -> Flags:
    """Which windows hold the same harmony as an earlier one of their piece."""
    found = np.zeros(len(profile), dtype=bool)
    for begin, end in zip(windows.starts.tolist(), (windows.ends + 1).tolist(), strict=True):
        mine = profile[begin:end]
        found[begin:end] = np.any(np.triu(mine @ mine.T, 1) > _ALIKE, axis=0)
    return found


def _window(name: str, texture: Texture, beats: int, sounding: Ints) -> Features:
    profile, low, windows = _profiles(texture, beats * UNITS, sounding)
    two, three = windows.second, windows.third
    triad = best_triads(profile)
    root = triad % 12
    motion = (root - before(root)) % 12
    kept, later = ((before(profile, back) * profile).sum(axis=1) for back in (1, 2))
    bass = np.abs(low - before(low))
    chords = windows.distinct(triad)
    moves = {
        "fifth_down": motion == 5,
        "fifth_up": motion == 7,
        "third": (motion == 3) | (motion == 4) | (motion == 8) | (motion == 9),
        "step": (motion == 1) | (motion == 2) | (motion == 10) | (motion == 11),
        "bass_same": bass == 0,
        "bass_step": (bass == 1) | (bass == 2),
        "bass_fifth": (bass == 5) | (bass == 7),
        "bass_wide": bass > 7,
    }
    changed, returned = windows.sums([(triad != before(triad)) & two, _returned(profile, windows)])
    tones = windows.sum((profile > _HEARD).sum(axis=1))
    return [
        (f"{name}.entropy", windows.entropy(triad)),
        (f"{name}.distinct", share(chords, windows.sizes)),
        (f"{name}.chords", chords.astype(np.float64)),
        (f"{name}.changes", share(changed, windows.sizes - 1)),
        (f"{name}.fit", windows.mean(triad_fit(profile), windows.of >= 0)),
        (f"{name}.tones", share(tones, windows.sizes)),
        (f"{name}.kept", windows.mean(kept, two)),
        (f"{name}.kept_later", windows.mean(later, three)),
        (f"{name}.returned", share(returned, windows.sizes)),
        *windows.shares(name, {kind: where & two for kind, where in moves.items()}, windows.sizes - 1),
    ]


def pace(texture: Texture, tonic: Ints) -> Features:
    """All features of slow harmony; `tonic` (a pitch class for each piece) only makes them the same in every key."""
    sounding = (texture.pitch - tonic[texture.slices.of][:, None])[texture.there]
    found: Features = []
    for beats in _WINDOWS:
        found += _window(f"pace.{beats}", texture, beats, sounding)
    return found
