"""Help by role, and the small windows that say something and ask nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.commands import EVERYBODY, FOR_JUDGES, FOR_ORGANIZERS, Sub, of_role
from handlers.ids import Command
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.text import bullets, sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.rules.roles import Role

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


BEFORE = {
    EVERYBODY: (_UPLOAD + ": that is all it takes to take part",),
    FOR_JUDGES: (
        "When the judging begins I send you the pieces here, four at a time. Listen, press *Rate*, and the form leads on to the next",
        "What you fill in is kept if you close the window. You can change a rating until its round closes",
        "The menu beside *Rate*: skip a piece, flag it, recuse from it, or read how to judge",
    ),
    FOR_ORGANIZERS: (),
}
"""What stands above a role's commands."""
_CHAPTERS = {EVERYBODY: "For everybody", FOR_JUDGES: "For judges", FOR_ORGANIZERS: "For organizers"}


def lines(role: Role) -> list[str]:
    """What there is to do for people of that role."""
    return [*BEFORE[role], *(f"`{Command.KANTOR} {sub.usage}`  {sub.row.does}" for sub in of_role(role))]


def help_blocks(roles: Collection[str]) -> list[b.Block]:
    """What Kantor does for people with these roles; everybody reads the first chapter."""
    return [
        b.section(f"*{title}*\n{bullets(lines(role))}")
        for role, title in _CHAPTERS.items()
        if role is EVERYBODY or role in roles
    ]


FIRST_STEPS = (
    "*There is no contest yet. Three steps make one*\n"
    "1.  *Prepare it*: make a channel, write `/invite @kantor` there, and press *Create a contest*. You choose name, deadline, rounds and prizes;"
    " it is a draft that only organizers see.\n"
    f"2.  *Name the judges*: `{Command.KANTOR} {Sub.JUDGES_ADD} @name ...` in that channel. `{Command.KANTOR} {Sub.CONTEST_EDIT}` has the criteria, and"
    " all else.\n"
    f"3.  *Open it*: `{Command.KANTOR} {Sub.PHASE_NEXT}` shows what that brings. You confirm, I tell the channel, and people can compose."
)


def first_steps() -> list[b.Block]:
    """What an organizer does who has no contest yet."""
    return [b.section(FIRST_STEPS), b.actions([opening(Sub.CONTEST_NEW, primary=True)])]


def help_message(roles: Collection[str], *, first: bool = False) -> list[b.Block]:
    """The answer to ``/kantor help``: how a contest goes, then the commands; the ``first`` steps before them where there was no contest."""
    lead = "🎼 I am Kantor. I run the contest. Write to me in plain words, here or after `/kantor`: *deadline*, *my score*, *rules* ..."
    steps = first_steps() if first else []
    return [b.section(lead), *steps, b.section(f"{COURSE_TITLE}\n{course()}"), *help_blocks(roles)]


def window(title: str, blocks: list[b.Block]) -> b.View:
    """A modal that only shows."""
    return b.modal(title, blocks)


def notice(title: str, text: str) -> b.View:
    """A modal of one paragraph; ``text`` is mrkdwn."""
    return b.modal(title, [b.section(text)], close="OK")


def loading(title: str) -> b.View:
    """What stands in a modal for the blink of an eye before its facts are there."""
    return b.modal(title, [b.section("One moment ...")])


def not_shown(title: str = "") -> str:
    """Slack did not take a window that was to follow what somebody sent; with its title where this is read somewhere else."""
    which = f"the window *{title}*" if title else "what belongs here"
    return (
        f"What you sent in has arrived, but Slack did not let me show {which}. Please close any window that still says"
        " *One moment*, and open it again as you did before; nothing is lost."
    )


def refused(text: str) -> b.View:
    """A refusal as a modal."""
    return notice("Not this time", f"✋ {sentence(text)}")


def trouble(reference: str) -> str:
    """An unexpected failure, for the person, in plain text."""
    return (
        "Something went wrong on my side, not on yours. Please try again in a minute;"
        f" if it stays, tell an organizer this reference: {reference}"
    )
