"""The figures of docs/metrics.md and the board of docs/grafana.json are those that a process shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry

from bot.web.lookout import Lookout
from tests.makers.databases import sqlite_store
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
OURS = "kantor_"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every sample that a process shows by its name, with its labels; each of its meters has counted once."""
    registry = CollectorRegistry()
    lookout = Lookout(Event(), {"role": "run", "database": "sqlite"}, registry)
    meters = lookout.meters
    meters.acked("a", 1.0)
    meters.unacked("a")
    meters.turned_away("a")
    meters.letter("a", "b", "c")
    meters.refused("a")
    meters.limited("a")
    meters.judged("a", 1.0)
    meters.job("a", "b", 1.0)
    samples: dict[str, set[str]] = {}
    with sqlite_store(tmp_path_factory.mktemp("figures")) as store:
        lookout.look_at(store, FakeClock(), {}, lambda: True)
        for family in registry.collect():
            for sample in family.samples:
                if not sample.name.endswith("_created"):
                    samples.setdefault(sample.name, set()).update(sample.labels)
    return samples


def documented() -> dict[str, set[str]]:
    """Each figure of the table, with its labels."""
    rows = re.findall(r"^\| `(kantor_\w+)` \|([^|]*)\|", (DOCS / "metrics.md").read_text("utf-8"), flags=re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def family_of(name: str, families: dict[str, set[str]]) -> str:
    """Of a sample: histograms and summaries have several."""
    stem = re.sub(r"_(bucket|sum|count)$", "", name)
    return stem if stem in families else name


def test_each_figure_is_in_the_table_and_none_that_is_gone(shown: dict[str, set[str]]) -> None:
    """With its labels."""
    table = documented()
    real: dict[str, set[str]] = {}
    for name, labels in shown.items():
        if name.startswith(OURS):
            real.setdefault(family_of(name, table), set()).update(labels - {"le"})
    assert real == table


def expressions(part: Any) -> Iterator[str]:
    """All that the board asks Prometheus."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in {"expr", "query"} and isinstance(value, str):
                yield value
            else:
                yield from expressions(value)
    elif isinstance(part, list):
        for each in part:
            yield from expressions(each)


BOARD = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
ASKED = [each for each in expressions(BOARD) if each != "prometheus"]


@pytest.mark.parametrize("asked", ASKED)
def test_the_board_asks_for_what_there_is(asked: str, shown: dict[str, set[str]]) -> None:
    """Names of samples, and of their labels; Prometheus itself adds `instance`."""
    names = re.findall(r"\b((?:kantor|process)_\w+)(?:\{([^}]*)\})?", asked)
    assert names
    labels_asked = set(re.findall(r"\bby \(([^)]*)\)", asked))
    for name, chosen in names:
        assert name in shown, asked
        labels = set(re.findall(r"(\w+)\s*[=!]~?", chosen)) | {
            label.strip() for group in labels_asked for label in group.split(",")
        }
        assert labels <= shown[name] | {"instance", "le"}, asked


def test_the_board_shows_every_figure_of_the_table() -> None:
    """None is measured for nobody."""
    table = documented()
    drawn = {family_of(name, table) for asked in ASKED for name in re.findall(r"\bkantor_\w+", asked)}
    assert set(table) == drawn


def test_panels_do_not_lie_on_each_other() -> None:
    """Each has a place and a number of its own, and says what it shows."""
    places: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & places
        assert max(x for x, _ in cells) < 24
        places |= cells
        assert panel["type"] == "row" or panel["description"]
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
