"""pypianoroll without what Kantor never asks of it: for its own plots and files it loads matplotlib and scipy.

That is nearly all of the time and of the memory that its import takes (0.25 s and 38 MB); here both are loaded where pypianoroll uses them.
Nobody else notices: what stands for them stays with pypianoroll, and is gone from ``sys.modules`` once that is loaded.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["Multitrack", "StandardTrack"]

_UNUSED = {
    "matplotlib": (),
    "matplotlib.axes": ("Axes",),
    "matplotlib.patches": ("Patch",),
    "matplotlib.pyplot": (),
    "scipy": (),
    "scipy.sparse": ("csc_matrix",),
    "scipy.stats": (),
}
"""Modules that pypianoroll loads, each after the one it is in, and the classes that it takes out of them by name."""


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if (
            sys.modules.get(self.__name__) is self
        ):  # pypianoroll is being loaded, and import asks what kind of module this is
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def _class_of(module: str, name: str) -> type:
    """Stands for a class: whoever makes one gets one of the real class."""
    return type(name, (), {"__new__": lambda _, *args, **kwargs: getattr(import_module(module), name)(*args, **kwargs)})


@contextmanager
def _put_off() -> Iterator[None]:
    stands = {name: _Later(name) for name in _UNUSED if name not in sys.modules}
    for name, module in stands.items():
        sys.modules[name] = module
        for each in _UNUSED[name]:
            setattr(module, each, _class_of(name, each))
        parent, _, own = name.rpartition(".")
        if parent in stands:
            setattr(stands[parent], own, module)
    try:
        yield
    finally:
        for name in stands:
            del sys.modules[name]


with _put_off():
    from pypianoroll import Multitrack, StandardTrack
