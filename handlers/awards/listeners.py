"""Listeners of the ceremony, of certificates and of prizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.ceremony import Move
from handlers import payloads
from handlers.awards import views
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.routes import on, submitted
from handlers.views.drawn import draw

if TYPE_CHECKING:
    from slack_bolt import Respond

    from bot.usecases.awards.certificates import Certificates
    from bot.usecases.awards.finalizing import Finalizing
    from bot.usecases.awards.letters import Panel
    from bot.usecases.awards.prizes import Prizes
    from bot.usecases.awards.revealing import Revealing
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows

_MOVES = {
    Action.CEREMONY_NEXT: Move.NEXT,
    Action.CEREMONY_BACK: Move.BACK,
    Action.CEREMONY_PAUSE: Move.PAUSE,
    Action.CEREMONY_RESUME: Move.RESUME,
}


@dataclass(frozen=True)
class CeremonyListeners:
    """Confirm the results, rehearse, reveal, send certificates."""

    finalizing: Finalizing
    revealing: Revealing
    certificates: Certificates

    @on(Sub.CEREMONY)
    def look(self, asked: Asked) -> View:
        """How it stands on the way to the ceremony."""
        return views.ceremony(self.finalizing.look(asked.user_id, asked.channel_id))

    @submitted(Callback.CONFIRM_RESULTS)
    def confirm(self, sent: Sent) -> View:
        """An organizer says that these results may stand."""
        done = self.finalizing.confirm(
            sent.user_id,
            sent.contest_id,
            sent.facts["digest"],
            sent.state.text(Block.PRESENTER) or sent.user_id,
            sent.text(Block.REASON),
        )
        return views.confirmed(done)

    @on(Action.REHEARSE)
    def where(self, pressed: Pressed, windows: Windows) -> None:
        """Asks for a private channel."""
        windows.open(views.REHEARSE_TITLE).show(lambda: views.rehearse(pressed.value))

    @submitted(Callback.REHEARSE)
    def rehearse(self, sent: Sent) -> View:
        """A rehearsal there."""
        channel_id = sent.state.text(Block.CHANNEL)
        return views.rehearsing(self.revealing.rehearse(sent.user_id, sent.contest_id, channel_id))

    @on(Action.HELP_PRESENT)
    def help_present(self, pressed: Pressed, windows: Windows) -> None:
        """One more panel."""
        window = windows.open(Sub.CEREMONY.row.window)
        self.revealing.help_present(pressed.user_id, pressed.value)
        window.show(views.helping)

    @on(*_MOVES)
    def move(self, pressed: Pressed, respond: Respond) -> None:
        """A click of the presenter's: what comes of it is seen in the channel, and on the panel."""
        ceremony_id, turn = _turn(pressed)
        _show(respond, self.revealing.move(pressed.user_id, ceremony_id, turn, _MOVES[Action(pressed.action_id)]))

    @on(Action.CEREMONY_FINISH)
    def finish(self, pressed: Pressed, respond: Respond) -> None:
        """The end of the ceremony, or of the rehearsal."""
        ceremony_id, turn = _turn(pressed)
        _show(respond, self.revealing.finish(pressed.user_id, ceremony_id, turn))

    @on(Action.CERTIFY_WINNERS, Action.CERTIFY_EVERYBODY)
    def certify(self, pressed: Pressed, windows: Windows) -> None:
        """Certificates for the winners, or for all who took part."""
        window = windows.open(Sub.CEREMONY.row.window)
        everybody = pressed.action_id == Action.CERTIFY_EVERYBODY
        ordered = self.certificates.order(pressed.user_id, pressed.value, everybody=everybody)
        window.show(lambda: views.ordered(ordered))


def _show(respond: Respond, panel: Panel) -> None:
    """At once, where it was pressed; the letter that says the same follows, and brings it to other presenters."""
    drawn = draw(panel)
    respond(text=drawn.text, blocks=list(drawn.blocks), replace_original=True)


def _turn(pressed: Pressed) -> tuple[str, int]:
    ceremony_id, turn = pressed.pair
    with payloads.as_we_sent_it():
        return ceremony_id, int(turn)


@dataclass(frozen=True)
class PrizeListeners:
    """Prizes, until their winners have them."""

    prizes: Prizes

    @on(Action.PRIZE_RECEIVED)
    def received(self, pressed: Pressed, respond: Respond) -> None:
        """The winner's own word."""
        self.prizes.received(pressed.user_id, pressed.value)
        respond(text=views.NOTED, response_type="ephemeral", replace_original=False)

    @submitted(Callback.TICK_PRIZES)
    def tick(self, sent: Sent) -> View:
        """The organizers' list."""
        with payloads.as_we_sent_it():
            shown = sent.facts["shown"].split(",")
        received = [each for each in shown if sent.state.chosen(f"{views.RECEIVED}_{each}")]
        return views.ticked(self.prizes.tick(sent.user_id, sent.contest_id, received, shown))
