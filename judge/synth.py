"""MIDI to sound: an mp3 for Slack's player, the same bytes each time.

midirenderer plays with General MIDI sounds of TimGM6mb.sf2, which pretty_midi brings along. It holds the GIL while it plays, and a
panic inside it is no `Exception`: call `mp3` in a child process that may die.
"""

import importlib.util
import io
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from judge import gate
from judge.loudness import RATE, Sound, leveled, levels
from judge.midi import Performance
from judge.refusals import STANDARD, Limits
from judge.tempo import quarter_at, seconds_at

KBIT = 128
_NEWER_WAY = 4  # LAME's vbr_mtrh
LAME_TURNS_DOWN = np.float32(0.95)  # by so much, unasked: measured, and in its documentation of --scale
TAIL = 2.0  # seconds at most that the last notes may ring on
FADE = 0.25  # seconds of fade at the very end
FADE_IN = 0.003  # and at the beginning: too short to soften an attack, long enough for none to click
STRONGEST = 112  # velocity of the strongest note as played: the synthesizer's 16 bits hardly hold the soft ones, which would come up as noise
SILENCE = -55.0  # dB below the loudest sample: quieter than that at the end is cut

_ON = 0x90
_TEMPO_120 = b"\xff\x51\x03\x07\xa1\x20"
_END = b"\xff\x2f\x00"
_PEDAL, _ALL_NOTES_OFF = 64, 123


class SoundUnavailable(Exception):
    """There is no sound for this piece on this machine; the message says why."""


def default_sound_bank() -> Path:
    """Where pretty_midi installed TimGM6mb.sf2 (found without importing it); a path that does not exist where it is missing."""
    spec = importlib.util.find_spec("pretty_midi")
    folders = (spec.submodule_search_locations if spec else None) or ["pretty_midi"]
    return Path(folders[0], "TimGM6mb.sf2")


def mp3(
    data: bytes,
    performance: Performance,
    *,
    sound_bank: Path | None = None,
    seconds_max: float = 180.0,
    limits: Limits = STANDARD,
) -> bytes:
    """The piece as an mp3 of 128 kbit/s, stereo: from its first note on, with at most `TAIL` seconds after its last one.

    Args:
        data: the file that ``performance`` was read from.
        performance: gives the tempo map and the length.
        sound_bank: an .sf2 file; None for `default_sound_bank`.
        seconds_max: a longer piece fades out there.
        limits: those that ``data`` was read with.

    Raises:
        SoundUnavailable: no synthesizer, no sound bank, or the synthesizer cannot play the piece.
    """
    sound = played(data, performance, sound_bank=sound_bank, seconds_max=seconds_max, limits=limits)
    if not sound.any():
        raise SoundUnavailable("The piece cannot be heard: its own volume controllers are turned down.")
    return encode(leveled(sound))


def played(
    data: bytes,
    performance: Performance,
    *,
    sound_bank: Path | None = None,
    seconds_max: float = 180.0,
    limits: Limits = STANDARD,
) -> Sound:
    """The piece as the synthesizer plays it, silence at the end cut with a fade. Arguments and errors as for `mp3`."""
    staged = _staged(gate.check(data, limits), performance, seconds_max)
    sound = _rendered(staged, sound_bank or default_sound_bank())
    length = round((min(performance.seconds, seconds_max) + TAIL) * RATE)
    return _trimmed(sound[:length])


def encode(sound: Sound) -> bytes:
    """Sound to mp3, |samples| <= 0.95.

    Raises:
        SoundUnavailable: lameenc is not installed.
    """
    try:
        import lameenc  # noqa: PLC0415 - a card without sound must be possible where it is missing
    except ImportError as missing:
        raise SoundUnavailable("The mp3 encoder (lameenc) is not installed on this machine.") from missing
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(KBIT)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(2)
    encoder.set_quality(5)
    # Its newer way to share out the bits, kept to the one rate by which players tell the length: 0.6 of the time of the older way at
    # quality 3, LAME's own for this rate, and as near to the sound (docs/load.md).
    encoder.set_vbr(_NEWER_WAY)
    encoder.set_vbr_quality(4)
    encoder.set_vbr_min_bitrate_kbps(KBIT)
    encoder.set_vbr_max_bitrate_kbps(KBIT)
    encoder.set_vbr_hard_min(1)
    step = 10 * RATE  # a piece at a time: a long one must not be in memory four times over
    pieces = [encoder.encode(_pcm(sound[at : at + step] / LAME_TURNS_DOWN)) for at in range(0, len(sound), step)]
    return b"".join(map(bytes, [*pieces, encoder.flush()]))


def _pcm(sound: Sound) -> bytes:
    return np.round(sound * 32767).astype("<i2").tobytes()


def _ratio(decibel: float) -> float:
    return float(10 ** (decibel / 20))


def _trimmed(sound: Sound) -> Sound:
    """Without the silence at the end; it fades in and out, so that neither end clicks."""
    level = levels(sound)
    audible = np.flatnonzero(level > level.max(initial=0.0) * _ratio(SILENCE))
    fade = round(FADE * RATE)
    end = min(len(sound), (int(audible[-1]) if audible.size else 0) + fade)
    kept = sound[:end].copy()
    rise = min(round(FADE_IN * RATE), end)
    kept[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, np.newaxis]
    kept[-fade:] *= np.linspace(1, 0, min(fade, end), dtype=np.float32)[:, np.newaxis]
    return kept


def _rendered(midi: bytes, sound_bank: Path) -> Sound:
    try:
        import midirenderer  # noqa: PLC0415 - has no wheel for linux-aarch64; a card without sound must be possible
    except ImportError as missing:
        raise SoundUnavailable("There is no synthesizer (midirenderer) for this machine.") from missing
    try:
        bank = sound_bank.read_bytes()
    except OSError as missing:
        raise SoundUnavailable(f"The sound bank {sound_bank} cannot be read.") from missing
    try:
        return _samples(midirenderer.render_wave_from(bank, midi))
    except (RuntimeError, ValueError) as failed:
        raise SoundUnavailable(f"The synthesizer cannot play this piece ({failed}).") from failed


def _samples(packed: bytes) -> Sound:
    with wave.open(io.BytesIO(packed)) as reader:
        samples = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2")
    return samples.reshape(-1, 2).astype(np.float32) / np.float32(32768)


def _staged(plain: gate.PlainMidi, performance: Performance, seconds_max: float) -> bytes:
    """The file as the synthesizer gets it: rests before the first note gone, cut at the last one, with room to ring on."""
    struck = [(tick, message[2]) for track in plain.tracks for tick, message in track if _is_struck(message)]
    start, strongest = min(struck)[0], max(velocity for _, velocity in struck)
    begins = seconds_at(performance.tempi, start / plain.ticks_per_quarter)
    ends = quarter_at(performance.tempi, begins + min(performance.seconds, seconds_max))
    length = max(0, round(ends * plain.ticks_per_quarter) - start)
    tracks = tuple(tuple(_moved(track, start, length, max(1.0, STRONGEST / strongest))) for track in plain.tracks)
    release = tuple(_release(length, plain.ticks_per_quarter))
    return gate.PlainMidi(plain.ticks_per_quarter, (*tracks, release), ()).as_bytes()


def _is_struck(message: bytes) -> bool:
    return message[0] & 0xF0 == _ON and message[2] > 0


def _moved(track: tuple[gate.Event, ...], start: int, length: int, boost: float) -> Iterator[gate.Event]:
    for tick, message in track:
        moved = max(0, tick - start)
        if moved <= length and message != _END:
            yield moved, _boosted(message, boost) if _is_struck(message) else message
    yield length, _END


def _boosted(message: bytes, boost: float) -> bytes:
    return bytes((message[0], message[1], min(127, round(message[2] * boost))))


def _release(at: int, ticks_per_quarter: int) -> Iterator[gate.Event]:
    """All keys and pedals up where the music ends, and `TAIL` seconds at a known tempo after it."""
    for channel in range(16):
        yield at, bytes((0xB0 | channel, _PEDAL, 0))
        yield at, bytes((0xB0 | channel, _ALL_NOTES_OFF, 0))
    yield at, _TEMPO_120
    yield at + round(TAIL * 2 * ticks_per_quarter), _END
