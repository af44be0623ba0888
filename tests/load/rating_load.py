"""Judges who submit their open modals at the same moment."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.filling import filled
from bot.sandbox.forms import elements
from tests.load.figures import MemoryWatch, Report
from tests.load.volley import Answer, Press, fire
from tests.makers.pieces import melody
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.load.venue import Venue

HANDS = 8
"""Modals that are opened side by side: a trigger lives three seconds."""
ACK_SECONDS = 3.0
Json = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """One filled-in rating."""

    judge: str
    submission_id: str
    press: Press

    @property
    def comment(self) -> str:
        """What tells this rating from all others."""
        return str(self.press.body["mark"])


def begin_judging(venue: Venue, judges: Sequence[str]) -> None:
    """Three pieces, these judges, and an invitation for each of them."""
    venue.contest("open")
    for person, seed in ((venue.ada, 1), (venue.ben, 2), (venue.cleo, 3)):
        venue.submit(person, melody(seed))
    venue.appoint(judges)
    venue.next_phase()
    venue.posted(600)


def open_modals(venue: Venue, judges: Sequence[str]) -> list[Given]:
    """Each judge presses the button of the newest invitation and fills in the modal, without submitting it."""
    before = venue.mark()
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda judge: _press_rate(venue, judge), judges))
    eventually(lambda: len(_modals(venue, before)) >= len(judges), 30, "the modals")
    modals = _modals(venue, before)
    return [_fill_in(judge, modals[judge], number) for number, judge in enumerate(judges)]


def _press_rate(venue: Venue, judge: str) -> None:
    channel = venue.slack.person(judge).open_dm() if judge in {venue.judy.id, venue.jack.id} else _dm(venue, judge)
    for message in reversed(venue.slack.all_messages(channel)):
        for block, element in elements(message.get("blocks") or []):
            if element["action_id"] == "rate":
                where = {"type": "message", "channel": channel, "ts": message["ts"]}
                action = {"type": "button", "value": element["value"]}
                asked = {"block_id": block["block_id"], "action_id": "rate", "action": action}
                venue.slack.act("action", judge, container=where, state={"values": {}}, **asked)
                return
    raise AssertionError(f"{judge} has no invitation")


def _dm(venue: Venue, judge: str) -> str:
    return str(venue.slack.act("open_dm", judge, user="kantor")["channel"]["id"])


def _modals(venue: Venue, since: int) -> dict[str, Json]:
    """The opened rating modals by judge, from the wire's log."""
    lines = venue.slack.log(since)
    pressed = [line["args"]["payload"] for line in lines if line["name"] == "block_actions"]
    judge_of = {payload["trigger_id"]: payload["user"]["id"] for payload in pressed}
    opened = [line for line in lines if line["name"] == "views.open" and (line["answer"] or {}).get("ok")]
    return {judge_of[line["args"]["trigger_id"]]: line["answer"]["view"] for line in opened}


def _fill_in(judge: str, view: Json, number: int) -> Given:
    mark = f"{judge} {view['id']}"
    scores = {name: str(1 + (number + shift) % 5) for shift, name in enumerate(("originality", "balance", "emotional"))}
    state = {"values": filled(view, scores | {"comment": mark})}
    body = {"as": judge, "view_id": view["id"], "state": state, "mark": mark}
    submission_id = str(_metadata(view)["submission_id"])
    return Given(judge, submission_id, Press(judge, "/sandbox/act/submit", body))


def _metadata(view: Json) -> Json:
    import json  # noqa: PLC0415

    found: Json = json.loads(view["private_metadata"])
    return found


def submit_all(
    venue: Venue, given: Sequence[Given], report: Report, meanwhile: Callable[[], None] | None = None
) -> list[Answer]:
    """Submit all at once, and note the acks."""
    before = venue.mark()
    with MemoryWatch(venue.pid) as memory:
        answers = fire(venue.slack.base_url, [one.press for one in given], meanwhile)
    acks = ack_seconds(venue, before, "view_submission")
    report.spread("ack", acks)
    report.spread("answer on the judge's screen", [answer.seconds for answer in answers])
    report.note("memory of the bot's processes, MiB", round(memory.most))
    return answers


def ack_seconds(venue: Venue, since: int, name: str) -> list[float]:
    """From Slack's sending to the bot's ack, for each delivery of that name that was acked or timed out."""
    lines = [line for line in venue.slack.log(since) if line["kind"] == "delivery" and line["name"] == name]
    return [line["ms"] / 1000 for line in lines if line["ms"] is not None]


def count_ratings(venue: Venue, given: Sequence[Given], answers: Sequence[Answer], report: Report) -> None:
    """No acked rating is lost, and none is there twice."""
    wanted = {(one.judge, one.submission_id): one.comment for one in given}
    acked = {answer.person for answer in answers if answer.body.get("ok")}
    stored = {(judge, piece): comment for judge, piece, comment in venue.rows("SELECT judge, submission_id, comment FROM rating")}
    lost = [key for key, comment in wanted.items() if key[0] in acked and stored.get(key) != comment]
    notes = venue.rows("SELECT actor, json_extract(facts, '$.submission') FROM audit WHERE action = 'rating.given'")
    rows = Counter(venue.rows("SELECT judge, submission_id FROM rating"))
    doubled = [key for key, count in (Counter(notes) | rows).items() if count > 1]
    report.note("acked / lost / doubled ratings", f"{len(acked)} / {len(lost)} / {len(doubled)}")
    report.must(not lost, f"{len(lost)} acked ratings are lost")
    report.must(not doubled, f"{len(doubled)} ratings are doubled")


def at_once(venue: Venue, judges: Sequence[str], name: str, p99: float | None, worst: float) -> Report:
    """All of these judges submit at once."""
    report = Report(name)
    given = open_modals(venue, judges)
    before = venue.mark()
    answers = submit_all(venue, given, report)
    acks = ack_seconds(venue, before, "view_submission")
    count_ratings(venue, given, answers, report)
    late = [one for one in acks if one >= worst]
    report.must(len(acks) == len(judges), f"{len(judges) - len(acks)} submissions were never delivered")
    report.must(not late, f"{len(late)} acks past {worst:g} s")
    report.must(all(answer.body.get("ok") for answer in answers), "a judge read an error")
    if p99 is not None:
        from tests.load.figures import percentile

        report.goal(percentile(acks, 0.99) < p99, f"ack p99 below {p99:g} s")
    return report
