"""Feedback: what the judges said goes to the authors once an organizer has read the comments and released it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken
from bot.rules.naming import natural
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.boards.feedbackcards import cards_of
from bot.usecases.bylines import bylines
from bot.usecases.judging.counting import counting_with_texts
from bot.usecases.letters import Draft, post_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.usecases.boards.feedback_letters import FeedbackCard
    from bot.usecases.boards.feedbackcards import PieceFeedback
    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.judging import Rating
    from models.store import Work

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
            _require_possible(contest)
            comments = _comments(work, contest)
            undecided = [at for at, comment in enumerate(comments) if comment.shown is None]
            return (
                _page(contest, comments, undecided[0] // PAGE + 1) if undecided else _preview(work, contest, comments)
            )

    def again(self, actor: str, contest_id: str) -> FeedbackPage | FeedbackPreview:
        """From the first comment on; the preview where there is none. Raises Refusal."""
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            contest = work.contest
            _require_possible(contest)
            comments = _comments(work, contest)
            return _page(contest, comments, 1) if comments else _preview(work, contest, comments)

    def decide(
        self, actor: str, contest_id: str, page: int, shown: Mapping[str, bool]
    ) -> FeedbackPage | FeedbackPreview:
        """Write down which of a page's comments go out, by the rating's id; then the next page, or the preview. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            contest = work.contest
            _require_possible(contest)
            changed = self._write_down(work, contest, shown)
            if changed:
                work.note("feedback.moderated", left_out=sum(not each for each in changed), shown=sum(changed))
            comments = _comments(work, contest)
            last = page * PAGE >= len(comments)
            return _preview(work, contest, comments) if last else _page(contest, comments, page + 1)

    def send(self, actor: str, contest_id: str) -> FeedbackSent:
        """Send every author their cards, once. Raises Refusal, also where it was sent already."""
        with self.desk.organizer(actor, contest_id) as work:
            contest, now = work.contest, work.now
            _require_possible(contest)
            cards = cards_of(work, contest, now)
            drafts = [_draft(contest, each, card) for each in cards for card in each.cards]
            post_all(work, drafts, now)
            contest.feedback_at = now
            authors = len({each.user_id for each in cards})
            work.note("feedback.sent", authors=authors, pieces=len(cards))
        return FeedbackSent(contest.name, authors, len(cards))

    def _write_down(self, work: Work, contest: Contest, shown: Mapping[str, bool]) -> list[bool]:
        """The decisions that were new."""
        changed = []
        for rating in _commented(work, contest):
            if rating.id in shown and rating.comment_shown is not shown[rating.id]:
                rating.comment_shown = shown[rating.id]
                changed.append(shown[rating.id])
        return changed


def _require_possible(contest: Contest) -> None:
    if contest.phase != Phase.FINISHED:
        raise Refusal(
            f"The judges may still change their minds: feedback goes out once *{quoted(contest.name)}* is finished. "
            "`/kantor phase next` shows what is left to do."
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
        example=max(firsts, key=lambda card: (bool(card.comments), bool(card.rounds)), default=None),
    )
