"""Note-on and note-off messages to notes with a beginning and an end."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

DRUM_CHANNEL = 9  # General MIDI's channel 10
ALL_OFF = frozenset({120, *range(123, 128)})
"""Controllers that end all notes of their channel: all sound off, all notes off, and the four modes, which do so, too."""


class Note(NamedTuple):
    """A sounding note; onset and end in ticks from the start of the piece, end > onset."""

    onset: int
    pitch: int
    end: int
    velocity: int
    track: int
    channel: int


class _Strike(NamedTuple):
    onset: int
    velocity: int


@dataclass
class NoteBook:
    """Pairs the messages of one track, given in the order of the file.

    - The first note-off ends the first of several open notes of one key (first in, first out).
    - A note that gets no note-off of its own ends with the last one of its key after it began, otherwise where another track lets go of
      all keys of its channel (controllers 120 and 123 to 127), otherwise at the track's end.
    - A key that is struck again while it sounds ends the earlier note there, as on a keyboard; of two that begin together the
      longer one stays.
    - Notes without length (grace notes of some exporters) do not sound, and are left out.
    """

    track: int
    unended: int = 0
    silent: int = 0
    _open: dict[tuple[int, int], deque[_Strike]] = field(default_factory=lambda: defaultdict(deque))
    _last_off: dict[tuple[int, int], int] = field(default_factory=dict)
    _spans: dict[tuple[int, int], list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def on(self, tick: int, channel: int, pitch: int, velocity: int) -> None:
        """A key goes down; velocity 1-127."""
        self._open[channel, pitch].append(_Strike(tick, velocity))

    def off(self, tick: int, channel: int, pitch: int) -> None:
        """A key comes up; without a note to end it means nothing."""
        key = channel, pitch
        self._last_off[key] = tick
        if self._open.get(key):
            strike = self._open[key].popleft()
            self._spans[key].append((strike.onset, tick, strike.velocity))

    def all_off(self, tick: int, channel: int) -> None:
        """All keys of a channel that were struck earlier come up (controllers 120 and 123 to 127).

        A note of the same tick stays: some programs write their controllers after the first note, and it would have no length.
        """
        for one, pitch in [key for key in self._open if key[0] == channel]:
            while self._open[one, pitch] and self._open[one, pitch][0].onset < tick:
                self.off(tick, one, pitch)

    def close(self, end: int, silences: Mapping[int, Sequence[int]]) -> list[Note]:
        """The track is over at a tick: its notes, in no order. ``silences`` are the ticks at which any track lets go of a channel."""
        for key, strikes in self._open.items():
            for strike in strikes:
                off = self._last_off.get(key, 0)
                if off <= strike.onset:
                    off = next((tick for tick in silences.get(key[0], ()) if tick > strike.onset), 0)
                self.unended += off <= strike.onset
                self._spans[key].append((strike.onset, off if off > strike.onset else end, strike.velocity))
        return list(chain.from_iterable(self._notes(*key, spans) for key, spans in self._spans.items()))

    def _notes(self, channel: int, pitch: int, spans: list[tuple[int, int, int]]) -> Iterable[Note]:
        spans.sort()
        following = [onset for onset, _, _ in spans[1:]] + [spans[-1][1]]
        for (onset, end, velocity), limit in zip(spans, following, strict=True):
            self.silent += end <= onset
            if (until := min(end, limit)) > onset:
                yield Note(onset, pitch, until, velocity, self.track, channel)


class Programs:
    """Which General MIDI program each channel plays at a tick: changes count for the channel, whichever track they stand in."""

    def __init__(self) -> None:
        self._changes: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def change(self, tick: int, channel: int, program: int) -> None:
        """A program change, in the order of the file."""
        self._changes[channel].append((tick, program))

    def at(self, notes: Sequence[Note]) -> list[int]:
        """The program of each note; notes in order of their onset. Program 0 (piano) where none was chosen."""
        waiting = {
            channel: sorted(changes, key=lambda change: change[0])[::-1] for channel, changes in self._changes.items()
        }
        now: dict[int, int] = {}
        programs = []
        for note in notes:
            later = waiting.get(note.channel, [])
            while later and later[-1][0] <= note.onset:
                now[note.channel] = later.pop()[1]
            programs.append(now.get(note.channel, 0))
        return programs
