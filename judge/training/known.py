"""Measures how the judge scores the music it learned from: `python -m judge.training.known --corpus FOLDER_OR_ZIP`.

Eight bars of each work, by the weights that are in the folder; `fit` does it at its end. The same corpus and weights give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from judge.assess import weigh
from judge.features import analyse
from judge.known import FILE, quantiles
from judge.network import WEIGHTS, Network, load
from judge.training.corpus import Work, read_corpus, with_part
from judge.training.pieces import random_cut

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 20261129
FEWEST_NOTES = 6
"""Cuts with fewer are left out."""


def measure(works: Sequence[Work], network: Network) -> dict[str, object]:
    """The facts for `judge.known`: quantiles of the scores, and how many works they are of."""
    rng = np.random.default_rng(SEED)
    scores: dict[bool, list[float]] = {True: [], False: []}
    for work in works:
        piece = random_cut(work.piece, work.bars, rng)
        if len(piece.onset) >= FEWEST_NOTES:
            scores[work.is_bach].append(weigh(analyse(piece.onset, piece.duration, piece.pitch), network).score)
    return {
        "sha256": network.facts.sha256,
        "works": {"bach": len(scores[True]), "others": len(scores[False])},
        "bach": quantiles(scores[True]),
        "others": quantiles(scores[False]),
    }


def write(works: Sequence[Work], network: Network, out: Path) -> None:
    """Stores them beside the weights, and their part of the CARD.md that is there."""
    facts = measure(works, network)
    (out / FILE).write_text(json.dumps(facts) + "\n", encoding="utf-8")
    card = out / "CARD.md"
    if card.exists():
        card.write_text(with_known(card.read_text(encoding="utf-8"), facts), encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder or zip with corpus.csv")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder with the weights")
    chosen = parser.parse_args()
    write(list(read_corpus(chosen.corpus)), load(chosen.out), chosen.out)


_TITLE = "## Where a score stands"
_SHOWN = (10, 25, 50, 75, 90)

_WORDS = """The judge's score of eight bars of each work of the corpus ({bach} of Bach's, {others} of others'), in hundredths ({file}). With them a
verdict says how many of a hundred pieces of each kind it is ahead of. The judge has learned from these very works, so Bach's score
higher there, and others' lower, than music that it never saw: read it as "the music it knows".

| | {columns} |
|---|{rules}
{rows}"""


def with_known(card: str, facts: dict[str, Any]) -> str:
    """The card with this part anew."""
    return with_part(card, _TITLE, _text(facts))


def _text(facts: dict[str, Any]) -> str:
    rows = [
        f"| {name} | " + " | ".join(f"{facts[kind][percent]:.1f}" for percent in _SHOWN) + " |"
        for name, kind in (("Bach's works", "bach"), ("everybody else's", "others"))
    ]
    columns = " | ".join(f"{percent} %" for percent in _SHOWN)
    return _WORDS.format(file=FILE, columns=columns, rules="---|" * len(_SHOWN), rows="\n".join(rows), **facts["works"])


if __name__ == "__main__":
    main()
