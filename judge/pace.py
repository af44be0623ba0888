"""Features of harmony at a slow pace: what windows of two and four beats hold, however their chords are broken or figured."""

import numpy as np

from judge.chords import best_triads, triad_fit
from judge.constants import UNITS
from judge.grid import Flags, Floats, Ints, numbered, steps
from judge.table import Features, distinct, entropy_of, share
from judge.voices import Texture

_WINDOWS = (2, 4)
_SILENT = 999


def _profiles(texture: Texture, window: int, tonic: int) -> tuple[Floats, Ints]:
    """Pitch-class weights (float64[windows, 12], each a unit vector) and lowest pitch of the windows that have notes."""
    row = numbered(texture.time // window)
    at = np.repeat(row, texture.sounding)
    weight = np.repeat(np.minimum(texture.length, window), texture.sounding)
    pitch = texture.pitch[texture.there] - tonic
    count = int(row[-1]) + 1
    profile = np.bincount(at * 12 + pitch % 12, weight, minlength=count * 12).reshape(count, 12)
    low = np.full(count, _SILENT)
    np.minimum.at(low, at, pitch)
    norm = np.linalg.norm(profile, axis=1, keepdims=True)
    return profile / np.maximum(norm, 1e-9), low


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _part(there: Flags) -> float:
    return share(np.count_nonzero(there), len(there))


def _window(name: str, texture: Texture, beats: int, tonic: int) -> Features:
    profile, low = _profiles(texture, beats * UNITS, tonic)
    triad = best_triads(profile)
    root = triad % 12
    motion = steps(root) % 12
    kept = (profile[:-1] * profile[1:]).sum(axis=1)
    bass = np.abs(steps(low))
    later = (profile[:-2] * profile[2:]).sum(axis=1)
    every = profile @ profile.T
    alike: Flags = np.any(np.triu(every, 1) > _ALIKE, axis=0)
    chords = distinct(triad)
    return [
        (f"{name}.entropy", entropy_of(triad)),
        (f"{name}.distinct", share(chords, len(triad))),
        (f"{name}.chords", float(chords)),
        (f"{name}.changes", share(np.count_nonzero(triad[1:] != triad[:-1]), len(triad) - 1)),
        (f"{name}.fit", _mean(triad_fit(profile))),
        (f"{name}.tones", _mean((profile > _HEARD).sum(axis=1).astype(np.float64))),
        (f"{name}.kept", _mean(kept)),
        (f"{name}.kept_later", _mean(later)),
        (f"{name}.returned", _part(alike)),
        (f"{name}.fifth_down", _part(motion == 5)),
        (f"{name}.fifth_up", _part(motion == 7)),
        (f"{name}.third", _part((motion == 3) | (motion == 4) | (motion == 8) | (motion == 9))),
        (f"{name}.step", _part((motion == 1) | (motion == 2) | (motion == 10) | (motion == 11))),
        (f"{name}.bass_same", _part(bass == 0)),
        (f"{name}.bass_step", _part((bass == 1) | (bass == 2))),
        (f"{name}.bass_fifth", _part((bass == 5) | (bass == 7))),
        (f"{name}.bass_wide", _part(bass > 7)),
    ]


_ALIKE = 0.98
"""Cosine from which two windows hold the same harmony."""
_HEARD = 0.08
"""Share of a window's weight from which a pitch class counts."""


def pace(texture: Texture, tonic: int) -> Features:
    """All features of slow harmony; `tonic` (a pitch class) only makes them the same in every key."""
    found: Features = []
    for beats in _WINDOWS:
        found += _window(f"pace.{beats}", texture, beats, tonic)
    return found
