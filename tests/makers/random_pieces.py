"""Pieces by chance: one to six parts, chords, ornaments, players' timing, drums, several meters and tempi; and the same with broken bytes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.makers.midi_files import meter, midi, number, program, tempo, track

QUARTERS = (24, 96, 120, 192, 220, 384, 480, 960, 1024)
METERS = ((4, 2), (3, 2), (2, 2), (6, 3), (2, 1), (3, 3), (5, 2), (7, 3), (12, 3))
LENGTHS = (0.125, 0.25, 0.25, 1 / 3, 0.5, 0.5, 0.5, 0.75, 1.0, 1.0, 1.0, 1.5, 2.0, 4.0)
DRUMS = 9


@dataclass
class _Part:
    """A track's messages, each with its tick."""

    chance: random.Random
    quarter: int
    channel: int
    messages: list[tuple[int, bytes]] = field(default_factory=list)

    def note(self, begin: float, end: float, pitch: int) -> None:
        """From one quarter position to another."""
        tick = max(0, round(begin * self.quarter))
        after = max(tick, round(end * self.quarter))
        self.messages.append((tick, bytes((0x90 | self.channel, pitch, self.chance.randint(30, 120)))))
        self.messages.append((after, bytes((0x80 | self.channel, pitch, 64))))

    def as_track(self, *head: bytes) -> bytes:
        """The messages in order, after those of the head, which take no time."""
        body, before = [], 0
        for tick, message in sorted(self.messages, key=lambda each: each[0]):
            body.append(number(tick - before) + message)
            before = tick
        return track(*head, *body)


def random_piece(seed: int) -> bytes:
    """At most eight bars and a little, most of them; the same seed writes the same piece."""
    chance = random.Random(seed)
    quarter, (beats, power) = chance.choice(QUARTERS), chance.choice(METERS)
    length = chance.choice((1, 2, 4, 6, 7, 8, 8, 8, 8)) * beats * 4 / 2**power
    parts = [_Part(chance, quarter, channel) for channel in range(chance.choice((1, 1, 2, 2, 3, 4, 4, 5, 6)))]
    late, loose = chance.choice((0, 0, 0, 0.5, 1.0)), chance.choice((0, 0, 0, 0.02, 0.05))
    for place, part in enumerate(parts):
        _line(part, late, length + chance.choice((0, 0, 0, 0.25, 1.0)), 76 - 8 * place, loose)
    if not chance.randrange(6):
        parts.append(_Part(chance, quarter, DRUMS))
        _line(parts[-1], 0, length, 40, 0)
    head = [meter(beats, power)] if chance.randrange(5) else []
    head += [tempo(chance.choice((300_000, 500_000, 612_345)))] if chance.randrange(4) else []
    if chance.randrange(2):
        tracks = [part.as_track(*(head if part is parts[0] else ()), program(chance.randrange(128))) for part in parts]
        return midi(*tracks, kind=1, division=quarter)
    together = _Part(chance, quarter, 0)
    for part in parts:
        together.messages += part.messages
    return midi(together.as_track(*head), division=quarter)


def _line(part: _Part, begin: float, end: float, centre: int, loose: float) -> None:
    chance = part.chance
    chords, scale = chance.choice((0.0, 0.0, 0.1, 0.4)), chance.choice(((0, 2, 4, 5, 7, 9, 11), tuple(range(12))))
    detached, ornaments = chance.choice((1.0, 1.0, 0.875, 0.5, 1.1)), chance.choice((0.0, 0.0, 0.1))
    few, pitch, time = chance.sample(LENGTHS, chance.randint(1, 5)), centre, begin
    while time < end:
        length = min(chance.choice(few), end - time)
        pitch += chance.choice((-7, -4, -3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3, 4, 5, 12, -12))
        pitch = min(max(pitch, 24), 103)
        pitch += 0 if pitch % 12 in scale else 1
        start = time + chance.gauss(0, loose)
        if chance.random() > 0.1:
            if chance.random() < ornaments:
                part.note(start, start + 0.06, pitch + 2)
                start += 0.06
            part.note(start, start + length * detached, pitch)
            if chance.random() < chords:
                part.note(start, start + length * detached, pitch + chance.choice((3, 4, 7, 12)))
        time += length


def broken(data: bytes, seed: int) -> bytes:
    """The same file with a few other bytes."""
    chance, changed = random.Random(seed), bytearray(data)
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)
