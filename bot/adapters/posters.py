"""The top of a leaderboard as a picture, in the look of the judge's own pictures.

Nothing is told by colour alone: a place is a number, a score is a number beside its bar, a movement is a word.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.ports import Picture
from bot.rules.numbers import spelled
from bot.rules.phases import Phase
from judge.look import (
    FAINT_INK,
    FINE,
    INK,
    OCTAVE_LINE,
    VOICE_COLOURS,
    WHITE_ROW,
    Colour,
    canvas,
    font,
    packed,
    shortened,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import ImageDraw

    from bot.usecases.boards.letters import BoardPost, BoardRow

ROWS = 10
WIDTH = 1200
HEAD, ROW, FOOT = 128, 68, 58
EDGE = 44
PLACE_X, MOVE_X, NAME_X, BAR_LEFT, BAR_RIGHT, SCORE_RIGHT = 74, 114, 236, 676, 976, WIDTH - EDGE
ALT_TEXT = 950
"""Characters; Slack takes 1,000 with an upload."""

GREEN: Colour = (36, 115, 107)
TRACK: Colour = (236, 234, 228)
MEDALS: tuple[Colour, ...] = ((231, 184, 62), (190, 194, 200), (205, 146, 96))
PLAIN_MEDAL: Colour = (244, 243, 239)

_PHASES = {Phase.JUDGING: "The judges are listening", Phase.FINAL: "The final", Phase.FINISHED: "Finished"}


@dataclass(frozen=True)
class PaintedPosters:
    """``bot.ports.Posters`` with Pillow."""

    def draw(self, board: BoardPost, *, ai: bool = False) -> Picture:
        """The first ten rows. The same bytes each time on one machine."""
        rows = ((board.ai_rows or ()) if ai else board.rows)[:ROWS]
        height = HEAD + ROW * max(1, len(rows)) + FOOT
        image, pen = canvas(WIDTH, height)
        still = all(not _moved(row) for row in rows)
        # A fair score has more words below it.
        right = BAR_RIGHT - 60 if any(row.fair for row in rows) else BAR_RIGHT
        poster = _Poster(
            pen, VOICE_COLOURS[0] if ai else GREEN, 100.0 if ai else 5.0, MOVE_X if still else NAME_X, right
        )
        poster.heading(_title(board, ai=ai), written(board.contest_name, font(24, bold=False)), _when(board))
        for number, row in enumerate(rows):
            poster.row(HEAD + ROW * number, row, striped=number % 2 == 0)
        poster.foot(height - FOOT / 2, _foot(board, len(rows), ai=ai))
        return Picture(packed(image), described(board, ai=ai))


def described(board: BoardPost, *, ai: bool = False) -> str:
    """Alt text: the rows in words, as many as there is room for."""
    rows = ((board.ai_rows or ()) if ai else board.rows)[:ROWS]
    text = f"{_title(board, ai=ai)} of {' '.join(board.contest_name.split())[:120]}, {_when(board)}."
    for row in rows:
        line = f" {row.place}. {row.read_as[:100]}{_scored(row, ai=ai)}{_moved_aloud(row)};"
        if len(text) + len(line) > ALT_TEXT:
            return text + " and so on."
        text += line
    return text.rstrip(";") + "."


@dataclass(frozen=True)
class _Poster:
    pen: ImageDraw.ImageDraw
    colour: Colour
    full: float
    """The best score that there can be."""
    name_x: float
    """Where names begin."""
    bar_right: float
    """Where bars end."""

    def heading(self, title: str, contest: str, when: str) -> None:
        face = font(38, bold=True)
        self._text((EDGE, 52), title, 38, INK, "lm", bold=True)
        left = EDGE + face.getlength(title) / FINE + 22
        room = (WIDTH - EDGE - 170 - left) * FINE
        self._text((left, 55), shortened(contest, font(26, bold=False), room), 26, FAINT_INK, "lm")
        self._text((EDGE, 98), when, 21, FAINT_INK, "lm")
        self._mark(WIDTH - EDGE - 144, 52)
        self._box(EDGE, HEAD - 3, WIDTH - EDGE, HEAD - 1, self.colour)

    def row(self, top: float, row: BoardRow, *, striped: bool) -> None:
        middle = top + ROW / 2
        if striped:
            self._box(EDGE, top, WIDTH - EDGE, top + ROW, WHITE_ROW)
        self._place(middle, row.place)
        self._text((MOVE_X, middle), _moved(row), 19, FAINT_INK, "lm")
        self._name(middle, row, BAR_LEFT - 24 if row.score is not None else WIDTH - EDGE - 16)
        if row.score is not None:
            self._bar(middle, row.score, row.first_round if row.fair is None else row.fair.mean)
            self._score(middle, row, row.score)

    def foot(self, y: float, words: str) -> None:
        self._text((EDGE, y), words, 19, FAINT_INK, "lm")

    def _place(self, y: float, place: int) -> None:
        x, radius = PLACE_X, 23
        circle = ((x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE)
        fill = MEDALS[place - 1] if place <= len(MEDALS) else PLAIN_MEDAL
        self.pen.ellipse(circle, fill=fill, outline=OCTAVE_LINE, width=FINE)
        size = 24 if place < 100 else 18 if place < 1000 else 14
        self._text((x, y), str(place), size, INK, "mm", bold=True)

    def _name(self, y: float, row: BoardRow, right: float) -> None:
        room = (right - self.name_x) * FINE
        large, small = font(25, bold=True), font(18, bold=False)
        title = written(row.title, large)
        if not title or 2 * len(title) < len(row.title.strip()) or any(map(_from_the_right, title)):
            # A script that we cannot write here: the name has plain letters.
            self._text((self.name_x, y), shortened(written(row.name, large), large, room), 25, INK, "lm", bold=True)
            return
        self._text((self.name_x, y - 12), shortened(title, large, room), 25, INK, "lm", bold=True)
        self._text((self.name_x, y + 17), shortened(written(row.author, small), small, room), 18, FAINT_INK, "lm")

    def _bar(self, y: float, score: float, first_round: float | None) -> None:
        half, width = 10, self.bar_right - BAR_LEFT
        self._box(BAR_LEFT, y - half, self.bar_right, y + half, TRACK)
        self._box(BAR_LEFT, y - half, BAR_LEFT + max(2.0, width * min(1.0, score / self.full)), y + half, self.colour)
        if first_round is not None:
            at = BAR_LEFT + width * min(1.0, first_round / self.full)
            self._box(at - 2, y - half - 6, at + 2, y + half + 6, INK)

    def _score(self, y: float, row: BoardRow, score: float) -> None:
        ai = self.full > 5
        below = "" if ai else _ratings(row.ratings)
        self._text(
            (SCORE_RIGHT - 8, y - (0 if ai else 11)),
            spelled(score, 1) if ai else spelled(score),
            27,
            INK,
            "rm",
            bold=True,
        )
        if row.by_first_round:
            below = "of the first round"
        if row.first_round is not None:
            below = f"first round {spelled(row.first_round)}"
        if row.fair is not None:
            below = f"mean {spelled(row.fair.mean)}, {_ratings(row.ratings)}"
        self._text((SCORE_RIGHT - 8, y + 17), below, 17, FAINT_INK, "rm")

    def _mark(self, x: float, y: float) -> None:
        """The product's sign, two beamed notes on green, and its name."""
        box = (x * FINE, (y - 20) * FINE, (x + 40) * FINE, (y + 20) * FINE)
        self.pen.rounded_rectangle(box, 9 * FINE, fill=GREEN)
        for head in (x + 13, x + 26):
            self._oval(head, y + 9, 5.2, 4.2)
            self._box(head + 3, y - 10, head + 5.2, y + 9, WHITE_ROW)
        self._box(x + 16, y - 12, x + 31.2, y - 7, WHITE_ROW)
        self._text((x + 50, y), "Kantor", 24, INK, "lm", bold=True)

    def _oval(self, x: float, y: float, wide: float, high: float) -> None:
        self.pen.ellipse(((x - wide) * FINE, (y - high) * FINE, (x + wide) * FINE, (y + high) * FINE), fill=WHITE_ROW)

    def _box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        self.pen.rectangle((left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1), fill=fill)

    def _text(  # noqa: PLR0913 - a word is what it looks like
        self, at: tuple[float, float], words: str, size: int, colour: Colour, anchor: str, *, bold: bool = False
    ) -> None:
        if words:
            place = (at[0] * FINE, at[1] * FINE)
            self.pen.text(place, words, font=font(size, bold=bold), fill=colour, anchor=anchor)


def _from_the_right(letter: str) -> bool:
    """Whether it is of a script such as Arabic, which needs joining and turning."""
    return unicodedata.bidirectional(letter) in {"R", "AL"}


def _title(board: BoardPost, *, ai: bool) -> str:
    if ai:
        return "The AI judge's board"
    return "Final leaderboard" if board.final else "Leaderboard"


def _when(board: BoardPost) -> str:
    at = board.frozen_at or board.taken_at
    since = "frozen since" if board.frozen_at else "as of"
    return f"{_PHASES.get(board.phase, board.phase.title())} · {since} {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _foot(board: BoardPost, shown: int, *, ai: bool) -> str:
    parts = list(_foot_parts(board, shown, ai=ai))
    return "  ·  ".join(parts)


def _foot_parts(board: BoardPost, shown: int, *, ai: bool) -> Iterator[str]:
    if not ai and board.total > shown:
        yield f"The first {shown} of {board.total}"
    if ai:
        yield "How much it sounds like Bach, 0 to 100; never mixed into people's scores"
    elif any(row.fair is not None for row in board.rows):
        yield "Fair scores: how strict or lenient each judge is, is taken out"
        yield "the dark line is the plain mean"
    elif board.mode == "full":
        yield "Mean of the judges' ratings, 1 to 5"
        if any(row.first_round is not None for row in board.rows):
            yield "the dark line is the first round"


def _moved(row: BoardRow) -> str:
    if row.is_new:
        return "new"
    if row.moved is None:
        return ""
    if row.moved == 0:
        return "same"
    return f"▲ up {row.moved}" if row.moved > 0 else f"▼ down {-row.moved}"


def _moved_aloud(row: BoardRow) -> str:
    said = _moved(row).lstrip("▲▼ ")
    return f", {said}" if said else ""


def _scored(row: BoardRow, *, ai: bool) -> str:
    if row.score is None:
        return ""
    if ai:
        return f", {spelled(row.score, 1)} of 100"
    where = " in the first round, not rated in the final" if row.by_first_round else ""
    if row.fair is not None:
        return f", fair score {spelled(row.score)}, mean {spelled(row.fair.mean)}, {_ratings(row.ratings)}{where}"
    return f", {spelled(row.score)} of 5 from {_ratings(row.ratings)}{where}"


def _ratings(number: int) -> str:
    return f"{number} rating{'' if number == 1 else 's'}"
