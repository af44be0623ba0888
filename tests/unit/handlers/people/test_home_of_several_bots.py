"""A Home tab that somebody opened with one bot is kept up to date by each bot on the same database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.usecases.people.looks import Looks
from handlers.people.homescreens import LOOKS, HomeScreens
from handlers.slack.clients import asking_client
from tests.makers.postgres import postgres_store
from tests.makers.world import World, world_of
from tests.unit.handlers import samples
from tests.unit.handlers.recorders import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.client import Person, Sandbox
    from bot.sandbox.server import SandboxServer

ADA = "U0ADA"


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    """A participant in a fresh workspace."""
    sandbox.reset()
    return sandbox.person("ada")


@pytest.fixture
def use_cases() -> Recorder:
    """The Home tab of a contest."""
    return Recorder({"home": samples.home(name="Winter Jam")})


@pytest.fixture
def world() -> Iterator[World]:
    """A database that several bots share."""
    with postgres_store() as store:
        yield world_of(store)


@pytest.fixture
def bots(server: SandboxServer, use_cases: Recorder, world: World) -> tuple[HomeScreens, HomeScreens]:
    """The screens of two processes."""
    people: Any = use_cases
    client, looks = asking_client(server.bot_token, server.api_url), Looks(world.desk, LOOKS)
    return HomeScreens(people, client, world.clock, looks), HomeScreens(people, client, world.clock, looks)


def test_another_bot_shows_what_happened(
    bots: tuple[HomeScreens, HomeScreens], use_cases: Recorder, world: World, ada: Person
) -> None:
    """As long as somebody looks, whichever bot heard of that last."""
    first, second = bots
    second.refresh(ADA)
    assert [] == use_cases.calls
    first.open(ADA)
    for name, step, seen in (
        ("Spring Jam", LOOKS, "Spring Jam"),
        ("Summer Jam", LOOKS, "Summer Jam"),
        ("Autumn Jam", LOOKS + timedelta(seconds=1), "Summer Jam"),
    ):
        use_cases.answers["home"] = samples.home(name=name)
        world.clock.advance(seconds=step.total_seconds())
        second.used(ADA) if name == "Spring Jam" else first.refresh(ADA)
        assert seen in str(ada.home())


def test_a_choice_is_known_to_all(bots: tuple[HomeScreens, HomeScreens], use_cases: Recorder, ada: Person) -> None:
    """The first one does not go back to what it showed before."""
    first, second = bots
    first.open(ADA, "contest-1")
    second.open(ADA, "contest-2")
    first.refresh(ADA)
    first.open(ADA)
    assert [(ADA, "contest-1"), (ADA, "contest-2")] == list(dict.fromkeys(use_cases.asked("home")))
    assert (ADA, "contest-2") == use_cases.asked("home")[-1]
    assert ada.home() is not None
