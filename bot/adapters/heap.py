"""What the C library keeps of the memory that we are done with. Where it is not glibc nothing happens."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_ARENAS = -8
FEW = 2


def few_arenas() -> None:
    """From now on all threads allocate from two heaps: from eight a core, as by default, each keeps some of its own (5 MB of a crowd).

    Threads of Python take turns anyway.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENAS, FEW)


def give_back() -> None:
    """What was freed, to the machine."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
