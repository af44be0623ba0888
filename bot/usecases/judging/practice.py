"""Two practice pieces: each judge tries the form on them before the first real one, or skips them with one tap.

What they give is kept to be shown beside what the others gave, and counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from statistics import fmean
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.criteria import Scheme
from bot.rules.phases import JUDGED, OVER, Phase
from bot.rules.roles import Role
from bot.rules.tenets import meanings_of
from bot.usecases.judging.following import follow_judge
from bot.usecases.judging.invitations import NO_PRACTICE, invite_judges, judging, practice_first
from bot.usecases.judging.letters import PracticeInvitation
from bot.usecases.judging.ratingforms import RatingForm, require_valid
from judge.writer import Score, write
from models.judging import PracticeRating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.ports import Inspector, ObjectStore
    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.ratingforms import RatingValues
    from models.contests import Contest, ContestRole
    from models.store import Work

OFFER = "offer_practice"
"""Name of the job: the pieces are drawn and played once, and never while somebody waits for an answer."""

PIECES = {
    "maman": Score(
        title="Ah, vous dirai-je, Maman",
        meter=(4, 4),
        bpm=108,
        voices=(
            "C5:1 C5 G5 G5 | A5 A5 G5:2 | F5:1 F5 E5 E5 | D5 D5 C5:2 | G5:1 G5 F5 F5 | E5 E5 D5:2 | G5:1 G5 F5 F5 | E5 E5 C5:2",
            "C4:1 E4 E4 G4 | F4 C4 E4 C4 | D4 B3 C4 A3 | F3 G3 C4 C3 | E4 C4 D4 B3 | C4 A3 B3 G3 | E4 C4 D4 B3 | G3 G3 C3:2",
        ),
    ),
    "detour": Score(
        title="A Detour in the Dark",
        meter=(4, 4),
        bpm=84,
        voices=(
            "A4:1.5 C5:.5 E5:1 D#5 | E5:2 R:1 B4 | C5:1.5 A4:.5 F5:1 E5 | D#5:3 R:1 | G#4:1 B4 D5 F5 | E5:.5 D5 C5 B4 A4:2 | F4:1 A4 C5 B4 | A4:4",
            "A2:2 A3 | G#2 G#3 | G2 G3 | F#2 F3 | E2 E3 | A2:1 C3 E3 A3 | D3:2 E3 | A2:4",
        ),
    ),
}
"""By a word of their own, in the order in which they are heard: a French tune of about 1740, author unknown, with a bass for Kantor, which is well made and
surprises nobody; and one for Kantor that goes astray over a falling bass. Between them the scale has something to tell apart."""
ALT_TEXTS = {
    "maman": "eight bars in C major, a melody above a walking bass.",
    "detour": "eight bars in A minor, a melody with wide leaps and rests above a bass that falls by half steps.",
}
ENOUGH = 2
"""So many others there are before a judge sees their mean: that of a single one would be that one's rating."""


def ask_for_practice(work: Matter, role: ContestRole) -> bool:
    """See to it that a new judge gets the practice piece; whether they will."""
    contest, now = work.contest, work.now
    if contest.texts.get("practice") == NO_PRACTICE:
        role.practised_at = now
        return False
    args = {"contest_id": contest.id, "judge": role.user_id}
    work.jobs.enqueue(
        work.desk.ids.new(), OFFER, _key(contest.id, role.user_id), args, now, owner=role.user_id, contest_id=contest.id
    )
    return True


@dataclass(frozen=True)
class Compared:
    """A practice piece: what the judge gave, and what the others did."""

    title: str
    own: float | None
    """Mean of the criteria; None where they did not rate it."""
    panel: float | None
    """Mean of the others' means; None where they are fewer than ``ENOUGH``."""
    others: int
    criteria: tuple[tuple[str, float, float], ...] = ()
    """Title, own score and the others' mean of each criterion; nothing where there is one of them only."""


@dataclass(frozen=True)
class Practised:
    """What comes after the practice pieces."""

    contest_name: str
    judging: bool
    """Whether there are pieces to rate."""
    begun: bool = False
    """Whether the judging has begun; it may be over, too."""
    compared: tuple[Compared, ...] = ()
    contest_id: str = ""


@dataclass(frozen=True)
class Practice:
    """Send the practice pieces, show their forms, compare, and let the judge go on."""

    desk: Desk
    objects: ObjectStore
    inspector: Inspector

    def offer(self, contest_id: str, judge: str) -> None:
        """Send the piece to a judge who has not tried it. Safe to repeat. Raises Unavailable: try again later."""
        with self.desk.store.read() as work:
            if _waits_for_it(work, contest_id, judge) is None:
                return
        has_sound = self._prepared()
        with self.desk.anyone() as work:
            contest = _waits_for_it(work, contest_id, judge)
            if contest is not None:
                letter = _invitation(contest, has_sound=has_sound)
                work.about(contest).post(_key(contest_id, judge), judge, letter, uploads=_uploads(has_sound=has_sound))

    def give_up(self, contest_id: str, judge: str) -> None:
        """The piece cannot be made: the judge begins without it."""
        self.finish(judge, contest_id, tried=False)

    def form(self, judge: str, contest_id: str) -> RatingForm:
        """The same form as for any piece, of the first one that they have not rated. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id, reads=True) as work:
            judging(work)
            rated = {each.piece for each in work.ratings.practice.of_contest(contest_id) if each.judge == judge}
            sent = _sent(work, contest_id, judge)
            return _form(work.contest, next((each for each in sent if each not in rated), sent[0]), sent)

    def rate(self, judge: str, contest_id: str, piece: str, values: RatingValues) -> RatingForm | Practised:
        """Keep what the judge gave: the form of the next piece, or what comes after the last one.

        Safe to repeat; a second rating takes the first one's place. Raises Refusal with the field that is wrong, and for those who are no judges.
        """
        with self.desk.person(judge, contest_id) as work:
            judging(work)
            _known(piece)
            require_valid(values, Scheme.load(work.contest.scheme))
            given = PracticeRating(
                contest_id=contest_id, judge=judge, piece=piece, scores=dict(values.scores), at=work.now
            )
            work.ratings.practice.keep(given)
            sent = _sent(work, contest_id, judge)
            left = [each for each in sent if list(PIECES).index(each) > list(PIECES).index(piece)]
            if left:
                return _form(work.contest, left[0], sent)
            return _finish(work, tried=True)

    def compared(self, judge: str, contest_id: str) -> Practised:
        """What the judge gave the practice pieces, beside the others. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id, reads=True) as work:
            judging(work)
            return _practised(work)

    def finish(self, judge: str, contest_id: str, *, tried: bool) -> Practised:
        """The judge has tried the form, or wants to begin without. Safe to repeat. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id) as work:
            return _finish(work, tried=tried)

    def _prepared(self) -> bool:
        """Draw and play the pieces, the first time; whether there is sound."""
        has_sound = [self._made(piece) for piece in PIECES]
        return all(has_sound)

    def _made(self, piece: str) -> bool:
        picture, sound = _object(piece, "picture.png"), _object(piece, "sound.mp3")
        if not self.objects.exists(picture):
            found = self.inspector.inspect(write(PIECES[piece]), "")
            if found.sound is not None:
                self.objects.put(sound, found.sound)
            self.objects.put(picture, found.picture)
        return self.objects.exists(sound)


def _known(piece: str) -> str:
    if piece not in PIECES:
        raise Refusal("I have other practice pieces by now. Please press *Try the form* once more.")
    return piece


def _sent(work: Work, contest_id: str, judge: str) -> list[str]:
    """What that judge has to hear, in order: one piece alone where their invitation is of the days when there was one."""
    letter = work.outbox.by_key(_key(contest_id, judge))
    said = {} if letter is None else letter.message
    titles = {said.get("title"), *said.get("others", ())}
    return [piece for piece, score in PIECES.items() if score.title in titles] or list(PIECES)


def _form(contest: Contest, piece: str, sent: Sequence[str]) -> RatingForm:
    return RatingForm(
        submission_id=piece,
        alias=PIECES[piece].title,
        contest_name=contest.name,
        scheme=Scheme.load(contest.scheme),
        values=None,
        done=sent.index(piece) if piece in sent else 0,
        total=len(sent),
        meanings=meanings_of(contest.texts),
        contest_id=contest.id,
        practice=True,
    )


def _finish(work: Matter, *, tried: bool) -> Practised:
    contest, judge, role = work.contest, work.actor, judging(work)
    if role.practised_at is None:
        role.practised_at = work.now
        work.note("judge.practised", tried=tried)
        follow_judge(work, contest, judge, work.now)
    turn = invite_judges(work, contest, [judge], work.now)[judge]
    waits = contest.phase in JUDGED and bool(turn.pile.unrated)
    return replace(_practised(work), judging=waits)


def _practised(work: Matter) -> Practised:
    contest, scheme = work.contest, Scheme.load(work.contest.scheme)
    # Those by criteria that there are no more say nothing.
    given = [each for each in work.ratings.practice.of_contest(contest.id) if set(each.scores) == set(scheme.keys)]
    compared = []
    for piece, score in PIECES.items():
        own = next((each.scores for each in given if (each.judge, each.piece) == (work.actor, piece)), None)
        others = [each.scores for each in given if each.piece == piece and each.judge != work.actor]
        enough = len(others) >= ENOUGH
        criteria = [
            (each.title, own[each.key], fmean(scores[each.key] for scores in others))
            for each in scheme.criteria
            if own is not None and enough
        ]
        compared.append(
            Compared(
                title=score.title,
                own=None if own is None else scheme.mean(own),
                panel=fmean(scheme.mean(scores) for scores in others) if enough else None,
                others=len(others),
                criteria=tuple(criteria) if len(criteria) > 1 else (),
            )
        )
    begun = contest.phase not in {Phase.DRAFT, Phase.OPEN}
    tried = any(each.own is not None for each in compared)
    return Practised(contest.name, False, begun=begun, compared=tuple(compared) if tried else (), contest_id=contest.id)


def _waits_for_it(work: Work, contest_id: str, judge: str) -> Contest | None:
    contest, role = work.contests.get(contest_id), work.contests.roles.held(contest_id, judge, Role.JUDGE)
    if contest is None or role is None or contest.phase in OVER or role.recused_at is not None:
        return None
    return contest if practice_first(contest, role) else None


def _invitation(contest: Contest, *, has_sound: bool) -> PracticeInvitation:
    first, *others = PIECES.values()
    return PracticeInvitation(
        contest_id=contest.id,
        contest_name=contest.name,
        title=first.title,
        others=tuple(each.title for each in others),
        alt_text=_alt_text(next(iter(PIECES))),
        has_sound=has_sound,
    )


def _alt_text(piece: str) -> str:
    return f"Piano roll of the practice piece, {PIECES[piece].title}: {ALT_TEXTS[piece]}"


def _uploads(*, has_sound: bool) -> tuple[Enclosure, ...]:
    return tuple(each for piece in PIECES for each in _files(piece, has_sound=has_sound))


def _files(piece: str, *, has_sound: bool) -> tuple[Enclosure, ...]:
    title = PIECES[piece].title
    picture = Enclosure(_object(piece, "picture.png"), f"practice-{piece}.png", title, alt_text=_alt_text(piece))
    sound = Enclosure(_object(piece, "sound.mp3"), f"practice-{piece}.mp3", title)
    return (picture, sound) if has_sound else (picture,)


def _object(piece: str, name: str) -> str:
    # By its bytes: another piece in a later version is drawn anew.
    return storage.practice(sha256(write(PIECES[piece])).hexdigest()[:12], name)


def _key(contest_id: str, judge: str) -> str:
    return f"practice:{contest_id}:{judge}"
