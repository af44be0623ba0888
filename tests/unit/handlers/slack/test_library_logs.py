"""Slack's libraries never log a payload: it can hold a password or a private note."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot.errors import Unavailable
from handlers.slack.clients import WithoutPayloads, library_logger, quiet_about_lost_connections
from tests.unit.handlers import samples

if TYPE_CHECKING:
    from bot.sandbox.client import Sandbox
    from tests.unit.handlers.recorders import Recorder

COMPOSERS = "C0COMPOSERS"


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("Unhandled request ({'type': 'view', 'text': 'secret'})", "Unhandled request ("),
        ("Invalid request signature: body: secret", "Invalid request signature: "),
        ("Received bytes: b'secret'", "Received bytes: "),
        ("The first line\nsecret", "The first line"),
        ("All is well", "All is well"),
    ],
)
def test_records_lose_their_payload(logged: str, kept: str) -> None:
    """A record keeps its first line, up to where a payload begins."""
    record = logging.LogRecord("slack", logging.INFO, "", 0, "%s", (logged,), None)
    assert WithoutPayloads().filter(record)
    assert record.getMessage() == kept


def test_no_surprise_at_the_token() -> None:
    """Bolt finds the client's own token in the environment once more, which is no news to an operator."""
    surprise = "As you gave `client` as well, `token` will be unused."
    assert not WithoutPayloads().filter(logging.LogRecord("slack", logging.WARNING, "", 0, surprise, None, None))


def test_hanging_up_is_quiet_and_other_trouble_is_not(caplog: pytest.LogCaptureFixture) -> None:
    """Who presses Ctrl-C sees no complaint about the connection that ends of it; before and after it is told."""
    logger, gone = library_logger(), "Failed to check the state of sock (BrokenPipeError)"
    with quiet_about_lost_connections():
        logger.warning(gone)
        logger.warning("Something else")
    logger.warning(gone)
    assert ["Something else", gone] == [record.getMessage() for record in caplog.records]


def test_library_logger_is_never_below_info() -> None:
    """Even where everything else is at DEBUG, Slack's libraries say no more than INFO; the filter is there once."""
    logger = library_logger()
    assert library_logger() is logger
    assert logger.level >= logging.INFO
    assert len(logger.filters) == 1


@pytest.mark.parametrize("failure", [None, RuntimeError("no disk"), Unavailable("Slack is away")])
def test_password_in_no_log(
    use_cases: Recorder, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], failure: Exception | None
) -> None:  # fmt: skip
    """With every logger at DEBUG, handing out an account leaves its password in no record and no output."""
    caplog.set_level(logging.DEBUG)
    ada = sandbox.person("ada")
    ada.command(COMPOSERS, "/kantor account")
    view = ada.wait_for_view(lambda view: "accept" in str(view))
    ada.submit(view, {"accepted_terms": ["accepted"]})
    shown = ada.views()[-1]
    assert samples.PASSWORD.split("&")[1] in str(shown).replace("&gt;", ">").replace("&amp;", "&")
    use_cases.answers["home"] = failure or samples.home()
    ada.open_home()
    ada.close(shown)
    printed = "".join(capfd.readouterr())
    for part in ("Pa<ss", "Pa&lt;ss", "-7f3q"):
        assert part not in caplog.text
        assert part not in printed


def test_private_words_in_no_log(
    use_cases: Recorder, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A failing listener logs the failure with its reference, and nothing of what the person wrote."""
    caplog.set_level(logging.DEBUG)
    use_cases.answers["show"] = RuntimeError("no disk")
    jack = sandbox.person("jack")
    jack.command(COMPOSERS, "/kantor board my-private-words")
    jack.wait_for_ephemeral(COMPOSERS, "ab12cd34")
    printed = "".join(capfd.readouterr())
    assert "ab12cd34" in printed + caplog.text
    assert "my-private-words" not in printed + caplog.text
