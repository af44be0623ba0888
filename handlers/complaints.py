"""The one error listener: whatever goes wrong ends in a sentence where the person is looking."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from http.client import HTTPException
from math import ceil
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import KeysFailed, RateLimited, Refusal, StoreFailed, Unavailable
from handlers import payloads
from handlers.ids import ALIASES, APART
from handlers.slack.errors import outage
from handlers.views import guide
from handlers.views.text import count, sentence, without_markup
from handlers.windows import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_bolt import Ack, BoltContext, BoltResponse

    from handlers.payloads import Payload
    from handlers.windows import Windows

_log = structlog.get_logger(__name__)

_WHO = {
    StoreFailed: "The place where I keep files",
    KeysFailed: "The place that keeps the key of passwords",
}
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id"})


@dataclass(frozen=True)
class Complaint:
    """What the person reads."""

    text: str
    refused: bool
    parts: tuple[tuple[str, str], ...] = ()
    """Each thing that is wrong, with the input that it concerns; empty: the whole is about no input."""

    def view(self) -> dict[str, Any]:
        """As a modal."""
        return guide.refused(self.text) if self.refused else guide.notice("That did not work", sentence(self.text))

    def message(self) -> str:
        """As a message in mrkdwn."""
        return f"{'✋' if self.refused else '⚠️'} {sentence(self.text)}"


@dataclass(frozen=True)
class Complaints:
    """Answers people when a listener raised; logs what nobody foresaw, without the payload."""

    new_reference: Callable[[], str]
    """Makes the 8 characters that the person can quote and the log carries."""
    database_is_out: Callable[[BaseException], bool] = lambda _: False
    """Whether it was the database that could not answer."""

    def answer(self, error: Exception, body: Payload, context: BoltContext) -> BoltResponse | None:
        """Tell the person. For a modal's submission, the acknowledgement itself (Bolt sends what is returned)."""
        complaint = self._complaint(error, kind=str(body.get("type") or body.get("command") or ""))
        if body.get("type") == "view_submission":
            return _in_modal(complaint, body, context.ack)
        for way in _ways(complaint, body, context):
            try:
                way()
            except (SlackApiError, OSError, HTTPException) as failed:
                _log.warning("could not complain", reason=type(failed).__name__)
            else:
                break
        return None

    def _complaint(self, error: Exception, kind: str) -> Complaint:
        if isinstance(error, Refusal):
            parts = tuple((each.field or "", each.sentence) for each in error.parts)
            return Complaint(error.sentence, refused=True, parts=parts)
        if isinstance(error, SlackApiError) and error.response.get("error") in _TOO_LATE:
            return Complaint(
                "Slack gave me too little time to open that window. Please press once more.", refused=False
            )
        reference = self.new_reference()
        failure = error if isinstance(error, Unavailable) else outage(error)
        if failure is not None:
            _log.warning("unavailable", reference=reference, payload=kind, reason=str(failure))
            if isinstance(failure, RateLimited):
                wait = count(ceil(failure.retry_after), "second")
                return Complaint(
                    f"Slack lets me ask only so often, and this took many questions. Please try again in {wait}: what I have "
                    "learned so far I do not ask again.",
                    refused=False,
                )
            who = next((name for kind_, name in _WHO.items() if isinstance(failure, kind_)), "Slack")
            return Complaint(f"{who} does not answer me right now. Please try again in a minute.", refused=False)
        if self.database_is_out(error):
            _log.warning("the database is out", reference=reference, payload=kind, reason=type(error).__name__)
            return Complaint(
                "The place where I write things down does not answer me right now. Please try again in a minute.",
                refused=False,
            )
        # As text: a renderer that shows local variables would print the payload.
        trace = "".join(traceback.format_exception(error))
        _log.error("listener failed", reference=reference, payload=kind, trace=trace)
        return Complaint(guide.trouble(reference), refused=False)


def _ways(complaint: Complaint, body: Payload, context: BoltContext) -> Iterator[Callable[[], object]]:
    """How the person can be told, the best way first: where Slack is out, one may be open while another is not."""
    windows: Windows | None = context.get(KEY)
    window, respond, text = windows and windows.latest, context.respond, complaint.message()
    if window:
        yield lambda: window.show(complaint.view)
    if body.get("response_url") and respond:
        yield lambda: respond(text=text, response_type="ephemeral", replace_original=False)
    if body.get("type") in {"block_actions", "shortcut"}:
        yield lambda: context.client.chat_postMessage(channel=body["user"]["id"], text=text)


def _in_modal(complaint: Complaint, body: Payload, ack: Ack) -> BoltResponse:
    """Each part under the input it is about, or the first one, so that nothing typed is lost; a modal without inputs is replaced."""
    # By name: the rating form's inputs have an id of their own for each piece.
    inputs = {block.partition(APART)[0]: block for block in payloads.input_blocks(body)}
    if not inputs:
        return ack(response_action="update", view=complaint.view())
    errors: dict[str, str] = {}
    for field, text in complaint.parts or (("", complaint.text),):
        where = inputs.get(str(ALIASES.get(field, field))) or next(iter(inputs.values()))
        errors[where] = f"{errors[where]} {without_markup(text)}" if where in errors else without_markup(text)
    return ack(response_action="errors", errors=errors)
