"""The App Home: what concerns this person, contest by contest and role by role, with the buttons to go on.

What waits for them, of all their contests, is at its top. Organizers see how a contest stands, and everything that they can do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.moments import until
from bot.rules.numbers import spelled
from bot.rules.phases import JUDGED, OVER, Phase, round_of
from bot.rules.roles import Role
from bot.rules.standings import BoardMode
from bot.usecases.people.home import AccountState
from handlers.commands import Sub
from handlers.ids import Action
from handlers.judging import views
from handlers.views import blocks as b
from handlers.views import buttons, guide
from handlers.views import text as words
from handlers.views.buttons import opening, row
from handlers.views.text import channel, code, count, cut, escape, mention, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.people.home import (
        HomeAccount,
        HomeContest,
        HomeSubmission,
        HomeView,
        JudgeProgress,
        OrganizerCounts,
    )


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
    own = [views.ratings_button(here)] if progress.done else []
    judged = [views.queue_button(here), *own, views.how_to_judge_button(here)]
    pausing = (
        b.button("Go on judging", Action.JUDGE_RESUME, here)
        if progress.paused
        else b.button("Pause", Action.JUDGE_PAUSE, here)
    )
    return [
        b.section(f"*You are a judge*\n{_judged(progress, contest.phase)}"),
        b.called(f"{here}:judge", b.actions(judged if contest.phase in OVER else [*judged, pausing])),
    ]


def _judged(progress: JudgeProgress, phase: Phase) -> str:
    rated = f"{progress.done} of {progress.total} rated."
    if phase in OVER:
        return f"{rated} Thank you for listening!"
    if progress.paused:
        return f"{rated} You pause: I send you nothing new until you go on."
    if progress.practice:
        return "Practice comes first, in the Messages tab. Try it or skip it; it counts nowhere."
    if progress.next_submission:
        return f"{rated} Listen to the next piece in the Messages tab."
    if progress.total and progress.done == progress.total:
        return f"{rated} {views.MORE if progress.more else 'All done, thank you!'}"
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


_NOW = {
    Phase.DRAFT: "A draft: nobody else sees it. Open it once judges, rules and dates are as you want them.",
    Phase.OPEN: "Compositions are coming in. When the deadline has passed, begin the judging.",
    Phase.JUDGING: "The judges are listening. End the round when they are through.",
    Phase.FINAL: "The final is being judged. Finish the contest when the judges are through.",
    Phase.CEREMONY: "The results are final, and nobody knows them but you organizers and who presents them.",
    Phase.FINISHED: "It is over. What is left: ",
}
_SEEN = {
    BoardMode.HIDDEN: "Hidden: only organizers see it until the end.",
    BoardMode.RANKS: "Everybody sees places, and no scores until the end.",
    BoardMode.FULL: "Everybody sees places and scores.",
}
NAMED = 5
"""So many judges who are behind are named."""


def organizing(contest: HomeContest) -> list[b.Block]:
    """Ten blocks: what there is, and under each what can be done about it."""
    counts = contest.organizing
    if counts is None:
        return []
    there, here, phase = contest.channel_id, contest.contest_id, contest.phase
    judges = [Sub.RATE_FOR, Sub.NUDGE] if phase in JUDGED else []
    asking = [] if phase is Phase.FINISHED else [Sub.JUDGES_ASK]
    parts = [
        ("contest", f"*You organize this*\n{_now(contest)}", b.actions(_contest_buttons(contest))),
        ("pieces", _compositions(counts), row(there, Sub.FIND, *_running(phase))),
        (
            "judges",
            _judges(counts, phase),
            row(there, Sub.JUDGES, Sub.PANEL, *asking, Sub.COVERAGE, Sub.FLAGS, *judges),
        ),
        ("board", _boards(contest), row(there, *_board_choices(contest))),
        (
            "data",
            _accounts(counts, phase),
            row(there, Sub.ACCOUNTS, Sub.EXPORT, Sub.BUNDLE, Sub.REPORT, Sub.AUDIT, Sub.ERASE),
        ),
    ]
    return [
        block
        for part, text, buttons_of_it in parts
        for block in (b.section(text), b.called(f"{here}:{part}", buttons_of_it))
    ]


def _now(contest: HomeContest) -> str:
    counts = contest.organizing
    if contest.phase is Phase.OPEN and contest.is_over_time:
        return "The deadline has passed: begin the judging."
    if contest.phase is not Phase.FINISHED:
        return _NOW[contest.phase]
    undone = ((not contest.feedback_sent, "feedback to the authors"), (True, "the export"))
    rotate = (counts is not None and counts.pool > 0, "passwords to rotate")
    return _NOW[contest.phase] + ", ".join(what for is_left, what in (*undone, rotate) if is_left) + "."


def _running(phase: Phase) -> list[Sub]:
    """What there is to do about compositions while they may still come in."""
    return {Phase.OPEN: [Sub.EXTEND, Sub.NUDGE, Sub.LATE], Phase.JUDGING: [Sub.EXTEND, Sub.LATE]}.get(phase, [])


def _contest_buttons(contest: HomeContest) -> list[b.Block]:
    there, due = contest.channel_id, is_due(contest)
    step = [] if contest.phase is Phase.FINISHED else [buttons.phase_button(contest.phase, there, primary=due)]
    undo = [Sub.PHASE_UNDO] if contest.may_undo else []
    away = [Sub.CONTEST_ARCHIVE] if contest.phase is Phase.FINISHED else []
    choices = (Sub.CONTEST_EDIT, Sub.ANNOUNCE, Sub.ORGANIZERS, *undo, *away)
    others = [opening(Sub.STATUS, there), *(opening(each, there) for each in choices)]
    # The next phase comes first, and green, when its time has come, and last before that.
    return [*step, *others] if due else [*others, *step]


def _compositions(counts: OrganizerCounts) -> str:
    of = f", by {count(counts.authors, 'author')}" if counts.authors else ""
    more = ((counts.waiting, "waiting"), (counts.refused, "not accepted"), (counts.late, "late"))
    rest = "".join(f"  ·  {number} {what}" for number, what in more if number)
    return f"*Compositions*\n{counts.accepted} accepted{of}{rest}"


def _judges(counts: OrganizerCounts, phase: Phase) -> str:
    if not counts.judges:
        return "*Judges*\nNobody yet: name them behind *See the judges*."
    head = f"*Judges*\n{count(counts.judges, 'judge')}"
    head += f", {counts.paused} of them pausing" if counts.paused else ""
    if phase not in JUDGED and phase not in OVER:
        return head
    coverage = (
        f"{head}  ·  {counts.ratings} of {count(counts.possible, 'rating')}"
        f"  ·  {spelled(counts.mean, 1)} ratings a piece, {counts.fewest} at least"
    )
    if phase in OVER or not counts.behind:
        return coverage
    named = ", ".join(mention(judge) for judge in counts.behind[:NAMED])
    more = f" and {len(counts.behind) - NAMED} more" if len(counts.behind) > NAMED else ""
    return f"{coverage}\nStill listening: {named}{more}"


def _boards(contest: HomeContest) -> str:
    frozen = " It is frozen: they see it as it was then." if contest.frozen else ""
    return f"*Leaderboard*\n{_SEEN[contest.board_mode]}{frozen}"


def _board_choices(contest: HomeContest) -> list[Sub]:
    still = (
        [Sub.BOARD_FREEZE, Sub.CEREMONY] if contest.phase in JUDGED else [Sub.CEREMONY] if contest.phase in OVER else []
    )
    after = [Sub.FEEDBACK] if contest.phase is Phase.FINISHED and not contest.feedback_sent else []
    return [Sub.BOARD, *([Sub.BOARD_THAW] if contest.frozen else still), *after]


def _accounts(counts: OrganizerCounts, phase: Phase) -> str:
    if phase is Phase.FINISHED:
        over = f"{count(counts.pool, 'account')}, handed out no more" if counts.pool else "There were no accounts."
        return f"*Accounts and data*\n{over}"
    pool = f"{counts.pool_left} of {count(counts.pool, 'account')} free" if counts.pool else "No accounts to hand out."
    pool += f"  ·  {counts.kept} kept for people in line" if counts.kept else ""
    queue = f"  ·  {counts.queue} waiting for one" if counts.queue else ""
    return f"*Accounts and data*\n{pool}{queue}"


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
