"""Bytes of a MIDI file to a `Performance`: what sounds, when, and in which bars. Imports numpy and mido only."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

import mido
import numpy as np
import numpy.typing as npt

from judge import gate
from judge.meter import BarMap, MeterChange, bar_map
from judge.notes import DRUM_CHANNEL, Note, NoteBook, Programs
from judge.refusals import STANDARD, Limits, MidiRefusal, RefusalCode
from judge.tempo import seconds_at, tempo_map

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

    The gate looks first; mido gets only what it wrote anew. Takes about 2 ms for eight bars in four voices.

    Raises:
        MidiRefusal: with the sentence for the person.
    """
    plain = gate.check(data, limits)
    score = _Score(plain.ticks_per_quarter)
    for index, track in enumerate(mido.MidiFile(file=io.BytesIO(plain.as_bytes())).tracks):
        score.add(index, track)
    _refuse_silence(score)
    bars = score.bars(limits.max_bars)
    if bars.bars > limits.max_bars:
        raise _too_long(score, bars, limits.max_bars)
    return _performance(score, bars, plain.warnings)


@dataclass
class _Score:
    """All tracks on one time line, in ticks."""

    ticks_per_quarter: int
    notes: list[Note] = field(default_factory=list)
    tempi: list[tuple[float, float]] = field(default_factory=list)
    meters: list[MeterChange] = field(default_factory=list)
    programs: Programs = field(default_factory=Programs)
    unended: int = 0
    silent: int = 0

    def add(self, index: int, track: mido.MidiTrack) -> None:
        book = NoteBook(index)
        tick = 0
        for message in track:
            tick += message.time
            match message.type:
                case "note_on" if message.velocity:
                    book.on(tick, message.channel, message.note, message.velocity)
                case "note_on" | "note_off":
                    book.off(tick, message.channel, message.note)
                case "program_change":
                    self.programs.change(tick, message.channel, message.program)
                case "set_tempo":
                    self.tempi.append((tick / self.ticks_per_quarter, mido.tempo2bpm(message.tempo)))
                case "time_signature":
                    self.meters.append((tick, message.numerator, message.denominator))
        self.notes += book.close(tick)
        self.unended += book.unended
        self.silent += book.silent

    @property
    def first(self) -> int:
        return min(note.onset for note in self.notes)

    @property
    def last(self) -> int:
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


def _too_long(score: _Score, bars: BarMap, most: int) -> MidiRefusal:
    """One sentence that says how long it is, and one that fits the likeliest cause."""
    late = sum(1 for start in bars.starts[1:] if start * score.ticks_per_quarter <= score.first)
    over = score.last / score.ticks_per_quarter - bars.starts[-1]
    if late and bars.bars - late <= most:
        advice = f"Its first note comes only in bar {late + 1}: move the music to the beginning and upload it again."
    elif bars.bars == most + 1 and over < 1:
        advice = f"Only the last note rings on past bar {most}: shorten it a little and upload it again."
    elif score.unended:
        advice = "Some of its notes are never switched off and ring on to the end: give them an end, or shorten the piece, and upload it again."
    else:
        advice = f"Choose the {most} bars that you like best and upload them again."
    sentence = f"This piece has {bars.bars:,} bars, and the contest takes at most {most}. {advice}"
    return MidiRefusal(RefusalCode.TOO_LONG, sentence, {"bars": bars.bars, "max_bars": most, "first_bar": late + 1})


def _performance(score: _Score, bars: BarMap, warnings: Iterable[str]) -> Performance:
    quarter = score.ticks_per_quarter
    notes = sorted(note for note in score.notes if note.channel != DRUM_CHANNEL)
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
        seconds=seconds_at(tempi, score.last / quarter) - seconds_at(tempi, score.first / quarter),
        warnings=(*warnings, *_forgiven(score)),
    )


def _forgiven(score: _Score) -> Iterable[str]:
    if score.unended:
        yield f"{_notes(score.unended)} never switched off; read as sounding to the end of the track."
    if score.silent:
        yield f"{_notes(score.silent)} without length; left out."


def _notes(count: int) -> str:
    return "1 note was" if count == 1 else f"{count:,} notes were"
