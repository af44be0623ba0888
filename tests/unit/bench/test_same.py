"""What is compared of two builds' verdicts (``tests.bench.same``)."""

from tests.bench.same import difference
from tests.makers.random_pieces import broken, random_piece

SCORED = {"score": 50.0, "refusal": None, "key": "C major"}
REFUSED = {"score": None, "refusal": "damaged"}


def test_the_last_digit_counts() -> None:
    """And is told with the field's name."""
    found = difference("a.mid", {"a.mid": SCORED}, {"a.mid": {**SCORED, "score": 50.0001}})
    assert found == "a.mid: score 50.0, and 50.0001"
    assert difference("a.mid", {"a.mid": SCORED}, {"a.mid": dict(SCORED)}) is None


def test_a_field_of_one_build_alone_is_no_difference_and_a_file_is_one() -> None:
    """A verdict may grow; a file that one of them does not name has been lost."""
    assert difference("a.mid", {"a.mid": {**SCORED, "standing": 3}}, {"a.mid": SCORED}) is None
    assert difference("a.mid", {"a.mid": SCORED}, {}) == "a.mid: judged by one build only"
    assert difference("a.mid", {"a.mid": SCORED}, {"a.mid": REFUSED}) == "a.mid: 50.0 None, and None damaged"


def test_the_same_seed_writes_the_same_piece_and_breaks_the_same_bytes() -> None:
    """So that both builds, and two runs, hear the same; and another seed another one."""
    assert random_piece(3) == random_piece(3)
    assert random_piece(3) != random_piece(4)
    assert broken(random_piece(3), 1) == broken(random_piece(3), 1)
    assert broken(random_piece(3), 1) != random_piece(3)
