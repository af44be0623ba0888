"""The rating modal, and what it turns into when it is saved; ratings for a judge by an organizer; a judge's own list of pieces.

Skipping, flagging, recusing, leaving, and the flags as organizers see them. What stands in several places: buttons, menus, what judges go by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.criteria import LOWEST
from bot.rules.numbers import spelled
from bot.rules.phases import Round
from bot.rules.queue import CHOICES
from bot.usecases.judging.judging import Standing
from bot.usecases.judging.marks import FLAGS, MAX_REASON
from bot.usecases.judging.ratingforms import MAX_TEXT
from handlers.commands import Sub
from handlers.ids import APART, Action, Block, Callback, Turn
from handlers.views import blocks as b
from handlers.views.buttons import rate_button
from handlers.views.pages import Page, page_of, turns
from handlers.views.text import bullets, count, mention, name, typed, viewers_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.rules.criteria import Criterion, Scheme
    from bot.usecases.judging.behalf import Entered, EntryChoice
    from bot.usecases.judging.judging import Guidance, JudgesList, ListedPiece, OwnRating, OwnRatings
    from bot.usecases.judging.marks import Flag, Flags, LeaveAsked, Marked, PieceAsked
    from bot.usecases.judging.practice import Compared, Practised
    from bot.usecases.judging.ratingforms import RatingForm, RatingValues, Saved


HOW_TITLE = "How to judge"
SKIP, FLAG, RECUSE, HOW = "skip", "flag", "recuse", "how"
"""What a piece's menu offers, before ``:`` and the submission's id."""
FLAG_WORDS = {
    "file": "the wrong or a broken file",
    "copy": "seems to be copied",
    "offensive": "is offensive",
    "other": "something else",
}


MORE = "That is all for now. More may come: I write to you when it does, and when nothing more can."
"""For whoever has rated all, while further listens may be placed."""
CONFLICT_WORDS = {
    "team": "same team",
    "manager": "manager or report",
    "mentor": "teacher, mentor or pupil",
    "other": "something else",
}


def piece_menu(submission_id: str) -> b.Block:
    """What can be done with a piece besides rating it."""
    return _menu(
        submission_id,
        (
            ("Skip for now", SKIP),
            ("Flag: something is wrong", FLAG),
            ("Recuse: I should not rate it", RECUSE),
            (HOW_TITLE, HOW),
        ),
    )


def rated_menu(submission_id: str) -> b.Block:
    """The same for one that has been rated."""
    return _menu(submission_id, (("Flag: something is wrong", FLAG), ("Recuse: I should not rate it", RECUSE)))


def _menu(submission_id: str, choices: Sequence[tuple[str, str]]) -> b.Block:
    options = [b.option(text, f"{what}:{submission_id}") for text, what in choices]
    return {"type": "overflow", "action_id": Action.PIECE_MENU.value, "options": options}


def practice_buttons(contest_id: str) -> list[b.Block]:
    """Try the form, or begin."""
    return [
        b.button("Try the form", Action.PRACTISE, contest_id, primary=True),
        b.button("Skip practice", Action.SKIP_PRACTICE, contest_id),
    ]


def how_to_judge_button(contest_id: str) -> b.Block:
    """Opens the tenets and the scale."""
    return b.button("Read how to judge", Action.HOW_TO_JUDGE, contest_id)


def conflicts_button(contest_id: str) -> b.Block:
    """Opens the judge's conflicts of interest."""
    return b.button("Whom I should not judge ...", Action.CONFLICTS, contest_id)


def queue_button(contest_id: str) -> b.Block:
    """Opens the judge's own list."""
    return b.button("See my pieces", Action.JUDGE_QUEUE, contest_id)


def ratings_button(contest_id: str) -> b.Block:
    """Opens what the judge gave, side by side."""
    return b.button("Compare my ratings", Action.JUDGE_RATINGS, contest_id)


def compare_button(contest_id: str) -> b.Block:
    """Opens what the judge gave the practice pieces, beside the others."""
    return b.button("Compare with the others", Action.COMPARE_PRACTICE, contest_id)


def how_to_judge(guidance: Guidance) -> b.View:
    """The tenets, the scale, the criteria, and the way through."""
    return b.modal(HOW_TITLE, how_blocks(guidance), close="OK")


def how_blocks(guidance: Guidance) -> list[b.Block]:
    """The same, to stand somewhere else."""
    return [
        b.section(
            f"*What we go by in {name(guidance.contest_name)}*\n{bullets([typed(line) for line in guidance.tenets])}"
        ),
        b.section(scale_block(guidance)),
        b.section(
            "*What you rate*\n"
            + bullets(
                tuple(
                    f"*{name(told)}*  {name(each.question, 300)}"
                    for told, each in zip(guidance.scheme.told, guidance.scheme.criteria, strict=True)
                )
            )
        ),
        b.section(
            "*How it goes*\nPlay the piece in my messages, press *Rate*, save. Four pieces are with you at a time: hear them,"
            " and the form leads from the first to the second. What you fill in is kept if you close the window.\n"
            "`/kantor judge` shows your pieces, and lets you pause."
        ),
    ]


def scale_block(guidance: Guidance) -> str:
    """What the scores mean, a line each, from the best down, as the form has them."""
    lines = [
        f"*{name(guidance.scheme.label(score))}*  {name(meaning, 300)}"
        for score, meaning in enumerate(guidance.meanings, 1)
    ]
    return f"*What 1 to 5 mean*\n{bullets(tuple(reversed(lines)))}"


TITLE = Sub.RATE_FOR.row.window


def choose(choice: EntryChoice) -> b.View:
    """Whose rating, of which piece."""
    judges, pieces = judge_options(choice), piece_options(choice)
    initial = next((option for option in judges if option["value"] == choice.judge), None)
    blocks = [
        b.section(
            f"*{name(choice.contest_name)}*\nFor the day when a judge cannot reach Slack and tells you their scores. They are told"
            " at once what you wrote down, and can change it."
        ),
        b.input_block(Block.JUDGE, "Judge", b.select_or_search(judges, initial)),
        b.input_block(
            Block.PIECE, "Piece", b.select_or_search(pieces), hint="By the alias that the judge hears it under."
        ),
    ]
    return b.form(TITLE, blocks, b.Submit("Go on", Callback.RATE_FOR, {"contest_id": choice.contest_id}))


def judge_options(choice: EntryChoice) -> list[b.Option]:
    """Whose."""
    return [b.option(display, user_id) for user_id, display in choice.judges]


def piece_options(choice: EntryChoice) -> list[b.Option]:
    """Of which."""
    return [b.option(label, submission_id) for submission_id, label in choice.pieces]


def scores(form: RatingForm, judge: str) -> b.View:
    """The scores, filled with what the judge gave before."""
    before = "It takes the place of what the judge gave." if form.values else "The judge has not rated it yet."
    reason = b.text_input(max_length=MAX_REASON, multiline=True)
    blocks = [
        b.section(f"*{name(form.alias)}*  ·  for {mention(judge)}\n{before}"),
        *questions(form, told=False, note=False),
        b.input_block(
            Block.REASON, "Why do you write it down?", reason, hint="The judge reads it, and it stays in the records."
        ),
    ]
    facts = {"judge": judge, "submission_id": form.submission_id, "round": round_shown(form)}
    return b.form(TITLE, blocks, b.Submit("Write it down", Callback.RATE_FOR_SCORES, facts))


def entered(outcome: Entered) -> b.View:
    """The answer."""
    text = f"✅ Written down for {mention(outcome.judge)}: *{name(outcome.alias)}* in *{name(outcome.contest_name)}*. I have told them."
    return b.modal(TITLE, [b.section(text)], close="OK")


THANKS = "Thank you"
HINTED = 3
"""In the first forms stands what 1 to 5 mean; later it is in the way, and in *How to judge*."""


def scale(scheme: Scheme) -> tuple[b.Block, ...]:
    """The scores with their titles, from the best down, as people read a chart."""
    return tuple(b.option(scheme.label(score), f"{score:g}") for score in reversed(scheme.steps))


def rating(form: RatingForm, lead: str = "", before: str = "", back: str = "") -> b.View:
    """The modal for one composition, filled with what the judge gave before, or had begun.

    ``lead`` is mrkdwn that goes before everything else; ``before`` is a sentence on the form before this one; ``back`` is the page of the judge's
    ratings that the window turns into when it is saved.
    """
    # All three criteria are in sight of a phone without scrolling: what explains stands on the first forms only.
    blocks = [
        *([b.section(lead)] if lead else []),
        *([b.section(_about(form))] if form.practice or form.done < HINTED else []),
        b.context(" ".join(each for each in (before, _standing(form)) if each)),
        *questions(form, told=not form.practice),
    ]
    # The title stays in sight, wherever the window is scrolled to when it turns into the next one.
    return b.form("Practice" if form.practice else f"Rate {form.alias}", blocks, _submit(form, back))


def questions(form: RatingForm, *, told: bool, note: bool = True) -> list[b.Block]:
    """The inputs of a form.

    Args:
        form: What they show.
        told: Whether Slack tells us of each choice and letter, so that a window that is closed loses nothing.
        note: Whether there is a place for the judge's private note.
    """
    given = form.values
    asked = [
        *(
            _criterion(form, criterion, told, given)
            for criterion, told in zip(form.scheme.criteria, form.scheme.told, strict=True)
        ),
        _text(form, Block.COMMENT, "Comment", "A word for the composer.", given.comment if given else ""),
    ]
    if note:
        asked.append(
            _text(form, Block.PRIVATE_NOTE, "Private note", "For you alone.", given.private_note if given else "")
        )
    return [block | {"dispatch_action": True} for block in asked] if told else asked


def round_shown(form: RatingForm) -> str:
    """Comes back with the answer: a form that stays open while the final begins is none of the final."""
    return (Round.FINAL if form.final else Round.PRELIMINARY).value


def _about(form: RatingForm) -> str:
    return f"🎧 *{name(form.alias)}*  ·  {name(form.contest_name)}{'  ·  the final' if form.final else ''}"


def _submit(form: RatingForm, back: str) -> b.Submit:
    if form.practice:
        last = form.done + 1 == form.total
        facts = {"contest_id": form.contest_id, "piece": form.submission_id}
        return b.Submit("Done" if last else "Save, then the next", Callback.PRACTISE, facts)
    facts = {"submission_id": form.submission_id, "ahead": " ".join(form.ahead), "round": round_shown(form)}
    if back:
        return b.Submit(
            "Save, then compare", Callback.RATE, facts | {"ahead": "", "contest_id": form.contest_id, "page": back}
        )
    return b.Submit("Save, then the next" if form.ahead else "Save rating", Callback.RATE, facts)


def _standing(form: RatingForm) -> str:
    if form.practice:
        return f"Practice piece {form.done + 1} of {form.total}: this counts nowhere."
    again = "You can change a rating until its round closes." if form.done < HINTED else ""
    if form.begun:
        again = "📝 Here is what you had begun, not saved yet."
    elif form.values:
        again = "You can change what you gave."
    words = " · ".join(f"{score} {meaning}" for score, meaning in enumerate(form.meanings, LOWEST))
    hint = f"\n_{name(words, 600)}_" if words and form.done < HINTED else ""
    final = "The final: " if form.final and form.done >= HINTED else ""
    return f"{final}{form.done} of {form.total} rated. {again}{hint}".rstrip()


def _id(form: RatingForm, block: str) -> str:
    """The input's id: of this piece's own, since the window turns into the next piece's form."""
    return f"{block}{APART}{form.submission_id}"


def _criterion(form: RatingForm, criterion: Criterion, told: str, given: RatingValues | None) -> b.Block:
    options = scale(form.scheme)
    score = None if given is None else given.scores.get(criterion.key)
    initial = next((each for each in options if score is not None and each["value"] == f"{score:g}"), None)
    hint = criterion.question if form.practice or form.done < HINTED else ""
    # Nine steps are too many to be in sight three times over.
    element = b.select(options, initial) if form.scheme.halves else b.radio(options, initial)
    made = b.input_block(criterion.key, told, element, hint=hint)
    return made | {"block_id": _id(form, criterion.key)}


def _text(form: RatingForm, block: Block, label: str, hint: str, initial: str) -> b.Block:
    element = b.text_input(initial=initial, max_length=MAX_TEXT, multiline=True)
    made = b.input_block(block, label, element, hint=hint, optional=True)
    made["element"] |= {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return made | {"block_id": _id(form, block)}


def saved(outcome: Saved) -> b.View:
    """What the modal turns into after the rating is in the database: the next form, or a word of thanks."""
    lead = f"✅ Saved: *{name(outcome.alias)}*."
    if outcome.following is not None:
        following = outcome.following
        unheard = (
            " Not heard the next one yet? Close this window: it is in your messages." if following.done < HINTED else ""
        )
        return rating(following, before=f"{lead}{unheard}") | {"close": b.plain("Listen first", b.TITLE_TEXT)}
    done, total = outcome.progress.done, outcome.progress.total
    text = f"{lead} You have rated *{done} of {total}*. {_what_follows(outcome)}"
    return b.modal(THANKS, [b.section(text)], close="OK")


def _what_follows(outcome: Saved) -> str:
    if outcome.waiting is not None:
        return f"Next: *{name(outcome.waiting)}*. It waits in your messages: listen, then press its button."
    if outcome.more:
        return MORE
    return "That was the last one for now." if outcome.progress.done >= outcome.progress.total else "More will follow."


SETTLE_TITLE = "Settle a flag"
SHOWN = 20
"""Flags in one answer; those that are open come first."""
_YES, _NO = "yes", "no"


def skipped(marked: Marked) -> str:
    """The answer to a skip."""
    if marked.left <= 1:
        return f"⏭️ *{name(marked.alias)}* is put off, and it is the last one: it comes back now."
    return f"⏭️ *{name(marked.alias)}* is put off: it comes back at the end. The next piece follows."


def undone(marked: Marked) -> str:
    """The answer to taking a mark back."""
    return f"↩️ *{name(marked.alias)}* is yours to rate again, with the button of its message."


def flag(asked: PieceAsked) -> b.View:
    """What is wrong with a piece."""
    kinds = [b.option(FLAG_WORDS[kind][:1].upper() + FLAG_WORDS[kind][1:], kind) for kind in FLAGS]
    then = (
        "Your rating stays as it is." if asked.rated else "I put the piece aside for you until one of them has looked."
    )
    blocks = [
        b.section(
            f"🚩 *{name(asked.alias)}*  ·  {name(asked.contest_name)}\nThe organizers read this; the author does not. {then}"
        ),
        b.input_block(Block.FLAG_KIND, "What is it?", b.radio(kinds)),
        _why("What did you notice?", "Such as: bars 3 to 6 are the beginning of “Für Elise”."),
    ]
    return b.form(
        "Flag a piece", blocks, b.Submit("Tell them", Callback.FLAG_PIECE, {"submission_id": asked.submission_id})
    )


def flagged(marked: Marked) -> b.View:
    """The answer."""
    text = f"🚩 The organizers know about *{name(marked.alias)}*, and I tell you what comes of it. {_rest(marked)}"
    return b.modal("Thank you", [b.section(text)], close="OK")


def recuse(asked: PieceAsked) -> b.View:
    """What recusing from a piece means."""
    kept = " What you gave it is kept, and counts no more." if asked.rated else ""
    blocks = [
        b.section(
            f"🙋 *{name(asked.alias)}*  ·  {name(asked.contest_name)}\nIf you know whose it is, or cannot be fair to it, leave it to the"
            f" others: it never comes back to you, in no round.{kept} The organizers are told."
        ),
        _why("Why?", "Such as: I helped to write it."),
    ]
    return b.form("Recuse", blocks, b.Submit("Recuse", Callback.RECUSE_PIECE, {"submission_id": asked.submission_id}))


def recused(marked: Marked) -> b.View:
    """The answer."""
    text = f"🙋 *{name(marked.alias)}* is not yours to rate any more. Thank you for being fair. {_rest(marked)}"
    return b.modal("Thank you", [b.section(text)], close="OK")


def leave(asked: LeaveAsked) -> b.View:
    """What leaving the judging means."""
    choices = [
        b.option("Yes, they were fair: they count", _YES),
        b.option("No, I should not have judged here", _NO),
    ]
    question = b.input_block(
        Block.COUNTS,
        f"Shall the {count(asked.rated, 'rating')} that you gave count?",
        b.radio(choices, choices[0]),
        hint="They are kept either way; where they do not count they move nobody on the board.",
    )
    blocks = [
        b.section(
            f"You would judge *{name(asked.contest_name)}* no more: nothing comes to you any more, and the organizers are told."
            " To take a break only, press *Pause* instead."
        ),
        *([question] if asked.rated else []),
        _why("Why?", "Such as: I have no more time."),
    ]
    return b.form(
        "Leave the judging", blocks, b.Submit("Leave", Callback.LEAVE_JUDGING, {"contest_id": asked.contest_id})
    )


def left(asked: LeaveAsked) -> b.View:
    """The answer."""
    text = (
        f"👋 You judge *{name(asked.contest_name)}* no more. Thank you for listening! An organizer can bring you back."
    )
    return b.modal("Thank you", [b.section(text)], close="OK")


def flags(found: Flags, page: int = 0) -> list[b.Block]:
    """The answer to ``/kantor flags``; a page of it."""
    if not found.flags:
        return [b.section(f"🚩 Nothing is flagged in *{name(found.contest_name)}*.")]
    shown = page_of(found.flags, page, SHOWN)
    return [
        b.section(f"🚩 *Flags in {name(found.contest_name)}*"),
        *(_flag_line(each) for each in shown.items),
        *turns(Turn.FLAGS_PAGE, found.channel_id, shown),
    ]


def _flag_line(each: Flag) -> b.Block:
    if each.resolved_by:
        return b.section(f"✅ {_words(each)}\nSettled by {mention(each.resolved_by)}.")
    return b.section(f"🚩 {_words(each)}", b.button("Settle", Action.SETTLE_FLAG, each.mark_id))


def _words(each: Flag) -> str:
    what = FLAG_WORDS.get(each.what, each.what)
    called = f"*{name(each.alias)}* ({name(each.name, 120)})" if each.name else f"*{name(each.alias)}*"
    lead = f"{called}: {what}"
    return f"{lead}\n{mention(each.judge)}, {viewers_time(each.at)}: {name(each.reason, 600)}"


def settle(each: Flag) -> b.View:
    """An organizer decides."""
    if each.resolved_by:
        return settled(each)
    choices = [
        b.option("It is fine: the judge rates it", _YES),
        b.option("The judge need not rate it", _NO),
    ]
    note = b.text_input(max_length=MAX_REASON, multiline=True)
    blocks = [
        b.section(f"🚩 {_words(each)}"),
        b.input_block(Block.COMES_BACK, "What shall the judge do?", b.radio(choices)),
        b.input_block(Block.REASON, "A word to the judge", note, hint="The judge reads it.", optional=True),
    ]
    return b.form(SETTLE_TITLE, blocks, b.Submit("Settle", Callback.SETTLE_FLAG, {"mark_id": each.mark_id}))


def settled(each: Flag) -> b.View:
    """The answer."""
    return b.modal(SETTLE_TITLE, [b.section(f"✅ {_words(each)}\nIt is settled, and the judge is told.")], close="OK")


def is_yes(value: str) -> bool:
    """Whether the first of two choices was made; it counts also where there was no question."""
    return value != _NO


def _why(label: str, hint: str) -> b.Block:
    return b.input_block(Block.REASON, label, b.text_input(max_length=MAX_REASON, multiline=True), hint=hint)


def _rest(marked: Marked) -> str:
    if marked.more:
        return MORE
    if not marked.left:
        return "Nothing else waits for you."
    return f"{count(marked.left, 'piece')} to go; the next one is in your messages."


LIST_TITLE = Sub.JUDGE.row.window
_STANDINGS = {
    Standing.HERE: "🎧 in your messages",
    Standing.LATER: "⏳ comes later",
    Standing.SKIPPED: "⏭️ skipped, comes at the end",
    Standing.FLAGGED: "🚩 flagged, an organizer looks at it",
    Standing.RATED: "✅ rated",
}
_AT_ONCE = {1: "One at a time", 2: "Two at a time", 4: "Four at a time"}


def pieces(listed: JudgesList) -> b.View:
    """The list, a page of it, and below it the switches."""
    blocks = [
        b.section(f"*{name(listed.contest_name)}*\n{_progress(listed)}"),
        *([b.actions(practice_buttons(listed.contest_id))] if listed.practice and listed.judging else []),
        *(_line(piece, listed.round) for piece in listed.pieces),
        *_pages(listed),
        b.divider(),
        *_switches(listed),
    ]
    return b.modal(LIST_TITLE, blocks)


def told(listed: JudgesList) -> str:
    """The answer to ``judge pause`` and ``judge resume``."""
    left, contest = count(listed.total - listed.done, "piece"), f"*{name(listed.contest_name)}*"
    # Outside of the judging no number of pieces is final, and none is sent.
    if listed.paused:
        waits = f", {left} {'waits' if listed.total - listed.done == 1 else 'wait'}" if listed.judging else ""
        return f"⏸️ You pause in {contest}: I send nothing new{waits}. Go on with `/kantor judge resume`, today or in a week."
    if not listed.judging:
        return (
            f"▶️ You go on in {contest}. The judging does not run now; when it does, the pieces come to your messages."
        )
    if listed.more:
        return f"▶️ You go on in {contest}. {MORE}"
    return f"▶️ You go on in {contest}: {left} left. What comes next is in your messages."


def _progress(listed: JudgesList) -> str:
    if not listed.judging:
        return "The judging does not run now. When it does, the pieces come to your messages."
    done = f"*{listed.done} of {listed.total}* rated"
    if listed.aside:
        done += f", and {count(listed.aside, 'flagged piece')} with the organizers"
    if listed.paused:
        return f"⏸️ {done}. You pause: nothing new comes until you go on."
    if listed.practice:
        return f"{done}. Practice comes first, in your messages: try it, or skip it."
    if listed.more:
        return f"{done}. {MORE}"
    rest = listed.total - listed.done
    to_go = f"{count(rest, 'piece')} to go, about {2 * rest} minutes."
    if rest <= 0:
        return f"{done}. Nothing to do right now." if listed.aside else f"{done}. All done, thank you!"
    return f"{done}. {to_go}"


def _line(piece: ListedPiece, round_: str) -> b.Block:
    text = f"*{name(piece.alias)}*  ·  {_STANDINGS[piece.standing]}"
    if piece.mean is not None:
        text += f", {spelled(piece.mean)} of 5"
    if piece.standing is Standing.LATER:
        return b.section(text)
    label = "Change" if piece.standing is Standing.RATED else "Rate"
    return b.section(text, rate_button(piece.submission_id, round_, label, primary=False))


def _pages(listed: JudgesList) -> list[b.Block]:
    return turns(Turn.JUDGE_PAGE, listed.contest_id, Page(listed.pieces, listed.page, listed.pages))


def _switches(listed: JudgesList) -> list[b.Block]:
    where = listed.contest_id
    halt = (
        b.button("Go on", Action.JUDGE_RESUME, where) if listed.paused else b.button("Pause", Action.JUDGE_PAUSE, where)
    )
    leave = b.button("Leave the judging ...", Action.JUDGE_LEAVE, where)
    options = [b.option(_AT_ONCE[number], f"{where}:{number}") for number in CHOICES]
    initial = next(option for option, number in zip(options, CHOICES, strict=True) if number == listed.at_once)
    choose = b.select(options, initial) | {"action_id": Action.JUDGE_AT_ONCE.value}
    return [
        b.section("How I send you pieces", choose),
        b.context("Several: hear them all, then rate them in one go. One: hear it, rate it, and the window closes."),
        b.actions([halt, ratings_button(where), how_to_judge_button(where), conflicts_button(where), leave]),
    ]


OWN_TITLE = Sub.JUDGE_RATINGS.row.window
SAID = 120
"""Characters of a comment, and of a note, in the list."""


def own_ratings(listed: OwnRatings, lead: str = "") -> b.View:
    """All that a judge gave, to compare and to change; ``lead`` says what has just been done."""
    until = (
        "Press *Change* where one looks wrong beside the others."
        if listed.open
        else "This round is over, so they stand."
    )
    final = ", the final" if listed.round == Round.FINAL else ""
    head = (
        f"*{name(listed.contest_name)}*{final}\n{count(listed.number, 'rating')} of yours, the highest first. {until}"
    )
    if not listed.number:
        head = f"*{name(listed.contest_name)}*{final}\nYou have rated nothing yet. What you give stands here, side by side."
    blocks = [
        *([b.section(lead)] if lead else []),
        b.section(head),
        *([b.context(_habits(listed))] if listed.number else []),
        *(_own_line(each, listed) for each in listed.ratings),
        *turns(Turn.RATINGS_PAGE, listed.contest_id, Page(listed.ratings, listed.page, listed.pages)),
    ]
    return b.modal(OWN_TITLE, blocks)


def _habits(listed: OwnRatings) -> str:
    used = " · ".join(f"*{score:g}* ({times})" for score, times in listed.used)
    means = " · ".join(f"{name(title)} {spelled(mean, 1)}" for title, mean in listed.means)
    return f"How often you gave each score: {used}\nYour mean: {means}"


def _own_line(each: OwnRating, listed: OwnRatings) -> b.Block:
    scores = " · ".join(f"{name(title)} *{score:g}*" for title, score in each.scores)
    texts = [f"💬 {name(each.comment, SAID)}"] if each.comment else []
    texts += [f"🔒 {name(each.private_note, SAID)}"] if each.private_note else []
    text = "\n".join([f"*{spelled(each.mean)}*  ·  *{name(each.alias)}*", scores, *texts])
    if not listed.open:
        return b.section(text)
    return b.section(text, b.button("Change", Action.RATE_AGAIN, f"{each.submission_id}:{listed.round}:{listed.page}"))


def practised(done: Practised) -> str:
    """What a judge reads after the practice pieces, tried or skipped."""
    contest = f"*{name(done.contest_name)}*"
    if done.judging:
        return f"✅ That is all there is to it. Your first pieces in {contest} follow here, in a moment."
    if done.begun:
        return f"✅ That is all there is to it. In {contest} nothing waits for you to rate."
    return f"✅ That is all there is to it. When the judging of {contest} begins, I send you the pieces here."


COMPARED_TITLE = "Practice, compared"


def compared(done: Practised, lead: str = "") -> b.View:
    """What the judge gave the practice pieces, beside the others; ``lead`` goes before it."""
    blocks = [*([b.section(lead)] if lead else []), *(b.section(_compared(each)) for each in done.compared)]
    if not done.compared:
        blocks.append(b.section("You skipped the practice pieces, so there is nothing to compare."))
    elif all(each.panel is None for each in done.compared):
        again = "The others come to it yet: *Compare with the others* in my messages shows it later."
        blocks.append(b.context(again))
    else:
        blocks.append(b.context("None of it is right or wrong, and none of it counts: it only shows where you stand."))
    return b.modal(COMPARED_TITLE, blocks, close="OK")


def _compared(each: Compared) -> str:
    own = "you did not rate it" if each.own is None else f"you *{spelled(each.own, 1)}*"
    panel = "" if each.panel is None else f", panel *{spelled(each.panel, 1)}* ({count(each.others, 'other judge')})"
    lines = [f"{name(title)}: you {score:g}, panel {spelled(mean, 1)}" for title, score, mean in each.criteria]
    return "\n".join([f"🎓 *{name(each.title)}*: {own}{panel}", *([bullets(lines)] if lines else [])])
