"""How loud a sound is to people, how high it peaks between its samples, and making it even.

Loudness after ITU-R BS.1770-4 (K-weighting, 400 ms blocks, gates at -70 LUFS and 10 LU below the rest), true peak after its annex 2.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Sound = npt.NDArray[np.float32]  # [samples, channels], full scale is 1.0
Levels = npt.NDArray[np.float64]

RATE = 48_000  # samples a second: the standard's filters are written down for it
TARGET = -16.0  # LUFS: what streaming services and podcasts are played at
PEAK = -1.8  # dB true peak; below -1 by more than what mp3 was seen to add (0.4 dB)
MOST_LIMITED = 9.0  # dB that the highest peaks may be pressed down by; beyond that a piece stays softer
NEAR = 0.2  # LU from the target that are near enough
TRIES = 4

_SILENT, _BELOW = -70.0, 10.0  # LUFS, LU: the two gates
_STEP = RATE // 10  # a block of 400 ms begins every 100 ms
_BLOCK = 4  # steps
_OFFSET = -0.691
# (b, a) of the standard's table 1 (the head) and table 2 (what ears hear less of), for 48 kHz.
_FILTERS = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_PIECE, _BEFORE = (
    8 * _STEP,
    2 * _STEP,
)  # filtered in pieces, each with what came before: the filters forget within 0.1 s
_MILLISECOND = RATE // 1000
_TAPS = 6  # samples before and after a place between two samples that tell its level
_PHASES = np.stack(
    [
        np.sinc(np.arange(-_TAPS + 1, _TAPS + 1) - phase) * np.hanning(2 * _TAPS + 2)[1:-1]
        for phase in (0.25, 0.5, 0.75)
    ],
    axis=1,
)
_BETWEEN = np.concatenate(
    [np.pad(_PHASES, ((place, _MILLISECOND - place), (0, 0))) for place in range(_MILLISECOND + 1)], axis=1
).astype(np.float32)  # for each place of a millisecond, what makes the levels after it of the samples around
_HOLD, _GLIDE = 12, 10  # ms before and after a peak in which it is pressed down, and over which the way there is smooth


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS; -inf for silence, or for nothing that is louder than the first gate."""
    power = _steps(sound)
    if len(power) > _BLOCK:
        power = sliding_window_view(power, _BLOCK).mean(axis=1)
    audible = power[_lufs(power) > _SILENT]
    if not len(audible):
        return float("-inf")
    loud = audible[_lufs(audible) > _lufs(audible.mean()) - _BELOW]
    return float(_lufs(loud.mean()))


def true_peak(sound: Sound) -> float:
    """The highest level between and on the samples, four times oversampled; 1.0 is full scale."""
    return float(_peaks(sound).max(initial=0.0))


def leveled(sound: Sound) -> Sound:
    """At `TARGET` LUFS with its true peak at `PEAK` dB at most, whatever it was; silence stays as it is.

    Peaks that would be too high are pressed down, smoothly, by `MOST_LIMITED` dB at most; where that is not enough the piece stays softer.
    """
    before = loudness(sound)
    if before == float("-inf"):
        return sound
    peaks = _peaks(sound)
    highest = _ratio(PEAK + MOST_LIMITED) / float(peaks.max())
    gain = min(_ratio(TARGET - before), highest)
    if gain * peaks.max() <= _ratio(PEAK):
        return sound * np.float32(gain)
    for _ in range(TRIES):
        made = _limited(sound * np.float32(gain), peaks * gain)
        missing = TARGET - loudness(made)
        if abs(missing) < NEAR or gain == highest:
            break
        gain = min(gain * _ratio(missing), highest)
    return made


def _limited(sound: Sound, peaks: Levels) -> Sound:
    """With no true peak above `PEAK`: the gain glides down before a peak and up after it, so that nothing clicks."""
    wanted = np.minimum(1.0, _ratio(PEAK) / np.maximum(peaks, 1e-9))
    held = sliding_window_view(np.pad(wanted, _HOLD, mode="edge"), 2 * _HOLD + 1).min(axis=1)
    bell = np.hanning(2 * _GLIDE + 3)[1:-1]
    smooth = np.convolve(np.pad(held, _GLIDE, mode="edge"), bell / bell.sum(), mode="valid")
    middle = (np.arange(len(peaks)) + 0.5) * _MILLISECOND
    gain = np.interp(np.arange(len(sound)), middle, smooth).astype(np.float32)
    made: Sound = sound * gain[:, np.newaxis]
    over = true_peak(made) / _ratio(PEAK)
    return made / np.float32(over) if over > 1 else made


def levels(sound: Sound) -> npt.NDArray[np.float32]:
    """How high each sample is in the channel where it is highest: float32[samples]."""
    # Channel by channel: to numpy two numbers a row are as much work as two thousand.
    highest: npt.NDArray[np.float32] = np.abs(np.ascontiguousarray(sound.T)).max(axis=0)
    return highest


def _peaks(sound: Sound) -> Levels:
    """The true peak of each millisecond, of all channels: float64[milliseconds].

    Between samples is looked only where they are at least half as high as the highest: what instruments play never rises so far between two.
    """
    count = -(-len(sound) // _MILLISECOND)
    padded = np.ascontiguousarray(np.pad(sound, ((_TAPS, count * _MILLISECOND - len(sound) + _TAPS), (0, 0))).T)
    each = np.abs(padded[:, _TAPS:-_TAPS]).max(axis=0).reshape(count, _MILLISECOND).max(axis=1)
    high = np.flatnonzero(each >= each.max(initial=0.0) / 2) if each.any() else np.zeros(0, np.int64)
    found: Levels = each.astype(np.float64)
    for channel in padded:
        near = channel[high[:, np.newaxis] * _MILLISECOND + np.arange(_MILLISECOND + 2 * _TAPS)]
        between = np.abs(near @ _BETWEEN)
        found[high] = np.maximum(found[high], between.max(axis=1, initial=0.0))
    return found


def _steps(sound: Sound) -> npt.NDArray[np.float64]:
    """Power of each 100 ms after the filters, of all channels together; a shorter sound is one step."""
    count = max(1, len(sound) // _STEP)
    whole = sound[: count * _STEP].T
    after = -(-count * _STEP // _PIECE) * _PIECE - whole.shape[1]
    channels = np.ascontiguousarray(np.pad(whole, ((0, 0), (_BEFORE, after))))  # filtered channel by channel
    powers = []
    for at in range(0, channels.shape[1] - _BEFORE, _PIECE):
        heard = _weighted(channels[:, at : at + _BEFORE + _PIECE])[:, _BEFORE:]
        powers.append(np.square(heard).sum(axis=0).reshape(-1, _STEP).mean(axis=1))
    return np.concatenate(powers)[:count]


def _weighted(piece: Sound) -> npt.NDArray[np.float64]:
    """Through both filters, by their frequency response: float64[channels, samples]; the end sounds on into what comes before the piece."""
    size = piece.shape[1]
    heard: npt.NDArray[np.float64] = np.fft.irfft(np.fft.rfft(piece) * _response(size), size)
    return heard


@cache
def _response(size: int) -> npt.NDArray[np.complex128]:
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(size // 2 + 1, dtype=np.complex128)
    for over, under in _FILTERS:
        response *= np.polyval(over[::-1], turn) / np.polyval(under[::-1], turn)
    return response


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    decibel: npt.NDArray[np.float64] = _OFFSET + 10 * np.log10(np.maximum(power, 1e-20))
    return decibel


def _ratio(decibel: float) -> float:
    return float(10 ** (decibel / 20))
