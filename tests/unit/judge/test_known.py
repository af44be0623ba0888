"""Where a score stands among the music that the judge learned from."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from judge.assess import assess
from judge.constants import MODEL_VERSION
from judge.explain import explanation
from judge.known import FILE, QUANTILES, Known, load_known, quantiles
from judge.network import WEIGHTS, load, shipped
from judge.training import known
from judge.training.corpus import read_corpus
from judge.verdict import Standing, from_dict
from tests.makers.pieces import melody
from tests.training import check as tiny

if TYPE_CHECKING:
    from pathlib import Path

RISING = Known(bach=np.linspace(50, 100, QUANTILES), others=np.linspace(0, 50, QUANTILES))


@pytest.mark.parametrize(
    ("score", "bach", "others"), [(0, 0, 0), (5.6, 0, 11), (50, 0, 99), (51.2, 2, 100), (99.9, 99, 100)]
)
def test_it_counts_who_scores_less(score: float, bach: int, others: int) -> None:
    """Whole hundredths that lie below: never one more than there are."""
    assert Standing(bach=bach, others=others) == RISING.standing(score)


def test_a_standing_is_a_sentence() -> None:
    """Also where nobody, or everybody, scores less."""
    assert "than 62 of 100 of the pieces by others, and than 3 of 100 of Bach's own." in Standing(3, 62).said
    assert "than 11 of 100 of the pieces by others, and than none of Bach's own." in Standing(0, 11).said
    assert "than all of the pieces by others, and than 9 of 100 of Bach's own." in Standing(9, 100).said
    assert "whoever wrote it" in Standing(0, 0).said


def test_the_shipped_weights_know_where_every_verdict_stands() -> None:
    """It is in the verdict, comes back out of its JSON, and is told at the terminal."""
    verdict = assess(melody())
    assert verdict.standing is not None
    assert verdict == from_dict(verdict.as_dict())
    assert verdict.standing.said in explanation(verdict)


def test_what_was_measured_for_other_weights_is_not_told(tmp_path: Path) -> None:
    """The file names the weights that it is about."""
    shutil.copy(WEIGHTS / FILE, tmp_path / FILE)
    assert load_known(tmp_path, shipped().facts.sha256) is not None
    assert load_known(tmp_path, "0" * 64) is None


def test_bach_scores_higher_than_others() -> None:
    """By the shipped figures, at each quarter."""
    measured = shipped().known
    assert measured is not None
    assert (measured.bach[25:76] > measured.others[25:76] + 50).all()


def test_a_corpus_is_measured_alike_every_time(tmp_path: Path) -> None:
    """Works of both kinds, by the weights in the folder; cuts of hardly a note are left out; the card gets its part, once."""
    tiny.make(tmp_path / "corpus")
    for name in (f"{MODEL_VERSION}.onnx", f"{MODEL_VERSION}.json", "CARD.md"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    works, written = list(read_corpus(tmp_path / "corpus")), []
    for _ in range(2):
        known.write(works, load(tmp_path), tmp_path)
        written.append([(tmp_path / name).read_bytes() for name in (FILE, "CARD.md")])
    assert written[0] == written[1]
    assert 1 == written[1][1].count(b"## Where a score stands")
    facts = json.loads(written[0][0])
    assert {"bach": 9, "others": 20} == facts["works"]
    assert facts["bach"] == sorted(facts["bach"])
    assert [0, 100] == [quantiles([0, 100])[at] for at in (0, -1)]
