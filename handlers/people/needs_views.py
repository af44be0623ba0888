"""What waits for this person, of all their contests, at the top of the Home tab: each with the one button that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.phases import Phase, round_of
from handlers.commands import Sub
from handlers.views import blocks as b
from handlers.views import buttons
from handlers.views.buttons import opening
from handlers.views.text import count, name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.people.home import HomeContest, OrganizerCounts

SHOWN = 10
"""So many are shown, which a screen holds; the others move up."""
LOW = 2
"""With so few accounts left organizers are told."""
_DUE = {
    Phase.OPEN: "The deadline has passed: the judging can begin",
    Phase.JUDGING: "The judges are through: the round can end",
    Phase.FINAL: "The judges are through: the contest can be finished",
}


@dataclass(frozen=True)
class _Need:
    """Something that waits."""

    id: str
    text: str
    button: b.Block
    contest: str = ""
    """Empty: it is of no contest."""


def needs(contests: Sequence[HomeContest]) -> list[b.Block]:
    """A heading and a line for each, at most ``SHOWN`` and one more; empty where nothing waits."""
    found = [need for contest in contests for need in _of(contest)]
    found += _lost(contests)
    if not found:
        return []
    rest = [b.context(f"… and {len(found) - SHOWN} more, once these are settled.")] if len(found) > SHOWN else []
    return [b.header("⚠️ Needs you"), *(_line(need) for need in found[:SHOWN]), *rest]


def is_due(contest: HomeContest) -> bool:
    """Whether the next phase is the sensible next step: nothing keeps a draft, the deadline has passed, the judges are through."""
    counts = contest.organizing
    through = counts is not None and counts.ratings > 0 and not counts.behind
    return {Phase.DRAFT: True, Phase.OPEN: contest.is_over_time}.get(contest.phase, through)


def _line(need: _Need) -> b.Block:
    lead = f"*{name(need.contest)}*: " if need.contest else ""
    return b.called(f"needs:{need.id}", b.section(f"{lead}{need.text}", need.button))


def _of(contest: HomeContest) -> Iterator[_Need]:
    progress = contest.judging
    # When it is over, nothing of this can be done any more.
    if contest.phase is Phase.FINISHED:
        return
    if progress is not None and progress.next_submission and not progress.paused:
        left = count(progress.total - progress.done, "piece")
        button = buttons.rate_button(progress.next_submission, round_of(contest.phase), "Rate the next piece")
        yield _Need(f"rate:{contest.contest_id}", f"{left} for you to listen to", button, contest.name)
    if contest.organizing is None:
        return
    if contest.phase in _DUE and is_due(contest):
        button = buttons.phase_button(contest.phase, contest.channel_id)
        yield _Need(f"phase:{contest.contest_id}", _DUE[contest.phase], button, contest.name)
    for sub, text, label in _alarms(contest.organizing):
        button = opening(sub, contest.channel_id, label)
        yield _Need(f"{sub}:{label}:{contest.contest_id}", text, button, contest.name)


def _alarms(counts: OrganizerCounts) -> Iterator[tuple[Sub, str, str]]:
    """What opens the place where it is settled, what it is, and what the button says."""
    if counts.flags:
        yield Sub.FLAGS, f"{count(counts.flags, 'flag')} of judges to look at", "Look at the flags"
    if counts.late:
        yield Sub.LATE, f"{count(counts.late, 'late file')} to decide about", "Decide about late files"
    if counts.requests:
        wishes = count(counts.requests, "wish", "wishes")
        yield Sub.ACCOUNTS, f"{wishes} about accounts to decide", "Decide about wishes"
    if counts.failed:
        stuck = count(counts.failed, "composition")
        yield Sub.FIND, f"{stuck} stuck on our side; the authors know", "Find a composition ..."
    if counts.pool_left <= LOW and (counts.pool_left < counts.pool or counts.queue):
        waiting = f", and {count(counts.queue, 'person', 'people')} waiting" if counts.queue else ""
        kept = f" besides {counts.kept} kept for people in line" if counts.kept else ""
        yield Sub.ACCOUNTS, f"{count(counts.pool_left, 'account')} left{kept}{waiting}", "See the accounts"


def _lost(contests: Sequence[HomeContest]) -> list[_Need]:
    """Messages are counted for the whole workspace: said once, and not with each contest."""
    lost = {
        contest.channel_id: contest.organizing.letters_failed
        for contest in contests
        if contest.organizing is not None and contest.phase is not Phase.FINISHED
    }
    return [
        _Need("lost", f"{count(number, 'message')} that never arrived", opening(Sub.STATUS, there))
        for there, number in [*lost.items()][:1]
        if number
    ]
