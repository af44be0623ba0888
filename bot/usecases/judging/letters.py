"""What judges read, and what organizers read of them."""

from __future__ import annotations

from typing import Literal

from bot.usecases.messages import InContest, Message, Part, Whose


class RatingInvitation(Message, InContest, kind="rating_invitation", in_words="a composition to rate"):
    """The next composition for a judge; its mp3 and picture are the letter's uploads."""

    submission_id: str
    alias: str
    alt_text: str
    has_sound: bool
    again: bool = False
    """It was skipped before. How many there are is not said: that changes, and forms and lists tell it as it is."""
    final: bool = False
    """It is heard anew, in the final."""


class RatingStands(Message, kind="rating_stands", in_words="the word that a rating stands"):
    """Takes the place of an invitation whose piece has been rated."""

    submission_id: str
    alias: str
    round: str = ""
    """Of the rating (``bot.rules.phases.Round``): its button changes that one, and no other."""


class RulesFixed(Message, InContest, kind="rules_fixed", in_words="the rules of judging"):
    """By which rules a contest is judged, told to its channel: from the first version on each change is told."""

    version: int
    sha256: str
    """Of the document, in hexadecimal digits."""
    lines: tuple[str, ...]
    """What they say, or what is other than before, as sentences of a use case."""
    channel_id: str = ""
    """Empty in those that are older than the button which sends the document."""


class RulesDocument(Message, InContest, kind="rules_document", in_words="the rules of judging as a file"):
    """Each version's document, which is the letter's upload, to whoever asked."""

    hashes: tuple[tuple[int, str], ...]
    """Of each version the SHA-256 of its file, ``rules-<version>.json``; newest first."""
    older: int = 0
    """Versions that are not among them."""


class RatingsDone(Message, InContest, kind="ratings_done", in_words="the end of the ratings"):
    """A judge has rated all there is."""

    total: int


class JudgeReleased(Message, InContest, kind="judge_released", in_words="the word that they judge no more"):
    """An organizer has let a judge go who had rated nothing."""

    by: str


class JudgingHeld(Message, InContest, kind="judging_held", in_words="the word that rating has to wait"):
    """The judging, or the final, began by mistake: what was sent has to wait."""

    pieces: int
    """How many are with the judge."""
    final: bool


class JudgingGoesOn(Message, InContest, kind="judging_goes_on", in_words="the word that the judging goes on"):
    """It has begun again: what was sent before can be rated now."""

    pieces: int


class JudgeWelcome(Message, InContest, kind="judge_welcome", in_words="the welcome of a judge"):
    """Somebody was made a judge."""

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


class PracticeInvitation(Message, InContest, kind="practice_invitation", in_words="the practice piece"):
    """Pieces to try the form with; their mp3 and pictures are the letter's uploads."""

    contest_id: str
    title: str
    others: tuple[str, ...] = ()
    """Titles of those after the first one."""
    alt_text: str
    has_sound: bool
    done: bool = False
    """It has been tried, or skipped."""


class PracticeWaits(Message, InContest, kind="practice_waits", in_words="the beginning of the judging"):
    """The judging has begun, and this judge has neither tried the practice piece nor skipped it."""

    contest_id: str
    done: bool = False
    """They have now."""


class JudgesNoMore(Message, InContest, kind="judges_no_more", in_words="the word that they judge no more"):
    """Takes the place of a judge's letter that had buttons: they have left, or were let go."""

    alias: str = ""
    """Of the piece that it was about, if any."""


class JudgingDigest(Message, InContest, kind="judging_digest", in_words="a reminder of what is left to rate"):
    """What is left for a judge who has not rated for a day."""

    contest_id: str
    left: int
    total: int
    practice: bool
    """The practice piece is what they would go on with."""
    submission_id: str | None = None
    """What is with them, to go on with at once."""
    alias: str = ""
    round: str = ""
    """In which it is with them (``bot.rules.phases.Round``)."""


class PaceWord(Message, InContest, kind="pace_word", in_words="a word about the pace", alarms=False):
    """For a judge who is far behind the others: what they can do, and that nothing is lost."""

    contest_id: str
    done: int
    total: int


class OneScoreWord(Message, InContest, kind="one_score_word", in_words="a word about the scale", alarms=False):
    """For a judge who gave the same score in everything: that it counts, and what it leaves open."""

    contest_id: str
    score: float
    ratings: int


class FlagAlarm(Message, Whose, InContest, kind="flag_alarm", in_words="a flag to look at", alarms=False):
    """For organizers: a judge says that something is wrong with a piece."""

    judge: str
    alias: str
    what: str
    """``file``, ``copy``, ``offensive`` or ``other``."""
    reason: str
    mark_id: str
    taken_back: bool = False
    """The judge has thought better of it."""


class FlagSettled(Message, InContest, kind="flag_settled", in_words="what came of a flag"):
    """For the judge: an organizer has looked at what they flagged."""

    alias: str
    note: str
    comes_back: bool


class RecusalNews(Message, InContest, kind="recusal_news", in_words="the news of a recusal", alarms=False):
    """For organizers: a judge will not rate a piece, or judges no more."""

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


class ConflictNews(
    Message, InContest, kind="conflict_news", in_words="the news of a conflict of interest", alarms=False
):
    """A judge should not judge what certain people wrote: for organizers, and for the judge where one of them said so."""

    judge: str
    authors: tuple[str, ...]
    reason: str
    """``team``, ``manager``, ``mentor`` or ``other``."""
    by: str
    rated: int
    """How many of the judge's ratings of their compositions stay stored, and count no more."""
    to_judge: bool = False


class Scored(Part):
    """One criterion's title, and the score with its title: ``4 - Now we're rocking``."""

    title: str
    label: str


class RatingEntered(
    Message, InContest, kind="rating_entered", in_words="the news of a rating that was written down on their behalf"
):
    """For a judge: an organizer has written down a rating on their behalf."""

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


class RatingsVoided(Message, InContest, kind="ratings_voided", in_words="the news that ratings are void"):
    """The organizers have let a judge go, and nothing that they gave counts: for the judge, and for the organizers."""

    contest_id: str
    judge: str
    by: str
    reason: str
    ratings: int
    """That counted until then."""
    to_judge: bool = False


class RatingsRestored(Message, InContest, kind="ratings_restored", in_words="the news that ratings count again"):
    """That was taken back."""

    judge: str
    by: str
    ratings: int
    """That count again."""
    judges_again: bool
    to_judge: bool = False


class PieceStands(Message, kind="piece_stands", in_words="the word that a composition is not to be rated now"):
    """Takes the place of an invitation whose piece is not to be rated now."""

    submission_id: str
    alias: str
    standing: Literal["skipped", "flagged", "recused", "withdrawn", "replaced", "over"]
    round: str
    """Of the invitation (``bot.rules.phases.Round``)."""
    undo: bool = False
    """Whether the judge can take it back."""
    now_called: str = ""
    """Where it was replaced: the alias of what came in its place; empty where that is no longer there either."""


class PieceWithdrawn(Message, InContest, kind="piece_withdrawn", in_words="the news of a withdrawn composition"):
    """Somebody withdrew a piece that judges have rated: for those judges, and for the organizers."""

    called: str
    """Its alias for judges, its name for organizers."""
    piece: Whose | None = None
    """For organizers."""
    ratings: int
    to_judge: bool
