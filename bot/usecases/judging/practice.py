"""The practice piece: each judge tries the form on it before the first real one, or skips it with one tap."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.criteria import Scheme
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import Role
from bot.rules.tenets import meanings_of
from bot.usecases.judging.following import follow_judge
from bot.usecases.judging.invitations import NO_PRACTICE, invite_judges, judging, practice_first
from bot.usecases.judging.letters import PracticeInvitation
from bot.usecases.judging.ratingforms import RatingForm
from judge.writer import Score, write

if TYPE_CHECKING:
    from bot.ports import Inspector, ObjectStore
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest, ContestRole
    from models.store import Work

OFFER = "offer_practice"
"""Name of the job: the piece is drawn and played once, and never while somebody waits for an answer."""

PIECE = Score(
    title="Ah, vous dirai-je, Maman",
    meter=(4, 4),
    bpm=108,
    voices=(
        "C5:1 C5 G5 G5 | A5 A5 G5:2 | F5:1 F5 E5 E5 | D5 D5 C5:2 | G5:1 G5 F5 F5 | E5 E5 D5:2 | G5:1 G5 F5 F5 | E5 E5 C5:2",
        "C4:1 E4 E4 G4 | F4 C4 E4 C4 | D4 B3 C4 A3 | F3 G3 C4 C3 | E4 C4 D4 B3 | C4 A3 B3 G3 | E4 C4 D4 B3 | G3 G3 C3:2",
    ),
)
"""A French tune of about 1740, author unknown, with a bass for Kantor."""
ALT_TEXT = f"Piano roll of the practice piece, “{PIECE.title}”: eight bars in C major, a melody above a walking bass."


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
class Practised:
    """What comes after the practice piece."""

    contest_name: str
    judging: bool
    """Whether there are pieces to rate."""
    begun: bool = False
    """Whether the judging has begun; it may be over, too."""


@dataclass(frozen=True)
class Practice:
    """Send the practice piece, show its form, and let the judge go on."""

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
        """The same form as for any piece. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id, reads=True) as work:
            contest, _ = work.contest, judging(work)
            return RatingForm(
                submission_id="practice",
                alias=PIECE.title,
                contest_name=contest.name,
                scheme=Scheme.load(contest.scheme),
                values=None,
                done=0,
                total=0,
                meanings=meanings_of(contest.texts),
                contest_id=contest.id,
                practice=True,
            )

    def finish(self, judge: str, contest_id: str, *, tried: bool) -> Practised:
        """The judge has tried the form, or wants to begin without. Safe to repeat. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id) as work:
            contest, role = work.contest, judging(work)
            if role.practised_at is None:
                role.practised_at = work.now
                work.note("judge.practised", tried=tried)
                follow_judge(work, contest, judge, work.now)
            turn = invite_judges(work, contest, [judge], work.now)[judge]
            waits = contest.phase in JUDGED and bool(turn.pile.unrated)
            return Practised(contest.name, waits, begun=contest.phase not in {Phase.DRAFT, Phase.OPEN})

    def _prepared(self) -> bool:
        """Draw and play the piece, the first time; whether there is sound."""
        picture, sound = _object("picture.png"), _object("sound.mp3")
        if not self.objects.exists(picture):
            found = self.inspector.inspect(write(PIECE), "")
            if found.sound is not None:
                self.objects.put(sound, found.sound)
            self.objects.put(picture, found.picture)
        return self.objects.exists(sound)


def _waits_for_it(work: Work, contest_id: str, judge: str) -> Contest | None:
    contest, role = work.contests.get(contest_id), work.contests.roles.held(contest_id, judge, Role.JUDGE)
    if contest is None or role is None or contest.phase == Phase.FINISHED or role.recused_at is not None:
        return None
    return contest if practice_first(contest, role) else None


def _invitation(contest: Contest, *, has_sound: bool) -> PracticeInvitation:
    return PracticeInvitation(
        contest_id=contest.id, contest_name=contest.name, title=PIECE.title, alt_text=ALT_TEXT, has_sound=has_sound
    )


def _uploads(*, has_sound: bool) -> tuple[Enclosure, ...]:
    picture = Enclosure(_object("picture.png"), "practice-piece.png", "Practice piece", alt_text=ALT_TEXT)
    sound = Enclosure(_object("sound.mp3"), "practice-piece.mp3", "Practice piece")
    return (picture, sound) if has_sound else (picture,)


def _object(name: str) -> str:
    # By its bytes: another piece in a later version is drawn anew.
    return storage.practice(sha256(write(PIECE)).hexdigest()[:12], name)


def _key(contest_id: str, judge: str) -> str:
    return f"practice:{contest_id}:{judge}"
