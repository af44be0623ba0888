"""The words of a rehearsal's report, and what it holds against what people did."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.evening import compare
from bot.rehearsal.music import Taste, agreement, composition
from bot.rehearsal.record import Record
from bot.rehearsal.report import NO, YES, verdict, written
from judge.midi import read

SCORES = {"originality": 4, "balance": 3, "emotional": 5}
OTHERS = {"originality": 1, "balance": 2, "emotional": 2}


def quiet(_words: str) -> None:
    """Nobody listens."""


def record() -> Record:
    """Three compositions, of which one came too late; two ratings."""
    made = Record(3, 2, 1, quiet)
    made.tried = {("U0J001", "quiet heron"): SCORES, ("U0J002", "old river"): OTHERS}
    made.saved = dict(made.tried)
    return made


def bundle(*ratings: tuple[str, dict[str, int]]) -> dict[str, Any]:
    """What the bot hands out."""
    entries = [{"id": "a", "alias": "quiet heron", "left": False}, {"id": "b", "alias": "old river", "left": False}]
    given = [[entry, "j", "preliminary", scores, 1, False, True] for entry, scores in ratings]
    return {"entries.json": entries, "ratings.json": given, "board.json": {"fair": None}}


def broken(made: Record) -> list[str]:
    """The promises that were not kept."""
    return [each.promise for each in made.checks if not each.kept]


def test_a_rehearsal_without_a_fault_says_yes() -> None:
    """All ratings are there, once."""
    made = record()
    compare(made, bundle(("a", SCORES), ("b", OTHERS)))
    assert [] == broken(made)
    assert YES == verdict(made)
    assert f"**{YES}**" in written(made, "1 May")


def test_a_lost_rating_is_a_no() -> None:
    """A judge read that it is saved, and it is not there."""
    made = record()
    compare(made, bundle(("a", SCORES)))
    assert ["No rating was lost"] == broken(made)
    assert "- **NO**: No rating was lost (1 of 2)." in written(made, "1 May").splitlines()
    assert NO == verdict(made)


def test_a_doubled_rating_is_a_no() -> None:
    """It is there twice."""
    made = record()
    compare(made, bundle(("a", SCORES), ("a", SCORES), ("b", OTHERS)))
    assert ["No rating was made up or doubled"] == broken(made)


def test_a_rating_whose_answer_was_cut_off_may_be_there() -> None:
    """The bot died before it could say that it is saved."""
    made = record()
    del made.saved["U0J002", "old river"]
    compare(made, bundle(("a", SCORES), ("b", OTHERS)))
    assert [] == broken(made)


def test_nothing_that_was_held_is_no_yes() -> None:
    """A rehearsal that never came to a promise."""
    assert NO == verdict(record())


def test_waits_and_steps_are_told() -> None:
    """In seconds, the usual one and the longest."""
    made = record()
    for seconds in (1.0, 2.0, 9.0):
        made.waited("a window", seconds)
    with made.step("The judging begins"):
        pass
    lines = written(made, "1 May").splitlines()
    assert "| a window | 3 | 2.0 s | 9.0 s |" in lines
    assert "1. The judging begins (0 s)" in lines


def test_judges_have_a_taste() -> None:
    """Equal seeds, equal scores; a perfect order agrees wholly, and its reverse not at all."""
    taste = Taste(1)
    assert taste.scores("U0J001", "quiet heron") == Taste(1).scores("U0J001", "quiet heron")
    assert set(taste.scores("U0J001", "quiet heron").values()) <= {1, 2, 3, 4, 5}
    true = {name: taste.worth(name) for name in ("quiet heron", "old river", "far hill")}
    assert 1.0 == agreement(taste, true)
    assert 0.0 == agreement(taste, {name: -worth for name, worth in true.items()})


def test_compositions_differ_and_can_be_judged() -> None:
    """By number, and by seed."""
    made = {composition(1, 1), composition(1, 2), composition(2, 1)}
    assert 3 == len(made)
    assert all(read(data).bars for data in made)
