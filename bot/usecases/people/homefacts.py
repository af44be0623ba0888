"""The facts of one contest on a person's Home tab. Counted, not loaded: it opens while somebody waits, with 200 compositions, too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.rules.countdown import left
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.usecases.accounts.handover import place_in_line, pool_count
from bot.usecases.judging.counting import coverage_of, open_flags
from bot.usecases.judging.invitations import practice_first, sent_to
from bot.usecases.judging.piles import pile_of
from bot.usecases.people.home import HomeContest, HomeSubmission, JudgeProgress, OrganizerCounts, account_of
from bot.usecases.submissions.arrivals import deadline_of
from bot.usecases.submissions.versions import past_tries
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


def home_contest(work: Work, contest: Contest, user_id: str, roles: frozenset[Role], now: datetime) -> HomeContest:
    """One contest, as this person sees it."""
    deadline = deadline_of(work, contest, user_id)
    account = replace(account_of(work, contest, user_id, now), place_in_line=place_in_line(work, contest, user_id))
    sent = work.submissions.of_person(contest.id, user_id)
    past = past_tries(sent)
    return HomeContest(
        contest_id=contest.id,
        name=contest.name,
        phase=contest.phase,
        deadline=deadline,
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        channel_id=contest.channel_id,
        submission_limit=contest.submission_limit,
        roles=roles,
        account=account,
        submissions=tuple(_submissions(work, [piece for piece in sent if piece.root_id not in past])),
        judging=_judging(work, contest, user_id) if Role.JUDGE in roles else None,
        organizing=_organizing(work, contest, now) if Role.ORGANIZER in roles else None,
        intake=contest.intake,
        extended=deadline > contest.deadline,
        left=left(deadline, now),
        folded=len(past),
        used=len(work.submissions.counting(contest.id, user_id)),
        frozen=contest.frozen_board_id is not None,
        board_mode=contest.board_mode,
        may_undo=contest.phase != Phase.DRAFT,
        is_over_time=now >= contest.deadline,
    )


def _submissions(work: Work, sent: Sequence[Submission]) -> Iterator[HomeSubmission]:
    versions: dict[str, list[Submission]] = defaultdict(list)
    for piece in sent:
        versions[piece.root_id].append(piece)
    shown = [_shown(pieces) for pieces in versions.values()]
    scores = work.verdicts.scores([piece.id for piece in shown])
    for piece, pieces in zip(shown, versions.values(), strict=True):
        newest = max(pieces, key=lambda each: each.version)
        yield HomeSubmission(
            submission_id=piece.id,
            name=piece.name,
            title=piece.title,
            state=piece.state.value,
            score=scores.get(piece.id),
            refusal=newest.refusal_sentence,
            version=piece.version,
            versions=len(pieces),
            newest="" if newest is piece else newest.state.value,
            in_final=piece.in_final,
        )


def _shown(versions: Sequence[Submission]) -> Submission:
    """The version that counts, or else the newest."""
    counting = (piece for piece in versions if piece.state is SubmissionState.ACCEPTED)
    return next(counting, max(versions, key=lambda each: each.version))


def _judging(work: Work, contest: Contest, user_id: str) -> JudgeProgress:
    pile = pile_of(work, contest, user_id)
    role = work.contests.roles.held(contest.id, user_id, Role.JUDGE)
    waiting = sent_to(work, user_id, pile) if contest.phase in JUDGED else None
    return JudgeProgress(
        done=pile.done,
        total=pile.total,
        next_submission=waiting,
        paused=role is not None and role.paused_at is not None,
        practice=role is not None and practice_first(contest, role),
    )


def _organizing(work: Work, contest: Contest, now: datetime) -> OrganizerCounts:
    counts = work.submissions.count_by_state(contest.id)
    pool = pool_count(work, contest, now)
    plain = OrganizerCounts(
        accepted=counts.get(SubmissionState.ACCEPTED, 0),
        waiting=counts.get(SubmissionState.RECEIVED, 0) + counts.get(SubmissionState.CHECKING, 0),
        refused=counts.get(SubmissionState.REFUSED, 0),
        failed=counts.get(SubmissionState.FAILED, 0),
        judges=0,
        ratings=0,
        pool_left=pool.free,
        late=counts.get(SubmissionState.LATE, 0),
        flags=len(open_flags(work, contest)),
        pool=pool.size,
        kept=pool.kept,
        queue=pool.waiting,
        requests=len(work.accounts.requests.undecided(contest.id)),
        letters_waiting=work.outbox.waiting(),
        letters_failed=work.outbox.failed(),
    )
    return _with_coverage(work, contest, plain)


def _with_coverage(work: Work, contest: Contest, counts: OrganizerCounts) -> OrganizerCounts:
    coverage = coverage_of(work, contest)
    return replace(
        counts,
        judges=len(coverage.judges),
        ratings=coverage.done,
        authors=len(set(work.submissions.authors(contest.id).values())),
        possible=coverage.due,
        fewest=coverage.fewest,
        mean=coverage.mean,
        behind=coverage.behind,
        paused=coverage.paused,
    )
