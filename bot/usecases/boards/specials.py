"""The special awards of a contest, from what is stored of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.awards import TITLES, AwardKind, Entrant, Heard, special
from bot.rules.criteria import Scheme
from bot.rules.phases import Round
from bot.rules.prizes import Category, won
from bot.usecases.boards.letters import Special
from bot.usecases.judging.counting import counting_with_texts
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.rules.awards import Award
    from bot.rules.prizes import Prize
    from bot.usecases.boards.letters import BoardPost
    from models.contests import Contest
    from models.store import Work

_PASSED = (SubmissionState.ACCEPTED, SubmissionState.SUPERSEDED)


def awards_of(work: Work, contest: Contest, board: BoardPost) -> tuple[Award, ...]:
    """All of them, in order, by that whole board with the AI judge's rows."""
    scheme = Scheme.load(contest.scheme)
    rows = {row.submission_id: row for row in board.rows}
    decided = {
        key: Round.FINAL if row.in_final and not row.by_first_round else Round.PRELIMINARY for key, row in rows.items()
    }
    heard = [
        Heard(
            rating.judge,
            rating.submission_id,
            tuple(float(rating.scores[key]) for key in scheme.keys),
            scheme.mean(rating.scores),
        )
        for rating in counting_with_texts(work, contest)
        if decided.get(rating.submission_id) == rating.round
    ]
    entrants = _entrants(work, contest, board)
    return special(entrants, heard, podium=contest.winners, criteria=len(scheme.keys))


def _entrants(work: Work, contest: Contest, board: BoardPost) -> list[Entrant]:
    places = {row.submission_id: row.place for row in board.rows}
    ai_places = {row.submission_id: row.place for row in board.ai_rows or ()}
    scores = {key: verdict.score for key, verdict in work.verdicts.of_contest(contest.id).items()}
    pieces = work.submissions.of_contest(contest.id)
    versions: dict[str, list[tuple[int, float]]] = {}
    for piece in pieces:
        if piece.state in _PASSED and piece.id in scores:
            versions.setdefault(piece.root_id, []).append((piece.version, scores[piece.id]))
    return [
        Entrant(
            piece.id,
            places.get(piece.id),
            ai_places.get(piece.id),
            # What came after the version that counts was taken back by its author.
            tuple(score for version, score in sorted(versions.get(piece.root_id, ())) if version <= piece.version),
        )
        for piece in pieces
        if piece.state == SubmissionState.ACCEPTED
    ]


def told_specials(
    work: Work, contest: Contest, awards: Sequence[Award], prizes: Sequence[Prize]
) -> tuple[Special, ...]:
    """Those that somebody gets, as people read of them."""
    pieces = work.submissions.by_ids({key for award in awards for key in award.winners})
    criteria = Scheme.load(contest.scheme).criteria
    return tuple(
        Special(
            award=award.kind,
            title=TITLES[award.kind],
            value=award.value,
            criterion="" if award.criterion is None else criteria[award.criterion].title,
            titles=() if award.kind is AwardKind.EAR else tuple(pieces[key].title for key in award.winners),
            user_ids=tuple(pieces[key].user_id if key in pieces else key for key in award.winners),
            prize=won(prizes, Category(award.kind.value)),
        )
        for award in awards
        if award.winners
    )


def held(awards: Sequence[Award]) -> Mapping[Category, set[int]]:
    """As ``bot.rules.prizes.left_over`` takes it."""
    return {Category(award.kind.value): {0} for award in awards if award.winners}
