"""Leaderboards, places, the end, and the feedback of the judges, as they are told.

The leaderboard as Slack's own data table, which its reader pages and sorts, and results as its charts; ``views`` has the plain form for all other places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules.awards import measured
from bot.rules.numbers import decimal, spelled
from bot.rules.phases import JUDGED, OVER, Phase
from bot.usecases.boards.letters import (
    BoardFrozen,
    BoardPost,
    FeedbackCard,
    Papers,
    PlacesReply,
    Podium,
    Special,
    TrailHead,
    TrailSealed,
    Winner,
)
from handlers.boards import fairness, views
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.drawn import Drawn, draw, plainly, share_comment
from handlers.views.text import code, count, cut, cut_markup, mention, name, sentence, viewers_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.usecases.boards.letters import BoardRow, Fairness, OwnPlace


WINNERS = 12
"""So many are named, however many share a place."""
JUDGES = 40
_ORDINALS = {1: "🥇 *First place*", 2: "🥈 *Second place*", 3: "🥉 *Third place*"}


@draw.register
def _board(message: BoardPost) -> Drawn:
    return drawn_board(message)


def drawn_board(board: BoardPost) -> Drawn:
    """The board in its plain form, and with Slack's own table."""
    text = cut_markup(views.fallback(board), b.MESSAGE_TEXT)
    return Drawn(text, tuple(views.board(board)), tuple(board_table(board)))


@draw.register
def _frozen(message: BoardFrozen) -> Drawn:
    contest = name(message.contest_name)
    if message.frozen:
        text = (
            f"❄️ The board of *{contest}* is frozen: it keeps showing how things stand now, and the judges go on listening."
            " What they decide from here on stays a secret until the end."
        )
        look = b.button("The frozen board", Action.BOARD_ON, f"{message.contest_id}:{message.snapshot_id}:1")
        return plainly(text, *([] if message.trail is None else [b.context(_head(message.trail))]), b.actions([look]))
    return plainly(f"The board of *{contest}* moves again. `{Command.KANTOR} {Sub.BOARD}` shows it as it stands.")


@draw.register
def _sealed(message: TrailSealed) -> Drawn:
    contest = f"*{name(message.contest_name)}*"
    ended = f"The results of {contest} are fixed." if message.fixed else f"{contest} has ended."
    results = f"\nWhat was decided, as its bundle has it: {code(message.results)}" if message.results else ""
    return plainly(f"🔏 {ended} {_head(message.trail)}{results}")


@draw.register
def _papers(message: Papers) -> Drawn:
    return plainly(_papers_words(message))


@share_comment.register
def _papers_comment(message: Papers) -> str:
    return _papers_words(message)


def _papers_words(message: Papers) -> str:
    contest = f"*{name(message.contest_name)}*"
    report = f"⚖️ How fairly {contest} was judged, on one page: as a picture, and for your browser. It tells no judge from another."
    if message.has_bundle:
        return f"{report} With it the results bundle: every rating, without names. `kantor verify` reckons all of it again."
    return (
        f"{report} From the results bundle somebody could tell here who gave what (few judged, or one composed, too, stepped aside, came late or left):"
        " organizers have it, and can say whether all of it fits."
    )


def _head(trail: TrailHead) -> str:
    return (
        f"All that was done so far, every rating and every decision, is a chain of {count(trail.entries, 'entry', 'entries')}. Keep its head, and nobody"
        f" can change any of it unseen: {code(trail.head)}"
    )


@draw.register
def _places(message: PlacesReply) -> Drawn:
    return Drawn(cut_markup(places_fallback(message), b.MESSAGE_TEXT), tuple(places_blocks(message)))


@draw.register
def _podium(message: Podium) -> Drawn:
    contest = name(message.contest_name)
    people = [_winner(each, fairness.by_people(each)) for each in message.winners]
    machine = [_winner(each, f"{spelled(each.score, 1)} of 100") for each in message.ai_winners]
    first = ", ".join(f"{each.place}. {name(each.title)}" for each in message.winners[:3]) or "nobody was rated"
    text = cut_markup(f"🏆 The winners of {contest}: {first}", b.MESSAGE_TEXT)
    of_people = _podium_lines("*The judges' choice*", people, "Nobody was rated, so there is no winner.")
    of_machine = _podium_lines(
        "*The AI judge's own top* (how much it sounds like Bach; never mixed into people's scores)",
        machine,
        "Nothing was judged.",
    )
    of_people += [b.context(each) for each in _fairly(message)]
    above = b.header(f"🏆 The winners of {message.contest_name}")
    below = [*_specials(message), *_prizes(message), b.section(_thanks(message))]
    line = b.divider()
    chart = winners_chart("The judges' choice", "Score, 1 to 5", message.winners)
    ai_chart = winners_chart("The AI judge's own top", "Score, 0 to 100", message.ai_winners)
    newer = (above, *of_people, *chart, line, *of_machine, *ai_chart, line, *below) if chart or ai_chart else ()
    return Drawn(text, (above, *of_people, line, *of_machine, line, *below), newer)


def _specials(message: Podium) -> list[b.Block]:
    lines = [special_line(each) for each in message.specials]
    return [b.section(f"*Special awards*\n{words.bullets(lines)}")] if lines else []


def special_line(special: Special) -> str:
    """Who gets a special award, for what, and with which prize."""
    people = [mention(each) for each in special.user_ids]
    whose = [f"*{name(title)}* by {who}" for title, who in zip(special.titles, people, strict=False)] or people
    prize = f"  ·  wins {name(special.prize, 80)}" if special.prize else ""
    return f"*{name(special.title)}*: {' and '.join(whose)}  ·  {measured(special.award, special.value, name(special.criterion))}{prize}"


def _prizes(message: Podium) -> list[b.Block]:
    """What of the prizes does not stand beside a winner."""
    shared = any(
        len({each.user_id for each in winners if each.place == one.place}) > 1
        for winners in (message.winners, message.ai_winners)
        for one in winners
        if one.prize
    )
    lines = [
        *[f"🎁 Everybody who took part gets: {name(each, 200)}" for each in message.for_everybody],
        *[f"Nobody wins this prize, so the organizers decide on it: {name(each, 200)}" for each in message.left_over],
        *(["Where several share a place, the organizers say how they share its prize."] if shared else []),
    ]
    return [b.section(cut_markup("\n".join(lines), b.SECTION_TEXT))] if lines else []


def _podium_lines(title: str, lines: Sequence[str], nothing: str) -> list[b.Block]:
    listed = words.at_most(lines or [nothing], WINNERS)
    return [b.section(title), *(b.section("\n".join(listed[at : at + 6])) for at in range(0, len(listed), 6))]


def _winner(winner: Winner, scored: str) -> str:
    where = _ORDINALS.get(winner.place, f"▫️ *Place {winner.place}*")
    prize = f"  ·  wins {name(winner.prize, 80)}" if winner.prize else ""
    return f"{where}: *{name(winner.title)}* by {mention(winner.user_id)}  ·  {scored}{prize}"


def _fairly(message: Podium) -> list[str]:
    """What fair scores are, and how close it was; nothing where the scores are plain means."""
    if not any(each.fair for each in message.winners):
        return []
    rows = [(each.place, each.fair) for each in message.winners]
    groups = fairness.close_places(rows, rows[-1][0])
    close = f"⚖️ It was close: {', and '.join(groups)} could as well be the other way round." if groups else ""
    return [each for each in (close, fairness.WHAT) if each]


def _thanks(message: Podium) -> str:
    judges = ", ".join(words.at_most([mention(each) for each in message.judges], JUDGES))
    organizers = ", ".join(words.at_most([mention(each) for each in message.organizers], JUDGES))
    composers = f"all {count(message.composers, 'composer')}" if message.composers > 1 else "everybody who took part"
    lines = [
        f"💚 Thank you, {composers}, for {count(message.pieces, 'composition')}: there would be no contest without you.",
        f"Thank you for listening: {judges}. {count(message.ratings, 'rating')} came together." if judges else "",
        f"And thank you for putting it together: {organizers}." if organizers else "",
    ]
    return "\n".join(line for line in lines if line)


@draw.register
def _card(message: FeedbackCard) -> Drawn:
    text = f"💌 What the judges say of {name(message.title)} in {name(message.contest_name)}"
    return Drawn(text, tuple(views.card_blocks(message)[: b.MESSAGE_BLOCKS]))


ROWS_IN_SIGHT = 10
"""Rows of the table's own page: as many as people look at."""
LETTERS = 9000
"""Slack takes 10,000 in all cells together."""
SHORTEST_NAME = 30
_NOTHING = "-"
_MEDALS = {1: "🥇 ", 2: "🥈 ", 3: "🥉 "}
_Column = tuple[str, "Callable[[BoardRow], b.Block]"]


def board_table(post: BoardPost) -> list[b.Block]:
    """The board with its rows in a table; empty where it has none to put into one."""
    rows = (*post.rows, *post.more)
    if not rows:
        return []
    turning = views.turning(post) if post.ai_rows is not None else _turning(post)
    return [*views.head(post), _table(post, rows), *views.below(post), *turning]


def _table(post: BoardPost, rows: Sequence[BoardRow]) -> b.Block:
    columns = _columns(post, rows)
    cells = [[make(row) for _, make in columns] for row in rows]
    rest = sum(len(cell["text"]) for line in cells for cell in line)
    room = max(SHORTEST_NAME, (LETTERS - rest) // len(rows))
    for line, row in zip(cells, rows, strict=True):
        line.insert(1, _words(cut(" ".join(row.read_as.split()), min(views.NAME, room))))
    heads = [title for title, _ in columns]
    heads.insert(1, "Composition")
    return {
        "type": "data_table",
        # The header above is the title, and a caption is not one more: it says which board this is, of the two there are.
        "caption": "By the judges' ratings",
        "rows": [[_words(head) for head in heads], *cells],
        "page_size": ROWS_IN_SIGHT,
        "row_header_column_index": 1,
    }


def _columns(post: BoardPost, rows: Sequence[BoardRow]) -> list[_Column]:
    """What is known of these rows: places alone, or scores, ratings, the first round, and how they moved."""
    final, fair = any(row.in_final for row in rows), any(row.fair is not None for row in rows)
    named = (
        ("Round", final or bool(post.pending), _round),
        (
            "Fair" if fair else "Score (1-5)",
            any(row.score is not None for row in rows),
            lambda row: _score(_in_round(row)),
        ),
        ("Mean", fair, lambda row: _score(None if row.fair is None else row.fair.mean)),
        ("First round", any(_first_round(row) is not None for row in rows), lambda row: _score(_first_round(row))),
        ("Ratings", any(row.score is not None for row in rows), _ratings),
        ("Likely", any(row.fair is not None and fairness.likely(row.fair) for row in rows), _likely),
        ("Equal score, behind by", any(row.fair is not None and row.fair.decided for row in rows), _decided),
        ("Since the last board", any(views.movement(row) for row in rows), _moved),
    )
    return [("Place", _place), *((title, make) for title, shown, make in named if shown)]


def _place(row: BoardRow) -> b.Block:
    return _number(row.place, f"{_MEDALS.get(row.place, '')}{row.place}.")


def _round(row: BoardRow) -> b.Block:
    if row.by_first_round:
        return _words("Final, not rated there")
    return _words("Final" if row.in_final else "Preliminary")


def _in_round(row: BoardRow) -> float | None:
    """The score of the round that the row names; a fair one is of both."""
    return None if row.by_first_round and row.fair is None else row.score


def _first_round(row: BoardRow) -> float | None:
    return row.score if row.by_first_round and row.fair is None else row.first_round


def _ratings(row: BoardRow) -> b.Block:
    number = 0 if row.by_first_round and row.fair is None else row.ratings
    return _number(number, str(number))


def _likely(row: BoardRow) -> b.Block:
    return _words(fairness.between(row.fair) if row.fair is not None and fairness.likely(row.fair) else _NOTHING)


def _decided(row: BoardRow) -> b.Block:
    return _words((fairness.behind(row.fair) if row.fair is not None else "") or _NOTHING)


def _moved(row: BoardRow) -> b.Block:
    return _words(views.movement(row) or _NOTHING)


def _score(score: float | None) -> b.Block:
    return _words(_NOTHING) if score is None else _number(float(decimal(score)), spelled(score))


def _words(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text or _NOTHING}


def _number(value: float, text: str) -> dict[str, Any]:
    return {"type": "raw_number", "value": value, "text": text}


def _turning(post: BoardPost) -> list[b.Block]:
    """Buttons to the tables before and behind this one; a table holds as many rows as four plain pages."""
    back, on = max(1, post.page - views.PAGES_A_TABLE), post.page + views.PAGES_A_TABLE
    buttons = [
        *([_button(post, back, Action.BOARD_BACK)] if post.page > 1 else []),
        *([_button(post, on, Action.BOARD_ON)] if on <= post.pages else []),
    ]
    return [b.actions(buttons)] if buttons else []


def _button(post: BoardPost, page: int, action: Action) -> b.Block:
    first = (page - 1) * views.SHOWN + 1
    last = min(first + views.PAGES_A_TABLE * views.SHOWN - 1, post.total)
    return b.button(f"Places {first} to {last}", action, views.page_value(post, page))


SHOWN = 20


def places_blocks(reply: PlacesReply) -> list[b.Block]:
    """All of the person's compositions, and where they stand."""
    lines = [_line(place, reply) for place in reply.places]
    return [
        b.section(f"*Your place in {name(reply.contest_name)}*\n{_lead(reply)}"),
        *([b.section("\n".join(words.fitting(lines, SHOWN)))] if lines else []),
        *_standings(reply),
        *_about_fair(reply),
        b.context("For your eyes only."),
    ]


def _about_fair(reply: PlacesReply) -> list[b.Block]:
    fair = [each.fair for each in reply.places if each.fair is not None]
    if not fair:
        return []
    told = fairness.LIKELY if any(fairness.likely(each) for each in fair) else ""
    return [b.context(each) for each in (*fairness.caveats(reply.caveats), f"{fairness.WHAT}{told}")]


def places_fallback(reply: PlacesReply) -> str:
    """In one line, for notifications and screen readers."""
    found = [f"{name(each.title)}: {_where(each, reply)}" for each in reply.places[:3]]
    return f"Your place in {name(reply.contest_name)}: {'; '.join(found) or _lead(reply)}"


def _lead(reply: PlacesReply) -> str:
    if not reply.places:
        return "You have no composition on the board yet. `/kantor help` says how to take part."
    if reply.phase == Phase.CEREMONY and not reply.was_posted:
        return (
            "The results are final, and a secret until they are revealed in its channel. Then you can ask me here, too."
        )
    if reply.phase not in {*JUDGED, *OVER}:
        return "The judging has not begun. Your place is known once judges have listened."
    if reply.phase == Phase.FINISHED:
        return "The contest is finished, and this is how it ended for you."
    if reply.mode == "hidden":
        return "The places stay hidden until the contest is finished. Then I tell everybody in its channel, and you can ask me here."
    return _as_of(reply)


def _as_of(reply: PlacesReply) -> str:
    if reply.frozen_at is not None:
        return f"❄️ The board is frozen since {viewers_time(reply.frozen_at)}; that is how you stood then."
    if reply.seen_as == "judge":
        stands = f"That was on {viewers_time(reply.taken_at)}." if reply.was_posted else "No board was posted yet."
        return f"You judge this contest blind, so I go by the board that was posted last, and not by the one of now. {stands}"
    return f"As of {viewers_time(reply.taken_at)}; it moves with every rating."


def _line(place: OwnPlace, reply: PlacesReply) -> str:
    return f"•  *{name(place.title)}*: {_where(place, reply)}"


def _where(place: OwnPlace, reply: PlacesReply) -> str:
    rated = count(place.ratings, "rating")
    ai = [] if place.ai_score is None else [_ai(place, reply)]
    if place.place is None and reply.seen_as == "judge" and not reply.was_posted:
        return words_of(["in the final" if place.in_final else "", "known once a board is posted", *ai])
    if place.place is None:
        known = "in the final" if place.in_final else ""
        nothing = "no rating" if reply.phase in OVER else "no rating yet"
        return words_of([known, f"{rated} so far" if place.ratings else nothing, *ai])
    score = "" if place.score is None else f"{spelled(place.score)} of 5"
    fair = [] if place.fair is None else [f"mean {spelled(place.fair.mean)}", *_likely_place(place.fair, reply)]
    if place.fair is not None:
        score = f"fair score {spelled(place.score or 0)}"
    elif place.by_first_round:
        score, rated = " from ".join(part for part in (score, f"{rated} in the first round") if part), ""
    first = "" if place.first_round is None else f"{spelled(place.first_round)} in the first round"
    final = "in the final" if place.in_final else ""
    final += ", not rated there" if place.by_first_round else ""
    standing = words.standing(place.place, reply.total, so_far=reply.phase != Phase.FINISHED, bold=True)
    return words_of([standing, score, *fair[:1], first, final, rated, *fair[1:], *ai])


def _likely_place(fair: Fairness, reply: PlacesReply) -> list[str]:
    """In how many of 100 cases it lies where, and in the final or among the first three."""
    if not fairness.likely(fair):
        return []
    return [fairness.likely(fair), fairness.chance(fair, reply.cut, reply.phase)]


def _ai(place: OwnPlace, reply: PlacesReply) -> str:
    if place.ai_place is None:
        return f"the AI judge gave it {spelled(place.ai_score or 0, 1)} of 100"
    where = "the only one" if reply.ai_total == 1 else f"place {place.ai_place} of {reply.ai_total}"
    return f"AI judge's own board: {where} with {spelled(place.ai_score or 0, 1)} of 100"


def _standings(reply: PlacesReply) -> list[b.Block]:
    """What the AI judge's scores mean, a line a composition."""
    told = [f"{name(each.title)}: {sentence(each.standing)}" for each in reply.places if each.standing]
    return [b.context("\n".join(["*The AI judge*", *words.fitting(told, SHOWN)]))] if told else []


def words_of(parts: list[str]) -> str:
    """Those that say something."""
    return "  ·  ".join(part for part in parts if part)


MOST = 12
"""As many as the words above it name; Slack takes 20."""
LABEL = 20
FEWEST = 2
"""One bar alone compares nothing."""


def winners_chart(title: str, measure: str, winners: Sequence[Winner]) -> list[b.Block]:
    """A bar for each winner, or nothing where there is nothing to compare."""
    shown = winners[:MOST]
    if len(shown) < FEWEST:
        return []
    labels = _labels(shown)
    points = [
        {"label": label, "value": float(decimal(winner.score))} for label, winner in zip(labels, shown, strict=True)
    ]
    chart = {
        "type": "bar",
        "series": [{"name": "Score", "data": points}],
        "axis_config": {"categories": labels, "y_label": measure},
    }
    return [{"type": "data_visualization", "title": title, "chart": chart}]


def _labels(winners: Sequence[Winner]) -> list[str]:
    """Places and titles within Slack's 20 characters, no two alike."""
    labels: list[str] = []
    for winner in winners:
        whole = f"{winner.place}. {' '.join(winner.title.split())}"
        label, number = cut(whole, LABEL), 1
        while label in labels:
            number += 1
            label = f"{cut(whole, LABEL - 5)} ({number})"
        labels.append(label)
    return labels
