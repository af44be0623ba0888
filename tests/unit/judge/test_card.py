"""The model card: what it says of the shipped weights is what training wrote beside them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from judge.constants import MODEL_VERSION
from judge.copycheck import INDEX_VERSION
from judge.known import FILE
from judge.network import WEIGHTS

CARD = (WEIGHTS / "CARD.md").read_text(encoding="utf-8")
TABLES = ("folds by source", "folds by genre", "strangers", "patterns")
LISTS = ("climbs", "order", "shifts")


def facts(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((WEIGHTS / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", [f"{MODEL_VERSION}.onnx", f"{INDEX_VERSION}.npz"])
def test_it_names_the_files_that_are_there(name: str) -> None:
    """Version and hash, as they are on disk."""
    assert name.rsplit(".", 1)[0] in CARD
    assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() in CARD


def test_its_tables_are_those_of_the_weights() -> None:
    """Each row of each table, to three digits."""
    figures = facts(f"{MODEL_VERSION}.json")["figures"]
    rows = [
        f"| {name} | " + " | ".join(f"{value:.3f}" for value in row.values()) + " |"
        for table in TABLES
        for name, row in figures[table].items()
    ]
    rows += [f"- {name}: {value:.3f}" for table in LISTS for name, value in figures[table].items()]
    assert len(rows) > 30
    assert [] == [row for row in rows if f"{row}\n" not in CARD]


def test_its_copies_are_those_of_the_index() -> None:
    """How many were found, and how many false alarms there were."""
    figures = facts(f"{INDEX_VERSION}.json")["figures"]
    both = (figures["copies of Bach"], figures["copies of a submission"])
    rows = [
        f"| {name} | "
        + " | ".join(
            f"{each[name]['crops']} | {each[name]['flagged']:.3f} | {each[name]['named']:.3f}" for each in both
        )
        for name in both[0]
    ]
    rows += [f"- {kind}: {figures[kind]['asked']} / {figures[kind]['alarms']}" for kind in ("not Bach", "patterns")]
    assert [] == [row for row in rows if row not in CARD]


def test_its_known_scores_are_those_that_were_measured() -> None:
    """For the weights that are there: the quarters of both kinds, to a tenth."""
    found = facts(FILE)
    assert facts(f"{MODEL_VERSION}.json")["sha256"] == found["sha256"]
    for name, kind in (("Bach's works", "bach"), ("everybody else's", "others")):
        assert f"| {name} | " + " | ".join(f"{found[kind][at]:.1f}" for at in (10, 25, 50, 75, 90)) + " |\n" in CARD
