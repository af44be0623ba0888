"""Measures how the judge scores the music it learned from: `python -m judge.training.known --corpus FOLDER_OR_ZIP`.

Eight bars of each work, by the weights that are in the folder; `fit` does it at its end. The same corpus and weights give the same bytes.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from judge.assess import weigh
from judge.features import analyse
from judge.known import FILE, quantiles
from judge.network import WEIGHTS, Network, load
from judge.training.corpus import Work, read_corpus
from judge.training.known_card import with_known
from judge.training.pieces import random_cut

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


if __name__ == "__main__":
    main()
