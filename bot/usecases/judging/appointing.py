"""Makes somebody a judge: the role, the welcome, the practice piece, and what waits to be rated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import JUDGED
from bot.rules.roles import Role
from bot.rules.tenets import tenets_of
from bot.rules.words import quoted
from bot.usecases.happenings import JudgeAppointed
from bot.usecases.judging.allotting import allot, called_otherwise
from bot.usecases.judging.following import follow_judge
from bot.usecases.judging.invitations import invite_next, pile_of
from bot.usecases.judging.letters import JudgeWelcome
from bot.usecases.judging.practice import ask_for_practice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.ports import Profile
    from bot.usecases.desk import Matter
    from bot.usecases.who import Who


def able(who: Who, user_ids: Sequence[str], verb: str, *, guests: bool, done: str = "added") -> list[Profile]:
    """The people with these ids, each once. Raises Refusal that names all who cannot ``verb``. May raise Unavailable.

    ``done``: what was to be done with them, in the past tense.
    """
    found = {user_id: who.profile(user_id) for user_id in user_ids}
    whys = [why for user_id, profile in found.items() if (why := _why_not(user_id, profile, verb, guests=guests))]
    if whys:
        raise Refusal(" ".join([*whys, f"So I {done} nobody. Please name the others once more."]))
    return [profile for profile in found.values() if profile is not None]


def _why_not(user_id: str, profile: Profile | None, verb: str, *, guests: bool) -> str:
    """Empty where nothing stands against it."""
    if profile is None:
        return (
            f"I know nobody with the id `{user_id}` here: please pick people from the list that Slack offers after `@`."
        )
    if profile.is_ours and (guests or not profile.is_guest):
        return ""
    what = (
        "is a guest"
        if profile.is_guest and not guests
        else "is of another workspace"
        if profile.is_stranger
        else "is a bot"
        if profile.is_bot
        else "has been deactivated"
    )
    return f"<@{user_id}> {what} and cannot {verb}."


def require_not_void(work: Matter, judge: str) -> None:
    """Raises Refusal for a judge whom the organizers have let go, with all that they gave."""
    contest = work.contest
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    if role is not None and role.voided_at is not None:
        raise Refusal(
            f"What <@{judge}> gave in *{quoted(contest.name)}* is void, so they cannot judge again as they are. `/kantor judges restore "
            "@name` takes that back."
        )


def appoint(work: Matter, judge: str, *, by: str = "") -> bool:
    """Make that person a judge of the contest, or again one who had recused. False where they are one already.

    ``by``: the organizer whose wish it was; empty: whoever acts.
    """
    contest, now, added_by = work.contest, work.now, by or work.actor
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    if role is not None and role.recused_at is None:
        return False
    require_not_void(work, judge)
    if role is None:
        work.contests.roles.give(contest.id, judge, Role.JUDGE, added_by=added_by, now=now)
        role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
        again = ""
    else:
        again, role.recused_at = f":{now.timestamp():.0f}", None
    assert role is not None
    called_otherwise(work, [judge])
    practice = role.practised_at is None and ask_for_practice(work, role)
    welcome = JudgeWelcome(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        added_by=added_by,
        judging=contest.phase in JUDGED and pile_of(work, contest, judge).total > 0,
        tenets="\n".join(tenets_of(contest.texts)),
        contest_id=contest.id,
        blind=contest.blind,
        practice=practice,
    )
    work.post(f"welcome:{contest.id}:{judge}{again}", judge, welcome)
    follow_judge(work, contest, judge, now)
    allot(work)
    invite_next(work, contest, judge, now)
    work.happened(JudgeAppointed(judge))
    return True
