from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.usecases.submissions.letters import VerdictNote
from bot.usecases.verdicts.explanations import WhyScore
from handlers import letters
from handlers.verdicts import views as verdicts
from judge.verdict import Known, Measure, NearestWork, Standing, Unit
from tests.makers.fakes import made_up_verdict
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_view, words

if TYPE_CHECKING:
    from bot.sandbox.client import Person, Sandbox
    from bot.sandbox.server import SandboxServer
    from tests.unit.handlers.recorders import Recorder


def passage(work: str) -> NearestWork:
    return NearestWork(work, 0.2, (3, 3), (7, 9), 30.0, copied=False)


SAID = replace(
    made_up_verdict(71.26, (passage("BWV 1.6"),)),
    parallel_octaves=(0, 5),
    ks_distance=0.11,
    pitch_classes=(0.25, 0, 0.1, 0, 0.15, 0.1, 0, 0.3, 0, 0.05, 0, 0.05),
    bach_pitch_classes=(0.05,) * 12,
    measures=(
        Measure("Voices move by step", Unit.SHARE, 0.2, 0.5, 0.7, 0.84),
        Measure("New notes a beat", Unit.NUMBER, 2.0, 1.3, 2.1, 4.2),
        Measure("Notes outside the key", Unit.SHARE, 0.5, 0.01, 0.05, 0.14),
    ),
    weights_sha256="0123456789abcdef" * 4,
)
WHY = WhyScore("Tide", SAID, picture=True)
LONG = WhyScore(
    samples.LONG,
    replace(
        SAID,
        key=samples.LONG,
        reasons_up=(samples.LONG,) * 20,
        warnings=(samples.LONG,) * 20,
        nearest_works=(passage(samples.LONG),) * 3,
        parallel_fifths=tuple(range(999)),
    ),
    picture=True,
)


def but(**changes: Any) -> WhyScore:
    """The same, but for these parts of the verdict."""
    return replace(WHY, verdict=replace(SAID, **changes))


def test_the_window_says_it_all() -> None:
    """Reasons, measures with Bach's range, parallels by bar, tones beside Bach's, nearest works, key with its confidence."""
    shown = words(verdicts.why(WHY)["blocks"])
    for said in (
        "71.3 of 100 · Tide",
        f"with an accent of its own. {Standing(bach=3, others=62).said}",
        "*What pulled it up*\n•  Its melody moves in steps.",
        "*What pulled it down*\n•  Its bass stays on one note.",
        "Voices move by step: *20 %*, less than Bach (50 % to 84 %)",
        "New notes a beat: *2.0*, like Bach (1.3 to 4.2)",
        "Notes outside the key: *50 %*, more than Bach (1 % to 14 %)",
        "Fifths: none",
        "Octaves: in bars 0, 5",
        "*Key*: heard as G major. ",
        "C    25% ██████████      5% ██",
        "BWV 1.6: 20% of the notes, bar 3 here, bars 7-9 there",
        "KS distance 0.11",
        "weights 0123456789ab",
    ):
        assert said in shown


def test_the_window_without_works_and_picture() -> None:
    """What is not there is said, or left out."""
    shown = words(verdicts.why(replace(but(nearest_works=(), measures=()), picture=False))["blocks"])
    assert "It shares no passage with any that I know." in shown
    assert "picture" not in shown
    assert "Beside Bach's works" not in shown


def test_the_window_says_where_nobody_looked_for_parallels() -> None:
    """Without voices that the file names none are told, nor "none"; among chords only some voices were compared."""
    shown = words(verdicts.why(but(voices_known=Known.NONE, parallel_octaves=()))["blocks"])
    assert "does not say which notes make a voice" in shown
    assert "Octaves:" not in shown
    some = words(verdicts.why(but(voices_known=Known.SOME))["blocks"])
    assert "Octaves: in bars 0, 5" in some
    assert "I looked only between the tracks" in some


@pytest.mark.parametrize("found", [WHY, LONG])
def test_the_window_keeps_slacks_limits(found: WhyScore) -> None:
    """However long names and lists are."""
    assert [] == problems_of_view(verdicts.why(found))


def test_every_score_means_something() -> None:
    """From nothing like Bach to could be Bach, five sentences in descending order."""
    said = [verdicts.meaning(score / 10) for score in range(1000, -1, -1)]
    assert 5 == len(dict.fromkeys(said))
    assert "pass for a page" in said[0]
    assert "no fault" in said[-1]


@pytest.fixture
def note(server: SandboxServer, sandbox: Sandbox) -> tuple[Person, Any]:
    """Ada, and the message with her verdict."""
    ada = sandbox.person("ada")
    for view in ada.views():
        ada.close(view)
    letter = VerdictNote(
        title="Tide",
        name="#jam-ada-Tide",
        score=71.26,
        probability=0.8,
        pitch_similarity=0.62,
        key="G major",
        model_version="judge-1",
        submission_id="s1",
    )
    drawn = letters.draw(letter)
    client = WebClient(server.bot_token, base_url=server.api_url)
    posted = client.chat_postMessage(channel=ada.open_dm(), text=drawn.text, blocks=list(drawn.blocks))
    return ada, ada.wait_for_message(ada.open_dm(), lambda message: bool(message["ts"] == posted["ts"]))


def test_the_button_opens_the_window(use_cases: Recorder, note: tuple[Person, Any]) -> None:
    """It asks for the composition that it stands below."""
    ada, message = note
    use_cases.answers["why"] = WHY
    ada.click(message, "why_score")
    view = ada.wait_for_view(lambda view: "One moment" not in str(view))
    assert [("U0ADA", "s1")] == use_cases.asked("why")
    assert "71.3 of 100" in str(view)


def test_a_refused_button(use_cases: Recorder, note: tuple[Person, Any]) -> None:
    """Who may not know reads why, in the window."""
    ada, message = note
    use_cases.answers["why"] = Refusal("That is for the composer's eyes.")
    ada.click(message, "why_score")
    assert "composer's eyes" in str(ada.wait_for_view(lambda view: "One moment" not in str(view)))


def test_an_unclear_key_is_said_without_a_share() -> None:
    """A share of 4 % helps nobody."""
    text = words(verdicts.why(but(key_confidence=0.04))["blocks"])
    assert "none is clear; G major fits best" in text
    assert "4%" not in text.partition("*Key*")[2].partition("\n")[0]
