"""What people send while the bot cannot hear it is taken in afterwards, and organizers are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.web.line import SETTLE_EVERY
from bot.wiring import database_url
from models.engines import is_postgres
from tests.makers.databases import looked_at
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, eventually, on_http

if TYPE_CHECKING:
    from bot.adapters.inspector import ProcessInspector
    from bot.sandbox.client import Person
    from models.submissions import Submission
    from tests.makers.stage import Stage


def pieces(stage: Stage) -> list[Submission]:
    """All that was taken in."""
    with stage.database.store.read() as work:
        return list(work.submissions.of_contest(work.contests.newest_first()[0].id))


def news(stage: Stage) -> dict[str, str]:
    """The letters about absences, by organizer."""
    with stage.database.store.read() as work:
        letters = work.outbox.of_kinds("been_away")
    return {letter.recipient: str(letter.message) for letter in letters}


def caught_up(stage: Stage, since: datetime) -> None:
    """Wait until the bot has read what there was, and says since then that it is there."""

    def there() -> bool:
        with stage.database.store.read() as work:
            until = work.presence.until()
        return until is not None and until >= since

    eventually(there, "a look at what was missed")


def away(stage: Stage, **time: float) -> None:
    """The bot has stopped, and so much time passes."""
    stage.database.stop()
    stage.clock.shift += timedelta(**time)


def back(stage: Stage, inspector: ProcessInspector) -> None:
    """It is there again, and has read."""
    since = stage.clock.now()
    stage.come_back(inspector)
    caught_up(stage, since)


def heard(stage: Stage, who: Person) -> str:
    """The one letter about an absence that somebody has got."""
    return str(who.wait_for_message(who.open_dm(), "I could not hear what was sent to me")["text"])


def test_three_days_away(stage: Stage, inspector: ProcessInspector) -> None:
    """Files of the channel, of a thread and of direct messages are taken as of the time they were sent, before the deadline."""
    stage.contest()
    first = stage.submit(stage.ada, melody(1), "dawn.mid")
    away(stage, days=3)
    sent = [
        stage.ben.upload(CHANNEL, "noon.mid", melody(2)),
        stage.ada.upload(CHANNEL, "dawn.mid", melody(3), thread_ts=first["ts"]),
        stage.cleo.upload(stage.cleo.open_dm(), "dusk.mid", melody(4)),
    ]
    stage.slack_gives_up(*sent)
    back(stage, inspector)

    found = pieces(stage)
    times = {first["ts"], *(message["ts"] for message in sent)}
    assert {datetime.fromtimestamp(float(ts), UTC) for ts in times} == {piece.uploaded_at for piece in found}
    assert {("U0ADA", 1), ("U0ADA", 2), ("U0BEN", 1), ("U0CLEO", 1)} == {(one.user_id, one.version) for one in found}
    assert "late" not in {piece.state.value for piece in found}
    for who in (stage.olive, stage.jack):
        text = heard(stage, who)
        assert "For 3 days" in text
        assert "took in 3 compositions that I had missed" in text
    assert {"U0OLIVE", "U0JACK"} == set(news(stage))


def test_a_clock_that_was_set_back_meanwhile(stage: Stage, inspector: ProcessInspector) -> None:
    """The bot's note of when it was there is of a time to come: it looks from the beginning, and does not make up how long it was."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.clock.shift += timedelta(hours=1)
    caught_up(stage, stage.clock.now())
    away(stage, hours=-1)
    stage.slack_gives_up(stage.ben.upload(CHANNEL, "noon.mid", melody(2)))
    stage.come_back(inspector)
    eventually(lambda: {"U0ADA", "U0BEN"} == {piece.user_id for piece in pieces(stage)}, "Ben's piece")
    assert "clock was set back" in heard(stage, stage.olive)


def test_a_short_restart_is_no_news(stage: Stage, inspector: ProcessInspector) -> None:
    """Nothing was sent: nobody is written to, and what was there before is not taken twice."""
    stage.contest()
    message = stage.submit(stage.ada, melody(1), "dawn.mid")
    before = stage.thread(CHANNEL, message["ts"])
    away(stage, seconds=5)
    back(stage, inspector)
    assert {} == news(stage)
    assert 1 == len(pieces(stage))
    assert before == stage.thread(CHANNEL, message["ts"])


def test_a_long_absence_without_files_is_told_once(stage: Stage, inspector: ProcessInspector) -> None:
    """Organizers learn of it, for people may have spoken to the bot in vain; the next start adds nothing."""
    stage.contest()
    away(stage, hours=2)
    back(stage, inspector)
    assert "For 2 hours" in heard(stage, stage.olive)
    assert "took in no composition" in heard(stage, stage.jack)
    away(stage, seconds=1)
    back(stage, inspector)
    assert {"U0OLIVE", "U0JACK"} == set(news(stage))


def test_what_was_lost_on_a_dead_connection_is_read_after_the_next(stage: Stage) -> None:
    """The bot believed that it heard; with a new connection, or over HTTP after an hour of silence, it looks."""
    stage.contest()
    stage.slack.fault(event="message", mode="lose", times=4, match="dawn.mid")
    message = stage.ada.upload(CHANNEL, "dawn.mid", melody(1))
    stage.slack_gives_up(message)
    assert [] == pieces(stage)
    if on_http():
        stage.clock.shift += SETTLE_EVERY
        stage.database.line.look()
    else:
        stage.slack.disconnect("cut")
    eventually(lambda: pieces(stage), "the piece")
    eventually(lambda: stage.answered(CHANNEL, message["ts"]), "its card")


def test_what_the_database_did_not_take_is_read_when_it_does(stage: Stage) -> None:
    """A write that fails, four times: when writing works again, the piece comes in by itself, and organizers learn of it."""
    stage.contest()
    refuse, allow = (
        (
            "ALTER TABLE submission ADD CONSTRAINT the_disk_is_full CHECK (false) NOT VALID",
            "ALTER TABLE submission DROP CONSTRAINT the_disk_is_full",
        )
        if is_postgres(database_url(stage.settings))
        else (
            "CREATE TRIGGER full BEFORE INSERT ON submission BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            "DROP TRIGGER full",
        )
    )
    write(stage, refuse)
    message = stage.ada.upload(CHANNEL, "dawn.mid", melody(1))
    stage.slack_gives_up(message)
    write(stage, allow)
    eventually(lambda: pieces(stage), "the piece")
    assert "took in 1 composition that I had missed" in heard(stage, stage.olive)


def write(stage: Stage, statement: str) -> None:
    """Change the bot's database from outside."""
    with looked_at(database_url(stage.settings)) as connection:
        connection.execute(text(statement))


def test_the_bot_reads_no_more_than_it_must(stage: Stage, inspector: ProcessInspector) -> None:
    """One question for the direct messages, and one for each room."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    away(stage, seconds=5)
    asked = len(stage.slack.log())
    back(stage, inspector)
    calls: list[dict[str, Any]] = [line for line in stage.slack.log()[asked:] if line["kind"] == "api"]
    rooms = [line["args"]["channel"] for line in calls if line["name"] == "conversations.history"]
    assert 1 == [line["name"] for line in calls].count("users.conversations")
    assert sorted(set(rooms)) == sorted(rooms)
    assert CHANNEL in rooms
