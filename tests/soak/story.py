"""Who does what when, drawn by lot from a fixed seed: each thing is done at one of the stops of the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tests.makers.stage import CHANNEL
from tests.soak.plan import DAILY, HOURLY, ZONE, daytime

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bot.sandbox.client import Person
    from tests.soak.plan import Plan
    from tests.soak.town import Town

Deeds = dict["datetime", list["Callable[[], object]"]]
SMALL = "hourly"
"""The channel of the small contest, whose boards come each hour."""
BY_NIGHT = 2
"""Uploads while the bot is away."""


@dataclass
class Story:
    """What the people of a town do during a plan.

    Attributes:
        judges: One in six of all people.
        authors: The others.
    """

    town: Town
    plan: Plan
    deeds: Deeds = field(default_factory=lambda: defaultdict(list))
    small: str = ""
    """The small contest's channel."""

    def __post_init__(self) -> None:
        """Draw the lots."""
        venue = self.town.venue
        number = max(2, len(venue.crowd) // 6)
        self.judges = [venue.slack.person(who) for who in venue.crowd[:number]]
        self.authors = [venue.slack.person(who) for who in venue.crowd[number:]]
        for author in self.authors:
            self._composes(author)
        for day in self._days(self.plan.judging, self.plan.end):
            self._a_day_of_judging(day)
        self._steps()

    def begins(self) -> None:
        """Two contests are made and opened, the large one with an account for each author."""
        town, venue = self.town, self.town.venue
        deadline = {"deadline_date": f"{self.plan.deadline:%Y-%m-%d}", "deadline_time": "18:00", "time_zone": ZONE}
        large = {"name": "Spring Jam", "slug": "spring-jam", "submission_limit": 5, "rounds": "2", "board_cron": DAILY}
        town.new_contest(venue.olive, CHANNEL, {**large, **deadline}, [judge.id for judge in self.judges])
        venue.pool(venue.settings.data_folder.parent, [f"pw-{number}" for number in range(len(self.authors))])
        people = ("U0KANTOR", "U0ADA", "U0BEN", "U0CLEO", "U0JUDY", "U0JACK")
        self.small = venue.slack.create_channel(SMALL, list(people))
        values = {"name": "Hourly Jam", "slug": "hourly-jam", "submission_limit": 5, "board_cron": HOURLY, **deadline}
        town.new_contest(venue.olive, self.small, values, [venue.judy.id, venue.jack.id])
        for author in (venue.ada, venue.ben, venue.cleo):
            town.hand_in(author, self.small)

    def by_night(self, day: int) -> None:
        """While the bot is away, some hand in something; it has to find that by itself."""
        if self.town.now() < self.plan.deadline:
            for number in range(BY_NIGHT):
                self.town.hand_in(self.authors[(BY_NIGHT * day + number) % len(self.authors)], CHANNEL)

    def _steps(self) -> None:
        venue = self.town.venue
        for moment, channels in ((self.plan.judging, 2), (self.plan.final, 1), (self.plan.end, 2)):
            self.deeds[moment].append(partial(self._next_phases, channels))
        # Too late by a minute or more: the organizers decide about it, which is not what is looked at here.
        self.deeds[self.plan.judging].insert(0, partial(self.town.hand_in, self.authors[0], CHANNEL))
        self.deeds[self.plan.judging].append(partial(venue.slack.disconnect, "cut"))

    def _next_phases(self, channels: int) -> None:
        for channel in (CHANNEL, self.small)[:channels]:
            self.town.next_phase(self.town.venue.olive, channel)

    def _composes(self, author: Person) -> None:
        """One or two pieces, in the channel or by direct message; some are corrected, renamed, withdrawn; some are none."""
        chance, town = self.town.chance, self.town
        for _ in range(chance.choice((1, 1, 2))):
            when = self._while_open()
            self.deeds[when].append(partial(self._hands_in, author, again=chance.random() < 0.3))
        if chance.random() < 0.1:
            self.deeds[self._while_open()].append(lambda: town.hand_in_a_picture(author, author.open_dm()))
        for action, share in (("rename_piece", 0.1), ("withdraw", 0.1)):
            if chance.random() < share:
                self.deeds[self._while_open()].append(partial(town.mine, author, action))
        if chance.random() < 0.3:
            self.deeds[self._while_open()].append(partial(town.takes_an_account, author))
        if chance.random() < 0.3:
            words = chance.choice(("board", "place", "rules", "status", "help"))
            self.deeds[self._any_day()].append(partial(town.asks, author, words))
        if chance.random() < 0.3:
            self.deeds[self._any_day()].append(partial(town.looks_home, author))

    def _hands_in(self, author: Person, *, again: bool) -> None:
        place = self.town.chance.choice((CHANNEL, author.open_dm()))
        message = self.town.hand_in(author, place)
        if again and place == CHANNEL:
            self.town.settle()
            self.town.hand_in(author, place, message["ts"])

    def _a_day_of_judging(self, day: date) -> None:
        """Most judges rate some pieces, one after the other, and some think better of it; the small contest's rate one each."""
        town, chance, venue = self.town, self.town.chance, self.town.venue
        for judge in self.judges:
            if chance.random() < 0.6:
                self._at(day, partial(town.judges, judge, chance.randint(2, 6)))
            if chance.random() < 0.1:
                self._at(day, partial(town.judges, judge, 1, "Change rating"))
        for judge in (venue.judy, venue.jack):
            self._at(day, partial(town.judges, judge, 1, chance.choice(("Rate ", "Change rating"))))

    def _at(self, day: date, deed: Callable[[], object]) -> None:
        moment = daytime(self.town.chance, day)
        if self.plan.judging < moment < self.plan.end:
            self.deeds[moment].append(deed)

    def _while_open(self) -> datetime:
        return self._between(self.plan.start, self.plan.deadline)

    def _any_day(self) -> datetime:
        return self._between(self.plan.start, self.plan.end)

    def _between(self, start: datetime, end: datetime) -> datetime:
        moments = [daytime(self.town.chance, day) for day in self._days(start, end)]
        return self.town.chance.choice([moment for moment in moments if moment < end] or [self._early(start)])

    def _early(self, start: datetime) -> datetime:
        return (start + timedelta(hours=9)).astimezone(UTC)

    @staticmethod
    def _days(start: datetime, end: datetime) -> list[date]:
        return [start.date() + timedelta(days=number) for number in range((end.date() - start.date()).days + 1)]
