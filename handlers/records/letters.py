"""Messages about the data of a contest."""

from __future__ import annotations

from bot.usecases.records.letters import (
    BundleReady,
    Erased,
    ErasureAsked,
    ExportReady,
    JobDropped,
    ReportReady,
    RetentionDone,
    RetentionSoon,
)
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.views import blocks as b
from handlers.views.buttons import fetching
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import code, count, mention, name, viewers_time


@draw.register
def _export_ready(message: ExportReady) -> Drawn:
    return plainly(_export_words(message), *fetching(message.order))


@share_comment.register
def _export_comment(message: ExportReady) -> str:
    return _export_words(message)


@draw.register
def _bundle_ready(message: BundleReady) -> Drawn:
    return plainly(_bundle_words(message), *fetching(message.order))


@share_comment.register
def _bundle_comment(message: BundleReady) -> str:
    return _bundle_words(message)


def _bundle_words(message: BundleReady) -> str:
    return (
        f"🔏 The results of *{name(message.contest_name)}*, as of {viewers_time(message.made_at)}, for anyone to reckon again: ratings under pseudonyms, who was"
        " to hear what, rules, places and the trail, with nobody's name. You can hand it on; a judge who composed, too, stepped aside, came late or left may be told from what they did not hear."
        f" To check it: {code('kantor verify FILE')}. I keep my own copy for {message.kept_days} days."
    )


@draw.register
def _report_ready(message: ReportReady) -> Drawn:
    return plainly(_report_words(message), *fetching(message.order))


@share_comment.register
def _report_comment(message: ReportReady) -> str:
    return _report_words(message)


def _report_words(message: ReportReady) -> str:
    return (
        f"⚖️ How fairly *{name(message.contest_name)}* was judged, as of {viewers_time(message.made_at)}: a page for your browser, and the same as a picture."
        " It calls judges as the results bundle does, and says who is strict: for organizers, until you hand it on."
        f" I keep my own copy for {message.kept_days} days."
    )


def _export_words(message: ExportReady) -> str:
    kept = (
        f"the button makes a link that works for ten minutes, for whoever has it. I keep the file for {message.kept_days} days."
        if message.order
        else f"delete this message when you are done; I delete my own copy after {message.kept_days} days."
    )
    return (
        f"📦 Everything of *{name(message.contest_name)}*, as of {viewers_time(message.made_at)}:"
        f" {count(message.submissions, 'submission')}, {count(message.ratings, 'rating')}{_uncounted(message)}, and all around them, as CSV and"
        " JSON. No passwords, no private notes of judges. It names people:"
        f" {kept}"
    )


def _uncounted(message: ExportReady) -> str:
    return f" ({message.uncounted} of them counting for nothing; the file says why)" if message.uncounted else ""


@draw.register
def _erasure_asked(message: ErasureAsked) -> Drawn:
    text = (
        f"🧽 {mention(message.asked_by)} asks you to erase what I know of them. Look at what would go, then confirm:"
        f" the button, or `{Command.KANTOR} {Sub.ERASE} @name`."
    )
    return plainly(text, b.actions([b.button("See what would go ...", Action.ERASE_PERSON, message.asked_by)]))


@draw.register
def _job_dropped(message: JobDropped) -> Drawn:
    return plainly(
        f"🗂️ Something for you failed in *{name(message.contest_name)}*, {message.what}, and an organizer decided not to try it again"
        f" (reference {code(message.reference)}). If you still need it, please ask the organizers."
    )


@draw.register
def _retention_soon(message: RetentionSoon) -> Drawn:
    return plainly(
        f"🧽 At {viewers_time(message.at)} I erase what belongs to the people of *{name(message.contest_name)}*: compositions,"
        f" names, comments, and the passwords of their accounts. Take `{Command.KANTOR} {Sub.EXPORT}` before that, or change it"
        f" with `{Command.KANTOR} contest edit`."
    )


@draw.register
def _retention_done(message: RetentionDone) -> Drawn:
    people = count(message.people, "person").replace("persons", "people")
    erased = f" I have erased what belonged to {people}. The numbers stay, without names." if message.people else ""
    purged = f" I have deleted {count(message.passwords, 'password')} of its accounts." if message.passwords else ""
    return plainly(f"🧽 The time to keep *{name(message.contest_name)}* is over.{erased}{purged}")


@draw.register
def _erased(message: Erased) -> Drawn:  # noqa: ARG001 - the register's signature
    return plainly("These words were erased on request.")
