"""The piano roll and the sentence that stands for it."""

import io
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from PIL import Image

from judge import strokes
from judge.drawing import bars_of, beat_length
from judge.look import FINE, PAPER, VOICE_COLOURS, canvas, font, packed, shortened, tinted, written
from judge.midi import Performance, read
from judge.pianoroll import STEPS_PER_QUARTER, multitrack, voices
from judge.render import describe, piano_roll_png
from judge.strokes import DARK_EDGE, STROKES, Box, Stroke
from tests.makers.golden import SHARE, difference_from, looks_golden, pixels
from tests.makers.midi_files import chorale, meter, midi, note, scale, tempo, track, tune


def performance_of(*events: bytes) -> Performance:
    return read(midi(track(*events)))


def colour_is_there(png: bytes, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(pixels(png) - np.array(colour)).max(axis=2) <= 3).any())


def test_the_picture_looks_like_the_golden_one() -> None:
    """Within the tolerance: fonts may be hinted a little differently."""
    assert looks_golden("piano_roll.png", piano_roll_png(read(chorale()), title="Dawn"))


def test_the_golden_comparison_sees_a_note_that_moves() -> None:
    """Another piece is outside the tolerance of the golden test."""
    _, far = difference_from("piano_roll.png", piano_roll_png(read(tune(32)), title="Dawn"), writable=False)
    assert far > 10 * SHARE


def test_voices_can_be_told_apart_without_colour() -> None:
    """In grey, the samples of seven voices are seven different pictures, each drawn by its pattern."""
    drawn = set()
    for stroke in STROKES:
        image, pen = canvas(60, 24)
        strokes.note(pen, Box(5, 5, 55, 19), Stroke((90, 90, 90), stroke.pattern))
        drawn.add(packed(image))
    assert len(VOICE_COLOURS) == len(drawn)


def test_the_same_piece_is_the_same_bytes() -> None:
    """Pictures can be compared and cached by hash."""
    performance = read(chorale())
    assert piano_roll_png(performance, title="Dawn") == piano_roll_png(performance, title="Dawn")


@pytest.mark.parametrize("size", [(1200, 480), (600, 240), (1600, 900)])
def test_the_picture_has_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    """Width by height in pixels, RGB, PNG."""
    image = Image.open(io.BytesIO(piano_roll_png(read(tune()), title="Dawn", width=size[0], height=size[1])))
    assert (size, "RGB", "PNG") == (image.size, image.mode, image.format)


def test_each_voice_has_its_own_colour() -> None:
    """Four voices, four colours that colour-blind people can tell apart; the fifth is not there."""
    png = piano_roll_png(read(chorale()), title="Dawn")
    edges = [tinted(colour, 127, DARK_EDGE) for colour in VOICE_COLOURS]
    assert [True] * 4 + [False] == [colour_is_there(png, edge) for edge in edges[:5]]


def test_the_highest_voice_is_never_hidden() -> None:
    """Where two voices meet in unison the upper one is in front."""
    upper, lower = track(note(72), note(60)), track(note(60, after=480))
    png = piano_roll_png(read(midi(upper, lower, kind=1)), title="Dawn")
    assert (True, False) == (
        colour_is_there(png, tinted(VOICE_COLOURS[0], 80)),
        colour_is_there(png, tinted(VOICE_COLOURS[1], 80)),
    )


def test_soft_notes_are_paler() -> None:
    """Velocity is seen."""
    assert sum(tinted(VOICE_COLOURS[0], 20)) > sum(tinted(VOICE_COLOURS[0], 120))


@pytest.mark.parametrize(
    "events",
    [
        [note(0), note(127)],
        [note(0)],
        [note(127)],
        [meter(255, 0), *[note(60, 1920)] * 8],
        [meter(1, 7), note(60, 15)],
        [tempo(1), note(60, 1)],
        [tempo(0xFFFFFF), meter(3, 3), note(60, 720, after=720)],
        [note(60, 10)] * 500,
    ],
)
def test_strange_pieces_are_drawn_too(events: list[bytes]) -> None:
    """The whole keyboard, one key at its edge, immense and tiny bars: each gets a picture and a sentence."""
    performance = performance_of(*events)
    assert (480, 1200, 3) == pixels(piano_roll_png(performance, title="")).shape
    assert describe(performance).startswith("Piano roll: ")


def test_a_note_of_any_size_anywhere_is_drawn() -> None:
    """Nearly as wide as high, and between two pixels: each is painted."""
    _, pen = canvas(60, 24)
    places = [(left / 8, 8 + right / 8) for left in range(8) for right in range(24)]
    for (left, right), (top, bottom) in product(places, places):
        strokes.note(pen, Box(left, top, right, bottom), STROKES[0])
    assert (60 * FINE, 24 * FINE) == pen.im.size


def test_many_tracks_are_drawn_too() -> None:
    """Sixty-four voices share seven colours."""
    performance = read(midi(*(track(note(30 + number)) for number in range(64)), kind=1))
    assert 64 == len(voices(performance))
    assert (480, 1200, 3) == pixels(piano_roll_png(performance, title="Crowd")).shape


def test_a_long_title_gives_way_to_the_facts() -> None:
    """It is cut with an ellipsis, within its room."""
    face = font(32, bold=True)
    short = shortened("A very long title " * 20, face, 900)
    assert short.endswith("…")
    assert face.getlength(short) <= 900


def test_letters_that_the_font_lacks_are_left_out() -> None:
    """No empty boxes, no line breaks; accents, dashes and flats stay."""
    assert "Änderung — B♭ moll" == written("Änderung\n— \u202eB♭ 漢字🎵 moll\x07", font(32, bold=True))


def test_paper_is_behind_everything() -> None:
    """The corner of the picture is empty."""
    assert list(PAPER) == pixels(piano_roll_png(read(tune()), title="Dawn"))[2, 2].tolist()


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        ("Piano roll of Dawn: 8 bars in 4/4, four voices between F2 and E5.", chorale()),
        ("Piano roll of Dawn: 8 bars in 4/4, one voice between C4 and C5.", tune()),
        ("Piano roll of Dawn: 1 bar in 4/4, one voice on C4.", midi(track(note(60)))),
        (
            "Piano roll of Dawn: a pickup and 2 bars in 4/4, one voice between C4 and C5.",
            midi(track(meter(1), meter(4, after=480)), track(*scale(9)), kind=1),
        ),
        (
            "Piano roll of Dawn: 2 bars in 4/4 and 3/4, one voice between C4 and B4.",
            midi(track(meter(4), meter(3, after=1920)), track(*scale(7)), kind=1),
        ),
        (
            "Piano roll of Dawn: 3 bars in changing meters, 4/4 first, one voice between C4 and C5.",
            midi(track(meter(4), meter(3, after=1920), meter(2, after=1440)), track(*scale(9)), kind=1),
        ),
    ],
)
def test_the_alt_text_says_what_is_to_be_seen(expected: str, data: bytes) -> None:
    """Bars, meter, voices and range in one sentence."""
    assert expected == describe(read(data), title="Dawn")


def test_arrays_are_valid_for_pypianoroll() -> None:
    """One track a voice, highest first, 24 steps a quarter up to the last bar line."""
    made = multitrack(read(chorale()))
    made.validate()
    assert (STEPS_PER_QUARTER, 4) == (made.resolution, len(made.tracks))
    assert {(32 * STEPS_PER_QUARTER, 128)} == {one.pianoroll.shape for one in made.tracks}
    assert [0, 96, 192] == np.flatnonzero(made.downbeat)[:3].tolist()
    assert 72 == np.flatnonzero(made.tracks[0].pianoroll[0])[0]


def test_repeated_notes_stay_apart() -> None:
    """Two quarters of one pitch are two bars, a step apart."""
    roll = multitrack(performance_of(note(60), note(60))).tracks[0].pianoroll
    assert [(60, 0, 23, 80), (60, 24, 48, 80)] == list(bars_of(roll))


def test_arrays_stay_small_in_immense_bars() -> None:
    """Eight bars of 255/1 get longer steps instead of longer arrays."""
    made = multitrack(performance_of(meter(255, 0), *[note(60, 480 * 1000)] * 8))
    assert made.tracks[0].pianoroll.nbytes < 2_000_000


def test_compound_meters_beat_in_dotted_notes() -> None:
    """Beat lines in 6/8 stand three eighths apart, in 3/8 one, in 2/2 a half."""
    assert [1.5, 0.5, 2.0, 1.0] == [
        beat_length(performance_of(meter(*signature), note(60)), 0.0) for signature in ((6, 3), (3, 3), (2, 1), (4, 2))
    ]


def test_the_import_is_light_until_a_picture_is_drawn() -> None:
    """Importing pypianoroll costs more than a second and is not paid for by whoever only describes."""
    code = "import sys, judge.render; print('pypianoroll' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False False" == done.stdout.strip()


def test_a_picture_is_drawn_from_pypianoroll_s_arrays() -> None:
    """The library that the arrays come from does its work on each picture, without scipy's statistics: they are there for whoever asks."""
    code = (
        "import sys; from judge.midi import read; from judge.render import piano_roll_png; from tests.makers.midi_files import chorale;"
        "piano_roll_png(read(chorale()), title='Dawn'); print('pypianoroll' in sys.modules, 'scipy.stats._stats_py' in sys.modules);"
        "import scipy.stats; from matplotlib import pyplot; print(scipy.stats.mode([1, 1, 2]).count, pyplot.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ["True False", "2 matplotlib.pyplot"] == done.stdout.splitlines()
