"""Feedback: what the judges said goes to the authors once an organizer has read the comments and released it.

Each author is told of each composition: means, approved comments, the AI judge's score. Nobody is named, no private note read.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import HIGHEST, LOWEST, Scheme
from bot.rules.moments import spoken
from bot.rules.naming import natural
from bot.rules.numbers import decimal
from bot.rules.phases import JUDGED, OVER, Phase, Round
from bot.rules.standings import Scores, band, mean_of_means
from bot.rules.words import quoted
from bot.usecases.blindness import bylines, is_kept_blind
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.boards.letters import CriterionFair, CriterionMean, FeedbackCard, RoundFeedback
from bot.usecases.judging.counting import counting_with_texts
from bot.usecases.judging.fairness import by_criterion, goes_by
from bot.usecases.letters import Draft, post_all
from bot.usecases.verdicts.explanations import found_of, standing_said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.judging import Rating
    from models.store import Work
    from models.submissions import Entrant, Submission


REASONS = 2
"""So many of the AI judge's reasons of each kind stand on a card; its own window has all."""
PAGE = 8
"""Comments in a modal: each may take several of its 100 blocks."""


@dataclass(frozen=True)
class FeedbackComment:
    """A judge's comment, without the judge."""

    rating_id: str
    byline: str
    """Title and author."""
    text: str
    shown: bool | None
    """Whether the author is to read it; None: nobody has decided."""


@dataclass(frozen=True)
class FeedbackPage:
    """Comments to be read before they go out."""

    contest_id: str
    contest_name: str
    comments: tuple[FeedbackComment, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class FeedbackPreview:
    """What sending it would do."""

    contest_id: str
    contest_name: str
    authors: int
    pieces: int
    unrated: int
    """Compositions that nobody rated: their authors are told the AI judge's score only."""
    comments: int
    left_out: int
    example: FeedbackCard | None
    """What one of the authors will read."""
    can_go_out: bool = True
    """Before the end nothing does."""


@dataclass(frozen=True)
class FeedbackSent:
    """What went out."""

    contest_name: str
    authors: int
    pieces: int


@dataclass(frozen=True)
class Feedback:
    """Read the comments, look at what goes out, send it."""

    desk: Desk

    def begin(self, actor: str, channel_id: str) -> FeedbackPage | FeedbackPreview:
        """The first page with a comment that nobody has decided on; where there is none, the preview. Raises Refusal."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            _require_possible(work)
            comments = _comments(work, contest)
            undecided = [at for at, comment in enumerate(comments) if comment.shown is None]
            return (
                _page(contest, comments, undecided[0] // PAGE + 1) if undecided else _preview(work, contest, comments)
            )

    def again(self, actor: str, contest_id: str) -> FeedbackPage | FeedbackPreview:
        """From the first comment on; the preview where there is none. Raises Refusal."""
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            contest = work.contest
            _require_possible(work)
            comments = _comments(work, contest)
            return _page(contest, comments, 1) if comments else _preview(work, contest, comments)

    def decide(
        self, actor: str, contest_id: str, page: int, shown: Mapping[str, bool]
    ) -> FeedbackPage | FeedbackPreview:
        """Write down which of a page's comments go out, by the rating's id; then the next page, or the preview. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            _require_possible(work)
            changed = self._write_down(work, contest, shown)
            if changed:
                work.note("feedback.moderated", left_out=sum(not each for each in changed), shown=sum(changed))
            comments = _comments(work, contest)
            last = page * PAGE >= len(comments)
            return _preview(work, contest, comments) if last else _page(contest, comments, page + 1)

    def send(self, actor: str, contest_id: str) -> FeedbackSent:
        """Send every author their cards, once. Raises Refusal, also where it was sent already."""
        with self.desk.organizer(actor, contest_id) as work:
            if work.contest.phase != Phase.FINISHED:
                raise Refusal(
                    f"The results of *{quoted(work.contest.name)}* are not out: feedback goes out once it is finished. "
                    "`/kantor phase next` shows what is left to do."
                )
            _require_possible(work)
            return send_cards(work)

    def _write_down(self, work: Work, contest: Contest, shown: Mapping[str, bool]) -> list[bool]:
        """The decisions that were new."""
        changed = []
        for rating in _commented(work, contest):
            if rating.id in shown and rating.comment_shown is not shown[rating.id]:
                rating.comment_shown = shown[rating.id]
                changed.append(shown[rating.id])
        return changed


def send_cards(work: Matter) -> FeedbackSent:
    """Send every author their cards; whoever calls this looks whether they were sent before."""
    contest, now = work.contest, work.now
    cards = cards_of(work, contest, now)
    without = work.people.without_cards()
    drafts = [_draft(contest, each, card) for each in cards if each.user_id not in without for card in each.cards]
    post_all(work, drafts, now)
    contest.feedback_at = now
    authors = len({each.user_id for each in cards} - without)
    work.note("feedback.sent", authors=authors, pieces=len(cards))
    return FeedbackSent(contest.name, authors, len(cards))


def undecided(work: Work, contest: Contest) -> int:
    """Comments of judges of which nobody has said whether their authors read them."""
    return sum(rating.comment_shown is None for rating in _commented(work, contest))


def _require_possible(work: Matter) -> None:
    """Comments can be read before the end, by whoever does not judge blind themselves: a ceremony wants it done by then."""
    contest = work.contest
    if contest.phase not in {*JUDGED, *OVER}:
        raise Refusal(
            f"Nobody has judged *{quoted(contest.name)}* yet, so there is nothing to pass on. `/kantor status` shows how it stands."
        )
    if is_kept_blind(work, contest, work.actor):
        raise Refusal(
            f"You judge *{quoted(contest.name)}* blind, and the comments would tell you who wrote what. Another organizer can read them now; "
            "you can once the judging is over."
        )
    if contest.feedback_at is not None:
        when = spoken(contest.feedback_at, contest.time_zone)
        raise Refusal(f"The authors of *{quoted(contest.name)}* were sent their feedback on {when}. It goes out once.")


def _draft(contest: Contest, piece: PieceFeedback, card: FeedbackCard) -> Draft:
    key = f"feedback:{contest.id}:{piece.submission_id}:{card.part}"
    return Draft(key, piece.user_id, card, contest_id=contest.id, subject_id=piece.submission_id)


def _commented(work: Work, contest: Contest) -> list[Rating]:
    """The ratings with a comment for an author, in the order in which they are read: a composition's beside each other."""
    names = {piece.id: piece.name for piece in work.submissions.accepted(contest.id)}
    ratings = [
        rating
        for rating in counting_with_texts(work, contest)
        if rating.comment.strip() and rating.submission_id in names
    ]
    return sorted(ratings, key=lambda rating: (natural(names[rating.submission_id]), rating.id))


def _comments(work: Work, contest: Contest) -> list[FeedbackComment]:
    names = bylines(work, work.submissions.accepted(contest.id))
    return [
        FeedbackComment(rating.id, names[rating.submission_id], rating.comment, rating.comment_shown)
        for rating in _commented(work, contest)
    ]


def _page(contest: Contest, comments: Sequence[FeedbackComment], page: int) -> FeedbackPage:
    pages = max(1, -(-len(comments) // PAGE))
    page = min(page, pages)
    some = tuple(comments[(page - 1) * PAGE : page * PAGE])
    return FeedbackPage(contest.id, contest.name, some, page, pages)


def _preview(work: Work, contest: Contest, comments: Sequence[FeedbackComment]) -> FeedbackPreview:
    cards = cards_of(work, contest, contest.finished_at or contest.created_at)
    firsts = [each.cards[0] for each in cards]
    shown = sum(comment.shown is True for comment in comments)
    return FeedbackPreview(
        contest_id=contest.id,
        contest_name=contest.name,
        authors=len({each.user_id for each in cards}),
        pieces=len(cards),
        unrated=sum(not card.rounds for card in firsts),
        comments=shown,
        left_out=len(comments) - shown,
        can_go_out=contest.phase == Phase.FINISHED,
        example=max(firsts, key=lambda card: (bool(card.comments), bool(card.rounds)), default=None),
    )


LONGEST = 6_000
"""Characters of comments in one message."""
MOST = 10
"""Comments in one message."""


@dataclass(frozen=True)
class PieceFeedback:
    """The messages for the author of one composition, in order."""

    submission_id: str
    user_id: str
    cards: tuple[FeedbackCard, ...]


def cards_of(work: Work, contest: Contest, now: datetime) -> list[PieceFeedback]:
    """For each composition that is on the boards."""
    scheme = Scheme.load(contest.scheme)
    board = board_of(work, contest, now)
    rows = {row.submission_id: row for row in board.rows}
    verdicts = work.verdicts.of_contest(contest.id)
    ratings: dict[str, list[Rating]] = {}
    for rating in counting_with_texts(work, contest):
        ratings.setdefault(rating.submission_id, []).append(rating)
    fields = _fields(scheme, work.submissions.entrants(contest.id), ratings)
    fair = by_criterion(work, contest) if goes_by(contest) is Scores.FAIR else {}
    made = []
    for piece in work.submissions.accepted(contest.id):
        given, row, verdict = ratings.get(piece.id, []), rows.get(piece.id), verdicts.get(piece.id)
        first, last = (None, None) if row is None else band(row.place, board.places)
        found = None if verdict is None else found_of(verdict)
        card = FeedbackCard(
            contest_name=contest.name,
            title=piece.title,
            name=piece.name,
            rounds=tuple(_rounds(scheme, piece, given, fields)),
            two_rounds=contest.final_at is not None,
            place=first,
            last_place=None if first == last else last,
            by_first_round=row is not None and row.by_first_round,
            score=None if row is None or row.fair is None else row.score,
            fair=None if row is None else row.fair,
            fair_criteria=tuple(
                CriterionFair(title=criterion.title, score=score)
                for criterion, score in zip(scheme.criteria, fair.get(piece.id, ()), strict=False)
            ),
            total=board.places,
            ai_score=None if verdict is None else verdict.score,
            standing="" if verdict is None else standing_said(verdict),
            reasons_up=() if found is None else tuple(found.reasons_up[:REASONS]),
            reasons_down=() if found is None else tuple(found.reasons_down[:REASONS]),
            comments=(),
        )
        made.append(PieceFeedback(piece.id, piece.user_id, tuple(_with_comments(card, given))))
    return made


_Fields = dict[Round, dict[str, float]]


def _fields(scheme: Scheme, pieces: Sequence[Entrant], ratings: Mapping[str, Sequence[Rating]]) -> _Fields:
    """What all compositions of a round got on each criterion: the mean of their means, so that none counts more for being heard more often."""
    means: dict[Round, dict[str, list[float]]] = {each: {key: [] for key in scheme.keys} for each in Round}
    for piece in pieces:
        for round_ in Round:
            scores = [each.scores for each in ratings.get(piece.id, ()) if each.round == round_]
            if scores and (round_ is Round.PRELIMINARY or piece.in_final):
                for key in scheme.keys:
                    means[round_][key].append(fmean(each[key] for each in scores))
    return {round_: {key: fmean(each) for key, each in keys.items() if each} for round_, keys in means.items()}


def _rounds(scheme: Scheme, piece: Submission, given: Sequence[Rating], fields: _Fields) -> Iterator[RoundFeedback]:
    for round_ in Round:
        scores = [rating.scores for rating in given if rating.round == round_]
        if not scores or (round_ is Round.FINAL and not piece.in_final):
            continue
        criteria = []
        for criterion, share in zip(scheme.criteria, scheme.shares, strict=True):
            mean = fmean(each[criterion.key] for each in scores)
            nearest = min(HIGHEST, max(LOWEST, int(decimal(mean, 0))))
            label = scheme.titles[nearest - LOWEST]
            field = fields[round_].get(criterion.key)
            criteria.append(CriterionMean(title=criterion.title, mean=mean, label=label, share=share, field=field))
        mean = mean_of_means([scheme.mean(each) for each in scores])
        yield RoundFeedback(round=round_.value, criteria=tuple(criteria), mean=mean, ratings=len(scores))


def _with_comments(card: FeedbackCard, given: Sequence[Rating]) -> Iterator[FeedbackCard]:
    """The card with the comments that organizers let through; more cards where they are long."""
    # In the order of the alphabet: that of time would tell who spoke first.
    texts = sorted(
        (rating.comment.strip() for rating in given if rating.comment_shown and rating.comment.strip()),
        key=str.casefold,
    )
    for number, some in enumerate(_packed(texts), start=1):
        yield card.model_copy(update={"comments": tuple(some), "part": number})


def _packed(texts: Sequence[str]) -> list[list[str]]:
    packs: list[list[str]] = [[]]
    for text in texts:
        last = packs[-1]
        if last and (len(last) >= MOST or sum(map(len, last)) + len(text) > LONGEST):
            packs.append([text])
        else:
            last.append(text)
    return packs
