"""Bytes of a MIDI file to a `Performance`: what sounds, when, and in which bars. Imports numpy and mido only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import mido
import numpy as np
import numpy.typing as npt

from judge import gate
from judge.meter import BarMap, MeterChange, bar_map, with_pickup, with_tail
from judge.notes import ALL_OFF, DRUM_CHANNEL, Note, NoteBook, Programs
from judge.refusals import STANDARD, Limits, MidiRefusal, RefusalCode
from judge.tempo import DEFAULT_BPM, seconds_at, tempo_map
from judge.toolong import Long, refusal
from judge.upbeat import Heard, pickup_length

CONTROL = 0xB0
"""The status of a controller, on channel 1."""
META = 0xFF
"""The first byte of tempi, time signatures and the end of a track."""
_REMEMBERED = 4096
"""Messages (about 2 MB)."""

__all__ = ["Limits", "MidiRefusal", "Performance", "RefusalCode", "read"]


@dataclass(frozen=True, eq=False)
class Performance:
    """What a MIDI file plays. Columns of n pitched notes, sorted by (onset, pitch); one quarter note is 1.0.

    Attributes:
        onset: float64[n], quarter notes from tick 0, >= 0.
        duration: float64[n], quarter notes, > 0.
        pitch: int16[n], MIDI numbers, 0-127 (60 is middle C).
        velocity: int16[n], 1-127.
        track: int16[n], index of the track chunk, from 0.
        channel: int16[n], 0-15 (9, the drums, is left out).
        program: int16[n], General MIDI program at the onset, 0-127.
        drum_notes: how many notes channel 10 (index 9) plays; they are in no column.
        ticks_per_quarter: the file's resolution, 1-32767.
        tempi: (quarter position, beats per minute), first at 0.0, ascending.
        meters: (quarter position, numerator, denominator), first at 0.0, ascending.
        bar_starts: quarter positions of the bars' beginnings, the pickup's included.
        bars_end: quarter position of the bar line that ends the last bar.
        bars: how many bars by the contest's rule; a pickup is not counted.
        pickup: whether the piece begins with an upbeat, so that len(bar_starts) == bars + 1.
        seconds: from the first sounding note to the end of the last one, by the tempo map.
        warnings: sentences on what was read with forbearance.
    """

    onset: npt.NDArray[np.float64]
    duration: npt.NDArray[np.float64]
    pitch: npt.NDArray[np.int16]
    velocity: npt.NDArray[np.int16]
    track: npt.NDArray[np.int16]
    channel: npt.NDArray[np.int16]
    program: npt.NDArray[np.int16]
    drum_notes: int
    ticks_per_quarter: int
    tempi: tuple[tuple[float, float], ...]
    meters: tuple[tuple[float, int, int], ...]
    bar_starts: tuple[float, ...]
    bars_end: float
    bars: int
    pickup: bool
    seconds: float
    warnings: tuple[str, ...]


def read(data: bytes, limits: Limits = STANDARD) -> Performance:
    """Read a MIDI file from its bytes, or refuse it.

    The gate looks first; mido gets only the messages that it let pass. Takes about 1 ms for eight bars in four voices.

    Raises:
        MidiRefusal: with the sentence for the person.
    """
    plain = gate.check(data, limits)
    score, silences = _Score(plain.ticks_per_quarter, plain.names), _silences(plain.tracks)
    for index, track in enumerate(plain.tracks):
        score.add(index, track, silences)
    _refuse_silence(score)
    bars, remark = _bars(score, limits.max_bars)
    return _performance(score, bars, (*plain.warnings, *remark))


def _silences(tracks: Iterable[Iterable[gate.Event]]) -> dict[int, list[int]]:
    """The ticks, ascending, at which a controller lets go of all keys of a channel, whichever track it stands in."""
    found: dict[int, list[int]] = {}
    for tick, message in sorted(event for track in tracks for event in track if event[1][0] & 0xF0 == CONTROL):
        if message[1] in ALL_OFF:
            found.setdefault(message[0] & 0x0F, []).append(tick)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _read(message: bytes) -> mido.Message | mido.MetaMessage:
    """A message by mido, which needs as long for it as all else of reading does: a piece has few that differ, so each is read once."""
    return mido.MetaMessage.from_bytes(message) if message[0] == META else mido.Message.from_bytes(message)


@dataclass
class _Score:
    """All tracks on one time line, in ticks."""

    ticks_per_quarter: int
    names: tuple[str, ...]
    """Of the tracks, as they are told."""
    notes: list[Note] = field(default_factory=list)
    tempi: list[tuple[float, float]] = field(default_factory=list)
    meters: list[MeterChange] = field(default_factory=list)
    programs: Programs = field(default_factory=Programs)
    unended: list[int] = field(default_factory=list)
    """How many notes of each track are never switched off."""
    silent: int = 0

    def add(self, index: int, track: Iterable[gate.Event], silences: Mapping[int, Sequence[int]]) -> None:
        book = NoteBook(index)
        tick = 0
        for tick, data in track:
            message = _read(data)
            match message.type:
                case "note_on" if message.velocity:
                    book.on(tick, message.channel, message.note, message.velocity)
                case "note_on" | "note_off":
                    book.off(tick, message.channel, message.note)
                case "control_change" if message.control in ALL_OFF:
                    book.all_off(tick, message.channel)
                case "program_change":
                    self.programs.change(tick, message.channel, message.program)
                case "set_tempo":
                    self.tempi.append((tick / self.ticks_per_quarter, mido.tempo2bpm(message.tempo)))
                case "time_signature":
                    self.meters.append((tick, message.numerator, message.denominator))
        self.notes += book.close(tick, silences)
        self.unended.append(book.unended)
        self.silent += book.silent

    @property
    def pitched(self) -> list[Note]:
        return [note for note in self.notes if note.channel != DRUM_CHANNEL]

    @property
    def first(self) -> int:
        """Where the first pitched note begins: a drum is not judged, so it makes no bar begin earlier."""
        return min(note.onset for note in self.pitched)

    @property
    def sound(self) -> int:
        """Where anything sounds for the first time."""
        return min(note.onset for note in self.notes)

    @property
    def last(self) -> int:
        """Where the last pitched note ends: a drum is not judged, so it makes no piece too long."""
        return max(note.end for note in self.pitched)

    @property
    def silence(self) -> int:
        """Where nothing sounds any more."""
        return max(note.end for note in self.notes)

    def bars(self, most: int) -> BarMap:
        return bar_map(self.meters, self.ticks_per_quarter, self.first, self.last, most)


def _refuse_silence(score: _Score) -> None:
    if any(note.channel != DRUM_CHANNEL for note in score.notes):
        return
    if score.notes:
        sentence = "This file has only drums (MIDI channel 10), and the judge listens to melody and harmony. Put your notes on another channel and upload it again."
    else:
        sentence = (
            "This MIDI file has no notes that sound. Check that your tracks are part of the export and upload it again."
        )
    raise MidiRefusal(RefusalCode.NO_NOTES, sentence, {"drum_notes": len(score.notes), "silent_notes": score.silent})


def _bars(score: _Score, most: int) -> tuple[BarMap, tuple[str, ...]]:
    """The bars, and what is to be said of them. Raises MidiRefusal where there are too many."""
    bars = score.bars(most)
    if bars.bars <= most:
        return bars, ()
    over = _over(score, bars, most)
    if over is None:
        raise refusal(_long(score, bars, most))
    one_meter = not bars.pickup and len(bars.meters) == 1
    length = pickup_length(_heard(score), bars.starts[1] - bars.starts[0], most) if one_meter else 0.0
    last = score.last / score.ticks_per_quarter
    if length:
        said = f"It is read as beginning with a pickup of {_note_value(length)}, which is no bar of its own: its accents, harmony and last note sound so."
        return with_pickup(bars, length, last), (said,)
    said = f"What rings or comes after bar {most} is less than half a bar, so it was taken as the end of bar {most}."
    return with_tail(bars, most, last), (said,)


def _over(score: _Score, bars: BarMap, most: int) -> float | None:
    """By how many quarter notes the piece is too long, where that is less than half a bar; None where it is more."""
    starts = bars.starts
    if bars.bars != most + 1:
        return None
    edge = starts[most + bars.pickup] if len(starts) > most + bars.pickup else bars.end
    over = score.last / score.ticks_per_quarter - edge
    bar = edge - starts[most + bars.pickup - 1]
    return over if over < bar / 2 else None


def _note_value(quarters: float) -> str:
    """``a quarter note``; ``1.25 quarter notes`` where there is no word for it."""
    return _NOTE_VALUES.get(quarters, f"{quarters:g} quarter notes")


_NOTE_VALUES = {
    0.25: "a sixteenth note",
    0.5: "an eighth note",
    0.75: "a dotted eighth note",
    1.0: "a quarter note",
    1.5: "a dotted quarter note",
    2.0: "a half note",
}


def _heard(score: _Score) -> Heard:
    notes = np.array(sorted(score.pitched), dtype=np.int64)
    onset, pitch, end, velocity = notes.T[:4]
    quarter = score.ticks_per_quarter
    return Heard(onset / quarter, (end - onset) / quarter, pitch, velocity)


def _long(score: _Score, bars: BarMap, most: int) -> Long:
    quarter = score.ticks_per_quarter
    late = sum(1 for start in bars.starts[1:] if start * quarter <= score.first)
    empty = round(bars.starts[late] * quarter) if late < len(bars.starts) else 0
    without = bar_map(
        [(max(0, tick - empty), over, under) for tick, over, under in score.meters],
        quarter,
        score.first - empty,
        score.last - empty,
        most,
    )
    return Long(
        notes=score.pitched,
        quarter=quarter,
        bars=bars.bars,
        most=most,
        late=late,
        drummed=score.sound < score.first,
        fits_without_them=late > 0 and without.bars <= most,
        ends_at=(bars.starts[most + bars.pickup] if len(bars.starts) > most + bars.pickup else bars.end) * quarter,
        bar=bars.starts[1 + bars.pickup] - bars.starts[bars.pickup],
        names=score.names,
        unended=tuple(index for index, count in enumerate(score.unended) if count),
        is_default_tempo=all(abs(bpm - DEFAULT_BPM) < 0.01 for _, bpm in score.tempi),
    )


def _performance(score: _Score, bars: BarMap, warnings: Iterable[str]) -> Performance:
    quarter = score.ticks_per_quarter
    notes = sorted(score.pitched)
    onset, pitch, end, velocity, track, channel = np.array(notes, dtype=np.int64).T
    tempi = tempo_map(score.tempi)
    return Performance(
        onset=onset / quarter,
        duration=(end - onset) / quarter,
        pitch=pitch.astype(np.int16),
        velocity=velocity.astype(np.int16),
        track=track.astype(np.int16),
        channel=channel.astype(np.int16),
        program=np.array(score.programs.at(notes), dtype=np.int16),
        drum_notes=len(score.notes) - len(notes),
        ticks_per_quarter=quarter,
        tempi=tempi,
        meters=bars.meters,
        bar_starts=bars.starts,
        bars_end=bars.end,
        bars=bars.bars,
        pickup=bars.pickup,
        seconds=seconds_at(tempi, score.silence / quarter) - seconds_at(tempi, score.sound / quarter),
        warnings=(*warnings, *_forgiven(score)),
    )


def _forgiven(score: _Score) -> Iterable[str]:
    if unended := sum(score.unended):
        yield f"{_notes(unended)} never switched off; read as sounding to the end of the track."
    if drums := len(score.notes) - len(score.pitched):
        drummed = "1 note" if drums == 1 else f"{drums:,} notes"
        yield f"{drummed} on MIDI channel 10, the drums, can be heard, but the judge leaves drums out."
    if score.silent:
        yield f"{_notes(score.silent)} without length; left out."


def _notes(count: int) -> str:
    return "1 note was" if count == 1 else f"{count:,} notes were"
