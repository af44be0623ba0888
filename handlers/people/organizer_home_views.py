"""What organizers see of a contest on the Home tab: how it stands, and everything that they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.phases import JUDGED, Phase
from bot.rules.standings import BoardMode
from handlers.commands import Sub
from handlers.people.needs_views import is_due
from handlers.views import blocks as b
from handlers.views import buttons
from handlers.views.buttons import opening, row
from handlers.views.text import count, mention

if TYPE_CHECKING:
    from bot.usecases.people.home import HomeContest, OrganizerCounts

_NOW = {
    Phase.DRAFT: "A draft: nobody else sees it. Open it once judges, rules and dates are as you want them.",
    Phase.OPEN: "Compositions are coming in. When the deadline has passed, begin the judging.",
    Phase.JUDGING: "The judges are listening. End the round when they are through.",
    Phase.FINAL: "The final is being judged. Finish the contest when the judges are through.",
    Phase.FINISHED: "It is over. What is left: feedback to the authors, the export, passwords to rotate.",
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
    parts = [
        ("contest", f"*You organize this*\n{_NOW[phase]}", b.actions(_contest_buttons(contest))),
        ("pieces", _compositions(counts), row(there, Sub.FIND, *_running(phase))),
        ("judges", _judges(counts, phase), row(there, Sub.JUDGES, Sub.FLAGS, *judges)),
        ("board", _boards(contest), row(there, *_board_choices(contest))),
        ("data", _accounts(counts, phase), row(there, Sub.ACCOUNTS, Sub.EXPORT, Sub.AUDIT, Sub.ERASE)),
    ]
    return [
        block
        for part, text, buttons_of_it in parts
        for block in (b.section(text), b.called(f"{here}:{part}", buttons_of_it))
    ]


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
    if phase not in JUDGED and phase is not Phase.FINISHED:
        return head
    coverage = (
        f"{head}  ·  {counts.ratings} of {count(counts.possible, 'rating')}"
        f"  ·  {spelled(counts.mean, 1)} ratings a piece, {counts.fewest} at least"
    )
    if phase is Phase.FINISHED or not counts.behind:
        return coverage
    named = ", ".join(mention(judge) for judge in counts.behind[:NAMED])
    more = f" and {len(counts.behind) - NAMED} more" if len(counts.behind) > NAMED else ""
    return f"{coverage}\nStill listening: {named}{more}"


def _boards(contest: HomeContest) -> str:
    frozen = " It is frozen: they see it as it was then." if contest.frozen else ""
    return f"*Leaderboard*\n{_SEEN[contest.board_mode]}{frozen}"


def _board_choices(contest: HomeContest) -> list[Sub]:
    still = [Sub.BOARD_FREEZE] if contest.phase in JUDGED else []
    after = [Sub.FEEDBACK] if contest.phase is Phase.FINISHED else []
    return [Sub.BOARD, *([Sub.BOARD_THAW] if contest.frozen else still), *after]


def _accounts(counts: OrganizerCounts, phase: Phase) -> str:
    if phase is Phase.FINISHED:
        over = f"{count(counts.pool, 'account')}, handed out no more" if counts.pool else "There were no accounts."
        return f"*Accounts and data*\n{over}"
    pool = f"{counts.pool_left} of {count(counts.pool, 'account')} free" if counts.pool else "No accounts to hand out."
    pool += f"  ·  {counts.kept} kept for people in line" if counts.kept else ""
    queue = f"  ·  {counts.queue} waiting for one" if counts.queue else ""
    return f"*Accounts and data*\n{pool}{queue}"
