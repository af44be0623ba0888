"""From the bytes of a MIDI file to the AI judge's verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from judge.constants import MAJOR, MINOR, PROBABILITY_WEIGHT, UNITS
from judge.counterpoint import parallel_times
from judge.features import Analysis, analyse_all
from judge.grid import Floats, Ints, different
from judge.measures import measures
from judge.midi import Performance, read
from judge.network import Facts, Network, shipped
from judge.parts import Sung, sung, together
from judge.pitch import ks_distance, similarity
from judge.refusals import Limits
from judge.traits import hear
from judge.verdict import ModelInfo, NearestWork, Verdict
from judge.words import music_meters

Parallels = dict[str, tuple[int, ...]]
"""Bars by "fifths" and "octaves"."""
SAME_TIME = 1e-6
"""Quarter notes within which an onset counts as on the bar line."""


def model_info() -> ModelInfo:
    """Version and hash of the weights that this process judges with."""
    facts = shipped().facts
    return ModelInfo(facts.version, facts.sha256)


def assess(
    data: bytes, *, limits: Limits | None = None, network: Network | None = None, works: bool = False
) -> Verdict:
    """Judges a MIDI file by its bytes; the same bytes get the same verdict.

    Args:
        data: the file.
        limits: what it may be; the contest's where none are given.
        network: the model; the one that comes with the package where none is given.
        works: whether to look for Bach's works that it shares passages with, too (15-100 ms more).

    Raises:
        MidiRefusal: where the file cannot be judged, with a sentence for the person.
    """
    return assess_performance(read(data, limits if limits is not None else Limits()), network=network, works=works)


def assess_performance(performance: Performance, *, network: Network | None = None, works: bool = False) -> Verdict:
    """Judges a piece that was read already."""
    return assess_performances([performance], network=network, works=works)[0]


def assess_performances(
    pieces: Sequence[Performance], *, network: Network | None = None, works: bool = False
) -> list[Verdict]:
    """Judges some of them, each as if it were alone, in a third of the time that they would take one after the other."""
    if not pieces:
        return []
    judge = network if network is not None else shipped()
    seen = analyse_all([(piece.onset, piece.duration, piece.pitch) for piece in pieces])
    voices = [sung(piece) for piece in pieces]
    parallels = _parallels(voices, pieces)
    found = [_verdict(judge, *each) for each in zip(pieces, seen, voices, parallels, strict=True)]
    if not works:
        return found
    return [replace(each, nearest_works=_nearest(piece)) for each, piece in zip(found, pieces, strict=True)]


def _verdict(judge: Network, performance: Performance, seen: Analysis, voices: Sung, parallels: Parallels) -> Verdict:
    heard = hear(judge, seen.readings[0], parallels)
    weighed = Weighed(judge.probability(seen.readings, heard.odds), _likeness(seen, judge.facts))
    tonic = seen.key.tonic
    return Verdict(
        score=weighed.score,
        probability=round(weighed.probability, 6),
        pitch_similarity=round(weighed.likeness, 6),
        ks_distance=round(ks_distance(seen.pitch_classes, judge.facts.means[seen.key.mode]), 6),
        key=seen.key.name,
        key_confidence=round(seen.key.confidence, 4),
        bars=performance.bars,
        meter="{1}/{2}".format(*music_meters(performance)[0]),
        notes=len(performance.onset),
        seconds=round(performance.seconds, 3),
        reasons_up=heard.up,
        reasons_down=heard.down,
        parallel_fifths=parallels.get("fifths", ()),
        parallel_octaves=parallels.get("octaves", ()),
        pitch_classes=_from_c(seen.pitch_classes, tonic),
        bach_pitch_classes=_from_c(judge.facts.means[seen.key.mode], tonic),
        nearest_works=(),
        warnings=performance.warnings,
        model_version=judge.facts.version,
        weights_sha256=judge.facts.sha256,
        measures=measures(judge.facts, seen.values),
        voices_known=voices.known,
        standing=judge.known.standing(weighed.score) if judge.known else None,
    )


@dataclass(frozen=True)
class Weighed:
    """What makes a score: the probability of Bach, and how much its pitch classes are like his; both 0-1."""

    probability: float
    likeness: float

    @property
    def score(self) -> float:
        """0-100."""
        return round(100 * (PROBABILITY_WEIGHT * self.probability + (1 - PROBABILITY_WEIGHT) * self.likeness), 4)


def weigh(seen: Analysis, network: Network) -> Weighed:
    """The numbers alone, without a word on them."""
    return Weighed(network.probability(seen.readings), _likeness(seen, network.facts))


def _nearest(performance: Performance) -> tuple[NearestWork, ...]:
    from judge.copycheck import nearest, shipped_index  # noqa: PLC0415 - a score alone needs no index

    return nearest(performance, shipped_index())


def _likeness(seen: Analysis, facts: Facts) -> float:
    mode = MINOR if seen.key.mode == MINOR else MAJOR
    return similarity(seen.pitch_classes, facts.means[mode])


def _parallels(voices: Sequence[Sung], pieces: Sequence[Performance]) -> list[Parallels]:
    """The bars where two of a file's own voices run in parallel "fifths" or "octaves"; nothing where nobody knows its voices."""
    found: list[Parallels] = [{} for _ in pieces]
    known = [place for place, each in enumerate(voices) if each.notes is not None]
    if known:
        for place, times in zip(known, parallel_times(together([voices[place] for place in known])), strict=True):
            found[place] = {kind: _bars_of(time, pieces[place]) for kind, time in times.items()}
    return found


def _bars_of(times: Ints, performance: Performance) -> tuple[int, ...]:
    """Numbers of the bars that times (grid units) fall in, each once."""
    if not len(times):
        return ()
    after = np.searchsorted(np.array(performance.bar_starts), times / UNITS + SAME_TIME, side="right")
    numbers = different(after - int(performance.pickup))
    return tuple(int(number) for number in numbers)


def _from_c(shares: Floats, tonic: int) -> tuple[float, ...]:
    return tuple(round(share, 6) for share in np.roll(shares, tonic).tolist())
