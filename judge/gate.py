"""The gate: bytes of strangers to plain MIDI bytes that mido and the synthesizer may be given.

Our own walk over the chunks, strict where the standard is, and with nothing ever allocated by a length that a file merely claims:
37 bytes can make other readers ask for 37 GB. What passes is written anew with only what the music needs (notes, controllers,
tempi, time signatures), so that no text, no system exclusive message and no foreign chunk reaches another parser.

The standard: "Standard MIDI Files 1.0", MIDI Manufacturers Association, RP-001.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from judge.refusals import Limits, MidiRefusal, RefusalCode, broken_off, damaged

SMALLEST_DENOMINATOR = 7  # as a power of two: 128th notes, the shortest that notation programs write

TRACK_NAME, TEMPO, TIME_SIGNATURE, END_OF_TRACK, PORT = 0x03, 0x51, 0x58, 0x2F, 0x21
_USUAL_CLICKS = b"\x18\x08"  # the third and fourth byte of a time signature, which say nothing of bars
_REAL_TIME = range(0xF8, 0xFF)  # messages for instruments, one byte each (clock, active sensing ...)
_SYSTEM_COMMON = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}
"""More messages for instruments, and how many bytes follow each: mido and symusic read them as such."""
_DRUMS = 9  # General MIDI's channel 10, on each port
_END = b"\xff\x2f\x00"

_KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"ID3": "an MP3 recording",
    b"\xff\xfb": "an MP3 recording",
    b"OggS": "an Ogg recording",
    b"fLaC": "a FLAC recording",
    b"FORM": "an AIFF recording",
    b"PK\x03\x04": "a ZIP archive or a packed score",
    b"<?xml": "an XML file (perhaps MusicXML)",
}
_RIFF_KINDS = {b"RMID": "a RIFF MIDI file (.rmi)", b"WAVE": "a WAV recording"}

_NAME_SIGNS = frozenset(" .,'()+#-")
_LONGEST_NAME = 40

Event = tuple[int, bytes]  # tick from the start of the piece, message with its status byte


@dataclass(frozen=True)
class PlainMidi:
    """A file that passed.

    Attributes:
        ticks_per_quarter: 1-32767.
        tracks: for each track chunk its events, the end of track last; ticks ascend without a limit.
        warnings: sentences on what was read with forbearance.
        names: what each track is called in a sentence: ``track 2 (“Bass”)``.
    """

    ticks_per_quarter: int
    tracks: tuple[tuple[Event, ...], ...]
    warnings: tuple[str, ...]
    names: tuple[str, ...] = ()

    def as_bytes(self) -> bytes:
        """The same music as a format 1 file, without running status."""
        head = struct.pack(">4sIHHH", b"MThd", 6, 1, len(self.tracks), self.ticks_per_quarter)
        return head + b"".join(_chunk(track) for track in self.tracks)


def check(data: bytes, limits: Limits) -> PlainMidi:
    """Let a file pass, or refuse it.

    Raises:
        MidiRefusal: not_midi, too_large, damaged, unsupported, too_many_tracks or no_notes (no tracks at all).
    """
    _check_kind(data)
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    ticks_per_quarter, declared, body = _header(data)
    spans = list(_track_spans(data, body, declared, limits))
    if not spans:
        raise MidiRefusal(
            RefusalCode.NO_NOTES, "This MIDI file has no tracks yet. Write some notes, export it and upload it again."
        )
    walk = _Walk(data, limits)
    tracks = tuple(tuple(walk.track(start, end)) for start, end in spans)
    return PlainMidi(ticks_per_quarter, _on_one_port(tracks, walk.ports), tuple(walk.warnings), tuple(walk.names))


def _on_one_port(tracks: tuple[tuple[Event, ...], ...], ports: list[int]) -> tuple[tuple[Event, ...], ...]:
    """Channels of a second port are other instruments: they get channels that nobody uses, as long as there are any."""
    if len(set(ports)) == 1:
        return tracks
    used = [{message[0] & 0x0F for _, message in track if message[0] < 0xF0} for track in tracks]
    taken = {channel for channels in used for channel in channels}
    free = [channel for channel in range(16) if channel not in taken | {_DRUMS}]
    given: dict[tuple[int, int], int] = {}
    first_port: dict[int, int] = {}
    for port, channels in zip(ports, used, strict=True):
        for channel in sorted(channels - {_DRUMS}):
            if first_port.setdefault(channel, port) != port and (port, channel) not in given and free:
                given[port, channel] = free.pop(0)
    return tuple(
        tuple((tick, _on_channel(message, port, given)) for tick, message in track)
        for port, track in zip(ports, tracks, strict=True)
    )


def _on_channel(message: bytes, port: int, given: dict[tuple[int, int], int]) -> bytes:
    status = message[0]
    if status >= 0xF0:
        return message
    return bytes((status & 0xF0 | given.get((port, status & 0x0F), status & 0x0F),)) + message[1:]


def _check_kind(data: bytes) -> None:
    """A MIDI file begins with MThd; for what else people upload there is a sentence that names it."""
    if data.startswith(b"MThd"):
        return
    if not data:
        raise MidiRefusal(
            RefusalCode.NOT_MIDI, "This file is empty. Please export your piece as a .mid file and upload that."
        )
    kind = _kind(data)
    if kind == _RIFF_KINDS[b"RMID"]:
        sentence = f"This is {kind}. Export it as a plain .mid and upload it again."
    else:
        named = f"This is {kind}, not a MIDI file." if kind else "This is not a MIDI file."
        sentence = f"{named} Please export your piece as a .mid file and upload that."
    raise MidiRefusal(RefusalCode.NOT_MIDI, sentence, {"kind": kind})


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF":
        return _RIFF_KINDS.get(data[8:12], "")
    return next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), "")


def _too_large(size: int, limits: Limits) -> MidiRefusal:
    sentence = (
        f"This file has {math.ceil(size / 1000):,} kB, and a MIDI file here may have {limits.max_bytes // 1000:,} kB. "
        "Eight bars need far less: export only those, without audio or controller curves, and upload it again."
    )
    return MidiRefusal(RefusalCode.TOO_LARGE, sentence, {"bytes": size, "max_bytes": limits.max_bytes})


def _header(data: bytes) -> tuple[int, int, int]:
    """Ticks per quarter, the declared number of tracks, and where the header ends."""
    if len(data) < 14:
        raise broken_off("it breaks off inside its header", bytes=len(data))
    length, kind, tracks, division = struct.unpack_from(">IHHH", data, 4)
    if length < 6 or 8 + length > len(data):
        raise damaged("its header states a wrong length", length=length)
    if kind > 1:
        sentence = f"This is a MIDI file of format {kind}, and only formats 0 and 1 can be judged. Export it as format 1 and upload it again."
        raise MidiRefusal(RefusalCode.UNSUPPORTED, sentence, {"format": kind})
    if division & 0x8000:
        sentence = "This MIDI file counts time in film frames instead of beats. Export it with ticks per quarter note and upload it again."
        raise MidiRefusal(RefusalCode.UNSUPPORTED, sentence, {"division": division})
    if division == 0:
        raise damaged("its header gives a quarter note no length", division=0)
    return division, tracks, 8 + length


def _track_spans(data: bytes, at: int, declared: int, limits: Limits) -> Iterator[tuple[int, int]]:
    """Where each track's events begin and end. Foreign chunks are passed over; garbage after the last track ends the walk.

    A header that declares too few tracks is forgiven: the whole track chunks that follow are music, too.
    """
    found = 0
    while len(data) - at >= 8:
        name, length = struct.unpack_from(">4sI", data, at)
        start, at = at + 8, at + 8 + length
        if at > len(data):
            break
        if name == b"MTrk":
            found += 1
            if found > limits.max_tracks:
                raise _too_many_tracks(max(found, declared), limits)
            yield start, at
    if found < declared:
        promised = "1 track" if declared == 1 else f"{declared:,} tracks"
        whole = f"only {found}" if found else "none"
        raise broken_off(
            f"its header promises {promised}, and {whole} came through whole", declared=declared, found=found
        )


def _too_many_tracks(tracks: int, limits: Limits) -> MidiRefusal:
    sentence = f"This file has {tracks:,} tracks, and at most {limits.max_tracks} can be judged. Merge or remove some, export it and upload it again."
    return MidiRefusal(RefusalCode.TOO_MANY_TRACKS, sentence, {"tracks": tracks, "max_tracks": limits.max_tracks})


class _Walk:
    """Walks over the events of all tracks of one file, never past the end of a track, and counts them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.warnings: list[str] = []
        self.ports: list[int] = []
        """For each track walked so far the MIDI port that it names, 0 where it names none."""
        self.names: list[str] = []
        """For each track walked so far what it is called in a sentence."""
        self._data = data
        self._limits = limits
        self._messages = 0
        self._at = 0
        self._end = 0

    def track(self, start: int, end: int) -> Iterator[Event]:
        """The events that matter, the end of track last (added where it is missing)."""
        self._at, self._end = start, end
        self.ports.append(0)
        self.names.append(f"track {len(self.ports)}")
        tick = status = 0
        while self._at < self._end:
            tick += self._number()
            self._count()
            lead = self._byte()
            if lead == 0xFF:
                kind, content = self._byte(), self._take(self._number())
                if kind == END_OF_TRACK:
                    yield tick, _END
                    return
                if kind == PORT and len(content) == 1:
                    self.ports[-1] = content[0]
                if kind == TRACK_NAME:
                    self.names[-1] = track_name(len(self.names), content)
                if kind in {TEMPO, TIME_SIGNATURE}:
                    yield tick, self._meta(kind, content)
            elif lead in {0xF0, 0xF7}:
                self._take(self._number())
            elif lead in _REAL_TIME or lead in _SYSTEM_COMMON:
                self._take_data(_SYSTEM_COMMON.get(lead, 0))
                self._forgive(
                    "A track holds messages that are meant for instruments, not for files; they were passed over."
                )
            else:
                status = self._status(lead, status)
                yield tick, bytes((status,)) + self._take_data(1 if 0xC0 <= status < 0xE0 else 2)
        self._forgive("A track lacks its end mark; it was read to its last event.")
        yield tick, _END

    def _status(self, lead: int, running: int) -> int:
        """A status byte, or the last one where the file leaves it out (running status); real files do so across meta events, too."""
        if lead >= 0xF1:
            raise damaged(
                f"{self._here} holds the byte {lead:02X}, which begins no message that can stand in a file", byte=lead
            )
        if lead >= 0x80:
            return lead
        if not running:
            raise damaged(f"{self._here} begins with data that belongs to no message", byte=lead)
        self._at -= 1
        return running

    def _take_data(self, length: int) -> bytes:
        data = self._take(length)
        if not data.isascii():  # the quickest way to ask whether each byte is below 128
            raise damaged(f"a note or controller in {self._here} has a value over 127", at=self._at)
        return data

    @property
    def _here(self) -> str:
        return self.names[-1]

    def _count(self) -> None:
        self._messages += 1
        if self._messages > self._limits.max_messages:
            sentence = (
                f"This file holds more than {self._limits.max_messages:,} MIDI messages, far more than eight bars of music need. "
                "Export the notes without dense controller curves and upload it again."
            )
            raise MidiRefusal(RefusalCode.TOO_LARGE, sentence, {"max_messages": self._limits.max_messages})

    def _byte(self) -> int:
        if self._at >= self._end:
            raise broken_off(f"{self._here} breaks off in the middle of a message", at=self._at)
        self._at += 1
        return self._data[self._at - 1]

    def _number(self) -> int:
        """A variable-length number: seven bits a byte, at most four bytes."""
        value = 0
        for _ in range(4):
            byte = self._byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise damaged(f"a length or a time in {self._here} is longer than MIDI allows", at=self._at)

    def _take(self, length: int) -> bytes:
        if length > self._end - self._at:
            raise broken_off(f"{self._here} breaks off in the middle of a message", at=self._at, length=length)
        self._at += length
        return self._data[self._at - length : self._at]

    def _meta(self, kind: int, content: bytes) -> bytes:
        """A tempo or a time signature that can be played."""
        read = self._tempo(content) if kind == TEMPO else self._time_signature(content)
        return bytes((0xFF, kind, len(read))) + read

    def _tempo(self, content: bytes) -> bytes:
        if len(content) < 3:
            raise damaged(f"a tempo in {self._here} has {len(content)} bytes instead of 3", length=len(content))
        if not any(content[:3]):
            raise damaged(f"a tempo in {self._here} gives a quarter note no time")
        if len(content) != 3:
            self._forgive(f"A tempo has {len(content)} bytes instead of 3; its first three were read.")
        return content[:3]

    def _time_signature(self, content: bytes) -> bytes:
        if len(content) < 2:
            raise damaged(
                f"a time signature in {self._here} has {len(content)} bytes instead of 4", length=len(content)
            )
        if content[0] == 0 or content[1] > SMALLEST_DENOMINATOR:
            raise damaged(
                f"{self._here} holds an impossible time signature ({content[0]} over 2 to the power of {content[1]})",
                numerator=content[0],
            )
        if len(content) != 4:
            self._forgive(f"A time signature has {len(content)} bytes instead of 4; its first two were read.")
        return (content + _USUAL_CLICKS)[:4]

    def _forgive(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def track_name(number: int, name: bytes) -> str:
    """What a track is called in a sentence: ``track 2 (“Bass”)``, its number from 1.

    Strangers chose the name: of it letters, digits and a few signs are told, none of which is more than itself in a message.
    """
    told = "".join(sign if sign.isalnum() or sign in _NAME_SIGNS else " " for sign in name.decode("utf-8", "replace"))
    told = " ".join(told.split())[:_LONGEST_NAME].strip()
    return f"track {number} (“{told}”)" if told else f"track {number}"


def _chunk(events: tuple[Event, ...]) -> bytes:
    body = bytearray()
    before = 0
    for tick, message in events:
        body += _number_bytes(tick - before)
        body += message
        before = tick
    return struct.pack(">4sI", b"MTrk", len(body)) + body


def _number_bytes(value: int) -> bytes:
    """A variable-length number, value >= 0; longer than four bytes only where what stood between two far events was left out."""
    if value < 0x80:
        return bytes((value,))
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))
