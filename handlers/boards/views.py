"""The leaderboard: people's board, and the AI judge's own beside it; and freezing it: what it does, before anybody confirms it.

Comments to be read before they go out, and what authors read of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.rules.standings import Scores
from handlers.boards import fairness
from handlers.commands import Sub
from handlers.ids import Action, Callback, Command
from handlers.verdicts.views import meaning
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.pages import quoted
from handlers.views.text import bullets, channel, count, cut, name, sentence, viewers_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.boards.feedback import FeedbackComment, FeedbackPage, FeedbackPreview, FeedbackSent
    from bot.usecases.boards.freezing import FreezePreview, Frozen
    from bot.usecases.boards.letters import BoardPiece, BoardPost, BoardRow, CriterionMean, FeedbackCard, RoundFeedback


TITLE = Sub.BOARD.row.window

SHOWN = 25
"""Rows of a page."""
PAGES_A_TABLE = 4
"""Slack's data table holds 100 rows."""
ROWS_A_SECTION = 10
"""10 rows of at most 280 characters stay below a section's 3,000."""
NAME = 100
SEPARATOR = "  ·  "

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


def board(post: BoardPost) -> list[b.Block]:
    """A page of the board as blocks; at most 26, however long it is."""
    return [*head(post), *_people_board(post), *below(post), *turning(post)]


def head(post: BoardPost) -> list[b.Block]:
    """What stands above the rows: whose board it is, of when, and who else sees it."""
    return [
        b.header(f"{title(post)} · {post.contest_name}"),
        b.context(SEPARATOR.join(_circumstances(post))),
        *_notes(post),
    ]


def below(post: BoardPost) -> list[b.Block]:
    """What stands below the rows: how they were weighed, who waits, and the AI judge's own board."""
    fair = [b.context(each) for each in fairness.notes(post)]
    return [*fair, *_weights(post), *_waiting(post), *_ai_board(post)]


def fallback(post: BoardPost) -> str:
    """The board in one line, for notifications and screen readers."""
    podium = ", ".join(f"{row.place}. {name(row.read_as, NAME)}{_in_brackets(row)}" for row in post.rows[:3])
    nothing = "the places are hidden until the end" if post.mode == "hidden" else "no ratings yet"
    return f"{title(post)} of {name(post.contest_name)}: {podium or nothing}"


def human_row(row: BoardRow) -> str:
    """A place by people's ratings, how many it rests on, and how it moved."""
    first = "" if row.first_round is None else f"first round {spelled(row.first_round)}"
    rated = count(row.ratings, "rating")
    scored = [] if row.score is None else [f"*{spelled(row.score)}* of 5", first, rated]
    if scored and row.by_first_round:
        scored = [f"*{spelled(row.score or 0)}* of 5 from {rated} in the first round", "not rated in the final"]
    if row.fair is not None:
        scored = fairness.scored(row)
    return SEPARATOR.join(
        part for part in (f"{place(row.place)}  {name(row.read_as, NAME)}", *scored, movement(row)) if part
    )


def ai_row(row: BoardRow) -> str:
    """A place by the AI judge's score."""
    return f"{place(row.place)}  {name(row.read_as, NAME)}{SEPARATOR}*{spelled(row.score or 0, 1)}* of 100"


def place(number: int) -> str:
    """A place: its number, which says all, and a sign before it."""
    return f"{_MEDALS.get(number, '▫️')} *{number}.*"


def movement(row: BoardRow) -> str:
    """Against the last posted board, as a sign and in words; empty where there is nothing to compare with."""
    if row.is_new:
        return "new"
    if row.moved is None:
        return ""
    if row.moved == 0:
        return "= same"
    return f"▲ up {row.moved}" if row.moved > 0 else f"▼ down {-row.moved}"


def title(post: BoardPost) -> str:
    """What it is called."""
    return "Final leaderboard" if post.final else TITLE


def _in_brackets(row: BoardRow) -> str:
    return "" if row.score is None else f" ({spelled(row.score)})"


def _circumstances(post: BoardPost) -> Iterator[str]:
    yield words.phase(post.phase)
    everybody_sees_frozen = post.frozen_at is not None and post.seen_as != "organizer"
    if everybody_sees_frozen and post.frozen_at is not None:
        yield f"❄️ frozen since {viewers_time(post.frozen_at)}"
    else:
        yield f"as of {viewers_time(post.taken_at)}"
    if post.pages > 1:
        yield f"page {post.page} of {post.pages}"


def _notes(post: BoardPost) -> list[b.Block]:
    if post.seen_as == "organizer":
        return [b.context(f"🔒 Only you as an organizer see this board. {_what_others_see(post)}")]
    if post.seen_as == "judge" and post.mode != "hidden":
        return [
            b.context(
                "You judge this contest blind, so I show you the board as it was last posted in the channel, and not the one of now."
            )
        ]
    return []


def _what_others_see(post: BoardPost) -> str:
    if post.mode == "hidden":
        return "For everybody else the places stay hidden until the end."
    still = "" if post.frozen_at is None else f", frozen since {viewers_time(post.frozen_at)}"
    return f"Everybody else sees {'places without scores' if post.mode == 'ranks' else 'the board'}{still}."


def _people_board(post: BoardPost) -> list[b.Block]:
    if post.mode == "hidden" and post.seen_as != "organizer":
        return [b.section("The places stay hidden until the end. Then I tell everybody here how it ended.")]
    if post.seen_as == "judge" and not post.snapshot_id:
        return [b.section("No board was posted yet. Ask me again after the first one.")]
    if not post.rows:
        if post.total:
            return []
        return [b.section("No ratings yet. The board fills as soon as the judges have listened.")]
    finalists = [row for row in post.rows if row.in_final]
    others = [row for row in post.rows if not row.in_final]
    if not finalists and not post.pending:
        return _lines([human_row(row) for row in others])
    return [
        *([b.section(_final_heading(finalists, post.scores))] if finalists else []),
        *_lines([human_row(row) for row in finalists]),
        *([b.section("*Preliminary round*")] if others else []),
        *_lines([human_row(row) for row in others]),
    ]


def _final_heading(finalists: Sequence[BoardRow], scores: Scores) -> str:
    behind = (
        "; whoever was not rated there comes behind, by the first round"
        if any(row.by_first_round for row in finalists)
        else ""
    )
    if scores == Scores.FAIR:
        return f"*The final* (fair scores of both rounds together decide these places{behind})"
    return f"*The final* (its ratings alone decide these places{behind})"


def _lines(lines: Sequence[str]) -> list[b.Block]:
    listed = words.at_most(lines, SHOWN)
    parts = range(0, len(listed), ROWS_A_SECTION)
    return [b.section("\n".join(listed[start : start + ROWS_A_SECTION])) for start in parts]


def _weights(post: BoardPost) -> list[b.Block]:
    scored = any(row.score is not None for row in post.rows)
    told = ", ".join(name(each) for each in post.weighted)
    return [b.context(f"What the scores are made of: {told}")] if scored and told else []


def _waiting(post: BoardPost) -> list[b.Block]:
    unrated = "Without a rating" if post.final else "Still without a rating"
    lists = (("In the final, not rated there yet", post.pending), (unrated, post.unrated))
    return [b.context(f"{label} ({len(pieces)}): {_some(pieces)}") for label, pieces in lists if pieces]


def _some(pieces: Sequence[BoardPiece]) -> str:
    return ", ".join(words.at_most([name(each.read_as, NAME) for each in pieces], 10))


def _ai_board(post: BoardPost) -> list[b.Block]:
    if post.ai_rows is None:
        return [b.context("The AI judge keeps its own board. It opens when the contest is finished.")]
    if not post.ai_rows and post.page > 1:
        return []
    lines = [ai_row(row) for row in post.ai_rows] or ["Nothing was judged."]
    intro = b.context(
        "How much it sounds like Bach to the AI judge. Never mixed into people's scores. Why a piece has its score: `/kantor find` and its title."
    )
    return [b.divider(), b.header("The AI judge's own board"), intro, *_lines(lines)]


def turning(post: BoardPost) -> list[b.Block]:
    """Buttons to the pages beside this one, and a menu of all where there are more."""
    if post.pages < 2:
        return []
    buttons = [
        *(
            [b.button(_page_label(post, post.page - 1), Action.BOARD_BACK, page_value(post, post.page - 1))]
            if post.page > 1
            else []
        ),
        *(
            [b.button(_page_label(post, post.page + 1), Action.BOARD_ON, page_value(post, post.page + 1))]
            if post.page < post.pages
            else []
        ),
    ]
    return [b.actions([*buttons, *([_menu(post)] if post.pages > 2 else [])])]


def _menu(post: BoardPost) -> b.Block:
    options = [b.option(_page_label(post, page), page_value(post, page)) for page in range(1, post.pages + 1)]
    return b.select(options) | {"action_id": Action.BOARD_PAGE.value, "placeholder": b.plain("Go to ...", 150)}


def page_value(post: BoardPost, page: int) -> str:
    """What a button to that page carries."""
    return f"{post.contest_id}:{post.snapshot_id}:{page}"


def _page_label(post: BoardPost, page: int) -> str:
    first, last = (page - 1) * SHOWN + 1, page * SHOWN
    # The AI judge's board may have more rows than people's.
    return f"Page {page}: {first} to {min(last, post.total) if post.total >= first else last}"


def preview(seen: FreezePreview) -> b.View:
    """What it brings, with a button that confirms it."""
    freeze = seen.frozen_at is None
    title = (Sub.BOARD_FREEZE if freeze else Sub.BOARD_THAW).row.window
    lines = _freezing(seen) if freeze else _thawing(seen)
    stands = f"{count(seen.rated, 'composition')} with a place, {count(seen.ratings, 'rating')}."
    facts = {"contest_id": seen.contest_id, "frozen": "no" if freeze else "yes"}
    return b.form(
        title,
        [
            b.section(f"*{name(seen.contest_name)}*\nThe board of now: {stands}"),
            b.section(f"*What happens*\n{bullets(lines)}"),
        ],
        b.Submit(title, Callback.FREEZE_BOARD, facts),
    )


def done(result: Frozen) -> b.View:
    """The confirmation."""
    where = channel(result.channel_id)
    text = (
        f"❄️ The board of *{name(result.contest_name)}* stands still. I am telling {where}."
        f" `{Command.KANTOR} {Sub.BOARD}` still shows you the one of now."
        if result.frozen
        else f"✅ The board of *{name(result.contest_name)}* moves again. I am telling {where}."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def _freezing(seen: FreezePreview) -> list[str]:
    return [
        "Everybody keeps seeing the board of this moment, and their own place on it, whatever the judges do from here on.",
        "Judges go on rating, and nothing of theirs is lost. You organizers see the board of now, for your eyes alone.",
        *(["No board is posted on schedule while it is frozen."] if seen.scheduled else []),
        f"I tell {channel(seen.channel_id)} that it is frozen.",
        f"It ends with `{Command.KANTOR} {Sub.BOARD_THAW}`, or with the contest: the final board counts every rating.",
    ]


def _thawing(seen: FreezePreview) -> list[str]:
    since = "" if seen.frozen_at is None else f" It has been frozen since {viewers_time(seen.frozen_at)}."
    return [
        f"Everybody sees the board of now again.{since}",
        *(["Boards are posted on schedule again."] if seen.scheduled else []),
        f"I tell {channel(seen.channel_id)} that it moves again.",
    ]


FEEDBACK_TITLE = Sub.FEEDBACK.row.window
_UNHEARD = (
    "It was in the final, and no judge rated it there: its place is behind the finalists that were, by the first round."
)
LEAVE_OUT = "leave_out"
"""Value of a ticked box; its block's id is this and the rating's id."""


def page(seen: FeedbackPage) -> b.View:
    """Some comments, each with a box to leave it out."""
    lead = (
        f"*{name(seen.contest_name)}*\nAuthors will read these comments, without the judges' names."
        " Tick what should not go out. Private notes are not among them: they stay with the judges."
    )
    comments = [block for number, each in enumerate(seen.comments) for block in _comment(number, each)]
    progress = b.context(f"Page {seen.page} of {seen.pages}. Nothing is sent yet.")
    ids = ",".join(comment.rating_id for comment in seen.comments)
    facts = {"contest_id": seen.contest_id, "page": str(seen.page), "ratings": ids}
    button = "To the preview" if seen.page == seen.pages else "Next page"
    return b.form(
        FEEDBACK_TITLE, [b.section(lead), *comments, progress], b.Submit(button, Callback.FEEDBACK_PAGE, facts)
    )


def feedback_preview(seen: FeedbackPreview) -> b.View:
    """What goes out, and an example of it."""
    to = (
        f"{count(seen.authors, 'author')} will read of {count(seen.pieces, 'composition')} in a direct message from me."
    )
    lines = [
        to,
        f"{count(seen.comments, 'comment')} will go out; {count(seen.left_out, 'comment')} will not.",
        *(
            [f"{count(seen.unrated, 'composition')} had no rating: their authors read the AI judge's score only."]
            if seen.unrated
            else []
        ),
        "It goes out once, and cannot be taken back."
        if seen.can_go_out
        else "It goes out once the contest is finished: after a ceremony by itself, else when you send it.",
    ]
    example = (
        []
        if seen.example is None
        else [b.divider(), b.context("This is what one of them will read:"), *card_blocks(seen.example)]
    )
    again = [b.actions([b.button("Read the comments again", Action.FEEDBACK_AGAIN, seen.contest_id)])]
    blocks = [b.section(f"*{name(seen.contest_name)}*\n{bullets(lines)}"), *again, *example]
    if not seen.can_go_out:
        return b.modal(FEEDBACK_TITLE, blocks)
    return b.form(
        FEEDBACK_TITLE,
        blocks[: b.VIEW_BLOCKS],
        b.Submit("Send the feedback", Callback.SEND_FEEDBACK, {"contest_id": seen.contest_id}),
    )


def feedback_sent(result: FeedbackSent) -> b.View:
    """The confirmation."""
    text = (
        f"✅ {count(result.authors, 'author')} of *{name(result.contest_name)}* will have the feedback on"
        f" {count(result.pieces, 'composition')} in a few minutes."
    )
    return b.modal("Done", [b.section(text)], close="OK")


def card_blocks(card: FeedbackCard) -> list[b.Block]:
    """What an author reads of one composition."""
    comments = [block for comment in card.comments for block in quoted(comment)]
    if card.part > 1:
        return [b.section(f"*{name(card.title)}*: more of what the judges wrote"), *comments]
    title = [b.section("*What the judges wrote*"), *comments] if comments else []
    return [
        b.header(f"What the judges say of {card.title}"),
        b.context(f"{name(card.contest_name)}{_place(card)}"),
        *_fair(card),
        *(_round(each, card) for each in card.rounds),
        *([b.section(_UNHEARD)] if card.by_first_round else []),
        *([] if card.rounds else [b.section("No judge has rated this one. Thank you for handing it in all the same!")]),
        *_ai(card),
        *title,
        b.context(
            f"Comments come without names. `{Command.KANTOR} {Sub.CARDS}` switches such cards off. Thank you for your music!"
        ),
    ]


def _comment(number: int, comment: FeedbackComment) -> Iterator[b.Block]:
    yield b.context(f"*{number + 1}.* for {name(comment.byline, 150)}")
    yield from quoted(comment.text)
    box = b.option("Leave this one out", LEAVE_OUT)
    element = b.checkboxes([box]) | ({"initial_options": [box]} if comment.shown is False else {})
    # Named by the comment: on the next page Slack would keep the tick of a box of the same name.
    yield b.input_block(f"{LEAVE_OUT}_{comment.rating_id}", f"Comment {number + 1}", element, optional=True)


def _place(card: FeedbackCard) -> str:
    if card.place is None:
        return ""
    if card.last_place is not None:
        return f"  ·  places {card.place} to {card.last_place} of the {card.total} rated"
    return f"  ·  {words.standing(card.place, card.total)}"


def _fair(card: FeedbackCard) -> list[b.Block]:
    """By what it has its place, where that is none of the means below."""
    if card.score is None or card.fair is None:
        return []
    likely = (
        f" Its place lies within {fairness.between(card.fair)} in 90 of 100 cases."
        if fairness.likely(card.fair)
        else ""
    )
    each = "  ·  ".join(f"{name(one.title)} {spelled(one.score)}" for one in card.fair_criteria)
    by_criterion = f"\nOf each criterion alone: {each}." if len(card.fair_criteria) > 1 else ""
    text = f"*Fair score*: {spelled(card.score)}, by which it has its place.{likely}{by_criterion}"
    return [b.section(text), b.context(fairness.WHAT)]


def _round(found: RoundFeedback, card: FeedbackCard) -> b.Block:
    titles = {"preliminary": "The preliminary round", "final": "The final"}
    title = titles[found.round] if card.two_rounds else "The judges' ratings"
    lines = [_criterion(each) for each in found.criteria]
    return b.section(f"*{title}*: {spelled(found.mean)} of 5 from {count(found.ratings, 'rating')}\n{bullets(lines)}")


def _criterion(found: CriterionMean) -> str:
    share = f"{found.share}\u00a0%" if isinstance(found.share, int) else found.share
    counts = f" (counts {share})" if share else ""
    field = "" if found.field is None else f"; all compositions: {spelled(found.field)}"
    return f"{name(found.title)}{counts}: *{spelled(found.mean)}* of 5, nearest to “{name(found.label)}”{field}"


def _ai(card: FeedbackCard) -> list[b.Block]:
    if card.ai_score is None:
        return []
    score = f"{spelled(card.ai_score, 1)} of 100 for sounding like Bach. {meaning(card.ai_score)}"
    reasons = [
        *(f"it liked: {sentence(cut(each, 250))}" for each in card.reasons_up),
        *(f"to try: {sentence(cut(each, 250))}" for each in card.reasons_down),
    ]
    said = f"*The AI judge*, apart from that: {score} {sentence(card.standing)}".rstrip()
    return [b.section("\n".join([said, *([bullets(reasons)] if reasons else [])]))]
