"""What newcomers read: the checklist, the starter kit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import spoken
from bot.rules.phases import Intake, Phase
from bot.usecases.people.onboarding_letters import Checklist, FirstSteps, StarterMelody, StarterReply
from handlers.commands import Sub
from handlers.ids import Command
from handlers.people import starter_views
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import channel, count, cut_markup, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE, OPEN = "✅", "⬜"
# The words of a step say as well whether it is done: the sign only repeats it.
_UNCHECKED = frozenset({"received", "checking"})


@draw.register
def _first_steps(message: FirstSteps) -> Drawn:
    if message.contest_name:
        return plainly(
            f"{DONE} *{name(message.contest_name)}* is prepared. What is left: name the judges (`{Command.KANTOR} {Sub.JUDGES_ADD} @name ...`"
            f" in {channel(message.channel_id)}), then open it (`{Command.KANTOR} {Sub.PHASE_NEXT}`). My Home tab has all of it, too."
        )
    lead = "👋 I am Kantor, and I am here to run your contest: people compose, an AI judge and human judges listen."
    text = cut_markup(f"{lead}\n{guide.FIRST_STEPS}", b.MESSAGE_TEXT)
    return Drawn(text, (b.section(lead), *guide.first_steps(), b.context(_FIRST_HINT)))


_FIRST_HINT = "It is on my Home tab, too; write me *help* for all that you can do."


@draw.register
def _checklist(message: Checklist) -> Drawn:
    lead = (
        f"👋 Welcome to *{name(message.contest_name)}*! You write up to eight bars of music, an AI judge and human judges listen."
        " These are the steps; I tick them off here as you go."
    )
    steps = "\n".join(_steps(message))
    buttons = [
        *([opening(Sub.ACCOUNT, message.channel_id)] if _wants_account(message) else []),
        *([opening(Sub.STARTER)] if message.phase == Phase.OPEN else []),
        opening(Sub.HELP),
    ]
    return Drawn(
        cut_markup(f"{lead}\n{steps}", b.MESSAGE_TEXT), (b.section(lead), b.section(steps), b.actions(buttons))
    )


def _wants_account(message: Checklist) -> bool:
    return message.account == "free" and message.phase != Phase.FINISHED


def _steps(message: Checklist) -> Iterator[str]:
    if message.account == "held" or (message.account != "none" and message.phase != Phase.FINISHED):
        yield _account(message)
    yield (
        f"{DONE}  Composed: you have sent in your first file."
        if message.piece
        else f"{OPEN}  *Compose* up to eight bars, with anything that exports MIDI. The starter kit below helps."
    )
    yield _upload(message)
    yield (
        f"{DONE}  The AI judge has told you what it thinks, for your eyes only."
        if message.heard
        else f"{OPEN}  *Hear the AI judge*: what it thinks comes here a minute after your upload, for your eyes only."
    )
    yield _results(message)


def _account(message: Checklist) -> str:
    if message.account == "held":
        return f"{DONE}  You have your account."
    if message.account == "returned":
        return f"{DONE}  You had your account and gave it back. You can compose without one."
    if message.account == "empty":
        return f"{OPEN}  *Account*: all are taken right now. You can compose without one."
    return f"{OPEN}  *Take your account* with the button below. You can compose without one, too."


def _upload(message: Checklist) -> str:
    if message.piece_state == "accepted":
        return f"{DONE}  Uploaded: *{name(message.piece)}* is in."
    if message.piece_state == "late":
        return f"{OPEN}  *{name(message.piece)}* came late; an organizer decides, and I tell you."
    if message.piece_state in _UNCHECKED:
        return f"{OPEN}  *{name(message.piece)}* is being checked."
    if message.phase != Phase.OPEN:
        return f"{OPEN}  Upload: the contest takes no more compositions."
    again = f"*{name(message.piece)}* could not be taken; *upload* it again" if message.piece else "*Upload* it"
    limit = "" if message.limit == 1 else f" Up to {count(message.limit, 'composition')}."
    until = spoken(message.deadline, message.time_zone)
    return f"{OPEN}  {again}: {_door(message)}, until {until}.{limit}"


def _door(message: Checklist) -> str:
    there = f"drop the MIDI file in {channel(message.channel_id)}"
    here = "send the MIDI file to me here"
    return {Intake.CHANNEL: there, Intake.DM: here}.get(message.intake, f"{there}, or send it to me here")


def _results(message: Checklist) -> str:
    if message.phase == Phase.FINISHED:
        return f"{DONE}  The results are out: press *See the leaderboard* on my Home tab."
    if message.phase in {Phase.JUDGING, Phase.FINAL}:
        return f"{OPEN}  *See the results*: the judges are listening now, and I announce them in {channel(message.channel_id)}."
    return f"{OPEN}  *See the results* in {channel(message.channel_id)}, once human judges have listened."


@draw.register
def _starter_reply(message: StarterReply) -> Drawn:
    return Drawn(cut_markup(starter_views.LEAD, b.MESSAGE_TEXT), tuple(starter_views.kit(message.melodies)))


@share_comment.register
def _share_melody(message: StarterMelody) -> str:
    return _melody(message)


@draw.register
def _draw_melody(message: StarterMelody) -> Drawn:
    return plainly(_melody(message))


def _melody(message: StarterMelody) -> str:
    return (
        f"🎵 *{name(message.title)}* ({name(message.source)}): the bare melody, eight bars. {sentence(message.idea)}"
        " When it is yours, upload it like any other piece."
    )
