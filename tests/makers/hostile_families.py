"""More hostile MIDI files, by families of what could go wrong in a reader; made by code, byte for byte."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.makers.midi_files import END, meter, midi, note, number, off, on, program, scale, tempo, track, tune

if TYPE_CHECKING:
    from collections.abc import Iterator

ANY = "either"
"""May be scored or refused: it must only be answered."""


@dataclass(frozen=True)
class Case:
    """A file, its outcome ("score", "refuse" or "either") and the code of its refusal, where one is the only right one."""

    name: str
    data: bytes
    outcome: str
    code: str = ""


def families() -> list[Case]:
    """All of them."""
    makers = (_containers, _headers, _cut, _status, _lengths, _time, _meters, _notes, _crowds, _system, _instruments)
    return [case for make in makers for case in make()]


def _containers() -> Iterator[Case]:
    good = tune()
    wave = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(28)
    yield Case("RIFF that claims 4 GB", b"RIFF\xff\xff\xff\xffRMIDdata\xff\xff\xff\xff" + good, "refuse", "not_midi")
    yield Case("RIFF cut after its magic", b"RIFF", "refuse", "not_midi")
    yield Case("wave", wave, "refuse", "not_midi")
    yield Case("zip", b"PK\x03\x04" + bytes(400), "refuse", "not_midi")
    yield Case("UTF-16 mark before it", b"\xff\xfe" + good, "refuse", "not_midi")
    yield Case("lower case magic", b"mthd" + good[4:], "refuse", "not_midi")
    yield Case("a zero byte before it", b"\x00" + good, "refuse", "not_midi")
    yield Case("magic alone", b"MThd", "refuse", "damaged")
    yield Case("one byte", b"M", "refuse", "not_midi")
    yield Case("two files in one", good + good, ANY)
    yield Case("256,001 bytes", good + bytes(256_001 - len(good)), "refuse", "too_large")
    yield Case("256,000 bytes", good + bytes(256_000 - len(good)), "score")


def _headers() -> Iterator[Case]:
    body = tune()[14:]
    yield Case("format 2 of many", midi(*[body] * 20, kind=2), "refuse", "unsupported")
    yield Case("format 65535", midi(body, kind=0xFFFF), "refuse", "unsupported")
    yield Case("format 0 with three tracks", midi(body, body, body), ANY)
    yield Case("header of no bytes", b"MThd\x00\x00\x00\x00" + body, "refuse", "damaged")
    yield Case(
        "header that eats the track",
        b"MThd" + struct.pack(">I", 6 + len(body)) + bytes((0, 0, 0, 1, 1, 224)) + body,
        "refuse",
    )
    yield Case("65,535 tracks, all empty", midi(*[b"MTrk\x00\x00\x00\x00"] * 30_000, kind=1, declared=65_535), "refuse")
    yield Case("64 tracks without an event", midi(*[b"MTrk\x00\x00\x00\x00"] * 64, kind=1), "refuse", "no_notes")
    yield Case("division of one tick", midi(track(*scale(32, 1)), division=1), "score")
    yield Case("division of 32,767", midi(track(*scale(32, 32_767)), division=32_767), "score")
    for frames in (0xE804, 0xE728, 0xE350, 0xE264, 0x8000, 0xFFFF, 0x80FF):
        yield Case(f"SMPTE {frames:04x}", midi(body, division=frames), "refuse", "unsupported")


def _cut() -> Iterator[Case]:
    good = midi(track(tempo(), meter(4)), track(*scale(32)), kind=1)
    for length in range(0, len(good), 7):
        yield Case(f"cut after {length} bytes", good[:length], "refuse")
    for bit in (0, 3, 7):
        flipped = bytes(byte ^ (1 << bit if at > 60 and at % 11 == 0 else 0) for at, byte in enumerate(good))
        yield Case(f"every eleventh byte with bit {bit} turned", flipped, ANY)
    yield Case("all zeros after the header", good[:14] + bytes(500), "refuse")
    yield Case("all ones after the header", good[:14] + b"\xff" * 500, "refuse")


def _status() -> Iterator[Case]:
    yield Case(
        "running status after a text",
        midi(track(note(60), b"\x00\xff\x01\x01a", number(0) + b"\x3c\x50", off(60, after=480))),
        ANY,
    )
    yield Case(
        "running status after sysex",
        midi(track(note(60), b"\x00\xf0\x02\x01\xf7", number(0) + b"\x3c\x50", off(60, after=480))),
        ANY,
    )
    yield Case(
        "running status across tracks",
        midi(track(note(60)), b"MTrk" + struct.pack(">I", 8) + b"\x00\x3c\x50\x60\x3c\x00" + b"\x00\x00", kind=1),
        "refuse",
        "damaged",
    )
    yield Case("status without data at the end", midi(track(note(60), end=b"\x00\x90")), "refuse", "damaged")
    for status, length in ((0xF1, 1), (0xF2, 2), (0xF3, 1), (0xF6, 0), (0xF8, 0), (0xFE, 0)):
        whole = b"\x00" + bytes((status, *([0] * length)))
        yield Case(f"status {status:02x} with its data", midi(track(note(60), whole)), "score")
    for status in (0xF2, 0xF4, 0xF5, 0xF6, 0xF8, 0xFE):
        yield Case(f"status {status:02x}", midi(track(note(60), b"\x00" + bytes((status, 0)))), "refuse", "damaged")
    yield Case("program of 200", midi(track(b"\x00\xc0\xc8", note(60))), "refuse", "damaged")
    yield Case(
        "pitch bend, pressure, touch", midi(track(b"\x00\xe0\x7f\x7f\x00\xd0\x7f\x00\xa0\x3c\x7f", *scale(8))), "score"
    )


def _lengths() -> Iterator[Case]:
    huge = b"\xff\xff\xff\x7f"
    for kind in (0x00, 0x01, 0x03, 0x20, 0x2F, 0x51, 0x54, 0x58, 0x59, 0x7F):
        yield Case(
            f"meta {kind:02x} of 256 MB",
            midi(track(*scale(4), b"\x00\xff" + bytes((kind,)) + huge, end=b"")),
            "refuse",
            "damaged",
        )
    yield Case("sysex continued of 256 MB", midi(track(*scale(4), b"\x00\xf7" + huge, end=b"")), "refuse", "damaged")
    yield Case("length of five bytes", midi(track(b"\x00\xff\x01\x80\x80\x80\x80\x00", *scale(4))), "refuse", "damaged")
    yield Case("length of four zeros", midi(track(b"\x00\xff\x01\x80\x80\x80\x00", *scale(8))), "score")
    yield Case(
        "track shorter than its last message",
        midi(b"MTrk" + struct.pack(">I", 3) + b"\x00\x90\x3c"),
        "refuse",
        "damaged",
    )
    yield Case("track that says it is empty", midi(b"MTrk\x00\x00\x00\x00" + b"".join(scale(8)) + END), "refuse")
    yield Case("chunk of no name and 4 GB", tune()[:14] + bytes(4) + b"\xff\xff\xff\xff" + tune()[14:], "refuse")
    yield Case("end of track with content", midi(track(*scale(8), end=b"\x00\xff\x2f\x04abcd")), ANY)
    yield Case("messages after the end of track", midi(track(*scale(8), END, note(60, 1 << 24))), "score")
    yield Case("tempo of no bytes", midi(track(b"\x00\xff\x51\x00", *scale(8))), "refuse", "damaged")
    yield Case("tempo of two bytes", midi(track(b"\x00\xff\x51\x02\x07\xa1", *scale(8))), "refuse", "damaged")
    yield Case("tempo of four bytes", midi(track(b"\x00\xff\x51\x04\x07\xa1\x20\x00", *scale(8))), "score")
    yield Case("meter of two bytes", midi(track(b"\x00\xff\x58\x02\x04\x02", *scale(8))), "score")
    yield Case("meter of one byte", midi(track(b"\x00\xff\x58\x01\x04", *scale(8))), "refuse", "damaged")


def _time() -> Iterator[Case]:
    last = 0x0FFF_FFFF
    yield Case("2^28 ticks before the first note", midi(track(note(60, after=last))), "refuse", "too_long")
    yield Case("2^28 ticks of one note", midi(track(note(60, last))), "refuse", "too_long")
    yield Case(
        "a note that lasts 2^28 ticks of 32,767", midi(track(note(60, last)), division=32_767), "refuse", "too_long"
    )
    yield Case("ten times 2^28 ticks", midi(track(*[note(60, after=last)] * 10), division=1), "refuse", "too_long")
    yield Case("20,000 times 2^28 ticks", midi(track(*[off(60, after=last)] * 19_000, note(60))), "refuse", "too_long")
    yield Case("tempo zero later", midi(track(tempo(), *scale(8), tempo(0), *scale(8))), "refuse", "damaged")
    yield Case("tempo of one at every tick", midi(track(*[tempo(1, after=1)] * 2000, *scale(24))), "score")
    yield Case(
        "slowest tempo and longest bars",
        midi(track(tempo(0xFFFFFF), meter(255, 0), *[note(60, 480 * 1020)] * 8)),
        "score",
    )
    yield Case("2^28 ticks before the end", midi(track(*scale(32), end=number(last) + END[1:])), "score")
    yield Case("tempo 2^28 ticks later", midi(track(*scale(32), tempo(1, after=last))), "score")
    yield Case("meter 2^28 ticks later", midi(track(*scale(32), meter(7, after=last))), "score")


def _meters() -> Iterator[Case]:
    for power in (8, 31, 32, 64, 255):
        yield Case(f"denominator of 2 to {power}", midi(track(meter(4, power), *scale(8))), "refuse", "damaged")
    yield Case("meter 0 over 1", midi(track(meter(0, 0), *scale(8))), "refuse", "damaged")
    yield Case("255 over 1", midi(track(meter(255, 0), *scale(8))), "score")
    yield Case("1 over 128", midi(track(meter(1, 7), note(60, 15))), "score")
    yield Case("1 over 128 over eight quarters", midi(track(meter(1, 7), *scale(8))), "refuse", "too_long")
    yield Case("a meter at every tick", midi(track(*[meter(4, 2, after=1)] * 3000, *scale(4))), ANY)
    yield Case("two meters at once", midi(track(meter(3), meter(4), *scale(32))), "score")
    yield Case(
        "meters of two tracks that disagree", midi(track(meter(3)), track(meter(4), *scale(24)), kind=1), "score"
    )


def _notes() -> Iterator[Case]:
    yield Case("no note", midi(track(tempo(), meter(4))), "refuse", "no_notes")
    yield Case("controllers only", midi(track(*[b"\x01\xb0\x40\x7f"] * 500)), "refuse", "no_notes")
    yield Case("velocity zero only", midi(track(*[on(60, after=10, velocity=0)] * 50)), "refuse", "no_notes")
    yield Case(
        "drums only on many notes",
        midi(track(*(note(30 + n % 40, 60, channel=9) for n in range(200)))),
        "refuse",
        "no_notes",
    )
    yield Case("drums and one note", midi(track(*(note(36, 60, channel=9) for _ in range(50)), note(60))), "score")
    yield Case("on without off", midi(track(*(on(60 + n, after=120) for n in range(12)))), "score")
    yield Case("on twice before off", midi(track(on(60), on(60, after=10), off(60, after=480), off(60))), "score")
    yield Case("off before on", midi(track(off(60), on(60), off(60, after=480))), "score")
    yield Case(
        "all 128 pitches at once",
        midi(track(*(on(n) for n in range(128)), off(0, after=480), *(off(n) for n in range(1, 128)))),
        "score",
    )
    yield Case(
        "16 channels of one pitch",
        midi(track(*(on(60, channel=n) for n in range(16)), *(off(60, channel=n, after=30) for n in range(16)))),
        "score",
    )
    yield Case("one note of one tick", midi(track(note(60, 1))), "score")
    yield Case("lowest and highest pitch", midi(track(note(0), note(127))), "score")
    yield Case("one pitch 9,000 times", midi(track(*[note(60, 1)] * 9000)), ANY)


def _crowds() -> Iterator[Case]:
    chance = random.Random(9)
    crowd = [note(chance.randrange(128), 1, channel=chance.randrange(9)) for _ in range(9_900)]
    yield Case("9,900 notes at random", midi(track(*crowd)), ANY)
    chord = [
        b"".join(on(n) for n in range(128)) + off(0, after=96) + b"".join(off(n) for n in range(1, 128))
        for _ in range(64)
    ]
    yield Case("64 clusters of 128", midi(track(*chord)), "score")
    yield Case("20,001 controllers", midi(track(*[b"\x00\xb0\x07\x7f"] * 20_001, *scale(4))), "refuse", "too_large")
    yield Case("64 tracks of 150 notes", midi(*[track(*scale(150, 90))] * 64, kind=1), "score")
    yield Case("250 kB of text", midi(track(b"\x00\xff\x01" + number(250_000) + bytes(250_000), *scale(8))), "score")
    yield Case("19,000 empty texts", midi(track(*[b"\x00\xff\x01\x00"] * 19_000, *scale(8))), "score")


def _system() -> Iterator[Case]:
    yield Case("nested sysex", midi(track(b"\x00\xf0\x08\x01\xf0\x02\xf0\x03\xf7\xf7\xf7", *scale(8))), "score")
    yield Case(
        "sysex that holds a track",
        midi(track(b"\x00\xf0" + number(30) + b"MTrk\xff\xff\xff\xff" + bytes(21) + b"\xf7", *scale(8))),
        "score",
    )
    yield Case("escaped sysex", midi(track(b"\x00\xf7\x03\x90\x3c\x50", *scale(8))), "score")
    yield Case("text that is no text", midi(track(b"\x00\xff\x03\x04\xff\xfe\x00\xd8", *scale(8))), "score")
    yield Case(
        "port and channel prefixes", midi(track(b"\x00\xff\x20\x01\xff", b"\x00\xff\x21\x01\xff", *scale(8))), "score"
    )
    yield Case(
        "SMPTE offset of impossible time", midi(track(b"\x00\xff\x54\x05\xff\xff\xff\xff\xff", *scale(8))), "score"
    )
    yield Case("meta of unknown kind", midi(track(b"\x00\xff\x7e\x02ab", b"\x00\xff\xfd\x00", *scale(8))), "score")


def _instruments() -> Iterator[Case]:
    yield Case(
        "a program at every note", midi(track(*(program(n) + note(60 + n % 12, 60) for n in range(128)))), "score"
    )
    yield Case(
        "all controllers at both ends",
        midi(track(*(b"\x00\xb0" + bytes((n, v)) for n in range(128) for v in (0, 127)), *scale(8))),
        "score",
    )
