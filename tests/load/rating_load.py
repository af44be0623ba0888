"""Judges who submit their open modals at the same moment."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import filled
from bot.sandbox.forms import elements
from tests.load.figures import MemoryWatch, Report, percentile
from tests.load.volley import Answer, Press, fire
from tests.makers.pieces import melody
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.load.venue import Venue

HANDS = 8
"""Modals that are opened side by side: a trigger lives three seconds."""
ACK_SECONDS = 3.0
"""Slack's limit."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """One filled-in rating, and the comment that tells it from all others."""

    judge: str
    submission_id: str
    comment: str
    press: Press


def begin_judging(venue: Venue, judges: Sequence[str]) -> None:
    """Three pieces, these judges, and an invitation to each piece for each of them."""
    venue.contest("open")
    with ThreadPoolExecutor(3) as hands:  # at once, so that both of the bot's children have worked
        list(hands.map(venue.submit, (venue.ada, venue.ben, venue.cleo), map(melody, (1, 2, 3))))
    venue.next_phase()
    venue.posted()
    venue.appoint(judges)
    venue.invite_as(venue.judy.id, judges)


def open_modals(venue: Venue, judges: Sequence[str]) -> list[Given]:
    """Each judge presses the button of the newest piece that they have not rated, and fills in the modal, without submitting it."""
    before = venue.mark()
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda judge: _press_rate(venue, judge), judges))
    eventually(lambda: len(opened_modals(venue, before)) >= len(judges), "the modals")
    modals = opened_modals(venue, before)
    return [filled_in(judge, modals[judge], number) for number, judge in enumerate(judges)]


def _press_rate(venue: Venue, judge: str) -> None:
    channel = str(venue.slack.act("open_dm", judge, user="kantor")["channel"]["id"])
    for message in reversed(venue.slack.all_messages(channel)):
        for block, element in elements(message.get("blocks") or []):
            if element["action_id"] == "rate" and element.get("style") == "primary":  # the others say "Change rating"
                where = {"type": "message", "channel": channel, "ts": message["ts"]}
                action = {"type": "button", "value": element["value"]}
                asked = {"block_id": block["block_id"], "action_id": "rate", "action": action}
                venue.slack.act("action", judge, container=where, state={"values": {}}, **asked)
                return
    raise AssertionError(f"{judge} has no invitation")


def opened_modals(venue: Venue, since: int, by: str = "block_actions") -> dict[str, Json]:
    """The modals that were opened by a button (or ``by`` a slash_command), by person, from the wire's log."""
    lines = venue.slack.log(since)
    asked = [line["args"]["payload"] for line in lines if line["name"] == by]
    who = {one["trigger_id"]: one["user"]["id"] if "user" in one else one["user_id"] for one in asked}
    opened = [line for line in lines if line["name"] == "views.open" and (line["answer"] or {}).get("ok")]
    return {who[line["args"]["trigger_id"]]: line["answer"]["view"] for line in opened}


def filled_in(judge: str, view: Json, number: int) -> Given:
    """The modal with scores that depend on ``number``."""
    comment = f"{judge} {view['id']}"
    scores = {name: str(1 + (number + shift) % 5) for shift, name in enumerate(("originality", "balance", "emotional"))}
    state = {"values": filled(view, scores | {"comment": comment})}
    submission_id = str(json.loads(view["private_metadata"])["submission_id"])
    body = {"as": judge, "view_id": view["id"], "state": state}
    return Given(judge, submission_id, comment, Press(judge, "/sandbox/act/submit", body))


def volley(venue: Venue, given: Sequence[Given]) -> list[float]:
    """Submit all at once; seconds to each ack."""
    before = venue.mark()
    fire(venue.slack.base_url, [one.press for one in given])
    return ack_seconds(venue, before, "view_submission")


def ack_seconds(venue: Venue, since: int, name: str) -> list[float]:
    """From Slack's sending to the bot's ack, for each delivery of that name that was acked or timed out."""
    lines = [line for line in venue.slack.log(since) if line["kind"] == "delivery" and line["name"] == name]
    return [line["ms"] / 1000 for line in lines if line["ms"] is not None]


def at_once(venue: Venue, judges: Sequence[str], name: str, goal: float) -> Report:
    """All of these judges submit at once; ``goal`` seconds is for the ack's p99."""
    report = Report(name)
    given = open_modals(venue, judges)
    before = venue.mark()
    with MemoryWatch(*venue.pids) as memory:
        answers = fire(venue.slack.base_url, [one.press for one in given])
    acks = ack_seconds(venue, before, "view_submission")
    report.spread("ack", acks)
    report.spread("answer on the judge's screen", [answer.seconds for answer in answers])
    report.note("memory of the bot's processes, MiB", round(memory.most))
    _count(venue, given, answers, report)
    late = [ack for ack in acks if ack >= ACK_SECONDS]
    report.must(len(acks) == len(judges), f"{len(judges) - len(acks)} submissions were never delivered")
    report.must(not late, f"{len(late)} acks past {ACK_SECONDS:g} s")
    report.must(all(answer.body.get("ok") for answer in answers), "a judge read an error")
    report.goal(percentile(acks, 0.99) < goal, f"ack p99 below {goal:g} s")
    return report


def cut(venue: Venue, judges: Sequence[str]) -> Report:
    """The socket is cut in the middle of the volley; whoever read an error submits again."""
    report = Report(f"(e) socket cut in the middle of {len(judges)} ratings")
    given = open_modals(venue, judges)
    stored = venue.number("SELECT count(*) FROM rating")

    def scissors() -> None:
        eventually(lambda: venue.number("SELECT count(*) FROM rating") > stored, "the first rating")
        venue.slack.disconnect("cut")

    answers = fire(venue.slack.base_url, [one.press for one in given], scissors)
    _count(venue, given, answers, report)
    failed = {answer.person for answer in answers if not answer.body.get("ok")}
    report.note("judges who read an error and submitted again", len(failed))
    began = time.monotonic()
    venue.slack.wait_connected(60)
    report.note("connected again after, s", f"{time.monotonic() - began:.1f}")
    again = [one for one in given if one.judge in failed]
    second = fire(venue.slack.base_url, [one.press for one in again])
    report.must(all(answer.body.get("ok") for answer in second), "a judge read an error again")
    _count(venue, given, [replace(answer, body={"ok": True}) for answer in answers], report)
    return report


def _count(venue: Venue, given: Sequence[Given], answers: Sequence[Answer], report: Report) -> None:
    """No acked rating is lost, and none is there twice."""
    acked = {answer.person for answer in answers if answer.body.get("ok")}
    rows = venue.rows("SELECT judge, submission_id, comment FROM rating")
    stored = {(judge, piece): comment for judge, piece, comment in rows}
    lost = [one for one in given if one.judge in acked and stored.get((one.judge, one.submission_id)) != one.comment]
    notes = venue.rows("SELECT actor, facts ->> 'submission' FROM audit WHERE action = 'rating.given'")
    counted = Counter(notes) | Counter((judge, piece) for judge, piece, _ in rows)
    doubled = sum(count > 1 for count in counted.values())
    report.note("acked / lost / doubled ratings", f"{len(acked)} / {len(lost)} / {doubled}")
    report.must(not lost, f"{len(lost)} acked ratings are lost")
    report.must(not doubled, f"{doubled} ratings are doubled")
