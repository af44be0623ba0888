"""Two builds side by side: the ratio is of runs that followed one another, and runs on a busy machine do not count."""

from __future__ import annotations

import sys

import pytest

from tests.bench import against, builds, outside


def test_a_figure_is_held_against_the_one_of_the_same_run() -> None:
    """Each figure by name, in pairs."""
    runs = [({"a": 1.0, "b": 4.0}, {"a": 2.0, "b": 4.0}), ({"a": 3.0, "b": 5.0}, {"a": 6.0, "b": 4.0})]
    assert {"a": [(1.0, 2.0), (3.0, 6.0)], "b": [(4.0, 4.0), (5.0, 4.0)]} == against.by_figure(runs)


def test_our_own_work_is_nobody_elses() -> None:
    """Three seconds of work in two seconds, two of them ours: others kept half a core busy. Clocks that tick apart make nothing negative."""
    assert builds.others(3.0, 2.0, 2.0) == 0.5
    assert builds.others(1.0, 1.2, 1.0) == 0.0


def test_a_revision_that_is_none_is_refused() -> None:
    """With what to name instead."""
    with pytest.raises(SystemExit, match="git knows no revision nonsense"):
        builds.of("nonsense")


def test_this_build_runs_where_we_are() -> None:
    """Its command is our own interpreter in our own folder."""
    assert (sys.executable, "-m", "bot", "judge") == builds.this().command("judge")
    assert (builds.this().folder / "pyproject.toml").exists()


def test_each_measure_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has them all, each with its sentence; an unknown one is refused."""
    against.main(["--list"])
    told = capsys.readouterr().out
    assert [] == [name for name in outside.MEASURES if f"  {name} " not in told]
    with pytest.raises(SystemExit):
        against.main(["--only", "nonsense"])
