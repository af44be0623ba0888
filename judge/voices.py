"""Voices of a piece: streams found from pitch and time alone, since tracks say little about them.

A file may hold a fugue in one track or one voice in four, so what the network hears never asks tracks (`judge.parts` does, for what
authors are told). Each slice of time (from one onset to
the next) gives its notes to the nearest free stream; the result is a table of slices by voices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from judge.constants import MAX_VOICES, UNITS
from judge.grid import Flags, GridNotes, Ints, new, once, steps
from judge.laid import Laid

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
FAR = 100 * UNITS
"""Grid units between pieces that are laid end to end: more than anybody looks back or ahead."""
BARS = 16 * UNITS
"""They begin on a multiple of this, so that every beat and every window of some beats stays one."""
STACCATO = 2
"""A note is held until the next one of its voice, but at most this many times its written length."""


@dataclass(frozen=True)
class Texture:
    """A piece as slices by voices (highest voice first).

    `time` and `length` are int64[slices] in grid units; `pitch` is int64[slices, voices], 0 where silent; `attack` says
    where a note begins; `note` is the index of the note, -1 where silent. `onset`, `held` and `tone` (int64[notes]) are the
    placed notes with their length in the voice; `voice` is the column of each. Several pieces are laid end to end, far apart in time:
    `slices` and `notes` say which of them each slice and each note is of, and `begins` (int64[pieces]) when each would have begun at 0.
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
    slices: Laid
    notes: Laid
    begins: Ints

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
    def struck(self) -> Ints:
        """How many notes begin in each slice, int64[slices]."""
        count: Ints = self.attack.sum(axis=1)
        return count

    @cached_property
    def by_voice(self) -> Ints:
        """The indices of the placed notes, voice after voice of piece after piece, int64[notes]."""
        return np.argsort(self.line, kind="stable")

    @cached_property
    def line(self) -> Ints:
        """A number for each voice of each piece, int64[notes]."""
        line: Ints = self.notes.of * self.pitch.shape[1] + self.voice
        return line

    @cached_property
    def joined(self) -> Flags:
        """Whether a note of `by_voice` comes after another one of its voice, bool[notes]."""
        return Laid(self.line[self.by_voice]).second

    def only(self, pieces: Ints) -> "Texture":
        """Some of the pieces, which ascend."""
        number = np.full(len(self.notes.starts), -1)
        number[pieces] = np.arange(len(pieces))
        slices, notes = number[self.slices.of] >= 0, number[self.notes.of] >= 0
        moved = np.append(np.cumsum(notes) - 1, -1)
        return Texture(
            time=self.time[slices],
            length=self.length[slices],
            pitch=self.pitch[slices],
            attack=self.attack[slices],
            note=moved[self.note[slices]],
            onset=self.onset[notes],
            held=self.held[notes],
            tone=self.tone[notes],
            voice=self.voice[notes],
            slices=Laid(number[self.slices.of[slices]]),
            notes=Laid(number[self.notes.of[notes]]),
            begins=self.begins[pieces],
        )


@cache
def pairs_of(voices: int) -> tuple[Ints, Ints]:
    """All pairs of so many voices: the columns of the one, and of the other."""
    return np.triu_indices(voices, 1)


_Stream = tuple[int, float, int]
"""The pitch of its last note, until when that sounds, and when it began."""


def _cost(stream: _Stream, pitch: int, time: int) -> float:
    last, free_at, heard = stream
    away = (time - heard) / (4 * UNITS)
    far = abs(pitch - last) + (away if away < GAP_COST_MAX else GAP_COST_MAX)  # noqa: FURB136 - min() takes longer
    return far + (BUSY_COST if free_at > time else 0.0)


def _nearest(streams: list[_Stream], pitch: int, time: int, most: int) -> int:
    """Index of the stream for a pitch that comes alone; -1 where it begins one."""
    best, nearest = np.inf, -1
    for v, stream in enumerate(streams):
        cost = _cost(stream, pitch, time)
        if cost < best:
            best, nearest = cost, v
    return -1 if best >= NEW_VOICE_COST and len(streams) < most else nearest


def _give(streams: list[_Stream], pitches: list[int], time: int, most: int) -> list[int]:
    """Index of the stream for each of the simultaneous pitches; -1 where all streams are taken."""
    given = [-1] * len(pitches)
    offers = [(_cost(stream, p, time), i, v) for v, stream in enumerate(streams) for i, p in enumerate(pitches)]
    offers.sort()
    left = min(len(pitches), len(streams))
    taken: set[int] = set()
    for cost, i, v in offers:
        if not left or (cost >= NEW_VOICE_COST and len(streams) < most):
            break
        if given[i] < 0 and v not in taken:
            given[i] = v
            taken.add(v)
            left -= 1
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
    voice: list[int] = []
    onset, pitch = notes.onset.tolist(), notes.pitch.tolist()
    free = (notes.onset + OVERLAP * notes.duration).tolist()
    starts = [*new(notes.onset).nonzero()[0].tolist(), len(onset)]
    for begin, end in pairwise(starts):
        time = onset[begin]
        if end - begin == 1:
            given = [_nearest(streams, pitch[begin], time, most)]
        else:
            given = _give(streams, pitch[begin:end], time, most)
        for i, stream in enumerate(given, start=begin):
            now, chosen = (pitch[i], free[i], time), stream
            if stream >= 0:
                streams[stream] = now
            elif len(streams) < most:
                chosen = len(streams)
                streams.append(now)
            voice.append(chosen)
    return np.array(voice, dtype=np.int64)


def _by_height(voice: Ints, pitch: Ints, notes: Laid) -> Ints:
    """Renumbers the voices of each piece from the highest mean pitch down."""
    count, pieces = int(voice.max()) + 1, len(notes.starts)
    line = notes.of * count + voice
    heard = np.bincount(line, minlength=pieces * count)
    means = np.where(heard > 0, np.bincount(line, pitch, pieces * count) / np.maximum(heard, 1), -np.inf)
    rank = np.empty((pieces, count), dtype=np.int64)
    np.put_along_axis(rank, np.argsort(-means.reshape(pieces, count), axis=1, kind="stable"), np.arange(count)[None], 1)
    ranked: Ints = rank.ravel()[line]
    return ranked


def texture(*pieces: GridNotes) -> Texture:
    """Separates the voices of each piece, of at least one note, and cuts time at each onset."""
    return woven(pieces, [_streams(notes) for notes in pieces])


def woven(pieces: Sequence[GridNotes], voices: Sequence[Ints]) -> Texture:
    """The texture of notes whose voices are known: int64[notes] for each piece, -1 for those in none."""
    every = Laid(np.repeat(np.arange(len(pieces)), [len(notes.onset) for notes in pieces]))
    begins = _apart(pieces)
    onset = np.concatenate([notes.onset for notes in pieces]) + begins[every.of]
    duration, pitch = (np.concatenate(part) for part in zip(*((n.duration, n.pitch) for n in pieces), strict=True))
    found = np.concatenate(voices)
    first = new(onset)
    time, slices = onset[first], every.some(first)
    placed = found >= 0
    notes = every.some(placed)
    onset, tone, held = onset[placed], pitch[placed], duration[placed]
    voice = _by_height(found[placed], tone, notes)
    count = int(voice.max()) + 1
    note = np.full((len(time), count), -1, dtype=np.int64)
    for v in range(count):
        mine = (voice == v).nonzero()[0]
        wait = steps(onset[mine])
        same = notes.of[mine[1:]] == notes.of[mine[:-1]]
        held[mine[:-1]] = np.where(same, np.minimum(STACCATO * held[mine[:-1]], wait), held[mine[:-1]])
        at = np.searchsorted(onset[mine], time, side="right") - 1
        now = mine[np.maximum(at, 0)]
        sounds = (at >= 0) & (time < onset[now] + held[now])
        note[:, v] = np.where(sounds, now, -1)
    there = note >= 0
    ends = np.maximum(np.maximum.reduceat(onset + held, notes.starts), time[slices.ends] + 1)
    length = np.append(steps(time), 0)
    length[slices.ends] = ends - time[slices.ends]
    sounding = np.where(there, tone[note], 0)
    attack = there & (onset[note] == time[:, None])
    return Texture(time, length, sounding, attack, note, onset, held, tone, voice, slices, notes, begins)


def _apart(pieces: Sequence[GridNotes]) -> Ints:
    """Where each piece begins on the time line of all: so far behind the one before that nothing reaches over."""
    reach = max(int((notes.onset + notes.duration).max()) for notes in pieces) + FAR
    return np.arange(len(pieces)) * (reach - reach % -BARS)
