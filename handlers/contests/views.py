"""Modals and messages about a contest: new, status, next phase, who organizes and judges, putting it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import spoken
from bot.rules.phases import Phase
from bot.usecases.contests.contests import MAX_WHY
from bot.usecases.contests.newcontest import USUAL
from bot.usecases.contests.voiding import MAX_REASON
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Command
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.buttons import opening
from handlers.views.text import channel, count, cut, mention, name, no_more, sentence

if TYPE_CHECKING:
    from bot.usecases.contests.contests import ContestStatus, ContestSummary, JudgesAdded, PhasePreview
    from bot.usecases.contests.staff import ArchivePreview, Judge, StaffChanged, StaffList
    from bot.usecases.contests.undoing import Undone, UndoPreview
    from bot.usecases.contests.voiding import VoidDone, VoidPreview


PHASE_TITLE = Sub.PHASE_NEXT.row.window
UNDO_TITLE = Sub.PHASE_UNDO.row.window

UNRATED = 15
"""So many compositions without a rating are named before the end."""


def created(contest: ContestSummary) -> b.View:
    """What follows a new contest."""
    steps = [
        f"Name your judges: `{Command.KANTOR} {Sub.JUDGES_ADD} @name ...` in {channel(contest.channel_id)}",
        f"Hand out accounts? Paste them into the window of `{Command.KANTOR} {Sub.ACCOUNTS_IMPORT}`",
        f"Open it for compositions: `{Command.KANTOR} {Sub.PHASE_NEXT}`",
    ]
    deadline = spoken(contest.deadline, contest.time_zone)
    usual = (
        f"I have set the rest as it is usual: judges see made-up names, {count(USUAL.winners, 'winner')}, the criteria"
        " Originality, Balance and Emotional. You can change all of it, now or later."
    )
    lead = f"📝 *{name(contest.name)}* is a draft in {channel(contest.channel_id)}. Compositions until {deadline}."
    change = opening(Sub.CONTEST_EDIT, contest.channel_id, "Change settings")
    return b.modal(
        "Contest created",
        [b.section(lead), b.section(f"*What comes next*\n{words.bullets(steps)}"), b.section(usual, change)],
    )


def status(status: ContestStatus) -> list[b.Block]:
    """How a contest stands: the answer to ``/kantor status``, and what the Home button's window shows."""
    contest, states = status.contest, status.submissions
    waiting = states.get("received", 0) + states.get("checking", 0)
    facts = [
        f"*Phase*\n{words.phase(contest.phase)}{_finalists(status)}",
        f"*Deadline*\n{sentence(status.deadline_text)}",
        f"*Compositions*\n{states.get('accepted', 0)} accepted · {waiting} waiting · {states.get('refused', 0)} not accepted",
        f"*Ratings*\n{status.ratings} of {status.ratings_possible} possible",
        f"*Judges*\n{_people(status.judges)}",
        f"*Coverage*\n{_coverage(status)}",
    ]
    fields = {"type": "section", "fields": [b.mrkdwn(fact, 2000) for fact in facts]}
    lead = f"{channel(contest.channel_id)}  ·  up to {count(contest.submission_limit, 'composition')} each"
    return [b.header(contest.name), b.context(lead), fields, *_for_organizers(status)]


def status_text(status: ContestStatus) -> str:
    """The status in one line, for notifications and screen readers."""
    return (
        f"{name(status.contest.name)}: {words.phase(status.contest.phase)}, deadline {sentence(status.deadline_text)}"
    )


def _people(user_ids: tuple[str, ...]) -> str:
    return ", ".join(words.at_most([mention(user) for user in user_ids], 20)) or "nobody yet"


def _finalists(status: ContestStatus) -> str:
    if status.finalists is None:
        return ""
    verb = "" if status.contest.phase == Phase.FINAL else " had gone on to the final"
    return f", {count(status.finalists, 'composition')}{verb}"


def _coverage(status: ContestStatus) -> str:
    if not status.submissions.get("accepted", 0):
        return "nothing to rate yet"
    if status.unrated:
        return f"{count(status.unrated, 'composition')} without a rating"
    return f"every composition has {count(status.fewest_ratings, 'rating')} or more"


def _for_organizers(status: ContestStatus) -> list[b.Block]:
    over = status.contest.phase == Phase.FINISHED
    failed = 0 if over else status.submissions.get("failed", 0)
    late = 0 if over or status.letters_waiting is None else status.submissions.get("late", 0)
    facts = [
        "" if status.pool_left is None else f"Free accounts: {status.pool_left}",
        "" if status.letters_waiting is None else f"Messages on their way: {status.letters_waiting}",
        f"🕰️ Late, for you to decide: {late} (`{Command.KANTOR} {Sub.LATE}`)" if late else "",
        f"⚠️ Stuck on our side: {count(failed, 'composition')}" if failed else "",
        f"⚠️ Messages that could not be delivered: {status.letters_failed}" if status.letters_failed else "",
    ]
    line = "  ·  ".join(fact for fact in facts if fact)
    return [*_watching(status), *_at_work(status), *([b.context(line)] if line else [])]


def _at_work(status: ContestStatus) -> list[b.Block]:
    text = (
        "⚠️ *Nobody is at work*: jobs are waiting, and no worker has been heard of for a minute. Whoever runs me has to start"
        " `kantor worker`; nothing is lost meanwhile."
    )
    failed = f"⚠️ {count(status.jobs_failed or 0, 'job')} failed for good."
    see = b.button("See what failed", Action.FAILED_JOBS, status.contest.contest_id)
    return [
        *([b.section(text)] if status.unattended else []),
        *([b.section(failed, see)] if status.jobs_failed else []),
    ]


def _watching(status: ContestStatus) -> list[b.Block]:
    if not status.watching:
        return []
    text = (
        f"⚠️ *Not blind yet*: {_people(status.watching)} can see in {channel(status.contest.channel_id)} who uploads what."
        f" Let them leave it, or take compositions in direct messages only: `{Command.KANTOR} {Sub.CONTEST_EDIT}`."
    )
    return [b.section(text)]


def phase_preview(preview: PhasePreview) -> b.View:
    """What the next phase brings, with a button that confirms it."""
    lead = f"*{name(preview.name)}*\n{words.phase(preview.phase)}  →  *{words.phase(preview.next_phase)}*"
    effects = words.bullets(words.fitting([sentence(each) for each in preview.effects]))
    warnings = words.bullets(words.fitting([sentence(each) for each in preview.warnings]))
    blocks = [
        b.section(lead),
        *([b.section(f"*What happens*\n{effects}")] if effects else []),
        *([b.section(f"⚠️ *Before you go on*\n{warnings}")] if warnings else []),
        b.context(_way_back(preview.next_phase)),
    ]
    facts = {"contest_id": preview.contest_id, "expected": preview.phase.value}
    if preview.below:
        confirm = _CONFIRM.get(preview.next_phase, "Finish for good")
        return b.form(PHASE_TITLE, [*blocks, _why(preview.below)], b.Submit(confirm, Callback.ADVANCE_PHASE, facts))
    if preview.next_phase is Phase.FINISHED:
        # Nothing else that a window asks ends anything for good, so it looks unlike all others, and asks twice.
        unrated = (
            [b.section(f"*Nobody rated these in this round*\n{_listed(preview.unrated)}")] if preview.unrated else []
        )
        return b.modal(PHASE_TITLE, [*blocks, *unrated, b.actions([_finish_button(preview)])], close="Not yet")
    return b.form(PHASE_TITLE, blocks, b.Submit(_CONFIRM[preview.next_phase], Callback.ADVANCE_PHASE, facts))


def _why(below: int) -> b.Block:
    have = f"{count(below, 'composition')} {'has' if below == 1 else 'have'} fewer ratings than the others. /kantor panel names them."
    reason = b.text_input(max_length=MAX_WHY, multiline=True)
    return b.input_block(
        Block.REASON, "Why does the round close all the same?", reason, hint=f"{have} The reason is kept."
    )


def _listed(names: tuple[str, ...]) -> str:
    return words.bullets(words.at_most([name(each, 100) for each in names], UNRATED))


def _finish_button(preview: PhasePreview) -> b.Block:
    """The end, with a question before it."""
    called = cut(preview.name, 60)
    stay = "stays" if len(preview.unrated) == 1 else "stay"
    unrated = f"{count(len(preview.unrated), 'composition')} without a rating {stay} so. " if preview.unrated else ""
    text = f"{unrated}I announce the winners at once. Nobody can rate after that, and there is no way back."
    asked = b.confirmed(
        b.button(f"Finish {called} for good ...", Action.FINISH_CONTEST, f"{preview.contest_id}:{preview.phase.value}"),
        title=f"Finish {called}?",
        text=text,
        confirm="Finish the contest",
        deny="Not yet",
        danger=True,
    )
    return asked | {"style": "danger"}


def _way_back(following: Phase) -> str:
    if following is Phase.FINISHED:
        return "There is no way back once I have told how it ended."
    return f"As long as nothing depends on it, `{Command.KANTOR} {Sub.PHASE_UNDO}` takes this back."


def undo_preview(preview: UndoPreview) -> b.View:
    """What taking a phase back brings, with a button that confirms it."""
    lead = f"*{name(preview.name)}*\n{words.phase(preview.phase)}  →  back to  *{words.phase(preview.previous)}*"
    effects = words.bullets(words.fitting([sentence(each) for each in preview.effects]))
    warnings = words.bullets(words.fitting([sentence(each) for each in preview.warnings]))
    blocks = [
        b.section(lead),
        b.section(f"*What happens*\n{effects}"),
        *([b.section(f"⚠️ *Before you go back*\n{warnings}")] if warnings else []),
    ]
    facts = {"contest_id": preview.contest_id, "expected": preview.phase.value}
    return b.form(UNDO_TITLE, blocks, b.Submit("Take it back", Callback.UNDO_PHASE, facts))


def undone(contest: Undone) -> b.View:
    """The confirmation of a phase that was taken back."""
    text = f"↩️ *{name(contest.name)}* is back in: *{words.phase(contest.phase)}*. I am telling {channel(contest.channel_id)}."
    return b.modal("Done", [b.section(text)], close="OK")


_CONFIRM = {
    Phase.OPEN: "Open the contest",
    Phase.JUDGING: "Begin the judging",
    Phase.FINAL: "Begin the final",
}


def advanced(contest: ContestSummary) -> b.View:
    """The confirmation of a new phase."""
    text = (
        f"✅ *{name(contest.name)}* is now: *{words.phase(contest.phase)}*. I am telling {channel(contest.channel_id)}."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def judges_added(result: JudgesAdded) -> str:
    """The answer to ``/kantor judges add`` in mrkdwn."""
    added, already, composing = (
        ", ".join(mention(user) for user in users) for users in (result.added, result.already, result.composing)
    )
    contest = f"*{name(result.contest_name)}*"
    lines = [
        f"🎧 {added} now judge {contest}, and I have written to them." if len(result.added) > 1 else "",
        f"🎧 {added} is now a judge of {contest}, and I have written to them." if len(result.added) == 1 else "",
        f"{already} judged {contest} already." if already else "",
        f"⚠️ {composing} {'has compositions' if len(result.composing) == 1 else 'have compositions'} in it, too: they never get their own, but "
        "they judge what theirs compete with."
        if composing
        else "",
    ]
    return "\n".join(line for line in lines if line)


ARCHIVE_TITLE = Sub.CONTEST_ARCHIVE.row.window
MOST_PARTS = 20
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
