"""Builds the copy check's index of Bach, and measures it: `python -m judge.training.copies --corpus FOLDER_OR_ZIP [--out judge/weights]`.

Needs no library but the judge's own; `python -m judge.training.fit` does the same at its end. The works of the corpus are compared as
submissions of up to eight bars, with Bach's works whole.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from judge.constants import UNITS
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
from judge.grid import to_grid
from judge.training.corpus import Work, read_corpus, with_part
from judge.training.pieces import Piece, Rng, cut, humanised, sorted_piece
from judge.training.synthetic import PATTERNS
from judge.voices import texture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from judge.verdict import NearestWork

SEED = 20261122
FEWEST, FEWEST_LEFT = 20, 16
"""Notes of a crop whose copy must be found, before and after something is taken away."""
FOLDS = 10


@dataclass(frozen=True)
class Crop:
    """At most eight bars of a work, as a submission would be (see `judge.copycheck.Notes`)."""

    onset: NDArray[np.float64]
    duration: NDArray[np.float64]
    pitch: NDArray[np.int16]
    bar_starts: tuple[float, ...]
    pickup: bool = False


Change = Callable[[Piece, Rng], Piece]


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


_TITLE = "## Copy check"
_SHOWN = 12

_WORDS = """Beside the judge, {version} (sha256 of the index `{sha256}`, {size:.2f} MB, {works} works) looks for passages that a piece shares with
Bach's works of the corpus, and with other submissions. It flags for people, and changes no score.

A fingerprint is a set of chains: five notes, each later and at another pitch than the one before, mostly neighbours in a voice. Of a chain
only a 16-bit hash of its four steps and four waits is kept, up to three chains a note. Chains that match at one distance in time vote
for an alignment, each with the bits that its rarity is worth. A piece is flagged where one alignment covers {coverage:.0%} of its notes, and
coverage times evidence is {strength:.0f} bits ({other_coverage:.0%} and {other_strength:.0f} bits where it was looked for at other note values). These thresholds were
set after earlier runs on crops of the same works (of short works the same crops): no false alarm below is what they were set for, not a
promise for all other music.

Nothing can be played from the index. It holds, for each half quarter note of a work, an unordered set of hashes: no pitch, no key, no
length of a note, no voice, no order within the half quarter. There are some 2,500 million chains of usual rhythm, so each hash stands for
about 38,000 of them.

Copies of crops of up to eight bars (at least {fewest} notes), by what was done to them:

| | Bach: crops | flagged | right work first | submissions: crops | flagged | right one first |
|---|---|---|---|---|---|---|
{rows}

False alarms (crops asked / flagged):

{false}

"Other submissions" compares one crop of each work that is not Bach's with those of all others (nine of ten pairs). Tunes that two works
really share are counted as alarms, too. The index was built from whole works, so this says nothing of works that it does not hold. A
single voice taken out of four is often too little to be sure: of half of the voices some are missed. A copy of less than about half of a
piece is named among the nearest works, but not flagged."""


def with_copies(card: str, facts: dict[str, Any], size: int) -> str:
    """The card with this part anew."""
    return with_part(card, _TITLE, _text(facts, size))


def _text(facts: dict[str, Any], size: int) -> str:
    figures = facts["figures"]
    return _WORDS.format(
        version=facts["version"],
        sha256=facts["sha256"],
        size=size / 1e6,
        works=len(facts["works"]),
        rows="\n".join(_row(name, figures) for name in figures["copies of Bach"]),
        false="\n".join(_alarms(name, figures[name]) for name in ("not Bach", "patterns", "other submissions")),
        **facts["thresholds"],
    )


def _row(name: str, figures: dict[str, Any]) -> str:
    both = (figures["copies of Bach"][name], figures["copies of a submission"][name])
    cells = [cell for row in both for cell in (str(row["crops"]), f"{row['flagged']:.3f}", f"{row['named']:.3f}")]
    return f"| {name} | " + " | ".join(cells) + " |"


def _alarms(name: str, row: dict[str, Any]) -> str:
    which = "".join(f"\n  - {each}" for each in row["which"][:_SHOWN])
    if len(row["which"]) > _SHOWN:
        which += f"\n  - and {len(row['which']) - _SHOWN} more in copies-1.json"
    return f"- {name}: {row['asked']} / {row['alarms']}{which}"


def crops(work: Work, count: int, rng: Rng) -> Iterator[Crop]:
    """Up to eight bars from random bar lines on."""
    for _ in range(count):
        first = int(rng.integers(0, max(1, len(work.bars) - 7)))
        lines = work.bars[first : first + 9]
        end = lines[8] if len(lines) == 9 else work.piece.end
        piece = cut(work.piece, lines[0], end)
        if len(piece.onset):
            yield _crop(piece, tuple(line - lines[0] for line in lines[:8]))


def _crop(piece: Piece, bars: tuple[float, ...]) -> Crop:
    return Crop(piece.onset, piece.duration, piece.pitch, bars)


def _without(piece: Piece, gone: NDArray[np.integer]) -> Piece:
    kept = np.setdiff1d(np.arange(len(piece.onset)), gone)
    return Piece(piece.onset[kept], piece.duration[kept], piece.pitch[kept])


def _some(piece: Piece, part: float, rng: Rng) -> NDArray[np.int64]:
    return rng.permutation(len(piece.onset))[: round(part * len(piece.onset))]


def deleted(part: float) -> Change:
    """Takes that share (0-1) of the notes away."""
    return lambda piece, rng: _without(piece, _some(piece, part, rng))


def added(part: float) -> Change:
    """Adds that share of random notes near others."""

    def change(piece: Piece, rng: Rng) -> Piece:
        near = _some(piece, part, rng)
        onset = piece.onset[near] + rng.choice([0, 0.25, 0.5], len(near))
        pitch = piece.pitch[near].astype(np.int64) + rng.integers(-9, 10, len(near))
        return sorted_piece(
            np.concatenate([piece.onset, onset]),
            np.concatenate([piece.duration, piece.duration[near]]),
            np.concatenate([piece.pitch, pitch]),
        )

    return change


def altered(part: float) -> Change:
    """Moves that share of the notes by one to six semitones."""

    def change(piece: Piece, rng: Rng) -> Piece:
        chosen = _some(piece, part, rng)
        pitch = piece.pitch.astype(np.int64)
        pitch[chosen] += rng.integers(1, 7, len(chosen)) * rng.choice([-1, 1], len(chosen))
        return sorted_piece(piece.onset, piece.duration, pitch)

    return change


def fewer_voices(share: float) -> Change:
    """Keeps that share of the voices, at least one; one less where it is 1."""

    def change(piece: Piece, rng: Rng) -> Piece:
        voices = texture(to_grid(piece.onset, piece.duration, piece.pitch))
        names = np.unique(voices.voice)
        many = max(1, len(names) - 1) if share == 1 else max(1, round(share * len(names)))
        mine = np.isin(voices.voice, rng.permutation(names)[:many])
        return sorted_piece(voices.onset[mine] / UNITS, voices.held[mine] / UNITS, voices.tone[mine])

    return change


def slower(factor: float) -> Change:
    """Writes it in other note values."""
    return lambda piece, _: Piece(piece.onset * factor, piece.duration * factor, piece.pitch)


def transposed(piece: Piece, rng: Rng) -> Piece:
    """Up or down by at most a sixth."""
    return sorted_piece(piece.onset, piece.duration, piece.pitch.astype(np.int64) + int(rng.integers(-9, 10)))


CHANGES: dict[str, Change] = {
    "as it is": lambda piece, _: piece,
    "transposed": transposed,
    "twice as slow": slower(2),
    "twice as fast": slower(0.5),
    "played at 120 for 97": slower(120 / 97),
    "30 ms off the grid": lambda piece, rng: humanised(piece, rng, 30, 100),
    "10 % deleted": deleted(0.1),
    "10 % added": added(0.1),
    "10 % altered": altered(0.1),
    "10 % deleted, 10 % added, 10 % altered, transposed": lambda piece, rng: transposed(
        altered(0.1)(added(0.1)(deleted(0.1)(piece, rng), rng), rng), rng
    ),
    "25 % deleted": deleted(0.25),
    "one voice dropped": fewer_voices(1),
    "half of the voices": fewer_voices(0.5),
}


def changed(crop: Crop, change: Change, rng: Rng) -> Crop:
    """The crop as a copyist hands it in."""
    piece = change(Piece(crop.onset, crop.duration, crop.pitch), rng)
    return _crop(piece, crop.bar_starts)


if __name__ == "__main__":
    main()
