"""Answers to plain words, announcements and reminders."""

from __future__ import annotations

from bot.rules.plainwords import Wish
from bot.usecases.people.broadcast_letters import Announcement, ComposerNudge, JudgeNudge
from bot.usecases.people.letters import HelpReply, RulesReply, WayReply
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.judging import views
from handlers.judging.views import queue_button
from handlers.people import broadcast_views, rulebook_views
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.buttons import opening
from handlers.views.drawn import Drawn, draw, plainly
from handlers.views.text import channel, cut_markup, escape, name, sentence

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
                *([views.queue_button(message.contest_id)] if message.judges else []),
            ],
            Wish.JUDGE: [views.queue_button(message.contest_id), views.how_to_judge_button(message.contest_id)],
        }.get(Wish(message.wish), [])
        if message.wish
        else [opening(Sub.HELP)]
    )


@draw.register
def _rules(message: RulesReply) -> Drawn:
    lead = rulebook_views.lead(message)
    if message.brief:
        return plainly(lead)
    return Drawn(cut_markup(lead, b.MESSAGE_TEXT), tuple(rulebook_views.rules_blocks(message)))


@draw.register
def _announcement(message: Announcement) -> Drawn:
    text = cut_markup(f"📣 {name(message.contest_name)}: {escape(message.words)}", b.MESSAGE_TEXT)
    return Drawn(text, tuple(broadcast_views.announcement_blocks(message.contest_name, message.sent_by, message.words)))


@draw.register
def _composer(message: ComposerNudge) -> Drawn:
    return plainly(broadcast_views.reminder(message), b.actions([opening(Sub.STARTER)]))


@draw.register
def _judge(message: JudgeNudge) -> Drawn:
    return plainly(broadcast_views.reminder(message), b.actions([queue_button(message.contest_id)]))
