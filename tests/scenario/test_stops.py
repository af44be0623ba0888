"""A stop (SIGTERM) under load: the process is gone within ten seconds, and what was under way is done by the next, once."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from bot.ending import end_in_time
from bot.wiring import database_url
from models.store import Store
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Theatre, eventually

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WITHIN = 10
"""Seconds that whoever runs a service gives it."""
SCORES = {"originality": "4", "balance": "3", "emotional": "5", "comment": "A fine walk."}


def stop_all(theatre: Theatre) -> None:
    """The bot, and on PostgreSQL its worker, at the same moment: SIGTERM, and both end in time, and well."""
    running = [each.process for each in dict.fromkeys((theatre.bot, theatre.hands)) if each.process is not None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [0] * len(running) == [process.wait(WITHIN) for process in running]


def come_back(theatre: Theatre) -> None:
    """All of them again."""
    theatre.restart()
    if theatre.hands is not theatre.bot:
        theatre.hands.start()


def cards(theatre: Theatre, message: dict[str, Any]) -> list[str]:
    """What stands below an upload and is its card, or its receipt."""
    return sorted("card" if "🎼" in each["text"] else "receipt" for each in theatre.thread(CHANNEL, message["ts"]))


def test_stopped_while_compositions_are_drawn(tmp_path: Path) -> None:
    """Five files are in the children's hands or wait; each gets its card once."""
    with Theatre.opened(tmp_path) as theatre:
        theatre.contest(submission_limit=5)
        messages = [theatre.ada.upload(CHANNEL, f"piece{number}.mid", melody(number)) for number in range(1, 6)]
        theatre.slack.wait_for_log(lambda entry: entry["kind"] == "download")
        stop_all(theatre)
        come_back(theatre)
        for message in messages:
            eventually(lambda message=message: "card" in cards(theatre, message), "a card")  # type: ignore[misc]  # bound here and now
        below = [cards(theatre, message) for message in messages]
        assert [1] * 5 == [each.count("card") for each in below]
        assert [] == [each for each in below if each.count("receipt") > 1]  # in a rush they come as a direct message


def test_stopped_while_letters_are_on_their_way(tmp_path: Path) -> None:
    """Slack holds a message, another one has come and its answer has not: both stand there once afterwards."""
    with Theatre.opened(tmp_path) as theatre:
        theatre.contest()
        theatre.slack.fault(method="chat.postMessage", mode="hold_before", times=1, match="Got it")
        theatre.slack.fault(method="chat.postMessage", mode="hold_after", times=1, match="AI judge gives")
        message = theatre.ada.upload(CHANNEL, "piece.mid", melody(1))
        dm = theatre.ada.open_dm()
        theatre.ada.wait_for_message(dm, "AI judge gives")
        stop_all(theatre)
        theatre.slack.release()
        come_back(theatre)
        eventually(lambda: cards(theatre, message) == ["card", "receipt"], "a card and a receipt")
        theatre.submit(theatre.ben, melody(9), "later.mid")
        assert ["card", "receipt"] == cards(theatre, message)
        assert 1 == sum("AI judge gives" in each["text"] for each in theatre.slack.all_messages(dm))


def test_stopped_while_somebody_waits_for_slack(tmp_path: Path) -> None:
    """A press hangs on a Slack that does not answer: nobody waits for that, and the next press is answered by the next bot."""
    with Theatre.opened(tmp_path) as theatre:
        theatre.contest()
        for method in ("views.open", "users.info", "chat.postEphemeral"):
            theatre.slack.fault(method=method, mode="hold_before", times=1)
        theatre.olive.command(CHANNEL, "/kantor contest new")
        theatre.cleo.command(CHANNEL, "/kantor mine")
        theatre.slack.wait_for_log(lambda entry: entry["name"] == "views.open")
        stop_all(theatre)
        theatre.slack.release()
        come_back(theatre)
        theatre.close_all(theatre.olive)
        theatre.olive.command(CHANNEL, "/kantor contest new")
        theatre.olive.wait_for_view(lambda view: view["callback_id"] == "new_contest")


def test_stopped_while_ratings_are_sent_in(tmp_path: Path) -> None:
    """Whoever is told that it was taken has it in the database; who is not sends it in once more, and it is there once."""
    with Theatre.opened(tmp_path) as theatre:
        theatre.contest()
        theatre.submit(theatre.ada, melody(1), "piece.mid")
        theatre.next_phase()
        forms = {}
        for judge in (theatre.judy, theatre.jack):
            judge.click(theatre.invitation(judge), "rate")
            forms[judge.id] = (judge, judge.wait_for_view(lambda view: view["callback_id"] == "rate"))
        answers: dict[str, bool] = {}

        def send(name: str) -> None:
            judge, form = forms[name]
            answers[name] = judge.submit(form, SCORES)["ok"]

        threads = [threading.Thread(target=send, args=(name,)) for name in forms]
        for thread in threads:
            thread.start()
        stop_all(theatre)
        for thread in threads:
            thread.join()
        assert {name for name, ok in answers.items() if ok} <= rated(theatre)
        come_back(theatre)
        for name, ok in answers.items():
            if not ok:
                judge, form = forms[name]
                assert judge.submit(form, SCORES)["ok"]
        assert set(forms) == rated(theatre)


def rated(theatre: Theatre) -> set[str]:
    """Who has a rating in the database."""
    store = Store(database_url(theatre.settings))
    try:
        with store.read() as work:
            contest = work.contests.newest_first()[0]
            given = [each.judge for each in work.ratings.of_contest(contest.id)]
        assert len(given) == len(set(given))
        return set(given)
    finally:
        store.dispose()


def test_a_process_that_cannot_end_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever hangs: after its time the process goes, and says why; before it is asked nothing happens."""
    stopping, gone = threading.Event(), threading.Event()
    end_in_time(stopping, lambda status: gone.set() if status == 0 else None, seconds=0.01)
    assert not gone.wait(0.1)
    stopping.set()
    assert gone.wait(30)
    assert "taken up again" in caplog.text
