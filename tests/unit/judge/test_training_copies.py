"""Training without its libraries: the index of the copy check, and what a killed run leaves behind."""

from pathlib import Path

import numpy as np
import pytest

from judge.copycheck import Index, load_index, nearest
from judge.training import copies
from judge.training.copies import CHANGES, changed, crops, with_copies
from judge.training.corpus import Work, read_corpus
from judge.training.resume import key_of
from tests.training import check as tiny


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> list[Work]:
    """A tiny corpus of nobody's music."""
    folder = tmp_path_factory.mktemp("corpus")
    tiny.make(folder)
    return list(read_corpus(folder))


def test_an_index_that_was_written_finds_its_works(works: list[Work], tmp_path: Path) -> None:
    """From the corpus to the file, and from the file to the work's name and bars."""
    copies.write(
        copies.build([work for work in works if work.is_bach]), copies.measure(works, _index(works), 0.01), tmp_path
    )
    crop = next(crops(works[4], 1, np.random.default_rng(1)))
    found = nearest(crop, load_index(tmp_path))[0]
    assert ("bach_organ 1", True) == (found.work, found.copied)
    assert 8 == found.bars_there[1] - found.bars_there[0] + 1


def _index(works: list[Work]) -> Index:
    return copies.build([work for work in works if work.is_bach]).index()


def test_the_same_corpus_gives_the_same_bytes(works: list[Work], tmp_path: Path) -> None:
    """An index can be built again by anybody who has the corpus."""
    for name in ("one", "two"):
        copies.write(copies.build(works), {}, tmp_path / name)
    assert (tmp_path / "one" / "copies-1.npz").read_bytes() == (tmp_path / "two" / "copies-1.npz").read_bytes()


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_the_bench_leaves_a_copy_that_is_named(name: str, works: list[Work]) -> None:
    """What the bench does to a piece is something that it can be asked about."""
    rng = np.random.default_rng(3)
    crop = changed(next(crops(works[0], 1, rng)), CHANGES[name], rng)
    assert "bach_chorale 0" == nearest(crop, _index(works))[0].work


def test_files_of_one_work_are_told_apart(works: list[Work]) -> None:
    """Thirty variations under one number are counted."""
    twins = [works[0], Work("other.mid", True, "bach_organ", "", "", works[1].piece, works[1].bars, works[0].name)]
    assert ["bach_chorale 0 [1]", "bach_chorale 0 [2]"] == list(copies.titles(twins).values())
    assert "BWV 1.6" == copies.spoken("bwv1.6.mxl")


def test_the_card_gets_the_new_figures_in_the_place_of_the_old() -> None:
    """Once, before the limits, and nothing else of it changes."""
    row = {"crops": 10, "flagged": 1.0, "named": 0.9}
    nothing = {"asked": 5, "alarms": 0, "which": []}
    figures = {"copies of Bach": {"as it is": row}, "copies of a submission": {"as it is": row}}
    facts = {
        "version": "copies-1",
        "sha256": "0" * 64,
        "works": [1, 2],
        "thresholds": {"coverage": 0.4, "strength": 90, "other_coverage": 0.6, "other_strength": 220, "fewest": 20},
        "figures": {**figures, "not Bach": nothing, "patterns": nothing, "other submissions": nothing},
    }
    card = with_copies("# Card\n\nWords.\n\n## Limits\n\n- Some.\n", facts, 1_600_000)
    assert card == with_copies(card, facts, 1_600_000)
    assert card.startswith("# Card\n\nWords.\n\n## Copy check\n")
    assert card.endswith("\n\n## Limits\n\n- Some.\n")
    assert "| as it is | 10 | 1.000 | 0.900 | 10 | 1.000 | 0.900 |" in card


def test_a_run_is_known_by_its_corpus_and_its_settings(tmp_path: Path) -> None:
    """One note more in the corpus, or another scale, is another run."""
    tiny.make(tmp_path)
    before = key_of(tmp_path, 0.75)
    assert before == key_of(tmp_path, 0.75)
    assert before != key_of(tmp_path, 0.5)
    (tmp_path / "midi" / "handel-0.mid").write_bytes(b"other")
    assert before != key_of(tmp_path, 0.75)
