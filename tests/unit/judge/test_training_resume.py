"""A training run that was killed goes on where it was."""

from pathlib import Path

import numpy as np

from judge.training.resume import Resume, key_of


def _run(folder: Path, key: str, done: list[str]) -> tuple[float, float]:
    """Two steps that draw random numbers, and what was really done."""
    rng, past = np.random.default_rng(1), Resume.at(folder, key)

    def step(name: str) -> float:
        done.append(name)
        return float(rng.random())

    return past.step("first one", rng, lambda: step("first")), past.step("second", rng, lambda: step("second"))


def test_a_second_run_takes_what_is_there(tmp_path: Path) -> None:
    """Steps that are on disk are not done again, and random numbers go on as if they had been."""
    done: list[str] = []
    first = _run(tmp_path / "resume", "key", done)
    Resume.at(tmp_path / "resume", "key").file("second").unlink()
    assert (first, ["first", "second", "second"]) == (_run(tmp_path / "resume", "key", done), done)


def test_another_run_begins_anew(tmp_path: Path) -> None:
    """What belongs to another corpus or other code is thrown away."""
    done: list[str] = []
    _run(tmp_path / "resume", "one", done)
    _run(tmp_path / "resume", "another", done)
    assert ["first", "second", "first", "second"] == done


def test_a_finished_run_leaves_nothing(tmp_path: Path) -> None:
    """At its end the folder is gone."""
    _run(tmp_path / "resume", "key", [])
    Resume.at(tmp_path / "resume", "key").finish()
    assert not (tmp_path / "resume").exists()


def test_a_step_that_was_cut_off_while_writing_is_done_again(tmp_path: Path) -> None:
    """A half-written file is no result."""
    done: list[str] = []
    _run(tmp_path / "resume", "key", done)
    second = Resume.at(tmp_path / "resume", "key").file("second")
    second.rename(second.with_suffix(".writing"))
    _run(tmp_path / "resume", "key", done)
    assert ["first", "second", "second"] == done


def test_another_setting_is_another_run(tmp_path: Path) -> None:
    """The key tells settings and corpora apart."""
    (tmp_path / "corpus.csv").write_text("path", encoding="utf-8")
    assert key_of(tmp_path, 0.5) != key_of(tmp_path, 1.0)
