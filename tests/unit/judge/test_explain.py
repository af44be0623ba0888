"""A verdict in plain text."""

from dataclasses import replace

import pytest

from judge.explain import explanation
from judge.traits import TRAITS
from judge.verdict import Known, Measure, NearestWork, Unit
from tests.makers.fakes import made_up_verdict

VERBS = frozenset(
    {
        "add",
        "bind",
        "borrow",
        "build",
        "change",
        "give",
        "hold",
        "keep",
        "lead",
        "leave",
        "let",
        "mix",
        "move",
        "put",
        "stay",
        "take",
        "visit",
    }
)
TONES = (0.25, 0, 0.1, 0, 0.15, 0.1, 0, 0.3, 0, 0.05, 0, 0.05)


def test_reasons_come_with_their_titles() -> None:
    """What spoke for it, then what spoke against it."""
    text = explanation(made_up_verdict())
    assert "What spoke for it:\n  - Its melody moves in steps.\nWhat spoke against it:\n  - Its bass stays" in text


def test_what_the_score_is_made_of_adds_up() -> None:
    """In points, since a percentage would read as sureness."""
    assert explanation(made_up_verdict(72.5)).startswith(
        "56.0 of 80 points for sounding like Bach, 16.5 of 20 for pitches spread like his."
    )


@pytest.mark.parametrize("sentence", [each for trait in TRAITS for each in (trait.too_low, trait.too_high) if each])
def test_what_spoke_against_a_piece_says_what_to_try(sentence: str) -> None:
    """It is told as one thing to try: what is so, then what to do about it."""
    is_so, _, advice = sentence.partition(": ")
    assert is_so
    assert advice.split()[0] in VERBS, advice


def test_parallels_are_named_by_bar() -> None:
    """One bar, several bars, none."""
    verdict = replace(made_up_verdict(), parallel_fifths=(3,), parallel_octaves=(0, 5))
    assert "Parallel fifths: bar 3.\nParallel octaves: bars 0, 5." in explanation(verdict)
    assert "Parallel fifths: none." in explanation(made_up_verdict())


def test_parallels_that_nobody_looked_for_are_not_called_none() -> None:
    """A file that names no voices, and one that names some."""
    unknown = explanation(replace(made_up_verdict(), voices_known=Known.NONE))
    assert "Parallel fifths and octaves: not looked for" in unknown
    assert "none." not in unknown
    some = explanation(replace(made_up_verdict(), voices_known=Known.SOME))
    assert "that play one note at a time:\nParallel fifths: none." in some


def test_shared_passages_are_told_with_their_bars() -> None:
    """And with a word to people where they are long."""
    works = (
        NearestWork("BWV 1.6", 0.87, (1, 8), (5, 12), 400.0, copied=True),
        NearestWork("BWV 2.6", 0.2, (3, 3), (7, 7), 60.0, copied=False),
    )
    text = explanation(made_up_verdict(works=works))
    assert "  - BWV 1.6: 87% of the notes, bars 1-8 here and bars 5-12 there. That is so much that people" in text
    assert "  - BWV 2.6: 20% of the notes, bar 3 here and bar 7 there.\n" in text
    assert "shares no passage" in explanation(made_up_verdict())


def test_the_tones_stand_beside_bachs() -> None:
    """Twelve rows from C; a longer bar is more of the sounding time."""
    rows = explanation(replace(made_up_verdict(), pitch_classes=TONES, bach_pitch_classes=TONES[::-1])).split("\n")[
        -13:
    ]
    assert rows[0].startswith("Tone  here")
    assert ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"] == [row.split()[0] for row in rows[1:]]
    assert rows[1].startswith("C      25% ████████████████████ ")
    assert rows[1].endswith("   5% ████")
    assert max(map(len, rows)) <= 80


def test_warnings_are_not_forgotten() -> None:
    """What was read with forbearance is said."""
    assert "Note: 1 note without length" in explanation(replace(made_up_verdict(), warnings=("1 note without length",)))


def test_measures_stand_beside_bachs_range() -> None:
    """With the word that says where they lie."""
    measure = Measure("Voices move by step", Unit.SHARE, 0.2, 0.5, 0.7, 0.84)
    text = explanation(replace(made_up_verdict(), measures=(measure,)))
    assert "  - Voices move by step: 20 %, less than Bach (50 % to 84 %)\n" in text
    assert "Beside Bach" not in explanation(made_up_verdict())
