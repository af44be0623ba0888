"""Who organizes and judges a contest, and putting it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.contests.voiding import MAX_REASON
from handlers.commands import Sub
from handlers.ids import Block, Callback, Command
from handlers.views import blocks as b
from handlers.views import words
from handlers.views.text import count, mention, name, no_more

if TYPE_CHECKING:
    from bot.usecases.contests.staff import ArchivePreview, Judge, StaffChanged, StaffList
    from bot.usecases.contests.voiding import VoidDone, VoidPreview

ARCHIVE_TITLE = Sub.CONTEST_ARCHIVE.row.window
MOST_PARTS = 40
VOID_TITLE = "Let a judge go"
MOVES = 15
"""So many changed places are listed."""
SHOWN = 60
"""60 lines of at most 45 characters stay below a section's 3,000."""


def people(listed: StaffList) -> list[b.Block]:
    """Everybody, with the judges' progress where it is known."""
    organizers = ", ".join(words.at_most([mention(user_id) for user_id in listed.organizers], SHOWN))
    judges = [_judge(judge, listed) for judge in listed.judges]
    parts = [judges[at : at + SHOWN] for at in range(0, len(judges), SHOWN)]
    nobody = f"nobody yet. Add some with `{Command.KANTOR} {Sub.JUDGES_ADD} @name ...`"
    return [
        b.section(f"*{name(listed.contest_name)}*\nOrganizers: {organizers or 'the admins of this workspace'}"),
        b.section(f"*{count(len(listed.judges), 'judge')}*" if listed.judges else f"Judges: {nobody}"),
        *(b.section(words.bullets(part)) for part in parts[:MOST_PARTS]),
        *([b.context(f"… and {len(judges) - SHOWN * MOST_PARTS} more")] if len(parts) > MOST_PARTS else []),
        *([b.context(_left(listed))] if listed.left else []),
    ]


def text(listed: StaffList) -> str:
    """The same in a line, for notifications and screen readers."""
    return f"{name(listed.contest_name)}: {count(len(listed.organizers), 'organizer')}, {count(len(listed.judges), 'judge')}"


def _judge(judge: Judge, listed: StaffList) -> str:
    who = mention(judge.user_id)
    if judge.done is None or judge.total is None or not listed.judging:
        return who
    if judge.total and judge.done == judge.total:
        return f"{who}  ·  all {judge.total} rated"
    return f"{who}  ·  {judge.done} of {judge.total} rated{', pauses' if judge.paused else ''}"


def _left(listed: StaffList) -> str:
    """Without it the judges' numbers would not add up to those of the status."""
    who = words.at_most([f"{mention(user_id)} ({count(given, 'rating')})" for user_id, given in listed.left], SHOWN)
    return f"No longer judging, and what they gave still counts: {', '.join(who)}"


def nobody_mentioned(words: str, sub: Sub) -> str:
    """The sentence for a command that should mention people and mentions none; it says what was typed behind it."""
    typed = " ".join(words.split())
    said = f"“{typed[:60]}” mentions nobody. " if typed else ""
    return (
        f"{said}Whom do you mean? Type @ and choose them from Slack's list, as in {Command.KANTOR} {sub} @judy @jack."
    )


def not_mentioned(words: str) -> str:
    """A line about words beside the people mentioned, which may have been meant for somebody; empty where there are none."""
    left = " ".join(word for word in words.replace(",", " ").split() if word.casefold() not in {"and", "&"})
    return (
        f"“{name(left, 60)}” mentions nobody, so I passed it over: type @ and choose from Slack's list." if left else ""
    )


def organizers_added(result: StaffChanged) -> str:
    """The answer to ``/kantor organizers add``."""
    contest = f"*{name(result.contest_name)}*"
    added, already = (", ".join(mention(each) for each in users) for users in (result.changed, result.already))
    verb = "organize" if len(result.changed) > 1 else "organizes"
    lines = [
        f"🎼 {added} now {verb} {contest}, too, and I have written to them." if added else "",
        f"{already} did so already." if already else "",
    ]
    return "\n".join(line for line in lines if line)


def organizers_removed(result: StaffChanged) -> str:
    """The answer to ``/kantor organizers remove``."""
    return _removed(result, "organizes", "organize", "organizer")


def judges_removed(result: StaffChanged) -> str:
    """The answer to ``/kantor judges remove``."""
    return _removed(result, "judges", "judge", "judge")


def void_preview(preview: VoidPreview) -> b.View:
    """What letting a judge go means who has rated, with a place for the reason."""
    who, contest = mention(preview.judge), f"*{name(preview.contest_name)}*"
    effects = [
        f"{who} judges {contest} no more, and {no_more(preview.ratings, ' of theirs')}. Nothing is deleted.",
        f"They read your reason, and so do all organizers; `{Command.KANTOR} {Sub.AUDIT}` has it.",
        f"Until the contest is finished `{Command.KANTOR} {Sub.JUDGES_RESTORE} @name` takes it back.",
    ]
    reason = b.text_input(multiline=True, max_length=MAX_REASON)
    blocks = [
        b.section(f"*What happens*\n{words.bullets(effects)}"),
        *_moves(preview),
        b.context(f"To leave what they gave as it is, {who} can leave by `{Command.KANTOR} {Sub.JUDGE}`."),
        b.input_block(Block.REASON, "Why?", reason, hint="Such as: knew three of the composers."),
    ]
    facts = {"contest_id": preview.contest_id, "judge": preview.judge}
    return b.form(VOID_TITLE, blocks, b.Submit("Void the ratings", Callback.VOID_RATINGS, facts))


def _moves(preview: VoidPreview) -> list[b.Block]:
    if preview.moves is None:
        return [b.section("You judge this contest blind, so I do not show whose places would change.")]
    if not preview.moves:
        return [b.section("No place on the board changes.")]
    lines = [
        f"{name(move.name, 100)}: place {move.before} → {'none, no rating is left' if move.after is None else move.after}"
        for move in preview.moves
    ]
    return [b.section(f"*What moves on the board of now*\n{words.bullets(words.at_most(lines, MOVES))}")]


def voided(done: VoidDone) -> b.View:
    """The confirmation."""
    text = f"✅ {mention(done.judge)} judges *{name(done.contest_name)}* no more. {no_more(done.ratings)}."
    return b.modal("Done", [b.section(text)], close="OK")


def restored(done: VoidDone) -> str:
    """The answer to ``/kantor judges restore``."""
    return f"✅ What {mention(done.judge)} gave in *{name(done.contest_name)}* counts: {count(done.ratings, 'rating')}."


def _removed(result: StaffChanged, one: str, many: str, role: str) -> str:
    contest = f"*{name(result.contest_name)}*"
    gone, others = (", ".join(mention(each) for each in users) for users in (result.changed, result.already))
    verb = many if len(result.changed) > 1 else one
    was = "were" if len(result.already) > 1 else "was"
    lines = [
        f"✅ {gone} no longer {verb} {contest}." if gone else "",
        f"{others} {was} no {role} of it." if others else "",
        f"As an admin {', '.join(mention(each) for each in result.still)} can still do everything."
        if result.still
        else "",
    ]
    return "\n".join(line for line in lines if line)


def archive_preview(preview: ArchivePreview) -> b.View:
    """What the archive means, with a button that confirms it."""
    effects = [
        "It leaves everybody's Home tab and my answers in direct messages. I tell nobody.",
        "In its channel `/kantor status` and `/kantor board` still show how it was.",
        "Nothing in it can be changed any more.",
    ]
    blocks = [b.section(f"*{name(preview.name)}*\n{words.bullets(effects)}")]
    submit = b.Submit("Put it away", Callback.ARCHIVE_CONTEST, {"contest_id": preview.contest_id})
    return b.form(ARCHIVE_TITLE, blocks, submit)


def archived(contest_name: str) -> b.View:
    """The confirmation."""
    return b.modal("Done", [b.section(f"🗄️ *{name(contest_name)}* is in the archive.")], close="OK")
