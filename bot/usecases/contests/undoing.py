"""Taking a phase back that began by mistake, while nothing depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken
from bot.rules.numbers import counted
from bot.rules.phases import Phase, Round
from bot.rules.words import quoted
from bot.usecases import happenings as on
from bot.usecases.boards.leaderboard import FINAL
from bot.usecases.contests.contests import BEGAN, moved_already, note_move, times
from bot.usecases.contests.finals import final_note_key
from bot.usecases.contests.letters import FinalTakenBack, PhaseUndone
from bot.usecases.finding import not_archived
from bot.usecases.judging.invitations import with_judges
from bot.usecases.judging.letters import JudgingHeld
from bot.usecases.letters import Draft, post_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work


@dataclass(frozen=True)
class UndoPreview:
    """What taking the phase back would bring, to be confirmed."""

    contest_id: str
    name: str
    phase: Phase
    previous: Phase
    effects: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Undone:
    """A contest that is back in an earlier phase."""

    name: str
    phase: Phase
    channel_id: str


@dataclass(frozen=True)
class Undoing:
    """Take the last phase back."""

    desk: Desk

    def preview(self, actor: str, channel_id: str) -> UndoPreview:
        """What ``undo`` would do. Raises Refusal for people who are no organizers, and where something depends on the phase."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        zone = self.desk.who.zone_of(actor, contest.time_zone)
        with self.desk.organizer(actor, contest.id, reads=True) as work:
            contest = work.contest
            previous = _require_undoable(work, contest)
            effects = tuple(_effects(work, contest, previous, self.desk.clock.now(), zone))
            warnings = tuple(_warnings(contest, previous, self.desk.clock.now(), zone))
        return UndoPreview(contest.id, contest.name, contest.phase, previous, effects, warnings)

    def undo(self, actor: str, contest_id: str, expected: Phase) -> Undone:
        """Take ``expected`` back. The same organizer may repeat that; nothing happens twice.

        Raises Refusal where it is not in ``expected`` any more, or something has come to depend on it.
        """
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            if not moved_already(work, expected, back=True):
                if contest.phase != expected:
                    raise Refusal(
                        f"*{quoted(contest.name)}* is in the phase *{contest.phase}* by now, so nothing was changed. "
                        "`/kantor status` shows how it stands."
                    )
                _undo(work)
            return Undone(contest.name, contest.phase, contest.channel_id)


def _undo(work: Matter) -> None:
    contest, now = work.contest, work.now
    previous, undone = _require_undoable(work, contest), contest.phase
    turn = sum(move.back for move in work.contests.moves(contest.id))
    letters = [*_to_judges(work, contest, undone, turn), *_to_authors(work, contest, undone, turn)]
    contest.phase = previous
    setattr(contest, BEGAN[undone], None)
    if undone is Phase.FINAL:
        for piece in work.submissions.accepted(contest.id):
            piece.in_final = False
    news = PhaseUndone(
        contest_name=contest.name,
        phase=previous,
        undone=undone,
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        in_time=now < contest.deadline,
    )
    work.post(f"undone:{contest.id}:{turn}", contest.channel_id, news)
    post_all(work, letters, now)
    work.happened(on.PhaseUndone())
    note_move(work, undone, back=True)


def _require_undoable(work: Work, contest: Contest) -> Phase:
    """The phase before. Raises Refusal, with the reason, where something depends on the present one."""
    phase = contest.phase
    not_archived(contest)
    if phase is Phase.DRAFT:
        raise Refusal(f"*{quoted(contest.name)}* is a draft: no phase comes before that.")
    if phase is Phase.OPEN:
        _require_nothing_sent(work, contest)
        return Phase.DRAFT
    if phase is Phase.JUDGING:
        _require_nothing_rated(work, contest, Round.PRELIMINARY)
        return Phase.OPEN
    if phase is Phase.FINAL:
        _require_nothing_rated(work, contest, Round.FINAL)
        return Phase.JUDGING
    if phase is Phase.CEREMONY:
        _require_not_revealed(work, contest)
        return _judged_last(contest)
    _require_not_told(work, contest)
    return Phase.CEREMONY if contest.ceremony_at is not None else _judged_last(contest)


def _judged_last(contest: Contest) -> Phase:
    return Phase.FINAL if contest.final_at is not None else Phase.JUDGING


def _require_not_revealed(work: Work, contest: Contest) -> None:
    if any(each.shown for each in work.awards.ceremonies(contest.id) if not each.rehearsal and each.ended_at is None):
        raise Refusal(
            f"The ceremony of *{quoted(contest.name)}* has begun, and what was revealed cannot be unsaid, so the results stand. "
            "`/kantor ceremony` shows where it stands."
        )


def _require_nothing_sent(work: Work, contest: Contest) -> None:
    sent = len(work.submissions.of_contest(contest.id))
    if sent:
        were = "has been sent in" if sent == 1 else "have been sent in"
        raise Refusal(
            f"{counted(sent, 'file')} {were} already, so *{quoted(contest.name)}* stays open. "
            "`/kantor contest edit` still changes its deadline, its limit and its texts."
        )


def _require_nothing_rated(work: Work, contest: Contest, round_: Round) -> None:
    given = len(work.ratings.of_round(contest.id, round_))
    if given:
        were = "1 rating has been given" if given == 1 else f"{given} ratings have been given"
        more = (
            " To let one person send in something later, use `/kantor extend`." if round_ is Round.PRELIMINARY else ""
        )
        raise Refusal(f"{were} already, and would count for nothing, so this phase stays.{more}")


def _require_not_told(work: Work, contest: Contest) -> None:
    if contest.feedback_at is not None:
        raise Refusal(
            f"The authors of *{quoted(contest.name)}* have read what the judges said, and feedback goes out once, so it stays finished."
        )
    told = work.boards.newest(contest.id, FINAL)
    if told is not None and contest.finished_at is not None and told.taken_at >= contest.finished_at:
        raise Refusal(
            f"How *{quoted(contest.name)}* ended has been told in <#{contest.channel_id}>, and cannot be untold, so it stays finished."
        )


def _effects(work: Work, contest: Contest, previous: Phase, now: datetime, zone: str) -> Iterator[str]:
    channel = f"<#{contest.channel_id}>"
    if previous is Phase.DRAFT:
        yield "Nobody can upload until you open it again."
    if previous is Phase.OPEN:
        if now < contest.deadline:
            yield f"People can upload again until {spoken(contest.deadline, zone)}."
        yield "What was sent in stays. Files that I turned away meanwhile have to be sent again."
        holding = len(with_judges(work, contest))
        if holding:
            keep = "1 judge keeps" if holding == 1 else f"{holding} judges keep"
            yield f"{keep} the pieces that I sent. I write to them that rating has to wait."
    if contest.phase == Phase.FINAL:
        yield "The first round goes on: judges can rate and change their ratings again, and nobody is a finalist yet."
        authors = len(set(work.submissions.authors(contest.id).values()))
        yield f"I write that to the judges who have a piece of the final, and to {counted(authors, 'author')}."
    if contest.phase == Phase.CEREMONY:
        yield "The results do not stand any more: judges can rate and change their ratings again, and you organizers confirm anew."
    if contest.phase == Phase.FINISHED and previous is Phase.CEREMONY:
        yield "The results stand, and wait for the rest of their ceremony."
    elif contest.phase == Phase.FINISHED:
        yield "It goes on where it ended: judges can rate and change their ratings again."
    yield f"I tell {channel}."


def _warnings(contest: Contest, previous: Phase, now: datetime, zone: str) -> Iterator[str]:
    if previous is Phase.OPEN and now >= contest.deadline:
        yield (
            f"The deadline, {spoken(contest.deadline, zone)}, has passed, so uploads stay late. "
            "`/kantor contest edit` moves it."
        )


def _to_judges(work: Work, contest: Contest, undone: Phase, turn: int) -> list[Draft]:
    """To those who hold something: a button that does not do what it says should have been explained before."""
    if undone not in {Phase.JUDGING, Phase.FINAL}:
        return []
    return [
        Draft(
            f"held:{contest.id}:{turn}:{judge}",
            judge,
            JudgingHeld(contest_name=contest.name, pieces=pieces, final=undone is Phase.FINAL),
            contest_id=contest.id,
        )
        for judge, pieces in with_judges(work, contest).items()
    ]


def _to_authors(work: Work, contest: Contest, undone: Phase, turn: int) -> list[Draft]:
    """To those who have read whether they are in the final."""
    if undone is not Phase.FINAL:
        return []
    begun = times(work, contest, Phase.FINAL) - 1
    authors = dict.fromkeys(work.submissions.authors(contest.id).values())
    keys = {author: final_note_key(contest.id, author, begun) for author in authors}
    known = work.outbox.known(list(keys.values()))
    return [
        Draft(
            f"final_back:{contest.id}:{turn}:{author}",
            author,
            FinalTakenBack(contest_name=contest.name),
            contest_id=contest.id,
        )
        for author, key in keys.items()
        if key in known
    ]
