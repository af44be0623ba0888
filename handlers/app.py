"""The Bolt app, with all of its listeners in the open."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from slack_bolt import App

from handlers import logs, payloads
from handlers.accounts import AccountListeners
from handlers.boards import BoardListeners
from handlers.complaints import Complaints
from handlers.contests import ContestListeners
from handlers.home import HomeListeners
from handlers.ids import Action, Callback, Command, Sub
from handlers.ratings import RatingListeners
from handlers.submissions import SubmissionListeners

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.services import Services

THREADS = 50
"""Bolt's own default is 5: with 5 busy listeners the sixth command would not be acknowledged within Slack's 3 seconds."""


def new_reference() -> str:
    """8 characters that a person can quote."""
    return secrets.token_hex(4)


def build_app(client: WebClient, services: Services, reference: Callable[[], str] = new_reference) -> App:
    """The app, ready for a Socket Mode handler. Asks Slack once who it is (``auth.test``).

    Args:
        client: Made by ``handlers.clients.asking_client``.
        services: The use cases.
        reference: Makes the references of unforeseen errors.
    """
    logs.quieten_libraries()
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
    app = App(name="kantor", client=client, logger=logs.library_logger(), listener_executor=executor)
    app.error(Complaints(reference).answer)
    _commands(app, services)
    _buttons(app, services)
    _submissions(app, services)
    _events(app, services)
    return app


def _commands(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for sub, listener in (
        (Sub.CONTEST_NEW, contests.new),
        (Sub.STATUS, contests.status),
        (Sub.PHASE_NEXT, contests.preview),
        (Sub.JUDGES_ADD, contests.add_judges),
        (Sub.ACCOUNT, AccountListeners(services.accounts).offer),
        (Sub.BOARD, BoardListeners(services.boards).show),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    app.command(Command.KANTOR, middleware=[_at_once])(HomeListeners(services.people).help)


def _buttons(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for action, listener in (
        (Action.NEW_CONTEST, contests.new_from_home),
        (Action.SHOW_STATUS, contests.status_from_home),
        (Action.PREVIEW_PHASE, contests.preview_from_home),
        (Action.OPEN_ACCOUNT, AccountListeners(services.accounts).offer_by_button),
        (Action.RATE, RatingListeners(services.ratings).form),
        (Action.SHOW_BOARD, BoardListeners(services.boards).show_from_home),
        (Action.SHOW_HELP, HomeListeners(services.people).help_from_home),
    ):
        app.action(action, middleware=[_at_once])(listener)


def _submissions(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    app.view(Callback.NEW_CONTEST)(contests.create)
    app.view(Callback.ADVANCE_PHASE)(contests.advance)
    app.view(Callback.CLAIM_ACCOUNT)(AccountListeners(services.accounts).claim)
    app.view(Callback.RATE)(RatingListeners(services.ratings).rate)


def _events(app: App, services: Services) -> None:
    """Bolt acknowledges events before their listeners run, so what must not be lost is done by middleware, before that."""
    home = HomeListeners(services.people)
    uploads = SubmissionListeners(services.submissions)
    app.event("app_home_opened")(home.opened)
    app.event({"type": "message", "subtype": "file_share"}, middleware=[uploads.receive])(_taken)
    app.event({"type": "message", "subtype": None}, middleware=[home.words])(_taken)
    # Edits, deletions, joins: subscribed together with the rest, and delivered four times unless somebody takes them.
    app.event("message")(_taken)


def _asks(sub: Sub) -> Callable[[Payload], bool]:
    def matches(command: Payload) -> bool:
        return payloads.sub_of(command.get("text", "")) is sub

    return matches


def _at_once(ack: Ack, next_: Callable[[], None]) -> None:
    # Not in the listener: where one raises within 10 ms after its ack(), Bolt's runner can forget that it was acknowledged,
    # and the person would see Slack's error beside our sentence.
    ack()
    next_()


def _taken() -> None:
    """Nothing (more) to do."""
