"""People who upload: a rush before the deadline, as much as the machine can take, and a socket that is cut in between."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.load.figures import MemoryWatch, Report, percentile
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.load.venue import Venue

LIMIT = 20
"""Compositions a person in these contests: the most that a contest allows."""
RUSH_ACK_SECONDS = 3.0
OUTSTANDING = 8
"""Uploads that have no card yet, while the sustainable rate is measured."""
SENT = "SELECT count(*) FROM outbox WHERE key LIKE 'card:%' AND state = 'sent'"
"""Cards that have arrived."""
LETTERS = """
    SELECT outbox.kind, outbox.key, outbox.sent_channel, outbox.sent_ts, submission.message_ts
    FROM outbox JOIN submission ON submission.id = outbox.subject_id
    WHERE outbox.key IN ('receipt:' || submission.id, 'card:' || submission.id)
"""


@dataclass(frozen=True)
class Uploaded:
    """One upload, as Slack took it."""

    person: str
    ts: str


@dataclass(frozen=True)
class Arrivals:
    """Seconds from Slack's time of an upload to Slack's time of its answers, and how often each letter was seen."""

    receipts: dict[str, float]
    """By the ``ts`` of the upload."""
    cards: dict[str, float]
    doubled: int


def upload_at(venue: Venue, moments: Sequence[float], people: Sequence[str], where: str = "") -> list[Uploaded]:
    """One upload at each moment (seconds from now), by the people in turn; ``where`` is a channel, or empty for each one's own DM."""
    began = time.monotonic()

    def one(number: int) -> Uploaded:
        time.sleep(max(0.0, began + moments[number] - time.monotonic()))
        who = people[number % len(people)]
        place = where or str(venue.slack.act("open_dm", who, user="kantor")["channel"]["id"])
        message = venue.slack.person(who).upload(place, f"Piece {number}.mid", melody(number))
        return Uploaded(who, str(message["ts"]))

    with ThreadPoolExecutor(16) as hands:
        return list(hands.map(one, range(len(moments))))


def wait_for_cards(venue: Venue, count: int, seconds: float) -> None:
    """Until that many cards have been sent, or the time is over."""
    deadline = time.monotonic() + seconds
    while venue.number(SENT) < count and time.monotonic() < deadline:
        time.sleep(0.5)


def arrivals(venue: Venue) -> Arrivals:
    """What Slack really has of what the bot says it sent."""
    rows = [row for row in venue.rows(LETTERS) if row[2]]
    there = Counter(message for channel in {row[2] for row in rows} for message in _bots(venue, str(channel)))
    known = {str(row[1]): (str(row[2]), str(row[3])) for row in rows}
    found: dict[str, dict[str, float]] = {"receipt": {}, "card": {}}
    for kind, key, _, ts, uploaded in rows:
        if there[key] or there[known[str(key)]]:
            found[str(kind)][str(uploaded)] = float(ts) - float(uploaded)
    doubled = sum(count - 1 for name, count in there.items() if count > 1 and isinstance(name, str))
    shares = sum(1 for name in there if isinstance(name, tuple)) - sum(1 for row in rows if row[0] == "card")
    return Arrivals(found["receipt"], found["card"], doubled + max(0, shares))


def _bots(venue: Venue, channel: str) -> Iterator[str | tuple[str, str]]:
    """Each message of the bot's: by its letter's key, or a share by its place."""
    for message in venue.slack.all_messages(channel):
        if message.get("user") != "U0KANTOR":
            continue
        if message.get("files"):
            yield channel, str(message["ts"])
        else:
            yield str(message.get("metadata", {}).get("event_payload", {}).get("key", ""))


def rush(venue: Venue, count: int, seconds: float, patience: float) -> Report:
    """``count`` uploads within ``seconds`` in the contest's channel, with Slack's rate limits."""
    report = Report(f"(c) deadline rush: {count} uploads in {seconds:g} s, rate limits on")
    venue.contest("open", submission_limit=LIMIT)
    people = venue.crowd[: max(1, min(len(venue.crowd), count // 4))]
    before = venue.mark()
    with MemoryWatch(*venue.pids) as memory:
        uploads = upload_at(venue, [number * seconds / count for number in range(count)], people, CHANNEL)
        wait_for_cards(venue, count, patience)
    _note_arrivals(report, venue, uploads)
    log = venue.slack.log(before)
    limited = Counter(line["name"] for line in log if (line["answer"] or {}).get("error") == "ratelimited")
    report.note("429s met", ", ".join(f"{name} {times}" for name, times in limited.most_common()) or "none")
    _note_event_acks(report, log)
    report.note("memory of the bot's processes, MiB", round(memory.most))
    seen = arrivals(venue)
    report.goal(percentile(list(seen.receipts.values()), 0.95) <= 15, "receipts p95 within 15 s")
    report.goal(max(seen.cards.values(), default=float("inf")) <= 300, "all cards within 5 minutes")
    return report


def _note_event_acks(report: Report, log: list[dict[str, object]]) -> None:
    acks = [float(str(line["ms"])) / 1000 for line in log if line["kind"] == "delivery" and line["ms"] is not None]
    report.spread("ack", acks)
    late = sum(ack >= RUSH_ACK_SECONDS for ack in acks)
    report.must(not late, f"{late} acks past 3 s")


def _note_arrivals(report: Report, venue: Venue, uploads: Sequence[Uploaded]) -> None:
    seen, wanted = arrivals(venue), {upload.ts for upload in uploads}
    report.spread("from upload to receipt", [seen.receipts[ts] for ts in wanted & seen.receipts.keys()])
    report.spread("from upload to card", [seen.cards[ts] for ts in wanted & seen.cards.keys()])
    lost = len(wanted - seen.cards.keys()), len(wanted - seen.receipts.keys())
    report.note("lost cards / lost receipts / doubled messages", f"{lost[0]} / {lost[1]} / {seen.doubled}")
    report.must(not any(lost), f"{lost[0]} cards and {lost[1]} receipts are missing")
    report.must(not seen.doubled, f"{seen.doubled} messages are doubled")


def sustained(venue: Venue, seconds: float) -> Report:
    """As many uploads a second as the machine can take, and how long a card takes at 80 % of that."""
    report = Report("(d) sustainable uploads, rate limits off")
    venue.contest("open", submission_limit=LIMIT)
    warm(venue)
    with MemoryWatch(*venue.pids) as memory:
        rate = cards_a_second(venue, seconds)
        report.note("sustainable uploads/s", f"{rate:.2f}")
        moments = [number / (0.8 * rate) for number in range(round(0.8 * rate * seconds))]
        sent = venue.number("SELECT count(*) FROM submission")
        uploads = upload_at(venue, moments, venue.crowd[len(venue.crowd) // 2 :])
        wait_for_cards(venue, sent + len(uploads), 120)
    report.note("at 80 % of it, uploads/s", f"{0.8 * rate:.2f}")
    _note_arrivals(report, venue, uploads)
    report.note("memory of the bot's processes, MiB", round(memory.most))
    seen = arrivals(venue)
    cards = [seen.cards[upload.ts] for upload in uploads if upload.ts in seen.cards]
    report.goal(percentile(cards, 0.95) < 3, "p95 from upload to card below 3 s at 80 %")
    return report


def warm(venue: Venue) -> None:
    """Each child of each process has looked at a file: their first imports are not what is measured."""
    children = venue.settings.worker_threads * max(1, len(venue.workers))
    upload_at(venue, [0.0] * children, venue.crowd[-children:])
    wait_for_cards(venue, children, 60)


def cards_a_second(venue: Venue, seconds: float) -> float:
    """Cards a second while there are always ``OUTSTANDING`` uploads without one."""
    people, began = venue.crowd[: len(venue.crowd) // 2], time.monotonic()
    before = sent = venue.number(SENT)
    while (now := time.monotonic()) < began + seconds:
        free = OUTSTANDING - (sent - venue.number(SENT))
        if free > 0:
            upload_at(venue, [0.0] * free, people[sent % len(people) :] + people)
            sent += free
        time.sleep(0.02)
    rate = (venue.number(SENT) - before) / (now - began)
    wait_for_cards(venue, sent, 60)
    return rate


def cut_uploads(venue: Venue, count: int) -> Report:
    """The socket is cut while people upload."""
    report = Report(f"(e) socket cut in the middle of {count} uploads")
    venue.contest("open", submission_limit=LIMIT)
    with ThreadPoolExecutor(1) as beside:
        uploading = beside.submit(upload_at, venue, [number * 0.2 for number in range(count)], venue.crowd, CHANNEL)
        eventually(lambda: venue.number("SELECT count(*) FROM submission") >= count // 3, "some uploads")
        venue.slack.disconnect("cut")
        uploads = uploading.result()
    wait_for_cards(venue, count, 120)
    _note_arrivals(report, venue, uploads)
    return report
