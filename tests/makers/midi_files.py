"""MIDI files made by code, byte for byte: good ones for any test, and the hostile ones with the outcome that each must get."""

import itertools
import random
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
END = b"\x00\xff\x2f\x00"


def number(value: int) -> bytes:
    """A variable-length number."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def note(pitch: int, length: int = 480, *, after: int = 0, channel: int = 0, velocity: int = 80) -> bytes:
    """A note-on ``after`` ticks of rest, and its note-off."""
    on, off = bytes((0x90 | channel, pitch, velocity)), bytes((0x80 | channel, pitch, 0))
    return number(after) + on + number(length) + off


def on(pitch: int, *, after: int = 0, channel: int = 0, velocity: int = 80) -> bytes:
    """A note-on alone."""
    return number(after) + bytes((0x90 | channel, pitch, velocity))


def off(pitch: int, *, after: int = 0, channel: int = 0) -> bytes:
    """A note-off alone."""
    return number(after) + bytes((0x80 | channel, pitch, 0))


def tempo(microseconds: int = 500_000, *, after: int = 0) -> bytes:
    """A tempo in microseconds a quarter note."""
    return number(after) + b"\xff\x51\x03" + microseconds.to_bytes(3, "big")


def meter(numerator: int, power: int = 2, *, after: int = 0) -> bytes:
    """A time signature, its denominator as a power of two."""
    return number(after) + b"\xff\x58\x04" + bytes((numerator, power, 24, 8))


def program(number_: int, *, channel: int = 0, after: int = 0) -> bytes:
    """A program change."""
    return number(after) + bytes((0xC0 | channel, number_))


def track(*events: bytes, end: bytes = END) -> bytes:
    """A track chunk."""
    body = b"".join(events) + end
    return b"MTrk" + struct.pack(">I", len(body)) + body


def midi(*tracks: bytes, kind: int = 0, division: int = 480, declared: int | None = None) -> bytes:
    """A MIDI file of ready chunks."""
    return struct.pack(">4sIHHH", b"MThd", 6, kind, len(tracks) if declared is None else declared, division) + b"".join(
        tracks
    )


def scale(count: int, length: int = 480) -> list[bytes]:
    """Notes of a C major scale, over and over."""
    return [note(pitch, length) for pitch in itertools.islice(itertools.cycle(SCALE), count)]


def tune(notes: int = 32, *, numerator: int = 4, power: int = 2, length: int = 480) -> bytes:
    """A scale in one track with a tempo and a meter: by default 32 quarters, 8 bars of 4/4."""
    return midi(track(tempo(), meter(numerator, power), *scale(notes, length)))


def chorale(bars: int = 8) -> bytes:
    """Four voices in four tracks, quarter notes under a faster soprano; clearly nobody's music."""
    lines: Sequence[Sequence[int]] = (
        (72, 74, 76, 74, 72, 71, 72, 74),
        (64, 67, 67, 65),
        (60, 59, 60, 62),
        (48, 43, 48, 41),
    )
    voices = []
    for channel, line in enumerate(lines):
        length = 4 * 480 // len(line)
        pitches = itertools.islice(itertools.cycle(line), bars * len(line))
        voices.append(track(*(note(pitch, length, channel=channel) for pitch in pitches)))
    return midi(track(tempo(), meter(4)), *voices, kind=1)


@dataclass(frozen=True)
class Hostile:
    """A file and what it must get: outcome "score" or "refuse", and the refusal's code."""

    name: str
    data: bytes
    outcome: str
    code: str = ""


def hostile_files() -> list[Hostile]:
    """All of them; those that could be answered either way carry the answer that was chosen."""
    return [*_not_midi(), *_bad_headers(), *_bad_tracks(), *_too_much(), *_meters_and_tempi(), *_chosen(), *_more()]


def _not_midi() -> Iterable[Hostile]:
    good = tune()
    rmid = b"RIFF" + struct.pack("<I", len(good) + 12) + b"RMIDdata" + struct.pack("<I", len(good)) + good
    yield Hostile("empty", b"", "refuse", "not_midi")
    yield Hostile("wrong magic", b"XThd" + good[4:], "refuse", "not_midi")
    yield Hostile("PNG renamed", b"\x89PNG\r\n\x1a\n" + random.Random(5).randbytes(2000), "refuse", "not_midi")
    yield Hostile("text renamed", b"hello, I am not a midi file\n" * 50, "refuse", "not_midi")
    yield Hostile("RIFF", rmid, "refuse", "not_midi")
    yield Hostile("3 MB of text", b"hello " * 500_000, "refuse", "not_midi")


def _bad_headers() -> Iterable[Hostile]:
    good = tune()
    body = good[14:]
    yield Hostile("zero tracks", midi(kind=1), "refuse", "no_notes")
    yield Hostile("promises 5 tracks, has 1", midi(body, kind=1, declared=5), "refuse", "damaged")
    yield Hostile("promises 65535 tracks, has 1", midi(body, kind=1, declared=65_535), "refuse", "damaged")
    yield Hostile("format 2", midi(body, kind=2), "refuse", "unsupported")
    yield Hostile("format 7", midi(body, kind=7), "refuse", "unsupported")
    yield Hostile("division zero", midi(body, division=0), "refuse", "damaged")
    yield Hostile("SMPTE division", midi(body, division=0xE728), "refuse", "unsupported")
    yield Hostile("header breaks off", good[:11], "refuse", "damaged")
    yield Hostile("header too short", b"MThd" + struct.pack(">I", 2) + good[8:], "refuse", "damaged")
    yield Hostile("header of 4 GB", b"MThd\xff\xff\xff\xff" + good[8:], "refuse", "damaged")


def _bad_tracks() -> Iterable[Hostile]:
    good = tune()
    yield Hostile("truncated", good[: len(good) // 2], "refuse", "damaged")
    yield Hostile("track of 4 GB", good[:18] + b"\xff\xff\xff\xff" + good[22:], "refuse", "damaged")
    yield Hostile(
        "overlong number",
        midi(track(b"\x80\x80\x80\x80\x80\x80\x01\x90\x3c\x50", off(60, after=96))),
        "refuse",
        "damaged",
    )
    yield Hostile("data byte over 127", midi(track(b"\x00\x90\xbc\xd0\x60\x80\xbc\x00")), "refuse", "damaged")
    yield Hostile(
        "note-off without note-on", midi(track(*(off(pitch, after=96) for pitch in SCALE))), "refuse", "no_notes"
    )
    yield Hostile("sysex without end", midi(track(b"\x00\xf0\xff\xff\xff\x7fAAAA", end=b"")), "refuse", "damaged")
    yield Hostile("text of 256 MB", midi(track(b"\x00\xff\x01\xff\xff\xff\x7fAAAA", end=b"")), "refuse", "damaged")
    yield Hostile("running status from nowhere", midi(track(b"\x00\x3c\x50", off(60, after=96))), "refuse", "damaged")
    yield Hostile("system common byte", midi(track(b"\x00\xf4", *scale(4))), "refuse", "damaged")
    yield Hostile("breaks off in a note", midi(track(*scale(4), end=b"\x00\x90\x3c")), "refuse", "damaged")


def _too_much() -> Iterable[Hostile]:
    many = [track(tempo(), meter(4)), *(track(*scale(8, 1920)) for _ in range(200))]
    crowd = track(b"\x00\x90\x3c\x50" + b"\x00\x3c\x00\x00\x3c\x50" * 40_000, off(60, after=480))
    yield Hostile(
        "a million notes", midi(track(b"\x00\x90\x3c\x50" + b"\x00\x3c\x00" * 1_000_000)), "refuse", "too_large"
    )
    yield Hostile("100,000 notes in 8 bars", midi(track(*scale(100_000, 0))), "refuse", "too_large")
    yield Hostile("80,000 messages in 240 kB", midi(crowd), "refuse", "too_large")
    yield Hostile("201 tracks", midi(*many, kind=1), "refuse", "too_many_tracks")
    yield Hostile("65 tracks", midi(*many[:65], kind=1), "refuse", "too_many_tracks")
    yield Hostile("64 tracks", midi(*many[:64], kind=1), "score")
    yield Hostile("huge delta", midi(track(note(60, after=0x0FFF_FFFF))), "refuse", "too_long")
    yield Hostile(
        "huge delta of one tick a quarter", midi(track(note(60, after=0x0FFF_FFFF)), division=1), "refuse", "too_long"
    )
    yield Hostile("drums only", midi(track(*(note(36, 240, channel=9) for _ in range(64)))), "refuse", "no_notes")
    yield Hostile("9 bars", tune(36), "refuse", "too_long")
    yield Hostile("60 bars", tune(240), "refuse", "too_long")


def _meters_and_tempi() -> Iterable[Hostile]:
    change = track(tempo(), meter(4), meter(3, after=4 * 4 * 480))
    late = midi(track(tempo(), meter(4), tempo(400_000, after=1920), *scale(20)))
    yield Hostile("tempo zero", midi(track(tempo(0), meter(4), *scale(32))), "refuse", "damaged")
    yield Hostile("slowest tempo", midi(track(tempo(0xFFFFFF), meter(4), *scale(32))), "score")
    yield Hostile("fastest tempo", midi(track(tempo(1), meter(4), *scale(32))), "score")
    yield Hostile("no tempo, no meter", midi(track(*scale(32))), "score")
    yield Hostile("meter 0/4", midi(track(meter(0), *scale(32))), "refuse", "damaged")
    yield Hostile("meter 4 over 2 to 255", midi(track(meter(4, 255), *scale(32))), "refuse", "damaged")
    yield Hostile("3/4", tune(24, numerator=3), "score")
    yield Hostile("12/8", tune(96, numerator=12, power=3, length=240), "score")
    yield Hostile("4 bars of 4/4, 4 of 3/4", midi(change, track(*scale(28)), kind=1), "score")
    yield Hostile("two tempi", late, "score")
    yield Hostile("no meter, late start", midi(track(note(60, after=1920), *scale(27))), "score")


def _chosen() -> Iterable[Hostile]:
    """The rows of the official list that could be answered either way."""
    good = tune()
    yield Hostile("track length declared too short", good[:18] + struct.pack(">I", 20) + good[22:], "refuse", "damaged")
    yield Hostile("notes never switched off", midi(track(*(on(pitch, after=96) for pitch in SCALE))), "score")
    yield Hostile("no end of track", midi(track(*scale(32), end=b"")), "score")


def _more() -> Iterable[Hostile]:
    good = tune()
    foreign = b"XFIH" + struct.pack(">I", 4) + b"abcd"
    running = (
        b"\x00\x90\x3c\x50"
        + b"".join(number(480) + bytes((60, 0, 0, 60, 80)) for _ in range(31))
        + number(480)
        + b"\x3c\x00"
    )
    yield Hostile("good", good, "score")
    yield Hostile("four voices", chorale(), "score")
    yield Hostile("running status", midi(track(running)), "score")
    yield Hostile("trailing garbage", good + random.Random(50).randbytes(3000), "score")
    yield Hostile("foreign chunks", good[:14] + foreign + good[14:] + foreign, "score")
    yield Hostile("promises 1 track, has 3", midi(*([good[14:]] * 3), kind=1, declared=1), "score")
    yield Hostile("longer header", b"MThd" + struct.pack(">I", 8) + good[8:14] + b"\x00\x00" + good[14:], "score")
    yield Hostile("odd key signature", midi(track(b"\x00\xff\x59\x02\x63\x63", *scale(8))), "score")
    yield Hostile(
        "sysex and text",
        midi(track(b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7", b"\x00\xff\x03\x02\xff\xfe", *scale(8))),
        "score",
    )
    yield Hostile("only notes without length", midi(track(*scale(8, 0))), "refuse", "no_notes")
    yield Hostile("far end of track", midi(track(*scale(32), end=number(0x0FFF_FFFF) + END[1:])), "score")
