"""Who may have an account of a contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.finding import join_first

if TYPE_CHECKING:
    from bot.ports import Profile
    from bot.usecases.who import Who
    from models.contests import Contest
    from models.store import Work


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
    return work.accounts.size(contest.id) > 0


def require_pool(work: Work, contest: Contest) -> None:
    """Raises Refusal where nobody ever brought accounts for that contest."""
    if not has_pool(work, contest):
        raise Refusal(
            f"*{quoted(contest.name)}* has no accounts to hand out, and you can take part without one. "
            "If you were promised an account, please ask an organizer."
        )
