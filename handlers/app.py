"""The Bolt app, with all of its listeners in the open."""

from __future__ import annotations

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from slack_bolt import App

from handlers import logs, payloads
from handlers.accounts import AccountListeners
from handlers.boards import BoardListeners
from handlers.complaints import Complaints
from handlers.contests import ContestListeners
from handlers.editing import EditListeners
from handlers.home import HomeListeners
from handlers.ids import APART, Action, Callback, Command, Sub
from handlers.pools import PoolListeners
from handlers.ratings import RatingListeners
from handlers.starter import StarterListeners
from handlers.submissions import SubmissionListeners
from handlers.verdicts import VerdictListeners

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
    _people(app, services)
    _accounts(app, services)
    _boards(app, services)
    _judging(app, services)
    _commands(app, services)
    _buttons(app, services)
    _submissions(app, services)
    _events(app, services)
    return app


def _accounts(app: App, services: Services) -> None:
    own = AccountListeners(services.accounts, services.reissues)
    pool = PoolListeners(services.pools, services.accounts, services.reissues)
    for sub, listener in (
        (Sub.ACCOUNT, own.offer),
        (Sub.ACCOUNT_RETURN, own.returning),
        (Sub.ACCOUNTS, pool.status),
        (Sub.ACCOUNTS_IMPORT, pool.paste),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, listener in (
        (Action.OPEN_ACCOUNT, own.offer_by_button),
        (Action.RETURN_ACCOUNT, own.returning_by_button),
        (Action.ASK_REISSUE, own.ask_again),
        (Action.SHOW_AGAIN, own.show_again),
        (Action.SHOW_POOL, pool.status_by_button),
        (Action.IMPORT_ACCOUNTS, pool.paste_by_button),
        (Action.APPROVE_REISSUE, pool.approve),
        (Action.DECLINE_REISSUE, pool.decline),
        (Action.RETIRE_ACCOUNTS, pool.retire),
    ):
        app.action(action, middleware=[_at_once])(listener)
    app.view(Callback.CLAIM_ACCOUNT)(own.claim)
    app.view(Callback.WAIT_FOR_ACCOUNT)(own.wait)
    app.view(Callback.STOP_WAITING)(own.stop_waiting)
    app.view(Callback.RETURN_ACCOUNT)(own.give_back)
    app.view(Callback.REVEAL_PASSWORD)(own.reveal)
    app.view(Callback.IMPORT_ACCOUNTS)(pool.bring)
    app.view(Callback.DECLINE_REISSUE)(pool.declined)
    app.view(Callback.RETIRE_ACCOUNTS)(pool.retired)


def _boards(app: App, services: Services) -> None:
    boards = BoardListeners(services.boards, services.freezing)
    for sub, listener in (
        (Sub.BOARD, boards.show),
        (Sub.BOARD_FREEZE, boards.preview_freeze),
        (Sub.BOARD_THAW, boards.preview_thaw),
        (Sub.PLACE, boards.place),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, listener in (
        (Action.SHOW_BOARD, boards.show_from_home),
        (Action.BOARD_BACK, boards.turn),
        (Action.BOARD_ON, boards.turn),
        (Action.BOARD_PAGE, boards.turn),
        (Action.SHOW_PLACE, boards.place_from_home),
    ):
        app.action(action, middleware=[_at_once])(listener)
    app.view(Callback.FREEZE_BOARD)(boards.freeze)


def _judging(app: App, services: Services) -> None:
    form = RatingListeners(services.ratings)
    app.action(Action.RATE, middleware=[_at_once])(form.form)
    # Criteria are the contest's own: what is filled in is known by the mark in the ids of its blocks.
    begun = {"block_id": re.compile(APART), "action_id": re.compile(".")}
    app.action(begun, middleware=[_at_once])(form.keep)
    app.view(Callback.RATE)(form.rate)


def _commands(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for sub, listener in (
        (Sub.CONTEST_NEW, contests.new),
        (Sub.CONTEST_EDIT, EditListeners(services.editing).menu),
        (Sub.STATUS, contests.status),
        (Sub.PHASE_NEXT, contests.preview),
        (Sub.JUDGES_ADD, contests.add_judges),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    app.command(Command.KANTOR, middleware=[_at_once])(HomeListeners(services.people, services.onboarding).help)


def _people(app: App, services: Services) -> None:
    starter = StarterListeners(services.starter)
    app.command(Command.KANTOR, matchers=[_asks(Sub.STARTER)], middleware=[_at_once])(starter.show)
    app.action(Action.STARTER, middleware=[_at_once])(starter.show_by_button)
    app.action(Action.STARTER_MELODY, middleware=[_at_once])(starter.send)


def _buttons(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for action, listener in (
        (Action.NEW_CONTEST, contests.new_from_home),
        (Action.EDIT_CONTEST, EditListeners(services.editing).menu_by_button),
        (Action.EDIT_PART, EditListeners(services.editing).form),
        (Action.SHOW_STATUS, contests.status_from_home),
        (Action.PREVIEW_PHASE, contests.preview_from_home),
        (Action.WHY_SCORE, VerdictListeners(services.explanations).why),
        (Action.SHOW_HELP, HomeListeners(services.people, services.onboarding).help_from_home),
    ):
        app.action(action, middleware=[_at_once])(listener)


def _submissions(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    app.view(Callback.NEW_CONTEST)(contests.create)
    app.view(Callback.ADVANCE_PHASE)(contests.advance)
    app.view(Callback.EDIT_CONTEST)(EditListeners(services.editing).preview)
    app.view(Callback.APPLY_EDIT)(EditListeners(services.editing).apply)


def _events(app: App, services: Services) -> None:
    """Bolt acknowledges events before their listeners run, so what must not be lost is done by middleware, before that."""
    home = HomeListeners(services.people, services.onboarding)
    uploads = SubmissionListeners(services.submissions)
    app.event("app_home_opened")(home.opened)
    app.event({"type": "message", "subtype": "file_share"}, middleware=[uploads.receive])(_taken)
    app.event({"type": "message", "subtype": None}, middleware=[home.words])(_taken)
    app.event("member_joined_channel", middleware=[home.joined])(_taken)
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
