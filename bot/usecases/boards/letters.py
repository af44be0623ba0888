"""Leaderboards, what is told of them, and what the judges said, for the authors."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.rules.awards import AwardKind
from bot.rules.naming import by_author
from bot.rules.phases import Phase
from bot.rules.standings import BoardMode, Scores, Step
from bot.usecases.messages import InContest, Message, Part, Whose


class BoardPiece(Whose):
    """A composition on a board."""

    author: str = ""
    """Their name: a mention would call everybody each time that a board is posted."""

    @property
    def read_as(self) -> str:
        """Its title and its author."""
        return by_author(self.title or self.name, self.author)


class Fairness(Part):
    """What stands beside a fair score, which says little alone."""

    mean: float
    """The plain mean of the round that the row is about, 1 to 5."""
    best: int
    """The places between which it lies in 90 of 100 cases, by what the ratings say."""
    worst: int
    first: float | None = None
    """Its chance of being the best, 0 to 1; None where nobody can tell."""
    podium: float | None = None
    """Its chance of being among the best three."""
    within: float | None = None
    """Its chance of being among those who go on to the final; where none is to come, of being among the winners."""
    ahead: float | None = None
    """The chance that it is truly better than what stands right behind it; None for the last."""
    decided: Step | None = None
    """What put it behind the place before it, though their scores are equal."""


class BoardRow(BoardPiece):
    """A place on a board."""

    place: int
    score: float | None
    """Human board: the mean over judges of the weighted mean of the criteria, 1 to 5, or the fair score, on the same scale. AI board: 0-100.

    None where only places are shown."""
    ratings: int
    """How many ratings it rests on: a fair score of a finalist on those of both rounds (AI board: 0)."""
    fair: Fairness | None = None
    """None where the score is a plain mean, and where only places are shown."""
    submission_id: str = ""
    in_final: bool = False
    first_round: float | None = None
    """Of a finalist: the preliminary round's score, shown beside the final's."""
    by_first_round: bool = False
    """A finalist that nobody rated in the final: placed behind those who were, by the preliminary round's score."""
    moved: int | None = None
    """By how many places it rose since the last posted board (below 0: fell); None where there is nothing to compare with."""
    is_new: bool = False
    """Not on the last posted board."""


class BoardPost(Message, InContest, kind="board", in_words="the leaderboard"):
    """The leaderboard as it stood when it was taken, or a page of it."""

    phase: Phase
    taken_at: datetime
    rows: tuple[BoardRow, ...]
    unrated: tuple[BoardPiece, ...]
    """Accepted submissions without a rating yet."""
    ai_rows: tuple[BoardRow, ...] | None
    """None until the contest is finished."""
    final: bool
    contest_id: str = ""
    snapshot_id: str = ""
    """Where it is stored; empty: taken for one look, its other pages are taken anew."""
    mode: BoardMode = BoardMode.FULL
    """``hidden``, ``ranks`` or ``full`` (``bot.rules.standings.BoardMode``)."""
    pending: tuple[BoardPiece, ...] = ()
    """Finalists that have no rating of the final yet."""
    frozen_at: datetime | None = None
    """Since when it stands still for everybody."""
    seen_as: Literal["everybody", "organizer", "judge"] = "everybody"
    """Organizers see more than everybody does, judges of a blind contest only what was posted."""
    page: int = 1
    pages: int = 1
    total: int = 0
    """Rows on all pages of the human board."""
    has_picture: bool = False
    more: tuple[BoardRow, ...] = ()
    """The rows of the next pages that a table has room for; empty where the AI judge's board is told, too."""
    weighted: tuple[str, ...] = ()
    """The criteria as ``Scheme.told`` where they count differently."""
    scores: Scores = Scores.MEAN
    """What the scores are."""
    caveats: tuple[str, ...] = ()
    """What they do not allow to say (``bot.rules.caveats.Caveat``)."""
    cut: int = 0
    """So many places lead to the final that is still to come; 0: none is."""
    winners: int = 0
    """So many places win."""

    @property
    def places(self) -> int:
        """Of how many compositions a place on the human board is one: the finalists that have none yet are before the others."""
        return self.total + len(self.pending)


class TrailHead(Part):
    """Where the trail of a contest ends: whoever keeps that can tell later whether anything before it was changed."""

    entries: int
    head: str
    """The last link of the chain (``bot.rules.chain``), in hexadecimal digits."""


class TrailSealed(Message, InContest, kind="trail_sealed", in_words="the end of the trail"):
    """Where the trail ends at the end of the contest, or when its results were fixed, told to its channel."""

    trail: TrailHead
    fixed: bool = False
    """The results are fixed, and the contest has not ended."""
    results: str = ""
    """SHA-256 of what was decided (``bot.rules.bundles.results_hash``)."""


class Papers(Message, InContest, kind="papers", in_words="the results bundle and the fairness report"):
    """All that anyone can check, in the channel after a ceremony."""

    has_bundle: bool = True
    """False: so few judged, or whoever did composed, too, that it would tell who gave what."""


class BoardFrozen(Message, InContest, kind="board_frozen", in_words="the news of the frozen board"):
    """The board stands still from now on (or moves again), told to the channel."""

    contest_id: str
    snapshot_id: str
    frozen: bool
    """False: it was thawed."""
    trail: TrailHead | None = None
    """Where the trail ended when it was frozen."""


class Winner(Part):
    """A place on the podium."""

    place: int
    name: str
    title: str
    user_id: str
    score: float
    """As in ``BoardRow``."""
    ratings: int
    prize: str = ""
    """What the place wins; empty: nothing."""
    before_final: bool = False
    """There was a final and it was not in it, or not rated there: its score is the preliminary round's."""
    fair: Fairness | None = None
    """As in ``BoardRow``."""


class Special(Part):
    """A special award, and who gets it."""

    award: AwardKind
    title: str
    """The award's."""
    value: float
    """As in ``bot.rules.awards.Award``."""
    criterion: str = ""
    """The title of the one criterion of the specialist."""
    titles: tuple[str, ...]
    """Of the compositions; none where judges get it."""
    user_ids: tuple[str, ...]
    """The authors, in the same order; or the judges."""
    prize: str = ""


class Podium(Message, InContest, kind="podium", in_words="the news of the winners"):
    """How a contest ended: the winners of both boards, and thanks to everybody."""

    winners: tuple[Winner, ...]
    ai_winners: tuple[Winner, ...]
    composers: int
    pieces: int
    ratings: int
    judges: tuple[str, ...]
    organizers: tuple[str, ...]
    for_everybody: tuple[str, ...] = ()
    """What everybody wins who took part."""
    left_over: tuple[str, ...] = ()
    """The prizes that nobody wins, as ``bot.rules.prizes.told``."""
    specials: tuple[Special, ...] = ()


class OwnPlace(Part):
    """Where one of a person's compositions stands."""

    name: str
    title: str
    place: int | None
    """None where it has none: not rated yet, or not to be known yet."""
    score: float | None
    ratings: int
    in_final: bool = False
    first_round: float | None = None
    by_first_round: bool = False
    """As in ``BoardRow``."""
    fair: Fairness | None = None
    """As in ``BoardRow``."""
    ai_place: int | None = None
    """Known once the contest is finished."""
    ai_score: float | None = None
    """0-100; its author was told when it was accepted."""
    standing: str = ""
    """As in ``VerdictNote``."""


class PlacesReply(Message, InContest, kind="places", in_words="an answer"):
    """A person's own places, for their eyes alone."""

    phase: Phase
    mode: BoardMode
    total: int
    """Of how many compositions a place is one."""
    ai_total: int = 0
    frozen_at: datetime | None = None
    taken_at: datetime
    seen_as: Literal["everybody", "organizer", "judge"] = "everybody"
    """As in ``BoardPost``."""
    was_posted: bool = False
    """Whether it is a board that was posted or kept, and not that of now."""
    caveats: tuple[str, ...] = ()
    """As in ``BoardPost``."""
    cut: int = 0
    """As in ``BoardPost``."""
    places: tuple[OwnPlace, ...]


class CriterionMean(Part):
    """What the judges gave on one criterion, on average."""

    title: str
    mean: float
    """1 to 5."""
    label: str
    """The title of the nearest whole score."""
    field: float | None = None
    """The mean of all compositions of the round."""
    share: str | int | None = None
    """How much it counts, as in ``Scheme.shares``; nothing where all count alike. A number, in percent, in letters of earlier days."""


class RoundFeedback(Part):
    """One round of one composition."""

    round: str
    """``preliminary`` or ``final`` (``bot.rules.phases.Round``)."""
    criteria: tuple[CriterionMean, ...]
    mean: float
    """Of the judges' weighted means."""
    ratings: int


class CriterionFair(Part):
    """The fair score of one criterion."""

    title: str
    score: float


class FeedbackCard(Message, InContest, kind="feedback", in_words="the judges' feedback"):
    """All that the judges and the AI judge have for the author of one composition; never who said what."""

    title: str
    name: str
    """#contest-user-composition"""
    rounds: tuple[RoundFeedback, ...]
    """Those in which it was rated."""
    two_rounds: bool = False
    place: int | None
    last_place: int | None = None
    """Where it is told between which places it is, and not on which: the last of them, and ``place`` is the first."""
    by_first_round: bool = False
    """As in ``bot.usecases.boards.letters.BoardRow``: what the place in the final rests on."""
    score: float | None = None
    """The fair score by which it has its place; None where places go by plain means."""
    fair: Fairness | None = None
    """As in ``BoardRow``."""
    fair_criteria: tuple[CriterionFair, ...] = ()
    """The same of each criterion alone."""
    total: int
    ai_score: float | None
    """0-100."""
    standing: str = ""
    """As in ``VerdictNote``."""
    reasons_up: tuple[str, ...] = ()
    reasons_down: tuple[str, ...] = ()
    """These two: as in ``VerdictNote``."""
    comments: tuple[str, ...]
    part: int = 1
    """Long comments go on in a second message: from 1."""
