"""The App Home: what concerns this person, contest by contest, with the buttons to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import spoken
from bot.rules.phases import Phase
from bot.usecases.home import AccountState
from bot.usecases.roles import Role
from handlers.ids import Action, Command, Sub
from handlers.views import blocks as b
from handlers.views import buttons, contests, guide, words
from handlers.views.text import channel, count, cut, escape, name, sentence

if TYPE_CHECKING:
    from bot.usecases.home import HomeAccount, HomeContest, HomeSubmission, HomeView, JudgeProgress, OrganizerCounts

SHOWN = 8
"""Contests: each takes at most 9 blocks of the view's 100."""
SUBMISSIONS = 12


def home(seen: HomeView) -> b.View:
    """The Home tab of one person."""
    shown = [block for contest in seen.contests[:SHOWN] for block in contest_blocks(contest)]
    hidden = len(seen.contests) - SHOWN
    return b.home(
        [
            b.header("🎼 Kantor"),
            b.section("I run the contest: drop a MIDI file of at most eight bars, and I take it from there."),
            b.actions(_everywhere(seen.roles)),
            *(shown or _nothing(seen.roles)),
            *([b.context(f"… and {count(hidden, 'contest')} more.")] if hidden > 0 else []),
        ]
    )


def _everywhere(roles: frozenset[Role]) -> list[b.Block]:
    return [guide.help_button(), *([contests.new_contest_button()] if Role.ORGANIZER in roles else [])]


def _nothing(roles: frozenset[Role]) -> list[b.Block]:
    organizer = f"There is no contest yet. Begin one with the button above, or with `{Command.KANTOR} {Sub.CONTEST_NEW}` in its channel."
    nobody = "There is no contest for you right now. It appears here once you are in a contest's channel."
    return [b.divider(), b.section(organizer if Role.ORGANIZER in roles else nobody)]


def contest_blocks(contest: HomeContest) -> list[b.Block]:
    """One contest, from the point of view of this person."""
    where = f"{channel(contest.channel_id)}  ·  {words.PHASES[contest.phase]}"
    until = (
        f"  ·  compositions until {spoken(contest.deadline, contest.time_zone)}"
        if contest.phase in {Phase.DRAFT, Phase.OPEN}
        else ""
    )
    return [
        b.divider(),
        b.header(contest.name),
        b.context(where + until),
        *_account(contest.account),
        *_submissions(contest),
        *_judging(contest.judging, contest.phase),
        *_organizing(contest.organizing),
        b.actions(_buttons(contest)),
    ]


def _account(account: HomeAccount) -> list[b.Block]:
    if account.state is AccountState.HELD:
        link = f"  ·  <{escape(account.sign_in_url or '')}|Sign in>" if account.sign_in_url else ""
        return [
            b.section(
                f"*Your account*\n`{name(account.account_id or '')}`, user `{name(account.user_name or '')}`{link}"
            )
        ]
    if account.state is AccountState.EMPTY:
        return [b.section("*Your account*\nAll accounts are taken right now. The organizers can add more.")]
    return []


def _submissions(contest: HomeContest) -> list[b.Block]:
    used = f"{len([each for each in contest.submissions if each.state != 'refused'])} of {contest.submission_limit}"
    lines = words.at_most([_submission(each) for each in contest.submissions], SUBMISSIONS)
    if lines:
        return [b.section(f"*Your compositions* ({used})\n" + "\n".join(lines))]
    return (
        [b.section(f"*Your compositions*\nNone yet. Up to {contest.submission_limit}.")]
        if contest.phase is Phase.OPEN
        else []
    )


def _submission(submission: HomeSubmission) -> str:
    score = "" if submission.score is None else f"  ·  AI judge: *{submission.score:.1f}* of 100"
    why = f": {sentence(cut(submission.refusal, 150))}" if submission.refusal else ""
    return f"•  {name(submission.name, 100)}  ·  {words.STATES.get(submission.state, submission.state)}{score}{why}"


def _judging(progress: JudgeProgress | None, phase: Phase) -> list[b.Block]:
    return [] if progress is None else [b.section(f"*You are a judge*\n{_judged(progress, phase)}")]


def _judged(progress: JudgeProgress, phase: Phase) -> str:
    rated = f"{progress.done} of {progress.total} rated."
    if progress.next_submission:
        return f"{rated} Listen to the next piece in the Messages tab."
    if progress.total and progress.done == progress.total:
        return f"{rated} All done, thank you!"
    if phase is Phase.FINISHED:
        return f"{rated} Thank you for listening!"
    return "Nothing to listen to yet. When the judging runs, I send you the pieces in the Messages tab, one by one."


def _organizing(counts: OrganizerCounts | None) -> list[b.Block]:
    if counts is None:
        return []
    stuck = f", ⚠️ {counts.failed} stuck" if counts.failed else ""
    compositions = f"{counts.accepted} accepted, {counts.waiting} waiting, {counts.refused} not accepted{stuck}"
    rest = f"{count(counts.judges, 'judge')}  ·  {count(counts.ratings, 'rating')}  ·  {count(counts.pool_left, 'free account')}"
    return [b.section(f"*You organize this*\nCompositions: {compositions}\n{rest}")]


def _buttons(contest: HomeContest) -> list[b.Block]:
    there = contest.channel_id
    offered = contest.account.state is AccountState.AVAILABLE and contest.phase is not Phase.FINISHED
    piece = contest.judging.next_submission if contest.judging else None
    following = words.NEXT_PHASE_BUTTON.get(contest.phase) if contest.organizing else None
    return [
        *([buttons.rate_button(piece, "Rate the next piece")] if piece else []),
        *([buttons.account_button(there, primary=piece is None)] if offered else []),
        b.button("Leaderboard", Action.SHOW_BOARD, there),
        b.button("Status", Action.SHOW_STATUS, there),
        *([b.button(following, Action.PREVIEW_PHASE, there)] if following else []),
    ]
