"""What a piece looks like: a piano roll as PNG, and the sentence that stands for it where it cannot be seen."""

from judge.drawing import sheet
from judge.look import canvas, packed
from judge.midi import Performance
from judge.pianoroll import multitrack, voices
from judge.words import counted, meter_words, pitch_name


def piano_roll_png(performance: Performance, *, title: str, width: int = 1200, height: int = 480) -> bytes:
    """Draw a piece, the same bytes each time on one machine.

    Args:
        performance: a piece of any length up to the limits it was read with.
        title: written above it, shortened where it does not fit; letters that the font lacks are left out.
        width: in pixels, >= 400.
        height: in pixels, >= 200.

    Returns:
        A PNG file, RGB, ``width`` by ``height``.
    """
    image, pen = canvas(width, height)
    page = sheet(pen, width, height, performance)
    page.heading(title, f"{_length(performance)} in {meter_words(performance)}", len(voices(performance)))
    page.grid()
    page.notes(multitrack(performance))
    return packed(image)


def describe(performance: Performance, *, title: str = "") -> str:
    """Alt text: "Piano roll of Dawn: 8 bars in 4/4, two voices between G2 and E5."."""
    named = f"Piano roll of {title}" if title else "Piano roll"
    return (
        f"{named}: {_length(performance)} in {meter_words(performance)}, {_voices(performance)} {_range(performance)}."
    )


def _length(performance: Performance) -> str:
    bars = counted(performance.bars, "bar")
    return f"a pickup and {bars}" if performance.pickup else bars


def _voices(performance: Performance) -> str:
    count = len(voices(performance))
    return counted(count, "voice", spelled=True)


def _range(performance: Performance) -> str:
    low, high = int(performance.pitch.min()), int(performance.pitch.max())
    return f"between {pitch_name(low)} and {pitch_name(high)}" if low < high else f"on {pitch_name(low)}"
