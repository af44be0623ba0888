"""Use cases that only write down what they were asked, and give or raise what they were told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from bot.ports import Profile
from tests.unit.handlers import samples

if TYPE_CHECKING:
    from bot.usecases.services import Services

AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


class FixedClock:
    """It is always the same afternoon."""

    def now(self) -> datetime:
        """That moment."""
        return AT

    def elapsed(self) -> timedelta:
        """None at all."""
        return timedelta()


@dataclass
class Recorder:
    """Stands for all use cases at once: their methods have different names."""

    answers: dict[str, Any] = field(default_factory=dict)
    """By method; an exception is raised."""
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """As new."""
        with self.lock:
            self.calls.clear()
            self.answers.clear()

    def asked(self, method: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of that method."""
        with self.lock:
            return [arguments for name, arguments in self.calls if name == method]

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        if method in {"desk", "who"}:  # whom use cases ask, in place of themselves
            return self

        def use_case(*arguments: Any, **_named: Any) -> Any:
            with self.lock:
                self.calls.append((method, arguments))
            answer = self.answers.get(method)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return use_case


class DemoDirectory:
    """Everybody is in Berlin."""

    def profile(self, user_id: str) -> Profile:
        """That person."""
        return Profile(user_id, "Olive", "Europe/Berlin")

    def is_member(self, channel_id: str, user_id: str) -> bool:
        """Always."""
        return True

    def everybody_in(self, channel_id: str) -> frozenset[str]:
        """Nobody in particular."""
        return frozenset()

    def channel_name(self, channel_id: str) -> str | None:
        """Always the same."""
        return "composers"


@dataclass(frozen=True)
class _Everyone:
    """The recorder in every role, but for these two."""

    recorder: Recorder
    directory: DemoDirectory = field(default_factory=DemoDirectory)
    clock: FixedClock = field(default_factory=FixedClock)

    def __getattr__(self, role: str) -> Recorder:
        return self.recorder


def services(recorder: Recorder) -> Services:
    """The recorder in every role."""
    return cast("Services", _Everyone(recorder))


def usual_answers() -> dict[str, Any]:
    """What the use cases say on a good day."""
    return {
        "create": samples.summary(),
        "status": samples.status(),
        "preview_next": samples.preview(),
        "advance": samples.summary(),
        "offer": samples.offer(),
        "claim": samples.GIVEN,
        "form": samples.form(),
        "show": samples.board(),
        "home": samples.home(),
        "help": frozenset({"organizer"}),
    }
