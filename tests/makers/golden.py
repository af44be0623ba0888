"""Golden pictures: ``KANTOR_GOLDEN=write`` draws them anew. Look at them before you commit them."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import numpy.typing as npt

FOLDER = Path(__file__).parents[1] / "golden"
FAR = 40
"""Levels of 255 from which two pixels differ for good: fonts may be hinted a little differently."""
MEAN, SHARE = 0.3, 0.001
"""Tolerance: levels of 255 on average, and the share of pixels that may be far off."""


def pixels(png: bytes) -> npt.NDArray[np.int16]:
    """int16[height, width, 3]."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.int16)


def difference_from(name: str, png: bytes, *, writable: bool = True) -> tuple[float, float]:
    """Mean difference of a picture from the golden one in levels of 255, and the share of pixels that are far off."""
    path = FOLDER / name
    if writable and os.environ.get("KANTOR_GOLDEN") == "write":
        path.write_bytes(png)
    difference = np.abs(pixels(path.read_bytes()) - pixels(png))
    return float(difference.mean()), float((difference.max(axis=2) > FAR).mean())


def looks_golden(name: str, png: bytes) -> bool:
    """Whether a picture looks like the golden one, within the tolerance."""
    mean, far = difference_from(name, png)
    return mean < MEAN and far < SHARE
