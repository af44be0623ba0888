"""What organizers see of a contest on the Home tab: what needs them, how it stands, and everything that they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.phases import JUDGED, Phase
from bot.rules.standings import BoardMode
from handlers.commands import Sub
from handlers.ids import Action
from handlers.people.homemenu_views import menu
from handlers.views import blocks as b
from handlers.views import words
from handlers.views.text import count, mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.people.home import HomeContest, OrganizerCounts

LOW = 2
"""With so few accounts left organizers are told."""
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
    """At most seven blocks."""
    counts = contest.organizing
    if counts is None:
        return []
    there, here = contest.channel_id, contest.contest_id
    # When it is over, nothing of this can be done any more.
    alarms = [] if contest.phase is Phase.FINISHED else list(_alarms(counts))
    lead = f"*You organize this*: all that you can do is behind the three dots.\n{_NOW[contest.phase]}"
    pieces = menu(there, Sub.FIND, *_running(contest.phase), Sub.EXPORT)
    judges = menu(there, Sub.JUDGES, Sub.FLAGS, *([Sub.RATE_FOR, Sub.NUDGE] if contest.phase in JUDGED else []))
    data = menu(there, Sub.ACCOUNTS, Sub.EXPORT, Sub.AUDIT, Sub.ERASE)
    return [
        *([b.section("⚠️ *This needs you*\n" + words.bullets(alarms))] if alarms else []),
        b.called(f"{here}:contest", b.section(lead, _contest_menu(contest))),
        b.called(f"{here}:pieces", b.section(_compositions(counts), pieces)),
        b.called(f"{here}:judges", b.section(_judges(counts, contest.phase), judges)),
        b.called(f"{here}:board", b.section(_boards(contest), _board_menu(contest))),
        b.called(f"{here}:data", b.section(_accounts(counts, contest.phase), data)),
        b.called(f"{here}:organize", b.actions(_buttons(contest))),
    ]


def _alarms(counts: OrganizerCounts) -> Iterator[str]:
    if counts.late:
        yield f"{count(counts.late, 'late file')} to decide about"
    if counts.flags:
        yield f"{count(counts.flags, 'flag')} of judges to look at"
    if counts.requests:
        yield f"{count(counts.requests, 'wish')} about accounts to decide".replace("wishs", "wishes")
    if counts.failed:
        yield f"{count(counts.failed, 'composition')} stuck on our side; the authors know"
    if counts.pool_left <= LOW and (counts.pool_left < counts.pool or counts.queue):
        waiting = f", and {count(counts.queue, 'person')} waiting".replace("persons", "people") if counts.queue else ""
        kept = f" besides {counts.kept} kept for people in line" if counts.kept else ""
        yield f"{count(counts.pool_left, 'account')} left{kept}{waiting}"
    if counts.letters_failed:
        yield f"{count(counts.letters_failed, 'message')} that never arrived; Status says more"


def _running(phase: Phase) -> list[Sub]:
    """What there is to do about compositions while they may still come in."""
    return {Phase.OPEN: [Sub.EXTEND, Sub.NUDGE, Sub.LATE], Phase.JUDGING: [Sub.EXTEND, Sub.LATE]}.get(phase, [])


def _contest_menu(contest: HomeContest) -> b.Block:
    undo = [Sub.PHASE_UNDO] if contest.may_undo else []
    away = [Sub.CONTEST_ARCHIVE] if contest.phase is Phase.FINISHED else []
    return menu(contest.channel_id, Sub.CONTEST_EDIT, *undo, Sub.ANNOUNCE, Sub.ORGANIZERS, *away)


def _compositions(counts: OrganizerCounts) -> str:
    of = f", by {count(counts.authors, 'author')}" if counts.authors else ""
    more = ((counts.waiting, "waiting"), (counts.refused, "not accepted"), (counts.late, "late"))
    rest = "".join(f"  ·  {number} {what}" for number, what in more if number)
    return f"*Compositions*\n{counts.accepted} accepted{of}{rest}"


def _judges(counts: OrganizerCounts, phase: Phase) -> str:
    if not counts.judges:
        return "*Judges*\nNobody yet. Name them from this menu."
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
    return f"*Leaderboard*\n{_SEEN[BoardMode(contest.board_mode)]}{frozen}"


def _board_menu(contest: HomeContest) -> b.Block:
    still = [Sub.BOARD_FREEZE] if contest.phase in JUDGED else []
    after = [Sub.FEEDBACK] if contest.phase is Phase.FINISHED else []
    return menu(contest.channel_id, Sub.BOARD, *([Sub.BOARD_THAW] if contest.frozen else still), *after)


def _accounts(counts: OrganizerCounts, phase: Phase) -> str:
    if phase is Phase.FINISHED:
        over = f"{count(counts.pool, 'account')}, handed out no more" if counts.pool else "There were no accounts."
        return f"*Accounts and data*\n{over}"
    pool = f"{counts.pool_left} of {count(counts.pool, 'account')} free" if counts.pool else "No accounts to hand out."
    pool += f"  ·  {counts.kept} kept for people in line" if counts.kept else ""
    queue = f"  ·  {counts.queue} waiting for one" if counts.queue else ""
    return f"*Accounts and data*\n{pool}{queue}"


def _is_due(contest: HomeContest) -> bool:
    """Whether the next phase is the sensible next step: nothing keeps a draft, the deadline has passed, the judges are through."""
    counts = contest.organizing
    through = counts is not None and counts.ratings > 0 and not counts.behind
    return {Phase.DRAFT: True, Phase.OPEN: contest.is_over_time}.get(contest.phase, through)


def _buttons(contest: HomeContest) -> list[b.Block]:
    there = contest.channel_id
    following = words.NEXT_PHASE_BUTTON.get(contest.phase)
    due = _is_due(contest)
    step = [b.button(following, Action.PREVIEW_PHASE, there, primary=due)] if following else []
    # The next phase comes first, and green, when its time has come, and last before that.
    others = [b.button("Status", Action.SHOW_STATUS, there), b.button("Edit ...", Action.EDIT_CONTEST, there)]
    return [*step, *others] if due else [*others, *step]
