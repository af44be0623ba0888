"""The sandbox's clock, apart from the sandbox."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.clock import Clock


@dataclass
class Machine:
    """A machine's clock, which somebody sets, and the time that passes there."""

    shown: float = 1_790_000_000.0
    passed: float = 50.0

    def wall(self) -> float:
        """What it shows."""
        return self.shown

    def steady(self) -> float:
        """What has passed."""
        return self.passed

    def run(self, seconds: float) -> None:
        """Time passes."""
        self.shown, self.passed = self.shown + seconds, self.passed + seconds


def test_a_clock_that_is_set_back() -> None:
    """Slack's time goes on as fast as before: what was to come in three seconds comes in three seconds."""
    machine = Machine()
    clock = Clock(machine.wall, machine.steady)
    begun = clock.now()
    machine.run(1.0)
    machine.shown -= 3600.0
    at_once = clock.now()
    machine.run(2.0)
    assert (1.0, 3.0) == (at_once - begun, clock.now() - begun)
    assert begun + 3.0 - 3600.0 == clock.real()


def test_a_clock_that_is_set_forward() -> None:
    """Slack's time goes along, as it does after a machine's sleep."""
    machine = Machine()
    clock = Clock(machine.wall, machine.steady)
    begun = clock.now()
    clock.set_offset(10.0)
    machine.shown += 3600.0
    assert 3610.0 == clock.now() - begun
