"""From where this process can be seen."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from bot.web.metrics import PrometheusMeters, Shared, exposition
from bot.web.readiness import Readiness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

    from starlette.types import ASGIApp

    from bot.ports import Clock
    from models.store import Store


class Lookout:
    """The figures, and the state of the parts.

    Args:
        stopping: Set when the process is asked to end.
        facts: How it runs: its role, transport and kind of database.
        registry: Where the metrics are.
    """

    def __init__(self, stopping: Event, facts: Mapping[str, str], registry: CollectorRegistry | None = None) -> None:
        self._registry = registry or CollectorRegistry()
        self.meters = PrometheusMeters(self._registry, {"version": _version(), **facts})
        self.readiness = Readiness(stopping)

    def look_at(
        self,
        store: Store,
        clock: Clock,
        parts: Mapping[str, Callable[[], str | None]],
        connected: Callable[[], bool] | None = None,
    ) -> None:
        """All has been made: from now on this is what is looked at."""
        self._registry.register(Shared(store, clock, connected))
        self.readiness.look_at(parts)

    def application(self) -> ASGIApp:
        """The pages."""
        from bot.web.ops import application  # noqa: PLC0415 - starlette, when somebody first knocks

        return application(self.readiness, lambda accept: exposition(self._registry, accept))


def _version() -> str:
    try:
        return version("kantor")
    except PackageNotFoundError:  # run from a checkout
        return "checkout"
