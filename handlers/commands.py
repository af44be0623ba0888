"""All that may follow ``/kantor``, in one table: the register of what people can ask Kantor for.

From it come what Bolt listens to (``handlers.reception``), the buttons (``handlers.views.buttons``), the help, the words that are understood in the direct
messages, "did you mean", and docs/commands.md. A row that no listener answers stops the start (``handlers.routes``); a test names the row that
no guide tells of, and each is typed by ``tests/scenario/test_commands.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from bot.rules.roles import Role
from handlers.ids import Action, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

EVERYBODY, FOR_JUDGES, FOR_ORGANIZERS = Role.PARTICIPANT, Role.JUDGE, Role.ORGANIZER


@dataclass(frozen=True)
class Row:
    """What is true of one command, however somebody asks for it."""

    typed: str
    who: Role
    """Who reads of it in the help; the use case decides who may."""
    does: str
    """Its line in the help and in the list of commands, in mrkdwn."""
    window: str = ""
    """The title of the window that it opens; at most 24 characters."""
    takes: str = ""
    """What is typed behind it."""
    also: tuple[str, ...] = ()
    """Other words for the same."""
    label: str = ""
    """What its button says; empty: it has none."""
    button: Action | None = None
    """The id of its button, where messages have it that were posted long ago."""
    pages: Turn | None = None
    """The buttons to other pages of its list."""
    speaks: bool = False
    """Typed, it answers by a message where it was typed. Otherwise, and by any button, its window opens before anything is asked."""
    wherever: bool = False
    """It is about no contest, about several, or its window says which one: the channel where it is typed does not decide."""
    stays: bool = False
    """Pressed in a window, it takes that window's place; others lie over it."""


# A table is read line by line: a row's first line is what people read.
# fmt: off
@unique
class Sub(StrEnum):
    """The commands. Each is its own word, and carries its row."""

    row: Row
    _value_: str

    def __new__(cls, row: Row) -> Self:
        """The word, as text."""
        member = str.__new__(cls, row.typed)
        member._value_ = row.typed
        member.row = row
        return member

    SUBMIT = Row(
        "submit", EVERYBODY, "hand in a composition by a window",
        window="Hand in a composition", label="Hand in a composition", button=Action.SUBMIT, wherever=True,
    )
    MINE = Row(
        "mine", EVERYBODY, "your compositions: replace, rename, withdraw, choose the version that counts",
        also=("withdraw",), window="My compositions", label="See my compositions", button=Action.SHOW_MINE, pages=Turn.MINE_PAGE, wherever=True,
    )
    FIND = Row(
        "find", EVERYBODY, "find a composition or a contest; organizers can replace a wrong file there",
        takes="WORDS", window="Find a composition", label="Find a composition ...", speaks=True, wherever=True,
    )
    ACCOUNT = Row(
        "account", EVERYBODY, "your account for the contest (or write me *account*)",
        also=("credentials", "login"), window="Your account", label="Get my account", button=Action.OPEN_ACCOUNT, wherever=True,
    )
    ACCOUNT_RETURN = Row(
        "account return", EVERYBODY, "give your account back",
        also=("return account",), window="Give it back", wherever=True,
    )
    BOARD = Row(
        "board", EVERYBODY, "the leaderboard as it stands",
        also=("leaderboard",), window="Leaderboard", button=Action.SHOW_BOARD, label="See the leaderboard", speaks=True,
    )
    PLACE = Row(
        "place", EVERYBODY, "where your own compositions stand, for your eyes only",
        also=("my place", "my score"), window="Your place", label="See my places", button=Action.SHOW_PLACE, speaks=True,
    )
    STATUS = Row(
        "status", EVERYBODY, "phase, deadline, numbers",
        window="Contest status", label="See the status", button=Action.SHOW_STATUS, speaks=True,
    )
    CARDS = Row(
        "cards", EVERYBODY, "switch the judges' feedback on your compositions off, and on again",
        also=("feedback off", "feedback on"), window="Feedback cards", speaks=True, wherever=True,
    )
    RULES = Row(
        "rules", EVERYBODY, "the rules of the contest, and until when it takes compositions",
        window="Rules", label="Read the rules", button=Action.SHOW_RULES, speaks=True,
    )
    RULES_FILE = Row(
        "rules file", EVERYBODY, "the rules of judging as the file that the channel read the hash of, to check it yourself",
        also=("rules document", "charter"), window="Rules as a file", speaks=True,
    )
    STARTER = Row(
        "starter", EVERYBODY, "no MIDI file yet? Free programs, and melodies to begin with",
        window="Starter kit", label="Open the starter kit", button=Action.STARTER, wherever=True,
    )
    HELP = Row(
        "help", EVERYBODY, "this list",
        window="How it works", label="Show me how it works", button=Action.SHOW_HELP, speaks=True, wherever=True,
    )

    JUDGE = Row(
        "judge", FOR_JUDGES, "your pieces, how far you are, and your switches",
        also=("judging",), window="My pieces", speaks=True, wherever=True,
    )
    JUDGE_PAUSE = Row(
        "judge pause", FOR_JUDGES, "take a break, today or for a week",
        also=("pause judging",), speaks=True, wherever=True,
    )
    JUDGE_RESUME = Row(
        "judge resume", FOR_JUDGES, "go on judging",
        also=("resume judging",), speaks=True, wherever=True,
    )

    JUDGE_RATINGS = Row(
        "judge ratings", FOR_JUDGES, "all that you gave in this round, the highest first: compare, and change",
        also=("my ratings",), window="My ratings", speaks=True, wherever=True,
    )
    CONFLICTS = Row(
        "conflicts", FOR_JUDGES, "whose compositions you should not judge: your team, your pupil ...",
        also=("conflict",), window="Conflicts of interest", wherever=True,
    )

    CONTEST_NEW = Row(
        "contest new", FOR_ORGANIZERS, "prepare a contest in this channel",
        also=("new contest",), window="New contest", label="Create a contest", button=Action.NEW_CONTEST, wherever=True,
    )
    CONTEST_EDIT = Row(
        "contest edit", FOR_ORGANIZERS, "change anything in it: deadline, rounds, criteria, texts; what that brings comes first",
        also=("edit contest", "edit", "settings"), window="Edit contest", button=Action.EDIT_CONTEST, label="Edit the contest ...", stays=True,  # with a part and its preview there would be four over each other; Slack takes three
    )
    JUDGES_ADD = Row(
        "judges add", FOR_ORGANIZERS, "make people judges",
        takes="@name ...", also=("judge add", "add judge", "add judges"), speaks=True,
    )
    JUDGES_ASK = Row(
        "judges ask", FOR_ORGANIZERS, "ask people whether they will judge, present or speak: they accept or decline, and are reminded",
        takes="[@name ...]", also=("judge ask", "ask judges", "ask judge", "ask", "recruit"), window="Ask for help", label="Ask for help ...",
    )
    JUDGES = Row(
        "judges", FOR_ORGANIZERS, "who judges and who organizes, how far the judges are, and who was asked",
        window="Judges and organizers", label="See the judges", speaks=True,
    )
    PANEL = Row(
        "panel", FOR_ORGANIZERS, "who hears what: each judge's load, what lacks ratings, and what more listening would buy",
        also=("allocation",), window="The panel", label="See the panel",
    )
    COVERAGE = Row(
        "coverage", FOR_ORGANIZERS, "how many ratings each composition has, those that lack some first, and how it would stand now",
        window="Coverage", label="See the coverage", pages=Turn.COVERAGE_PAGE,
    )
    JUDGES_REMOVE = Row(
        "judges remove", FOR_ORGANIZERS, "let a judge go, with what they gave or without",
        takes="@name", also=("judge remove", "remove judge", "remove judges"), speaks=True,
    )
    JUDGES_RESTORE = Row(
        "judges restore", FOR_ORGANIZERS, "take that back: what the judge gave counts again",
        takes="@name", speaks=True,
    )
    FLAGS = Row(
        "flags", FOR_ORGANIZERS, "what judges flagged, and settling it",
        also=("flag",), window="Flags of the judges", label="Look at the flags", pages=Turn.FLAGS_PAGE, speaks=True,
    )
    RATE_FOR = Row(
        "rate for", FOR_ORGANIZERS, "write down the scores of a judge who cannot; they are told",
        takes="@judge", also=("rate",), window="Rate for a judge", label="Rate for a judge ...",
    )
    ORGANIZERS = Row(
        "organizers", FOR_ORGANIZERS, "the same list as `judges`",
        also=("organizer",), window="Judges and organizers", label="See the organizers", speaks=True,
    )
    ORGANIZERS_ADD = Row(
        "organizers add", FOR_ORGANIZERS, "let others organize it with you",
        takes="@name ...", also=("organizer add", "add organizer", "add organizers"), speaks=True,
    )
    ORGANIZERS_REMOVE = Row(
        "organizers remove", FOR_ORGANIZERS, "let an organizer go",
        takes="@name ...", also=("organizer remove", "remove organizer", "remove organizers"), speaks=True,
    )
    PHASE_NEXT = Row(
        "phase next", FOR_ORGANIZERS, "see what the next phase brings, then confirm",
        also=("next phase",), window="Next phase", label="See the next phase ...", button=Action.PREVIEW_PHASE,
    )
    PHASE_UNDO = Row(
        "phase undo", FOR_ORGANIZERS, "take back a phase that began too early, as long as nothing depends on it",
        also=("undo phase",), window="Take back a phase", label="Take back the last phase ...",
    )
    CONTEST_ARCHIVE = Row(
        "contest archive", FOR_ORGANIZERS, "put a finished contest away",
        also=("archive contest",), window="Archive the contest", label="Archive the contest ...",
    )
    EXTEND = Row(
        "extend", FOR_ORGANIZERS, "more time for one person, with a reason",
        takes="@name", window="More time for one", label="Give somebody more time ...",
    )
    LATE = Row(
        "late", FOR_ORGANIZERS, "late files that wait for your decision",
        window="Late files", label="Decide about late files", pages=Turn.LATE_PAGE, speaks=True,
    )
    ACCOUNTS = Row(
        "accounts", FOR_ORGANIZERS, "who has which account, who waits, who asks, what to rotate",
        window="Accounts", button=Action.SHOW_POOL, label="See the accounts",
    )
    ACCOUNTS_IMPORT = Row(
        "accounts import", FOR_ORGANIZERS, "paste accounts into the pool",
        also=("import accounts",), window="Bring accounts",
    )
    EXPORT = Row(
        "export", FOR_ORGANIZERS, "everything of the contest as files, to your direct messages",
        window="Export the data", label="Export the data ...", speaks=True,
    )
    BUNDLE = Row(
        "bundle", FOR_ORGANIZERS, "the results without names, as a file that anyone can check",
        also=("results",), window="Results bundle", label="Make the results bundle", speaks=True,
    )
    REPORT = Row(
        "report", FOR_ORGANIZERS, "how fairly it was judged, on one page",
        also=("fairness",), window="Fairness report", label="Make the fairness report", speaks=True,
    )
    AUDIT = Row(
        "audit", FOR_ORGANIZERS, "who did what, newest first",
        takes="[@name or a title]", window="Who did what", label="See who did what",
    )
    ERASE = Row(
        "erase", FOR_ORGANIZERS, "erase a person's data, after a preview",
        takes="@name", window="Erase a person", label="Erase a person's data ...", wherever=True,
    )
    BOARD_FREEZE = Row(
        "board freeze", FOR_ORGANIZERS, "let the board stand still for everybody, after a preview",
        also=("freeze board",), window="Freeze the board", label="Freeze the board ...",
    )
    BOARD_THAW = Row(
        "board thaw", FOR_ORGANIZERS, "let it move again",
        also=("thaw board",), window="Thaw the board", label="Thaw the board ...",
    )
    CEREMONY = Row(
        "ceremony", FOR_ORGANIZERS, "confirm the results, rehearse, and reveal them step by step; certificates, and prizes to tick off",
        also=("awards", "prizes", "certificates"), window="Awards ceremony", label="Hold the ceremony ...",
    )
    ANNOUNCE = Row(
        "announce", FOR_ORGANIZERS, "say something in the channel or to people, after a preview",
        takes="[words]", window="Announcement", label="Announce something ...",
    )
    NUDGE = Row(
        "nudge", FOR_ORGANIZERS, "remind people without a composition, or judges with pieces left, after a preview",
        window="A friendly reminder", label="Remind people ...",
    )
    FEEDBACK = Row(
        "feedback", FOR_ORGANIZERS, "after the end: read the judges' comments, then send them to the authors",
        window="Feedback to authors", label="Send the feedback ...",
    )

    @property
    def usage(self) -> str:
        """How it is typed, with what follows it."""
        return f"{self} {self.row.takes}".strip()

# fmt: on


BUTTONS = {sub.row.button: sub for sub in Sub if sub.row.button is not None}
PAGES = {sub.row.pages: sub for sub in Sub if sub.row.pages is not None}
_KNOWN = {words: sub for sub in Sub for words in (sub.value, *sub.row.also)}


def of_role(role: Role) -> Iterator[Sub]:
    """What people of that role read of in the help, in order."""
    return (sub for sub in Sub if sub.row.who is role)


def understood(text: str) -> tuple[Sub | None, str]:
    """What the words after the slash command ask for, and what follows that; no command where Kantor knows none."""
    words = text.casefold().split()
    for length in (2, 1):
        sub = _KNOWN.get(" ".join(words[:length]))
        if sub is not None:
            return sub, text.split(maxsplit=length)[length] if len(words) > length else ""
    return (None, text) if words else (Sub.HELP, "")


def sub_of(text: str) -> Sub | None:
    """What the words after the slash command ask for; None where Kantor does not know them."""
    return understood(text)[0]
