"""Late files and more time, for organizers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.rules.countdown import left
from bot.rules.moments import next_to_write, spoken, until
from bot.usecases.submissions.extensions import MAX_REASON
from handlers.commands import Sub
from handlers.ids import Block, Callback, Turn
from handlers.views import blocks as b
from handlers.views.buttons import accept_late_button, decline_late_button
from handlers.views.pages import page_of, turns
from handlers.views.text import count, how_late, mention, name, viewers_time
from handlers.views.words import at_most, bullets

if TYPE_CHECKING:
    from bot.usecases.submissions.extensions import Extended, ExtensionForm, Granted
    from bot.usecases.submissions.latefiles import Decided, LateFile, LateList

EXTEND_TITLE = Sub.EXTEND.row.window
DECLINE_TITLE = "Decline a late file"
SHOWN = 15
"""Late files in one message."""


def late(seen: LateList, page: int = 0) -> list[b.Block]:
    """What waits for a decision, with the buttons; a page of it."""
    contest = name(seen.contest_name)
    if not seen.waiting:
        return [b.section(f"🕰️ No late file waits in *{contest}*.")]
    blocks = [b.section(f"🕰️ *{contest}*: {count(len(seen.waiting), 'late file')} for you to decide about.")]
    shown = page_of(seen.waiting, page, SHOWN)
    for each in shown.items:
        blocks += [b.section(_late(each)), b.actions(_decide(each))]
    return [*blocks, *turns(Turn.LATE_PAGE, seen.channel_id, shown)]


def late_text(seen: LateList) -> str:
    """The same in one line."""
    return f"{name(seen.contest_name)}: {count(len(seen.waiting), 'late file')}"


def _late(file: LateFile) -> str:
    version = f"version {file.version} of " if file.version > 1 else ""
    return f"{mention(file.author)}: {version}*{name(file.title)}*, {how_late(file.seconds_late)} late, at {viewers_time(file.uploaded_at)}"


def _decide(file: LateFile) -> list[b.Block]:
    return [accept_late_button(file.submission_id), decline_late_button(file.submission_id)]


def decided(done: Decided) -> str:
    """The answer to a decision, in mrkdwn."""
    what = f"*{name(done.title)}* of {mention(done.author)}"
    if done.accepted:
        return f"✅ {what} comes in: I am checking it now, and have told them."
    return f"✅ {what} stays out, and I have told them."


def decline(submission_id: str) -> b.View:
    """The window in which a late file is declined."""
    field = b.input_block(
        Block.REASON,
        "A word to the author",
        b.text_input(max_length=MAX_REASON, multiline=True),
        hint="They read it as you write it. It may stay empty.",
        optional=True,
    )
    facts = {"submission_id": submission_id}
    return b.form(DECLINE_TITLE, [field], b.Submit("Decline", Callback.DECLINE_LATE, facts))


def declined(done: Decided) -> b.View:
    """The confirmation."""
    return b.modal("Done", [b.section(decided(done))], close="OK")


def extend(form: ExtensionForm) -> b.View:
    """The window of more time."""
    begin = form.before.until if form.before else max(form.deadline, form.now) + timedelta(hours=1)
    local = next_to_write(begin, form.time_zone)
    everybody = until(form.deadline, form.time_zone, left(form.deadline, form.now))
    lead = f"*{name(form.contest_name)}*: everybody has until {everybody}."
    blocks = [
        b.section(lead),
        b.input_block(Block.PERSON, "Who", b.user_select(form.person)),
        b.input_block(Block.UNTIL_DATE, "Until this day", b.date_picker(local.date())),
        b.input_block(
            Block.UNTIL_TIME,
            "Until this time",
            b.time_picker(f"{local:%H:%M}"),
            hint=f"By the clocks of {form.time_zone}. I tell the person in their own.",
        ),
        b.input_block(
            Block.REASON,
            "Why",
            b.text_input(
                initial=form.before.reason if form.before else "",
                placeholder="Your train was late",
                max_length=MAX_REASON,
            ),
            hint="The person reads it, and it stays in the audit trail.",
        ),
    ]
    given = at_most([_granted(each, form.time_zone) for each in form.granted], 10)
    shown = [b.section(f"*Given so far*\n{bullets(given)}")] if given else []
    submit = b.Submit("Give more time", Callback.EXTEND, {"contest_id": form.contest_id})
    return b.form(EXTEND_TITLE, [*blocks, *shown], submit)


def _granted(granted: Granted, time_zone: str) -> str:
    return f"{mention(granted.user_id)} until {spoken(granted.until, time_zone)}: {name(granted.reason, 100)}"


def extended(done: Extended) -> b.View:
    """The confirmation."""
    late = f" {count(done.let_in, 'late file')} of theirs comes in by that." if done.let_in else ""
    theirs = spoken(done.until, done.time_zone)
    text = f"⏳ {mention(done.user_id)} has until {theirs} in *{name(done.contest_name)}*, and I have told them.{late}"
    return b.modal("Done", [b.section(text)], close="OK")
