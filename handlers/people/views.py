"""Announcements and reminders: written, looked at, sent. The rules: the organizers' own words, or ours, and the facts beside them.

The starter kit: how to come by a MIDI file, and melodies to begin with.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.rules.moments import until
from bot.rules.phases import Intake, Phase
from bot.usecases.people.broadcasts import MAX_WORDS, Audience
from bot.usecases.people.letters import ComposerNudge, JudgeNudge
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views import text as words
from handlers.views.buttons import rules_file_button
from handlers.views.pages import paragraphs
from handlers.views.text import bullets, channel, code, count, cut, escape, mention, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.usecases.people.broadcasts import Announced, AnnouncementDraft
    from bot.usecases.people.letters import RulesReply
    from bot.usecases.people.nudges import Nudged, NudgePreview


ANNOUNCE_TITLE = Sub.ANNOUNCE.row.window
NUDGE_TITLE = Sub.NUDGE.row.window
NAMED = 30
"""So many people are named; the rest is counted."""


def announcement(draft: AnnouncementDraft) -> b.View:
    """The form; once there are words, how they will read stands above it, and the button sends them."""
    seen = bool(draft.announcement_id)
    facts = {
        "contest_id": draft.contest_id,
        "announcement_id": draft.announcement_id,
        "seen": looked_at(draft.words, draft.audience) if seen else "",
    }
    options = {each: b.option(_audience(draft, each), each.value) for each in Audience}
    return b.form(
        ANNOUNCE_TITLE,
        [
            *(
                _preview(draft)
                if seen
                else [b.section(f"What shall I say in the name of *{name(draft.contest_name)}*?")]
            ),
            b.input_block(
                Block.ANNOUNCEMENT,
                "Change it here" if seen else "Your words",
                b.text_input(initial=draft.words, multiline=True, max_length=MAX_WORDS),
                hint="*Bold* and _italic_ work; links may stand as they are.",
            ),
            b.input_block(Block.AUDIENCE, "For whom", b.radio(list(options.values()), options[draft.audience])),
        ],
        b.Submit("Send it" if seen else "Preview", Callback.ANNOUNCE, facts),
    )


def looked_at(text: str, audience: Audience) -> str:
    """A mark of what a preview showed: only the very same is sent."""
    return sha256(f"{audience}\n{text.strip()}".encode()).hexdigest()[:16]


def announced(result: Announced) -> b.View:
    """The confirmation."""
    to = (
        channel(result.channel_id)
        if result.audience is Audience.CHANNEL
        else f"{_people(result.recipients)}, in their direct messages"
    )
    return b.modal("Done", [b.section(f"✅ On its way to {to}.")], close="OK")


def announcement_blocks(contest_name: str, sent_by: str, text: str) -> list[b.Block]:
    """How it reads."""
    return [b.context(f"📣 *{name(contest_name)}*  ·  from {mention(sent_by)}"), *paragraphs(text)]


def nudge(preview: NudgePreview) -> b.View:
    """Whom it would reach, and what they will read."""
    rested = (
        [f"{_people(preview.rested)} had a reminder within the last day, and I leave them in peace."]
        if preview.rested
        else []
    )
    if not preview.people:
        nobody = (
            "Every judge has rated all there is, or takes a break."
            if preview.judges
            else "Everybody whom I know of has handed something in. Others who are in the channel read what you `/kantor announce` there."
        )
        text = "Nobody else needs a reminder now." if preview.rested else nobody
        return b.modal(NUDGE_TITLE, [b.section("\n".join([f"*{name(preview.contest_name)}*", text, *rested]))])
    who = "with pieces left to rate" if preview.judges else "without a composition"
    named = ", ".join(words.at_most([mention(each) for each in preview.people], NAMED))
    lines = [
        f"{_people(len(preview.people))} {who} will get one short, polite message from me: {named}.",
        *rested,
        "Nobody gets more than one a day.",
        *(
            []
            if preview.judges
            else [
                "I write to those who have an account (or wait for one), were welcomed, or sent in something that does not count; not to everybody in the channel."
            ]
        ),
    ]
    facts = {
        "contest_id": preview.contest_id,
        "nudge_id": preview.nudge_id,
        "judges": "yes" if preview.judges else "no",
    }
    return b.form(
        NUDGE_TITLE,
        [b.section(f"*{name(preview.contest_name)}*\n{words.bullets(lines)}"), *_example(preview)],
        b.Submit(f"Remind {len(preview.people)}", Callback.NUDGE, facts),
    )


def reminder(message: ComposerNudge | JudgeNudge) -> str:
    """The words of a reminder, in mrkdwn."""
    contest = f"*{name(message.contest_name)}*"
    if isinstance(message, JudgeNudge):
        return (
            f"👋 The organizers of {contest} would be glad of your ears: you have rated {message.done} of {message.total}"
            " pieces so far. Whenever you have a quiet moment, and thank you for what you did already."
        )
    return (
        f"👋 {contest} has room for a piece of yours: eight bars are enough, and it takes MIDI files in"
        f" {channel(message.channel_id)} until {until(message.deadline, message.time_zone, message.left)}."
        " No file yet? The starter kit has melodies to begin with. And if you would rather listen this time, that is fine, too."
    )


def nudged(result: Nudged) -> b.View:
    """The confirmation."""
    text = (
        f"✅ {_people(result.people)} will have a reminder in a few minutes."
        if result.people
        else "Nobody needed a reminder any more, so I sent none."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def _example(preview: NudgePreview) -> list[b.Block]:
    if preview.example is None:
        return []
    return [b.context("This is what the first of them will read:"), b.section(f"> {reminder(preview.example)}")]


def _preview(draft: AnnouncementDraft) -> list[b.Block]:
    reads = b.context(f"This is how it will read, {_goes(draft)}. Nothing is sent yet.")
    return [reads, b.divider(), *paragraphs(draft.words), b.divider()]


def _goes(draft: AnnouncementDraft) -> str:
    if draft.audience is Audience.CHANNEL:
        return f"in {channel(draft.channel_id)}"
    return f"in the direct messages of {_people(draft.recipients[draft.audience])}"


def _audience(draft: AnnouncementDraft, audience: Audience) -> str:
    reach = _people(draft.recipients[audience])
    return {
        Audience.CHANNEL: "Everybody in the contest's channel, there",
        Audience.PARTICIPANTS: f"Who takes part, by direct message ({reach})",
        Audience.JUDGES: f"The judges, by direct message ({reach})",
    }[audience]


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


TITLE = Sub.STARTER.row.window
LEAD = (
    "🎹 *No MIDI file yet?* You need no instrument and no score: eight bars and one free program are enough."
    " MIDI holds the notes, not the sound, so an MP3 or WAV recording will not do."
)
TOOLS = (
    "<https://musescore.org|MuseScore Studio> (free; Windows, macOS, Linux): write notes on a staff, then *File*, *Export*, *MIDI*",
    "<https://signal.vercel.app|Signal> (free, in the browser, no account): draw notes as bars; it opens and saves MIDI files",
    "<https://onlinesequencer.net|Online Sequencer> (free, in the browser): click notes into a grid, then export MIDI",
    "<https://lmms.io|LMMS> (free; Windows, macOS, Linux): beats and melodies in layers, then *File*, *Export MIDI*",
    "<https://easyabc.sourceforge.net|EasyABC> (free): music as text in ABC notation, which AI assistants write, too; then export MIDI",
    "GarageBand writes no MIDI files: open the project in Logic Pro, or write the tune again in one of the above",
    "Logic Pro, Ableton Live, FL Studio, Cubase, Reaper: all of them export MIDI; look for it in the *File* menu",
)
ADVICE = (
    "At most *eight bars*. Two or three voices say more than one",
    "Want a tune to begin with? Choose one of ours below: change it, give it a bass or a second voice, make it yours",
)


def kit(melodies: Iterable[tuple[str, str]]) -> list[b.Block]:
    """The kit as blocks; ``melodies`` are keys and titles."""
    options = [b.option(title, key) for key, title in melodies]
    return [
        b.section(LEAD),
        b.section(bullets(TOOLS)),
        b.section(bullets(ADVICE)),
        b.actions([b.menu("Send me a melody", Action.STARTER_MELODY, options)]),
    ]


def window(melodies: Iterable[tuple[str, str]]) -> b.View:
    """The kit as a modal."""
    return b.modal(TITLE, kit(melodies))


def sent(title: str) -> b.View:
    """What the modal says after a choice."""
    return guide.notice(
        TITLE, f"🎵 *{name(title)}* is on its way to you as a MIDI file: look into our direct messages."
    )


# Ours, in plain words: the original event's own rules are lost.
OURS = (
    "A piece is a MIDI file of at most eight bars, in any style, made with any tool or AI",
    "It is yours: old melodies may be changed and harmonized, pieces of living composers or of other entrants may not",
    "You can replace it until the deadline, and the last version that was accepted counts; you can withdraw it until the judging ends",
    "Judges never rate a piece of their own",
    "The AI judge has its own board; its score never counts for people's places",
    "Be kind: people will hear what you upload",
)


def lead(rules: RulesReply) -> str:
    """Until when, in one sentence."""
    contest = f"*{name(rules.contest_name)}*"
    when = until(rules.deadline, rules.time_zone, rules.left)
    if rules.phase == Phase.DRAFT:
        return f"⏰ {contest} is not open yet. It will take compositions until {when}."
    if rules.phase != Phase.OPEN and not rules.extended:
        return f"⏰ {contest} takes no more compositions. It is {words.phase(rules.phase).lower()} now."
    more = " That is later than for others: you have an extension." if rules.extended else ""
    return f"⏰ {contest} takes compositions until *{when}*.{more}"


def rules_blocks(rules: RulesReply) -> list[b.Block]:
    """All of them."""
    own = escape(cut(rules.text.strip(), 2800)) if rules.text.strip() else words.bullets(OURS)
    return [
        b.section(f"📜 *The rules of {name(rules.contest_name)}*\n{own}"),
        b.section(words.bullets(list(_facts(rules)))),
        *_judged(rules),
        b.section(lead(rules)),
    ]


def _judged(rules: RulesReply) -> Iterator[b.Block]:
    """How it is judged, and which version of that it is."""
    for number, each in enumerate(words.packed([sentence(each) for each in rules.judged])):
        yield b.section(each if number else f"*How it is judged*\n{each}")
    if rules.version is not None:
        yield b.context(f"🔏 Version {rules.version} of how it is judged. SHA-256: {code(rules.sha256)}")
        yield b.actions([rules_file_button(rules.channel_id)])


def rules_sent(contest_name: str) -> str:
    """The answer to whoever wants them as a file."""
    return f"📜 The rules by which *{name(contest_name)}* is judged are on their way to your direct messages, as a file, and how to check it."


def _facts(rules: RulesReply) -> Iterator[str]:
    there = f"the MIDI file goes into {channel(rules.channel_id)}"
    here = "the MIDI file goes to me, in a direct message"
    yield {
        Intake.CHANNEL: f"Handing in: {there}",
        Intake.DM: f"Handing in: {here}",
    }.get(rules.intake, f"Handing in: {there}, or to me in a direct message")
    yield f"Up to {count(rules.limit, 'composition')} a person"
    if not rules.prizes:
        yield "No prizes have been named"
    for prize in rules.prizes:
        yield f"🎁 {name(prize, 200)}"


def cards(*, on: bool) -> str:
    """The answer to ``/kantor cards``."""
    if on:
        return "💌 You get what the judges say of your compositions, at the end of each contest."
    return "🔕 You get no feedback of judges any more, in no contest. The same command switches it on again."
