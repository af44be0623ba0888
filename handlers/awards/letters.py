"""The ceremony, certificates and prizes, as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.ceremony import Act
from bot.usecases.awards.letters import (
    CeremonyPause,
    CertificateLetter,
    ConsentAsked,
    Panel,
    PrizeWon,
    ResultsFile,
    Reveal,
)
from handlers.commands import Sub
from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import channel, code, count, cut_markup, mention, name, viewers_time

if TYPE_CHECKING:
    from bot.usecases.awards.letters import Revealed, StepTold

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
PROGRAM = 40
"""So many steps of the program are listed."""


@draw.register
def _reveal(message: Reveal) -> Drawn:
    return plainly(_revealed(message))


@share_comment.register
def _share_reveal(message: Reveal) -> str:
    return _revealed(message)


def _revealed(message: Reveal) -> str:
    step, contest = message.step, name(message.contest_name)
    rehearsal = "🎬 _Rehearsal_\n" if message.rehearsal else ""
    if step.act is Act.WELCOME:
        here = f"{count(message.pieces, 'composition')} by {count(message.composers, 'composer')}, heard by {count(message.judges, 'judge')}."
        return cut_markup(
            f"{rehearsal}*Welcome to the awards of {contest}!* {here}\nFirst comes the AI judge's own podium (how much it sounds like Bach, never"
            " mixed into people's scores), then the special awards, and then the judges' podium.",
            b.MESSAGE_TEXT,
        )
    people = words.at_most([_called_up(each, by_name=message.rehearsal) for each in step.winners], 10)
    below = f"\n{name(step.below, 200)}" if step.below else ""
    explained = f"\n_For {name(step.explained, 200)}_" if step.explained else ""
    prize = next((f"\nThe prize: {name(each.prize, 200)}" for each in step.winners if each.prize), "")
    lines = "\n".join(people)
    return cut_markup(
        f"{rehearsal}{_sign(step)} *{name(step.heading)}*{explained}\n{lines}{below}{prize}", b.MESSAGE_TEXT
    )


def _sign(step: StepTold) -> str:
    if step.act is Act.AWARD:
        return "🎖️"
    return _MEDALS.get(step.place, "▫️")


def _called_up(winner: Revealed, *, by_name: bool) -> str:
    who = name(winner.called) if by_name else mention(winner.user_id)
    return f"*{name(winner.title)}* by {who}" if winner.title else who


@draw.register
def _pause(message: CeremonyPause) -> Drawn:
    rehearsal = "🎬 _Rehearsal_: " if message.rehearsal else ""
    sign = "" if message.rehearsal else "▶️ " if message.goes_on else "⏸️ "
    return plainly(f"{rehearsal}{sign}{'And on we go!' if message.goes_on else 'A short pause.'}")


@draw.register
def _panel(message: Panel) -> Drawn:
    where = f"{'A rehearsal' if message.rehearsal else 'For real'}, in {channel(message.channel_id)}"
    text = cut_markup(f"🎭 Your panel for the awards of {name(message.contest_name)}", b.MESSAGE_TEXT)
    if message.ended:
        over = (
            "It is over: nothing more is shown."
            if message.shown < message.total
            else "It is over. Thank you for presenting!"
        )
        return Drawn(text, (b.section(f"🎭 *The awards of {name(message.contest_name)}*\n{where}. {over}"),))
    head = b.section(f"🎭 *The awards of {name(message.contest_name)}*\n{where}")
    return Drawn(
        text,
        (
            head,
            *_program(message),
            *_said("The channel sees now" if message.at == message.shown else "The channel has seen", message.now),
            *_said("Next", message.following),
            b.context(_standing(message)),
            b.actions(_buttons(message)),
        ),
    )


def _program(message: Panel) -> list[b.Block]:
    if message.at:
        return []
    lines = words.at_most([f"{number}. {name(each)}" for number, each in enumerate(message.program, start=1)], PROGRAM)
    lead = "*The run of show*: each click shows one step, with its picture and its music. Nobody but you and the organizers knows the results yet."
    return [b.section(cut_markup("\n".join([lead, *lines]), b.SECTION_TEXT))]


def _said(lead: str, step: StepTold | None) -> list[b.Block]:
    if step is None:
        return []
    people = words.at_most([_called_up(each, by_name=True) for each in step.winners], 5)
    parts = [f"*{lead}: {name(step.heading)}*", *people, name(step.below, 200)]
    prize = next((f"🎁 {name(each.prize, 200)}" for each in step.winners if each.prize), "")
    return [b.section(cut_markup("\n".join(part for part in [*parts, prize] if part), b.SECTION_TEXT))]


def _standing(message: Panel) -> str:
    paused = "  ·  it pauses" if message.paused else ""
    return f"{message.shown} of {count(message.total, 'step')} shown{paused}"


def _buttons(message: Panel) -> list[b.Block]:
    value = f"{message.ceremony_id}:{message.turn}"
    if message.paused:
        return [b.button("Go on", Action.CEREMONY_RESUME, value, primary=True)]
    back = [b.button("Back", Action.CEREMONY_BACK, value)] if message.at > 1 else []
    if message.following is None:
        return [_finish(message, value), *back]
    begin = "Begin" if not message.at else "Next" if message.at == message.shown else "Forward"
    pause = [b.button("Pause", Action.CEREMONY_PAUSE, value)] if message.at else []
    return [b.button(begin, Action.CEREMONY_NEXT, value, primary=True), *back, *pause]


def _finish(message: Panel, value: str) -> b.Block:
    if message.rehearsal:
        return b.button("End the rehearsal", Action.CEREMONY_FINISH, value, primary=True)
    return b.confirmed(
        b.button("Finish: show the whole board", Action.CEREMONY_FINISH, value, primary=True),
        title="Finish the contest?",
        text="I post the winners, the whole board and the file of the results, and send certificates and feedback.",
        confirm="Finish",
        deny="Not yet",
    )


@draw.register
def _consent(message: ConsentAsked) -> Drawn:
    return plainly(
        f"🔏 {mention(message.by)} has confirmed the results of *{name(message.contest_name)}*. A second organizer has to look at them and confirm"
        " them, too; then they stand, and nobody rates any more.",
        b.actions([opening(Sub.CEREMONY, message.channel_id, "Look at the results", primary=True)]),
    )


@draw.register
def _results_file(message: ResultsFile) -> Drawn:
    return plainly(_file(message))


@share_comment.register
def _share_results(message: ResultsFile) -> str:
    return _file(message)


def _file(message: ResultsFile) -> str:
    return (
        f"🔏 The results of *{name(message.contest_name)}*, as they were fixed on {viewers_time(message.settled_at)}. The SHA-256 of this file is"
        f" {code(message.sha256)}, as I posted it then: `sha256sum` tells that nothing was changed since. It names nobody; your composition is there by"
        " the SHA-256 of its MIDI file."
    )


@draw.register
def _certificate(message: CertificateLetter) -> Drawn:
    return plainly(_certified(message))


@share_comment.register
def _share_certificate(message: CertificateLetter) -> str:
    return _certified(message)


def _certified(message: CertificateLetter) -> str:
    about = f" for *{name(message.title)}*" if message.title else ""
    return f"📜 Your certificate of *{name(message.contest_name)}*: {name(message.honour)}{about}. The PDF is for printing."


@draw.register
def _prize(message: PrizeWon) -> Drawn:
    what = name(message.what, 200)
    if message.state == "received":
        return plainly(f"✅ You have your prize of *{name(message.contest_name)}*: {what}.")
    who = ", ".join(words.at_most([mention(each) for each in message.organizers], 5))
    ask = f" {who} will see to it that it reaches you." if who else ""
    received = b.button("I have it", Action.PRIZE_RECEIVED, message.prize_id)
    return plainly(
        f"🎁 *{name(message.honour)}* of *{name(message.contest_name)}* wins: {what}.{ask}", b.actions([received])
    )
