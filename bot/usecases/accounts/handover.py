"""Who may have an account, and the line of those who wait for one.

An account that becomes free is kept for whoever waits longest, for a day, and then for the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.accounts.letters import AccountFree, AccountPassedOn
from bot.usecases.finding import join_first

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Profile
    from bot.usecases.desk import Matter
    from bot.usecases.who import Who
    from models.accounts import AccountWait
    from models.contests import Contest
    from models.store import Work


KEPT = timedelta(hours=24)
"""So long an account is kept for the person who was told of it."""


@dataclass(frozen=True)
class PoolCount:
    """How many accounts of a contest there are, and for whom."""

    size: int
    """Accounts that were ever brought."""
    free: int
    """For whoever asks: nobody has them, and they are kept for nobody."""
    kept: int
    """For people in line who were told."""
    waiting: int
    """People in line for whom none is kept."""


def pool_count(work: Work, contest: Contest, now: datetime) -> PoolCount:
    """Count them: the one place that says how many are free."""
    queue = work.accounts.waits.queue(contest.id)
    unused, kept = work.accounts.free(contest.id), sum(is_kept(wait, now) for wait in queue)
    waiting = sum(wait.told_at is None for wait in queue)
    return PoolCount(work.accounts.size(contest.id), max(0, unused - kept), min(unused, kept), waiting)


def has_one_for(work: Work, contest: Contest, user_id: str, now: datetime) -> bool:
    """Whether the person could take an account without jumping the queue."""
    queue = [wait for wait in work.accounts.waits.queue(contest.id) if not _is_over(wait, now)]
    own = next((place for place, wait in enumerate(queue) if wait.user_id == user_id), None)
    if own is not None and is_kept(queue[own], now):
        return work.accounts.free(contest.id) > 0
    # Whoever is new stands behind all; whoever waits, behind those before them, and behind those who were told.
    others = [wait for place, wait in enumerate(queue) if own is None or place < own or is_kept(wait, now)]
    return work.accounts.free(contest.id) > len(others)


def place_in_line(work: Work, contest: Contest, user_id: str) -> int:
    """How many wait up to the person, they included; 0 for somebody who does not wait."""
    waiting = [wait.user_id for wait in work.accounts.waits.queue(contest.id) if wait.told_at is None]
    return waiting.index(user_id) + 1 if user_id in waiting else 0


def hand_over(work: Matter) -> None:
    """Tell those who wait longest of the accounts that are free, and take back what was kept in vain."""
    contest, now = work.contest, work.now
    queue = list(work.accounts.waits.queue(contest.id))
    for wait in queue:
        if _is_over(wait, now):
            work.accounts.waits.leave(contest.id, wait.user_id)
            gone = AccountPassedOn(contest_name=contest.name, channel_id=contest.channel_id)
            key = f"account_passed_on:{contest.id}:{wait.user_id}:{_stamp(wait.told_at)}"
            work.post(key, wait.user_id, gone)
    waiting = [wait for wait in queue if wait.told_at is None]
    for wait in waiting[: pool_count(work, contest, now).free]:
        wait.told_at = now
        told = AccountFree(contest_name=contest.name, channel_id=contest.channel_id, until=now + KEPT)
        work.post(f"account_free:{contest.id}:{wait.user_id}:{_stamp(now)}", wait.user_id, told)


def is_kept(wait: AccountWait, now: datetime) -> bool:
    """Whether an account is kept for that person."""
    return wait.told_at is not None and now < wait.told_at + KEPT


def _is_over(wait: AccountWait, now: datetime) -> bool:
    return wait.told_at is not None and not is_kept(wait, now)


def _stamp(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def require_entitled(who: Who, contest: Contest, user_id: str) -> Profile:
    """The person, where they may have an account of that contest. Raises Refusal; may raise Unavailable."""
    if contest.phase == Phase.FINISHED:
        raise Refusal(f"*{quoted(contest.name)}* is over, so it hands out no accounts any more.")
    profile = who.profile(user_id)
    if profile is None or not profile.is_ours:
        raise Refusal(
            "I do not know you as a member of this workspace, so I cannot give you an account. Please ask an organizer."
        )
    if not who.directory.is_member(contest.channel_id, user_id):
        invited = " As a guest you need an organizer to let you in." if profile.is_guest else ""
        raise Refusal(f"{join_first(contest)}{invited}")
    if profile.is_guest:
        raise Refusal(
            "Accounts are for full members of this workspace, and you are here as a guest. Please ask an organizer of the contest."
        )
    return profile


def has_pool(work: Work, contest: Contest) -> bool:
    """Whether anybody ever brought accounts for the contest."""
    return work.accounts.has_any(contest.id)


def require_pool(work: Work, contest: Contest) -> None:
    """Raises Refusal where nobody ever brought accounts for that contest."""
    if not has_pool(work, contest):
        raise Refusal(
            f"*{quoted(contest.name)}* has no accounts to hand out, and you can take part without one. "
            "If you were promised an account, please ask an organizer."
        )
