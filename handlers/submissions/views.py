"""Windows in which compositions are handed in, replaced, renamed and withdrawn.

For organizers: late files, more time, what was found with what can be done about it, and replacing a file.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.rules.moments import left, next_to_write, spoken, until
from bot.rules.naming import MAX_TITLE
from bot.rules.phases import Intake, Phase
from bot.usecases.submissions.latefiles import MAX_REASON
from bot.usecases.submissions.search import Sight
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Turn
from handlers.submissions.parsing import fact_of
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.buttons import accept_late_button, decline_late_button, opening, rate_button, why_button
from handlers.views.pages import page_of, turns
from handlers.views.text import at_most, bullets, channel, count, cut, how_late, mention, name, sentence, viewers_time

if TYPE_CHECKING:
    from bot.usecases.submissions.compositions import Composition, Mine, MyContest, PieceVersion
    from bot.usecases.submissions.corrections import Corrected, CorrectionForm
    from bot.usecases.submissions.handins import HandedIn, HandInForm, OpenDoor, WindowFile
    from bot.usecases.submissions.latefiles import Decided, Extended, ExtensionForm, Granted, LateFile, LateList
    from bot.usecases.submissions.search import Findings, FoundContest, FoundPiece


SUBMIT_TITLE = Sub.SUBMIT.row.window
REPLACE_TITLE = "A new version"
RENAME_TITLE = "Another title"
MINE_TITLE = Sub.MINE.row.window

VERSIONS = 5
"""So many versions of a composition are shown, the newest."""
ROOM = b.VIEW_BLOCKS - 6

_FILE_HINT = "A MIDI file (.mid) of at most eight bars."


def hand_in(form: HandInForm, file: WindowFile | None = None) -> b.View:
    """The window for a new composition, or for a new version of one; ``file`` is there already where a message has it."""
    if form.instead_of:
        return _instead(form, file)
    return _replacement(form) if form.replaces else _new(form, file)


def _new(form: HandInForm, file: WindowFile | None) -> b.View:
    choice = [b.option(cut(one.name, b.OPTION_TEXT), one.contest_id) for one in form.contests]
    several = len(choice) > 1
    title = b.input_block(
        Block.TITLE,
        "Title",
        b.text_input(placeholder="Morning Tide", max_length=MAX_TITLE),
        hint="Left empty, I take it from the file's name.",
        optional=True,
    )
    blocks = [
        b.section("\n".join(words.at_most([_door(one) for one in form.contests], 10))),
        *([b.input_block(Block.CONTEST, "Contest", b.select(choice, choice[0]))] if several else []),
        _file(file),
        title,
    ]
    facts = {} if several else {"contest_id": form.contests[0].contest_id}
    facts |= {"file": fact_of(file)} if file else {}
    return b.form(SUBMIT_TITLE, blocks, b.Submit("Hand it in", Callback.SUBMIT, facts))


def _instead(form: HandInForm, file: WindowFile | None) -> b.View:
    """All that the contest takes are in: the file becomes a new version of one of them."""
    door, choice = form.contests[0], [b.option(cut(title, b.OPTION_TEXT), about) for about, title in form.instead_of]
    lead = (
        f"{_door(door)}\nThere is no room for one more, so your file becomes a new version of a composition that is in."
        " To make room instead, withdraw one: `/kantor mine`."
    )
    which = b.input_block(Block.REPLACES, "In the place of", b.select(choice, choice[0]), hint="It keeps its title.")
    facts = {"contest_id": door.contest_id} | ({"file": fact_of(file)} if file else {})
    return b.form(
        REPLACE_TITLE, [b.section(lead), which, _file(file)], b.Submit("Replace", Callback.REPLACE_FILE, facts)
    )


def _file(file: WindowFile | None) -> b.Block:
    if file is None:
        return b.input_block(Block.FILE, "Your file", b.file_input(), hint=_FILE_HINT)
    return b.section(f"📄 Your file: *{name(file.filename, 200)}*")


def _replacement(form: HandInForm) -> b.View:
    door = form.contests[0]
    standing = (
        f"Version {form.standing} counts until the new one is accepted." if form.standing else "No version counts yet."
    )
    blocks = [
        b.section(f"*{name(form.title)}*: {standing}\n{_until(door)}"),
        b.input_block(Block.FILE, "The new file", b.file_input(), hint=f"{_FILE_HINT} It keeps the title."),
    ]
    facts = {"contest_id": door.contest_id, "replaces": form.replaces}
    return b.form(REPLACE_TITLE, blocks, b.Submit("Replace", Callback.REPLACE_FILE, facts))


def _door(door: OpenDoor) -> str:
    return f"🎼 *{name(door.name)}*: {door.used} of {count(door.limit, 'composition')} in. {_until(door)}"


def _until(door: OpenDoor) -> str:
    if door.late:
        closed = spoken(door.deadline, door.time_zone)
        return f"⚠️ It closed on {closed}: a file waits until the organizers decide whether it counts."
    return f"Until {until(door.deadline, door.time_zone, door.left)}."


def handed_in(done: HandedIn) -> b.View:
    """The confirmation."""
    receipt = done.receipt
    called = f"*{name(receipt.title or receipt.name)}*"
    what = f"version {receipt.version} of {called}" if receipt.version > 1 else called
    late = how_late(receipt.seconds_late)
    if done.late:
        text = f"🕰️ I have kept {what}. It is {late} late, so the organizers decide whether it counts. I tell you in a direct message."
    else:
        grace = f" It came {late} after the deadline, which still counts." if receipt.seconds_late else ""
        text = f"📬 Got it! I am checking {what} now, and tell you in a direct message.{grace}"
    counts = [b.context(f"Version {receipt.standing} counts meanwhile.")] if receipt.standing else []
    return b.modal("Thank you", [b.section(text), *counts], close="OK")


def rename(submission_id: str, title: str) -> b.View:
    """The window in which a composition gets another title."""
    field = b.input_block(
        Block.TITLE,
        "Title",
        b.text_input(initial=title, max_length=MAX_TITLE),
        hint="Its name on the boards changes with it. What I wrote before stays as it is.",
    )
    facts = {"submission_id": submission_id}
    return b.form(RENAME_TITLE, [field], b.Submit("Rename", Callback.RENAME_PIECE, facts))


def renamed(title: str) -> b.View:
    """The confirmation of another title."""
    return b.modal("Done", [b.section(f"✅ It is called *{name(title)}* now.")], close="OK")


def mine(seen: Mine, page: int = 0) -> b.View:
    """A person's compositions, with what can be done about each; a page of them."""
    if not seen.contests:
        lead = "You have not handed anything in yet. Drop a MIDI file in the contest's channel, or do it right here:"
        return b.modal(MINE_TITLE, [b.section(f"🎼 {lead}"), b.actions([opening(Sub.SUBMIT, primary=True)])])
    shown = page_of(_pages(seen), page, 1)
    blocks = [*shown.items[0], *turns(Turn.MINE_PAGE, "", shown)]
    return b.modal(MINE_TITLE, blocks) | {"private_metadata": json.dumps({"page": str(shown.number)})}


def over(view: b.View, page: int) -> b.View:
    """The view as it lies over that page of somebody's compositions: sent in, it knows which one to show anew."""
    facts = json.loads(view["private_metadata"]) | {"page": str(page)}
    return view | {"private_metadata": json.dumps(facts)}


def _pages(seen: Mine) -> list[list[b.Block]]:
    """As many compositions on each as fit; what stands above them is repeated."""
    pages: list[list[b.Block]] = [[]]
    for contest in seen.contests:
        above = _contest(contest)
        blocks = above
        for composition in contest.compositions:
            made = _composition(contest, composition)
            if len(pages[-1]) + len(blocks) + len(made) > ROOM:
                pages.append([])
                blocks = above
            pages[-1] += [*blocks, *made]
            blocks = []
    return pages


def _contest(contest: MyContest) -> list[b.Block]:
    when = (
        f"until {until(contest.deadline, contest.time_zone, contest.left)}"
        if contest.open
        else "closed for compositions"
    )
    used = f"{contest.used} of {count(contest.limit, 'composition')}"
    room = contest.open and contest.used < contest.limit and contest.intake != Intake.CHANNEL
    line = f"{channel(contest.channel_id)}  ·  {words.PHASES[contest.phase]}  ·  {used}  ·  {when}"
    return [
        b.header(contest.name),
        b.context("\n".join([line, *([words.folded(contest.folded)] if contest.folded else [])])),
        *([b.actions([opening(Sub.SUBMIT, contest.channel_id, "Hand in another", primary=True)])] if room else []),
    ]


def _composition(contest: MyContest, piece: Composition) -> list[b.Block]:
    lead = f"*{name(piece.title)}*  ·  {_standing(piece)}"
    shown = [_version(each) for each in piece.versions[:VERSIONS]]
    buttons = _buttons(contest, piece)
    return [
        b.divider(),
        b.section(lead),
        b.context("\n".join(shown)),
        *([b.actions(buttons)] if buttons else []),
        *([b.context(_by_thread(contest))] if piece.may_change and contest.intake == Intake.CHANNEL else []),
    ]


def _standing(piece: Composition) -> str:
    if piece.counting is None:
        return words.STATES.get(piece.versions[0].state, piece.versions[0].state)
    return "✅ counts" if len(piece.versions) == 1 else f"✅ version {piece.counting} counts"


def _version(version: PieceVersion) -> str:
    counts = "✅ counts" if version.counts else words.STATES.get(version.state, version.state)
    why = f": {sentence(cut(version.refusal, 150))}" if version.refusal else ""
    sent = viewers_time(version.uploaded_at)
    return f"Version {version.number}  ·  {name(version.filename, 60)}, {sent}  ·  {counts}{why}"


def _by_thread(contest: MyContest) -> str:
    return f"To replace it, upload the new file in the thread of the first one, in {channel(contest.channel_id)}."


def _buttons(contest: MyContest, piece: Composition) -> list[b.Block]:
    about = piece.submission_id
    others = [b.option(f"Let version {one.number} count", one.submission_id) for one in piece.versions if one.may_count]
    return [
        *(
            [b.button("Replace ...", Action.REPLACE_FILE, about)]
            if piece.may_change and contest.intake != Intake.CHANNEL
            else []
        ),
        *([b.button("Rename ...", Action.RENAME_PIECE, about)] if piece.may_change and piece.may_withdraw else []),
        *([b.menu("Choose what counts", Action.LET_COUNT, others)] if others else []),
        *([_withdraw_button(piece)] if piece.may_withdraw else []),
    ]


def _withdraw_button(piece: Composition) -> b.Block:
    back = "Until the deadline you can bring it back here." if piece.may_change else "You cannot bring it back."
    asked = f"It leaves every board and every judge's list. {back}"
    return b.confirmed(
        b.button("Withdraw", Action.WITHDRAW, piece.submission_id),
        title=f"Withdraw {cut(piece.title, 60)}?",
        text=asked,
        confirm="Withdraw it",
    )


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
    blocks += [b.section(_search_contest(each), opening(Sub.BOARD, each.channel_id)) for each in seen.contests]
    blocks += [b.section(_piece(each), _button(each)) for each in seen.pieces]
    return [*blocks, *([b.context(f"… and {seen.more} more. One more word narrows it down.")] if seen.more else [])]


def found_text(seen: Findings, asked: str) -> str:
    """The same in one line."""
    pieces, contests = count(len(seen.pieces), "composition"), count(len(seen.contests), "contest")
    return f"For “{name(asked)}”: {pieces}, {contests}"


def _search_contest(contest: FoundContest) -> str:
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
