"""What the judge says of a piece. Imports nothing heavy: whoever only reads verdicts need not load the model."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from judge.numbers import decimal


class Unit(StrEnum):
    """How a value is said."""

    SHARE = "share"
    NUMBER = "number"


class Position(StrEnum):
    """Where a value lies."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


class Known(StrEnum):
    """How many of a file's tracks, or channels, are voices: play one note at a time."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


_DIGITS = {Unit.SHARE: 2, Unit.NUMBER: 1}


@dataclass(frozen=True)
class Measure:
    """One number of a piece: `low`, `middle` and `high` are the 10th, 50th and 90th percentiles of Bach's works.

    A `SHARE` is 0-1, a `NUMBER` as it is.
    """

    name: str
    unit: Unit
    value: float
    low: float
    middle: float
    high: float

    @property
    def place(self) -> Position:
        """Whether it lies in the range that four of five works of Bach's keep, as exactly as people read it."""
        value, low, high = (decimal(number, _DIGITS[self.unit]) for number in (self.value, self.low, self.high))
        if value < low:
            return Position.BELOW
        return Position.ABOVE if value > high else Position.WITHIN

    def said(self, value: float) -> str:
        """A value in this measure's unit: "74 %" or "2.2"."""
        return f"{decimal(100 * value, 0)} %" if self.unit is Unit.SHARE else f"{decimal(value, 1)}"


@dataclass(frozen=True)
class NearestWork:
    """A work that shares a passage: `coverage` 0-1 of the notes here, and the bars (first, last) here and there; a pickup is bar 0.

    `copied` says whether it is so much that people should look at it.
    """

    work: str
    coverage: float
    bars_here: tuple[int, int]
    bars_there: tuple[int, int]
    evidence: float
    copied: bool


@dataclass(frozen=True)
class Standing:
    """Of a hundred pieces that the judge knows, how many score less: of `bach`, and of all `others`."""

    bach: int
    others: int

    @property
    def said(self) -> str:
        """A sentence."""
        if not self.others:
            return "All the music that it learned from sounds more like Bach to it, whoever wrote it."
        by_others, own = _of_100(self.others, "the pieces by others"), _of_100(self.bach, "Bach's own")
        return f"Beside the music it learned from, that is closer to Bach than {by_others}, and than {own}."


@dataclass(frozen=True)
class ModelInfo:
    """Which weights judge: stored with each verdict."""

    version: str
    sha256: str


@dataclass(frozen=True)
class Verdict:
    """What the AI judge says of a piece.

    `score` 0-100 = 100 (0.8 `probability` + 0.2 `pitch_similarity`), both 0-1. `ks_distance` (0-1) is the original event's measure,
    for information. `pitch_classes` are shares counted from C, by length, `bach_pitch_classes` Bach's mean in the same key.
    `parallel_fifths` and `parallel_octaves` are the bars where two voices run so (a pickup is bar 0); they are looked for between
    the voices that the file names, so `voices_known` says whether they were looked for at all. `seconds` is the length by the file's tempo. `reasons_up` and `reasons_down` are sentences, strongest first.
    `nearest_works` are those of Bach that share most with it, the surest first; empty where nobody asked for them.
    `measures` hold a few of the features beside Bach's usual range. `standing` is where the score lies among music that the judge
    knows; None where that was not measured for these weights.
    """

    score: float
    probability: float
    pitch_similarity: float
    ks_distance: float
    key: str
    key_confidence: float
    bars: int
    meter: str
    notes: int
    seconds: float
    reasons_up: tuple[str, ...]
    reasons_down: tuple[str, ...]
    parallel_fifths: tuple[int, ...]
    parallel_octaves: tuple[int, ...]
    pitch_classes: tuple[float, ...]
    bach_pitch_classes: tuple[float, ...]
    nearest_works: tuple[NearestWork, ...]
    warnings: tuple[str, ...]
    model_version: str
    weights_sha256: str
    measures: tuple[Measure, ...] = ()
    voices_known: Known = Known.ALL
    standing: Standing | None = None

    def as_dict(self) -> Mapping[str, object]:
        """The fields as JSON takes them."""
        plain: dict[str, object] = json.loads(
            json.dumps(vars(self), default=vars)
        )  # tuples become lists, at every depth
        return plain


def from_dict(plain: Mapping[str, Any]) -> Verdict:
    """The verdict that `Verdict.as_dict` was asked of; what it did not know yet has its default, other entries are passed over."""
    own = {field.name: plain[field.name] for field in fields(Verdict) if field.name in plain}
    return Verdict(**{name: _READ.get(name, _tupled)(value) for name, value in own.items()})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "nearest_works": lambda works: tuple(
        NearestWork(**{name: _tupled(value) for name, value in each.items()}) for each in works
    ),
    "measures": lambda measures: tuple(Measure(**each | {"unit": Unit(each["unit"])}) for each in measures),
    "voices_known": Known,
    "standing": lambda standing: Standing(**standing) if standing else None,
}


def _of_100(count: int, whose: str) -> str:
    return {0: f"none of {whose}", 100: f"all of {whose}"}.get(count, f"{count} of 100 of {whose}")
