"""A contest of four weeks in less than an hour: ``make soak`` (``ARGS=--smoke``: three days, few people). See docs/load.md."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.load.venue import open_venue
from tests.makers.stage import eventually
from tests.soak import promises
from tests.soak.ledger import Ledger
from tests.soak.plan import BERLIN, DAYS, WEEKS, planned
from tests.soak.story import Story
from tests.soak.town import Town

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.soak.plan import Plan

SEEN = 0.6
"""Real seconds at each stop: the bot's threads look at the clock twice a second."""
AWAY = timedelta(minutes=8)
"""So long nobody is there by night: less than the ten minutes for which a board is caught up."""
KILLED = 3
"""Each third night the bot is killed; in the others it is asked to stop."""


@dataclass
class Soak:
    """One run."""

    plan: Plan
    story: Story
    ledger: Ledger

    def run(self) -> None:
        """From the first stop to the last; by night the bot goes away and comes back."""
        town, nights = self.story.town, [self.plan.night(day) for day in range(1, self.plan.length.end + 1)]
        self.story.begins()
        town.settle()
        stops = self.plan.stops()
        for stop, following in zip(stops, [*stops[1:], None], strict=True):
            while nights and nights[0] <= stop:
                town.horizon = stop
                self._night(nights.pop(0))
            town.horizon = following
            self._stop(stop)
        town.settle()

    def _stop(self, stop: datetime) -> None:
        town = self.story.town
        town.go_to(stop)
        time.sleep(SEEN)
        town.settle()
        for deed in self.story.deeds.pop(stop, []):
            failure = town.try_twice(deed)
            if failure is not None:  # said at the end; the others go on with their days
                town.stuck.append(f"{town.now():%d %B %H:%M}: {failure}")
                print_line("".join(traceback.format_exception(failure)[-3:]))
        town.settle()
        local = stop.astimezone(BERLIN)
        if local.hour == 23 and local.minute == 0:
            self.ledger.note(local.date())
            day = self.ledger.days[-1]
            memory = ", ".join(f"{name} {mib:.0f}" for name, mib in day.memory.items())
            print_line(
                f"  {day.day}: {memory} MiB; {day.rows} rows, {day.used / 2**20:.1f} MiB; load {os.getloadavg()[0]:.1f}"
            )

    def _night(self, moment: datetime) -> None:
        town, venue = self.story.town, self.story.town.venue
        town.go_to(moment)
        number = len(self.ledger.days)
        if number % KILLED == KILLED - 1:
            venue.bot.kill()
        else:
            assert venue.bot.stop() == 0, "it did not stop well"
        self.story.by_night(number)
        town.go_to(moment + AWAY)
        venue.bot.start()
        eventually(town.is_connected, "the bot")
        town.settle()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 where a promise is broken."""
    asked = _asked(arguments)
    began = time.monotonic()
    plan = planned(DAYS if asked.smoke else WEEKS, spring=asked.change == "spring", after=datetime.now(UTC))
    print_line(
        f"Clocks change in the night before {plan.night(plan.length.change):%d %B %Y}; load average {os.getloadavg()[0]:.1f}"
    )
    with nullcontext(asked.data) if asked.data else tempfile.TemporaryDirectory(prefix="kantor-soak-") as folder:
        begin = plan.start.timestamp()
        with open_venue(Path(folder), asked.people, limits=True, begin=begin) as venue:
            town = Town(venue, random.Random(asked.seed))
            soak = Soak(plan, Story(town, plan), Ledger(venue))
            soak.run()
            report = promises.kept(soak.story, soak.ledger)
    print_line("", *report.lines(), "")
    print_line(f"{time.monotonic() - began:.0f} s, load average {os.getloadavg()[0]:.1f}")
    print_line("A promise was broken." if report.failures else "All promises were kept.")
    return int(bool(report.failures))


def print_line(*lines: str) -> None:
    """To standard output, at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--people", type=int, help="200, or 18 for the quick look")
    parser.add_argument("--change", choices=("autumn", "spring"), default="autumn", help="which change of clocks")
    parser.add_argument("--seed", type=int, default=1, help="another number, other lots")
    parser.add_argument(
        "--data", type=Path, help="an empty folder that is kept, with the bot's log, for a look at what went wrong"
    )
    parser.add_argument("--smoke", action="store_true", help="a quick look: three days")
    asked = parser.parse_args(arguments)
    asked.people = asked.people or (18 if asked.smoke else 200)
    if not 12 <= asked.people <= 1000:
        parser.error("from 12 to 1,000 people")
    return asked


if __name__ == "__main__":
    sys.exit(main())
