"""Answers, rules, what newcomers read, and what organizers ask Kantor to tell people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import spoken
from bot.rules.phases import Intake, Phase
from bot.rules.plainwords import Wish
from bot.usecases.people.letters import (
    Announcement,
    Checklist,
    ComposerNudge,
    DutyAnswered,
    DutyAsked,
    DutyReminder,
    DutyWithdrawn,
    FirstSteps,
    HelpReply,
    JudgeNudge,
    RulesReply,
    StarterMelody,
    StarterReply,
    WayReply,
)
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.judging.views import how_to_judge_button, queue_button
from handlers.people import dutyviews, views
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import channel, count, cut_markup, escape, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator


_UNKNOWN = (
    "I did not understand that. Write me *deadline*, *rules*, *starter*, *submit*, *mine*, *withdraw*, *my score*, *account*, *judge*"
    " or *help*, or send me a MIDI file of at most eight bars."
)
_FORMAT = (
    "🎹 I take MIDI (`.mid`): it holds the notes, and no sound. In the program that you compose with look for MIDI under *File*, "
    "*Export* or *Save as*. A recording (WAV, MP3) cannot be turned into notes by me."
)


@draw.register
def _help_reply(message: HelpReply) -> Drawn:
    if message.sentence:
        # Why not, and where to look: a list of all commands would bury it.
        return plainly(sentence(message.sentence), b.actions([opening(Sub.HELP)]))
    lead = "🎼 I am Kantor. I run the contest."
    return Drawn(cut_markup(lead, b.MESSAGE_TEXT), tuple(guide.help_message(message.roles, first=message.first)))


@draw.register
def _way_reply(message: WayReply) -> Drawn:
    return plainly(_words(message), *([b.actions(buttons)] if (buttons := _buttons(message)) else []))


def _words(message: WayReply) -> str:
    contest, there = f"*{name(message.contest_name)}*", channel(message.channel_id)
    if message.command:
        return f"`{Command.KANTOR} {message.command}` does that. Commands work in every channel, and here, too."
    if message.guess:
        return f"I did not understand that. Did you mean *{name(message.guess)}*? *help* lists all that I know."
    return (
        {
            Wish.THANKS: "🎶 With pleasure! I am here whenever you need me.",
            Wish.HELLO: f"👋 Hello! {contest} is on in {there}. My Home tab shows how you stand; write me *help* for all that I can do.",
            Wish.SUBMIT: "📬 Press the button and add your MIDI file, at most eight bars. No file yet? The starter kit helps.",
            Wish.MINE: "🎼 Here is all that you have handed in. You can replace, rename and withdraw it there.",
            Wish.WITHDRAW: "🎼 Press the button, choose the composition, then *Withdraw*. I ask once more before anything happens.",
            Wish.ERASE: "🧽 I can pass that on: press the button, and I ask the organizers to erase what I know of you.",
            Wish.FORMAT: _FORMAT,
            Wish.HOW: "\n".join(
                [guide.COURSE_TITLE, guide.course(), *(f"🎁  {name(each, 200)}" for each in message.prizes)]
            ),
            Wish.STATUS: f"📋 How {contest} stands:",
            Wish.BOARD: f"🏆 The leaderboard of {contest}, as it stands now:",
            Wish.JUDGES: f"🎧 The button shows who judges {contest}{_own_pieces(message)}. *rules* tells what they go by.",
            Wish.JUDGE: f"🎧 Your pieces in {contest}: what waits for you, and what you have rated.",
        }.get(Wish(message.wish), _UNKNOWN)
        if message.wish
        else _UNKNOWN
    )


def _own_pieces(message: WayReply) -> str:
    return ", and the other one what you have to rate there" if message.judges else ""


def _buttons(message: WayReply) -> list[b.Block]:
    board = opening(Sub.BOARD, message.channel_id)
    return (
        {
            Wish.THANKS: [],
            Wish.HELLO: [opening(Sub.HELP)],
            Wish.SUBMIT: [opening(Sub.SUBMIT, primary=True), opening(Sub.STARTER)],
            Wish.MINE: [opening(Sub.MINE)],
            Wish.WITHDRAW: [opening(Sub.MINE)],
            Wish.ERASE: [b.button("Erase my data ...", Action.ASK_ERASURE)],
            Wish.FORMAT: [opening(Sub.STARTER, text="Programs, and melodies to begin with")],
            Wish.HOW: [opening(Sub.SUBMIT, primary=True), opening(Sub.HELP)],
            Wish.STATUS: [opening(Sub.STATUS, message.channel_id)],
            Wish.BOARD: [board],
            Wish.JUDGES: [
                b.button("Who judges", Action.HOME_MENU, f"{Sub.JUDGES}:{message.channel_id}"),
                *([queue_button(message.contest_id)] if message.judges else []),
            ],
            Wish.JUDGE: [queue_button(message.contest_id), how_to_judge_button(message.contest_id)],
        }.get(Wish(message.wish), [])
        if message.wish
        else [opening(Sub.HELP)]
    )


@draw.register
def _rules(message: RulesReply) -> Drawn:
    lead = views.lead(message)
    if message.brief:
        return plainly(lead)
    return Drawn(cut_markup(lead, b.MESSAGE_TEXT), tuple(views.rules_blocks(message)))


@draw.register
def _announcement(message: Announcement) -> Drawn:
    text = cut_markup(f"📣 {name(message.contest_name)}: {escape(message.words)}", b.MESSAGE_TEXT)
    return Drawn(text, tuple(views.announcement_blocks(message.contest_name, message.sent_by, message.words)))


@draw.register
def _composer(message: ComposerNudge) -> Drawn:
    return plainly(views.reminder(message), b.actions([opening(Sub.STARTER)]))


@draw.register
def _judge(message: JudgeNudge) -> Drawn:
    return plainly(views.reminder(message), b.actions([queue_button(message.contest_id)]))


@draw.register
def _duty_asked(message: DutyAsked) -> Drawn:
    return Drawn(cut_markup(dutyviews.request_text(message), b.MESSAGE_TEXT), tuple(dutyviews.request_blocks(message)))


@draw.register
def _duty_reminder(message: DutyReminder) -> Drawn:
    return Drawn(
        cut_markup(dutyviews.reminder_text(message), b.MESSAGE_TEXT), tuple(dutyviews.reminder_blocks(message))
    )


@draw.register
def _duty_answered(message: DutyAnswered) -> Drawn:
    return plainly(dutyviews.answer_text(message), b.actions([opening(Sub.JUDGES, message.channel_id)]))


@draw.register
def _duty_withdrawn(message: DutyWithdrawn) -> Drawn:
    return plainly(dutyviews.withdrawn_text(message))


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
    if message.phase == Phase.CEREMONY:
        return f"{OPEN}  *See the results*: the judges are through, and {channel(message.channel_id)} sees them revealed soon."
    if message.phase in {Phase.JUDGING, Phase.FINAL}:
        return f"{OPEN}  *See the results*: the judges are listening now, and I announce them in {channel(message.channel_id)}."
    return f"{OPEN}  *See the results* in {channel(message.channel_id)}, once human judges have listened."


@draw.register
def _starter_reply(message: StarterReply) -> Drawn:
    return Drawn(cut_markup(views.LEAD, b.MESSAGE_TEXT), tuple(views.kit(message.melodies)))


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
