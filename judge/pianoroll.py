"""Piano-roll arrays by pypianoroll, from what our own reader found.

pypianoroll's reader is not used: it follows pretty_midi's beats (3/8 doubles, 2/2 halves) and allocates what a file claims. Importing
it takes more than a second, so it is imported where an array is first made, and never on the way to a score.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from judge.midi import Performance

if TYPE_CHECKING:
    import pypianoroll

STEPS_PER_QUARTER = 24  # divides 16ths and triplets
MOST_STEPS = 24 * 512  # beyond that (bars of 255/4) steps grow longer instead of arrays

Voice = tuple[int, int]  # track chunk, channel


def voices(performance: Performance) -> tuple[Voice, ...]:
    """What a listener would call a voice: each channel of each track that has pitched notes, highest on average first."""
    found = sorted(set(zip(performance.track.tolist(), performance.channel.tolist(), strict=True)))
    return tuple(
        sorted(found, key=lambda voice: (-float(performance.pitch[of_voice(performance, voice)].mean()), voice))
    )


def of_voice(performance: Performance, voice: Voice) -> npt.NDArray[np.bool_]:
    """bool[n]: which notes belong to a voice."""
    chosen: npt.NDArray[np.bool_] = (performance.track == voice[0]) & (performance.channel == voice[1])
    return chosen


def multitrack(performance: Performance) -> "pypianoroll.Multitrack":
    """One StandardTrack a voice, in the order of `voices`.

    ``pianoroll`` is uint8[steps, 128], velocity 0-127, from tick 0 to the end of the last bar; ``resolution`` steps a quarter note
    (`STEPS_PER_QUARTER`, fewer in immensely long bars). A note that is followed by another of the same pitch leaves its last step
    empty where it has more than one, so that the two can be told apart. ``downbeat`` is bool[steps], ``tempo`` float64[steps].
    """
    from judge.rolling import Multitrack, StandardTrack  # noqa: PLC0415 - takes a good part of a second

    resolution = max(1, min(STEPS_PER_QUARTER, int(MOST_STEPS / performance.bars_end)))
    steps = max(1, round(performance.bars_end * resolution))
    return Multitrack(
        resolution=resolution,
        tempo=_tempo(performance, resolution, steps),
        downbeat=_downbeat(performance, resolution, steps),
        tracks=[
            StandardTrack(
                name=f"Voice {number}",
                program=_program(performance, voice),
                pianoroll=_roll(performance, voice, resolution, steps),
            )
            for number, voice in enumerate(voices(performance), 1)
        ],
    )


def _roll(performance: Performance, voice: Voice, resolution: int, steps: int) -> npt.NDArray[np.uint8]:
    roll = np.zeros((steps, 128), dtype=np.uint8)
    chosen = of_voice(performance, voice)
    onsets = np.minimum(np.round(performance.onset[chosen] * resolution), steps - 1).astype(np.int64)
    ends = np.round((performance.onset[chosen] + performance.duration[chosen]) * resolution).astype(np.int64)
    pitches, velocities = performance.pitch[chosen], performance.velocity[chosen]
    for onset, end, pitch, velocity in zip(onsets, np.maximum(ends, onsets + 1), pitches, velocities, strict=True):
        if onset > 1 and roll[onset - 1, pitch] and roll[onset - 2, pitch]:
            roll[onset - 1, pitch] = 0
        roll[onset:end, pitch] = velocity
    return roll


def _program(performance: Performance, voice: Voice) -> int:
    return int(performance.program[of_voice(performance, voice)][0])


def _tempo(performance: Performance, resolution: int, steps: int) -> npt.NDArray[np.float64]:
    positions = np.array([position for position, _ in performance.tempi])
    speeds = np.array([bpm for _, bpm in performance.tempi])
    at = np.searchsorted(positions, np.arange(steps) / resolution, side="right") - 1
    return speeds[at]


def _downbeat(performance: Performance, resolution: int, steps: int) -> npt.NDArray[np.bool_]:
    beats = np.zeros(steps, dtype=np.bool_)
    starts = np.round(np.array(performance.bar_starts) * resolution).astype(np.int64)
    beats[starts[starts < steps]] = True
    return beats
