"""The panel as organizers look at it, and conflicts of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import decimal, percent, spelled
from bot.rules.phases import JUDGED, Round
from bot.usecases.judging.panels import Way
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.judging.views import CONFLICT_WORDS
from handlers.views import blocks as b
from handlers.views.buttons import opening
from handlers.views.text import at_most, bullets, count, mention, name, packed

if TYPE_CHECKING:
    from bot.usecases.judging.conflicts import ConflictList, Declared
    from bot.usecases.judging.panels import Buys, PanelLook

PANEL_TITLE = Sub.PANEL.row.window
CONFLICTS_TITLE = Sub.CONFLICTS.row.window
LISTED = 60
"""Judges with their loads."""
ROWS = 40
"""Conflicts with a button each."""


def panel(look: PanelLook) -> b.View:
    """Load, coverage, connection, and what more listening would buy."""
    blocks = [
        b.section(
            f"*{name(look.contest_name)}*\n{_how(look)}", opening(Sub.CONTEST_EDIT, look.channel_id, "Change it ...")
        ),
        *[b.section(f"⚠️ {each}") for each in _warnings(look)],
        b.section(f"*What each judge has to do*\n{_loads(look)}"),
        *_coverage(look),
        *_leniency(look),
        *_bought(look),
        b.section(
            f"*Conflicts of interest*\n{count(look.conflicts, 'conflict')} declared. Nobody hears their own compositions anyway.",
            b.button("See conflicts ...", Action.CONFLICTS, look.contest_id),
        ),
    ]
    return b.modal(PANEL_TITLE, blocks)


def _how(look: PanelLook) -> str:
    pieces, judges = count(look.pieces, "composition"), count(len(look.loads), "judge")
    if look.round is Round.FINAL:
        return f"The final: {judges} hear all {pieces}, which is what makes a podium fair."
    if not look.each:
        return f"{judges}, {pieces}: all judges hear all. That is the fairest there is, where they have the time."
    when = (
        "Nothing is shared out before the judging begins; this is how it would be now."
        if look.phase not in JUDGED
        else ""
    )
    shared = f"{judges}, {pieces}: each is heard by *{count(look.each, 'judge')}*, shared out evenly and by lot."
    return " ".join(each for each in (shared, _further(look), when) if each)


def _further(look: PanelLook) -> str:
    if not look.further:
        return ""
    listens = count(look.further, "further listen")
    if look.phase not in JUDGED:
        return f"*{listens}* follow where it is close who goes on, once most have their ratings."
    are = "is" if look.further == 1 else "are"
    return f"*{look.placed} of {listens}* {are} placed, where it is close who goes on; judges do not see which."


def _warnings(look: PanelLook) -> list[str]:
    apart = [", ".join(at_most([mention(judge) for judge in panel], 5)) for panel in look.panels]
    return [
        *(["There are no judges yet: `/kantor judges add @name`."] if not look.loads else []),
        *(
            [
                f"{count(look.short, 'composition')} cannot get {count(look.each, 'rating')}: there are too few judges without a conflict, or they have too little time."
                + (f" It takes {count(look.needed, 'judge')}." if look.needed and look.needed > len(look.loads) else "")
            ]
            if look.short
            else []
        ),
        *(
            [
                f"These groups of judges share no composition, so nobody can tell the strict from the lenient: {' · '.join(apart)}."
            ]
            if len(apart) > 1
            else []
        ),
    ]


def _loads(look: PanelLook) -> str:
    lines = [
        f"{mention(each.judge)}  ·  {count(each.pieces, 'piece')}, about {_minutes(each.minutes)}"
        + (f"  ·  {each.done} rated" if look.phase in JUDGED else "")
        for each in look.loads
    ]
    limit = "" if look.minutes is None else f"\nNobody has more than {_minutes(look.minutes)}."
    return (bullets(at_most(lines, LISTED)) or "Nobody judges yet.") + limit


def _minutes(minutes: float) -> str:
    return count(int(decimal(minutes, 0)), "minute")


def _coverage(look: PanelLook) -> list[b.Block]:
    if look.phase not in JUDGED:
        return []
    button = opening(Sub.COVERAGE, look.channel_id)
    if not look.below:
        text = f"*Coverage*\nEvery composition has {count(look.floor, 'rating')}, or as many as it can get."
        return [b.section(text, button)]
    named = ", ".join(f"{name(alias)} ({number})" for alias, number in look.below)
    return [b.section(f"*Coverage*\nFewer than {look.floor} ratings, fewest first: {named}.", button)]


def _leniency(look: PanelLook) -> list[b.Block]:
    """How strict each judge is, which fair scores take out: for organizers alone."""
    if not look.leniency:
        return []
    lines = [
        f"{mention(each.judge)}  ·  {_points(each.points)}, give or take {spelled(2 * each.error)}  ·  {count(each.ratings, 'rating')}"
        for each in look.leniency
    ]
    lead = (
        "*How strict the judges are*\nPoints that each gives above or below the others, for pieces of the same worth. Nobody is wrong for it, only you organizers see it,"
        " and fair scores take it out."
    )
    return [b.section(lead), *(b.section(each) for each in packed(lines))]


def _points(points: float) -> str:
    if not decimal(points):
        return "neither strict nor lenient"
    return f"{spelled(abs(points))} {'lenient' if points > 0 else 'strict'}"


_WORDS = {
    Way.NOW: "*As it is*",
    Way.JUDGE: "One judge more",
    Way.RATING: "One rating more each",
    Way.ADAPTIVE: "One rating less each, and the time where it is close",
    Way.PLAIN: "Without the further listens",
    Way.ALL: "All judges hear all",
}


def _bought(look: PanelLook) -> list[b.Block]:
    if not look.buys:
        return []
    lines = bullets([_line(each) for each in look.buys])
    whom = "finalists" if look.finalists > 1 else "winner"
    text = (
        f"*What the listening buys*\nOf the {look.finalists} truly best {whom} so many are expected to get through, in simulated contests"
        f" like this one:\n{lines}"
    )
    return [b.section(text)]


def _line(buys: Buys) -> str:
    return f"{_WORDS[buys.way]}: {percent(buys.recall)}  ·  {_minutes(buys.minutes)} a judge"


def conflicts(listed: ConflictList) -> b.View:
    """What there is, with a way back, and a form for more."""
    mine = len(listed.judges) == 1
    kinds = [b.option(words[0].upper() + words[1:], kind) for kind, words in CONFLICT_WORDS.items()]
    rows = [_row(each, listed.contest_id, mine=mine) for each in listed.conflicts[:ROWS]]
    lead = (
        f"*{name(listed.contest_name)}*\nWhose compositions should {'you' if mine else 'somebody'} not judge? What they hand in goes to other judges,"
        " in both rounds, also what is still to come."
    )
    judge = [] if mine else [b.input_block(Block.JUDGE, "Judge", b.user_select())]
    blocks = [
        b.section(lead),
        *rows,
        *([b.context(f"… and {len(listed.conflicts) - ROWS} more")] if len(listed.conflicts) > ROWS else []),
        *judge,
        b.input_block(Block.PEOPLE, "Whom", b.users_select()),
        b.input_block(Block.CONFLICT, "Why", b.radio(kinds, kinds[0])),
    ]
    facts = {"contest_id": listed.contest_id, "judge": listed.judges[0] if mine else ""}
    return b.form(CONFLICTS_TITLE, blocks, b.Submit("Declare it", Callback.DECLARE_CONFLICT, facts))


def _row(conflict: Declared, contest_id: str, *, mine: bool) -> b.Block:
    who = "" if mine else f"{mention(conflict.judge)} hears nothing by "
    back = b.button("Take back", Action.WITHDRAW_CONFLICT, f"{contest_id}:{conflict.judge}:{conflict.author}")
    return b.section(f"{who}{mention(conflict.author)}  ·  {CONFLICT_WORDS[conflict.kind]}", back)


def declared(listed: ConflictList) -> b.View:
    """The confirmation."""
    text = (
        f"🙋 Written down for *{name(listed.contest_name)}*. Other judges hear those compositions; the organizers know."
    )
    return b.modal(CONFLICTS_TITLE, [b.section(text)], close="OK")
