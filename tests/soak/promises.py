"""What the soak's end is held against: nothing stuck, nothing lost, nothing doubled, flat memory, a database of its content's size."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.load.figures import Report
from tests.soak.ledger import slope

if TYPE_CHECKING:
    from tests.soak.ledger import Ledger
    from tests.soak.plan import Plan
    from tests.soak.story import Story

LATE = 900.0
"""Seconds from a letter's writing to its sending, by the clock of all."""
GROWTH = 0.2
"""A process may grow by this share over the days of a phase, by the line through them: there is more to read, and to draw, each day."""
OVERHEAD = 1.25
"""So much more room may a byte of content take at the end than at first."""
ENOUGH = 7
"""Fewer days draw no line."""


def kept(story: Story, ledger: Ledger) -> Report:
    """All promises, with the figures."""
    plan = story.plan
    report = Report(f"{plan.length.end + 1} days from {plan.start:%d %B %Y}, {len(story.town.venue.crowd)} people")
    for what, count in sorted(story.town.done.items()):
        report.note(what, count)
    for check in (_nothing_stuck, _uploads, _ratings, _letters, _boards):
        check(report, story)
    _memory(report, ledger, plan)
    _database(report, ledger)
    return report


def _nothing_stuck(report: Report, story: Story) -> None:
    venue = story.town.venue
    for moment in story.town.stuck:
        report.failures.append(f"stuck at {moment}")
    for table, good in (("job", ("done",)), ("outbox", ("sent", "dropped"))):
        states = dict(venue.rows(f"SELECT state, count(*) FROM {table} GROUP BY state"))
        report.note(f"{table} by state", ", ".join(f"{state} {number}" for state, number in sorted(states.items())))
        bad = {state: number for state, number in states.items() if state not in good}
        report.must(not bad, f"{table}: {bad}")
    waits = "SELECT key, (julianday(sent_at) - julianday(created_at)) * 86400 AS age FROM outbox WHERE state = 'sent' AND edits IS NULL ORDER BY age DESC LIMIT 1"
    key, longest = venue.rows(waits)[0]
    report.note("the longest way of a letter, s", f"{longest:.0f} ({key})")
    report.must(longest < LATE, f"{key} was {longest:.0f} s under way")


def _uploads(report: Report, story: Story) -> None:
    known = Counter(str(ts) for (ts,) in story.town.venue.rows("SELECT message_ts FROM submission"))
    lost = [ts for ts in story.town.uploads if not known[ts]]
    twice = [ts for ts in story.town.uploads if known[ts] > 1]
    states = story.town.venue.rows("SELECT state, count(*) FROM submission GROUP BY state ORDER BY state")
    report.note("submissions by state", ", ".join(f"{state} {number}" for state, number in states))
    report.must(not lost, f"{len(lost)} uploads are lost")
    report.must(not twice, f"{len(twice)} uploads are there twice")


def _ratings(report: Report, story: Story) -> None:
    venue = story.town.venue
    rows = venue.rows("SELECT judge, submission_id, round, comment FROM rating")
    stored = {(judge, piece, round_): comment for judge, piece, round_, comment in rows}
    promised = {(one.judge, one.submission_id, one.round): words for one, words in story.town.ratings.items()}
    unsure = {(one.judge, one.submission_id, one.round) for one in story.town.unsure}
    lost = [one for one, comment in promised.items() if stored.get(one) != comment and one not in unsure]
    report.note("ratings stored / promised", f"{len(rows)} / {len(promised)}")
    report.must(not lost, f"{len(lost)} acknowledged ratings are not there as they were given")
    report.must(len(rows) == len(stored), "a rating is there twice")
    report.must(stored.keys() <= promised.keys() | unsure, "a rating is there that nobody gave")
    given = Counter(
        venue.rows("SELECT actor, json_extract(facts, '$.submission') FROM audit WHERE action = 'rating.given'")
    )
    rounds = Counter((judge, piece) for judge, piece, *_ in rows)
    report.must(given == rounds, "by the trail ratings were given twice, or never")


def _letters(report: Report, story: Story) -> None:
    """Each letter that is called sent is one message in the workspace, where it is called to be; and no key has two."""
    venue = story.town.venue
    sent = venue.rows("SELECT key, sent_channel, sent_ts FROM outbox WHERE state = 'sent' AND edits IS NULL")
    there: Counter[str] = Counter()
    places: set[tuple[str, str]] = set()
    for channel in {str(row[1]) for row in sent}:
        for message in venue.slack.all_messages(channel):
            if message.get("user") == "U0KANTOR":
                places.add((channel, str(message["ts"])))
                there[str(message.get("metadata", {}).get("event_payload", {}).get("key", ""))] += 1
    twice = [key for key, count in there.items() if key and count > 1]
    missing = [key for key, channel, ts in sent if (channel, ts) not in places]
    report.note("letters sent / messages with a key", f"{len(sent)} / {sum(there.values()) - there['']}")
    report.must(not twice, f"doubled: {twice[:5]}")
    report.must(not missing, f"called sent, and not there: {missing[:5]}")


def _boards(report: Report, story: Story) -> None:
    plan, venue = story.plan, story.town.venue
    for slug, expected in (("spring-jam", plan.boards()), ("hourly-jam", plan.hourly_boards())):
        rows = venue.rows(
            "SELECT slot, taken_at FROM board_slot JOIN contest ON contest.id = contest_id WHERE slug = ? ORDER BY taken_at, slot",
            slug,
        )
        taken = [_moment(slot) for slot, _ in rows]
        missed = [slot for slot in expected if slot not in taken]
        more = [slot for slot in taken if slot not in expected]
        delay = max(((_moment(at) - _moment(slot)).total_seconds() for slot, at in rows), default=0.0)
        posted = venue.number(
            "SELECT count(*) FROM outbox JOIN contest ON contest.id = contest_id WHERE slug = ? AND key LIKE 'board:%'",
            slug,
        )
        report.note(f"boards of {slug}", f"{len(taken)} slots, {posted} with news; latest {delay:.0f} s after its time")
        report.must(not missed, f"{slug}: no board for {[f'{slot:%d %B %H:%M}' for slot in missed[:5]]} (UTC)")
        report.must(not more, f"{slug}: a board for {[f'{slot:%d %B %H:%M}' for slot in more[:5]]} (UTC)")
        report.must(taken == sorted(set(taken)), f"{slug}: boards twice, or out of order")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _memory(report: Report, ledger: Ledger, plan: Plan) -> None:
    """By phase: boards and their pictures begin with the judging."""
    for phase, start, end in (("open", plan.start, plan.deadline), ("judging", plan.judging, plan.end)):
        days = [day for day in ledger.days if start.date() < day.day < end.date()]
        for name in sorted({name for day in days for name in day.memory}):
            values = [day.memory[name] for day in days if name in day.memory]
            share = slope(values) * len(values) / (sum(values) / len(values))
            words = f"{values[0]:.0f} to {values[-1]:.0f}, {share:+.0%} over {len(values)} days"
            report.note(f"memory of {name}, {phase}, MiB", words)
            if name != "sandbox" and len(values) >= ENOUGH:
                report.must(share <= GROWTH, f"{name} grows by {share:.0%} while {phase}")


def _database(report: Report, ledger: Ledger) -> None:
    first, last = ledger.days[0], ledger.days[-1]
    for day, which in ((first, "first day"), (last, "last day")):
        words = f"{day.used / 2**20:.2f} MiB for {day.rows} rows with {day.content / 2**20:.2f} MiB"
        report.note(f"database, {which}", f"{words}: {day.used / day.content:.2f}")
    report.must(
        last.used / last.content <= OVERHEAD * first.used / first.content, "the database grows beyond its content"
    )
