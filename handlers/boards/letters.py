"""Leaderboards, places, the end, and the feedback of the judges, as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import spelled
from bot.usecases.boards.letters import BoardFrozen, BoardPost, FeedbackCard, PlacesReply, Podium, Winner
from handlers.boards import feedback_views, place_views, tables, views
from handlers.commands import Sub
from handlers.ids import Action, Command
from handlers.views import blocks as b
from handlers.views import charts, words
from handlers.views.drawn import Drawn, draw, plainly
from handlers.views.text import count, cut_markup, mention, name

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    return Drawn(text, tuple(views.board(board)), tuple(tables.board(board)))


@draw.register
def _frozen(message: BoardFrozen) -> Drawn:
    contest = name(message.contest_name)
    if message.frozen:
        text = (
            f"❄️ The board of *{contest}* is frozen: it keeps showing how things stand now, and the judges go on listening."
            " What they decide from here on stays a secret until the end."
        )
        look = b.button("The frozen board", Action.BOARD_ON, f"{message.contest_id}:{message.snapshot_id}:1")
        return plainly(text, b.actions([look]))
    return plainly(f"The board of *{contest}* moves again. `{Command.KANTOR} {Sub.BOARD}` shows it as it stands.")


@draw.register
def _places(message: PlacesReply) -> Drawn:
    return Drawn(cut_markup(place_views.fallback(message), b.MESSAGE_TEXT), tuple(place_views.places(message)))


@draw.register
def _podium(message: Podium) -> Drawn:
    contest = name(message.contest_name)
    people = [_winner(each, _by_people(each)) for each in message.winners]
    machine = [_winner(each, f"{spelled(each.score, 1)} of 100") for each in message.ai_winners]
    first = ", ".join(f"{each.place}. {name(each.title)}" for each in message.winners[:3]) or "nobody was rated"
    text = cut_markup(f"🏆 The winners of {contest}: {first}", b.MESSAGE_TEXT)
    of_people = _podium_lines("*The judges' choice*", people, "Nobody was rated, so there is no winner.")
    of_machine = _podium_lines(
        "*The AI judge's own top* (how much it sounds like Bach; never mixed into people's scores)",
        machine,
        "Nothing was judged.",
    )
    above, below = b.header(f"🏆 The winners of {message.contest_name}"), b.section(_thanks(message))
    line = b.divider()
    chart = charts.scores("The judges' choice", "Score, 1 to 5", message.winners)
    ai_chart = charts.scores("The AI judge's own top", "Score, 0 to 100", message.ai_winners)
    newer = (above, *of_people, *chart, line, *of_machine, *ai_chart, line, below) if chart or ai_chart else ()
    return Drawn(text, (above, *of_people, line, *of_machine, line, below), newer)


def _podium_lines(title: str, lines: Sequence[str], nothing: str) -> list[b.Block]:
    listed = words.at_most(lines or [nothing], WINNERS)
    return [b.section(title), *(b.section("\n".join(listed[at : at + 6])) for at in range(0, len(listed), 6))]


def _winner(winner: Winner, scored: str) -> str:
    where = _ORDINALS.get(winner.place, f"▫️ *Place {winner.place}*")
    prize = f"  ·  wins {name(winner.prize, 80)}" if winner.prize else ""
    return f"{where}: *{name(winner.title)}* by {mention(winner.user_id)}  ·  {scored}{prize}"


def _by_people(winner: Winner) -> str:
    # Behind finalists with a lower score it would look wrong without a word.
    where = " in the preliminary round" if winner.before_final else ""
    return f"{spelled(winner.score)} of 5 from {count(winner.ratings, 'rating')}{where}"


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
    return Drawn(text, tuple(feedback_views.card_blocks(message)[: b.MESSAGE_BLOCKS]))
