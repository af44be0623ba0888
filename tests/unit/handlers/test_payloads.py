from __future__ import annotations

from typing import Any

import pytest

from handlers import payloads
from handlers.commands import Sub, sub_of, understood


@pytest.mark.parametrize(
    ("text", "sub"),
    [
        ("", Sub.HELP),
        ("  ", Sub.HELP),
        ("help", Sub.HELP),
        ("help me", Sub.HELP),
        ("Status", Sub.STATUS),
        ("  board please", Sub.BOARD),
        ("leaderboard", Sub.BOARD),
        ("account", Sub.ACCOUNT),
        ("contest new", Sub.CONTEST_NEW),
        ("New   Contest", Sub.CONTEST_NEW),
        ("phase next", Sub.PHASE_NEXT),
        ("judges add <@U0JUDY|judy>", Sub.JUDGES_ADD),
        ("contest", None),
        ("phase", None),
        ("dance", None),
    ],
)
def test_sub_commands(text: str, sub: Sub | None) -> None:
    """Case and blanks do not matter, and a few natural words mean the same."""
    assert sub_of(text) is sub


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("announce", ""),
        ("announce We begin  at ten.", "We begin  at ten."),
        ("JUDGES  add <@U0JUDY|judy>", "<@U0JUDY|judy>"),
        ("rate <@U0JUDY>", "<@U0JUDY>"),
        ("board my board", "my board"),
        ("dance with me", "dance with me"),
    ],
)
def test_what_is_typed_behind_a_command_is_kept_as_it_was_written(text: str, words: str) -> None:
    """Of words that are no command all are kept."""
    assert words == understood(text)[1]


def test_mentions() -> None:
    """Mentions are found with and without a name, once each and in order; plain @names are none."""
    text = "judges add <@U0JUDY|judy> <@W0JACK> @olive <@U0JUDY> <!subteam^S1|all>"
    assert payloads.mentioned(text) == ("U0JUDY", "W0JACK")


def _shared(**event: Any) -> dict[str, Any]:
    usual = {
        "type": "message",
        "subtype": "file_share",
        "user": "U0ADA",
        "channel": "C1",
        "ts": "1.2",
        "files": [{"id": "F1"}],
    }
    return {"event_id": "Ev1", "event": usual | event}


def test_two_files_of_a_message() -> None:
    """Each file is an upload of its own, with an id that tells the two apart."""
    found = list(payloads.uploads(_shared(files=[{"id": "F1", "name": "a.mid"}, {"id": "F2", "name": "b.mid"}])))
    assert [(each.file_id, each.filename) for each in found] == [("F1", "a.mid"), ("F2", "b.mid")]
    assert len({each.mark for each in found}) == 2


def test_upload_in_a_thread_of_the_direct_messages() -> None:
    """Thread and kind of channel are kept; what Slack leaves out is empty."""
    (found,) = payloads.uploads(_shared(channel_type="im", thread_ts="1.1"))
    assert (found.is_dm, found.thread_ts, found.filename, found.mimetype, found.size) == (True, "1.1", "F1", "", 0)


@pytest.mark.parametrize(
    "event",
    [{"bot_id": "B1"}, {"user": None}, {"files": []}, {"files": [{"id": "F1", "mode": "tombstone"}]}],
)
def test_what_is_no_upload(event: dict[str, Any]) -> None:
    """Bots' files and deleted ones are nobody's compositions."""
    assert list(payloads.uploads(_shared(**event))) == []


@pytest.mark.parametrize(
    "event", [{"channel_type": "channel"}, {"channel_type": "im", "bot_id": "B1"}, {"channel_type": "im", "user": None}]
)
def test_what_is_no_plain_word(event: dict[str, Any]) -> None:
    """Only people's words in the direct messages are answered."""
    assert payloads.plain_words(_shared(**event)) is None
