"""The reveal: one step a click, for the presenter and any organizer beside them. All of where it stands is rows, and a click is one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import ceremony as rules
from bot.rules import storage
from bot.rules.ceremony import Act, Move, MoveError, Position, moved
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.words import quoted
from bot.usecases.awards.finalizing import new_ceremony
from bot.usecases.awards.letters import CeremonyPause, Reveal
from bot.usecases.awards.outcome import Teller, settled
from bot.usecases.awards.panels import rewrite_panels, send_panel
from bot.usecases.awards.preparing import card_of, prepare_soon
from bot.usecases.contests.contests import begin_phase, note_move
from bot.usecases.judging.counting import counting, listeners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.ceremony import Step
    from bot.usecases.awards.letters import Panel
    from bot.usecases.desk import Desk, Matter
    from models.awards import Ceremony, Result
    from models.submissions import Submission

HINT = "`/kantor ceremony` shows how it stands."


@dataclass(frozen=True)
class Rehearsal:
    """Where one takes place."""

    contest_name: str
    channel_id: str
    presenter: str


@dataclass(frozen=True)
class Revealing:
    """Rehearse, help presenting, click."""

    desk: Desk

    def rehearse(self, actor: str, contest_id: str, channel_id: str) -> Rehearsal:
        """The whole ceremony, in a private channel of organizers and the presenter: nothing of it is seen elsewhere.

        Raises Refusal where others would see it, and where the results do not stand. May raise Unavailable.
        """
        with self.desk.organizer(actor, contest_id, reads=True) as work:
            show = _running(work)
            knowing = {
                show.presenter,
                *work.contests.roles.holders(contest_id, Role.ORGANIZER),
                *self.desk.who.organizer_ids,
            }
        self._require_secret(channel_id, frozenset(knowing))
        with self.desk.organizer(actor, contest_id) as work:
            show = _running(work)
            before = work.awards.running(contest_id, rehearsal=True)
            if before is not None:
                before.ended_at, before.turn = work.now, before.turn + 1
                rewrite_panels(work, before)
            result = _result(work, show)
            made = new_ceremony(work, result, settled(work, result), show.presenter, channel_id, rehearsal=True)
            prepare_soon(work, made)
            work.note("ceremony.rehearsed", channel=channel_id)
            return Rehearsal(work.contest.name, channel_id, show.presenter)

    def help_present(self, actor: str, contest_id: str) -> None:
        """Hand the panel to one more organizer. Raises Refusal."""
        with self.desk.organizer(actor, contest_id) as work:
            show = _running(work)
            if actor not in show.panels:
                show.panels = [*show.panels, actor]
                send_panel(work, show, actor)

    def move(self, actor: str, ceremony_id: str, turn: int, move: Move) -> Panel:
        """One click, made where the ceremony stood at that turn; the panel after it. Raises Refusal where it stands elsewhere by now, and for all others."""
        with self._at(actor, ceremony_id, turn) as (work, show):
            steps = rules.load(show.steps)
            before = Position(show.shown, show.at_step, paused=show.paused)
            try:
                after = moved(before, move, len(steps))
            except MoveError as error:
                raise Refusal(str(error)) from error
            show.shown, show.at_step, show.paused = after.shown, after.at, after.paused
            show.turn += 1
            show.begun_at = show.begun_at or work.now
            if after.shown > before.shown:
                _reveal(work, show, steps[after.shown - 1], after.shown)
            elif after.paused != before.paused:
                _tell_pause(work, show)
            return rewrite_panels(work, show)

    def finish(self, actor: str, ceremony_id: str, turn: int) -> Panel:
        """After the last step: everybody sees everything. A rehearsal just ends. Raises as ``move``."""
        with self._at(actor, ceremony_id, turn) as (work, show):
            if show.shown < len(show.steps):
                raise Refusal(f"There are steps left to show. {HINT}")
            show.ended_at, show.turn = work.now, show.turn + 1
            if not show.rehearsal:
                begin_phase(work, Phase.FINISHED)
                note_move(work, Phase.CEREMONY)
            return rewrite_panels(work, show)

    @contextmanager
    def _at(self, actor: str, ceremony_id: str, turn: int) -> Iterator[tuple[Matter, Ceremony]]:
        """The transaction of a click: the contest is locked, and only then it is looked at which turn it is."""
        person = self.desk.who.ask(actor)
        with self.desk.store.read() as look:
            found = look.awards.ceremony(ceremony_id)
        if found is None:
            raise Refusal(f"I cannot find that ceremony any more. {HINT}")
        with self.desk.person(actor, found.contest_id) as work:
            show = work.awards.ceremony(ceremony_id)
            assert show is not None
            if actor not in show.panels or person.profile is None or not person.profile.is_ours:
                person.require_organizer(work, work.contest.id)
            _require_turn(work, show, turn)
            yield work, show

    def _require_secret(self, channel_id: str, knowing: frozenset[str]) -> None:
        directory = self.desk.who.directory
        if directory.channel_name(channel_id) is None:
            raise Refusal("I am not in that channel: write `/invite @kantor` there first.", field="channel_id")
        if not directory.is_private(channel_id):
            raise Refusal("Everybody can read that channel. Please choose a private one.", field="channel_id")
        others = [user_id for user_id in directory.everybody_in(channel_id) - knowing if not self._may_know(user_id)]
        if others:
            raise Refusal(
                f"{len(others)} in that channel neither organize the contest nor present it, and would learn how it ended. Please choose a "
                "private channel without them.",
                field="channel_id",
            )

    def _may_know(self, user_id: str) -> bool:
        """Admins of the workspace organize every contest, and bots tell nobody."""
        profile = self.desk.who.profile(user_id)
        return profile is not None and (profile.is_bot or profile.is_admin)


def _require_turn(work: Matter, show: Ceremony, turn: int) -> None:
    if show.ended_at is not None or work.contest.phase != Phase.CEREMONY:
        raise Refusal(f"That ceremony of *{quoted(work.contest.name)}* is over. {HINT}")
    if show.turn != turn:
        raise Refusal(
            f"Somebody was quicker, or you pressed twice: {show.shown} of {len(show.steps)} steps are shown now, and nothing was shown "
            "twice. Your panel says where it stands."
        )


def _running(work: Matter) -> Ceremony:
    show = work.awards.running(work.contest.id, rehearsal=False)
    if work.contest.phase != Phase.CEREMONY or show is None:
        raise Refusal(f"The results of *{quoted(work.contest.name)}* do not wait for a ceremony. {HINT}")
    return show


def _result(work: Matter, show: Ceremony) -> Result:
    return next(each for each in work.awards.results(work.contest.id) if each.id == show.result_id)


def _reveal(work: Matter, show: Ceremony, step: Step, number: int) -> None:
    """The step, to the channel, with its picture and its music; by its key it is said once, whatever happens to us."""
    contest = work.contest
    told = Teller.of(work, contest, settled(work, _result(work, show)), [step]).told(step)
    authors = work.submissions.authors(contest.id) if step.act is Act.WELCOME else {}
    letter = Reveal(
        contest_name=contest.name,
        step=told,
        pieces=len(authors),
        composers=len(set(authors.values())),
        judges=len(listeners(work, contest, counting(work, contest))) if authors else 0,
        rehearsal=show.rehearsal,
    )
    uploads = []
    if show.has_pictures:
        card = card_of(contest.name, told)
        uploads.append(
            Enclosure(storage.reveal(show.result_id, number), f"step-{number}.png", told.heading, card.alt_text)
        )
    pieces = work.submissions.by_ids(set(step.winners))
    uploads += [_music(pieces[key]) for key in step.winners if key in pieces and pieces[key].has_sound]
    work.post(f"reveal:{show.id}:{number}", show.channel_id, letter, uploads=uploads)


def _music(piece: Submission) -> Enclosure:
    return Enclosure(storage.sound(piece.folder), f"{piece.title}.mp3", piece.title)


def _tell_pause(work: Matter, show: Ceremony) -> None:
    if not show.shown:
        return
    said = CeremonyPause(contest_name=work.contest.name, goes_on=not show.paused, rehearsal=show.rehearsal)
    work.post(f"pause:{show.id}:{show.turn}", show.channel_id, said)


def open_shows(work: Matter) -> Iterator[Ceremony]:
    """Ceremonies and rehearsals that have not ended."""
    for show in work.awards.ceremonies(work.contest.id):
        if show.ended_at is None:
            yield show
