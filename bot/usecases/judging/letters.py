"""What judges read, and what organizers read of them."""

from __future__ import annotations

from typing import Literal

from bot.usecases.messages import Message, Part


class RatingInvitation(Message):
    """The next composition for a judge; its mp3 and picture are the letter's uploads."""

    kind: Literal["rating_invitation"] = "rating_invitation"
    contest_name: str
    submission_id: str
    alias: str
    alt_text: str
    has_sound: bool
    again: bool = False
    """It was skipped before. How many there are is not said: that changes, and forms and lists tell it as it is."""
    final: bool = False
    """It is heard anew, in the final."""


class RatingStands(Message):
    """Takes the place of an invitation whose piece has been rated."""

    kind: Literal["rating_stands"] = "rating_stands"
    submission_id: str
    alias: str
    round: str = ""
    """Of the rating (``bot.rules.phases.Round``): its button changes that one, and no other."""


class RatingsDone(Message):
    """A judge has rated all there is."""

    kind: Literal["ratings_done"] = "ratings_done"
    contest_name: str
    total: int


class JudgeReleased(Message):
    """An organizer has let a judge go who had rated nothing."""

    kind: Literal["judge_released"] = "judge_released"
    contest_name: str
    by: str


class JudgingHeld(Message):
    """The judging, or the final, began by mistake: what was sent has to wait."""

    kind: Literal["judging_held"] = "judging_held"
    contest_name: str
    pieces: int
    """How many are with the judge."""
    final: bool


class JudgingGoesOn(Message):
    """It has begun again: what was sent before can be rated now."""

    kind: Literal["judging_goes_on"] = "judging_goes_on"
    contest_name: str
    pieces: int


class JudgeWelcome(Message):
    """Somebody was made a judge."""

    kind: Literal["judge_welcome"] = "judge_welcome"
    contest_name: str
    channel_id: str
    added_by: str
    judging: bool
    """Whether there is something to listen to already."""
    tenets: str = ""
    """What judges go by, a line each."""
    contest_id: str = ""
    blind: bool = True
    """Whether the pieces come under aliases."""
    practice: bool = False
    """Whether a practice piece comes before the others."""


class PracticeInvitation(Message):
    """A piece to try the form with; its mp3 and picture are the letter's uploads."""

    kind: Literal["practice_invitation"] = "practice_invitation"
    contest_id: str
    contest_name: str
    title: str
    alt_text: str
    has_sound: bool
    done: bool = False
    """It has been tried, or skipped."""


class PracticeWaits(Message):
    """The judging has begun, and this judge has neither tried the practice piece nor skipped it."""

    kind: Literal["practice_waits"] = "practice_waits"
    contest_id: str
    contest_name: str
    done: bool = False
    """They have now."""


class JudgesNoMore(Message):
    """Takes the place of a judge's letter that had buttons: they have left, or were let go."""

    kind: Literal["judges_no_more"] = "judges_no_more"
    contest_name: str
    alias: str = ""
    """Of the piece that it was about, if any."""


class JudgingDigest(Message):
    """What is left for a judge who has not rated for a day."""

    kind: Literal["judging_digest"] = "judging_digest"
    contest_id: str
    contest_name: str
    left: int
    total: int
    practice: bool
    """The practice piece is what they would go on with."""
    submission_id: str | None = None
    """What is with them, to go on with at once."""
    alias: str = ""
    round: str = ""
    """In which it is with them (``bot.rules.phases.Round``)."""


class FlagAlarm(Message):
    """For organizers: a judge says that something is wrong with a piece."""

    kind: Literal["flag_alarm"] = "flag_alarm"
    contest_name: str
    judge: str
    alias: str
    name: str
    """#contest-user-composition, for organizers' eyes; empty for one who judges the contest blind."""
    what: str
    """``file``, ``copy``, ``offensive`` or ``other``."""
    reason: str
    mark_id: str
    taken_back: bool = False
    """The judge has thought better of it."""


class FlagSettled(Message):
    """For the judge: an organizer has looked at what they flagged."""

    kind: Literal["flag_settled"] = "flag_settled"
    contest_name: str
    alias: str
    note: str
    comes_back: bool


class RecusalNews(Message):
    """For organizers: a judge will not rate a piece, or judges no more."""

    kind: Literal["recusal_news"] = "recusal_news"
    contest_name: str
    judge: str
    alias: str | None
    """None: the whole contest."""
    reason: str
    rated: int
    """How many of the judge's ratings stay stored."""
    counted: bool
    """Whether these still count."""
    taken_back: bool = False
    """The judge has thought better of it: they rate the piece after all."""


class Scored(Part):
    """One criterion's title, and the score with its title: ``4 - Now we're rocking``."""

    title: str
    label: str


class RatingEntered(Message):
    """For a judge: an organizer has written down a rating on their behalf."""

    kind: Literal["rating_entered"] = "rating_entered"
    contest_name: str
    organizer: str
    submission_id: str
    alias: str
    scores: tuple[Scored, ...]
    comment: str
    reason: str
    changed: bool
    """It takes the place of a rating that was there."""
    changeable: bool = True
    """The judge can still rate the piece."""
    round: str = ""
    """As in ``RatingStands``."""


class RatingsVoided(Message):
    """The organizers have let a judge go, and nothing that they gave counts: for the judge, and for the organizers."""

    kind: Literal["ratings_voided"] = "ratings_voided"
    contest_id: str
    contest_name: str
    judge: str
    by: str
    reason: str
    ratings: int
    """That counted until then."""
    to_judge: bool = False


class RatingsRestored(Message):
    """That was taken back."""

    kind: Literal["ratings_restored"] = "ratings_restored"
    contest_name: str
    judge: str
    by: str
    ratings: int
    """That count again."""
    judges_again: bool
    to_judge: bool = False


class PieceStands(Message):
    """Takes the place of an invitation whose piece is not to be rated now."""

    kind: Literal["piece_stands"] = "piece_stands"
    submission_id: str
    alias: str
    standing: Literal["skipped", "flagged", "recused", "withdrawn", "replaced"]
    round: str
    """Of the invitation (``bot.rules.phases.Round``)."""
    undo: bool = False
    """Whether the judge can take it back."""
    now_called: str = ""
    """Where it was replaced: the alias of what came in its place; empty where that is no longer there either."""


class PieceWithdrawn(Message):
    """Somebody withdrew a piece that judges have rated: for those judges, and for the organizers."""

    kind: Literal["piece_withdrawn"] = "piece_withdrawn"
    contest_name: str
    called: str
    """Its alias for judges, its name for organizers."""
    ratings: int
    to_judge: bool
