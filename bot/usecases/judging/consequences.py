"""What happens elsewhere, and what it means for those who judge: their piles, their letters, their next pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.usecases.bylines import whose
from bot.usecases.judging.following import follow, follow_judge
from bot.usecases.judging.invitations import invite_all, invite_next, with_judges
from bot.usecases.judging.letters import JudgingGoesOn, PieceWithdrawn
from bot.usecases.judging.piles import called
from bot.usecases.letters import Draft, post_all
from bot.usecases.messages import Whose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter
    from models.submissions import Submission


def of_a_phase(work: Matter, began: on.PhaseBegan) -> None:
    """A round begins: each judge gets the first pieces. Those who kept what they were sent before it was taken back learn that it goes on."""
    if began.phase not in JUDGED:
        return
    contest = work.contest
    if began.turn:
        key = f"goes_on:{contest.id}:{began.phase}:{began.turn}"
        held = {
            judge: JudgingGoesOn(contest_name=contest.name, pieces=n) for judge, n in with_judges(work, contest).items()
        }
        drafts = [Draft(f"{key}:{judge}", judge, letter, contest_id=contest.id) for judge, letter in held.items()]
        post_all(work, drafts, work.now)
    invite_all(work, contest, work.now)


def of_new_settings(work: Matter, changed: on.ContestChanged) -> None:
    """Who waited for the practice piece may begin."""
    if "practice" in changed.names:
        for judge in work.contests.roles.holders(work.contest.id, Role.JUDGE):
            follow_judge(work, work.contest, judge, work.now)
        invite_all(work, work.contest, work.now)


def of_leaving(work: Matter, left: on.JudgeLeft) -> None:
    """Nothing that they were sent has a live button any more."""
    follow_judge(work, work.contest, left.judge, work.now)


def of_coming_back(work: Matter, back: on.JudgeBack) -> None:
    """What they were sent has its buttons again, and the next pieces come."""
    follow_judge(work, work.contest, back.judge, work.now)
    invite_next(work, work.contest, back.judge, work.now)


def of_an_acceptance(work: Matter, accepted: on.Accepted) -> None:
    """It is one more to rate, or takes the place of an earlier version; a first version that is accepted later is in no final."""
    if work.contest.phase == Phase.JUDGING or accepted.counting.in_final:
        invite_all(work, work.contest, work.now)
        if accepted.piece.version > 1:
            _follow(work, work.submissions.versions(accepted.piece.root_id))


def of_another_version(work: Matter, chosen: on.VersionChosen) -> None:
    """It comes to the judges in the place of the one before."""
    if work.contest.phase in JUDGED:
        invite_all(work, work.contest, work.now)
        _follow(work, chosen.versions)


def of_a_withdrawal(work: Matter, withdrawn: on.Withdrawn) -> None:
    """Who had it gets the next piece. A word to those who have rated it, and to the organizers: places move without it."""
    contest = work.contest
    if contest.phase not in JUDGED:
        return
    invite_all(work, contest, work.now)
    _follow(work, withdrawn.versions)
    ids = {one.id: one for one in withdrawn.versions}
    given = [one for one in work.ratings.given(contest.id) if one.submission_id in ids]
    if not given:
        return
    piece = ids[given[-1].submission_id]
    note = PieceWithdrawn(
        contest_name=contest.name, called=called(work, contest, piece), ratings=len(given), to_judge=True
    )
    key = f"piece_withdrawn:{piece.id}:{work.now.timestamp():.0f}"
    for judge in sorted({one.judge for one in given}):
        work.post_about(f"{key}:{judge}", piece, note, to=judge)
    named = note.model_copy(update={"called": piece.name, "piece": Whose(**whose(piece)), "to_judge": False})
    work.post_to_organizers(f"{key}:organizers", named, about=piece, veiled=note)


def _follow(work: Matter, versions: Sequence[Submission]) -> None:
    follow(work, work.contest, [one.id for one in versions], work.now)
