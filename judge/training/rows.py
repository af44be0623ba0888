"""The inputs of training as arrays: features, phrases, and which sample a row belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from judge.features import Reading
from judge.phrases import WORDS


@dataclass(frozen=True)
class Rows:
    """A sample is one row, or two where its key is in doubt.

    `values` float32[rows, features], `words` sparse float32[rows, WORDS], `owner` int64[rows] is the row's sample, ascending, `share`
    float64[rows] its weight; the shares of a sample sum to 1.
    """

    values: NDArray[np.float32]
    words: csr_matrix
    owner: NDArray[np.int64]
    share: NDArray[np.float64]

    def of(self, samples: NDArray[np.bool_]) -> "Rows":
        """The rows of some samples, numbered anew."""
        mine = samples[self.owner]
        number = np.cumsum(samples) - 1
        return Rows(self.values[mine], self.words[mine], number[self.owner[mine]], self.share[mine])

    def joined(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean of a sample's rows, float64[samples]."""
        found: NDArray[np.float64] = np.bincount(self.owner, raw * self.share)
        return found


def rows_of(samples: Sequence[Sequence[Reading]]) -> Rows:
    """The rows of at least one sample, given by its readings."""
    readings = [reading for sample in samples for reading in sample]
    places = np.concatenate([r.words[0] for r in readings])
    amounts = np.concatenate([r.words[1] for r in readings])
    ends = np.cumsum([0, *(len(r.words[0]) for r in readings)])
    return Rows(
        np.stack([r.values for r in readings]),
        csr_matrix((amounts, places, ends), shape=(len(readings), WORDS)),
        np.repeat(np.arange(len(samples)), [len(sample) for sample in samples]),
        np.array([r.weight for r in readings]),
    )
