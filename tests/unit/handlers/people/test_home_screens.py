"""Home tabs that are shown again when something has happened, to those who look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from handlers.people.homescreens import LOOKS, HomeScreens
from handlers.slack.clients import asking_client
from tests.makers.fakes import FakeClock
from tests.unit.handlers import samples
from tests.unit.handlers.recorders import Recorder

if TYPE_CHECKING:
    from bot.sandbox.client import Person, Sandbox
    from bot.sandbox.server import SandboxServer


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
def screens(server: SandboxServer, use_cases: Recorder) -> HomeScreens:
    """Screens of one process."""
    people: Any = use_cases
    return HomeScreens(people, asking_client(server.bot_token, server.api_url), FakeClock())


def test_what_happened_is_shown_to_those_who_look(screens: HomeScreens, use_cases: Recorder, ada: Person) -> None:
    """Once it was opened, and for a while only: Slack does not say when somebody leaves. Each act counts as a look."""
    screens.refresh("U0ADA")
    assert [] == use_cases.calls
    screens.open("U0ADA")
    for name, step, seen in (
        ("Spring Jam", LOOKS, "Spring Jam"),
        ("Summer Jam", timedelta(0), "Summer Jam"),
        ("Autumn Jam", LOOKS + timedelta(seconds=1), "Summer Jam"),
    ):
        use_cases.answers["home"] = samples.home(name=name)
        screens.clock.advance(step)  # type: ignore[attr-defined]  # it is the fake one
        screens.used("U0ADA") if name == "Spring Jam" else screens.refresh("U0ADA")
        assert seen in str(ada.home())


def test_another_process_was_faster(
    screens: HomeScreens, server: SandboxServer, use_cases: Recorder, ada: Person
) -> None:
    """Its tab is not kept, whatever it showed: what is asked last is shown."""
    screens.open("U0ADA")
    client = asking_client(server.bot_token, server.api_url)
    client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [{"type": "divider"}]})
    use_cases.answers["home"] = samples.home(name="Spring Jam")
    screens.refresh("U0ADA")
    assert "Spring Jam" in str(ada.home())


def test_trouble_with_slack_is_nobody_elses(screens: HomeScreens, sandbox: Sandbox, ada: Person) -> None:
    """A letter is delivered although the Home tab of its reader is not shown again."""
    screens.open("U0ADA")
    sandbox.fault(method="views.publish", mode="error", error="fatal_error", times=1)
    screens.refresh("U0ADA")
    screens.refresh("U0ADA")
    assert ada.home() is not None


def test_the_chosen_contest_stays_chosen(screens: HomeScreens, use_cases: Recorder, ada: Person) -> None:
    """Until another one is."""
    screens.open("U0ADA", "c7")
    screens.refresh("U0ADA")
    screens.open("U0ADA")
    screens.open("U0ADA", "c8")
    assert [("U0ADA", each) for each in ("c7", "c7", "c7", "c8")] == use_cases.asked("home")
    assert ada.home() is not None
