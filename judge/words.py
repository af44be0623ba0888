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
    """Say "4/4", "4/4 and 3/4", or "changing meters, 4/4 first"; the pickup's own meter is left out."""
    reached = performance.meters[1:] if _first_is_for_pickup(performance) else performance.meters
    meters = list(dict.fromkeys(f"{numerator}/{denominator}" for _, numerator, denominator in reached))
    return " and ".join(meters) if len(meters) < 3 else f"changing meters, {meters[0]} first"


def _first_is_for_pickup(performance: Performance) -> bool:
    """Whether the first meter holds for no more than the pickup."""
    return performance.pickup and len(performance.meters) > 1 and performance.meters[1][0] <= performance.bar_starts[1]
