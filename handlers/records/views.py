"""Windows about the data of a contest: exports, erasing a person, and the audit trail in sentences."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.views import blocks as b
from handlers.views.text import bullets, code, count, cut_markup, escape, mention, name, sentence, viewers_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.usecases.records.erasure import ErasureDone, ErasurePreview
    from bot.usecases.records.exports import Linked
    from bot.usecases.records.failures import FailedJob, FailedJobs
    from bot.usecases.records.trails import TrailEntry, TrailPage


ERASE_TITLE = Sub.ERASE.row.window
FAILED_TITLE = "What failed"
_FAILED = 20
"""So many are shown at once: those behind them come up as the first are settled."""
ASK_TITLE = "Erase my data"


def ordered(contest_name: str) -> str:
    """The file is on its way."""
    return (
        f"📦 I am gathering everything of *{name(contest_name)}*; the file comes to your direct messages in a moment."
    )


def bundle_ordered(contest_name: str) -> str:
    """It is on its way."""
    return f"🔏 I am putting the results of *{name(contest_name)}* together; the file comes to your direct messages in a moment."


def report_ordered(contest_name: str) -> str:
    """It is on its way."""
    return f"⚖️ I am looking at how *{name(contest_name)}* was judged; the report comes to your direct messages in a moment."


def rotation_ordered(contest_name: str) -> b.View:
    """The list is on its way."""
    text = f"🔑 The list of accounts of *{name(contest_name)}* to rotate comes to your direct messages in a moment."
    return b.modal("Accounts", [b.section(text)])


FETCH_TITLE = "Get the file"


def linked(found: Linked) -> b.View:
    """A link that works for a while."""
    text = (
        f"📦 <{escape(found.url)}|{name(found.filename)}> of *{name(found.contest_name)}*. The link works for ten minutes, for whoever has it:"
        " keep it to yourself. Later the same button makes another one."
    )
    return b.modal(FETCH_TITLE, [b.section(text)])


def choosing() -> b.View:
    """Asks whom."""
    hint = "The next window shows what would go; nothing is erased yet."
    who = b.input_block(Block.PERSON, "Whose data shall I erase?", b.user_select(), hint=hint)
    return b.form(ERASE_TITLE, [who], b.Submit("Show", Callback.CHOOSE_ERASED))


def erasing(preview: ErasurePreview) -> b.View:
    """What goes and what stays, before it is confirmed by the name."""
    there = preview.traces
    found = [
        (there.pieces, "composition", "with their files, pictures, sounds and verdicts"),
        (there.ratings, "rating", f"as a judge: the scores stay, nameless; words in {there.comments} of them go"),
        (there.accounts, "account", "back to you, to be rotated"),
        (there.waits, "place", "in the line for accounts"),
        (there.roles, "role", "as judge or organizer"),
        (there.letters, "message", "of mine to them, here in my database"),
    ]
    goes = [f"{count(number, noun)} {more}" for number, noun, more in found if number]
    where = ", ".join(f"*{name(each)}*" for each in preview.contests) or "no contest"
    stays = (
        "The trail keeps what happened, with a random token in the place of the person. The places of others change only "
        "where a composition leaves. What stands in Slack itself (their own messages and files, my answers below them, exports "
        "that you took) I cannot take back: please delete that there."
    )
    typed = b.input_block(
        Block.TYPED_NAME, f"Type their name to confirm: {preview.name}"[:150], b.text_input(max_length=200)
    )
    blocks = [
        b.section(f"🧽 Erase {mention(preview.user_id)}, *{name(preview.name)}*, from {where}? *It cannot be undone.*"),
        b.section(f"*What goes*\n{bullets([*goes, 'their name, wherever I wrote it down'])}"),
        *(
            [b.section(f"*Before you go on*\n{bullets([sentence(each) for each in preview.warnings])}")]
            if preview.warnings
            else []
        ),
        b.section(f"*What stays*\n{stays}"),
        typed,
    ]
    return b.form(ERASE_TITLE, blocks, b.Submit("Erase", Callback.ERASE_PERSON, {"user_id": preview.user_id}))


def erased(done: ErasureDone) -> b.View:
    """It is done."""
    text = (
        f"🧽 *{name(done.name)}* is erased, with {count(done.pieces, 'composition')}; the files follow within minutes. In the "
        f"trail they are `{done.token}` now. Please delete what stands in Slack itself, and tell them."
    )
    return b.modal(ERASE_TITLE, [b.section(text)])


def failed_jobs(failed: FailedJobs) -> b.View:
    """What was tried often enough, each with what can be done about it."""
    if not failed.jobs:
        text = "Nothing is left here: what failed is being tried again, or was dropped."
        return b.modal(FAILED_TITLE, [b.section(text)])
    lead = (
        f"⚠️ *{name(failed.contest_name)}*: I tried these again and again, and gave up. Where the reason is gone (the log tells it by the"
        " reference), try again; what you drop is not tried any more, and I tell whom it was for."
    )
    shown, rest = failed.jobs[:_FAILED], len(failed.jobs) - _FAILED
    more = [b.context(f"And {rest} more.")] if rest > 0 else []
    rows = [block for job in shown for block in _failed_job(failed.contest_id, job)]
    return b.modal(FAILED_TITLE, [b.section(lead), *rows, *more])


def _failed_job(contest_id: str, job: FailedJob) -> list[b.Block]:
    said = f"*{job.what[:1].upper()}{job.what[1:]}*  ·  {viewers_time(job.at)}  ·  reference {code(job.reference)}"
    value = f"{contest_id}:{job.job_id}"
    drop = b.confirmed(
        b.button("Drop", Action.JOB_DROP, value),
        title="Drop it?",
        text="It is not tried again, and I tell the person whom it was for.",
        confirm="Drop it",
        danger=True,
    )
    # What belongs to several contests is not for one's organizers to drop.
    buttons = [b.button("Try again", Action.JOB_AGAIN, value), *([drop] if job.contest_id else [])]
    return [b.section(said), b.actions(buttons)]


def asking() -> b.View:
    """Before a person's wish is passed on."""
    text = (
        "Shall I ask the organizers to erase what I know of you? Your compositions would leave the contest with their files, "
        "your name and your comments go, and an account goes back. It cannot be undone. An organizer confirms it, and may write to you first."
    )
    return b.form(ASK_TITLE, [b.section(f"🧽 {text}")], b.Submit("Ask them", Callback.ASK_ERASURE))


def asked() -> b.View:
    """The organizers know."""
    return b.modal(ASK_TITLE, [b.section("✉️ The organizers know, and will write to you.")])


TITLE = Sub.AUDIT.row.window
_LINE = 550
_LINES_A_BLOCK = 5
_FEW = 8
"""So many parts of a list are named."""
_PERSON = re.compile(r"[UW][A-Z0-9]{2,}|erased-[0-9a-f]+")
_ACTORS = {"kantor": "I", "cli": "Whoever runs me (command line)", "slack": "Slack"}

_ACCOUNT = "`{account}`, user `{user}`"
SENTENCES = {
    "account.claimed": f"took account {_ACCOUNT}",
    "account.revealed": f"was shown the password of {_ACCOUNT} again: Slack had delivered the same window twice",
    "account.revealed_again": f"looked at the password of {_ACCOUNT} once more",
    "account.shown": f"looked at account {_ACCOUNT}, without its password",
    "account.waits": "joined the line for an account",
    "account.waits_no_more": "left the line for an account",
    "account.returned": f"gave back account {_ACCOUNT}",
    "account.replaced": f"brought a new password for {_ACCOUNT}",
    "account.reissue_asked": f"asked to see the password of {_ACCOUNT} again",
    "account.reissue_approved": f"let {{person}} see the password of {_ACCOUNT} once more",
    "account.reissue_declined": f"did not let {{person}} see the password of {_ACCOUNT} again: {{reason}}",
    "account.another_asked": f"asked for another account, after giving back {_ACCOUNT}",
    "account.another_allowed": f"let {{person}}, who had given back {_ACCOUNT}, have another account",
    "account.another_declined": f"did not let {{person}}, who had given back {_ACCOUNT}, have another account: {{reason}}",
    "accounts.imported": "brought accounts: {new} new, {known} known already, {replaced} with a new password",
    "accounts.resealed": "had the passwords of {count} accounts sealed with the present key",
    "accounts.retired": "had the passwords of {count} accounts deleted",
    "channel.archived": "archived the contest's channel",
    "contest.created": "began the contest, `{slug}`",
    "contest.edited": "changed the contest's settings: {changes}",
    "rules.fixed": "fixed the rules of judging, version {version}: SHA-256 {sha256}",
    "round.closed_early": "closed the round although {below} had too few ratings: {reason}",
    "allocation.changed": "shared the pieces out: {new} new, {gone} moved, {pairs} in all",
    "allocation.further": "placed further listens where it is close: {new} new, {placed} of {wanted}",
    "conflict.declared": "declared a conflict of interest: {judge} with {authors}",
    "conflict.withdrawn": "took a conflict of interest back: {judge} with {authors}",
    "contest.advanced": "moved the contest on: {before} → {after}",
    "contest.undone": "moved the contest back: {before} → {after}",
    "contest.archived": "archived the contest",
    "final.began": "sent {finalists} compositions to the final, with {last_score} or more",
    "contest.rejudged": "had all compositions judged anew by the AI judge",
    "erasure.asked": "asked to have their data erased",
    "person.erased": "erased the data of {person}, with {pieces} compositions",
    "retention.told": "told the organizers that data is kept for {days} days, and goes soon",
    "retention.erased": "erased the data of {people} people: the time to keep them was over",
    "audit.chained": "began to chain what is written down here: {entries} entries of before were chained in order of time",
    "results.sealed": "sealed what was decided: SHA-256 {sha256}",
    "audit.emptied": "emptied {entries} entries of this list, which were about somebody whose data was erased",
    "export.contest": "took an export of the contest",
    "export.bundle": "took the results bundle",
    "export.report": "took the fairness report",
    "export.link": "got a link to a file that they had asked for",
    "export.rotation": "took the list of accounts to rotate",
    "extension.granted": "gave {person} time until {until}: {reason}",
    "results.confirmed": "confirmed the results: {reason}",
    "results.settled": "fixed the results, SHA-256 {sha256}, confirmed by {confirmed_by}",
    "ceremony.rehearsed": "had the ceremony rehearsed in {channel}",
    "certificates.ordered": "ordered certificates (for everybody: {everybody})",
    "prize.received": "ticked off a prize of {winner}: {prize}",
    "prize.unticked": "took the tick off a prize of {winner}: {prize}",
    "feedback.moderated": "went through the judges' comments: {shown} to be shown, {left_out} left out",
    "feedback.sent": "sent {authors} authors what the judges said",
    "flag.settled": "settled a flag on {piece}",
    "job.retried": "had something tried again that had failed ({job}, reference {reference})",
    "job.dropped": "left something at that which had failed ({job}, reference {reference})",
    "judge.added": "made {judge} a judge",
    "judge.removed": "took {judge} off the judges",
    "judge.practised": "rated the practice piece",
    "judge.paused": "paused judging",
    "judge.resumed": "went on judging",
    "judge.recused": "stepped back from judging: {reason}",
    "organizer.added": "made {organizer} an organizer",
    "organizer.removed": "took {organizer} off the organizers",
    "duty.asked": "asked {people} to help as {duty}: {reason}",
    "duty.accepted": "agreed to help as {duty}",
    "duty.declined": "declined to help as {duty}: {reason}",
    "duty.withdrawn": "took it back that {person} was asked to help as {duty}",
    "announcement.sent": "announced to {recipients}: {words}",
    "nudge.sent": "reminded the {to} who are behind: {people}",
    "piece.flagged": "flagged {piece}: {what}, {reason}",
    "piece.recused": "will not rate {piece}: {reason}",
    "rating.given": "rated {piece}",
    "rating.changed": "changed their rating of {piece}",
    "rating.entered": "entered the rating of {judge} for {piece}: {reason}",
    "submission.accepted": "accepted {piece}",
    "submission.refused": "did not accept {piece} ({code})",
    "submission.failed": "could not check {piece} (reference {reference})",
    "submission.flagged": "found that {piece} shares passages with others",
    "submission.renamed": "renamed {piece}: “{before}” → “{after}”",
    "submission.chosen": "chose version {version} of {piece}",
    "submission.withdrawn": "withdrew {piece}",
    "submission.late_accepted": "let {piece} in, though it was late: {reason}",
    "submission.late_declined": "did not let {piece} in, since it was late: {reason}",
    "submission.corrected": "put another file in the place of {piece}: {reason}",
}
"""What was done, by the action's name; the words in braces are its facts, ``piece`` the composition's title."""


def page(trail: TrailPage) -> b.View:
    """A page of the trail, with buttons to the others."""
    asked = trail.question
    about = f" about {mention(asked.person)}" if asked.person else ""
    about += f" about “{name(asked.words)}”" if asked.words else ""
    lines = [f"{viewers_time(entry.at)}  ·  {entry_sentence(entry)}" for entry in trail.entries]
    chunks = [lines[at : at + _LINES_A_BLOCK] for at in range(0, len(lines), _LINES_A_BLOCK)]
    found = [b.section("\n".join(cut_markup(f"•  {line}", _LINE) for line in chunk)) for chunk in chunks]
    buttons = [
        *([b.button("Newer", Action.AUDIT_BACK, _value(trail, -1))] if asked.page else []),
        *([b.button("Older", Action.AUDIT_PAGE, _value(trail, 1))] if trail.more else []),
    ]
    head = b.section(f"🔎 *{name(trail.contest_name)}*: who did what{about}, the newest first. Times are yours.")
    nothing = [] if found else [b.section("Nothing yet.")]
    return b.modal(TITLE, [head, *found, *nothing, *([b.actions(buttons)] if buttons else [])])


def entry_sentence(entry: TrailEntry) -> str:
    """One thing that somebody did, in a sentence of mrkdwn."""
    who = _ACTORS.get(entry.actor) or mention(entry.actor)
    known = SENTENCES.get(entry.action)
    if known is None:
        return f"{who}: {code(entry.action)}{_details(entry.facts)}"
    piece = f"*{name(entry.piece)}*" if entry.piece else _plain(entry.facts.get("name"), "a composition")
    return f"{who} {known.format_map(_Facts(entry.facts, piece))}"


class _Facts(dict[str, str]):
    """The facts of an entry, each as mrkdwn; what is not there reads as a dash."""

    def __init__(self, facts: Mapping[str, Any], piece: str) -> None:
        super().__init__({key: _plain(value) for key, value in facts.items()} | {"piece": piece})

    def __missing__(self, key: str) -> str:
        return "–"  # noqa: RUF001 - a dash for people


def _plain(value: object, nothing: str = "–") -> str:  # noqa: RUF001 - a dash for people
    if value is None or value in ([], {}) or not str(value).strip():
        return nothing
    if isinstance(value, dict | list):
        few = [_plain(each) for each in list(value)[:_FEW]]
        return ", ".join([*few, *([f"{len(value) - _FEW} more"] if len(value) > _FEW else [])])
    text = str(value)
    return mention(text) if _PERSON.fullmatch(text) else name(text, 200)


def _details(facts: Mapping[str, Any]) -> str:
    plain = [f"{name(key)}: {_plain(value)}" for key, value in facts.items() if isinstance(value, str | int | float)]
    return f" ({', '.join(plain)})" if plain else ""


def _value(trail: TrailPage, step: int) -> str:
    asked = trail.question
    return json.dumps([asked.contest_id, asked.person, asked.words[:200], asked.page + step])
