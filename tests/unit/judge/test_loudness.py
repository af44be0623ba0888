"""Loudness against the signals of EBU Tech 3341, whose answers are known."""

import numpy as np
import pytest

from judge.loudness import PEAK, RATE, TARGET, Sound, leveled, loudness, true_peak


def sine(decibel: float, seconds: float, hertz: float = 1000.0) -> Sound:
    """The same on both channels."""
    wave = np.sin(2 * np.pi * hertz * np.arange(round(RATE * seconds)) / RATE) * 10 ** (decibel / 20)
    return np.stack([wave, wave], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("expected", "parts"),
    [
        (-23.0, [(-23, 20)]),
        (-33.0, [(-33, 20)]),
        (-23.0, [(-36, 10), (-23, 60), (-36, 10)]),
        (-23.0, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]),
        (-23.0, [(-26, 20), (-20, 20.1), (-26, 20)]),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_the_minimum_requirements_of_a_meter(expected: float, parts: list[tuple[float, float]]) -> None:
    """Tolerance of the standard: 0.1 LU."""
    sound = np.concatenate([sine(level, seconds) for level, seconds in parts])
    assert pytest.approx(expected, abs=0.1) == loudness(sound)


def test_ears_hear_less_of_the_bass() -> None:
    """25 Hz counts 11 LU less than 1 kHz, 10 kHz 3 LU more: the K curve."""
    low, high = (loudness(sine(-23, 5, hertz)) + 23 for hertz in (25, 10_000))
    assert pytest.approx(-11.1, abs=0.2) == low
    assert pytest.approx(3.3, abs=0.2) == high


def test_pieces_of_the_measurement_leave_no_seams() -> None:
    """Sounds are filtered ten seconds at a time; where the cuts lie changes nothing."""
    noise = np.random.default_rng(5).normal(0, 0.1, (RATE * 25, 2)).astype(np.float32)
    whole = loudness(noise)
    assert pytest.approx(whole, abs=0.02) == loudness(np.concatenate([noise[RATE * 3 :], noise[: RATE * 3]]))


def test_silence_has_no_loudness() -> None:
    """Nothing is divided by it, and it stays silence."""
    nothing = np.zeros((RATE, 2), dtype=np.float32)
    assert float("-inf") == loudness(nothing)
    assert not leveled(nothing).any()
    assert 0.0 == true_peak(np.zeros((0, 2), dtype=np.float32))


@pytest.mark.parametrize("seconds", [0.01, 0.2, 0.45, 3.0])
def test_short_sounds_are_leveled_too(seconds: float) -> None:
    """A tone shorter than a block of the standard, and a longer one: as loud as it should be, or as its peak allows."""
    made = leveled(sine(-40, seconds))
    assert 20 * np.log10(true_peak(made)) <= PEAK + 0.01
    assert loudness(made) <= TARGET + 0.5


def test_a_peak_in_soft_music_is_pressed_down_without_a_click() -> None:
    """The gain glides: no step between samples is larger than the music's own."""
    music = sine(-30, 4, 200)
    music[RATE * 2 : RATE * 2 + 480] *= 8
    made = leveled(music)
    assert 20 * np.log10(true_peak(made)) <= PEAK + 0.01
    before = slice(RATE, RATE * 2 - RATE // 10)
    steps = np.abs(np.diff(made[before, 0])).max()
    assert np.abs(np.diff(made[RATE * 2 - RATE // 20 : RATE * 2, 0])).max() <= steps * 1.02


def test_no_more_than_nine_decibels_are_pressed_away() -> None:
    """One loud moment in very soft music: the music is turned up by what the peak allows, and 9 dB."""
    music = sine(-50, 4, 200)
    music[RATE * 2 : RATE * 2 + 48] = sine(0, 0.001)
    made = leveled(music)
    soft = 20 * np.log10(np.abs(made[:RATE]).max())
    assert pytest.approx(-50 + PEAK + 9, abs=0.5) == soft
    assert 20 * np.log10(true_peak(made)) <= PEAK + 0.01
