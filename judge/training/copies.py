"""Builds the copy check's index of Bach, and measures it: `python -m judge.training.copies --corpus FOLDER_OR_ZIP [--out judge/weights]`.

Needs no library but the judge's own; `python -m judge.training.fit` does the same at its end. The works of the corpus are compared as
submissions of up to eight bars, with Bach's works whole.
"""

import argparse
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judge.copycheck import (
    AS_WRITTEN,
    AT_OTHER_VALUES,
    COMMON,
    INDEX_VERSION,
    Index,
    IndexedWork,
    bar_runs,
    index_of,
    keep,
    make_index,
    nearest,
)
from judge.fingerprint import CODES, KEPT, fingerprint
from judge.training.copies_card import with_copies
from judge.training.copyists import CHANGES, Crop, changed, crops
from judge.training.corpus import Work, read_corpus
from judge.training.pieces import Rng
from judge.training.synthetic import PATTERNS
from judge.verdict import NearestWork

SEED = 20261122
FEWEST, FEWEST_LEFT = 20, 16
"""Notes of a crop whose copy must be found, before and after something is taken away."""
FOLDS = 10


def spoken(name: str) -> str:
    """A work's name as people know it: "bwv1.6.mxl" is "BWV 1.6"."""
    return re.sub(r"^bwv\s*(\d.*?)(\.mxl|\.mid)?$", r"BWV \1", name, flags=re.IGNORECASE)


def titles(works: Sequence[Work]) -> dict[str, str]:
    """What each work is called, by its path; a name that several files share is counted: "BWV 988 [7]"."""
    many, seen = Counter(spoken(work.name) for work in works), Counter[str]()
    found = {}
    for work in works:
        name = spoken(work.name)
        seen[name] += 1
        found[work.path] = f"{name} [{seen[name]}]" if many[name] > 1 else name
    return found


Pairs = Sequence[tuple[str, Crop]]


@dataclass(frozen=True)
class Built:
    """Columns of the index: `counts` uint8[positions] of all works in order, and as many `codes`."""

    works: tuple[IndexedWork, ...]
    counts: NDArray[np.uint8]
    codes: NDArray[np.uint16]

    def index(self) -> Index:
        """Ready to be asked."""
        return make_index(self.works, self.counts, self.codes)


def build(works: Sequence[Work]) -> Built:
    """Fingerprints of whole works; chains that are everybody's are left out."""
    entries, rows = [], []
    called = titles(works)
    for number, work in enumerate(works):
        found = fingerprint(work.piece.onset, work.piece.duration, work.piece.pitch, KEPT)
        length = int(found.position.max(initial=0)) + 1
        short = len(work.bars) > 2 and work.bars[1] - work.bars[0] < work.bars[2] - work.bars[1]
        entries.append(IndexedWork(called[work.path], length, bar_runs(work.bars, short)))
        columns = (np.full(len(found.code), number), found.position, found.code.astype(np.int64))
        rows.append(np.unique(np.stack(columns, axis=1), axis=0))
    table = np.concatenate(rows)
    rare = np.bincount(table[:, 2], minlength=CODES) <= COMMON
    table = table[rare[table[:, 2]]]
    first = np.cumsum([0, *(entry.length for entry in entries)])
    counts = np.bincount(first[table[:, 0]] + table[:, 1], minlength=int(first[-1]))
    return Built(tuple(entries), counts.astype(np.uint8), table[:, 2].astype(np.uint16))


def write(built: Built, figures: dict[str, object], out: Path) -> int:
    """Stores the index, and its part of the CARD.md that is there; bytes of the index. The same corpus gives the same bytes."""
    stream = io.BytesIO()
    np.savez_compressed(stream, counts=built.counts, codes=built.codes)
    data = stream.getvalue()
    facts: dict[str, Any] = {
        "version": INDEX_VERSION,
        "sha256": hashlib.sha256(data).hexdigest(),
        "thresholds": {
            "coverage": AS_WRITTEN.coverage,
            "strength": AS_WRITTEN.strength,
            "other_coverage": AT_OTHER_VALUES.coverage,
            "other_strength": AT_OTHER_VALUES.strength,
            "fewest": FEWEST,
        },
        "figures": figures,
        "works": [[work.name, work.length, work.bars] for work in built.works],
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{INDEX_VERSION}.npz").write_bytes(data)
    (out / f"{INDEX_VERSION}.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n", encoding="utf-8")
    card = out / "CARD.md"
    if card.exists():
        card.write_text(with_copies(card.read_text(encoding="utf-8"), facts, len(data)), encoding="utf-8")
    return len(data)


def found_copies(pairs: Pairs, index: Index, rng: Rng) -> dict[str, dict[str, float]]:
    """For each change: how many crops were long enough, share flagged, and share with the right work (or its twin) named first."""
    table = {}
    for name, change in CHANGES.items():
        asked = [(work, changed(crop, change, rng)) for work, crop in pairs]
        answers = [(work, nearest(crop, index)) for work, crop in asked if len(crop.onset) >= FEWEST_LEFT]
        flagged = [bool(found) and found[0].copied for _, found in answers]
        right = [bool(found) and found[0].work == work for work, found in answers]
        table[name] = {
            "crops": len(answers),
            "flagged": round(float(np.mean(flagged or [False])), 4),
            "named": round(float(np.mean(right or [False])), 4),
        }
    return table


def alarms(pairs: Pairs, index: Index) -> list[tuple[str, NearestWork]]:
    """What is flagged, with the work that it is said to be from."""
    return [(name, found) for name, crop in pairs for found in nearest(crop, index)[:1] if found.copied]


def among_each_other(pairs: Pairs, weight: NDArray[np.float64]) -> list[tuple[str, NearestWork]]:
    """Alarms of submissions against those of the other folds: nine of ten pairs are compared."""
    kept = [(name, keep(crop)) for name, crop in pairs]
    found = []
    for fold in range(FOLDS):
        others = index_of({name: data for i, (name, data) in enumerate(kept) if i % FOLDS != fold}, weight)
        found += alarms(pairs[fold::FOLDS], others)
    return found


def _pairs(works: Sequence[Work], count: int, rng: Rng) -> list[tuple[str, Crop]]:
    called = titles(works)
    return [(called[work.path], crop) for work in works for crop in crops(work, count, rng)]


def _patterns(count: int, rng: Rng) -> list[tuple[str, Crop]]:
    made = [(name, make(rng)) for name, make in PATTERNS.items() for _ in range(count)]
    return [(name, Crop(each.onset, each.duration, each.pitch, tuple(range(0, 32, 4)))) for name, each in made]


def measure(works: Sequence[Work], index: Index, effort: float) -> dict[str, Any]:
    """Copies found and false alarms; `effort` 1 is 300 crops of Bach a change and three of each other work."""
    rng = np.random.default_rng(SEED)
    bach, others = [w for w in works if w.is_bach], [w for w in works if not w.is_bach]
    chosen = [bach[int(i)] for i in rng.integers(0, len(bach), max(1, round(300 * effort)))]
    called = titles(bach)
    copied = [(called[work.path], crop) for work in chosen for crop in crops(work, 1, rng)]
    copied = [pair for pair in copied if len(pair[1].onset) >= FEWEST]
    found = found_copies(copied, index, rng)
    asked = _pairs(others, max(1, round(3 * effort)), rng)
    submissions = [(f"{w.path} {w.name}", crop) for w in others for crop in crops(w, 1, rng)]
    every = index_of({name: keep(crop) for name, crop in submissions}, index.weight)
    long = [pair for pair in submissions if len(pair[1].onset) >= FEWEST]
    some = [long[int(i)] for i in rng.permutation(len(long))[: max(1, round(300 * effort))]]
    return {
        "copies of Bach": found,
        "copies of a submission": found_copies(some, every, rng),
        "not Bach": _false(asked, alarms(asked, index)),
        "patterns": _false(made := _patterns(max(1, round(40 * effort)), rng), alarms(made, index)),
        "other submissions": _false(submissions, among_each_other(submissions, index.weight)),
    }


def _false(asked: Pairs, found: list[tuple[str, NearestWork]]) -> dict[str, Any]:
    said = [f"{name} <- {each.work}: {each.coverage:.2f}, {each.evidence:.0f} bits" for name, each in found]
    return {"asked": len(asked), "alarms": len(found), "which": said}


def _show(figures: dict[str, Any]) -> None:
    for title in ("copies of Bach", "copies of a submission"):
        print(f"\n{title}: crops, share flagged, share with the right work named first")
        for name, row in figures[title].items():
            print(f"  {name:52} {row['crops']:5} {row['flagged']:6.3f} {row['named']:6.3f}")
    for title in ("not Bach", "patterns", "other submissions"):
        print(f"\nalarms, {title}: {figures[title]['alarms']} of {figures[title]['asked']}")
        for each in figures[title]["which"]:
            print(f"  {each}")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder or zip with corpus.csv")
    parser.add_argument("--out", type=Path, help="folder to write the index to; without it only the figures are shown")
    parser.add_argument("--effort", type=float, default=1.0, help="crops in proportion to the default")
    chosen = parser.parse_args()
    works = list(read_corpus(chosen.corpus))
    built = build([work for work in works if work.is_bach])
    figures = measure(works, built.index(), chosen.effort)
    if chosen.out is not None:
        print(f"{write(built, figures, chosen.out) / 1e6:.2f} MB for {len(built.works)} works written to {chosen.out}")
    _show(figures)


if __name__ == "__main__":
    main()
