"""How the judge names musical things in plain words."""

from judge.midi import Performance

PITCH_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(count: int, thing: str, *, spelled: bool = False) -> str:
    """Make "1 bar" or "8 bars"; spelled, "one voice" or "two voices" (up to twelve)."""
    number = NUMBER_WORDS[count] if spelled and count < len(NUMBER_WORDS) else f"{count:,}"
    return f"{number} {thing}" if count == 1 else f"{number} {thing}s"


def pitch_name(pitch: int) -> str:
    """Scientific pitch notation with sharps: 60 is C4."""
    return f"{PITCH_NAMES[pitch % 12]}{pitch // 12 - 1}"


def meter_words(performance: Performance) -> str:
    """Say "4/4", "4/4 and 3/4", or "changing meters, 4/4 first"; what only the pickup and its rest at the end have is left out."""
    meters = list(
        dict.fromkeys(f"{numerator}/{denominator}" for _, numerator, denominator in music_meters(performance))
    )
    return " and ".join(meters) if len(meters) < 3 else f"changing meters, {meters[0]} first"


def music_meters(performance: Performance) -> tuple[tuple[float, int, int], ...]:
    """The meters of the whole bars: MuseScore gives a pickup a signature of its own, and another one to the bar that it shortens."""
    meters, starts = performance.meters, (*performance.bar_starts, performance.bars_end)
    if not performance.pickup or len(meters) < 2:
        return meters
    if meters[1][0] <= starts[1]:
        meters = meters[1:]
    pickup, last = starts[1] - starts[0], starts[-1] - starts[-2]
    is_rest = len(meters) > 1 and meters[-1][0] >= starts[-2] and abs(pickup + last - (starts[2] - starts[1])) < 1e-6
    return meters[:-1] if is_rest else meters
