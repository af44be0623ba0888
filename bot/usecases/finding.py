"""Which contest a word in some channel is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.contests import Contest
    from models.store import Work

NAMED = 10
"""So many contests are named in a sentence."""
_FINISHED_SHOWN = 2
"""So many contests that are over are still in people's minds, and on their Home tab."""
STATUS = "`/kantor status` shows what there is."


def known(contest: Contest | None, hint: str = STATUS) -> Contest:
    """The contest, where there is one. Raises Refusal, with what to do in its place, where it is gone."""
    if contest is None:
        raise Refusal(f"I cannot find that contest any more. {hint}")
    return contest


def not_archived(contest: Contest) -> Contest:
    """The contest, where it may be changed. Raises Refusal where it was put away."""
    if contest.archived_at is not None:
        raise Refusal(f"*{quoted(contest.name)}* is in the archive, so it stays as it is.")
    return contest


def contests_to_show(work: Work) -> Sequence[Contest]:
    """All contests that run, and the last few that are over; newest first. None that was put away."""
    newest = [contest for contest in work.contests.newest_first() if contest.archived_at is None]
    over = [contest for contest in newest if contest.phase == Phase.FINISHED][:_FINISHED_SHOWN]
    return [contest for contest in newest if contest.phase != Phase.FINISHED or contest in over]


def contest_in(work: Work, channel_id: str) -> Contest | None:
    """The channel's own contest: the one that runs, or else its last one."""
    return work.contests.running_in(channel_id) or work.contests.latest_in(channel_id)


def the_one_meant(newest_first: Sequence[Contest]) -> Contest | None:
    """Of these contests the only one that runs; else, where none runs, the newest. Raises Refusal where several run."""
    running = [contest for contest in newest_first if contest.finished_at is None]
    if len(running) > 1:
        oldest_first = sorted(running, key=lambda contest: contest.created_at)
        raise Refusal(
            f"Several contests are on: {listed(oldest_first)}. Please ask in the channel of the one you mean."
        )
    return next(iter(running or newest_first), None)


def no_contest() -> Refusal:
    """There is none, or none that this person may know of: both read the same, so that nothing is given away."""
    return Refusal("There is no contest here yet. An organizer can begin one with `/kantor contest new`.")


def listed(contests: Iterable[Contest]) -> str:
    """``*Bach Jam* in <#C1>, *Blue Notes* in <#C2>``; of many the first, and how many more there are."""
    named = [f"*{quoted(contest.name)}* in <#{contest.channel_id}>" for contest in contests]
    more = [f"and {len(named) - NAMED} more"] if len(named) > NAMED else []
    return ", ".join([*named[:NAMED], *more])


def join_first(contest: Contest) -> str:
    """What somebody reads who asks for an account from outside the contest's channel."""
    return f"Accounts are for the people of <#{contest.channel_id}>. Please join that channel first, then ask me again."
