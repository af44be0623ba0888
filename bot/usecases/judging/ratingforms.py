"""The form that a judge fills in: what it shows, what it sends, and what may be in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal, refuse
from bot.rules.criteria import HIGHEST, LOWEST, Scheme
from bot.rules.moments import spoken
from bot.rules.phases import JUDGED, OVER, Phase, Round, round_of
from bot.rules.tenets import meanings_of
from bot.rules.words import quoted
from bot.usecases.judging.piles import called

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.contests import Contest
    from models.judging import Rating, RatingDraft
    from models.store import Work
    from models.submissions import Submission

MAX_TEXT = 3000
"""Characters of a comment or a note: what Slack's input takes."""


@dataclass(frozen=True)
class RatingValues:
    """A judge's opinion: a score for each criterion, and two texts that may be empty."""

    scores: Mapping[str, float]
    """1 to 5, by the criterion's key; what is whole is an int."""
    comment: str = ""
    """For the composer, later."""
    private_note: str = ""
    """For the judge alone."""

    @classmethod
    def of(cls, rating: Rating) -> RatingValues:
        """What was given."""
        return cls(rating.scores, rating.comment, rating.private_note)

    @classmethod
    def drafted(cls, draft: RatingDraft) -> RatingValues:
        """What was begun."""
        return cls(**draft.values)

    def dump(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self) | {"scores": dict(self.scores)}

    def facts(self) -> dict[str, float | str]:
        """For the trail: without the note, which is the judge's own."""
        return {**self.scores, "comment": self.comment}


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` compositions that this judge is to rate."""

    done: int
    total: int


@dataclass(frozen=True)
class RatingForm:
    """What the rating modal shows."""

    submission_id: str
    alias: str
    contest_name: str
    scheme: Scheme
    values: RatingValues | None
    """What the judge gave before, or had begun; None the first time."""
    done: int
    total: int
    begun: bool = False
    """The values come from a window that was closed before they were sent."""
    ahead: tuple[str, ...] = ()
    """Ids of the pieces that were with the judge when the window was opened: saving leads on to the first one of them."""
    meanings: tuple[str, ...] = ()
    """What 1, 2, 3, 4 and 5 mean."""
    final: bool = False
    contest_id: str = ""
    practice: bool = False
    """Nothing of it is kept."""


@dataclass(frozen=True)
class RateSubmission:
    """The submitted modal. A Refusal's ``field`` is a criterion's key, or a name of RatingValues."""

    judge: str
    submission_id: str
    values: RatingValues
    ahead: tuple[str, ...] = ()
    """As in the form."""
    round: str = ""
    """The round that it was when the form was opened; empty where nobody knows."""


@dataclass(frozen=True)
class Saved:
    """What comes after a rating."""

    progress: Progress
    alias: str
    """Of what was rated."""
    following: RatingForm | None = None
    """The form to go on with, in the same window; None where what comes next cannot have been heard yet."""
    waiting: str | None = None
    """The alias of what waits in the judge's messages."""
    one_by_one: bool = False
    """The judge hears each piece just before rating it, so the window need not stay."""
    more: bool = False
    """That was the last one so far, and more may come."""


def form_of(  # noqa: PLR0913, PLR0917 - a form is what it shows
    work: Work,
    contest: Contest,
    piece: Submission,
    progress: Progress,
    given: Rating | None,
    draft: RatingDraft | None,
    ahead: tuple[str, ...],
) -> RatingForm:
    """The form of a piece, with what was given, or with what was begun after that."""
    values = None if given is None else RatingValues.of(given)
    # What was written before a rating was sent may reach us after it.
    newer = draft is not None and (given is None or draft.updated_at > given.updated_at)
    begun = RatingValues.drafted(draft) if draft is not None and newer else None
    if begun is not None and (begun == values or begun == RatingValues({})):
        begun = None
    return RatingForm(
        submission_id=piece.id,
        alias=called(work, contest, piece),
        contest_name=contest.name,
        scheme=Scheme.load(contest.scheme),
        values=begun or values,
        done=progress.done,
        total=progress.total,
        begun=begun is not None,
        ahead=ahead,
        meanings=meanings_of(contest.texts),
        final=contest.phase == Phase.FINAL,
        contest_id=contest.id,
    )


def require_rateable(contest: Contest, piece: Submission, judge: str, *, is_judge: bool, recused: bool = False) -> None:
    """Raises Refusal where this judge may not rate this composition, or not now."""
    if not is_judge:
        raise Refusal(
            f"Ratings come from the judges of *{quoted(contest.name)}*, and you are not one of them. "
            "An organizer can add you with `/kantor judges add`."
        )
    if piece.user_id == judge:
        raise Refusal("This composition is your own, so the other judges rate it.")
    if contest.phase in OVER:
        closed = spoken(contest.ceremony_at or contest.finished_at or contest.created_at, contest.time_zone)
        raise Refusal(f"The ratings of *{quoted(contest.name)}* closed on {closed}. What you gave before then counts.")
    if contest.phase not in JUDGED:
        raise Refusal(
            f"The judging of *{quoted(contest.name)}* has not begun. I will send you the compositions when it does."
        )
    if contest.phase == Phase.FINAL and not piece.in_final:
        raise Refusal("This piece is not in the final. What you gave it in the preliminary round stands.")
    if recused:
        raise Refusal("You recused from this piece, so the other judges rate it.")


def require_same_round(contest: Contest, shown: str) -> None:
    """Raises Refusal where the form shows another round than the one that runs: what was meant for the first is no rating of the final."""
    if shown and shown != round_of(contest.phase):
        raise Refusal(
            f"Another round of *{quoted(contest.name)}* has begun since you opened this form, so I kept nothing. Please close it, and open "
            "it once more."
        )


def require_open_round(contest: Contest, of_button: str) -> None:
    """Raises Refusal where a button belongs to another round than the one that runs."""
    if not of_button or of_button == round_of(contest.phase):
        return
    if of_button == Round.FINAL:
        raise Refusal(
            f"This piece waits for the final of *{quoted(contest.name)}*, which has not begun again, so nothing was changed. "
            "`/kantor judge` shows your pieces of the first round."
        )
    raise Refusal(
        f"The first round of *{quoted(contest.name)}* is closed, and what you gave in it counts as it is. `/kantor judge` shows your "
        "pieces of the final."
    )


def require_valid(values: RatingValues, scheme: Scheme) -> None:
    """Raises Refusal with all fields that are wrong."""
    # First: Slack sends no form with a criterion left open, so this is one of other criteria, which no choice in it can mend.
    if set(values.scores) != set(scheme.keys):
        raise Refusal(
            "The criteria have changed since you opened this form. Please close it, and open it once more: what you chose for "
            "those that stayed is kept."
        )
    such = "a whole number or a half" if scheme.halves else "a whole number"
    choose, keep = (
        f"Please choose {such} from {LOWEST} to {HIGHEST}, such as {'4.5' if scheme.halves else '4'}.",
        f"Please keep this to {MAX_TEXT} characters.",
    )
    wrong = [Refusal(choose, field=key) for key in scheme.keys if values.scores[key] not in scheme.steps]
    texts = [name for name in ("comment", "private_note") if len(getattr(values, name)) > MAX_TEXT]
    refuse([*wrong, *(Refusal(keep, field=name) for name in texts)])
