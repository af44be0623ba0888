"""Windows of the ceremony: what is left to do, who would win, the rehearsal, certificates and prizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.awards import TITLES
from bot.rules.naming import by_author
from bot.rules.phases import JUDGED, Phase
from bot.rules.prizes import Category
from bot.usecases.contests.contests import MAX_WHY
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Command
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.text import channel, code, count, cut_markup, mention, name, sentence, viewers_time

if TYPE_CHECKING:
    from bot.usecases.awards.certificates import Ordered
    from bot.usecases.awards.finalizing import AwardSeen, CeremonyLook, Confirmed, Podiums, PrizeSeen
    from bot.usecases.awards.revealing import Rehearsal

TITLE = Sub.CEREMONY.row.window
REHEARSE_TITLE = "Rehearse"
RECEIVED = "received"
"""Begins the ids of the boxes of prizes, and is what a ticked one says."""
NOTED = "🎁 Enjoy it! The organizers know now that it has come."
UNWRITABLE = 15
PRIZES = 80


def ceremony(look: CeremonyLook) -> b.View:
    """How it stands, and what can be done about it."""
    if look.phase in JUDGED:
        return _before(look)
    return _settled(look) if look.phase is Phase.CEREMONY else _over(look)


def _before(look: CeremonyLook) -> b.View:
    lead = (
        f"*{name(look.contest_name)}*\nHere you fix the results, before anybody is told: ratings close, and the SHA-256 of the results goes to"
        f" {channel(look.channel_id)}. Then they are revealed step by step, and at the end the channel gets a report of how fairly it was judged, and all ratings under pseudonyms"
        f" where nobody can be told from them. To finish without all that: `{Command.KANTOR} {Sub.PHASE_NEXT}`."
    )
    gates = [f"{'✅' if gate.is_open else '⬜'}  {sentence(gate.text)}" for gate in look.gates]
    blocks = [
        b.section(lead),
        b.section("*What has to be done before*\n" + "\n".join(gates)),
        *_podiums(look.podiums),
        *_letters(look),
    ]
    if not all(gate.is_open or gate.can_be_passed for gate in look.gates):
        return b.modal(TITLE, [*blocks, b.context("Once all of that is done, you can confirm the results here.")])
    facts = {"contest_id": look.contest_id, "digest": look.digest}
    submit = b.Submit("Confirm the results", Callback.CONFIRM_RESULTS, facts)
    return b.form(TITLE, [*blocks, *_consents(look), *_inputs(look)], submit)


def _podiums(podiums: Podiums | None) -> list[b.Block]:
    if podiums is None:
        return [b.section("_You judge this contest blind, so you do not see here who would win._")]
    people = "\n".join(words.fitting([name(each, 120) for each in podiums.people], 20)) or "Nobody is rated."
    machine = "\n".join(words.fitting([name(each, 120) for each in podiums.ai], 20)) or "Nothing was judged."
    awards = "\n".join(_award(each) for each in podiums.awards)
    return [
        b.divider(),
        b.section(f"*The judges' podium, as it stands*\n{people}"),
        b.section(f"*The AI judge's*\n{machine}"),
        b.section(cut_markup(f"*Special awards*\n{awards}", b.SECTION_TEXT)),
        b.divider(),
    ]


def _award(award: AwardSeen) -> str:
    if not award.winners:
        return f"•  *{name(award.title)}*: nobody. {name(award.nobody, 200)}"
    who = " and ".join(name(each, 120) for each in award.winners)
    return f"•  *{name(award.title)}*: {who}  ·  {name(award.measured, 120)}"


def _letters(look: CeremonyLook) -> list[b.Block]:
    if not look.unwritable:
        return []
    lines = [f"{name(text)}: {name(letters, 40)}" for text, letters in look.unwritable]
    lead = "⚠️ *Letters that no font of mine has*: they would be left out on certificates and cards. Ask these people for another spelling."
    return [b.section(cut_markup("\n".join([lead, *words.at_most(lines, UNWRITABLE)]), b.SECTION_TEXT))]


def _consents(look: CeremonyLook) -> list[b.Block]:
    if not look.consents:
        return [b.context("Two organizers confirm; you would be the first.")]
    who = ", ".join(mention(each) for each in look.consents)
    return [b.context(f"Confirmed so far by {who}. One more, and the results stand.")]


def _inputs(look: CeremonyLook) -> list[b.Block]:
    passing = any(not gate.is_open for gate in look.gates)
    why = "Why, although ratings are missing" if passing else "Why without a second organizer"
    hint = "It is kept. With a reason the results stand at once; without one they wait for a second organizer."
    return [
        b.input_block(
            Block.PRESENTER,
            "Who presents?",
            b.user_select(look.presenter),
            hint="They get a panel with the results and the buttons.",
        ),
        b.input_block(
            Block.REASON, why, b.text_input(max_length=MAX_WHY, multiline=True), hint=hint, optional=not passing
        ),
    ]


def confirmed(done: Confirmed) -> b.View:
    """What the confirmation has brought."""
    if not done.settled:
        text = (
            f"🔏 Thank you. The other organizers of *{name(done.contest_name)}* are asked to confirm the results, too."
        )
        return b.modal("Confirmed", [b.section(text)], close="OK")
    text = (
        f"🔒 The results of *{name(done.contest_name)}* stand, and {channel(done.channel_id)} has their SHA-256:\n{code(done.sha256)}\n"
        f"I am drawing the pictures; then {mention(done.presenter)} gets the panel. `{Command.KANTOR} {Sub.CEREMONY}` rehearses."
    )
    return b.modal("The results stand", [b.section(text)], close="OK")


def _settled(look: CeremonyLook) -> b.View:
    by = ", ".join(mention(each) for each in look.confirmed_by)
    at = "" if look.settled_at is None else f" on {viewers_time(look.settled_at)}"
    state = f"{look.shown} of {count(look.total, 'step')} shown." if look.begun else "It has not begun."
    rehearsing = " A rehearsal is on." if look.rehearsing else ""
    lead = (
        f"*{name(look.contest_name)}*\nThe results stand, confirmed by {by}{at}. Presenter: {mention(look.presenter)}, who has the buttons in"
        f" their messages from me.\n*The ceremony*: {state}{rehearsing}"
    )
    rehearse = b.button("Rehearse ...", Action.REHEARSE, look.contest_id)
    beside = b.button("Give me the panel, too", Action.HELP_PRESENT, look.contest_id)
    undo = "" if look.begun else f" `{Command.KANTOR} {Sub.PHASE_UNDO}` lets the judges go on."
    rest = f"To end without the rest: `{Command.KANTOR} {Sub.PHASE_NEXT}`.{undo}"
    return b.modal(
        TITLE,
        [b.section(lead), b.section(f"SHA-256: {code(look.sha256)}"), b.actions([rehearse, beside]), b.context(rest)],
    )


def rehearse(contest_id: str) -> b.View:
    """Asks where."""
    text = (
        "The whole ceremony, with the true results, in a private channel: nothing is posted anywhere else, and nobody is mentioned. Only organizers"
        " and the presenter may be in it."
    )
    where = b.input_block(Block.CHANNEL, "In which private channel?", b.channel_select(None))
    return b.form(
        REHEARSE_TITLE, [b.section(text), where], b.Submit("Rehearse", Callback.REHEARSE, {"contest_id": contest_id})
    )


def rehearsing(rehearsal: Rehearsal) -> b.View:
    """The confirmation."""
    text = f"🎬 {mention(rehearsal.presenter)} has a panel for the rehearsal in {channel(rehearsal.channel_id)}."
    return b.modal(REHEARSE_TITLE, [b.section(text)], close="OK")


def helping() -> b.View:
    """One more panel."""
    text = (
        "🎭 You have the panel in your messages from me. Whoever clicks first moves it on, and nothing is shown twice."
    )
    return b.modal(TITLE, [b.section(text)], close="OK")


def ordered(order: Ordered) -> b.View:
    """Certificates are on their way."""
    whom = "everybody who took part" if order.everybody else "the winners"
    text = (
        f"📜 {whom[0].upper()}{whom[1:]} of *{name(order.contest_name)}* will have their certificates in a few minutes."
        if order.is_new
        else f"📜 They were ordered for {whom} before. What was sent is not sent twice."
    )
    return b.modal(TITLE, [b.section(text)], close="OK")


def _over(look: CeremonyLook) -> b.View:
    stands = (
        f"The SHA-256 of the results: {code(look.sha256)}" if look.sha256 else "It was finished without a ceremony."
    )
    winners = b.button("Certificates for the winners", Action.CERTIFY_WINNERS, look.contest_id)
    everybody = b.button(f"... for all {count(look.entrants, 'composer')}", Action.CERTIFY_EVERYBODY, look.contest_id)
    blocks = [b.section(f"*{name(look.contest_name)}*\n{stands}"), b.actions([winners, everybody])]
    if not look.prizes:
        return b.modal(TITLE, [*blocks, b.context("No prizes were won.")])
    shown = look.prizes[:PRIZES]
    listed = [_prize(each) for each in shown]
    facts = {"contest_id": look.contest_id, "shown": ",".join(each.id for each in shown)}
    lead = b.section("*Prizes*\nTick off what its winner has; the winners can do so, too.")
    return b.form(TITLE, [*blocks, b.divider(), lead, *listed], b.Submit("Save", Callback.TICK_PRIZES, facts))


def _prize(due: PrizeSeen) -> b.Block:
    award = due.category.award
    place = f"Place {due.place}" if award is None else TITLES[award]
    where = f"{place} of the AI judge" if due.category is Category.AI else place
    box = b.option("received", RECEIVED)
    element = b.checkboxes([box]) | ({"initial_options": [box]} if due.received else {})
    whose = by_author(due.title, due.winner) if due.title else due.winner
    hint = (
        ("Its winner says so." if due.by_winner else "Ticked off by an organizer.")
        if due.received
        else "Not received yet."
    )
    return b.input_block(f"{RECEIVED}_{due.id}", f"{where}: {due.said} · {whose}", element, optional=True, hint=hint)


def ticked(left: int) -> b.View:
    """How many are due still."""
    text = (
        f"🎁 Saved. {count(left, 'prize')} still to be handed over."
        if left
        else "🎁 Saved. Every prize has reached its winner."
    )
    return b.modal(TITLE, [b.section(text)], close="OK")
