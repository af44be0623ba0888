"""The mp3: how long, how loud, how quiet at its end, and the same each time."""

from pathlib import Path

import numpy as np
import pytest

from judge.loudness import RATE, TARGET, Sound, leveled, loudness, true_peak
from judge.midi import read
from judge.synth import (
    KBIT,
    LAME_TURNS_DOWN,
    TAIL,
    SoundUnavailable,
    default_sound_bank,
    encode,
    mp3,
    played,
)
from tests.makers.midi_files import chorale, midi, note, number, on, program, scale, tempo, track, tune

FRAME = 1152  # samples in a frame of MPEG 1 layer III


def sound_of(data: bytes, seconds_max: float = 180.0) -> Sound:
    return leveled(played(data, read(data), seconds_max=seconds_max))


def seconds(sound: Sound) -> float:
    return len(sound) / RATE


def frames(packed: bytes) -> int:
    """Walk from header to header: MPEG 1 layer III, 128 kbit/s, 48 kHz; the number of frames."""
    at = count = 0
    size = 144 * KBIT * 1000 // RATE
    while at < len(packed):
        header = int.from_bytes(packed[at : at + 4], "big")
        assert (0xFFFB >> 1, 9, 1) == (header >> 17, header >> 12 & 15, header >> 10 & 3)
        at += size + (header >> 9 & 1)
        count += 1
    return count


def decibel(level: float) -> float:
    return float(20 * np.log10(level))


def test_this_machine_has_sound() -> None:
    """The suite runs where synthesizer, encoder and sound bank are installed."""
    assert default_sound_bank().name == "TimGM6mb.sf2"
    assert default_sound_bank().is_file()


def test_the_mp3_is_as_long_as_the_music_and_a_short_tail() -> None:
    """Sixteen seconds of music, by the frames of the file."""
    data = tune()
    performance = read(data)
    length = frames(mp3(data, performance)) * FRAME / RATE
    assert performance.seconds < length < performance.seconds + TAIL + 0.1


def test_the_same_piece_is_the_same_bytes() -> None:
    """Rendering twice gives one file."""
    data = chorale(2)
    assert mp3(data, read(data)) == mp3(data, read(data))


@pytest.mark.parametrize(
    "data",
    [
        tune(8),
        chorale(2),
        midi(track(note(60, velocity=1))),
        midi(track(program(115), *[note(60, 60, after=1800)] * 2)),
    ],
)
def test_the_true_peak_stays_below_one_decibel(data: bytes) -> None:
    """Loud and soft pieces leave room for the mp3, and so does a woodblock, all peak and little power."""
    assert -40 < decibel(true_peak(sound_of(data))) < -1


@pytest.mark.parametrize(
    "data",
    [
        tune(8),
        chorale(2),
        midi(track(*[note(60, velocity=1)] * 4)),
        midi(track(*[note(60, velocity=120)] * 4)),
        midi(track(program(19), *scale(8))),
        midi(track(program(40), *scale(8))),
        midi(track(program(56), *scale(8))),
    ],
    ids=["piano", "four voices", "softest", "loudest", "organ", "violin", "trumpet"],
)
def test_every_piece_is_as_loud_as_the_others(data: bytes) -> None:
    """-16 LUFS, within half a loudness unit, whatever plays and however softly it was written."""
    assert pytest.approx(TARGET, abs=0.5) == loudness(sound_of(data))


def test_a_piece_of_peaks_stays_softer_instead_of_being_crushed() -> None:
    """A woodblock now and then: its peaks are pressed down by 9 dB at most."""
    sound = sound_of(midi(track(program(115), *[note(60, 60, after=1800)] * 4)))
    assert -25 < loudness(sound) < TARGET - 0.5
    assert decibel(true_peak(sound)) < -1


@pytest.mark.parametrize(
    "data",
    [tune(4), midi(track(program(115), *[note(60, 60, after=480)] * 4)), midi(track(program(127), note(60, 60)))],
    ids=["piano", "woodblock", "gunshot"],
)
def test_neither_end_clicks(data: bytes) -> None:
    """The first and the last samples are silent, and no step between samples is there before the music's own."""
    sound = sound_of(data)
    assert 0.0 == np.abs(sound[0]).max()
    assert np.abs(sound[:48]).max() < 0.3
    assert np.abs(sound[-48:]).max() < 0.002


def test_instruments_are_those_of_the_file() -> None:
    """The same notes on a flute and on a trumpet are not the same sound."""
    flute, trumpet = (sound_of(midi(track(program(number_), *scale(4)))) for number_ in (73, 56))
    length = min(len(flute), len(trumpet))
    assert np.abs(flute[:length] - trumpet[:length]).max() > 0.1


def test_the_encoder_gives_back_what_lame_takes() -> None:
    """Without it every piece would be 0.4 dB softer than it was made; nothing is cut, for peaks stay below 0.95."""
    assert pytest.approx(-0.45, abs=0.01) == decibel(float(LAME_TURNS_DOWN))


def test_true_peak_sees_between_samples() -> None:
    """A sine at a quarter of the rate, sampled beside its crests, peaks 3 dB higher than its samples."""
    sine = np.sin(np.arange(4800) * np.pi / 2 + np.pi / 4).astype(np.float32)[:, np.newaxis].repeat(2, axis=1)
    assert pytest.approx(0.0, abs=0.2) == decibel(true_peak(sine))
    assert pytest.approx(-3.0, abs=0.1) == decibel(float(np.abs(sine).max()))


def test_the_music_begins_at_once() -> None:
    """A silent first bar is not waited for."""
    sound = sound_of(midi(track(note(60, after=1920), *scale(3))))
    assert np.abs(sound[: RATE // 10]).max() > 0.05


def test_silence_at_the_end_is_cut_and_faded() -> None:
    """The last samples are silent, and what comes before them is not long silence."""
    sound = sound_of(tune(4))
    assert np.abs(sound[-10:]).max() < 0.001
    assert np.abs(sound[-RATE // 2 :]).max() > 0.0005
    assert seconds(sound) <= 2.0 + TAIL


def test_bells_that_ring_on_past_the_tail_fade_out() -> None:
    """Cut at the longest tail, they are still to be heard before the fade and gone after it."""
    sound = sound_of(midi(track(program(14), note(72))))
    assert np.abs(sound[-RATE // 4 - 500 : -RATE // 4]).max() > 0.005
    assert np.abs(sound[-10:]).max() < 0.0001


def test_an_end_of_track_far_away_adds_nothing() -> None:
    """Only sounding notes make length."""
    data = midi(track(*scale(4), end=number(0x0FFF_FFFF) + b"\xff\x2f\x00"))
    assert seconds(sound_of(data)) <= 2.0 + TAIL


def test_a_slow_piece_fades_out_at_the_cap() -> None:
    """Nine minutes are cut to the seconds that are allowed, and the tail."""
    data = midi(track(tempo(0xFFFFFF), *scale(32)))
    assert read(data).seconds > 500
    assert 1.0 < seconds(sound_of(data, seconds_max=3.0)) <= 3.0 + TAIL


@pytest.mark.parametrize(
    "data",
    [
        midi(track(tempo(1), *scale(32))),
        midi(track(*(program(number_) + note(60, 60) for number_ in range(0, 128, 9)))),
        midi(track(note(0), note(127))),
        midi(track(on(60), on(64), end=number(480) + b"\xff\x2f\x00")),
        midi(track(b"\x00\xb0\x40\x7f", b"\x00\xe0\x7f\x7f", b"\x00\xb0\x00\x55", program(127), note(60))),
        midi(track(note(60), note(36, channel=9))),
        midi(track(note(60, 1)), division=1),
        midi(track(note(60, 32_767)), division=32_767),
        midi(*(track(note(30 + number_, 240)) for number_ in range(64)), kind=1),
    ],
    ids=[
        "fastest",
        "programs",
        "edges of the keyboard",
        "never off",
        "controllers",
        "drums",
        "one tick",
        "many ticks",
        "64 tracks",
    ],
)
def test_any_accepted_file_has_sound(data: bytes) -> None:
    """Strange programs, controllers, tempi and resolutions: an mp3 of whole frames."""
    assert frames(mp3(data, read(data))) > 5


def test_silence_stays_silence() -> None:
    """Nothing is divided by a peak of zero."""
    nothing = np.zeros((RATE, 2), dtype=np.float32)
    assert not leveled(nothing).any()
    assert frames(encode(nothing)) > 5


def test_a_piece_turned_down_by_its_own_volume_is_said() -> None:
    """No card offers an mp3 in which nothing can be heard."""
    data = midi(track(b"\x00\xb0\x07\x00", *scale(4)))
    with pytest.raises(SoundUnavailable, match="volume controllers"):
        mp3(data, read(data))


def test_a_missing_sound_bank_is_said(tmp_path: Path) -> None:
    """A machine without it makes cards without sound."""
    missing = tmp_path / "none.sf2"
    with pytest.raises(SoundUnavailable, match=r"none\.sf2 cannot be read"):
        mp3(tune(4), read(tune(4)), sound_bank=missing)


def test_a_broken_sound_bank_is_said(tmp_path: Path) -> None:
    """What the synthesizer refuses rises as our own answer."""
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF")
    with pytest.raises(SoundUnavailable, match="cannot play this piece"):
        mp3(tune(4), read(tune(4)), sound_bank=broken)
