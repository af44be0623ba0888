"""Help by role, and the small windows that say something and ask nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Action, Command, Sub
from handlers.views import blocks as b
from handlers.views.text import sentence
from handlers.views.words import bullets

if TYPE_CHECKING:
    from collections.abc import Collection

HELP_TITLE = "How it works"
HELP_TEXT = "What Kantor can do for you"

COURSE_TITLE = "*How a contest goes*"
_COURSE = (
    "*Compose* up to eight bars, with anything that exports MIDI. `/kantor starter` has free programs, and melodies to begin with",
    (
        "*Hand it in*: drop the MIDI file in the contest's channel, or send it to me. I check it in a minute and answer with its "
        "picture and its sound. Until the deadline you can replace it"
    ),
    "*The AI judge* tells you at once how much it sounds like Bach, and why. Its board stands apart, and decides nothing",
    "*The judges*, people, hear every piece without its author's name once the deadline has passed, and rate it from 1 to 5",
    "*The leaderboard* comes to the channel while they rate; with two rounds the best go on to a final",
    "*The end*: the winners are announced in the channel, and each author reads what the judges said",
)


def course() -> str:
    """The course of a contest, a line a step."""
    return "\n".join(f"{number}.  {step}" for number, step in enumerate(_COURSE, start=1))


_UPLOAD = "Drop a MIDI file of at most eight bars in the contest's channel, or send it to me in a direct message"


def _say(sub: Sub, what: str, arguments: str = "") -> str:
    return f"`{Command.KANTOR} {sub}{arguments}`  {what}"


EVERYBODY = (
    _UPLOAD + ": that is all it takes to take part",
    _say(Sub.SUBMIT, "hand in a composition by a window"),
    _say(Sub.MINE, "your compositions: replace, rename, withdraw, choose the version that counts"),
    _say(Sub.FIND, "find a composition or a contest", " WORDS"),
    _say(Sub.ACCOUNT, "your account for the contest (or write me *account*)"),
    _say(Sub.ACCOUNT_RETURN, "give your account back"),
    _say(Sub.BOARD, "the leaderboard as it stands"),
    _say(Sub.PLACE, "where your own compositions stand, for your eyes only"),
    _say(Sub.STATUS, "phase, deadline, numbers"),
    _say(Sub.RULES, "the rules of the contest, and until when it takes compositions"),
    _say(Sub.STARTER, "no MIDI file yet? Free programs, and melodies to begin with"),
    _say(Sub.HELP, "this list"),
)
JUDGES = (
    "When the judging begins I send you the pieces here, four at a time. Listen, press *Rate*, and the form leads on to the next",
    "What you fill in is kept if you close the window. You can change a rating until the judging closes",
    "The menu beside *Rate*: skip a piece, flag it, recuse from it, or read how to judge",
    _say(Sub.JUDGE, "your pieces, how far you are, and your switches"),
    f"`{Command.KANTOR} {Sub.JUDGE_PAUSE}`, `{Command.KANTOR} {Sub.JUDGE_RESUME}`  take a break, today or for a week",
)
ORGANIZERS = (
    _say(Sub.CONTEST_NEW, "prepare a contest in this channel"),
    _say(Sub.CONTEST_EDIT, "change anything in it: deadline, rounds, criteria, texts; what that brings comes first"),
    _say(Sub.JUDGES_ADD, "make people judges", " @name ..."),
    _say(
        Sub.JUDGES,
        "who judges and who organizes, and how far the judges are (`judges remove` lets one go, with what they gave or without; `judges restore` takes that back)",
    ),
    _say(Sub.FLAGS, "what judges flagged, and settling it"),
    _say(Sub.RATE_FOR, "write down the scores of a judge who cannot; they are told", " @judge"),
    _say(Sub.ORGANIZERS_ADD, "let others organize it with you (and `organizers remove`)", " @name ..."),
    _say(Sub.PHASE_NEXT, "see what the next phase brings, then confirm"),
    _say(Sub.PHASE_UNDO, "take back a phase that began too early, as long as nothing depends on it"),
    _say(Sub.CONTEST_ARCHIVE, "put a finished contest away"),
    _say(Sub.EXTEND, "more time for one person, with a reason", " @name"),
    _say(Sub.LATE, "late files that wait for your decision"),
    _say(Sub.FIND, "find a piece, and replace the file of somebody who attached the wrong one", " WORDS"),
    _say(Sub.ACCOUNTS, "who has which account, who waits, who asks, what to rotate"),
    _say(Sub.ACCOUNTS_IMPORT, "paste accounts into the pool"),
    _say(Sub.EXPORT, "everything of the contest as files, to your direct messages"),
    _say(Sub.AUDIT, "who did what, newest first", " [@name or a title]"),
    _say(Sub.ERASE, "erase a person's data, after a preview", " @name"),
    _say(Sub.BOARD_FREEZE, "let the board stand still for everybody (and `board thaw`), after a preview"),
    _say(Sub.ANNOUNCE, "say something in the channel or to people, after a preview", " [words]"),
    _say(Sub.NUDGE, "remind people without a composition, or judges with pieces left, after a preview"),
    _say(Sub.FEEDBACK, "after the end: read the judges' comments, then send them to the authors"),
)
# Roles by their values: the letters carry them as plain text.
_CHAPTERS = (
    ("participant", "For everybody", EVERYBODY),
    ("judge", "For judges", JUDGES),
    ("organizer", "For organizers", ORGANIZERS),
)


def help_blocks(roles: Collection[str]) -> list[b.Block]:
    """What Kantor does for people with these roles; everybody reads the first chapter."""
    return [
        b.section(f"*{title}*\n{bullets(lines)}")
        for role, title, lines in _CHAPTERS
        if role == "participant" or role in roles
    ]


def help_message(roles: Collection[str]) -> list[b.Block]:
    """The answer to ``/kantor help``: how a contest goes, then the commands."""
    lead = "🎼 I am Kantor. I run the contest. Write to me in plain words, here or after `/kantor`: *deadline*, *my score*, *rules* ..."
    return [b.section(lead), b.section(f"{COURSE_TITLE}\n{course()}"), *help_blocks(roles)]


def help_button() -> b.Block:
    """Opens the help."""
    return b.button(HELP_TITLE, Action.SHOW_HELP)


def window(title: str, blocks: list[b.Block]) -> b.View:
    """A modal that only shows."""
    return b.modal(title, blocks)


def notice(title: str, text: str) -> b.View:
    """A modal of one paragraph; ``text`` is mrkdwn."""
    return b.modal(title, [b.section(text)], close="OK")


def loading(title: str) -> b.View:
    """What stands in a modal for the blink of an eye before its facts are there."""
    return b.modal(title, [b.section("One moment ...")])


def refused(text: str) -> b.View:
    """A refusal as a modal."""
    return notice("Not this time", f"✋ {sentence(text)}")


def trouble(reference: str) -> str:
    """An unexpected failure, for the person, in plain text."""
    return (
        "Something went wrong on my side, not on yours. Please try again in a minute;"
        f" if it stays, tell an organizer this reference: {reference}"
    )
