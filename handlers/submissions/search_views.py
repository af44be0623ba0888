"""What was found, with what can be done about it; and the window in which an organizer replaces a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.moments import until
from bot.rules.phases import Phase
from bot.usecases.submissions.extensions import MAX_REASON
from bot.usecases.submissions.search import Sight
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.views import blocks as b
from handlers.views import words
from handlers.views.buttons import opening, rate_button, why_button
from handlers.views.text import channel, count, mention, name

if TYPE_CHECKING:
    from bot.usecases.submissions.corrections import Corrected, CorrectionForm
    from bot.usecases.submissions.search import Findings, FoundContest, FoundPiece

CORRECT_TITLE = "Replace a file"
FIND_TITLE = Sub.FIND.row.window


def asking() -> b.View:
    """The window that asks for words."""
    hint = "A part of a title or of somebody's name, or the beginning of a contest's name."
    field = b.input_block(Block.WORDS, "Words", b.text_input(placeholder="morning tide", max_length=100), hint=hint)
    return b.form(FIND_TITLE, [field], b.Submit("Find", Callback.FIND))


def found(seen: Findings, asked: str) -> list[b.Block]:
    """The answer to ``/kantor find``."""
    if not seen.contests and not seen.pieces:
        return [
            b.section(f"🔎 I found nothing for “{name(asked)}” that you may see. Try a part of a title, or of a name.")
        ]
    blocks = [b.section(f"🔎 For “{name(asked)}”:")]
    blocks += [b.section(_contest(each), opening(Sub.BOARD, each.channel_id)) for each in seen.contests]
    blocks += [b.section(_piece(each), _button(each)) for each in seen.pieces]
    return [*blocks, *([b.context(f"… and {seen.more} more. One more word narrows it down.")] if seen.more else [])]


def found_text(seen: Findings, asked: str) -> str:
    """The same in one line."""
    pieces, contests = count(len(seen.pieces), "composition"), count(len(seen.contests), "contest")
    return f"For “{name(asked)}”: {pieces}, {contests}"


def _contest(contest: FoundContest) -> str:
    when = f", until {until(contest.deadline, contest.time_zone, contest.left)}" if contest.phase is Phase.OPEN else ""
    return f"🎼 *{name(contest.name)}* in {channel(contest.channel_id)}: {words.PHASES[contest.phase]}{when}"


def _piece(piece: FoundPiece) -> str:
    where = name(piece.contest_name)
    if piece.sight is Sight.JUDGE:
        rated = "you have rated it" if piece.rated else "you have not rated it yet"
        return f"🎧 *{name(piece.called)}* in {where}: {rated}"
    by = "yours" if piece.sight is Sight.AUTHOR else f"by {mention(piece.author or '')}"
    state = f"  ·  {words.STATES.get(piece.state, piece.state)}" if piece.state else ""
    # Organizers find it by that name in the files of the export.
    known = f"\n{name(piece.called, 200)}" if piece.sight is Sight.ORGANIZER else ""
    version = f", version {piece.version}" if (piece.version or 1) > 1 else ""
    return f"*{name(piece.title or '')}*{version}, {by}, in {where}{state}{known}"


def _button(piece: FoundPiece) -> b.Block | None:
    if piece.sight is Sight.AUTHOR:
        return opening(Sub.MINE)
    if piece.sight is Sight.JUDGE:
        return rate_button(piece.submission_id, piece.round, "Change my rating" if piece.rated else "Rate it")
    if piece.may_correct:
        return b.button("Replace its file ...", Action.CORRECT_FILE, piece.submission_id)
    if piece.may_ask_why:
        return why_button(piece.submission_id)
    return None


def correct(form: CorrectionForm) -> b.View:
    """The window in which an organizer replaces the file of somebody's composition."""
    now = (
        f"Version {form.standing} counts until the new file is accepted." if form.standing else "No version counts yet."
    )
    lost = (
        f" {count(form.ratings, 'rating')} of it will not go over to the new file: judges hear that one anew."
        if form.ratings
        else ""
    )
    blocks = [
        b.section(f"*{name(form.title)}* by {mention(form.author)}, in *{name(form.contest_name)}*. {now}{lost}"),
        b.input_block(Block.FILE, "The right file", b.file_input(), hint="A MIDI file (.mid) of at most eight bars."),
        b.input_block(
            Block.REASON,
            "Why",
            b.text_input(placeholder="The wrong file was attached", max_length=MAX_REASON),
            hint="The author reads it, and it stays in the audit trail.",
        ),
    ]
    facts = {"submission_id": form.submission_id}
    return b.form(CORRECT_TITLE, blocks, b.Submit("Replace it", Callback.CORRECT_FILE, facts))


def corrected(done: Corrected) -> b.View:
    """The confirmation."""
    text = (
        f"🛠️ I am checking version {done.version} of *{name(done.title)}* now, and have told {mention(done.author)}."
        " It counts as sent when the file before it was."
    )
    return b.modal("Done", [b.section(text)], close="OK")
