"""Crops with features: what the judge is trained and measured on."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from judge.features import Reading, analyse
from judge.training.corpus import Work
from judge.training.pieces import Piece, Rng, altered, edited, played, random_cut
from judge.training.rows import Rows, rows_of
from judge.training.synthetic import PATTERNS

# Crops a group at scale 1; the hard groups are what Bach is most easily taken for.
CROPS = {
    "bach_chorale": 1800, "bach_organ": 1900, "bach_solo": 900, "bach_goldberg": 600, "bach_kbd_small": 700,
    "bach_wtc1": 750, "bach_m21other": 60,
    "baroque_other": 1600, "handel": 1300, "scarlatti": 800, "hymn": 1100, "m21_renaissance": 1100, "m21_baroque": 20,
    "m21_classrom": 700, "quartets": 900, "lieder": 1100, "m21_folk": 600, "pop909": 500, "freedoom": 350,
}  # fmt: skip
HARD = frozenset({"baroque_other", "handel", "scarlatti", "hymn", "m21_renaissance", "m21_baroque"})
LEVELS = (0.1, 0.25, 0.5)
FOLDS = ("music21 + hymns", "libraz + OpenScore + Scarlatti", "Mutopia + pop + game music")
STRANGERS = ("Handel, hymns, lieder, games", "other baroque, classics, pop", "Scarlatti, Renaissance, quartets, folk")
_FOLD_OF_GROUP = {
    "bach_chorale": 0, "bach_m21other": 0, "m21_renaissance": 0, "m21_baroque": 0, "m21_classrom": 0, "m21_folk": 0, "hymn": 0,
    "bach_organ": 1, "bach_goldberg": 1, "bach_solo": 1, "bach_wtc1": 1, "quartets": 1, "lieder": 1, "scarlatti": 1,
    "bach_kbd_small": 2, "baroque_other": 2, "handel": 2, "pop909": 2, "freedoom": 2,
}  # fmt: skip
_FOLD_OF_STRANGERS = {
    "handel": 0, "hymn": 0, "lieder": 0, "freedoom": 0, "baroque_other": 1, "pop909": 1, "m21_classrom": 1, "m21_baroque": 1,
    "scarlatti": 2, "m21_renaissance": 2, "quartets": 2, "m21_folk": 2,
}  # fmt: skip
GENRES = (
    "Goldberg, WTC I; Handel, hymns ...",
    "small keyboard, solo; other baroque ...",
    "organ; Scarlatti, Renaissance ...",
)
_FOLD_OF_GENRE = {
    "bach_wtc1": 0, "bach_goldberg": 0, "bach_kbd_small": 1, "bach_solo": 1, "bach_organ": 2, "bach_m21other": 2,
}  # fmt: skip
_OF_BACH = ("bach", "corrupted")
# Patterns are held out by kind, as music is by source.
_FOLD_OF_PATTERN = {
    "scale": 0,
    "walk": 0,
    "repeat": 0,
    "alberti": 1,
    "melody": 1,
    "counterfeit": 1,
    "blocks": 2,
    "arpeggio": 2,
}
FEWEST_NOTES = 6


@dataclass(frozen=True)
class Origin:
    """Where a crop is from. `kind` is bach, hard, easy, corrupted (by `level`, 0-1) or synthetic; `fold` holds it out."""

    kind: str
    group: str
    work: str
    fold: int
    level: float = 0.0


@dataclass(frozen=True)
class Sample:
    """A crop's readings, pitch classes float64[12] from the tonic, mode and origin."""

    readings: tuple[Reading, ...]
    shares: NDArray[np.float64]
    mode: int
    origin: Origin


@dataclass
class Dataset:
    """Samples in order, with the columns that training asks for."""

    samples: list[Sample] = field(default_factory=list)

    def rows(self) -> Rows:
        """The inputs of all samples."""
        return rows_of([s.readings for s in self.samples])

    def add(self, piece: Piece, origin: Origin) -> None:
        """One more sample."""
        self.samples.append(sample(piece, origin))

    def column(self, name: str) -> NDArray[np.object_]:
        """One attribute of each origin."""
        return np.array([getattr(s.origin, name) for s in self.samples])

    def is_bach(self) -> NDArray[np.float64]:
        """1 for Bach, 0 for all else."""
        return (self.column("kind") == "bach").astype(np.float64)

    def weights(self) -> NDArray[np.float64]:
        """Weights by kind, each group of a kind in proportion to its crops; they average 1."""
        kinds = self.column("kind")
        parts = {"bach": 1.0, "hard": 0.55, "easy": 0.25, "corrupted": 0.35, "synthetic": 0.25}
        weights = np.zeros(len(kinds))
        for kind, part in parts.items():
            mine = kinds == kind
            if mine.any():
                weights[mine] = part / mine.sum()
        return weights * len(kinds) / weights.sum()


def _number(work: str) -> int:
    return int(hashlib.sha256(work.encode()).hexdigest(), 16) % 3


def folds_by_source(data: Dataset) -> NDArray[np.int64]:
    """Folds that hold out whole sources of both classes and whole kinds of patterns."""
    return data.column("fold").astype(np.int64)


def folds_by_genre(data: Dataset) -> NDArray[np.int64]:
    """As the strangers' folds, but Bach's keyboard, solo and organ works are held out as whole genres; his chorales by work."""
    return np.array(
        [_fold_of_bach(s.origin) if s.origin.kind in _OF_BACH else _fold_of_other(s.origin) for s in data.samples]
    )


def folds_of_strangers(data: Dataset) -> NDArray[np.int64]:
    """Folds that hold out Bach by work, other music by group and patterns by kind: strangers judged by one who knows Bach."""
    origins = [s.origin for s in data.samples]
    return np.array([_number(o.work) if o.kind in _OF_BACH else _fold_of_other(o) for o in origins])


def _fold_of_bach(origin: Origin) -> int:
    return _FOLD_OF_GENRE.get(origin.group, _number(origin.work))


def _fold_of_other(origin: Origin) -> int:
    return _FOLD_OF_STRANGERS.get(origin.group, origin.fold)


def sample(piece: Piece, origin: Origin) -> Sample:
    """What the judge sees in a piece of at least one note."""
    seen = analyse(piece.onset, piece.duration, piece.pitch)
    return Sample(seen.readings, seen.pitch_classes, seen.key.mode, origin)


def crops_of(works: list[Work], count: int, rng: Rng) -> Iterable[tuple[Work, Piece]]:
    """`count` crops spread evenly over the works of a group."""
    for i in range(count):
        work = works[i % len(works)]
        piece = random_cut(work.piece, work.bars, rng)
        if len(piece.onset) >= FEWEST_NOTES:
            yield work, piece


def build(works: list[Work], scale: float, rng: Rng, tell: Callable[[str], None]) -> Dataset:
    """All samples: real crops, corrupted Bach at three levels, patterns and their edited descendants."""
    data = Dataset()
    by_group: dict[str, list[Work]] = {}
    for work in works:
        by_group.setdefault(work.group, []).append(work)
    for group, members in by_group.items():
        tell(f"crops of {group}")
        _add_group(data, group, members, round(CROPS.get(group, 300) * scale), rng)
    for name in PATTERNS:
        tell(f"pattern {name}")
        _add_pattern(data, name, round(550 * scale), rng)
    return data


def _add_group(data: Dataset, group: str, works: list[Work], count: int, rng: Rng) -> None:
    bach = works[0].is_bach
    kind = "bach" if bach else ("hard" if group in HARD else "easy")
    fold = _FOLD_OF_GROUP.get(group, 0)
    for i, (work, piece) in enumerate(crops_of(works, count, rng)):
        data.add(played(piece, rng), Origin(kind, group, work.path, fold))
        if bach:
            level = LEVELS[i % 3]
            origin = Origin("corrupted", group, work.path, fold, level)
            data.add(played(altered(piece, level, rng), rng), origin)


def _add_pattern(data: Dataset, name: str, count: int, rng: Rng) -> None:
    fold = _FOLD_OF_PATTERN[name]
    for i in range(count):
        piece = PATTERNS[name](rng)
        if i % 3 == 0:
            piece = edited(piece, int(rng.integers(1, 51)), rng)
        data.add(played(piece, rng), Origin("synthetic", name, f"{name}-{i}", fold))
