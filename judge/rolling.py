"""pypianoroll without what Kantor never asks of it: it loads scipy's statistics and matplotlib's windows for its own readers and plots.

That is most of the time and of the memory that its import takes; here both are loaded where something asks for them.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["Multitrack", "StandardTrack"]


class _Later(ModuleType):
    """Stands for a module until something of it is asked for; importlib's LazyLoader loads as soon as anybody imports it again."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


for _unused in ("scipy.stats", "matplotlib.pyplot"):
    sys.modules.setdefault(_unused, _Later(_unused))

from pypianoroll import Multitrack, StandardTrack  # noqa: E402 - see above
