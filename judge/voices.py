"""Voices of a piece: streams found from pitch and time alone, since tracks say little about them.

A file may hold a fugue in one track or one voice in four, so what the network hears never asks tracks (`judge.parts` does, for what
authors are told). Each slice of time (from one onset to
the next) gives its notes to the nearest free stream; the result is a table of slices by voices.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from judge.constants import MAX_VOICES, UNITS
from judge.grid import Flags, GridNotes, Ints, once

BUSY_COST = 12.0
"""Semitones that taking over a voice which still sounds is worth."""
NEW_VOICE_COST = 14.0
GAP_COST_MAX = 4.0
OVERLAP = 0.75
"""A note counts as over after this share of its length: legato playing overlaps."""
SOMETIMES = 0.05
"""Share of the time for which so many notes must sound together to be so many voices."""
EXTRA = 2
"""Tones more than usual in a chord that may be left out; more are a cluster, which somebody meant."""
STACCATO = 2
"""A note is held until the next one of its voice, but at most this many times its written length."""


@dataclass(frozen=True)
class Texture:
    """A piece as slices by voices (highest voice first).

    `time` and `length` are int64[slices] in grid units; `pitch` is int64[slices, voices], 0 where silent; `attack` says
    where a note begins; `note` is the index of the note, -1 where silent. `onset`, `held` and `tone` (int64[notes]) are the
    placed notes with their length in the voice; `voice` is the column of each.
    """

    time: Ints
    length: Ints
    pitch: Ints
    attack: Flags
    note: Ints
    onset: Ints
    held: Ints
    tone: Ints
    voice: Ints

    @cached_property
    def there(self) -> Flags:
        """Which voice sounds, bool[slices, voices]."""
        return self.note >= 0

    @cached_property
    def high(self) -> Ints:
        """The highest pitch of each slice, int64[slices]; -1 where all are silent."""
        highest: Ints = np.where(self.there, self.pitch, -1).max(axis=1)
        return highest

    @cached_property
    def low(self) -> Ints:
        """The lowest pitch of each slice, int64[slices]; 999 where all are silent."""
        lowest: Ints = np.where(self.there, self.pitch, 999).min(axis=1)
        return lowest

    @cached_property
    def sounding(self) -> Ints:
        """How many voices sound in each slice, int64[slices]."""
        count: Ints = self.there.sum(axis=1)
        return count

    @cached_property
    def by_voice(self) -> Ints:
        """The indices of the placed notes, voice after voice, int64[notes]."""
        return np.lexsort((self.onset, self.voice))

    @cached_property
    def joined(self) -> Flags:
        """Whether a note of `by_voice` and the next one are of one voice, bool[notes - 1]."""
        voice = self.voice[self.by_voice]
        same: Flags = voice[1:] == voice[:-1]
        return same


@cache
def pairs_of(voices: int) -> tuple[Ints, Ints]:
    """All pairs of so many voices: the columns of the one, and of the other."""
    return np.triu_indices(voices, 1)


@dataclass(slots=True)
class _Stream:
    pitch: int
    free_at: float
    heard: int

    def cost(self, pitch: int, time: int) -> float:
        away = (time - self.heard) / (4 * UNITS)
        far = abs(pitch - self.pitch) + (away if away < GAP_COST_MAX else GAP_COST_MAX)  # noqa: FURB136 - min() takes longer
        return far + (BUSY_COST if self.free_at > time else 0.0)


def _give(streams: list[_Stream], pitches: list[int], time: int, most: int) -> list[int]:
    """Index of the stream for each of the simultaneous pitches; -1 where all streams are taken."""
    if len(pitches) == 1 and streams:
        cost, v = min((stream.cost(pitches[0], time), v) for v, stream in enumerate(streams))
        return [-1 if cost >= NEW_VOICE_COST and len(streams) < most else v]
    given = [-1] * len(pitches)
    offers = sorted((stream.cost(p, time), i, v) for v, stream in enumerate(streams) for i, p in enumerate(pitches))
    taken: set[int] = set()
    for cost, i, v in offers:
        if cost >= NEW_VOICE_COST and len(streams) < most:
            break
        if given[i] < 0 and v not in taken:
            given[i] = v
            taken.add(v)
    return given


def _streams(notes: GridNotes) -> Ints:
    """The stream of each note, -1 for one too many: a tone more in a chord now and then makes no voice of its own."""
    sounding = _sounding(notes)
    usual = _usual(sounding)
    if sounding.max() <= usual:
        return _given(notes, MAX_VOICES)
    kept = _without_crowds(notes, sounding, usual)
    voice = np.full(len(notes.onset), -1, dtype=np.int64)
    voice[kept] = _given(GridNotes(notes.onset[kept], notes.duration[kept], notes.pitch[kept]), MAX_VOICES)
    return voice


def _ends(notes: GridNotes) -> Ints:
    ends: Ints = notes.onset + np.maximum(1, np.rint(OVERLAP * notes.duration)).astype(np.int64)
    return ends


def _sounding(notes: GridNotes) -> Ints:
    """How many notes sound together in each grid unit from the first onset on, int64[units]."""
    first, ends = int(notes.onset.min()), _ends(notes)
    changes = np.bincount(notes.onset - first, minlength=int(ends.max()) - first + 1)
    sounding: Ints = np.cumsum(changes - np.bincount(ends - first, minlength=len(changes)))
    return sounding


def _usual(sounding: Ints) -> int:
    """How many notes sound together for at least `SOMETIMES` of the time (at least 1)."""
    longest = np.bincount(sounding[sounding > 0])
    shares = longest[::-1].cumsum()[::-1] / longest.sum()
    return max(1, int(np.flatnonzero(shares >= SOMETIMES).max()))


def _without_crowds(notes: GridNotes, sounding: Ints, most: int) -> Flags:
    """Which notes stay: where one or two too many begin, those go that are missed least between the chords around."""
    ends, kept = _ends(notes), np.ones(len(notes.onset), dtype=bool)
    times = once(notes.onset)
    for place in np.flatnonzero((sounding > most)[times - times[0]]).tolist():
        here, *around = (
            np.flatnonzero(kept & (notes.onset <= time) & (ends > time))
            for time in times[[place, max(0, place - 1), min(place + 1, len(times) - 1)]]
        )
        for _ in range(len(here) - most if len(here) <= most + EXTRA else 0):
            struck = here[notes.onset[here] == times[place]]
            if len(struck):
                out = _missed_least(notes.pitch, here, struck, around)
                kept[out] = False
                here = here[here != out]
    return kept


def _missed_least(pitch: Ints, here: Ints, struck: Ints, around: list[Ints]) -> int:
    """The note of a chord without which the way to the chords around it is shortest; an inner one, where there are any."""
    outer = {int(here[np.argmin(pitch[here])]), int(here[np.argmax(pitch[here])])}
    every: list[int] = struck.tolist()
    inner = [note for note in every if note not in outer] or every
    return min(
        inner, key=lambda note: sum(_way(pitch[here[here != note]], pitch[chord[chord != note]]) for chord in around)
    )


def _way(here: Ints, there: Ints) -> float:
    """How far the pitches of one chord (at least one) are from those of another."""
    if len(here) == len(there):
        return float(np.abs(np.sort(here) - np.sort(there)).sum())
    return float(sum(np.abs(here - pitch).min() for pitch in there))


def _given(notes: GridNotes, most: int) -> Ints:
    """The stream of each note by pitch and time, of ``most`` streams at most."""
    streams: list[_Stream] = []
    voice = np.full(len(notes.onset), -1, dtype=np.int64)
    onset, duration, pitch = notes.onset.tolist(), notes.duration.tolist(), notes.pitch.tolist()
    starts = [0, *(np.flatnonzero(np.diff(notes.onset)) + 1).tolist(), len(onset)]
    for begin, end in pairwise(starts):
        time = onset[begin]
        given = _give(streams, pitch[begin:end], time, most)
        for i, stream in enumerate(given, start=begin):
            chosen = stream
            if chosen < 0 and len(streams) < most:
                chosen = len(streams)
                streams.append(_Stream(0, 0.0, 0))
            if chosen >= 0:
                streams[chosen] = _Stream(pitch[i], time + OVERLAP * duration[i], time)
                voice[i] = chosen
    return voice


def _by_height(voice: Ints, pitch: Ints) -> Ints:
    """Renumbers the voices from the highest mean pitch down."""
    count = int(voice.max()) + 1
    means = np.bincount(voice, pitch, count) / np.bincount(voice, minlength=count)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(-means, kind="stable")] = np.arange(count)
    ranked: Ints = rank[voice]
    return ranked


def texture(notes: GridNotes) -> Texture:
    """Separates the voices of at least one note and cuts time at each onset."""
    return woven(notes, _streams(notes))


def woven(notes: GridNotes, voice: Ints) -> Texture:
    """The texture of notes whose voices are known: int64[notes], -1 for those in none."""
    placed = voice >= 0
    onset, tone, held = notes.onset[placed], notes.pitch[placed], notes.duration[placed].copy()
    voice = _by_height(voice[placed], tone)
    time = once(notes.onset)
    count = int(voice.max()) + 1
    note = np.full((len(time), count), -1, dtype=np.int64)
    for v in range(count):
        mine = np.flatnonzero(voice == v)
        held[mine[:-1]] = np.minimum(STACCATO * held[mine[:-1]], np.diff(onset[mine]))
        at = np.searchsorted(onset[mine], time, side="right") - 1
        now = mine[np.maximum(at, 0)]
        sounds = (at >= 0) & (time < onset[now] + held[now])
        note[:, v] = np.where(sounds, now, -1)
    there = note >= 0
    end = int((onset + held).max())
    length = np.diff(time, append=max(end, int(time[-1]) + 1))
    pitch = np.where(there, tone[note], 0)
    attack = there & (onset[note] == time[:, None])
    return Texture(time, length, pitch, attack, note, onset, held, tone, voice)
