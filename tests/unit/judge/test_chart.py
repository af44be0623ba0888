"""The verdict as a picture: what was measured, beside Bach's range."""

import io

import numpy as np
import pytest
from PIL import Image

from judge.assess import assess
from judge.chart import BAND_EDGE, FAR, WIDTH, described, height_of, measures_png
from judge.network import shipped
from judge.verdict import Measure, Position, Unit
from tests.makers.golden import SHARE, difference_from, looks_golden
from tests.makers.midi_files import chorale, tune

MADE_UP = (
    Measure("Voices move by step", Unit.SHARE, 0.2, 0.5, 0.7, 0.84),
    Measure("New notes a beat", Unit.NUMBER, 2.0, 1.3, 2.2, 4.2),
    Measure("Notes outside the key", Unit.SHARE, 0.5, 0.01, 0.06, 0.14),
    Measure("Nothing like it", Unit.SHARE, 0.0, 0.0, 0.0, 0.0),
)


def colours(png: bytes) -> set[tuple[int, ...]]:
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    return set(map(tuple, np.unique(pixels.reshape(-1, 3), axis=0).tolist()))


def test_the_picture_looks_like_the_golden_one() -> None:
    """Within the tolerance."""
    assert looks_golden("verdict_chart.png", measures_png(MADE_UP, score=61.8))


def test_the_golden_comparison_sees_one_mark_that_moves() -> None:
    """A single measure on the other side of Bach's range changes more than the tolerance allows on average within its row."""
    moved = (MADE_UP[0], Measure("New notes a beat", Unit.NUMBER, 9.0, 1.3, 2.2, 4.2), *MADE_UP[2:])
    _, far = difference_from("verdict_chart.png", measures_png(moved, score=61.8), writable=False)
    assert far > SHARE


def test_the_same_measures_are_the_same_bytes() -> None:
    """A rejudged piece can be compared by hash."""
    assert measures_png(MADE_UP, score=61.8) == measures_png(MADE_UP, score=61.8)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_the_picture_is_as_high_as_it_needs(count: int) -> None:
    """A row each."""
    image = Image.open(io.BytesIO(measures_png(MADE_UP[:count], score=0.0)))
    assert (WIDTH, height_of(MADE_UP[:count])) == image.size


def test_places_have_colours_only_beside_their_shapes() -> None:
    """Green within, orange outside; and the legend names the shapes for whoever sees no colour."""
    assert {BAND_EDGE, FAR} <= colours(measures_png(MADE_UP, score=61.8))


def test_the_alt_text_says_where_each_measure_lies() -> None:
    """By groups, with the values."""
    assert (
        "A score of 61.8 out of 100, and 4 measures beside the usual range of Bach's works. "
        "Like Bach: new notes a beat (2.0), nothing like it (0 %). Less than Bach: voices move by step (20 %). "
        "More than Bach: notes outside the key (50 %)."
    ) == described(MADE_UP, score=61.8)


@pytest.mark.parametrize(
    ("value", "place"),
    [(0.49, Position.BELOW), (0.496, Position.WITHIN), (0.844, Position.WITHIN), (0.85, Position.ABOVE)],
)
def test_the_edges_belong_to_bachs_range(value: float, place: Position) -> None:
    """Below, within, above: as people read the numbers, so that nobody reads "57 %, less than 57 %"."""
    assert place is Measure("x", Unit.SHARE, value, 0.5, 0.7, 0.84).place


def test_a_verdict_measures_beside_the_weights_own_figures() -> None:
    """Low, middle and high are the percentiles that training wrote down."""
    facts = shipped().facts
    (found,) = (each for each in assess(chorale()).measures if each.name == "Voices move by step")
    assert any(
        (found.low, found.middle, found.high) == row
        for row in zip(*(np.round(each, 4).tolist() for each in (facts.low, facts.middle, facts.high)), strict=True)
    )


def test_a_single_line_is_not_measured_by_what_takes_several_voices() -> None:
    """No word on contrary motion or friction where there is one voice."""
    one, four = ({each.name for each in assess(data).measures} for data in (tune(), chorale()))
    assert {"Voices in contrary motion", "Friction on the beat", "Frictions that resolve by step"} == four - one
