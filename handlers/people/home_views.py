"""The App Home: what concerns this person, contest by contest and role by role, with the buttons to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import until
from bot.rules.numbers import spelled
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.people.home import AccountState
from handlers.commands import Sub
from handlers.ids import Action
from handlers.judging import views
from handlers.people.needs_views import needs
from handlers.people.organizer_home_views import organizing
from handlers.views import blocks as b
from handlers.views import guide, words
from handlers.views.buttons import opening
from handlers.views.text import channel, code, count, cut, escape, name, sentence

if TYPE_CHECKING:
    from bot.usecases.people.home import HomeAccount, HomeContest, HomeSubmission, HomeView, JudgeProgress

SUBMISSIONS = 12
"""Compositions that are listed; the window has all."""

TIPS = (
    "Two or three voices that move against each other say more than one.",
    "End on the note that the key is named after, and it sounds finished.",
    "Leave a rest: silence is heard, too.",
    "The AI judge knows Bach best; people vote with their ears. Please both, or neither.",
)


def home(seen: HomeView) -> b.View:
    """The Home tab of one person: what waits for them first; then at most 4 blocks, and 20 a contest."""
    shown = [block for contest in seen.contests for block in contest_blocks(contest)]
    return b.home(
        [
            b.header("🎼 Kantor"),
            *needs((*seen.contests, *seen.others)),
            b.section("I run the contest: hand in a MIDI file of at most eight bars, and I take it from there."),
            b.called("everywhere", b.actions(_everywhere(seen))),
            *_picker(seen),
            *(shown or _nothing(seen.roles)),
        ],
        chosen=seen.contests[0].contest_id if seen.choices else "",
    )


def _everywhere(seen: HomeView) -> list[b.Block]:
    # Where there is no contest yet the first steps have it.
    organizer = [opening(Sub.CONTEST_NEW)] if Role.ORGANIZER in seen.roles and seen.contests else []
    return [opening(Sub.HELP), opening(Sub.STARTER), *organizer]


def _picker(seen: HomeView) -> list[b.Block]:
    if not seen.choices:
        return []
    options = [b.option(title, contest_id) for contest_id, title in seen.choices]
    chosen = next(one for one in options if one["value"] == seen.contests[0].contest_id)
    picker = b.menu("Choose a contest", Action.CHOOSE_CONTEST, options) | {"initial_option": chosen}
    lead = f"*{count(len(seen.choices), 'contest')}* concern you. You are looking at this one:"
    return [b.called("contests", b.section(lead, picker))]


def _nothing(roles: frozenset[Role]) -> list[b.Block]:
    nobody = "There is no contest for you right now. It appears here once you are in a contest's channel."
    return [b.divider(), *(guide.first_steps() if Role.ORGANIZER in roles else [b.section(nobody)])]


def contest_blocks(contest: HomeContest) -> list[b.Block]:
    """One contest, from the point of view of this person: their part as a judge or organizer first."""
    return [
        b.divider(),
        b.header(contest.name),
        b.context(f"{channel(contest.channel_id)}  ·  {words.PHASES[contest.phase]}"),
        *organizing(contest),
        *_judging(contest),
        *_taking_part(contest),
    ]


def _taking_part(contest: HomeContest) -> list[b.Block]:
    # Who runs or judges it, and sends nothing in, has no use for the rest.
    helps = not contest.submissions and (contest.organizing is not None or contest.judging is not None)
    own = [] if helps else [*_account(contest), *_submissions(contest)]
    tip = f"💡 {TIPS[len(contest.submissions) % len(TIPS)]}"
    return [
        *_deadline(contest),
        *own,
        b.called(f"{contest.contest_id}:own", b.actions(_look(contest) if helps else _buttons(contest))),
        *([b.context(tip)] if contest.phase is Phase.OPEN and not helps else []),
    ]


def _deadline(contest: HomeContest) -> list[b.Block]:
    if contest.phase not in {Phase.DRAFT, Phase.OPEN} and not contest.extended:
        return []
    when = until(contest.deadline, contest.time_zone, contest.left)
    more = " You have an extension." if contest.extended else ""
    return [b.section(f"⏰ *Compositions until {when}*{more}")]


def _account(contest: HomeContest) -> list[b.Block]:
    account, there = contest.account, contest.channel_id
    more = opening(Sub.ACCOUNT, there, "Open my account ...")
    if account.state is AccountState.HELD:
        line = _held(account)
    elif contest.phase is Phase.FINISHED or account.state is AccountState.NO_POOL:
        return []
    elif account.place_in_line:
        line = f"You are number {account.place_in_line} in line. I write to you when one is free."
    elif account.state is AccountState.RETURNED:
        line = "You had one and gave it back. You can ask the organizers for another one, or take part without it."
    elif account.state is AccountState.EMPTY:
        line = "All accounts are taken right now. You can get in line; the organizers can add more, too."
        more = opening(Sub.ACCOUNT, there, "Get in line ...")
    else:
        line, more = (
            "One is waiting for you. You can take part without it, too.",
            opening(Sub.ACCOUNT, there),
        )
    return [b.called(f"{contest.contest_id}:account", b.section(f"*Your account*\n{line}", more))]


def _held(account: HomeAccount) -> str:
    link = f"  ·  <{escape(account.sign_in_url or '')}|Sign in>" if account.sign_in_url else ""
    return f"{code(account.account_id or '')}, user {code(account.user_name or '')}{link}"


def _submissions(contest: HomeContest) -> list[b.Block]:
    used = f"{contest.used} of {contest.submission_limit}"
    lines = words.fitting([_submission(each) for each in contest.submissions], SUBMISSIONS)
    if lines:
        more = [words.folded(contest.folded)] if contest.folded else []
        return [b.section(f"*Your compositions* ({used})\n" + "\n".join([*lines, *more]))]
    return (
        [b.section(f"*Your compositions*\nNone yet. Up to {contest.submission_limit}.")]
        if contest.phase is Phase.OPEN
        else []
    )


def _submission(submission: HomeSubmission) -> str:
    state = words.STATES.get(submission.state, submission.state)
    parts = [
        f"*{name(submission.title)}*",
        state if submission.versions == 1 else f"{state}, version {submission.version} of {submission.versions}",
        *(["in the final"] if submission.in_final else []),
        *([f"AI judge: *{spelled(submission.score, 1)}* of 100"] if submission.score is not None else []),
        *(
            [f"your newest version: {words.STATES.get(submission.newest, submission.newest)}"]
            if submission.newest
            else []
        ),
    ]
    why = f": {sentence(cut(submission.refusal, 150))}" if submission.refusal else ""
    return f"•  {'  ·  '.join(parts)}{why}"


def _judging(contest: HomeContest) -> list[b.Block]:
    progress = contest.judging
    if progress is None:
        return []
    here = contest.contest_id
    judged = [views.queue_button(here), views.how_to_judge_button(here)]
    pausing = (
        b.button("Go on judging", Action.JUDGE_RESUME, here)
        if progress.paused
        else b.button("Pause", Action.JUDGE_PAUSE, here)
    )
    return [
        b.section(f"*You are a judge*\n{_judged(progress, contest.phase)}"),
        b.called(f"{here}:judge", b.actions(judged if contest.phase is Phase.FINISHED else [*judged, pausing])),
    ]


def _judged(progress: JudgeProgress, phase: Phase) -> str:
    rated = f"{progress.done} of {progress.total} rated."
    if phase is Phase.FINISHED:
        return f"{rated} Thank you for listening!"
    if progress.paused:
        return f"{rated} You pause: I send you nothing new until you go on."
    if progress.practice:
        return "A practice piece comes first, in the Messages tab. Try it or skip it; nothing of it is kept."
    if progress.next_submission:
        return f"{rated} Listen to the next piece in the Messages tab."
    if progress.total and progress.done == progress.total:
        return f"{rated} All done, thank you!"
    return "Nothing to listen to yet. When the judging runs, I send you the pieces in the Messages tab, one by one."


def _buttons(contest: HomeContest) -> list[b.Block]:
    there = contest.channel_id
    takes = contest.phase is Phase.OPEN and contest.used < contest.submission_limit
    return [
        *([opening(Sub.SUBMIT, there, primary=True)] if takes or contest.extended else []),
        *([opening(Sub.MINE)] if contest.submissions else []),
        *([opening(Sub.PLACE, there)] if contest.submissions else []),
        *_look(contest),
    ]


def _look(contest: HomeContest) -> list[b.Block]:
    there = contest.channel_id
    return [opening(Sub.BOARD, there), opening(Sub.RULES, there)]
