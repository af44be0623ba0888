"""Which phrases speak for Bach and which against: logistic regression on the bag of words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

STRENGTH = 0.2
"""Inverse of the ridge penalty."""


@dataclass(frozen=True)
class Lexicon:
    """Log-odds = words @ weights + bias; `weights` float32[WORDS]."""

    weights: NDArray[np.float32]
    bias: float

    def raw(self, words: csr_matrix) -> NDArray[np.float64]:
        """Log-odds float64[rows] of a sparse bag of words float32[rows, WORDS]."""
        odds: NDArray[np.float64] = words @ self.weights.astype(np.float64) + self.bias
        return odds


def read(words: csr_matrix, target: NDArray[np.float64], weights: NDArray[np.float64]) -> Lexicon:
    """Fits all words at once; rare ones stay near 0."""
    model = LogisticRegression(C=STRENGTH, max_iter=150, tol=1e-3).fit(words, target, sample_weight=weights)
    return Lexicon(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
